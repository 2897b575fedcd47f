//! Importing a customers table.

use super::write::{Written, problem, taken_alias, write};
use crate::{
    Archive, Asker, Result, Role,
    audit::EventDraft,
    customers::{CustomerCode, CustomerDraft, CustomerKind, CustomerStatus},
    fold,
    parties::{self, IdentifierKind},
    tables::{ImportReport, LineProblem, OnBadLine, Table, TableRow},
};
use std::collections::HashMap;

impl Archive {
    /// Imports a customers table. Each line adds a customer with its dossier header, changes one, or is a problem;
    /// the same table again changes nothing.
    pub async fn customers_import(&self, asker: &Asker, table: &Table, on_bad_line: OnBadLine) -> Result<ImportReport> {
        asker.require_writing(Role::Archivist)?;
        let mut report = ImportReport {
            lines: table.rows.len() as u64,
            unknown_columns: table.unknown_columns.clone(),
            ..ImportReport::default()
        };
        let drafts = read_drafts(table, &mut report.problems);
        let mut change = self.0.change(asker.name()).await?;
        for (line, draft) in drafts {
            if let Some(problem) = taken_alias(&mut change, line, &draft).await? {
                report.problems.push(problem);
                continue;
            }
            match write(&mut change, &draft).await? {
                Written::Added(_) => report.added += 1,
                Written::Changed(_) => report.changed += 1,
                Written::Unchanged(_) => report.unchanged += 1,
            }
        }
        report.problems.sort_by_key(|problem| problem.line);
        if !report.problems.is_empty() && on_bad_line == OnBadLine::RefuseTable {
            // Dropping the change rolls everything back.
            report.refused = true;
            (report.added, report.changed, report.unchanged) = (0, 0, 0);
            return Ok(report);
        }
        change.event(
            EventDraft::new("customers.imported", "table", "customers").detail(format!(
                "lines={} added={} changed={}",
                report.lines, report.added, report.changed
            )),
        );
        change.commit().await?;
        Ok(report)
    }
}

fn read_drafts(table: &Table, problems: &mut Vec<LineProblem>) -> Vec<(u64, CustomerDraft)> {
    let mut drafts: Vec<(u64, CustomerDraft)> = Vec::with_capacity(table.rows.len());
    let mut lines_of_codes: HashMap<String, u64> = HashMap::with_capacity(table.rows.len());
    for row in &table.rows {
        match read_draft(row) {
            Ok(draft) => {
                if let Some(former) = lines_of_codes.insert(draft.code.folded().to_owned(), row.line) {
                    problems.push(problem(
                        row.line,
                        "code",
                        draft.code.as_str(),
                        format!("line {former} has the same code"),
                    ));
                } else {
                    drafts.push((row.line, draft));
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    drafts
}
fn read_draft(row: &TableRow) -> Result<CustomerDraft, LineProblem> {
    let wrong = |column: &'static str, reason: &str| problem(row.line, column, row.get(column), reason);
    let code = CustomerCode::parse(row.get("code")).map_err(|_| wrong("code", "a code has 1 to 64 characters"))?;
    if row.get("name").is_empty() {
        return Err(wrong("name", "the name is missing"));
    }
    let kind = CustomerKind::parse_or(row.get("kind"), CustomerKind::Organisation)
        .map_err(|unknown| wrong("kind", &unknown.reason))?;
    let status = CustomerStatus::parse_or(row.get("status"), CustomerStatus::Active)
        .map_err(|unknown| wrong("status", &unknown.reason))?;
    let many = |column: &str| -> Vec<String> {
        row.get(column)
            .split([';', '；', '、'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let checked = |column: &'static str, kind: IdentifierKind| {
        let value = fold::code(row.get(column));
        if value.is_empty() || parties::is_valid(kind, &value) {
            Ok(value)
        } else {
            Err(wrong(column, parties::what_is_wrong(kind)))
        }
    };
    Ok(CustomerDraft {
        name: fold::storable(row.get("name")),
        kind,
        status,
        grade: row.get("grade").to_owned(),
        region: row.get("region").to_owned(),
        address: row.get("address").to_owned(),
        credit_code: checked("credit_code", IdentifierKind::CreditCode)?,
        id_number: checked("id_number", IdentifierKind::IdNumber)?,
        phones: many("phones"),
        account_numbers: many("account_no"),
        attributes: row.others.clone(),
        code,
    })
}
