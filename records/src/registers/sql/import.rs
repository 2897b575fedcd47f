//! Each register to the code that knows it.

use crate::{
    Archive, Asker, Result,
    customers::sql::CustomersTable,
    imports::{
        ImportOrder, ImportReport, Register,
        sql::{Undone, UndoneLine, undo},
    },
    kinds::sql::{ChecklistsTable, KindsTable},
    places::sql::LocationsTable,
    registers::{keeper, meant_for},
    store::sql::Change,
    tables::{CellFault, LineProblem, Table},
};

impl Archive {
    /// Imports a table into a register. Each line adds a record, changes one, is held as a likely double, or is a
    /// problem; what the table does not say stays as it is, and the same table again changes nothing. A dry run says
    /// all this and writes nothing.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] to those who do not keep the register, see [`keeper`].
    pub async fn import_table(
        &self,
        asker: &Asker,
        register: Register,
        table: &Table,
        order: impl Into<ImportOrder>,
    ) -> Result<ImportReport> {
        asker.require_writing(keeper(register))?;
        let order = order.into();
        let known = table.known_columns.iter().map(|name| (*name).to_owned());
        let headers: Vec<String> = known.chain(table.unknown_columns.iter().cloned()).collect();
        if let Some((other, columns)) = meant_for(register, &headers) {
            let mut report = ImportReport::of(table, &order);
            report.problems.push(LineProblem {
                line: 1,
                column: String::new(),
                value: columns,
                fault: CellFault::OtherRegister(other),
            });
            // Skipping bad lines does not help: no line is of this register.
            report.refused = true;
            return Ok(report);
        }
        match register {
            Register::Customers => self.import_into::<CustomersTable>(asker, table, &order).await,
            Register::Locations => self.import_into::<LocationsTable>(asker, table, &order).await,
            Register::Kinds => self.import_into::<KindsTable>(asker, table, &order).await,
            Register::Checklists => self.import_into::<ChecklistsTable>(asker, table, &order).await,
        }
    }
}

pub(super) async fn undo_in(change: &mut Change, register: Register, lines: &[UndoneLine]) -> Result<Vec<Undone>> {
    match register {
        Register::Customers => undo::<CustomersTable>(change, lines).await,
        Register::Locations => undo::<LocationsTable>(change, lines).await,
        Register::Kinds => undo::<KindsTable>(change, lines).await,
        Register::Checklists => undo::<ChecklistsTable>(change, lines).await,
    }
}
