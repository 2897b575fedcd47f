//! One customer or one place as a form: made from the fields of its register.

mod form;
mod sample;

use super::{
    imports::{TwinShown, fault, twin},
    parts::Choice,
    shell::Shell,
};
use crate::{
    http::{
        address,
        error::{Final, Result, WebError},
        who::{Fields, Posted, Seat},
    },
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use form::{CUSTOMER, EntryForm, PLACE, blank, is_masked, names};
use records::{
    Role,
    customers::CustomerDraft,
    imports::{Doubles, EntryOutcome, Standing},
    places::LocationDraft,
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "entry",
    rail: None,
    routes,
    words: "imports",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/customers/new", customer_new)
        .form("/customers/new", customer_add)
        .view("/customers/{key}/edit", customer_edit)
        .form("/customers/{key}/edit", customer_save)
        .view("/locations/new", location_new)
        .form("/locations/new", location_add)
        .view("/locations/{code}/edit", location_edit)
        .form("/locations/{code}/edit", location_save)
}

#[derive(Template)]
#[template(path = "entry.html")]
pub struct EntryView {
    pub t: Text,
    pub shell: Shell,
    pub title: String,
    pub url: String,
    pub back: String,
    pub is_new: bool,
    pub version: i64,
    pub fields: Vec<EntryField>,
    pub why: String,
    pub doubles: Vec<TwinShown>,
    /// What is wrong that belongs to no field.
    pub fault: String,
    /// The document that waits for this customer, and a picture of its first page with all widths.
    pub review: String,
    pub picture: Option<(String, String)>,
}

/// A field as it is typed.
#[derive(Debug, Clone, Default)]
pub struct EntryField {
    pub name: String,
    pub label: String,
    pub value: String,
    /// What stands there, masked; the field is empty and left alone while it stays so.
    pub kept: String,
    /// What stands there now, when somebody else has changed it and that differs from what was typed.
    pub now: String,
    pub required: bool,
    pub choices: Vec<Choice>,
    pub wrong: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct EntryAddress {
    /// Id of the document in review that the customer is added for.
    #[serde(default)]
    review: String,
    /// The code that its list names.
    #[serde(default)]
    code: String,
}

/// `GET /customers/new`
pub async fn customer_new(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<EntryAddress>,
) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let mut view = blank(&web, &seat, CUSTOMER, None).await?;
    if let Some(code) = view.fields.iter_mut().find(|field| field.name == "code") {
        code.value = asked.code;
    }
    view.beside(&web, &seat, &asked.review).await?;
    Ok(Html(view.render()?))
}

/// `GET /customers/{key}/edit`
pub async fn customer_edit(State(web): State<Web>, seat: Seat, Path(key): Path<String>) -> Result<Html<String>> {
    let standing = web.archive.customer_standing(&seat.asker, &key).await?;
    let standing = standing.ok_or(WebError::NotFound)?;
    let view = blank(&web, &seat, CUSTOMER, Some(standing)).await?;
    Ok(Html(view.render()?))
}

/// `GET /locations/new`
pub async fn location_new(State(web): State<Web>, seat: Seat) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let view = blank(&web, &seat, PLACE, None).await?;
    Ok(Html(view.render()?))
}

/// `GET /locations/{code}/edit`
pub async fn location_edit(State(web): State<Web>, seat: Seat, Path(code): Path<String>) -> Result<Html<String>> {
    let standing = web.archive.location_standing(&seat.asker, &code).await?;
    let standing = standing.ok_or(WebError::NotFound)?;
    let view = blank(&web, &seat, PLACE, Some(standing)).await?;
    Ok(Html(view.render()?))
}

/// `POST /customers/new`
pub async fn customer_add(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let mut typed = TypedEntry::read(&mut fields, CUSTOMER, None)?;
    typed.review = fields.maybe("review")?.unwrap_or_default();
    fields.done()?;
    let draft = CustomerDraft {
        stated: typed.stated.clone(),
        why: typed.why.clone(),
    };
    let entry = web.archive.customer_add(&seat.asker, &draft, typed.doubles()).await;
    answer(&web, &seat, CUSTOMER, None, typed, entry).await
}

/// `POST /customers/{key}/edit`
pub async fn customer_save(State(web): State<Web>, Path(key): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let standing = web.archive.customer_standing(&seat.asker, &key).await?;
    let standing = standing.ok_or(WebError::NotFound)?;
    let typed = TypedEntry::read(&mut fields, CUSTOMER, Some(&standing))?;
    fields.done()?;
    let draft = CustomerDraft {
        stated: typed.stated.clone(),
        why: typed.why.clone(),
    };
    let doubles = typed.doubles();
    let entry = web
        .archive
        .customer_change(&seat.asker, &key, typed.version, &draft, doubles)
        .await;
    answer(&web, &seat, CUSTOMER, Some(standing), typed, entry).await
}

/// `POST /locations/new`
pub async fn location_add(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let typed = TypedEntry::read(&mut fields, PLACE, None)?;
    fields.done()?;
    let draft = LocationDraft {
        stated: typed.stated.clone(),
        why: typed.why.clone(),
    };
    let entry = web.archive.location_add(&seat.asker, &draft).await;
    answer(&web, &seat, PLACE, None, typed, entry).await
}

/// `POST /locations/{code}/edit`
pub async fn location_save(State(web): State<Web>, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let standing = web.archive.location_standing(&seat.asker, &code).await?;
    let standing = standing.ok_or(WebError::NotFound)?;
    let typed = TypedEntry::read(&mut fields, PLACE, Some(&standing))?;
    fields.done()?;
    let draft = LocationDraft {
        stated: typed.stated.clone(),
        why: typed.why.clone(),
    };
    let entry = web
        .archive
        .location_change(&seat.asker, &code, typed.version, &draft)
        .await;
    answer(&web, &seat, PLACE, Some(standing), typed, entry).await
}

/// What was typed into the form.
struct TypedEntry {
    stated: Vec<(String, String)>,
    version: i64,
    why: String,
    accept_doubles: bool,
    /// The document in review that the customer is added for.
    review: String,
}

impl TypedEntry {
    fn read(fields: &mut Fields, about: EntryForm, standing: Option<&Standing>) -> Result<Self> {
        let mut stated = Vec::new();
        for name in names(about.register, standing) {
            let value = fields.text(&name)?;
            // A personal number is not shown, so an empty field says nothing of it.
            let is_kept = standing.is_some() && value.is_empty() && is_masked(about.register, &name);
            let is_key = standing.is_some() && name == "code";
            if !is_kept && !is_key {
                stated.push((name, value));
            }
        }
        Ok(Self {
            stated,
            version: fields.text("version")?.parse().unwrap_or(0),
            why: fields.text("why")?.trim().chars().take(400).collect(),
            accept_doubles: !fields.text("accept_doubles")?.is_empty(),
            review: String::new(),
        })
    }

    fn doubles(&self) -> Doubles {
        match self.accept_doubles {
            true => Doubles::Accept,
            false => Doubles::Hold,
        }
    }
}

/// Goes to the record, or shows the form again with what was typed and what is wrong.
async fn answer(
    web: &Web,
    seat: &Seat,
    about: EntryForm,
    standing: Option<Standing>,
    typed: TypedEntry,
    entry: records::Result<EntryOutcome>,
) -> Result<Response> {
    let t = seat.t;
    let mut view = blank(web, seat, about, standing).await?;
    let conflict = matches!(entry, Err(records::Error::Conflict { .. }));
    for field in &mut view.fields {
        if let Some((_, value)) = typed.stated.iter().find(|(name, _)| *name == field.name) {
            if conflict && field.value != *value {
                let shown = field.choices.iter().find(|choice| choice.value == field.value);
                let shown = shown.map_or(&field.value, |choice| &choice.label);
                field.now = t.with("record-now", "value", if shown.is_empty() { "—" } else { shown });
            }
            field.value.clone_from(value);
            for choice in &mut field.choices {
                choice.chosen = choice.value == *value;
            }
        }
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match entry {
        Ok(EntryOutcome::Written { code, .. }) => {
            web.wrote(&seat.asker).await?;
            let next = match typed.review.as_str() {
                "" => (about.own_address)(&code),
                id => address::with_query("/review", &[("at", id), ("chosen", &code)]),
            };
            return Ok(Redirect::to(&next).into_response());
        }
        Ok(EntryOutcome::Faulty { field, fault: why }) => {
            let text = fault(t, &why, "");
            match view.fields.iter_mut().find(|own| own.name == field) {
                Some(own) => own.wrong = text,
                None => view.fault = format!("{field}: {text}"),
            }
        }
        Ok(EntryOutcome::Doubles(doubles)) => {
            status = StatusCode::CONFLICT;
            view.doubles = doubles.iter().map(|double| twin(t, double)).collect();
        }
        Err(records::Error::Exists { id, .. }) => {
            status = StatusCode::CONFLICT;
            if let Some(own) = view.fields.iter_mut().find(|own| own.name == "code") {
                own.wrong = t.with("entry-code-taken", "code", id);
            }
        }
        Err(records::Error::Conflict { .. }) => {
            status = StatusCode::CONFLICT;
            view.fault = t.say("entry-conflict");
        }
        Err(cause) => return Err(cause.into()),
    }
    view.why = typed.why;
    view.beside(web, seat, &typed.review).await?;
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}
