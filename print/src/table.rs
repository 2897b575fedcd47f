//! A table: a title, facts about it, columns and rows. The same table becomes CSV, XLSX and PDF.

use crate::{PrintError, Result};
use records::Moment;

/// How much goes into one file.
#[derive(Debug, Clone, Copy)]
pub struct PrintLimits;

impl PrintLimits {
    pub const LABELS_MAX: usize = 10_000;
    pub const COVERS_MAX: usize = 2_000;
    /// Rows of a printed table.
    pub const PDF_ROWS_MAX: usize = 50_000;
    /// Rows that a worksheet has, less those above the table.
    pub const XLSX_ROWS_MAX: usize = 1_048_000;

    /// # Errors
    /// [`PrintError::Nothing`] for none and [`PrintError::TooMany`] beyond the most.
    pub(crate) fn check(what: &'static str, count: usize, max: usize) -> Result<()> {
        match count {
            0 => Err(PrintError::Nothing(what)),
            count if count > max => Err(PrintError::TooMany { what, count, max }),
            _ => Ok(()),
        }
    }
}

/// A table without facts is data: its headings are the first row of the worksheet. One with facts is a form: title
/// and facts are above the headings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PrintedTable {
    pub title: String,
    /// Label and value, such as `户号` and `0512-3307`.
    pub facts: Vec<(String, String)>,
    pub columns: Vec<Column>,
    /// Missing cells at the end of a row are empty, those beyond the columns are left out.
    pub rows: Vec<Vec<Cell>>,
    /// A line below the table on paper, such as the totals; may be empty.
    pub closing: String,
    /// Stands in the properties of the file; without it two prints of the same table are the same bytes.
    pub made_at: Option<Moment>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub heading: String,
    pub kind: ColumnKind,
    /// Share of the width on paper, against the shares of the other columns; 1 is usual.
    pub share: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    /// Right-aligned; texts in it that are plain numbers are written as numbers.
    Number,
    /// An empty box to tick on paper, an empty column in XLSX, left out of CSV.
    Tick,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Integer(i64),
    Number(f64),
}

impl Column {
    pub fn text(heading: &str, share: f32) -> Self {
        Self::of(heading, share, ColumnKind::Text)
    }

    pub fn number(heading: &str, share: f32) -> Self {
        Self::of(heading, share, ColumnKind::Number)
    }

    pub fn tick(heading: &str, share: f32) -> Self {
        Self::of(heading, share, ColumnKind::Tick)
    }

    fn of(heading: &str, share: f32, kind: ColumnKind) -> Self {
        Self {
            heading: heading.to_owned(),
            kind,
            share,
        }
    }
}

impl Cell {
    /// As it is read on paper.
    pub(crate) fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Integer(number) => number.to_string(),
            Cell::Number(number) => number.to_string(),
        }
    }
}

impl PrintedTable {
    pub(crate) fn cell(&self, row: usize, column: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(EMPTY)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text.to_owned())
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Integer(number)
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Cell::Empty, Cell::Integer)
    }
}
