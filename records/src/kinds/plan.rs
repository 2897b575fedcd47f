//! What a table of kinds or checklists would do to the lists: worked out whole before anything is written, so that a
//! trial and an import say the same.

use super::{
    Checklist, Checklists, DocumentKind, Kinds, LineFault, ListFault, ListWrong,
    checklist_table::{self, CHECKLIST_COLUMNS},
    table::{self, KIND_COLUMNS},
};
use crate::tables::{ColumnRule, Table};

/// A field of a line that an import changes; `before` is empty for what is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    pub column: &'static str,
    pub before: String,
    pub after: String,
}

/// What a line changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListChange {
    pub line: u64,
    pub code: String,
    pub added: bool,
    pub cells: Vec<CellChange>,
}

/// What a table would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListPlan {
    pub lines: u64,
    pub unchanged: u64,
    pub changes: Vec<ListChange>,
    pub faults: Vec<LineFault>,
    /// Headers that no list knows; they are left out.
    pub unknown_columns: Vec<String>,
}

impl ListPlan {
    pub fn added(&self) -> u64 {
        self.changes.iter().map(|change| u64::from(change.added)).sum()
    }

    pub fn changed(&self) -> u64 {
        self.changes.iter().map(|change| u64::from(!change.added)).sum()
    }

    fn of(table: &Table) -> Self {
        Self {
            unknown_columns: table.unknown_columns.clone(),
            ..Self::default()
        }
    }

    /// Takes what a line has come to. Returns the record when it is to be written.
    fn take<R: PartialEq>(
        &mut self,
        line: u64,
        columns: &[ColumnRule],
        cells: fn(&R) -> Vec<String>,
        known: Option<&R>,
        read: Result<R, ListFault>,
    ) -> Option<R> {
        self.lines += 1;
        let record = match read {
            Err(fault) => {
                self.faults.push(LineFault { line, fault });
                return None;
            }
            Ok(record) => record,
        };
        if known == Some(&record) {
            self.unchanged += 1;
            return None;
        }
        let after = cells(&record);
        let before = known.map_or_else(|| vec![String::new(); after.len()], cells);
        self.changes.push(ListChange {
            line,
            code: after.first().cloned().unwrap_or_default(),
            added: known.is_none(),
            cells: columns
                .iter()
                .zip(before.into_iter().zip(after))
                .filter(|(_, (before, after))| before != after)
                .map(|(column, (before, after))| CellChange {
                    column: column.name,
                    before,
                    after,
                })
                .collect(),
        });
        Some(record)
    }
}

/// The kinds that a table adds and changes.
pub(super) fn of_kinds(table: &Table, mut kinds: Kinds) -> (ListPlan, Vec<DocumentKind>) {
    let mut plan = ListPlan::of(table);
    let mut written: Vec<DocumentKind> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for row in &table.rows {
        let code = row.get("code");
        let known = kinds.get(code).cloned();
        let read = table::read(row, known.as_ref(), kinds.next_position())
            .and_then(|kind| kinds.checked(&kind))
            .and_then(|kind| once(&mut seen, code).map(|()| kind));
        if let Some(kind) = plan.take(row.line, KIND_COLUMNS, table::cells, known.as_ref(), read) {
            kinds.put(kind.clone());
            written.push(kind);
        }
    }
    (plan, written)
}

/// The checklists that a table adds and changes.
pub(super) fn of_checklists(table: &Table, mut lists: Checklists, kinds: &Kinds) -> (ListPlan, Vec<Checklist>) {
    let mut plan = ListPlan::of(table);
    let mut written: Vec<Checklist> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for row in &table.rows {
        let code = row.get("code");
        let known = lists.get(code).cloned();
        let read = checklist_table::read(row, known.as_ref(), lists.next_position())
            .and_then(|list| match known.as_ref() {
                // What stands there already may ask for kinds that were retired since.
                Some(known) if *known == list => Ok(list),
                _ => lists.checked(&list, kinds),
            })
            .and_then(|list| once(&mut seen, code).map(|()| list));
        if let Some(list) = plan.take(
            row.line,
            CHECKLIST_COLUMNS,
            checklist_table::cells,
            known.as_ref(),
            read,
        ) {
            lists.put(list.clone());
            written.push(list);
        }
    }
    (plan, written)
}

/// A code stands once in a table; which of two lines is meant nobody could say.
fn once<'t>(seen: &mut Vec<&'t str>, code: &'t str) -> Result<(), ListFault> {
    if seen.contains(&code) {
        return Err(ListFault::new("code", code, ListWrong::CodeTwice));
    }
    seen.push(code);
    Ok(())
}
