//! Document kinds and checklists, and what a table of them would change.

use crate::codes::{code_or_empty, level_number};
use records::kinds::{Checklist, DocumentKind, LineFault, ListFault, ListPlan};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::CustomerKind;

#[derive(Debug, Serialize, ToSchema)]
pub struct KindJson {
    pub code: String,
    pub group: String,
    pub name_zh: String,
    pub name_en: String,
    pub title_patterns: Vec<String>,
    pub content_patterns: Vec<String>,
    /// Letters of O C P V S F W.
    pub flags: String,
    #[schema(schema_with = level_number)]
    pub security_level: i64,
    pub retention_class: String,
    pub position: i64,
    /// False for a retired kind, which is kept for what it already names.
    pub active: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChecklistJson {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// `person`, `organisation`, or empty for any.
    #[schema(schema_with = code_or_empty::<CustomerKind>)]
    pub customer_kind: String,
    /// Codes of kinds, in order.
    pub kinds: Vec<String>,
    pub position: i64,
    pub active: bool,
}

/// What an import did, or with `dry_run` would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanJson {
    pub dry_run: bool,
    /// Nothing was written, because of the problems.
    pub refused: bool,
    pub lines: u64,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub problems: Vec<ListProblemJson>,
    pub changes: Vec<ListChangeJson>,
    /// Headers that no list knows; they were left out.
    pub unknown_columns: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ListProblemJson {
    pub line: u64,
    pub column: String,
    pub value: String,
    /// A stable word, such as `kind_unknown`.
    pub code: String,
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ListChangeJson {
    pub line: u64,
    pub code: String,
    pub added: bool,
    pub fields: Vec<ListFieldJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ListFieldJson {
    pub column: String,
    pub before: String,
    pub after: String,
}

impl KindJson {
    pub fn of(kind: &DocumentKind) -> Self {
        let DocumentKind {
            code,
            group,
            name_zh,
            name_en,
            title_patterns,
            content_patterns,
            flags,
            security_level,
            retention_class,
            position,
            active,
        } = kind.clone();
        Self {
            code,
            group,
            name_zh,
            name_en,
            title_patterns,
            content_patterns,
            flags: flags.to_string(),
            security_level: security_level.number(),
            retention_class,
            position,
            active,
        }
    }
}

impl ChecklistJson {
    pub fn of(list: &Checklist) -> Self {
        let Checklist {
            code,
            name_zh,
            name_en,
            customer_kind,
            kind_codes,
            position,
            active,
        } = list.clone();
        Self {
            code,
            name_zh,
            name_en,
            customer_kind,
            kinds: kind_codes,
            position,
            active,
        }
    }
}

impl PlanJson {
    pub fn of(plan: &ListPlan, dry_run: bool, refused: bool) -> Self {
        let nothing = refused && !dry_run;
        Self {
            dry_run,
            refused,
            lines: plan.lines,
            added: if nothing { 0 } else { plan.added() },
            changed: if nothing { 0 } else { plan.changed() },
            unchanged: plan.unchanged,
            problems: plan.faults.iter().map(problem).collect(),
            changes: plan
                .changes
                .iter()
                .map(|change| ListChangeJson {
                    line: change.line,
                    code: change.code.clone(),
                    added: change.added,
                    fields: change
                        .cells
                        .iter()
                        .map(|cell| ListFieldJson {
                            column: cell.column.to_owned(),
                            before: cell.before.clone(),
                            after: cell.after.clone(),
                        })
                        .collect(),
                })
                .collect(),
            unknown_columns: plan.unknown_columns.clone(),
        }
    }
}

fn problem(fault: &LineFault) -> ListProblemJson {
    let LineFault {
        line,
        fault: ListFault { column, value, because },
    } = fault;
    ListProblemJson {
        line: *line,
        column: (*column).to_owned(),
        value: value.clone(),
        code: because.code().to_owned(),
        reason: because.to_string(),
    }
}
