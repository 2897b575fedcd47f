//! What the imports of tables have in common: reading the file, and the report by lines.

use crate::output::{Ending, print, print_json};
use anyhow::{Context, Result};
use records::tables::{ColumnRule, ImportReport, LineProblem, OnBadLine, Table, TableLimits};
use std::path::Path;

#[derive(serde::Serialize)]
struct Report<'a> {
    lines: u64,
    added: u64,
    changed: u64,
    unchanged: u64,
    refused: bool,
    unknown_columns: &'a [String],
    problems: Vec<Problem<'a>>,
}

#[derive(serde::Serialize)]
struct Problem<'a> {
    line: u64,
    column: &'a str,
    value: &'a str,
    reason: &'a str,
}

pub fn on_bad_line(skip: bool) -> OnBadLine {
    if skip {
        OnBadLine::SkipLine
    } else {
        OnBadLine::RefuseTable
    }
}

pub fn read_table(path: &Path, rules: &[ColumnRule]) -> Result<Table> {
    let limits = TableLimits::default();
    let size = std::fs::metadata(path)
        .with_context(|| format!("the table {} cannot be read", path.display()))?
        .len();
    if size > limits.bytes_max as u64 {
        anyhow::bail!(
            "the table {} has {size} bytes, more than the limit of {}; split it",
            path.display(),
            limits.bytes_max
        );
    }
    let bytes = std::fs::read(path).with_context(|| format!("the table {} cannot be read", path.display()))?;
    records::tables::read(&bytes, rules, &limits).with_context(|| path.display().to_string())
}

pub fn tell(what: &str, report: &ImportReport, json: bool) -> Result<Ending> {
    let ImportReport {
        lines,
        added,
        changed,
        unchanged,
        refused,
        problems,
        unknown_columns,
    } = report;
    if json {
        print_json(&Report {
            lines: *lines,
            added: *added,
            changed: *changed,
            unchanged: *unchanged,
            refused: *refused,
            unknown_columns,
            problems: problems
                .iter()
                .map(
                    |LineProblem {
                         line,
                         column,
                         value,
                         reason,
                     }| Problem {
                        line: *line,
                        column,
                        value,
                        reason,
                    },
                )
                .collect(),
        })?;
    } else {
        let mut text = String::new();
        for problem in problems {
            text.push_str(&format!(
                "line {}: {} `{}`: {}\n",
                problem.line, problem.column, problem.value, problem.reason
            ));
        }
        if !unknown_columns.is_empty() && !refused {
            text.push_str(&format!("kept as custom attributes: {}\n", unknown_columns.join(", ")));
        }
        text.push_str(&match refused {
            true => format!(
                "nothing was imported: {} of {lines} lines cannot be used. Mend them, or import the others with --skip-bad-lines.\n",
                problems.len()
            ),
            false => format!("{what}: {lines} lines, {added} added, {changed} changed, {unchanged} unchanged, {} not used\n", problems.len()),
        });
        print(&text)?;
    }
    Ok(if problems.is_empty() {
        Ending::Fine
    } else {
        Ending::InputRejected
    })
}
