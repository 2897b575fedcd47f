//! Importing a customers table, and taking an import back.

use super::{
    plan::{plan, read_lines},
    planned::{From as Source, HolderChange, PlannedCustomer},
    stored::{self, StoredCustomer},
    write::{alter, hung_on, remove, write},
};
use crate::{
    Archive, Asker, Result, Role,
    customers::fields::{CUSTOMER_FIELDS, at},
    imports::{
        FieldChange, ImportOrder, ImportReport, KeptBecause, LineChange, Register,
        sql::{ImportLedger, LedgerLine, Undone, UndoneLine},
    },
    parties::sql as parties,
    store::{EventDraft, sql::Change},
    tables::Table,
};
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Imports a customers table. Each line adds a customer with its dossier header, changes one, is held as a likely
    /// double, or is a problem; the same table again changes nothing. A dry run says all this and writes nothing.
    pub async fn customers_import(
        &self,
        asker: &Asker,
        table: &Table,
        order: impl Into<ImportOrder>,
    ) -> Result<ImportReport> {
        asker.require_writing(Role::Archivist)?;
        let order = order.into();
        let mut report = ImportReport::of(table, &order);
        let lines = read_lines(table, &mut report.problems);
        let empty_cells = order.empty_cells;
        if order.dry_run {
            let mut reader = self.0.readers.acquire().await?;
            let planned = plan(&mut reader, lines, empty_cells, Source::Table, &mut report.problems).await?;
            fill(&mut report, &planned, &order);
            return Ok(report);
        }
        let mut change = self.0.change(asker.name()).await?;
        let planned = plan(
            change.connection(),
            lines,
            empty_cells,
            Source::Table,
            &mut report.problems,
        )
        .await?;
        fill(&mut report, &planned, &order);
        if report.refused {
            // Dropping the change rolls everything back.
            return Ok(report);
        }
        if report.added + report.changed > 0 {
            let mut ledger = ImportLedger::begin(&mut change, Register::Customers, &order, &report).await?;
            let written = planned.iter().filter(|item| !item.is_held(order.doubles));
            for item in written.filter(|item| item.writes()) {
                let object_id = write(&mut change, item).await?;
                ledger.note(&mut change, ledger_line(item, object_id)).await?;
            }
            report.id = Some(ledger.end(&mut change).await?);
        }
        let detail = format!(
            "lines={} added={} changed={}",
            report.lines, report.added, report.changed
        );
        let id = report.id.as_ref().map_or("customers", |id| id.as_str());
        change.event(EventDraft::new(AuditAction::CustomersImported, AuditObject::Import, id).detail(detail));
        change.commit().await?;
        Ok(report)
    }
}

impl PlannedCustomer {
    fn writes(&self) -> bool {
        self.stored.is_none() || !self.merged.changes.is_empty()
    }
}

/// Says in the report what the plan does.
fn fill(report: &mut ImportReport, planned: &[PlannedCustomer], order: &ImportOrder) {
    for item in planned {
        report.empty_cells.extend(item.merged.empty.iter().cloned());
        report.doubles.extend(item.doubles.iter().cloned());
        if item.is_held(order.doubles) {
            report.held += 1;
            continue;
        }
        match (&item.stored, item.merged.changes.is_empty()) {
            (None, _) => report.added += 1,
            (Some(_), false) => report.changed += 1,
            (Some(_), true) => report.unchanged += 1,
        }
        if order.dry_run && item.writes() {
            report.changes.push(line_change(item));
        }
    }
    report.settle(order);
}

fn line_change(item: &PlannedCustomer) -> LineChange {
    LineChange {
        line: item.stated.line,
        code: item.code().to_owned(),
        name: item.name().to_owned(),
        added: item.stored.is_none(),
        fields: item.merged.changes.clone(),
    }
}

fn ledger_line(item: &PlannedCustomer, object_id: String) -> LedgerLine {
    LedgerLine {
        object_id,
        digest: item.merged.after.digest(&CUSTOMER_FIELDS),
        change: line_change(item),
    }
}

/// Takes lines of an import back: fields that nobody has changed since, and customers that it added and on which
/// nothing hangs.
pub(crate) async fn undo(change: &mut Change, lines: &[UndoneLine]) -> Result<Vec<Undone>> {
    let ids: Vec<String> = lines.iter().map(|line| line.object_id.clone()).collect();
    let known = stored::by_ids(change.connection(), &ids).await?;
    let mut outcomes = Vec::with_capacity(lines.len());
    for line in lines {
        outcomes.push(match known.get(&line.object_id) {
            None => Undone::kept(KeptBecause::Gone),
            Some(stored) if line.added => undo_added(change, stored, line).await?,
            Some(stored) => undo_changed(change, stored, &line.changes).await?,
        });
    }
    Ok(outcomes)
}

async fn undo_added(change: &mut Change, stored: &StoredCustomer, line: &UndoneLine) -> Result<Undone> {
    if stored.version > 1 && stored.values.digest(&CUSTOMER_FIELDS) != line.digest {
        return Ok(Undone::kept(KeptBecause::ChangedSince));
    }
    if let Some(because) = hung_on(change, stored.uid).await? {
        return Ok(Undone::kept(because));
    }
    remove(change, stored).await?;
    Ok(Undone::Removed)
}

async fn undo_changed(change: &mut Change, stored: &StoredCustomer, changes: &[FieldChange]) -> Result<Undone> {
    let (mut after, kept) = crate::imports::fields::put_back(&CUSTOMER_FIELDS, &stored.values, changes);
    if after == stored.values {
        return Ok(Undone::Restored { fields: 0, kept });
    }
    let mut kept = kept;
    if let Some(taken) = taken_number(change, stored, after.get(at("account_no"))).await? {
        after.fields[at("account_no")] = stored.values.get(at("account_no")).to_owned();
        kept.push((taken, KeptBecause::Taken));
    }
    let (mut present, mut holder_change) = (stored.clone(), HolderChange::Same);
    if after.get(at("name")) != stored.values.get(at("name"))
        && let Some(holder) = stored.holder
        && parties::reopen_former(change, stored.uid, holder.role_uid, after.get(at("name"))).await?
    {
        let again = stored::by_ids(change.connection(), std::slice::from_ref(&stored.id)).await?;
        present.holder = again.get(&stored.id).and_then(|again| again.holder);
        holder_change = HolderChange::Former;
    }
    alter(change, &present, &after, holder_change).await?;
    let fields = u64::try_from(changes.len().saturating_sub(kept.len())).unwrap_or(0);
    Ok(Undone::Restored { fields, kept })
}

/// The field of the account numbers, when one of these belongs to another customer by now.
async fn taken_number(change: &mut Change, stored: &StoredCustomer, numbers: &str) -> Result<Option<String>> {
    let numbers: Vec<String> = stored::folded_numbers(numbers).collect();
    let taken = stored::account_numbers_taken(change.connection(), &numbers).await?;
    let is_taken = taken.values().any(|(_, folded)| *folded != stored.code_folded);
    Ok(is_taken.then(|| "account_no".to_owned()))
}
