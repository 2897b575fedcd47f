//! Batches: prove what happened to every file.

mod acts;
mod figures;
mod sample;
pub mod words;

pub use sample::batch_rows as sample_rows;

use super::{
    lists,
    parts::{self, Badge, Figure, ViewLink},
    shell::{Here, Shell},
};
use crate::{
    export::{self, Format},
    http::{
        address,
        error::{Result, WebError},
        who::Seat,
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Response},
};
use figures::{balance, count_of, figures, run_of, speed, times};
use records::{
    Role,
    batches::{BatchLine, BatchRow, BatchState, Outcome},
    ids::BatchId,
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "batches",
    rail: Some(rail::entry("/batches", "batches", "way-batches").for_those(rail::readers_of_batches)),
    routes,
    words: "batches",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/batches", batches)
        .view("/batches/{id}", batch)
        .form("/batches/{id}/take-back", acts::take_back)
        .part("/batches/{id}/report.csv", csv)
        .part("/batches/{id}/report.xlsx", xlsx)
}

#[derive(Template)]
#[template(path = "batches.html")]
pub struct BatchesView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<BatchListRow>,
    pub exports: Vec<ViewLink>,
    /// Whoever looks may add papers.
    pub adds: bool,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct BatchListRow {
    pub url: String,
    pub name: String,
    pub started: String,
    pub found: u64,
    pub filed: u64,
    pub needs_review: u64,
    pub duplicate: u64,
    pub rejected: u64,
    pub pages: u64,
    pub state: Badge,
}

#[derive(Template)]
#[template(path = "batch.html")]
pub struct BatchView {
    pub t: Text,
    pub shell: Shell,
    pub name: String,
    pub state: Badge,
    pub times: String,
    pub running: bool,
    pub found: u64,
    pub outcomes: Vec<Figure>,
    pub pages: u64,
    pub speed: String,
    /// The sum that must come out even.
    pub balance: String,
    /// Who is at it, or how far an interrupted run came; empty otherwise.
    pub run: String,
    pub missing: Vec<String>,
    /// Manifest with its line, and what is wrong there.
    pub problems: Noted,
    /// Path, and what was noted of it.
    pub ignored: Noted,
    pub lines_title: String,
    pub lines_total: u64,
    pub lines: Vec<LineRow>,
    pub next_window: Option<String>,
    /// Where the whole batch is read again, for who may.
    pub reread_url: Option<String>,
    pub ways: super::reading::Ways,
    /// Where the undo of the whole delivery is sent to, for whoever delivered it.
    pub take_back_url: Option<String>,
    /// The report as a file.
    pub exports: Vec<ViewLink>,
}

/// What a note is about, and the note.
type Noted = Vec<(String, String)>;

#[derive(Debug, Clone)]
pub struct LineRow {
    pub url: String,
    pub path: String,
    pub outcome: Badge,
    pub reason: String,
    /// What the reason is about.
    pub detail: String,
    pub customer_code: String,
    pub location_code: String,
    pub pages: u64,
}

#[derive(Debug, Default, Deserialize)]
pub struct BatchesAddress {
    /// Batches older than this one.
    before: Option<i64>,
}

/// `GET /batches`
pub async fn batches(State(web): State<Web>, seat: Seat, Query(asked): Query<BatchesAddress>) -> Result<Html<String>> {
    let limit = web.config.limits.rows;
    let rows = web.archive.batches(&seat.asker, asked.before, limit + 1).await?;
    let (rows, goes_on) = api_types::window(rows, limit);
    let last = rows.last().filter(|_| goes_on);
    let next_window = last.map(|row| format!("/batches?before={}", row.uid));
    let view = BatchesView {
        t: seat.t,
        shell: web.shell(&seat, Here("batches")).await?,
        adds: seat.asker.has(Role::Archivist),
        exports: lists::exports(seat.t, "batches"),
        rows: rows.into_iter().map(|row| batch_row(&web, seat.t, row)).collect(),
        next_window,
    };
    Ok(Html(view.render()?))
}

pub fn batch_row(web: &Web, t: Text, row: BatchRow) -> BatchListRow {
    BatchListRow {
        url: format!("/batches/{}", address::encode(row.id.as_str())),
        started: web.local(row.started_at),
        found: parts::count(row.found()),
        filed: parts::count(row.filed),
        needs_review: parts::count(row.needs_review),
        duplicate: parts::count(row.duplicate),
        rejected: parts::count(row.rejected),
        pages: parts::count(row.pages),
        state: state_badge(t, row.state),
        name: row.name,
    }
}

fn state_badge(t: Text, state: BatchState) -> Badge {
    let tone = match state {
        BatchState::Running => "warn",
        BatchState::Interrupted => "bad",
        BatchState::Finished => "good",
        BatchState::Accepted => "good",
        BatchState::Held => "bad",
    };
    Badge::new(tone, words::state_of(t, state))
}

#[derive(Debug, Default, Deserialize)]
pub struct BatchAddress {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    after: i64,
    /// What was just done: `added`, or how many documents were `withdrawn` and `kept`.
    #[serde(default)]
    added: String,
    #[serde(default)]
    withdrawn: String,
    #[serde(default)]
    kept: String,
}

/// `GET /batches/{id}`
pub async fn batch(
    State(web): State<Web>,
    seat: Seat,
    Path(id): Path<String>,
    Query(asked): Query<BatchAddress>,
) -> Result<Html<String>> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let id = BatchId::parse(&id)?;
    let batch = web.archive.batch(&seat.asker, &id).await?.ok_or(WebError::NotFound)?;
    let outcome = Outcome::from_code(&asked.outcome);
    let lines = web
        .archive
        .batch_lines(&seat.asker, &id, outcome, asked.after, limit + 1)
        .await?;
    let (ignored, problems) = beside_the_files(&web, &seat, &id).await?;
    let base = format!("/batches/{}", address::encode(id.as_str()));
    let (lines, goes_on) = api_types::window(lines, limit);
    let next_window = lines
        .last()
        .filter(|_| goes_on)
        .map(|(mark, _)| address::with_query(&base, &[("outcome", &asked.outcome), ("after", &mark.to_string())]));
    let found = batch.found();
    let take_back_url = acts::take_back_url(&seat, &batch, &base);
    let view = BatchView {
        t,
        shell: Shell {
            notice: acts::notice_of(t, &asked),
            ..web.shell(&seat, Here("batches")).await?
        },
        state: state_badge(t, batch.state),
        times: times(&web, t, &batch),
        running: batch.state == BatchState::Running,
        found: parts::count(found),
        outcomes: figures(t, &base, &batch),
        pages: parts::count(batch.pages),
        speed: speed(t, &batch),
        balance: balance(t, &batch, found),
        ignored,
        lines_title: match outcome {
            None => t.say("batch-lines"),
            Some(outcome) => t.with("batch-lines-of", "outcome", t.word("outcome", outcome.as_str())),
        },
        lines_total: parts::count(outcome.map_or(found, |outcome| count_of(&batch, outcome))),
        run: run_of(&web, t, &batch),
        problems,
        missing: batch.missing,
        lines: lines
            .into_iter()
            .filter(|(_, line)| outcome == Some(Outcome::Ignored) || line.outcome != Outcome::Ignored)
            .map(|(_, line)| line_row(t, line, &batch.roots))
            .collect(),
        next_window,
        reread_url: (seat.asker.has(Role::Archivist) && !batch.state.is_open()).then(|| format!("{base}/reread")),
        ways: super::reading::ways(t, web.config.second_opinion),
        take_back_url,
        exports: exports_of(&base),
        name: batch.name,
    };
    Ok(Html(view.render()?))
}

/// Files that are not counted, and what of the manifests could not be used; each with what is said of it.
async fn beside_the_files(web: &Web, seat: &Seat, id: &BatchId) -> Result<(Noted, Noted)> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let ignored = web
        .archive
        .batch_lines(&seat.asker, id, Some(Outcome::Ignored), 0, limit)
        .await?;
    let ignored = ignored
        .into_iter()
        .map(|(_, line)| (line.path.shown(), parts::said(t, line.detail.as_ref())));
    let problems = web.archive.batch_problems(&seat.asker, id).await?;
    let problems = problems.into_iter().map(|problem| {
        let place = format!("{}:{}", problem.file, problem.line);
        (place, parts::said(t, Some(&problem.detail)))
    });
    Ok((ignored.collect(), problems.collect()))
}

/// `GET /batches/{id}/report.csv`
pub async fn csv(State(web): State<Web>, seat: Seat, Path(id): Path<String>) -> Result<Response> {
    file(&web, &seat, &id, Format::Csv).await
}

/// `GET /batches/{id}/report.xlsx`
pub async fn xlsx(State(web): State<Web>, seat: Seat, Path(id): Path<String>) -> Result<Response> {
    file(&web, &seat, &id, Format::Xlsx).await
}

async fn file(web: &Web, seat: &Seat, id: &str, format: Format) -> Result<Response> {
    let id = BatchId::parse(id)?;
    export::batch(web, &seat.asker, seat.t, &id, format).await
}

/// A path as it lies in the delivery; where the server keeps it is nobody's business.
fn below(path: &str, roots: &[String]) -> String {
    let inside = roots.iter().filter_map(|root| path.strip_prefix(root.as_str()));
    let inside = inside
        .map(|rest| rest.trim_start_matches('/'))
        .find(|rest| !rest.is_empty());
    inside.unwrap_or(path.rsplit('/').next().unwrap_or(path)).to_owned()
}

fn exports_of(base: &str) -> Vec<ViewLink> {
    [("Excel", "xlsx"), ("CSV", "csv")]
        .map(|(label, ending)| ViewLink {
            url: format!("{base}/report.{ending}"),
            label: label.to_owned(),
        })
        .into()
}

fn line_row(t: Text, line: BatchLine, roots: &[String]) -> LineRow {
    let tone = match line.outcome {
        Outcome::Filed => "good",
        Outcome::NeedsReview => "warn",
        Outcome::Rejected => "bad",
        Outcome::Duplicate | Outcome::Ignored => "",
    };
    let reason = match (line.reason.as_str(), line.outcome) {
        ("", Outcome::Duplicate) => t.say("reason-duplicate"),
        ("", _) => String::new(),
        (reason, _) => t.word("reason", reason),
    };
    LineRow {
        url: line
            .document_ids
            .first()
            .map(|id| address::document(id))
            .unwrap_or_default(),
        path: below(&line.path.shown(), roots),
        outcome: Badge::new(tone, t.word("outcome", line.outcome.as_str())),
        detail: if line.reason.is_empty() {
            parts::said(t, line.detail.as_ref())
        } else {
            parts::said_beside_reason(t, line.detail.as_ref())
        },
        reason,
        customer_code: line.customer_code,
        location_code: line.location_code,
        pages: parts::count(line.pages),
    }
}
