//! Imports: a table is tried, shown before and after, written, and taken back.

mod columns;
mod sample;
mod shown;
mod trial;

use super::{
    lists,
    parts::{self, Choice, ViewLink},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    tables,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{DefaultBodyLimit, Path, Query, State},
    handler::Handler,
    response::{Html, Redirect},
};
pub use columns::{ColumnShown, ColumnsSaid, shown as columns_shown};
use records::registers;
use serde::Deserialize;
pub use shown::{FieldShown, ImportSummary, LineShown, Remark, TwinShown, fault, label, twin, unreadable};
pub use trial::{TrialView, send, try_text};

pub const SUBJECT: Subject = Subject {
    name: "imports",
    rail: Some(rail::office("/imports", "imports-title", rail::keepers)),
    routes,
    words: "imports",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/imports", imports)
        .form("/imports", send.layer(DefaultBodyLimit::max(tables::BODY_BYTES_MAX)))
        .view("/imports/{id}", import)
        .form("/imports/{id}/undo", undo)
}

#[derive(Template)]
#[template(path = "imports.html")]
pub struct ImportsView {
    pub t: Text,
    pub shell: Shell,
    pub registers: Vec<Choice>,
    pub rows: Vec<ImportSummary>,
    pub exports: Vec<ViewLink>,
    pub next_window: Option<String>,
}

#[derive(Template)]
#[template(path = "import.html")]
pub struct ImportView {
    pub t: Text,
    pub shell: Shell,
    pub summary: ImportSummary,
    pub records: Vec<LineShown>,
    pub undo_url: Option<String>,
    pub next_window: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct ImportsAddress {
    #[serde(default)]
    register: String,
    #[serde(default)]
    after: String,
}

/// `GET /imports`
pub async fn imports(State(web): State<Web>, seat: Seat, Query(asked): Query<ImportsAddress>) -> Result<Html<String>> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let kept = registers::kept_by(&seat.asker)?;
    let rows = web.archive.imports(&seat.asker, &asked.after, limit + 1).await?;
    let (rows, goes_on) = api_types::window(rows, limit);
    let last = rows.last().filter(|_| goes_on);
    let next_window = last.map(|last| address::with_query("/imports", &[("after", last.id.as_str())]));
    let view = ImportsView {
        t,
        exports: lists::exports(t, vocabulary::RecordList::Imports),
        shell: web.shell(&seat, Here("admin")).await?,
        registers: kept
            .into_iter()
            .map(|register| Choice {
                value: register.as_str().to_owned(),
                label: t.word("register", register.as_str()),
                chosen: register.as_str() == asked.register,
            })
            .collect(),
        rows: rows.into_iter().map(|row| shown::summary(&web, t, row)).collect(),
        next_window,
    };
    Ok(Html(view.render()?))
}

#[derive(Debug, Default, Deserialize)]
pub struct ImportAddress {
    #[serde(default)]
    after: usize,
    #[serde(default)]
    said: String,
}

/// `GET /imports/{id}`: what one import wrote.
pub async fn import(
    State(web): State<Web>,
    seat: Seat,
    Path(id): Path<String>,
    Query(asked): Query<ImportAddress>,
) -> Result<Html<String>> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let row = web.archive.import(&seat.asker, &id).await?;
    let row = row.ok_or(WebError::NotFound)?;
    let (register, id) = (row.register, row.id.clone());
    let records = web
        .archive
        .import_records(&seat.asker, &id, asked.after, limit + 1)
        .await?;
    let (records, goes_on) = api_types::window(records, limit);
    let url = format!("/imports/{id}");
    let mut shell = web.shell(&seat, Here("admin")).await?;
    let said = match asked.said.as_str() {
        "written" => Some(t.say("import-said-written")),
        "undone" => Some(t.say("import-said-undone")),
        _ => None,
    };
    shell.notice = said.map(|text| ShellNotice { tone: "good", text });
    let view = ImportView {
        t,
        shell,
        undo_url: row.undone.is_none().then(|| format!("{url}/undo")),
        next_window: goes_on.then(|| format!("{url}?after={}", asked.after + limit)),
        records: (records.into_iter())
            .map(|record| shown::line(&web, t, register, record.change, record.kept))
            .collect(),
        summary: shown::summary(&web, t, row),
    };
    Ok(Html(view.render()?))
}

/// `POST /imports/{id}/undo`
pub async fn undo(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    web.archive.import_undo(&seat.asker, &id).await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to(&format!("/imports/{}?said=undone", address::encode(&id))))
}

/// How many there are, as a screen counts.
pub(super) fn count(number: i64) -> u64 {
    parts::count(number)
}
