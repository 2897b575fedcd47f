//! Imports of registers: what a table says against what stands in the record, what was written, and how it is undone.
//!
//! An import never destroys. A column that a table does not have leaves its field alone; an empty cell is said before
//! it empties anything; a likely double is held until a person accepts it. What an import wrote is one entry in the
//! history of each record, and one order takes it back.

pub mod fields;
pub mod merge;
pub(crate) mod sql;

pub use vocabulary::{DoubleBecause, KeptBecause, Register};

use crate::{
    Moment,
    ids::ImportId,
    tables::{CellFault, LineProblem, OnBadLine, Table},
};
use std::{borrow::Cow, collections::BTreeSet};

/// What an empty cell in a column that the table has does to a value that stands in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmptyCells {
    /// Nothing; the report says what it would empty.
    #[default]
    Keep,
    /// It empties the field.
    Clear,
}

/// What becomes of a line that is likely a double of another record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Doubles {
    /// It is held back: not written, and said.
    #[default]
    Hold,
    /// It is written; a person has looked at it.
    Accept,
}

/// How a table is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOrder {
    pub on_bad_line: OnBadLine,
    pub empty_cells: EmptyCells,
    pub doubles: Doubles,
    /// Nothing is written; the report shows each change before and after.
    pub dry_run: bool,
    /// What the table was called where it came from.
    pub file_name: String,
    /// SHA-256 of its bytes, in hexadecimal; may be empty.
    pub sha256: String,
}

impl From<OnBadLine> for ImportOrder {
    fn from(on_bad_line: OnBadLine) -> Self {
        Self {
            on_bad_line,
            empty_cells: EmptyCells::default(),
            doubles: Doubles::default(),
            dry_run: false,
            file_name: String::new(),
            sha256: String::new(),
        }
    }
}

/// One field of one record. An empty text is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Name of a field of the register, or `attribute:NAME`.
    pub field: Cow<'static, str>,
    pub before: String,
    pub after: String,
}

/// What a line changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    pub line: u64,
    pub code: String,
    pub name: String,
    pub added: bool,
    pub fields: Vec<FieldChange>,
}

/// An empty cell above a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmptyCell {
    pub line: u64,
    pub code: String,
    pub field: String,
    /// What stands there, as lists show it.
    pub value: String,
}

/// A line beside the record, or the earlier line, that it is likely a double of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Double {
    pub line: u64,
    pub code: String,
    pub name: String,
    pub other_code: String,
    pub other_name: String,
    /// The line of the table on which the other stands; `None` when it stands in the register.
    pub other_line: Option<u64>,
    pub because: DoubleBecause,
    /// What both have, as lists show it.
    pub value: String,
    /// Whether the line waits for a person; otherwise this is for information.
    pub held: bool,
}

/// What an import did, or would do. `refused` means that nothing was written at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// What was written can be undone under this id; nothing was written without one.
    pub id: Option<ImportId>,
    pub dry_run: bool,
    pub refused: bool,
    pub lines: u64,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Lines that wait because they are likely doubles.
    pub held: u64,
    pub problems: Vec<LineProblem>,
    pub unknown_columns: Vec<String>,
    /// Each change before and after, of a dry run.
    pub changes: Vec<LineChange>,
    pub empty_cells: Vec<EmptyCell>,
    pub doubles: Vec<Double>,
}

impl ImportReport {
    /// Whether lines would be left if those with problems were skipped.
    pub fn skipping_helps(&self) -> bool {
        let bad: BTreeSet<u64> = self.problems.iter().map(|problem| problem.line).collect();
        let of_table = |problem: &LineProblem| matches!(problem.fault, CellFault::OtherRegister(_));
        !bad.is_empty() && (bad.len() as u64) < self.lines && !self.problems.iter().any(of_table)
    }
}

/// An import as it stands in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    pub id: ImportId,
    pub register: Register,
    pub file_name: String,
    pub sha256: String,
    pub by: String,
    pub at: Moment,
    pub change_id: String,
    pub lines: i64,
    pub added: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub held: i64,
    pub problems: i64,
    pub undone: Option<(Moment, String)>,
}

/// One record that an import added or changed, as it stands in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRecord {
    pub change: LineChange,
    /// Why an undo left it, wholly or in part.
    pub kept: Option<KeptBecause>,
}

/// What an undo left, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUndone {
    pub code: String,
    /// Empty for the whole record.
    pub field: String,
    pub because: KeptBecause,
}

/// What the undo of an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UndoReport {
    /// Records that have fields put back.
    pub restored: u64,
    /// Records that the import had added and that are gone again.
    pub removed: u64,
    pub kept: Vec<NotUndone>,
}

/// A record as a form shows it: personal numbers are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub code: String,
    pub version: i64,
    pub values: fields::Values,
}

/// What came of adding or changing one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryOutcome {
    Written {
        id: String,
        code: String,
        version: i64,
    },
    /// Nothing was written: this field cannot be used as it was typed.
    Faulty {
        field: String,
        fault: CellFault,
    },
    /// Nothing was written: these are likely the same, and a person must say that they are not.
    Doubles(Vec<Double>),
}

impl EntryOutcome {
    pub(crate) fn missing(field: &str) -> Self {
        EntryOutcome::Faulty {
            field: field.to_owned(),
            fault: CellFault::Missing,
        }
    }
}

impl ImportReport {
    /// The report of a table before its first line.
    pub(crate) fn of(table: &Table, order: &ImportOrder) -> Self {
        Self {
            dry_run: order.dry_run,
            lines: table.rows.len() as u64,
            unknown_columns: table.unknown_columns.clone(),
            ..Self::default()
        }
    }

    /// Orders the problems and decides whether they refuse the table.
    pub(crate) fn settle(&mut self, order: &ImportOrder) {
        self.problems.sort_by_key(|problem| problem.line);
        if !self.problems.is_empty() && order.on_bad_line == OnBadLine::RefuseTable {
            self.refused = true;
            if !self.dry_run {
                (self.added, self.changed, self.unchanged, self.held) = (0, 0, 0, 0);
            }
        }
    }
}
