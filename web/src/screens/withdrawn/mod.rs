//! Withdrawing a document, which asks once more by title and number, and the list of what was withdrawn, from which a
//! second person restores.

mod sample;

use super::{
    correcting::way_back::WayBack,
    grants::others_text,
    lists,
    parts::{self, ViewLink},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address,
        error::{Final, Result, WebError},
        images,
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
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Error, Role,
    audit::{AuditAction, AuditObject, EventDraft},
    documents::{Document, WithdrawnRow},
    ids::DocumentId,
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "withdrawn",
    rail: Some(rail::office("/withdrawn", "withdrawn-title", rail::archivists)),
    routes,
    words: "record",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/withdrawn", withdrawn)
        .view("/documents/{id}/withdraw", question)
        .form("/documents/{id}/withdraw", withdraw)
        .form("/documents/{id}/restore", restore)
}

/// The question before a document is hidden.
#[derive(Template)]
#[template(path = "withdraw.html")]
pub struct WithdrawView {
    pub t: Text,
    pub shell: Shell,
    pub url: String,
    pub document_url: String,
    /// The view that the form came from, where that is not the document.
    pub back: &'static str,
    pub title: String,
    pub number: String,
    pub kind: String,
    pub date: String,
    pub customer: String,
    pub pages: String,
    /// Address of a small picture of the first page.
    pub picture: Option<String>,
    pub version: i64,
    pub reason: String,
    pub fault: String,
    pub conflict: bool,
}

#[derive(Template)]
#[template(path = "withdrawn.html")]
pub struct WithdrawnView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<WithdrawnLine>,
    pub exports: Vec<ViewLink>,
    pub more_url: Option<String>,
    /// Why something was not restored.
    pub fault: Option<String>,
}

#[derive(Debug, Clone)]
pub struct WithdrawnLine {
    pub title: String,
    pub number: String,
    pub kind: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    pub customer_url: String,
    pub pages: u64,
    pub reason: String,
    pub by: String,
    pub at: String,
    /// Empty for the one who withdrew it.
    pub restore_url: String,
    /// Who may restore it instead.
    pub others: String,
}

/// `GET /documents/{id}/withdraw`
pub async fn question(State(web): State<Web>, seat: Seat, Path(id): Path<String>) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let document = found(&web, &seat, &id).await?;
    let event = EventDraft::new(
        AuditAction::DocumentViewed,
        AuditObject::Document,
        document.row.id.as_str(),
    );
    web.archive.note_read(&seat.asker, event.detail("in=withdraw")).await?;
    Ok(Html(asked(&web, &seat, &document).await?.render()?))
}

async fn found(web: &Web, seat: &Seat, id: &str) -> Result<Document> {
    web.archive.document(&seat.asker, id).await?.ok_or(WebError::NotFound)
}

async fn asked(web: &Web, seat: &Seat, document: &Document) -> Result<WithdrawView> {
    let t = seat.t;
    let row = &document.row;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let kind = services::kind_name(&kinds, &row.kind, t.lang()).to_owned();
    let url = address::document(row.id.as_str());
    Ok(WithdrawView {
        t,
        shell: web.shell(seat, Here("search")).await?,
        title: parts::title_of(t, row, &kind),
        number: row.number.clone(),
        date: row.date.clone(),
        customer: match row.customer_code.as_str() {
            "" => parts::no_customer(t, row.link_basis),
            code => format!("{} {code}", row.customer_name),
        },
        pages: t.n("count-pages", row.pages_scanned),
        picture: document
            .pages
            .first()
            .map(|page| images::page_addresses(&row.id, page).2),
        version: row.version,
        reason: String::new(),
        fault: String::new(),
        conflict: false,
        url: format!("{url}/withdraw"),
        document_url: url,
        back: "",
        kind,
    })
}

/// `POST /documents/{id}/withdraw`
pub async fn withdraw(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let (version, reason) = (fields.text("version")?, fields.text("reason")?);
    let way = WayBack::read(&mut fields)?;
    fields.done()?;
    let version = version
        .parse()
        .map_err(|_| WebError::invalid("version", "is a number"))?;
    let id = DocumentId::parse(&id)?;
    let (status, conflict) = match web.archive.document_withdraw(&seat.asker, &id, version, &reason).await {
        Ok(()) => {
            web.hid(&seat.asker).await?;
            let next = match way {
                WayBack::Document => address::with_query("/withdrawn", &[("said", id.as_str())]),
                WayBack::Review => address::with_query("/review", &[("said", "withdrawn")]),
            };
            return Ok(Redirect::to(&next).into_response());
        }
        Err(Error::Invalid { .. }) => (StatusCode::UNPROCESSABLE_ENTITY, false),
        Err(Error::Conflict { .. }) => (StatusCode::CONFLICT, true),
        Err(cause) => return Err(cause.into()),
    };
    let document = found(&web, &seat, id.as_str()).await?;
    let view = asked(&web, &seat, &document).await?;
    let view = WithdrawView {
        reason,
        conflict,
        back: way.as_str(),
        document_url: way.address(&id, "", ""),
        fault: match conflict {
            true => String::new(),
            false => seat.t.say("withdraw-fault"),
        },
        ..view
    };
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

#[derive(Debug, Default, Deserialize)]
pub struct WithdrawnAddress {
    #[serde(default)]
    skip: usize,
    /// Id of what was just withdrawn, or `restored`.
    #[serde(default)]
    said: String,
}

/// `GET /withdrawn`
pub async fn withdrawn(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<WithdrawnAddress>,
) -> Result<Html<String>> {
    Ok(Html(listed(&web, &seat, &asked).await?.render()?))
}

async fn listed(web: &Web, seat: &Seat, asked: &WithdrawnAddress) -> Result<WithdrawnView> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let found = web.archive.withdrawn(&seat.asker, asked.skip, limit + 1).await?;
    let (found, more) = api_types::window(found, limit);
    let more_url = more.then(|| format!("/withdrawn?skip={}", asked.skip + limit));
    let kinds = web.archive.kinds(&seat.asker).await?;
    let mut shell = web.shell(seat, Here("admin")).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        if row.id.as_str() == asked.said {
            shell.notice = Some(ShellNotice {
                tone: "good",
                text: t.with("withdrawn-said", "title", &row.title),
            });
        }
        let kind = services::kind_name(&kinds, &row.kind, t.lang()).to_owned();
        rows.push(line(web, seat, row, kind).await?);
    }
    if asked.said == "restored" {
        shell.notice = Some(ShellNotice {
            tone: "good",
            text: t.say("withdrawn-restored"),
        });
    }
    Ok(WithdrawnView {
        exports: lists::exports(t, vocabulary::RecordList::Withdrawn),
        t,
        shell,
        rows,
        more_url,
        fault: None,
    })
}

async fn line(web: &Web, seat: &Seat, row: WithdrawnRow, kind: String) -> Result<WithdrawnLine> {
    let t = seat.t;
    let others = match row.may_restore {
        true => String::new(),
        false => {
            let names = web.archive.withdrawn_restorers(&seat.asker, row.security_level).await?;
            t.with("withdrawn-second", "others", others_text(t, &names))
        }
    };
    Ok(WithdrawnLine {
        restore_url: match row.may_restore {
            true => format!("{}/restore", address::document(row.id.as_str())),
            false => String::new(),
        },
        title: match row.title.as_str() {
            "" => t.say("document-untitled"),
            title => title.to_owned(),
        },
        number: row.number,
        kind,
        date: row.date,
        customer_url: address::customer(&row.customer_code),
        customer_name: match row.customer_code.as_str() {
            "" => parts::no_customer(t, row.link_basis),
            _ => row.customer_name,
        },
        customer_code: row.customer_code,
        pages: parts::count(row.pages),
        reason: row.reason,
        by: row.by,
        at: row.at.map(|at| web.local(at)).unwrap_or_default(),
        others,
    })
}

/// `POST /documents/{id}/restore`: by a second person.
pub async fn restore(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = DocumentId::parse(&id)?;
    match web.archive.document_restore(&seat.asker, &id).await {
        Ok(()) => {
            web.hid(&seat.asker).await?;
            Ok(Redirect::to("/withdrawn?said=restored").into_response())
        }
        Err(Error::Refused(_)) => {
            let mut view = listed(&web, &seat, &WithdrawnAddress::default()).await?;
            let level = seat.asker.clearance();
            let names = web.archive.withdrawn_restorers(&seat.asker, level).await?;
            view.fault = Some(seat.t.with("withdrawn-second", "others", others_text(seat.t, &names)));
            let mut response = (StatusCode::CONFLICT, Html(view.render()?)).into_response();
            response.extensions_mut().insert(Final);
            Ok(response)
        }
        Err(cause) => Err(cause.into()),
    }
}
