//! The one way of a table into a register: plan every line against the record, write what it changes, keep the list of
//! what was written; and back.

use super::ledger::{ImportLedger, LedgerLine, UndoneLine};
use crate::{
    Archive, Asker, Result,
    imports::{
        Double, Doubles, EmptyCells, FieldChange, ImportOrder, ImportReport, KeptBecause, LineChange, Register,
        fields::{RegisterField, Values},
        merge::{Merged, put_back},
    },
    store::{EventDraft, sql::Change},
    tables::{LineProblem, Table, TableRow},
};
use sqlx::AnyConnection;
use std::{
    collections::{HashMap, HashSet},
    future::Future,
};
use vocabulary::{AuditAction, AuditObject};

/// One line against the record.
pub(crate) trait PlannedRecord: Send + Sync {
    /// 0 for what no line states and must be there for another.
    fn line(&self) -> u64;

    fn is_new(&self) -> bool;

    fn merged(&self) -> &Merged;

    fn doubles(&self) -> &[Double] {
        &[]
    }

    fn is_held(&self, doubles: Doubles) -> bool {
        doubles == Doubles::Hold && self.doubles().iter().any(|double| double.held)
    }

    fn writes(&self) -> bool {
        self.is_new() || !self.merged().changes.is_empty()
    }
}

/// A record as it stands.
pub(crate) trait StoredRecord: Send + Sync {
    fn values(&self) -> &Values;

    /// Whether its version alone says that nobody has changed it since it was added.
    fn is_untouched(&self) -> bool {
        false
    }
}

/// What a register does in its own way. A value of it lives as long as one import, or one batch of an undo.
pub(crate) trait ImportedRegister: Default + Send {
    type Storage: 'static;
    type Stored: StoredRecord;
    type Planned: PlannedRecord;

    const REGISTER: Register;
    const IMPORTED: AuditAction;
    /// The field by which people know a record beside its code.
    const NAMED_BY: &'static str;

    /// Lines that are planned and written together. What is planned of a line takes ten times as much memory as the line,
    /// so a register with many has a bound; one whose lines speak of each other is planned as a whole.
    const LINES_AT_ONCE: usize = usize::MAX;

    fn fields() -> &'static [RegisterField<Self::Storage>];

    /// Compares the next lines of a table with the record as it was before the import. Lines that cannot be used become
    /// problems.
    fn plan(
        &mut self,
        connection: &mut AnyConnection,
        lines: &[TableRow],
        empty_cells: EmptyCells,
        problems: &mut Vec<LineProblem>,
    ) -> impl Future<Output = Result<Vec<Self::Planned>>> + Send;

    /// Plans lines once more, just before they are written. They were found fit: neither problems nor doubles are looked
    /// for.
    fn plan_fit(
        connection: &mut AnyConnection,
        lines: &[TableRow],
        empty_cells: EmptyCells,
    ) -> impl Future<Output = Result<Vec<Self::Planned>>> + Send;

    /// Writes what was planned; returns the id of the record.
    fn write(&mut self, change: &mut Change, planned: &Self::Planned) -> impl Future<Output = Result<String>> + Send;

    /// After the last line was written or taken back: what must be looked at again where such records have come or changed.
    fn all_written(&mut self, _change: &mut Change) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// The records with these ids, by id.
    fn by_ids(
        &mut self,
        connection: &mut AnyConnection,
        ids: &[String],
    ) -> impl Future<Output = Result<HashMap<String, Self::Stored>>> + Send;

    /// Why a record that an import added cannot go.
    fn hung_on(
        &mut self,
        change: &mut Change,
        stored: &Self::Stored,
    ) -> impl Future<Output = Result<Option<KeptBecause>>> + Send;

    fn remove(&mut self, change: &mut Change, stored: &Self::Stored) -> impl Future<Output = Result<()>> + Send;

    /// Makes the values of a record these again, and names in `kept` the fields for which that cannot be.
    fn put_back(
        &mut self,
        change: &mut Change,
        stored: &Self::Stored,
        after: Values,
        kept: &mut Vec<(String, KeptBecause)>,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// What became of a record whose import is taken back.
pub(crate) enum Undone {
    Removed,
    Restored {
        fields: u64,
        kept: Vec<(String, KeptBecause)>,
    },
    Kept(KeptBecause),
}

impl Archive {
    pub(crate) async fn import_into<R: ImportedRegister>(
        &self,
        asker: &Asker,
        table: &Table,
        order: &ImportOrder,
    ) -> Result<ImportReport> {
        let mut report = ImportReport::of(table, order);
        let mut register = R::default();
        if order.dry_run {
            let mut reader = self.0.readers.acquire().await?;
            weigh(&mut register, &mut reader, &table.rows, order, &mut report).await?;
            return Ok(report);
        }
        let mut change = self.0.change(asker.name()).await?;
        let weighed = weigh(&mut register, change.connection(), &table.rows, order, &mut report).await?;
        if report.refused {
            // Dropping the change rolls everything back.
            return Ok(report);
        }
        if weighed.writes {
            let mut ledger = ImportLedger::begin(&mut change, R::REGISTER, order, &report).await?;
            match weighed.whole {
                Some(planned) => write_all(&mut register, &mut change, &mut ledger, planned, order).await?,
                None => {
                    for lines in table.rows.chunks(R::LINES_AT_ONCE) {
                        let fit: Vec<TableRow> = lines
                            .iter()
                            .filter(|row| !weighed.left_out.contains(&row.line))
                            .cloned()
                            .collect();
                        let planned = R::plan_fit(change.connection(), &fit, order.empty_cells).await?;
                        write_all(&mut register, &mut change, &mut ledger, planned, order).await?;
                    }
                }
            }
            register.all_written(&mut change).await?;
            report.id = Some(ledger.end(&mut change).await?);
        }
        let detail = format!(
            "lines={} added={} changed={} problems={}",
            report.lines,
            report.added,
            report.changed,
            report.problems.len()
        );
        let id = report.id.as_ref().map_or(R::REGISTER.as_str(), |id| id.as_str());
        change.event(EventDraft::new(R::IMPORTED, AuditObject::Import, id).detail(detail));
        change.commit().await?;
        Ok(report)
    }
}

/// What the first look at a table found.
struct WeighedTable<P> {
    /// Lines that are not written: those with problems and those that are held.
    left_out: HashSet<u64>,
    /// Whether anything is written at all.
    writes: bool,
    /// What is planned of all lines, of a table that was looked at as a whole.
    whole: Option<Vec<P>>,
}

/// Looks at a table, so many lines at once, and says in the report what it would do.
async fn weigh<R: ImportedRegister>(
    register: &mut R,
    connection: &mut AnyConnection,
    rows: &[TableRow],
    order: &ImportOrder,
    report: &mut ImportReport,
) -> Result<WeighedTable<R::Planned>> {
    let mut weighed = WeighedTable {
        left_out: HashSet::new(),
        writes: false,
        whole: None,
    };
    for lines in rows.chunks(R::LINES_AT_ONCE) {
        let planned = register
            .plan(connection, lines, order.empty_cells, &mut report.problems)
            .await?;
        fill::<R>(report, &planned, order);
        for item in &planned {
            if item.is_held(order.doubles) {
                weighed.left_out.insert(item.line());
            } else {
                weighed.writes |= item.writes();
            }
        }
        if lines.len() == rows.len() {
            weighed.whole = Some(planned);
        }
    }
    weighed
        .left_out
        .extend(report.problems.iter().map(|problem| problem.line));
    report.settle(order);
    Ok(weighed)
}

/// Writes what was planned and is not held, each with its line of the ledger.
async fn write_all<R: ImportedRegister>(
    register: &mut R,
    change: &mut Change,
    ledger: &mut ImportLedger,
    planned: Vec<R::Planned>,
    order: &ImportOrder,
) -> Result<()> {
    for item in planned {
        if !item.writes() || item.is_held(order.doubles) {
            continue;
        }
        let object_id = register.write(change, &item).await?;
        let line = LedgerLine {
            object_id,
            digest: item.merged().after.digest(R::fields()),
            change: line_change::<R>(&item),
        };
        ledger.note(change, line).await?;
    }
    Ok(())
}

/// Says in the report what the plan does. What no line states is shown and not counted as a line.
fn fill<R: ImportedRegister>(report: &mut ImportReport, planned: &[R::Planned], order: &ImportOrder) {
    for item in planned {
        report.empty_cells.extend(item.merged().empty.iter().cloned());
        report.doubles.extend(item.doubles().iter().cloned());
        if item.is_held(order.doubles) {
            report.held += 1;
            continue;
        }
        match (item.is_new(), item.writes()) {
            (true, _) => report.added += u64::from(item.line() > 0),
            (false, true) => report.changed += 1,
            (false, false) => report.unchanged += 1,
        }
        if order.dry_run && item.writes() {
            let mut change = line_change::<R>(item);
            change.fields = change
                .fields
                .into_iter()
                .map(|field| field.shown(R::fields()))
                .collect();
            report.changes.push(change);
        }
    }
}

fn line_change<R: ImportedRegister>(item: &R::Planned) -> LineChange {
    let after = &item.merged().after;
    LineChange {
        line: item.line(),
        code: after.named(R::fields(), "code").to_owned(),
        name: after.named(R::fields(), R::NAMED_BY).to_owned(),
        added: item.is_new(),
        fields: item.merged().changes.clone(),
    }
}

/// Takes lines of an import back: fields that nobody has changed since, and records that it added and on which nothing
/// hangs.
pub(crate) async fn undo<R: ImportedRegister>(change: &mut Change, lines: &[UndoneLine]) -> Result<Vec<Undone>> {
    let mut register = R::default();
    let ids: Vec<String> = lines.iter().map(|line| line.object_id.clone()).collect();
    let known = register.by_ids(change.connection(), &ids).await?;
    let mut outcomes = Vec::with_capacity(lines.len());
    for line in lines {
        outcomes.push(match known.get(&line.object_id) {
            None => Undone::Kept(KeptBecause::Gone),
            Some(stored) if line.added => undo_added(&mut register, change, stored, &line.digest).await?,
            Some(stored) => undo_changed(&mut register, change, stored, &line.changes).await?,
        });
    }
    register.all_written(change).await?;
    Ok(outcomes)
}

async fn undo_added<R: ImportedRegister>(
    register: &mut R,
    change: &mut Change,
    stored: &R::Stored,
    digest: &str,
) -> Result<Undone> {
    if !stored.is_untouched() && stored.values().digest(R::fields()) != digest {
        return Ok(Undone::Kept(KeptBecause::ChangedSince));
    }
    if let Some(because) = register.hung_on(change, stored).await? {
        return Ok(Undone::Kept(because));
    }
    register.remove(change, stored).await?;
    Ok(Undone::Removed)
}

async fn undo_changed<R: ImportedRegister>(
    register: &mut R,
    change: &mut Change,
    stored: &R::Stored,
    changes: &[FieldChange],
) -> Result<Undone> {
    let (after, mut kept) = put_back(R::fields(), stored.values(), changes);
    if after == *stored.values() {
        return Ok(Undone::Restored { fields: 0, kept });
    }
    register.put_back(change, stored, after, &mut kept).await?;
    let fields = u64::try_from(changes.len().saturating_sub(kept.len())).unwrap_or(0);
    Ok(Undone::Restored { fields, kept })
}
