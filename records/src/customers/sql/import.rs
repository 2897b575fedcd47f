//! How tables of customers are imported and taken back.

use super::{
    plan::{LinesBefore, plan},
    planned::{From as Source, HolderChange, PlannedCustomer},
    stored::{self, StoredCustomer},
    write::{alter, hung_on, remove, write},
};
use crate::{
    Result,
    customers::fields::{CUSTOMER_FIELDS, CustomerField, CustomerFieldStorage, at},
    documents::sql::waiting,
    fold,
    imports::{
        Double, EmptyCells, KeptBecause, Register,
        fields::{LinesOfCodes, Values, read_lines},
        merge::Merged,
        sql::{ImportedRegister, PlannedRecord, StoredRecord},
    },
    parties::sql as parties,
    store::sql::Change,
    tables::{LineProblem, TableRow},
};
use sqlx::AnyConnection;
use std::collections::HashMap;
use vocabulary::AuditAction;

/// Customers come in tables of hundreds of thousands.
#[derive(Default)]
pub(crate) struct CustomersTable {
    codes: LinesOfCodes,
    before: LinesBefore,
    /// Ids of those that were written.
    written: Vec<String>,
}

impl PlannedRecord for PlannedCustomer {
    fn line(&self) -> u64 {
        self.stated.line
    }

    fn is_new(&self) -> bool {
        self.stored.is_none()
    }

    fn merged(&self) -> &Merged {
        &self.merged
    }

    fn doubles(&self) -> &[Double] {
        &self.doubles
    }
}

impl StoredRecord for StoredCustomer {
    fn values(&self) -> &Values {
        &self.values
    }

    fn is_untouched(&self) -> bool {
        self.version == 1
    }
}

impl ImportedRegister for CustomersTable {
    type Storage = CustomerFieldStorage;
    type Stored = StoredCustomer;
    type Planned = PlannedCustomer;

    const REGISTER: Register = Register::Customers;
    const IMPORTED: AuditAction = AuditAction::CustomersImported;
    const NAMED_BY: &'static str = "name";
    const LINES_AT_ONCE: usize = 2_000;

    fn fields() -> &'static [CustomerField] {
        &CUSTOMER_FIELDS
    }

    async fn plan(
        &mut self,
        connection: &mut AnyConnection,
        lines: &[TableRow],
        empty_cells: EmptyCells,
        problems: &mut Vec<LineProblem>,
    ) -> Result<Vec<PlannedCustomer>> {
        let lines = read_lines(&CUSTOMER_FIELDS, lines, &mut self.codes, fold::code, problems);
        let mut planned = plan(connection, lines, empty_cells, Source::Table).await?;
        self.before.look(connection, &mut planned, problems).await?;
        Ok(planned)
    }

    async fn plan_fit(
        connection: &mut AnyConnection,
        lines: &[TableRow],
        empty_cells: EmptyCells,
    ) -> Result<Vec<PlannedCustomer>> {
        let lines = read_lines(
            &CUSTOMER_FIELDS,
            lines,
            &mut LinesOfCodes::new(),
            fold::code,
            &mut Vec::new(),
        );
        plan(connection, lines, empty_cells, Source::Table).await
    }

    async fn write(&mut self, change: &mut Change, planned: &PlannedCustomer) -> Result<String> {
        let id = write(change, planned).await?;
        self.written.push(id.clone());
        Ok(id)
    }

    async fn all_written(&mut self, change: &mut Change) -> Result<()> {
        waiting::look_again(change, &self.written).await
    }

    async fn by_ids(
        &mut self,
        connection: &mut AnyConnection,
        ids: &[String],
    ) -> Result<HashMap<String, StoredCustomer>> {
        stored::by_ids(connection, ids).await
    }

    async fn hung_on(&mut self, change: &mut Change, stored: &StoredCustomer) -> Result<Option<KeptBecause>> {
        hung_on(change, stored.uid).await
    }

    async fn remove(&mut self, change: &mut Change, stored: &StoredCustomer) -> Result<()> {
        remove(change, stored).await
    }

    async fn put_back(
        &mut self,
        change: &mut Change,
        stored: &StoredCustomer,
        mut after: Values,
        kept: &mut Vec<(String, KeptBecause)>,
    ) -> Result<()> {
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
        self.written.push(stored.id.clone());
        Ok(())
    }
}

/// The field of the account numbers, when one of these belongs to another customer by now.
async fn taken_number(change: &mut Change, stored: &StoredCustomer, numbers: &str) -> Result<Option<String>> {
    let numbers: Vec<String> = stored::folded_numbers(numbers).collect();
    let taken = stored::account_numbers_taken(change.connection(), &numbers).await?;
    let is_taken = taken.values().any(|(_, folded)| *folded != stored.code_folded);
    Ok(is_taken.then(|| "account_no".to_owned()))
}
