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
use records::ids::DocumentId;
use serde::Deserialize;
use services::review::{BelongsTo, Decision};

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
    pub before: DecidedStanding,
    pub after: DecidedStanding,
    /// Where the undo is sent to; `None` where something was decided since.
    pub undo_url: Option<String>,
}

/// The code of a customer, or the word for what has none.
#[derive(Debug, Clone)]
pub struct DecidedStanding {
    pub code: String,
    pub word: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct DecidedAddress {
    #[serde(default)]
    said: String,
}

/// `GET /review/decided`
pub async fn decided(State(web): State<Web>, seat: Seat, Query(asked): Query<DecidedAddress>) -> Result<Html<String>> {
    let t = seat.t;
    let decided = services::review::decided(&web.archive, &seat.asker).await?;
    let rows = decided.into_iter().map(|decision| row_of(&web, t, decision)).collect();
    let mut shell = web.shell(&seat, Here("review")).await?;
    if asked.said == "undone" {
        shell.notice = Some(ShellNotice {
            tone: "good",
            text: t.say("review-undone"),
        });
    }
    Ok(Html(DecidedView { t, shell, rows }.render()?))
}

fn row_of(web: &Web, t: Text, decision: Decision) -> DecidedRow {
    let Decision {
        at,
        document: row,
        before,
        after,
        can_be_undone,
    } = decision;
    let version = row.version.to_string();
    DecidedRow {
        at: web.local(at),
        title: parts::title_of(t, &row, ""),
        url: address::document(row.id.as_str()),
        undo_url: can_be_undone.then(|| {
            address::with_query(
                &format!("/review/{}/take-back", address::encode(row.id.as_str())),
                &[("version", &version)],
            )
        }),
        before: standing(t, before),
        after: standing(t, after),
    }
}

/// A code, or the word for having none.
fn standing(t: Text, standing: BelongsTo) -> DecidedStanding {
    match standing {
        BelongsTo::Customer(code) => DecidedStanding {
            code,
            word: String::new(),
        },
        BelongsTo::Nobody => DecidedStanding {
            code: String::new(),
            word: t.say("of-nobody-short"),
        },
        BelongsTo::Waiting => DecidedStanding {
            code: String::new(),
            word: t.say("review-title"),
        },
    }
}

#[derive(Debug, Deserialize)]
pub struct TakeBackAddress {
    version: i64,
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
    services::review::undo(&web.archive, &seat.asker, &id, asked.version).await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to("/review/decided?said=undone"))
}
