//! Batches: prove what happened to every file.

mod acts;
mod figures;
mod lines;
mod sample;
pub mod words;

pub use sample::batch_rows as sample_rows;

use super::{
    lists,
    parts::{self, Badge, Figure, ViewLink},
    shell::{ADD, Here, Shell},
};
use crate::{
    export::{self, Format},
    http::{
        address,
        error::{Result, WebError},
        kept,
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
use figures::{balance, count_of, figures, progress, run_of, speed, times};
pub use lines::{LineRow, ReasonChip};
use lines::{below, line_row, reasons};
use records::{
    Role,
    batches::{BatchRow, BatchState, LinesOf, Outcome},
    ids::BatchId,
};
use serde::Deserialize;
use vocabulary::TodayItem;

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
        .form("/batches/{id}/decision", acts::decide)
        .part("/batches/{id}/report.csv", csv)
        .part("/batches/{id}/report.xlsx", xlsx)
        .part("/batches/{id}/report.pdf", pdf)
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
    /// What the list is narrowed to, with how many there are; empty for all of it.
    pub narrowed: String,
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
    /// How far it is while it runs: files done, files in all, and what is said of it.
    pub progress: Option<(u64, u64, String)>,
    /// Where rejected files are added again, for whoever may.
    pub again_url: Option<&'static str>,
    /// Reasons of the lines that are shown, each a way to its own.
    pub reasons: Vec<ReasonChip>,
    /// The decision on the batch as a whole, for those who may decide.
    pub deciding: Option<Deciding>,
    /// Who decided what, and why; empty while nobody has.
    pub decided: String,
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

/// The form that accepts a batch or holds it.
#[derive(Debug, Clone)]
pub struct Deciding {
    pub url: String,
    pub may_accept: bool,
    pub may_hold: bool,
    /// Why the last attempt did not do.
    pub fault: String,
}

/// What a note is about, and the note.
type Noted = Vec<(String, String)>;

#[derive(Debug, Default, Deserialize)]
pub struct BatchesAddress {
    /// Batches older than this one.
    before: Option<i64>,
    /// `1`: only those with problems, all of them.
    #[serde(default)]
    problems: String,
}

/// Batches with problems that are shown at once.
const PROBLEMS_SHOWN: usize = 1000;

/// `GET /batches`
pub async fn batches(State(web): State<Web>, seat: Seat, Query(asked): Query<BatchesAddress>) -> Result<Html<String>> {
    let limit = web.config.limits.rows;
    let only_problems = asked.problems == "1";
    let (rows, goes_on) = match only_problems {
        true => (
            web.archive.batches_with_problems(&seat.asker, PROBLEMS_SHOWN).await?,
            false,
        ),
        false => {
            let rows = web.archive.batches(&seat.asker, asked.before, limit + 1).await?;
            api_types::window(rows, limit)
        }
    };
    let last = rows.last().filter(|_| goes_on);
    let next_window = last.map(|row| format!("/batches?before={}", row.uid));
    let view = BatchesView {
        t: seat.t,
        shell: web.shell(&seat, Here("batches")).await?,
        adds: seat.asker.has(Role::Archivist),
        narrowed: match only_problems {
            true => format!(
                "{}{}{}",
                TodayItem::Batches.name(seat.t.0),
                seat.t.say("colon"),
                rows.len()
            ),
            false => String::new(),
        },
        exports: lists::exports(seat.t, vocabulary::RecordList::Batches),
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
    /// Code of a reason.
    #[serde(default)]
    reason: String,
    /// `accepted`, `held`, or why neither.
    #[serde(default)]
    said: String,
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

impl BatchAddress {
    /// The lines after this mark.
    fn next(&self, base: &str, mark: i64) -> String {
        let mark = mark.to_string();
        let asked = [
            ("outcome", self.outcome.as_str()),
            ("reason", &self.reason),
            ("after", &mark),
        ];
        address::with_query(base, &asked)
    }
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
    services::batches::note_viewed(&web.archive, &seat.asker, &id).await?;
    let outcome = Outcome::from_code(&asked.outcome);
    let of = LinesOf {
        outcome,
        reason: asked.reason.clone(),
    };
    let lines = web
        .archive
        .batch_lines(&seat.asker, &id, &of, asked.after, limit + 1)
        .await?;
    let (ignored, problems) = beside_the_files(&web, &seat, &id, &batch.roots).await?;
    let base = format!("/batches/{}", address::encode(id.as_str()));
    let (lines, goes_on) = api_types::window(lines, limit);
    let last = lines.last().filter(|_| goes_on);
    let next_window = last.map(|(mark, _)| asked.next(&base, *mark));
    let found = batch.found();
    let reasons = reasons(&web, &seat, &id, &base, (outcome, &asked.reason)).await?;
    let of_outcome = parts::count(outcome.map_or(found, |outcome| count_of(&batch, outcome)));
    let of_reason = reasons.iter().find(|chip| chip.chosen).map(|chip| chip.count);
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
        reasons,
        deciding: acts::deciding(&seat, &batch, &base, &asked.said),
        decided: acts::decided(&web, t, &batch),
        lines_title: lines_title(t, outcome),
        lines_total: of_reason.unwrap_or(of_outcome),
        run: run_of(&web, t, &batch),
        progress: progress(&web, t, &batch),
        again_url: (seat.asker.has(Role::Archivist) && batch.rejected > 0 && !batch.state.is_open()).then_some(ADD),
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
        exports: exports_of(t, &base),
        name: batch.name,
    };
    Ok(Html(view.render()?))
}

fn lines_title(t: Text, outcome: Option<Outcome>) -> String {
    match outcome {
        None => t.say("batch-lines"),
        Some(outcome) => t.with("batch-lines-of", "outcome", t.word("outcome", outcome.as_str())),
    }
}

/// Files that are not counted, and what of the manifests could not be used; each with what is said of it.
async fn beside_the_files(web: &Web, seat: &Seat, id: &BatchId, roots: &[String]) -> Result<(Noted, Noted)> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let ignored = web
        .archive
        .batch_lines(&seat.asker, id, &LinesOf::of(Outcome::Ignored), 0, limit)
        .await?;
    let ignored = ignored
        .into_iter()
        .map(|(_, line)| (below(&line.path.shown(), roots), parts::said(t, line.detail.as_ref())));
    let problems = web.archive.batch_problems(&seat.asker, id).await?;
    let problems = problems.into_iter().map(|problem| {
        let place = format!("{}:{}", below(&problem.file, roots), problem.line);
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

/// `GET /batches/{id}/report.pdf`
pub async fn pdf(State(web): State<Web>, seat: Seat, Path(id): Path<String>) -> Result<Response> {
    let id = BatchId::parse(&id)?;
    let words = words::of_report(seat.t);
    let (_, table) = services::batches::report_table(&web.archive, &seat.asker, &id, &words, seat.t.0).await?;
    let name = table.title.clone();
    let paper = web.lists(&seat.asker, seat.t).on_paper(table).await?;
    Ok(kept::pdf(paper, &name))
}

async fn file(web: &Web, seat: &Seat, id: &str, format: Format) -> Result<Response> {
    let id = BatchId::parse(id)?;
    export::batch(web, &seat.asker, seat.t, &id, format).await
}

fn exports_of(t: Text, base: &str) -> Vec<ViewLink> {
    [
        ("Excel".to_owned(), "xlsx"),
        ("CSV".to_owned(), "csv"),
        (t.say("export-pdf"), "pdf"),
    ]
    .map(|(label, ending)| ViewLink {
        url: format!("{base}/report.{ending}"),
        label,
    })
    .into()
}
