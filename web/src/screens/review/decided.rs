//! The last decisions of whoever asks, each with its undo while nothing has been decided since.

use crate::{
    http::{
        address,
        error::Result,
        who::{Posted, Seat},
    },
    screens::{
        parts,
        shell::{Here, Shell, ShellNotice},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use records::{
    Role,
    documents::{Document, DocumentState},
    history::{HistoryFilter, HistoryLine},
    ids::DocumentId,
};
use serde::Deserialize;
use std::collections::HashSet;

#[derive(Template)]
#[template(path = "decided.html")]
pub struct DecidedView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<DecidedRow>,
}

#[derive(Debug, Clone)]
pub struct DecidedRow {
    pub at: String,
    pub title: String,
    pub url: String,
    /// The customer before; empty where the document waited in review.
    pub before: String,
    pub after: String,
    /// Where the undo is sent to; `None` where something was decided since.
    pub undo_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct DecidedAddress {
    #[serde(default)]
    said: String,
}

const DECISIONS_SHOWN: usize = 20;
/// Lines of the history that are looked through for them: other records name customers too.
const LINES_READ: usize = 200;

/// `GET /review/decided`
pub async fn decided(State(web): State<Web>, seat: Seat, Query(asked): Query<DecidedAddress>) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let t = seat.t;
    let filter = HistoryFilter {
        field: "customer".to_owned(),
        person: seat.asker.name().to_owned(),
        limit: LINES_READ,
        ..HistoryFilter::default()
    };
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for line in web.archive.history(&seat.asker, &filter).await? {
        // What left a customer without another is an undo, and no decision.
        let decided = line.object.kind == "document" && line.after.is_some();
        if !decided || rows.len() == DECISIONS_SHOWN {
            continue;
        }
        let is_newest = seen.insert(line.object.id.clone());
        if let Some(document) = web.archive.document(&seat.asker, &line.object.id).await? {
            rows.push(row_of(&web, t, line, &document, is_newest));
        }
    }
    let mut shell = web.shell(&seat, Here("review")).await?;
    if asked.said == "undone" {
        shell.notice = Some(ShellNotice {
            tone: "good",
            text: t.say("review-undone"),
        });
    }
    Ok(Html(DecidedView { t, shell, rows }.render()?))
}

fn row_of(web: &Web, t: Text, line: HistoryLine, document: &Document, is_newest: bool) -> DecidedRow {
    let row = &document.row;
    let (before, after) = (line.before.unwrap_or_default(), line.after.unwrap_or_default());
    let stands = is_newest && row.state == DocumentState::Filed && row.customer_code == after;
    let version = row.version.to_string();
    DecidedRow {
        at: web.local(line.key.at),
        title: parts::title_of(t, row, ""),
        url: address::document(row.id.as_str()),
        undo_url: stands.then(|| {
            address::with_query(
                &format!("/review/{}/take-back", address::encode(row.id.as_str())),
                &[("version", &version), ("to", &before)],
            )
        }),
        before,
        after,
    }
}

#[derive(Debug, Deserialize)]
pub struct TakeBackAddress {
    version: i64,
    /// The customer before; empty where the document waited in review.
    #[serde(default)]
    to: String,
}

/// `POST /review/{id}/take-back`: a decision of the list did not happen.
pub async fn take_back(
    State(web): State<Web>,
    Path(id): Path<String>,
    Query(asked): Query<TakeBackAddress>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = DocumentId::parse(&id)?;
    match asked.to.as_str() {
        "" => web.archive.document_unlink(&seat.asker, &id, asked.version, "").await?,
        customer => {
            web.archive
                .document_link(&seat.asker, &id, asked.version, customer)
                .await?
        }
    };
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to("/review/decided?said=undone"))
}
