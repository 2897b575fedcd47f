//! Imports of registers: the report, the list, what each wrote, and what an undo did.

use crate::codes;
use crate::list::ListJson;
use records::{
    imports::{
        Double, EmptyCell, FieldChange, ImportReport, ImportRow, ImportedRecord, LineChange, NotUndone, UndoReport,
    },
    tables::LineProblem,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What an import did, or, of a dry run, would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReportJson {
    /// What was written can be undone under this id; `null` when nothing was written.
    pub id: Option<String>,
    pub dry_run: bool,
    /// Some lines cannot be used and the order was to write none then.
    pub refused: bool,
    pub lines: u64,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Lines that wait because they are likely doubles.
    pub held: u64,
    pub unknown_columns: Vec<String>,
    pub problems: Vec<LineProblemJson>,
    /// Each change before and after, of a dry run.
    pub changes: Vec<LineChangeJson>,
    /// Empty cells above a value.
    pub empty_cells: Vec<EmptyCellJson>,
    pub doubles: Vec<DoubleJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LineProblemJson {
    pub line: u64,
    pub column: String,
    pub value: String,
    /// A stable word for programs, and what it is filled with.
    pub code: String,
    pub argument: String,
    /// The same in English.
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LineChangeJson {
    /// 0 for what no line states, such as a place made around another.
    pub line: u64,
    pub code: String,
    pub name: String,
    pub added: bool,
    pub fields: Vec<FieldChangeJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChangeJson {
    /// Name of a field of the register, or `attribute:NAME`.
    pub field: String,
    pub before: String,
    pub after: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EmptyCellJson {
    pub line: u64,
    pub code: String,
    pub field: String,
    pub value: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DoubleJson {
    pub line: u64,
    pub code: String,
    pub name: String,
    pub other_code: String,
    pub other_name: String,
    /// Line of the table on which the other stands; `null` when it stands in the register.
    pub other_line: Option<u64>,
    /// `credit_code`, `id_number` or `name_and_address`.
    #[schema(schema_with = codes::code::<vocabulary::DoubleBecause>)]
    pub because: String,
    pub value: String,
    /// The line waits for a person; otherwise this is for information.
    pub held: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ImportJson {
    pub id: String,
    #[schema(schema_with = codes::code::<vocabulary::Register>)]
    pub register: String,
    pub file_name: String,
    pub sha256: String,
    pub by: String,
    pub at: String,
    /// Under which the import stands in the history of each record.
    pub change_id: String,
    pub lines: i64,
    pub added: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub held: i64,
    pub problems: i64,
    pub undone_at: Option<String>,
    pub undone_by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedRecordJson {
    pub line: u64,
    pub code: String,
    pub name: String,
    pub added: bool,
    pub fields: Vec<FieldChangeJson>,
    /// Why an undo left it, wholly or in part.
    pub kept: Option<String>,
}

/// What one import wrote.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportWithRecordsJson {
    pub import: ImportJson,
    /// What it added and changed, in the order of its lines; personal numbers are masked.
    pub items: Vec<ImportedRecordJson>,
    /// How many it added and changed.
    pub total: i64,
    /// Send it as `after` for the next window; `null` where this is the last.
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ImportUndoJson {
    pub restored: u64,
    pub removed: u64,
    pub kept: Vec<KeptJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KeptJson {
    pub code: String,
    /// Empty for the whole record.
    pub field: String,
    #[schema(schema_with = codes::code::<vocabulary::KeptBecause>)]
    pub because: String,
}

pub fn import_report(report: ImportReport) -> ImportReportJson {
    let ImportReport {
        id,
        dry_run,
        refused,
        lines,
        added,
        changed,
        unchanged,
        held,
        problems,
        unknown_columns,
        changes,
        empty_cells,
        doubles,
    } = report;
    ImportReportJson {
        id: id.map(|id| id.to_string()),
        dry_run,
        refused,
        lines,
        added,
        changed,
        unchanged,
        held,
        unknown_columns,
        problems: problems.into_iter().map(line_problem).collect(),
        changes: changes.into_iter().map(line_change).collect(),
        empty_cells: empty_cells.into_iter().map(empty_cell).collect(),
        doubles: doubles.into_iter().map(double).collect(),
    }
}

fn line_problem(problem: LineProblem) -> LineProblemJson {
    let LineProblem {
        line,
        column,
        value,
        fault,
    } = problem;
    LineProblemJson {
        line,
        column,
        value,
        code: fault.code().to_owned(),
        argument: fault.argument(),
        reason: fault.to_string(),
    }
}

fn line_change(change: LineChange) -> LineChangeJson {
    let LineChange {
        line,
        code,
        name,
        added,
        fields,
    } = change;
    LineChangeJson {
        line,
        code,
        name,
        added,
        fields: fields.into_iter().map(field_change).collect(),
    }
}

fn field_change(change: FieldChange) -> FieldChangeJson {
    let FieldChange { field, before, after } = change;
    FieldChangeJson {
        field: field.into_owned(),
        before,
        after,
    }
}

fn empty_cell(cell: EmptyCell) -> EmptyCellJson {
    let EmptyCell {
        line,
        code,
        field,
        value,
    } = cell;
    EmptyCellJson {
        line,
        code,
        field,
        value,
    }
}

pub(crate) fn double(double: Double) -> DoubleJson {
    let Double {
        line,
        code,
        name,
        other_code,
        other_name,
        other_line,
        because,
        value,
        held,
    } = double;
    DoubleJson {
        line,
        code,
        name,
        other_code,
        other_name,
        other_line,
        because: because.as_str().to_owned(),
        value,
        held,
    }
}

pub fn import_row(row: ImportRow) -> ImportJson {
    let ImportRow {
        id,
        register,
        file_name,
        sha256,
        by,
        at,
        change_id,
        lines,
        added,
        changed,
        unchanged,
        held,
        problems,
        undone,
    } = row;
    let (undone_at, undone_by) = undone.map(|(at, by)| (at.rfc3339(), by)).unzip();
    ImportJson {
        id: id.to_string(),
        register: register.as_str().to_owned(),
        file_name,
        sha256,
        by,
        at: at.rfc3339(),
        change_id,
        lines,
        added,
        changed,
        unchanged,
        held,
        problems,
        undone_at,
        undone_by,
    }
}

pub fn imported_record(record: ImportedRecord) -> ImportedRecordJson {
    let ImportedRecord { change, kept } = record;
    let LineChangeJson {
        line,
        code,
        name,
        added,
        fields,
    } = line_change(change);
    ImportedRecordJson {
        line,
        code,
        name,
        added,
        fields,
        kept: kept.map(|because| because.as_str().to_owned()),
    }
}

pub fn import_undo(report: UndoReport) -> ImportUndoJson {
    let UndoReport {
        restored,
        removed,
        kept,
    } = report;
    let kept = kept.into_iter().map(|kept| {
        let NotUndone { code, field, because } = kept;
        KeptJson {
            code,
            field,
            because: because.as_str().to_owned(),
        }
    });
    ImportUndoJson {
        restored,
        removed,
        kept: kept.collect(),
    }
}

/// One window of the imports that was read with one more than `limit`.
pub fn imports(rows: Vec<ImportRow>, limit: usize, total: i64) -> ListJson<ImportJson> {
    ListJson::window(rows, limit, total, |row| row.id.to_string(), import_row)
}

/// An import with a window of its records behind the first `skip`, read with one more than `limit`.
pub fn import_with_records(
    import: ImportRow,
    records: Vec<ImportedRecord>,
    skip: usize,
    limit: usize,
) -> ImportWithRecordsJson {
    let (total, end) = (import.added + import.changed, skip.saturating_add(limit));
    let ListJson {
        items,
        total,
        next,
        total_is_exact: _,
    } = ListJson::window(records, limit, total, |_| end.to_string(), imported_record);
    ImportWithRecordsJson {
        import: import_row(import),
        items,
        total,
        next,
    }
}
