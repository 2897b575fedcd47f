//! Review: decide fast whose a document is.

mod acts;
mod decided;
mod sample;

use super::{
    parts::{self, PageMark, PageSheet, ViewLink, WhyLinked},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        images,
        who::Seat,
    },
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
use records::{
    Archive, Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    documents::ReviewItem,
    documents::{Document, Fact, LinkBasis, Proposal},
    ids::DocumentId,
};
use serde::Deserialize;

pub use decided::{DecidedRow, DecidedView};

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

#[derive(Debug, Clone)]
pub struct Item {
    pub title: String,
    pub kind: String,
    pub path: String,
    pub reason: String,
    /// What the reason is about: a code, a line of the manifest.
    pub detail: String,
    pub document_url: String,
    pub decide_url: String,
    pub later_url: String,
    pub version: i64,
    pub sheets: Vec<PageSheet>,
    pub candidates: Vec<CandidateView>,
    /// What was typed into the field when the last attempt failed.
    pub typed: String,
}

#[derive(Debug, Clone)]
pub struct CandidateView {
    pub code: String,
    pub name: String,
    pub strength: String,
    pub reasons: Vec<WhyLinked>,
}

#[derive(Debug, Default, Deserialize)]
pub struct ReviewAddress {
    /// Items up to this one were put off.
    #[serde(default)]
    after: i64,
    /// The decision that can be undone: a document and its version since.
    #[serde(default)]
    undo: String,
    #[serde(default)]
    version: i64,
    /// `undone` after an undo.
    #[serde(default)]
    said: String,
}

/// Candidates that have a key of their own.
const CANDIDATES_MAX: usize = 9;
const BATCHES_MAX: usize = 1000;

/// `GET /review`
pub async fn review(State(web): State<Web>, seat: Seat, Query(asked): Query<ReviewAddress>) -> Result<Html<String>> {
    Ok(Html(queue(&web, &seat, &asked).await?.render()?))
}

async fn queue(web: &Web, seat: &Seat, asked: &ReviewAddress) -> Result<ReviewView> {
    let t = seat.t;
    let mut items = web.archive.review_queue(&seat.asker, asked.after, 1).await?;
    if items.is_empty() && asked.after > 0 {
        // What was put off comes round again.
        items = web.archive.review_queue(&seat.asker, 0, 1).await?;
    }
    let open = parts::count(web.archive.review_count(&seat.asker).await?);
    let ever: i64 = web
        .archive
        .batches(&seat.asker, None, BATCHES_MAX)
        .await?
        .iter()
        .map(|batch| batch.needs_review)
        .sum();
    let total = parts::count(ever).max(open);
    let done = total - open;
    let mut shell = web.shell(seat, Here("review")).await?;
    let item = match items.pop() {
        Some(item) => Some(item_of(web, seat, item).await?),
        None => None,
    };
    let undo = match (asked.undo.as_str(), asked.version) {
        ("", _) | (_, 0) => None,
        (id, version) => undo_of(web, seat, id, version).await?,
    };
    if asked.said == "undone" {
        shell.notice = Some(ShellNotice {
            tone: "good",
            text: t.say("review-undone"),
        });
    }
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
    let title = if row.title.is_empty() {
        row.number.clone()
    } else {
        row.title.clone()
    };
    Ok(Some(ViewLink {
        url: format!("/review/{}/undo?version={version}", address::encode(row.id.as_str())),
        label: seat
            .t
            .fill("undo-decision", &[("title", &title), ("customer", &row.customer_code)]),
    }))
}

async fn item_of(web: &Web, seat: &Seat, item: ReviewItem) -> Result<Item> {
    let t = seat.t;
    let ReviewItem {
        document: row,
        reason,
        detail,
        proposals,
        facts: _,
    } = item;
    let document = web
        .archive
        .document(&seat.asker, row.id.as_str())
        .await?
        .ok_or(WebError::NotFound)?;
    web.archive
        .note_read(
            &seat.asker,
            EventDraft::new(AuditAction::DocumentViewed, AuditObject::Document, row.id.as_str()).detail("in=review"),
        )
        .await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let kind = services::kind_name(&kinds, &row.kind, t.lang()).to_owned();
    let id = &row.id;
    let sheets = document
        .pages
        .iter()
        .map(|page| {
            let (image, srcset, small) = images::page_addresses(id, page);
            PageSheet {
                number: page.number,
                width: i64::from(page.width),
                height: i64::from(page.height),
                image,
                srcset,
                small,
                text_url: format!("{}/pages/{}/text", address::document(id.as_str()), page.number),
                marks: evidence_on(page.number, &proposals),
                ..PageSheet::default()
            }
        })
        .collect();
    let reason_text = t.word("reason", &reason);
    Ok(Item {
        title: parts::title_of(t, &row, &kind),
        kind: if kind.is_empty() { t.say("kind-unknown") } else { kind },
        path: document
            .scans
            .first()
            .map(|scan| parts::short_path(&scan.path.shown()).to_owned())
            .unwrap_or_default(),
        detail: parts::said(t, detail.as_ref()),
        reason: reason_text,
        document_url: address::document(id.as_str()),
        decide_url: decide_url(id),
        later_url: format!("/review?after={}", row.uid),
        version: row.version,
        sheets,
        candidates: proposals
            .into_iter()
            .take(CANDIDATES_MAX)
            .map(|proposal| candidate(t, proposal))
            .collect(),
        typed: String::new(),
    })
}

/// Boxes of the evidence on one page, named by the rank of the candidate they speak for.
fn evidence_on(page: u32, proposals: &[Proposal]) -> Vec<PageMark> {
    let ranked = proposals.iter().take(CANDIDATES_MAX).enumerate();
    ranked
        .flat_map(|(rank, proposal)| {
            let here = proposal.evidence.iter().filter(move |fact| fact.page_number == page);
            here.flat_map(move |fact| parts::marks(&(rank + 1).to_string(), &[fact.area]))
        })
        .collect()
}

fn candidate(t: Text, proposal: Proposal) -> CandidateView {
    let Proposal {
        id: _,
        customer_id: _,
        customer_code,
        customer_name,
        state: _,
        basis,
        confidence,
        evidence,
    } = proposal;
    let mut reasons: Vec<_> = evidence.iter().map(|fact| reason_of(t, fact)).collect();
    if reasons.is_empty() {
        reasons.push(WhyLinked {
            text: t.word("linked", basis.as_str()),
            words: String::new(),
            page: 0,
        });
    }
    CandidateView {
        code: customer_code,
        name: customer_name,
        strength: if basis == LinkBasis::None {
            String::new()
        } else {
            t.n("strength", (confidence * 100.0).round() as i64)
        },
        reasons,
    }
}

fn reason_of(t: Text, fact: &Fact) -> WhyLinked {
    WhyLinked {
        text: t.word("rule", fact.kind.as_str()),
        words: fact.text.clone(),
        page: fact.page_number,
    }
}

fn decide_url(id: &DocumentId) -> String {
    format!("/review/{}", address::encode(id.as_str()))
}
