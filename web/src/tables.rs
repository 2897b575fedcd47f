//! Tables that a browser or a program sends. Not a byte of them is parsed here: their cells are read by a process of its
//! own (`records::tables::reader`), and here cells get their columns.

use crate::{http::error::WebError, state::Web};
use records::{
    Asker,
    batches::MANIFEST_COLUMNS,
    ids::Fingerprint,
    imports::{Doubles, EmptyCells, ImportOrder, ImportReport, Register},
    registers,
    stocktakes::{OFFLINE_COLUMNS, OfflineLine, offline_lines},
    tables::{
        Lines, OnBadLine, Table, TableError, TableLimits, TableMeasure, TableRequest, arrange, arrange_forgiving,
    },
};

/// Bytes of a request with a table in it; the table itself is measured when it is read.
pub const BODY_BYTES_MAX: usize = 16 << 20;

fn limits(web: &Web, register: Register) -> TableLimits {
    let limits = TableLimits {
        bytes_max: web.config.limits.table_bytes_max,
        rows_max: web.config.limits.table_rows_max,
        ..TableLimits::default()
    };
    registers::limits_of(register, limits)
}

/// The lines of a table as it was sent.
///
/// # Errors
/// When it is too large or no table.
pub async fn lines(web: &Web, register: Register, bytes: Vec<u8>) -> Result<Lines, TableError> {
    let request = TableRequest::of(registers::columns_of(register), limits(web, register));
    web.tables.lines(bytes, request).await
}

/// Gives the cells the columns of a register.
///
/// # Errors
/// When it is no table of these columns.
pub fn arranged(web: &Web, register: Register, lines: Lines) -> Result<Table, TableError> {
    registers::arranged(register, lines, &limits(web, register))
}

/// The lines of the list of a delivery.
///
/// # Errors
/// When it is too large or no table.
pub async fn manifest_lines(web: &Web, bytes: Vec<u8>) -> Result<Lines, TableError> {
    web.tables
        .lines(bytes, TableRequest::of(MANIFEST_COLUMNS, sent_limits(web)))
        .await
}

/// The same with its columns; the numbers of the lines with more cells than the header beside it.
///
/// # Errors
/// When it has no column of paths.
pub fn manifest(web: &Web, lines: Lines) -> Result<(Table, Vec<u64>), TableError> {
    arrange_forgiving(lines, MANIFEST_COLUMNS, &sent_limits(web))
}

fn sent_limits(web: &Web) -> TableLimits {
    TableLimits {
        bytes_max: web.config.limits.table_bytes_max,
        rows_max: web.config.limits.table_rows_max,
        ..TableLimits::default()
    }
}

/// The lines of a file of scans that was made offline.
///
/// # Errors
/// When it is too large or no such table.
pub async fn offline_scans(web: &Web, bytes: Vec<u8>) -> Result<Vec<OfflineLine>, TableError> {
    let limits = sent_limits(web);
    let request = TableRequest::of(OFFLINE_COLUMNS, limits);
    let lines = web.tables.lines(bytes, request).await?;
    Ok(offline_lines(&arrange(lines, OFFLINE_COLUMNS, &limits)?))
}

/// Imports a table that the program itself has written, or tries it.
///
/// # Errors
/// When the asker may not, or the record does not answer.
pub async fn import_text(
    web: &Web,
    asker: &Asker,
    register: Register,
    name: &str,
    text: String,
    dry_run: bool,
) -> Result<ImportReport, WebError> {
    let order = ImportOrder {
        on_bad_line: OnBadLine::RefuseTable,
        empty_cells: EmptyCells::Keep,
        doubles: Doubles::Hold,
        dry_run,
        file_name: name.to_owned(),
        sha256: Fingerprint::of(text.as_bytes()).hex(),
    };
    let lines = lines(web, register, text.into_bytes()).await;
    let table = lines
        .and_then(|lines| arranged(web, register, lines))
        .map_err(refused)?;
    let report = web.archive.import_table(asker, register, &table, order).await?;
    if report.id.is_some() {
        web.wrote(asker).await?;
    }
    Ok(report)
}

/// A table that cannot be read, as a program is told.
pub fn refused(cause: TableError) -> WebError {
    match cause {
        TableError::TooLarge {
            what: TableMeasure::Bytes,
            limit,
            ..
        } => WebError::TooLarge { limit },
        cause => WebError::invalid("table", cause.to_string()),
    }
}
