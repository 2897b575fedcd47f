//! How tables of kinds and of checklists are imported and taken back. Both lists are small and read whole, once for an
//! import and once for a batch of an undo.

use super::checklists;
use crate::{
    Result,
    imports::{
        EmptyCells, KeptBecause, Register,
        fields::{LinesOfCodes, RegisterField, Values, read_lines},
        merge::Merged,
        sql::{ImportedRegister, PlannedRecord, StoredRecord},
    },
    kinds::{
        Checklist, DocumentKind, Kinds,
        plan::{ChecklistsOfKinds, KeptList, PlannedEntry, plan, put_back},
        recorded::{CHECKLISTS, DOCUMENT_KINDS},
    },
    store::sql::Change,
    tables::{LineProblem, TableRow},
};
use sqlx::AnyConnection;
use std::{collections::HashMap, future::Future};
use vocabulary::AuditAction;

pub(crate) type KindsTable = ListTable<Kinds>;
pub(crate) type ChecklistsTable = ListTable<ChecklistsOfKinds>;

/// A list as the database keeps it.
pub(crate) trait StoredList: KeptList + Default + Send {
    const REGISTER: Register;
    const IMPORTED: AuditAction;

    fn read(connection: &mut AnyConnection) -> impl Future<Output = Result<Self>> + Send;

    fn write(change: &mut Change, record: &Self::Record) -> impl Future<Output = Result<()>> + Send;

    fn is_used(change: &mut Change, code: &str) -> impl Future<Output = Result<bool>> + Send;

    fn delete(change: &mut Change, code: &str) -> impl Future<Output = Result<bool>> + Send;
}

impl StoredList for Kinds {
    const REGISTER: Register = Register::Kinds;
    const IMPORTED: AuditAction = AuditAction::KindsImported;

    async fn read(connection: &mut AnyConnection) -> Result<Self> {
        super::all(connection).await
    }

    async fn write(change: &mut Change, record: &DocumentKind) -> Result<()> {
        super::write(change, record).await
    }

    async fn is_used(change: &mut Change, code: &str) -> Result<bool> {
        Ok(super::used_by(change, code).await?.is_some())
    }

    async fn delete(change: &mut Change, code: &str) -> Result<bool> {
        change.delete(&DOCUMENT_KINDS, code).await
    }
}

impl StoredList for ChecklistsOfKinds {
    const REGISTER: Register = Register::Checklists;
    const IMPORTED: AuditAction = AuditAction::ChecklistsImported;

    async fn read(connection: &mut AnyConnection) -> Result<Self> {
        Ok(Self {
            lists: checklists::all(connection).await?,
            kinds: super::all(connection).await?,
        })
    }

    async fn write(change: &mut Change, record: &Checklist) -> Result<()> {
        checklists::write(change, record).await
    }

    async fn is_used(change: &mut Change, code: &str) -> Result<bool> {
        checklists::is_used(change, code).await
    }

    async fn delete(change: &mut Change, code: &str) -> Result<bool> {
        change.delete(&CHECKLISTS, code).await
    }
}

#[derive(Default)]
pub(crate) struct ListTable<L> {
    list: L,
}

pub(crate) struct StoredEntry {
    code: String,
    values: Values,
}

impl StoredRecord for StoredEntry {
    fn values(&self) -> &Values {
        &self.values
    }
}

impl<R: Send + Sync> PlannedRecord for PlannedEntry<R> {
    fn line(&self) -> u64 {
        self.line
    }

    fn is_new(&self) -> bool {
        self.is_new
    }

    fn merged(&self) -> &Merged {
        &self.merged
    }
}

impl<L: StoredList> ImportedRegister for ListTable<L> {
    type Storage = ();
    type Stored = StoredEntry;
    type Planned = PlannedEntry<L::Record>;

    const REGISTER: Register = L::REGISTER;
    const IMPORTED: AuditAction = L::IMPORTED;
    const NAMED_BY: &'static str = "name_zh";

    fn fields() -> &'static [RegisterField<()>] {
        L::fields()
    }

    async fn plan(
        &mut self,
        connection: &mut AnyConnection,
        lines: &[TableRow],
        empty_cells: EmptyCells,
        problems: &mut Vec<LineProblem>,
    ) -> Result<Vec<PlannedEntry<L::Record>>> {
        self.list = L::read(connection).await?;
        let lines = read_lines(L::fields(), lines, &mut LinesOfCodes::new(), str::to_owned, problems);
        Ok(plan(&mut self.list, lines, empty_cells, problems))
    }

    async fn plan_fit(
        connection: &mut AnyConnection,
        lines: &[TableRow],
        empty_cells: EmptyCells,
    ) -> Result<Vec<PlannedEntry<L::Record>>> {
        Self::default()
            .plan(connection, lines, empty_cells, &mut Vec::new())
            .await
    }

    async fn write(&mut self, change: &mut Change, planned: &PlannedEntry<L::Record>) -> Result<String> {
        L::write(change, &planned.record).await?;
        Ok(planned.merged.after.named(L::fields(), "code").to_owned())
    }

    async fn by_ids(&mut self, connection: &mut AnyConnection, ids: &[String]) -> Result<HashMap<String, StoredEntry>> {
        self.list = L::read(connection).await?;
        let entry = |code: &String| {
            let record = self.list.get(code)?;
            let (code, values) = (code.clone(), L::values(record));
            Some((code.clone(), StoredEntry { code, values }))
        };
        Ok(ids.iter().filter_map(entry).collect())
    }

    async fn hung_on(&mut self, change: &mut Change, stored: &StoredEntry) -> Result<Option<KeptBecause>> {
        Ok(L::is_used(change, &stored.code).await?.then_some(KeptBecause::InUse))
    }

    async fn remove(&mut self, change: &mut Change, stored: &StoredEntry) -> Result<()> {
        L::delete(change, &stored.code).await?;
        Ok(())
    }

    async fn put_back(
        &mut self,
        change: &mut Change,
        stored: &StoredEntry,
        after: Values,
        kept: &mut Vec<(String, KeptBecause)>,
    ) -> Result<()> {
        match put_back(&mut self.list, &stored.values, after, kept) {
            Some(record) => L::write(change, &record).await,
            None => Ok(()),
        }
    }
}
