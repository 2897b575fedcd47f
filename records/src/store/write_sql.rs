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
    recorded::{ColumnValue, HistoryForm, Owner, Recorded, Treatment},
    recorder_sql::{ChangedField, Object},
    sql::{Change, Columns, composed},
};
use crate::{Error, Moment, Result, Thing};
use sqlx::{Any, Row, any::AnyArguments, any::AnyRow, query::Query};

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
            match table.entry {
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

    fn note(&mut self, object: &Object, field: String, before: Option<String>, after: Option<String>, personal: bool) {
        self.recorder.add(ChangedField {
            object: object.clone(),
            field,
            before,
            after,
            personal,
        });
    }

    async fn object_of_row(&mut self, table: &'static Recorded, row: &AnyRow) -> Result<Object> {
        match &table.owner {
            Owner::Itself { .. } | Owner::Named { .. } => own_object(table, row),
            Owner::Parents(parents) => {
                for parent in *parents {
                    if let Some(uid) = row.maybe_int(parent.column)? {
                        return self.object_above(parent.table, uid).await;
                    }
                }
                Err(without_owner(table))
            }
        }
    }

    async fn object_of_sets(&mut self, table: &'static Recorded, sets: &Sets, uid: i64) -> Result<Object> {
        match &table.owner {
            Owner::Itself { kind, id: name } | Owner::Named { kind, code: name } => {
                let id = value_in(sets, name).and_then(ColumnValue::shown);
                let is_named = matches!(table.owner, Owner::Named { .. });
                let object = Object {
                    kind,
                    id: id.ok_or_else(|| without_owner(table))?,
                    uid: if is_named { 0 } else { uid },
                };
                self.known_object = Some((table.table, uid, object.clone()));
                Ok(object)
            }
            Owner::Parents(parents) => {
                for parent in *parents {
                    if let Some(ColumnValue::Int(Some(uid))) = value_in(sets, parent.column) {
                        return self.object_above(parent.table, *uid).await;
                    }
                }
                Err(without_owner(table))
            }
        }
    }

    /// The record that the row `uid` of `table` belongs to.
    async fn object_above(&mut self, mut table: &'static Recorded, mut uid: i64) -> Result<Object> {
        let asked = (table.table, uid);
        if let Some((known, of, object)) = &self.known_object
            && (*known, *of) == asked
        {
            return Ok(object.clone());
        }
        loop {
            let columns: Vec<&str> = match &table.owner {
                Owner::Itself { id: name, .. } | Owner::Named { code: name, .. } => vec![*name],
                Owner::Parents(parents) => parents.iter().map(|parent| parent.column).collect(),
            };
            let statement = format!("SELECT uid, {} FROM {} WHERE uid = $1", columns.join(", "), table.table);
            let row = sqlx::query(composed(statement))
                .bind(uid)
                .fetch_optional(self.connection())
                .await?
                .ok_or_else(|| without_owner(table))?;
            match &table.owner {
                Owner::Itself { .. } | Owner::Named { .. } => {
                    let object = own_object(table, &row)?;
                    self.known_object = Some((asked.0, asked.1, object.clone()));
                    return Ok(object);
                }
                Owner::Parents(parents) => {
                    let mut above = None;
                    for parent in *parents {
                        if above.is_none() {
                            above = row.maybe_int(parent.column)?.map(|uid| (parent.table, uid));
                        }
                    }
                    (table, uid) = above.ok_or_else(|| without_owner(table))?;
                }
            }
        }
    }

    /// What people call the row that a reference leads to.
    async fn called(&mut self, treatment: Treatment, value: &ColumnValue) -> Result<Option<String>> {
        if let Treatment::Instant(_) = treatment {
            return Ok(instant(value));
        }
        let (Treatment::Reference(_, [first, steps @ ..]), ColumnValue::Int(Some(uid))) = (treatment, value) else {
            return Ok(value.shown());
        };
        let mut from = format!("{} s0", first.table);
        let mut shown = format!("s0.{}", first.column);
        for (at, step) in steps.iter().enumerate() {
            let next = at + 1;
            from = format!("{from} JOIN {} s{next} ON s{next}.uid = {shown}", step.table);
            shown = format!("s{next}.{}", step.column);
        }
        let statement = format!("SELECT CAST({shown} AS TEXT) AS shown FROM {from} WHERE s0.uid = $1");
        let row = sqlx::query(composed(statement))
            .bind(*uid)
            .fetch_optional(self.connection())
            .await?;
        row.map_or(Ok(None), |row| row.maybe_text("shown"))
    }

    /// Field, value and privacy of a row that is one value of its owner; `sets` go before what stands in the row.
    async fn line_of_row(
        &mut self,
        table: &'static Recorded,
        row: &AnyRow,
        sets: &[(&'static str, ColumnValue)],
    ) -> Result<(String, Option<String>, bool)> {
        let mut values = Vec::with_capacity(table.columns.len());
        for (column, _) in table.columns {
            values.push((
                *column,
                match value_in(sets, column) {
                    Some(value) => value.clone(),
                    None => read(table, row, column)?,
                },
            ));
        }
        self.line(table, &values).await
    }

    async fn line(
        &mut self,
        table: &'static Recorded,
        values: &[(&'static str, ColumnValue)],
    ) -> Result<(String, Option<String>, bool)> {
        let field = match table.entry {
            HistoryForm::Line { field } => field.to_owned(),
            HistoryForm::LineNamedBy { column } => value_in(values, column)
                .and_then(ColumnValue::shown)
                .unwrap_or_default(),
            HistoryForm::Fields { .. } => String::new(),
        };
        let (mut parts, mut personal) = (Vec::new(), false);
        for (column, treatment) in table.line_columns() {
            let Some(value) = value_in(values, column) else {
                continue;
            };
            if let Some(shown) = self.called(treatment, value).await?.filter(|shown| !shown.is_empty()) {
                personal |= matches!(treatment, Treatment::Personal(_));
                parts.push(shown);
            }
        }
        Ok((field, Some(parts.join(" ")), personal))
    }

    /// One history row for each field in which a row differs.
    async fn note_field(
        &mut self,
        object: &Object,
        treatment: Treatment,
        before: &ColumnValue,
        after: &ColumnValue,
    ) -> Result<()> {
        match treatment {
            Treatment::Field(field) => self.note(object, field.to_owned(), before.shown(), after.shown(), false),
            Treatment::Instant(field) => {
                let (before, after) = (instant(before), instant(after));
                self.note(object, field.to_owned(), before, after, false);
            }
            Treatment::Personal(field) => self.note(object, field.to_owned(), before.shown(), after.shown(), true),
            Treatment::Secret(field) => self.note(object, field.to_owned(), None, None, false),
            Treatment::Reference(field, _) => {
                let before = self.called(treatment, before).await?;
                let after = self.called(treatment, after).await?;
                self.note(object, field.to_owned(), before, after, false);
            }
            Treatment::Attributes => {
                let (before, after) = (attributes(before), attributes(after));
                let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                for name in names {
                    let (before, after) = (attribute(&before, name), attribute(&after, name));
                    if before != after {
                        self.note(object, format!("attribute:{name}"), before, after, false);
                    }
                }
            }
            Treatment::Version | Treatment::ChangedAt | Treatment::Bookkeeping => {}
        }
        Ok(())
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
        self.write("").await?.ok_or_else(|| Error::Inconsistent {
            table: table.table,
            column: table.key.to_owned(),
            detail: "the row was not inserted".to_owned(),
        })
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
            super::sql::marks(1, columns.len()),
            if table.has_uid() { " RETURNING uid" } else { "" }
        );
        let query = sets.iter().fold(sqlx::query(composed(statement)), |query, (_, value)| {
            bind(query, value.clone())
        });
        let uid = if table.has_uid() {
            let row = query.fetch_optional(change.connection()).await?;
            row.map(|row| row.int("uid")).transpose()?
        } else {
            (query.execute(change.connection()).await?.rows_affected() > 0).then_some(0)
        };
        let Some(uid) = uid else { return Ok(None) };
        let object = match table.entry {
            // It says nothing, so nobody needs to know whose it is.
            HistoryForm::Fields { shown: "" } if matches!(table.owner, Owner::Parents(_)) => return Ok(Some(uid)),
            _ => change.object_of_sets(table, &sets, uid).await?,
        };
        match table.entry {
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
        let version = version_column.map_or(Ok(0), |column| row.int(column))?;
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
        let is_line = !matches!(table.entry, HistoryForm::Fields { .. });
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

/// The record that a row is by itself.
fn own_object(table: &'static Recorded, row: &AnyRow) -> Result<Object> {
    match &table.owner {
        Owner::Itself { kind, id } => Ok(Object {
            kind,
            id: row.text(id)?,
            uid: row.int("uid")?,
        }),
        Owner::Named { kind, code } => Ok(Object {
            kind,
            id: row.text(code)?,
            uid: 0,
        }),
        Owner::Parents(_) => Err(without_owner(table)),
    }
}

/// The row as it is, locked, with the columns that a change of it must know.
async fn row_before(
    change: &mut Change,
    table: &'static Recorded,
    key: &ColumnValue,
    sets: &Sets,
) -> Result<Option<AnyRow>> {
    let is_line = !matches!(table.entry, HistoryForm::Fields { .. });
    let needed = |(name, treatment): &&(&'static str, Treatment)| {
        is_line
            || *name == "uid"
            || *treatment == Treatment::Version
            || value_in(sets, name).is_some()
            || match &table.owner {
                Owner::Itself { id: own, .. } | Owner::Named { code: own, .. } => own == name,
                Owner::Parents(parents) => parents.iter().any(|parent| parent.column == *name),
            }
    };
    let columns: Vec<&str> = table.columns.iter().filter(needed).map(|(name, _)| *name).collect();
    let statement = format!(
        "SELECT {} FROM {} WHERE {} = $1{}",
        columns.join(", "),
        table.table,
        table.key,
        change.dialect.for_update()
    );
    let query = bind(sqlx::query(composed(statement)), key.clone());
    Ok(query.fetch_optional(change.connection()).await?)
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

fn bind(query: Query<'_, Any, AnyArguments>, value: ColumnValue) -> Query<'_, Any, AnyArguments> {
    match value {
        ColumnValue::Int(number) => query.bind(number),
        ColumnValue::Text(text) => query.bind(text),
        ColumnValue::Real(number) => query.bind(number),
        ColumnValue::Bytes(bytes) => query.bind(bytes),
    }
}

fn value_in<'s>(sets: &'s [(&'static str, ColumnValue)], column: &str) -> Option<&'s ColumnValue> {
    sets.iter().find(|(name, _)| *name == column).map(|(_, value)| value)
}

fn is_personal(table: &Recorded, column: &str) -> bool {
    matches!(table.treatment(column), Some(Treatment::Personal(_)))
}

/// The stored value in the type of the one that shall replace it.
fn read_as(table: &'static Recorded, row: &AnyRow, column: &'static str, like: &ColumnValue) -> Result<ColumnValue> {
    let value = match like {
        ColumnValue::Int(_) => row.try_get(column).map(ColumnValue::Int),
        ColumnValue::Text(_) => row.try_get(column).map(ColumnValue::Text),
        ColumnValue::Real(_) => row.try_get(column).map(ColumnValue::Real),
        ColumnValue::Bytes(_) => row.try_get(column).map(ColumnValue::Bytes),
    };
    value.map_err(|cause| unreadable(table, column, &cause))
}

/// The stored value in whatever type it has.
fn read(table: &'static Recorded, row: &AnyRow, column: &'static str) -> Result<ColumnValue> {
    row.try_get(column)
        .map(ColumnValue::Text)
        .or_else(|_| row.try_get(column).map(ColumnValue::Int))
        .or_else(|_| row.try_get(column).map(ColumnValue::Real))
        .or_else(|_| row.try_get(column).map(ColumnValue::Bytes))
        .map_err(|cause| unreadable(table, column, &cause))
}

fn unreadable(table: &'static Recorded, column: &str, cause: &sqlx::Error) -> Error {
    Error::Inconsistent {
        table: table.table,
        column: column.to_owned(),
        detail: cause.to_string(),
    }
}

fn without_owner(table: &'static Recorded) -> Error {
    Error::Inconsistent {
        table: table.table,
        column: table.key.to_owned(),
        detail: "the row belongs to no record".to_owned(),
    }
}

fn check_columns(table: &'static Recorded, sets: &Sets) -> Result<()> {
    match sets.iter().find(|(column, _)| table.treatment(column).is_none()) {
        Some((column, _)) => Err(Error::Inconsistent {
            table: table.table,
            column: (*column).to_owned(),
            detail: "the description of the table does not name this column".to_owned(),
        }),
        None => Ok(()),
    }
}

fn instant(value: &ColumnValue) -> Option<String> {
    match value {
        ColumnValue::Int(micros) => micros.map(|micros| Moment::from_micros(micros).rfc3339()),
        other => other.shown(),
    }
}

type Attributes = serde_json::Map<String, serde_json::Value>;

fn attributes(value: &ColumnValue) -> Attributes {
    let text = value.shown().unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn attribute(attributes: &Attributes, name: &str) -> Option<String> {
    attributes
        .get(name)
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
