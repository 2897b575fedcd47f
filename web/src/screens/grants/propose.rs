//! The form that proposes a grant: what was typed, what cannot be and why, and the order that it becomes.

use super::{GrantsAddress, listed};
use crate::{
    http::{
        address,
        error::Result,
        who::{Fields, Posted, Seat},
    },
    screens::{correcting::customer, deciding, parts::Choice},
    state::Web,
    text::Text,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use records::{
    Error, Moment, PartialDate,
    permission::grants::{GrantDraft, GrantTarget},
};

pub(super) const DOCUMENT: &str = "document";
pub(super) const DOSSIER: &str = "dossier";

/// What was typed into a field, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedField {
    pub value: String,
    pub fault: String,
}

#[derive(Debug, Clone, Default)]
pub struct GrantForm {
    pub user: TypedField,
    pub kinds: Vec<Choice>,
    pub thing: TypedField,
    /// Title of what is named already.
    pub thing_title: String,
    pub purpose: TypedField,
    pub from: String,
    pub until: TypedField,
    pub days_max: i64,
}

pub(super) fn kind_choices(t: Text, chosen: &str) -> Vec<Choice> {
    [(DOCUMENT, "grant-document"), (DOSSIER, "grant-dossier")]
        .map(|(value, key)| Choice {
            value: value.to_owned(),
            label: t.say(key),
            chosen: value == chosen,
        })
        .into()
}

/// `POST /grants`: proposes one. What cannot be stands beside the field, with what was typed.
pub async fn propose(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let mut form = typed(&web, &seat, &mut fields)?;
    let kind = fields.text("kind")?;
    fields.done()?;
    form.kinds = kind_choices(seat.t, &kind);
    let target = match kind.as_str() {
        DOSSIER => GrantTarget::Dossier(customer::meant(&web, &seat, &form.thing.value).await?),
        _ => GrantTarget::Document(form.thing.value.clone()),
    };
    let Some(draft) = draft_of(&web, &seat, &mut form, target).await? else {
        return refused(&web, &seat, form).await;
    };
    let target = draft.target.clone();
    match web.archive.grant_propose(&seat.asker, &draft).await {
        Ok(_) => {
            let back = match &target {
                GrantTarget::Document(id) => [("document", id.as_str()), ("said", "proposed")],
                GrantTarget::Dossier(code) => [("dossier", code.as_str()), ("said", "proposed")],
            };
            Ok(Redirect::to(&address::with_query("/grants", &back)).into_response())
        }
        // What is granted was found before, so it is the person who is not there.
        Err(Error::Absent { .. }) => {
            form.user.fault = seat.t.with("grant-fault-user", "name", &form.user.value);
            refused(&web, &seat, form).await
        }
        Err(cause) => Err(cause.into()),
    }
}

fn typed(web: &Web, seat: &Seat, fields: &mut Fields) -> Result<GrantForm> {
    let mut field = |name: &str| -> Result<TypedField> {
        Ok(TypedField {
            value: fields.text(name)?.trim().to_owned(),
            fault: String::new(),
        })
    };
    Ok(GrantForm {
        user: field("user")?,
        thing: field("thing")?,
        purpose: field("purpose")?,
        from: field("from")?.value,
        until: field("until")?,
        days_max: web.archive.grant_days_max(&seat.asker),
        ..GrantForm::default()
    })
}

/// What the form says, or `None` with the faults in the form.
async fn draft_of(web: &Web, seat: &Seat, form: &mut GrantForm, target: GrantTarget) -> Result<Option<GrantDraft>> {
    let t = seat.t;
    match web.archive.grant_target(&seat.asker, &target).await {
        Ok(named) => form.thing_title = named.title,
        Err(Error::Absent { .. }) => form.thing.fault = t.with("grant-fault-thing", "key", &form.thing.value),
        Err(Error::Refused(_)) => form.thing.fault = t.say("grant-fault-hidden"),
        Err(cause) => return Err(cause.into()),
    }
    if records::fold::name(&form.user.value) == records::fold::name(seat.asker.name()) {
        form.user.fault = t.say("grant-fault-self");
    } else if form.user.value.is_empty() {
        form.user.fault = t.with("grant-fault-user", "name", "");
    }
    let settings = web.settings();
    let zone = &settings.time_zone;
    let day = |text: &str| PartialDate::parse(text).ok();
    let from = day(&form.from).and_then(|day| Moment::start_of_day(&day, zone));
    let until = day(&form.until.value).and_then(|day| Moment::end_of_day(&day, zone));
    let draft = GrantDraft {
        user_name: form.user.value.clone(),
        target,
        purpose: form.purpose.value.clone(),
        from: from.unwrap_or(web.environment.now()),
        until: until.unwrap_or(web.environment.now()),
    };
    if !draft.says_why() {
        form.purpose.fault = t.say("grant-fault-purpose");
    }
    let in_time = draft.is_in_time(web.environment.now(), form.days_max);
    if from.is_none() || until.is_none() || !in_time {
        form.until.fault = t.with("grant-fault-time", "days", form.days_max);
    }
    let faults = [&form.user, &form.thing, &form.purpose, &form.until];
    Ok(faults.iter().all(|typed| typed.fault.is_empty()).then_some(draft))
}

async fn refused(web: &Web, seat: &Seat, form: GrantForm) -> Result<Response> {
    let mut view = listed(web, seat, &GrantsAddress::default(), None).await?;
    view.form = Some(form);
    deciding::refused(StatusCode::UNPROCESSABLE_ENTITY, &view)
}
