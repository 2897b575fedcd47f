//! What is asked of whoever reads a table.

use super::{ColumnRule, Lines, TableLimits, header_named};
use crate::fold;

/// What is wanted of a table: no more than so much, and the sheet with these columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRequest {
    pub limits: TableLimits,
    /// Folded headers of each column that must be there.
    pub(super) required: Vec<Vec<String>>,
}

impl TableRequest {
    pub fn of(rules: &[ColumnRule], limits: TableLimits) -> Self {
        let headers = |rule: &ColumnRule| {
            let names = std::iter::once(&rule.name).chain(rule.headers);
            names.map(|name| fold::name(name)).collect()
        };
        Self {
            limits,
            required: rules.iter().filter(|rule| rule.required).map(headers).collect(),
        }
    }

    /// Whether one of the first lines names every column that must be there.
    pub(super) fn is_named_by(&self, lines: &Lines) -> bool {
        header_named(lines, self.required.len(), |cell, at| {
            self.required[at].contains(&fold::name(cell))
        })
        .is_some()
    }
}
