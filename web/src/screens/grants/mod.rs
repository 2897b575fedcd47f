//! Grants: proposed by one person, confirmed by another, listed, refused, revoked. Everybody sees those for them.

mod propose;
mod sample;

pub use propose::{GrantForm, TypedField, propose};

use super::{
    deciding::{DecisionButtons, not_taken},
    lists,
    parts::{Badge, ViewLink},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address,
        error::Result,
        who::{Posted, Seat},
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use futures::future::BoxFuture;
use propose::{DOCUMENT, DOSSIER, kind_choices};
use records::{
    Archive, Asker, Error, Moment, Role,
    ids::GrantId,
    permission::grants::{Grant, GrantFilter, GrantPhase, GrantTarget, GrantedThing},
};
use serde::Deserialize;
use vocabulary::RecordList;

pub const SUBJECT: Subject = Subject {
    name: "grants",
    rail: Some(rail::office(ADDRESS, "grants-title", rail::office_staff).counting(waiting)),
    routes,
    words: "grants",
    samples: sample::samples,
};

const ADDRESS: &str = "/grants";

fn routes() -> Routes {
    Routes::new()
        .view("/grants", grants)
        .form("/grants", propose)
        .form("/grants/{id}/confirm", confirm)
        .form("/grants/{id}/refuse", refuse)
        .form("/grants/{id}/revoke", revoke)
}

#[derive(Template)]
#[template(path = "grants.html")]
pub struct GrantsView {
    pub t: Text,
    pub shell: Shell,
    pub exports: Vec<ViewLink>,
    pub rows: Vec<GrantLine>,
    /// There are more than one view shows.
    pub more: bool,
    /// Lists every grant and not only one's own.
    pub sees_all: bool,
    /// Where all are listed, when only some are.
    pub all_url: Option<String>,
    pub open_url: Option<String>,
    /// What a list is narrowed to, such as the title of a document.
    pub about: Option<String>,
    /// Why the last decision was not taken.
    pub fault: Option<String>,
    pub form: Option<GrantForm>,
}

#[derive(Debug, Clone)]
pub struct GrantLine {
    pub id: String,
    pub user: String,
    pub user_name: String,
    pub kind: String,
    pub title: String,
    /// Empty when the asker may not open it.
    pub url: String,
    pub purpose: String,
    pub from: String,
    pub until: String,
    pub phase: Badge,
    /// Who proposed, confirmed, refused or revoked it.
    pub made: Vec<String>,
    pub decision: DecisionButtons,
}

#[derive(Debug, Default, Deserialize)]
pub struct GrantsAddress {
    /// Id of a document, or code of a customer, whose grants are listed and that the form names.
    #[serde(default)]
    document: String,
    #[serde(default)]
    dossier: String,
    /// `1` lists only those that wait or hold, [`MINE`] those that wait for whoever asks.
    #[serde(default)]
    open: String,
    #[serde(default)]
    said: String,
}

impl GrantsAddress {
    fn target(&self) -> Option<GrantTarget> {
        match (self.document.as_str(), self.dossier.as_str()) {
            ("", "") => None,
            ("", code) => Some(GrantTarget::Dossier(code.to_owned())),
            (id, _) => Some(GrantTarget::Document(id.to_owned())),
        }
    }
}

/// `GET /grants`
pub async fn grants(State(web): State<Web>, seat: Seat, Query(asked): Query<GrantsAddress>) -> Result<Html<String>> {
    let (thing, about) = match asked.target() {
        Some(target) => {
            let named = web.archive.grant_target(&seat.asker, &target).await?;
            (Some(named.thing), Some(named.title))
        }
        None => (None, None),
    };
    let mut view = listed(&web, &seat, &asked, about.clone()).await?;
    if let Some(form) = &mut view.form {
        let (kind, key) = match thing {
            Some(GrantedThing::Dossier { customer_code, .. }) => (DOSSIER, customer_code),
            Some(GrantedThing::Document(id)) => (DOCUMENT, id.to_string()),
            None => (DOCUMENT, String::new()),
        };
        form.kinds = kind_choices(seat.t, kind);
        form.thing.value = key;
        form.thing_title = about.unwrap_or_default();
    }
    view.shell.notice = said(seat.t, &asked.said);
    Ok(Html(view.render()?))
}

fn said(t: Text, said: &str) -> Option<ShellNotice> {
    let key = match said {
        "proposed" => "grant-said-proposed",
        "confirmed" => "grant-said-confirmed",
        "refused" => "grant-said-refused",
        "revoked" => "grant-said-revoked",
        _ => return None,
    };
    Some(ShellNotice {
        tone: "good",
        text: t.say(key),
    })
}

async fn listed(web: &Web, seat: &Seat, asked: &GrantsAddress, about: Option<String>) -> Result<GrantsView> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let filter = GrantFilter {
        target: asked.target(),
        open_only: matches!(asked.open.as_str(), "1" | MINE),
    };
    let (mut found, more) = api_types::window(web.archive.grants(&seat.asker, &filter, limit + 1).await?, limit);
    if asked.open == MINE {
        found.retain(|grant| services::today::waits_for(&seat.asker, grant));
    }
    let now = web.environment.now();
    let may_propose = seat.asker.has(Role::Administrator) || seat.asker.has(Role::Archivist);
    let days_max = web.archive.grant_days_max(&seat.asker);
    let today = now.local_date(&web.settings().time_zone);
    let form = may_propose.then(|| GrantForm {
        kinds: kind_choices(t, DOCUMENT),
        from: today.to_string(),
        days_max,
        ..GrantForm::default()
    });
    let here = address::with_query("/grants", &[("document", &asked.document), ("dossier", &asked.dossier)]);
    let narrowed = about.is_some() || !asked.open.is_empty();
    Ok(GrantsView {
        t,
        exports: lists::exports(t, RecordList::Grants),
        shell: web.shell(seat, Here("admin")).await?,
        rows: found.into_iter().map(|grant| line(web, seat, now, grant)).collect(),
        more,
        sees_all: seat.asker.has(Role::Administrator) || seat.asker.has(Role::Auditor),
        all_url: narrowed.then(|| "/grants".to_owned()),
        open_url: (asked.open != "1").then(|| {
            let mark = if here.contains('?') { '&' } else { '?' };
            format!("{here}{mark}open=1")
        }),
        about,
        fault: None,
        form,
    })
}

fn line(web: &Web, seat: &Seat, now: Moment, grant: Grant) -> GrantLine {
    let t = seat.t;
    let phase = grant.phase(now);
    let administers = seat.asker.has(Role::Administrator);
    let own = grant.proposed_by == seat.asker.name();
    let (kind, url) = match &grant.thing {
        GrantedThing::Document(id) if !grant.title.is_empty() => ("grant-document", address::document(id.as_str())),
        GrantedThing::Document(_) => ("grant-document", String::new()),
        GrantedThing::Dossier { customer_code, .. } => ("grant-dossier", address::customer(customer_code)),
    };
    let id = grant.id.to_string();
    let may_confirm = administers && !own && grant.user_name != seat.asker.name() && phase == GrantPhase::Proposed;
    let may_revoke = (administers || own) && phase.is_open();
    let mut made = vec![t.with("grant-proposed-by", "who", &grant.proposed_by)];
    if !grant.confirmed_by.is_empty() {
        made.push(t.with("grant-confirmed-by", "who", &grant.confirmed_by));
    }
    if !grant.closed_by.is_empty() {
        made.push(t.fill(
            "grant-closed-by",
            &[("who", &grant.closed_by), ("reason", &grant.closed_reason)],
        ));
    }
    let settings = web.settings();
    let zone = &settings.time_zone;
    GrantLine {
        decision: DecisionButtons::of(&id)
            .agreeing(may_confirm, ADDRESS, "confirm", t.say("grant-confirm"))
            .ending(may_confirm, ADDRESS, "refuse", t.say("grant-refuse"))
            .revoking(may_revoke, ADDRESS, "revoke", t.say("grant-revoke")),
        user: match grant.user_display_name.as_str() {
            "" => grant.user_name.clone(),
            name => name.to_owned(),
        },
        user_name: grant.user_name,
        kind: t.say(kind),
        title: match (grant.title, &grant.thing) {
            (title, _) if !title.is_empty() => title,
            (_, GrantedThing::Document(id)) => format!("{} {id}", t.say("grant-hidden-title")),
            (_, GrantedThing::Dossier { customer_code, .. }) => customer_code.clone(),
        },
        url,
        purpose: grant.purpose,
        from: grant.from.local_date(zone).to_string(),
        // The last day on which it holds.
        until: grant.until.plus_seconds(-1).local_date(zone).to_string(),
        phase: badge(t, phase),
        made,
        id,
    }
}

fn badge(t: Text, phase: GrantPhase) -> Badge {
    let tone = match phase {
        GrantPhase::Proposed => "warn",
        GrantPhase::Coming => "cool",
        GrantPhase::Holding => "good",
        GrantPhase::Over | GrantPhase::Refused | GrantPhase::Revoked => "",
    };
    Badge::new(tone, t.word("grant-phase", phase.as_str()))
}

/// `POST /grants/{id}/confirm`: the second signature.
pub async fn confirm(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = GrantId::parse(&id)?;
    match web.archive.grant_confirm(&seat.asker, &id).await {
        Ok(_) => Ok(Redirect::to("/grants?said=confirmed").into_response()),
        Err(Error::Refused(_)) => not_decided(&web, &seat, &id).await,
        Err(cause) => Err(cause.into()),
    }
}

/// `POST /grants/{id}/refuse`
pub async fn refuse(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let reason = fields.text("reason")?;
    fields.done()?;
    let id = GrantId::parse(&id)?;
    match web.archive.grant_refuse(&seat.asker, &id, &reason).await {
        Ok(_) => Ok(Redirect::to("/grants?said=refused").into_response()),
        Err(Error::Refused(_)) => not_decided(&web, &seat, &id).await,
        Err(cause) => Err(cause.into()),
    }
}

/// `POST /grants/{id}/revoke`
pub async fn revoke(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let reason = fields.text("reason")?;
    fields.done()?;
    let id = GrantId::parse(&id)?;
    match web.archive.grant_revoke(&seat.asker, &id, &reason).await {
        Ok(_) => Ok(Redirect::to("/grants?said=revoked").into_response()),
        Err(Error::Refused(_)) => not_decided(&web, &seat, &id).await,
        Err(cause) => Err(cause.into()),
    }
}

/// The list again, with why the decision was not taken and who may take it.
async fn not_decided(web: &Web, seat: &Seat, id: &GrantId) -> Result<Response> {
    let t = seat.t;
    let grant = web.archive.grant(&seat.asker, id).await?;
    let phase = grant.phase(web.environment.now());
    let is_party = grant.proposed_by == seat.asker.name() || grant.user_name == seat.asker.name();
    let fault = match phase {
        GrantPhase::Proposed if is_party => {
            let others = web.archive.grant_confirmers(&seat.asker, id).await?;
            t.with("grant-fault-second", "others", others_text(t, &others))
        }
        GrantPhase::Over => t.say("grant-fault-over"),
        _ => t.say("grant-fault-state"),
    };
    let mut view = listed(web, seat, &GrantsAddress::default(), None).await?;
    view.fault = Some(fault);
    not_taken(&view)
}

/// Names for a sentence that says who may; the word `none` when nobody may.
pub(super) fn others_text(t: Text, names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.join(&t.say("list-separator")),
    }
}

/// How many grants wait for a second person whom this may be.
pub fn waiting<'a>(archive: &'a Archive, asker: &'a Asker) -> BoxFuture<'a, records::Result<i64>> {
    Box::pin(services::today::grants_to_confirm(archive, asker))
}

/// What narrows the list to those that wait for whoever asks.
const MINE: &str = "mine";

/// Where a grant for a thing is proposed, for those who may.
pub(super) fn propose_url(seat: &Seat, target: &GrantTarget) -> Option<String> {
    let may = seat.asker.has(Role::Administrator) || seat.asker.has(Role::Archivist);
    may.then(|| match target {
        GrantTarget::Document(id) => address::with_query("/grants", &[("document", id)]),
        GrantTarget::Dossier(code) => address::with_query("/grants", &[("dossier", code)]),
    })
}
