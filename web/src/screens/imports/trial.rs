//! A table is tried: what it would write, line by line, what is wrong in it, and what its columns are taken for.

use super::{
    ColumnShown, LineShown, Remark, TwinShown,
    columns::{self, ColumnsSaid},
    shown,
};
use crate::{
    http::{
        error::{Final, Result, WebError},
        upload::Uploaded,
        who::Seat,
    },
    screens::shell::{Here, Shell, ShellNotice},
    state::Web,
    tables,
    text::Text,
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    ids::Fingerprint,
    imports::{Doubles, EmptyCells, ImportOrder, ImportReport, Register},
    registers,
    tables::OnBadLine,
};

/// Lines of each part that a trial shows; the counts are of all.
const SHOWN_MAX: usize = 200;

/// A table against the record, before anything is written.
#[derive(Template)]
#[template(path = "import_try.html")]
pub struct TrialView {
    pub t: Text,
    pub shell: Shell,
    pub file_name: String,
    pub register: String,
    pub register_name: String,
    /// What each of its columns is taken for.
    pub columns: Vec<ColumnShown>,
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

/// A table as it was sent, with what was ticked.
struct SentTable {
    register: Register,
    order: ImportOrder,
    bytes: Vec<u8>,
    /// The table as text, once it was read; the form that writes it sends this.
    text: String,
    writes: bool,
    /// What people say of its columns.
    said: ColumnsSaid,
}

/// `POST /imports`: tries a table, or writes it when the person has seen what it does.
pub async fn send(State(web): State<Web>, uploaded: Uploaded) -> Result<Response> {
    let (seat, sent) = read(uploaded)?;
    tried(&web, &seat, sent).await
}

/// A table that the program itself has made, tried like one that was sent.
///
/// # Errors
/// When the record does not answer, or the asker may not.
pub async fn try_text(web: &Web, seat: &Seat, register: Register, file_name: String, text: String) -> Result<Response> {
    let bytes = text.into_bytes();
    let order = ImportOrder {
        on_bad_line: OnBadLine::RefuseTable,
        empty_cells: EmptyCells::Keep,
        doubles: Doubles::Hold,
        dry_run: true,
        file_name,
        sha256: Fingerprint::of(&bytes).hex(),
    };
    let sent = SentTable {
        register,
        order,
        bytes,
        text: String::new(),
        writes: false,
        said: ColumnsSaid::default(),
    };
    tried(web, seat, sent).await
}

async fn tried(web: &Web, seat: &Seat, mut sent: SentTable) -> Result<Response> {
    seat.asker.require(registers::keeper(sent.register))?;
    let lines = tables::lines(web, sent.register, std::mem::take(&mut sent.bytes)).await;
    let mut columns = Vec::new();
    let table = lines.and_then(|mut lines| {
        sent.said.apply(registers::columns_of(sent.register), &mut lines);
        columns = columns::of_register(seat.t, sent.register, &lines);
        sent.text = records::tables::text_of(&lines);
        tables::arranged(web, sent.register, lines)
    });
    let table = match table {
        Ok(table) => table,
        Err(cause) => {
            let fault = shown::unreadable(seat.t, &cause);
            return trial(web, seat, sent, columns, ImportReport::default(), fault).await;
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
        None => trial(web, seat, sent, columns, report, String::new()).await,
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
    let said = ColumnsSaid::read(&mut fields)?;
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
        said,
    };
    Ok((seat, sent))
}

async fn trial(
    web: &Web,
    seat: &Seat,
    sent: SentTable,
    columns: Vec<ColumnShown>,
    report: ImportReport,
    fault: String,
) -> Result<Response> {
    let t = seat.t;
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
    let status = match fault.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let view = view(web, t, shell, sent, report, fault);
    let view = TrialView { columns, ..view };
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

fn view(web: &Web, t: Text, shell: Shell, sent: SentTable, report: ImportReport, fault: String) -> TrialView {
    let (register, order) = (sent.register, sent.order);
    let counts = [
        ("import-added", report.added),
        ("import-changed", report.changed),
        ("import-unchanged", report.unchanged),
        ("import-held", report.held),
    ];
    let skipping_helps = report.skipping_helps();
    let skips = order.on_bad_line == OnBadLine::SkipLine;
    TrialView {
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
        columns: Vec::new(),
        table: sent.text,
        fault,
    }
}
