//! Imports: a table is tried, shown before and after, written, and taken back.

mod sample;
mod shown;

use super::{
    parts::{self, Choice},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address,
        error::{Final, Result, WebError},
        upload::Uploaded,
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
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    ids::Fingerprint,
    imports::{Doubles, EmptyCells, ImportOrder, ImportReport, Register},
    registers,
    tables::OnBadLine,
};
use serde::Deserialize;
pub use shown::{FieldShown, ImportSummary, LineShown, Remark, TwinShown, fault, label, twin, unreadable};

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

/// Lines of each part that a trial shows; the counts are of all.
const SHOWN_MAX: usize = 200;

#[derive(Template)]
#[template(path = "imports.html")]
pub struct ImportsView {
    pub t: Text,
    pub shell: Shell,
    pub registers: Vec<Choice>,
    pub rows: Vec<ImportSummary>,
    pub next_window: Option<String>,
}

/// A table against the record, before anything is written.
#[derive(Template)]
#[template(path = "import_try.html")]
pub struct TrialView {
    pub t: Text,
    pub shell: Shell,
    pub file_name: String,
    pub register: String,
    pub register_name: String,
    /// The table itself, for the form that writes it.
    pub table: String,
    pub fault: String,
    pub counts: Vec<(String, u64)>,
    pub changes: Vec<LineShown>,
    pub changes_total: usize,
    pub problems: Vec<Remark>,
    pub empty_cells: Vec<Remark>,
    pub empty_total: usize,
    pub doubles: Vec<TwinShown>,
    pub held: u64,
    pub unknown_columns: String,
    /// Whether these are kept with the records or left out.
    pub keeps_own_columns: bool,
    pub can_write: bool,
    pub clear_empty: bool,
    pub accept_doubles: bool,
    pub skip_bad_lines: bool,
    /// Lines would be left if those with problems were skipped.
    pub skipping_helps: bool,
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

/// A table as it was sent, with what was ticked.
struct SentTable {
    register: Register,
    order: ImportOrder,
    bytes: Vec<u8>,
    /// The table as text, once it was read; the form that writes it sends this.
    text: String,
    writes: bool,
}

/// `POST /imports`: tries a table, or writes it when the person has seen what it does.
pub async fn send(State(web): State<Web>, uploaded: Uploaded) -> Result<Response> {
    let (seat, mut sent) = read(uploaded)?;
    seat.asker.require(registers::keeper(sent.register))?;
    let lines = tables::lines(&web, sent.register, std::mem::take(&mut sent.bytes)).await;
    let table = lines.and_then(|lines| {
        sent.text = records::tables::text_of(&lines);
        tables::arranged(&web, sent.register, lines)
    });
    let table = match table {
        Ok(table) => table,
        Err(cause) => {
            let fault = shown::unreadable(seat.t, &cause);
            return trial(&web, &seat, sent, ImportReport::default(), fault).await;
        }
    };
    let order = sent.order.clone();
    let report = web
        .archive
        .import_table(&seat.asker, sent.register, &table, order)
        .await?;
    match report.id {
        Some(id) => {
            web.wrote(&seat.asker).await?;
            Ok(Redirect::to(&format!("/imports/{id}?said=written")).into_response())
        }
        None => trial(&web, &seat, sent, report, String::new()).await,
    }
}

fn read(uploaded: Uploaded) -> Result<(Seat, SentTable)> {
    let Uploaded { seat, mut fields, file } = uploaded;
    let register = fields.text("register")?;
    let register = Register::from_code(&register).ok_or_else(|| WebError::invalid("register", "choose a register"))?;
    let ticked = |text: String| !text.is_empty();
    let (typed, typed_name) = (fields.text("table")?, fields.text("file_name")?);
    let writes = fields.text("step")? == "write";
    let (clear, accept) = (
        ticked(fields.text("clear_empty")?),
        ticked(fields.text("accept_doubles")?),
    );
    let skip = ticked(fields.text("skip_bad_lines")?);
    fields.done()?;
    let (file_name, bytes) = match file {
        Some((name, bytes)) => (name, bytes.to_vec()),
        None => (typed_name.chars().take(200).collect(), typed.into_bytes()),
    };
    let order = ImportOrder {
        on_bad_line: if skip {
            OnBadLine::SkipLine
        } else {
            OnBadLine::RefuseTable
        },
        empty_cells: if clear { EmptyCells::Clear } else { EmptyCells::Keep },
        doubles: if accept { Doubles::Accept } else { Doubles::Hold },
        dry_run: !writes,
        file_name,
        sha256: Fingerprint::of(&bytes).hex(),
    };
    let sent = SentTable {
        register,
        order,
        bytes,
        text: String::new(),
        writes,
    };
    Ok((seat, sent))
}

async fn trial(web: &Web, seat: &Seat, sent: SentTable, report: ImportReport, fault: String) -> Result<Response> {
    let t = seat.t;
    let (register, order) = (sent.register, sent.order);
    let mut shell = web.shell(seat, Here("admin")).await?;
    if sent.writes && fault.is_empty() {
        let key = if report.refused {
            "import-refused"
        } else {
            "import-nothing"
        };
        shell.notice = Some(ShellNotice {
            tone: "warn",
            text: t.say(key),
        });
    }
    let counts = [
        ("import-added", report.added),
        ("import-changed", report.changed),
        ("import-unchanged", report.unchanged),
        ("import-held", report.held),
    ];
    let skipping_helps = report.skipping_helps();
    let skips = order.on_bad_line == OnBadLine::SkipLine;
    let view = TrialView {
        t,
        shell,
        register: register.as_str().to_owned(),
        register_name: t.word("register", register.as_str()),
        file_name: order.file_name,
        counts: counts.map(|(key, count)| (t.say(key), count)).into(),
        changes_total: report.changes.len(),
        problems: report
            .problems
            .iter()
            .map(|problem| shown::problem(t, register, problem))
            .collect(),
        empty_total: report.empty_cells.len(),
        empty_cells: (report.empty_cells.iter().take(SHOWN_MAX))
            .map(|cell| shown::empty_cell(web, t, register, cell))
            .collect(),
        doubles: report
            .doubles
            .iter()
            .take(SHOWN_MAX)
            .map(|double| shown::twin(t, double))
            .collect(),
        held: report.held,
        keeps_own_columns: registers::keeps_own_columns(register),
        unknown_columns: report.unknown_columns.join(&t.say("list-separator")),
        skipping_helps,
        can_write: fault.is_empty()
            && (!report.changes.is_empty() || report.held > 0 || (report.refused && skipping_helps)),
        changes: (report.changes.into_iter().take(SHOWN_MAX))
            .map(|line| shown::line(web, t, register, line, None))
            .collect(),
        clear_empty: order.empty_cells == EmptyCells::Clear,
        accept_doubles: order.doubles == Doubles::Accept,
        skip_bad_lines: skips,
        table: if fault.is_empty() { sent.text } else { String::new() },
        fault,
    };
    let status = if view.fault.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
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
