//! Why a table cannot be read at all: a code with arguments, said in English here and in the reader's language by whoever
//! shows it.

use vocabulary::Register;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TableError {
    #[error("the table is empty; its first line must name the columns ({0})")]
    Empty(String),
    #[error("the table has no column `{column}` (its header may also be {headers}); it has: {found}")]
    MissingColumn {
        column: &'static str,
        /// Other headers that are taken for it.
        headers: String,
        found: String,
    },
    /// The table is one of another register.
    #[error(
        "these are the columns of {0}: {1}; import the table with `dossier {0} import`, or name the columns otherwise",
        .register.as_str(), .columns
    )]
    OtherRegister { register: Register, columns: String },
    #[error("the column `{0}` stands twice in the table")]
    TwiceColumn(String),
    #[error("line {line}: {reason}")]
    Line { line: u64, reason: String },
    #[error("line {line}: it has {found} cells and the header {header}; check commas and quotes")]
    Cells { line: u64, found: usize, header: usize },
    #[error(
        "line {line}, cell {column}: a quotation mark is opened there and never closed; close it, or write it twice where \
         it belongs to the text"
    )]
    OpenQuote { line: u64, column: usize },
    #[error("the only sheet with a table, `{0}`, is hidden; show it in the spreadsheet and save the workbook again")]
    HiddenSheet(String),
    #[error("the table is neither UTF-8 nor GB18030 text (first bad byte at {0}); save it as CSV UTF-8 or XLSX")]
    Encoding(usize),
    #[error("the workbook cannot be read: {0}; save it again as XLSX or CSV")]
    Workbook(String),
    #[error("the table was not read within {seconds} s; save it again as CSV, or split it")]
    TooSlow { seconds: u64 },
    #[error("reading the table takes more than {megabytes} MB of memory; save it again as CSV, or split it")]
    TooMuchMemory { megabytes: u64 },
    /// What reads tables for those who serve has failed.
    #[error("the table cannot be read here: {0}; save it again as CSV")]
    Reader(String),
    #[error("the table has {found} {}, more than the limit of {limit}; split it", .what.as_str())]
    TooLarge {
        what: TableMeasure,
        found: usize,
        limit: usize,
    },
}

/// What of a table is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableMeasure {
    Bytes,
    Rows,
    Columns,
    CellCharacters,
}

impl TableMeasure {
    fn as_str(self) -> &'static str {
        match self {
            TableMeasure::Bytes => "bytes",
            TableMeasure::Rows => "rows",
            TableMeasure::Columns => "columns",
            TableMeasure::CellCharacters => "characters in a cell",
        }
    }
}

impl TableError {
    /// A stable word for programs and for the sentences of screens.
    pub fn code(&self) -> &'static str {
        match self {
            TableError::Empty(_) => "empty",
            TableError::MissingColumn { .. } => "missing_column",
            TableError::OtherRegister { .. } => "other_register",
            TableError::TwiceColumn(_) => "twice_column",
            TableError::Line { .. } => "line",
            TableError::Cells { .. } => "cells",
            TableError::OpenQuote { .. } => "open_quote",
            TableError::HiddenSheet(_) => "hidden_sheet",
            TableError::Encoding(_) => "encoding",
            TableError::Workbook(_) => "workbook",
            TableError::TooSlow { .. } => "too_slow",
            TableError::TooMuchMemory { .. } => "too_much_memory",
            TableError::Reader(_) => "reader",
            TableError::TooLarge { what, .. } => match what {
                TableMeasure::Bytes => "too_many_bytes",
                TableMeasure::Rows => "too_many_rows",
                TableMeasure::Columns => "too_many_columns",
                TableMeasure::CellCharacters => "cell_too_long",
            },
        }
    }

    /// What the sentence is filled with: what it is about, and what stands there instead.
    pub fn arguments(&self) -> (String, String) {
        match self {
            TableError::Empty(columns) => (columns.clone(), String::new()),
            TableError::MissingColumn { column, headers, found } => (format!("{column}, {headers}"), found.clone()),
            TableError::OtherRegister { register, columns } => (register.as_str().to_owned(), columns.clone()),
            TableError::TwiceColumn(column) => (column.clone(), String::new()),
            TableError::Line { line, reason } => (line.to_string(), reason.clone()),
            TableError::Cells { line, found, .. } => (line.to_string(), found.to_string()),
            TableError::OpenQuote { line, column } => (line.to_string(), column.to_string()),
            TableError::HiddenSheet(name) => (name.clone(), String::new()),
            TableError::Encoding(at) => (at.to_string(), String::new()),
            TableError::Workbook(reason) | TableError::Reader(reason) => (reason.clone(), String::new()),
            TableError::TooSlow { seconds } => (seconds.to_string(), String::new()),
            TableError::TooMuchMemory { megabytes } => (megabytes.to_string(), String::new()),
            TableError::TooLarge { limit, found, .. } => (limit.to_string(), found.to_string()),
        }
    }
}

pub(super) fn too_many(what: TableMeasure, found: usize, limit: usize) -> Result<(), TableError> {
    if found > limit {
        Err(TableError::TooLarge { what, found, limit })
    } else {
        Ok(())
    }
}
