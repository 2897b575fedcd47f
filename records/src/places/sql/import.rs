//! How tables of places are imported and taken back.

use super::{
    plan::{PlannedPlace, plan, read_lines},
    stored::{self, StoredPlace},
    write::{alter, hung_on, remove, write},
};
use crate::{
    Result,
    imports::{
        EmptyCells, KeptBecause, Register,
        fields::Values,
        merge::Merged,
        sql::{ImportedRegister, PlannedRecord, StoredRecord},
    },
    places::fields::{LOCATION_FIELDS, LocationField, PlaceFieldStorage},
    store::sql::Change,
    tables::{LineProblem, TableRow},
};
use sqlx::AnyConnection;
use std::collections::HashMap;
use vocabulary::AuditAction;

#[derive(Default)]
pub(crate) struct LocationsTable {
    /// The places that were written so far, so that what is inside finds them.
    uids: HashMap<String, i64>,
}

impl PlannedRecord for PlannedPlace {
    fn line(&self) -> u64 {
        self.line
    }

    fn is_new(&self) -> bool {
        self.stored.is_none()
    }

    fn merged(&self) -> &Merged {
        &self.merged
    }
}

impl StoredRecord for StoredPlace {
    fn values(&self) -> &Values {
        &self.values
    }

    fn is_untouched(&self) -> bool {
        self.version == 1
    }
}

impl ImportedRegister for LocationsTable {
    type Storage = PlaceFieldStorage;
    type Stored = StoredPlace;
    type Planned = PlannedPlace;

    const REGISTER: Register = Register::Locations;
    const IMPORTED: AuditAction = AuditAction::LocationsImported;
    const NAMED_BY: &'static str = "name";

    fn fields() -> &'static [LocationField] {
        &LOCATION_FIELDS
    }

    /// Places around others that are missing are made from the code.
    async fn plan(
        &mut self,
        connection: &mut AnyConnection,
        lines: &[TableRow],
        empty_cells: EmptyCells,
        problems: &mut Vec<LineProblem>,
    ) -> Result<Vec<PlannedPlace>> {
        plan(connection, read_lines(lines, problems), empty_cells).await
    }

    async fn plan_fit(
        connection: &mut AnyConnection,
        lines: &[TableRow],
        empty_cells: EmptyCells,
    ) -> Result<Vec<PlannedPlace>> {
        plan(connection, read_lines(lines, &mut Vec::new()), empty_cells).await
    }

    async fn write(&mut self, change: &mut Change, planned: &PlannedPlace) -> Result<String> {
        write(change, planned, &mut self.uids).await
    }

    async fn by_ids(&mut self, connection: &mut AnyConnection, ids: &[String]) -> Result<HashMap<String, StoredPlace>> {
        stored::by_ids(connection, ids).await
    }

    async fn hung_on(&mut self, change: &mut Change, stored: &StoredPlace) -> Result<Option<KeptBecause>> {
        hung_on(change, stored.uid).await
    }

    async fn remove(&mut self, change: &mut Change, stored: &StoredPlace) -> Result<()> {
        remove(change, stored).await
    }

    async fn put_back(
        &mut self,
        change: &mut Change,
        stored: &StoredPlace,
        after: Values,
        _kept: &mut Vec<(String, KeptBecause)>,
    ) -> Result<()> {
        alter(change, stored, &after).await
    }
}
