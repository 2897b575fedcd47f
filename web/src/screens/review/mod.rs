//! Review: decide fast whose a document is.

mod acts;
mod decided;
mod item;
mod sample;

use super::{
    parts::{self, ViewLink},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{address, error::Result, who::Seat},
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use futures::future::BoxFuture;
use item::item_of;
use records::{
    Archive, Asker,
    customers::PersonalNumber,
    documents::{Document, DocumentState},
    ids::DocumentId,
};
use serde::Deserialize;
use services::review::BelongsTo;

pub use decided::{DecidedRow, DecidedStanding, DecidedView};
pub use item::{ApartNumber, CandidateView, Item};

pub const SUBJECT: Subject = Subject {
    name: "review",
    rail: Some(
        rail::entry("/review", "review", "way-review")
            .for_those(rail::archivists)
            .counting(waiting),
    ),
    routes,
    words: "review",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/review", review)
        .view("/review/decided", decided::decided)
        .form("/review/{id}/take-back", decided::take_back)
        .asked("version=1")
        .form("/review/{id}", acts::decide)
        .form("/review/{id}/nobody", acts::of_nobody)
        .form("/review/{id}/reveal", acts::reveal)
        .form("/review/{id}/undo", acts::undo)
        .asked("version=1")
}

fn waiting<'a>(archive: &'a Archive, asker: &'a Asker) -> BoxFuture<'a, records::Result<i64>> {
    Box::pin(archive.review_count(asker))
}

#[derive(Template)]
#[template(path = "review.html")]
pub struct ReviewView {
    pub t: Text,
    pub shell: Shell,
    pub item: Option<Item>,
    pub done: u64,
    pub total: u64,
    pub progress_text: String,
    pub fault: Option<String>,
    pub undo: Option<ViewLink>,
}

#[derive(Debug, Default, Deserialize)]
pub struct ReviewAddress {
    /// Items up to this one were put off.
    #[serde(default)]
    after: i64,
    /// The document that is looked at, while it waits.
    #[serde(default)]
    at: String,
    /// A customer that was just added for it.
    #[serde(default)]
    chosen: String,
    /// The decision that can be undone: a document and its version since.
    #[serde(default)]
    undo: String,
    #[serde(default)]
    version: i64,
    /// What a form of this view has done, or why it has not.
    #[serde(default)]
    said: String,
    /// What was typed into that form.
    #[serde(default)]
    typed: String,
}

/// A number that somebody looks at, in clear.
pub(super) struct Revealed {
    pub customer_code: String,
    pub number: PersonalNumber,
    pub value: String,
}

/// `GET /review`
pub async fn review(State(web): State<Web>, seat: Seat, Query(asked): Query<ReviewAddress>) -> Result<Html<String>> {
    Ok(Html(queue(&web, &seat, &asked, None).await?.render()?))
}

/// What comes just before a document that waits, and that the asker may see.
async fn before_it(web: &Web, seat: &Seat, id: &str) -> Result<Option<i64>> {
    let document = web.archive.document(&seat.asker, id).await?;
    let waiting = document.filter(|document| document.row.state == DocumentState::InReview);
    Ok(waiting.map(|document| document.row.uid - 1))
}

async fn queue(web: &Web, seat: &Seat, asked: &ReviewAddress, revealed: Option<&Revealed>) -> Result<ReviewView> {
    let t = seat.t;
    let after = match asked.at.as_str() {
        "" => asked.after,
        id => before_it(web, seat, id).await?.unwrap_or(asked.after),
    };
    let mut items = web.archive.review_queue(&seat.asker, after, 1).await?;
    if items.is_empty() && after > 0 {
        // What was put off comes round again.
        items = web.archive.review_queue(&seat.asker, 0, 1).await?;
    }
    let open = parts::count(web.archive.review_count(&seat.asker).await?);
    let done = parts::count(web.archive.review_decided_count(&seat.asker).await?);
    let total = done + open;
    let mut shell = web.shell(seat, Here("review")).await?;
    let item = match items.pop() {
        Some(item) => Some(item_of(web, seat, item, asked, revealed).await?),
        None => None,
    };
    let undo = match (asked.undo.as_str(), asked.version) {
        ("", _) | (_, 0) => None,
        (id, version) => undo_of(web, seat, id, version).await?,
    };
    shell.notice = notice_of(seat, asked);
    Ok(ReviewView {
        t,
        shell,
        item,
        done,
        total,
        progress_text: t.fill("review-progress", &[("done", &done), ("total", &total)]),
        fault: None,
        undo,
    })
}

async fn undo_of(web: &Web, seat: &Seat, id: &str, version: i64) -> Result<Option<ViewLink>> {
    let Some(Document { row, .. }) = web.archive.document(&seat.asker, id).await? else {
        return Ok(None);
    };
    if row.version != version {
        return Ok(None);
    }
    let title = parts::title_of(seat.t, &row, "");
    let label = match services::review::stands(&row) {
        BelongsTo::Nobody => seat.t.with("undo-nobody", "title", &title),
        _ => {
            let customer = &row.customer_code;
            seat.t
                .fill("undo-decision", &[("title", &title), ("customer", customer)])
        }
    };
    Ok(Some(ViewLink {
        url: format!("/review/{}/undo?version={version}", address::encode(row.id.as_str())),
        label,
    }))
}

/// What a form has done.
fn notice_of(seat: &Seat, asked: &ReviewAddress) -> Option<ShellNotice> {
    let t = seat.t;
    let text = match asked.said.as_str() {
        "undone" => t.say("review-undone"),
        "corrected" => t.say("review-corrected"),
        "placed" => t.say("review-placed"),
        "withdrawn" => t.say("review-withdrawn"),
        "" if !asked.chosen.is_empty() => t.with("review-chosen", "code", &asked.chosen),
        _ => return None,
    };
    Some(ShellNotice { tone: "good", text })
}

fn decide_url(id: &DocumentId) -> String {
    format!("/review/{}", address::encode(id.as_str()))
}
