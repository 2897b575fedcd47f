//! Importing a locations table, and taking an import back.

use super::{
    plan::{PlannedPlace, plan, read_lines},
    stored::{self, StoredPlace},
    write::{alter, hung_on, remove, write},
};
use crate::{
    Archive, Asker, Result, Role,
    imports::{
        ImportOrder, ImportReport, KeptBecause, LineChange, Register,
        fields::put_back,
        sql::{ImportLedger, LedgerLine, Undone, UndoneLine},
    },
    places::fields::{LOCATION_FIELDS, at},
    store::{EventDraft, sql::Change},
    tables::Table,
};
use std::collections::HashMap;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Imports a locations table; parents that are missing are made from the code. The same table again changes nothing.
    /// A dry run says what would be and writes nothing.
    pub async fn locations_import(
        &self,
        asker: &Asker,
        table: &Table,
        order: impl Into<ImportOrder>,
    ) -> Result<ImportReport> {
        asker.require_writing(Role::Archivist)?;
        let order = order.into();
        let mut report = ImportReport::of(table, &order);
        let lines = read_lines(table, &mut report.problems);
        if order.dry_run {
            let mut reader = self.0.readers.acquire().await?;
            let planned = plan(&mut reader, lines, order.empty_cells).await?;
            fill(&mut report, &planned, &order);
            return Ok(report);
        }
        let mut change = self.0.change(asker.name()).await?;
        let planned = plan(change.connection(), lines, order.empty_cells).await?;
        fill(&mut report, &planned, &order);
        if report.refused {
            // Dropping the change rolls everything back.
            return Ok(report);
        }
        if planned.iter().any(PlannedPlace::writes) {
            let mut ledger = ImportLedger::begin(&mut change, Register::Locations, &order, &report).await?;
            let mut uids = HashMap::new();
            for item in planned.iter().filter(|item| item.writes()) {
                let object_id = write(&mut change, item, &mut uids).await?;
                let digest = item.merged.after.digest(&LOCATION_FIELDS);
                let line = LedgerLine {
                    object_id,
                    digest,
                    change: line_change(item),
                };
                ledger.note(&mut change, line).await?;
            }
            report.id = Some(ledger.end(&mut change).await?);
        }
        let detail = format!(
            "lines={} added={} changed={}",
            report.lines, report.added, report.changed
        );
        let id = report.id.as_ref().map_or("locations", |id| id.as_str());
        change.event(EventDraft::new(AuditAction::LocationsImported, AuditObject::Import, id).detail(detail));
        change.commit().await?;
        Ok(report)
    }
}

impl PlannedPlace {
    fn writes(&self) -> bool {
        self.stored.is_none() || !self.merged.changes.is_empty()
    }
}

/// Says in the report what the plan does. Places that are made around others are shown and not counted as lines.
fn fill(report: &mut ImportReport, planned: &[PlannedPlace], order: &ImportOrder) {
    for item in planned {
        report.empty_cells.extend(item.merged.empty.iter().cloned());
        match (&item.stored, item.merged.changes.is_empty()) {
            (None, _) if item.line == 0 => {}
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

fn line_change(item: &PlannedPlace) -> LineChange {
    LineChange {
        line: item.line,
        code: item.merged.after.get(at("code")).to_owned(),
        name: item.merged.after.get(at("name")).to_owned(),
        added: item.stored.is_none(),
        fields: item.merged.changes.clone(),
    }
}

/// Takes lines of an import back: fields that nobody has changed since, and places that it added in which nothing is.
pub(crate) async fn undo(change: &mut Change, lines: &[UndoneLine]) -> Result<Vec<Undone>> {
    let ids: Vec<String> = lines.iter().map(|line| line.object_id.clone()).collect();
    let known = stored::by_ids(change.connection(), &ids).await?;
    let mut outcomes = Vec::with_capacity(lines.len());
    for line in lines {
        outcomes.push(match known.get(&line.object_id) {
            None => Undone::Kept(KeptBecause::Gone),
            Some(stored) if line.added => undo_added(change, stored, line).await?,
            Some(stored) => {
                let (after, kept) = put_back(&LOCATION_FIELDS, &stored.values, &line.changes);
                alter(change, stored, &after).await?;
                let fields = u64::try_from(line.changes.len().saturating_sub(kept.len())).unwrap_or(0);
                Undone::Restored { fields, kept }
            }
        });
    }
    Ok(outcomes)
}

async fn undo_added(change: &mut Change, stored: &StoredPlace, line: &UndoneLine) -> Result<Undone> {
    if stored.version > 1 && stored.values.digest(&LOCATION_FIELDS) != line.digest {
        return Ok(Undone::Kept(KeptBecause::ChangedSince));
    }
    if let Some(because) = hung_on(change, stored.uid).await? {
        return Ok(Undone::Kept(because));
    }
    remove(change, stored).await?;
    Ok(Undone::Removed)
}
