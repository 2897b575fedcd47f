//! Inserts, updates and deletes of recorded tables. They name their columns and write history by themselves.
//!
//! ```text
//! change.because(why, authority);                       // optional, before the first row; for all rows of the change
//! let uid = change.insert(&CUSTOMERS)                   // one line of history: `created`
//!     .set("id", id.as_str())
//!     .set("name", &draft.name)
//!     .set("version", 1)
//!     .run().await?;
//! let updated = change.update(&DOCUMENTS, uid)          // one line for each field that really differs, none otherwise
//!     .set("title", fold::storable(&draft.title))
//!     .set("title_folded", fold::name(&draft.title))    // bookkeeping, not recorded
//!     .expecting_version(version)                       // `Error::Conflict` when someone was faster
//!     .run().await?;                                    // sets `version` and `changed_at` where the table has them
//! change.update(&SETTINGS, "time_zone").set("value", zone).run_or_insert().await?;
//! change.delete(&PARTY_IDENTIFIERS, uid).await?;        // one line: what was there
//! change.delete_where(&DOCUMENT_CUSTOMERS, &[("document_uid", uid.into())]).await?;
//! ```
//!
//! Values are what Rust has: integers, text, booleans (0/1), `Moment`, `Option` of these (NULL), floats, bytes; see
//! [`ColumnValue`]. The row is read first in the same transaction, locked on PostgreSQL. `set` with the value that stands
//! there already is no change: then nothing is written, and version and history stay. Columns that follow from others
//! (`*_folded`, sort keys) must be set by the caller beside their source. `version` and `changed_at` are set only in
//! an insert. The text of a statement depends on the columns alone, so that each call site has one prepared statement.
//!
//! What is not kept here: change-log rows and audit events, which the caller states with `touch` and `event`.

use super::{
    history_sql::{bind, is_personal, read, read_as, row_before, value_in},
    recorded::{ColumnValue, HistoryForm, Owner, Recorded, Treatment},
    sql::{Change, Columns, composed, marks},
};
use crate::{Error, Result, Thing};

type Sets = Vec<(&'static str, ColumnValue)>;

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Updated {
    /// Whether anything differed and was written.
    pub changed: bool,
    /// The version after it; 0 for a table without one.
    pub version: i64,
}

#[must_use = "nothing is written before `run`"]
pub(crate) struct Insert<'c> {
    change: &'c mut Change,
    table: &'static Recorded,
    sets: Sets,
}

#[must_use = "nothing is written before `run`"]
pub(crate) struct Update<'c> {
    change: &'c mut Change,
    table: &'static Recorded,
    key: ColumnValue,
    sets: Sets,
    expected_version: Option<i64>,
}

impl Change {
    /// Why this change is made and under which authority (an order, a request, a rule); both may be empty. It holds for
    /// every history row of the change and must be stated before the first of them.
    pub fn because(&mut self, why: &str, authority: &str) {
        self.recorder
            .because(crate::fold::storable(why), crate::fold::storable(authority));
    }

    /// The id under which all that this change writes stands in the history.
    pub fn change_id(&mut self) -> String {
        self.recorder.change_id(&self.environment)
    }

    /// Moves the version of a row by one when parts of its record changed that are rows of their own.
    pub async fn advance(&mut self, table: &'static Recorded, key: impl Into<ColumnValue>) -> Result<()> {
        execute_update(self, table, key.into(), Vec::new()).await
    }

    /// A new row. Every column without a default must be set.
    pub fn insert(&mut self, table: &'static Recorded) -> Insert<'_> {
        Insert {
            change: self,
            table,
            sets: Vec::with_capacity(table.columns.len()),
        }
    }

    /// A change of the row with this key: its uid, or its code where the table has no uid.
    pub fn update(&mut self, table: &'static Recorded, key: impl Into<ColumnValue>) -> Update<'_> {
        Update {
            change: self,
            table,
            key: key.into(),
            sets: Vec::with_capacity(8),
            expected_version: None,
        }
    }

    /// Deletes the row with this key, if it is there. Returns whether it was.
    pub async fn delete(&mut self, table: &'static Recorded, key: impl Into<ColumnValue>) -> Result<bool> {
        Ok(self.delete_where(table, &[(table.key, key.into())]).await? > 0)
    }

    /// Deletes the rows in which all these columns have these values. Returns how many there were.
    pub async fn delete_where(
        &mut self,
        table: &'static Recorded,
        conditions: &[(&'static str, ColumnValue)],
    ) -> Result<u64> {
        let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let places = places(conditions.iter().map(|(column, _)| *column), 1, " AND ");
        let statement = format!(
            "SELECT {} FROM {} WHERE {places}{}",
            columns.join(", "),
            table.table,
            self.dialect.for_update()
        );
        let query = conditions
            .iter()
            .fold(sqlx::query(composed(statement)), |query, (_, value)| {
                bind(query, value.clone())
            });
        let rows = query.fetch_all(self.connection()).await?;
        for row in &rows {
            let object = self.object_of_row(table, row).await?;
            match table.form {
                HistoryForm::Fields { shown: "" } => {}
                HistoryForm::Fields { shown } => {
                    let before = read(table, row, shown)?.shown();
                    self.note(&object, "deleted".to_owned(), before, None, is_personal(table, shown));
                }
                HistoryForm::Line { .. } | HistoryForm::LineNamedBy { .. } => {
                    let (field, before, personal) = self.line_of_row(table, row, &[]).await?;
                    self.note(&object, field, before, None, personal);
                }
            }
        }
        if rows.is_empty() {
            return Ok(0);
        }
        let statement = format!("DELETE FROM {} WHERE {places}", table.table);
        let query = conditions
            .iter()
            .fold(sqlx::query(composed(statement)), |query, (_, value)| {
                bind(query, value.clone())
            });
        let deleted = query.execute(self.connection()).await?.rows_affected();
        self.write_history_when_full().await?;
        Ok(deleted)
    }
}

impl Insert<'_> {
    pub fn set(mut self, column: &'static str, value: impl Into<ColumnValue>) -> Self {
        self.sets.push((column, value.into()));
        self
    }

    /// Inserts the row. Returns its uid, 0 where the table has none.
    pub async fn run(self) -> Result<i64> {
        let table = self.table;
        self.write("")
            .await?
            .ok_or_else(|| Error::inconsistent(table.table, table.key, "", "the row was not inserted"))
    }

    /// Inserts the row unless one with the same unique key stands there. Returns the uid of the new row.
    pub async fn run_if_new(self) -> Result<Option<i64>> {
        self.write(" ON CONFLICT DO NOTHING").await
    }

    async fn write(self, conflict: &str) -> Result<Option<i64>> {
        let Insert { change, table, sets } = self;
        check_columns(table, &sets)?;
        let columns: Vec<&str> = sets.iter().map(|(column, _)| *column).collect();
        let statement = format!(
            "INSERT INTO {} ({}) VALUES ({}){conflict}{}",
            table.table,
            columns.join(", "),
            marks(1, columns.len()),
            if table.has_uid() { " RETURNING uid" } else { "" }
        );
        let query = sets.iter().fold(sqlx::query(composed(statement)), |query, (_, value)| {
            bind(query, value.clone())
        });
        let uid = if table.has_uid() {
            let row = query.fetch_optional(change.connection()).await?;
            row.map(|row| row.of(table.table).int("uid")).transpose()?
        } else {
            (query.execute(change.connection()).await?.rows_affected() > 0).then_some(0)
        };
        let Some(uid) = uid else { return Ok(None) };
        let object = match table.form {
            // It says nothing, so nobody needs to know whose it is.
            HistoryForm::Fields { shown: "" } if matches!(table.owner, Owner::Parents { .. }) => return Ok(Some(uid)),
            _ => change.object_of_sets(table, &sets, uid).await?,
        };
        match table.form {
            HistoryForm::Fields { shown: "" } => {}
            HistoryForm::Fields { shown } => {
                let after = value_in(&sets, shown).and_then(ColumnValue::shown);
                change.note(&object, "created".to_owned(), None, after, is_personal(table, shown));
            }
            HistoryForm::Line { .. } | HistoryForm::LineNamedBy { .. } => {
                let (field, after, personal) = change.line(table, &sets).await?;
                change.note(&object, field, None, after, personal);
            }
        }
        change.write_history_when_full().await?;
        Ok(Some(uid))
    }
}

impl Update<'_> {
    pub fn set(mut self, column: &'static str, value: impl Into<ColumnValue>) -> Self {
        self.sets.push((column, value.into()));
        self
    }

    /// Refuses the change when the row has another version: someone was faster.
    pub fn expecting_version(mut self, version: i64) -> Self {
        self.expected_version = Some(version);
        self
    }

    /// # Errors
    /// [`Error::Absent`] when there is no such row, [`Error::Conflict`] when it has another version than expected.
    pub async fn run(self) -> Result<Updated> {
        let (what, id) = (Thing::named(self.table.kind()), self.key.shown().unwrap_or_default());
        self.write().await?.ok_or(Error::Absent { what, id })
    }

    /// Inserts the row with its key and the set columns when it is not there.
    pub async fn run_or_insert(self) -> Result<Updated> {
        let inserted = (self.table, self.key.clone(), self.sets.clone());
        let Update {
            change,
            table,
            key,
            sets,
            expected_version,
        } = self;
        let update = Update {
            change: &mut *change,
            table,
            key,
            sets,
            expected_version,
        };
        let updated = update.write().await?;
        if let Some(updated) = updated {
            return Ok(updated);
        }
        let (table, key, mut sets) = inserted;
        sets.push((table.key, key));
        Insert { change, table, sets }.run().await?;
        Ok(Updated {
            changed: true,
            version: 0,
        })
    }

    async fn write(self) -> Result<Option<Updated>> {
        let Update {
            change,
            table,
            key,
            sets,
            expected_version,
        } = self;
        check_columns(table, &sets)?;
        let Some(row) = row_before(change, table, &key, &sets).await? else {
            return Ok(None);
        };
        let version_column = table.column_of(Treatment::Version);
        let version = version_column.map_or(Ok(0), |column| row.of(table.table).int(column))?;
        if let Some(expected) = expected_version.filter(|expected| *expected != version) {
            return Err(Error::Conflict {
                what: Thing::named(table.kind()),
                id: change.object_of_row(table, &row).await?.id,
                expected,
                found: version,
            });
        }
        let mut differences = Vec::with_capacity(sets.len());
        for (column, after) in &sets {
            let before = read_as(table, &row, column, after)?;
            if before != *after {
                differences.push((*column, before, after));
            }
        }
        if differences.is_empty() {
            return Ok(Some(Updated {
                changed: false,
                version,
            }));
        }
        let object = change.object_of_row(table, &row).await?;
        let is_line = !matches!(table.form, HistoryForm::Fields { .. });
        if is_line {
            let (field, before, was_personal) = change.line_of_row(table, &row, &[]).await?;
            let (_, after, is_personal) = change.line_of_row(table, &row, &sets).await?;
            if before != after {
                change.note(&object, field, before, after, was_personal || is_personal);
            }
        } else {
            for (column, before, after) in &differences {
                let treatment = table.treatment(column).unwrap_or(Treatment::Bookkeeping);
                change.note_field(&object, treatment, before, after).await?;
            }
        }
        execute_update(change, table, key, sets).await?;
        change.write_history_when_full().await?;
        Ok(Some(Updated {
            changed: true,
            version: version_column.map_or(0, |_| version + 1),
        }))
    }
}

async fn execute_update(change: &mut Change, table: &'static Recorded, key: ColumnValue, sets: Sets) -> Result<()> {
    let mut assignments: Vec<String> = Vec::with_capacity(sets.len() + 2);
    for (at, (column, _)) in sets.iter().enumerate() {
        assignments.push(format!("{column} = ${}", at + 1));
    }
    let mut next = sets.len() + 1;
    if let Some(column) = table.column_of(Treatment::Version) {
        assignments.push(format!("{column} = {column} + 1"));
    }
    let changed_at = table.column_of(Treatment::ChangedAt);
    if let Some(column) = changed_at {
        assignments.push(format!("{column} = ${next}"));
        next += 1;
    }
    let assignments = assignments.join(", ");
    let statement = format!("UPDATE {} SET {assignments} WHERE {} = ${next}", table.table, table.key);
    let at = change.at.micros();
    let mut query = sets
        .into_iter()
        .fold(sqlx::query(composed(statement)), |query, (_, value)| bind(query, value));
    if changed_at.is_some() {
        query = query.bind(at);
    }
    bind(query, key).execute(change.connection()).await?;
    Ok(())
}

/// `a = $1, b = $2`
fn places<'a>(columns: impl Iterator<Item = &'a str>, first: usize, between: &str) -> String {
    let places: Vec<String> = columns
        .enumerate()
        .map(|(at, column)| format!("{column} = ${}", first + at))
        .collect();
    places.join(between)
}

fn check_columns(table: &'static Recorded, sets: &Sets) -> Result<()> {
    match sets.iter().find(|(column, _)| table.treatment(column).is_none()) {
        Some((column, _)) => {
            let detail = "the description of the table does not name this column";
            Err(Error::inconsistent(table.table, column, "", detail))
        }
        None => Ok(()),
    }
}
