//! What a change of a row says in the history: whose history it is, which fields differ, and what people call a value.

use super::{
    recorded::{ColumnValue, HistoryForm, Owner, Recorded, Treatment},
    recorder_sql::{ChangedField, Object},
    sql::{Change, Columns, composed},
};
use crate::{Error, Moment, Result};
use sqlx::{Any, Row, any::AnyArguments, any::AnyRow, query::Query};

impl Change {
    pub(in crate::store) fn note(
        &mut self,
        object: &Object,
        field: String,
        before: Option<String>,
        after: Option<String>,
        personal: bool,
    ) {
        self.recorder.add(ChangedField {
            object: object.clone(),
            field,
            before,
            after,
            personal,
        });
    }

    /// The description of a recorded table.
    fn described(&self, table: &'static str) -> Result<&'static Recorded> {
        let mut tables = self.recorded.iter().copied();
        tables
            .find(|recorded| recorded.table == table)
            .ok_or_else(|| Error::inconsistent(table, "uid", "", "the table has no description"))
    }

    pub(in crate::store) async fn object_of_row(&mut self, table: &'static Recorded, row: &AnyRow) -> Result<Object> {
        match &table.owner {
            Owner::Itself { .. } | Owner::Named { .. } => own_object(table, row),
            Owner::Parents { of: parents, .. } => {
                for parent in *parents {
                    if let Some(uid) = row.of(table.table).maybe_int(parent.column)? {
                        return self.object_above(self.described(parent.table)?, uid).await;
                    }
                }
                Err(without_owner(table, row.of(table.table).int("uid")?))
            }
        }
    }

    pub(in crate::store) async fn object_of_sets(
        &mut self,
        table: &'static Recorded,
        sets: &[(&'static str, ColumnValue)],
        uid: i64,
    ) -> Result<Object> {
        match &table.owner {
            Owner::Itself { kind, id: name } | Owner::Named { kind, code: name } => {
                let id = value_in(sets, name).and_then(ColumnValue::shown);
                let is_named = matches!(table.owner, Owner::Named { .. });
                let object = Object {
                    kind,
                    id: id.ok_or_else(|| without_owner(table, uid))?,
                    uid: if is_named { 0 } else { uid },
                };
                self.know_object(table.table, uid, &object);
                Ok(object)
            }
            Owner::Parents { of: parents, .. } => {
                for parent in *parents {
                    if let Some(ColumnValue::Int(Some(uid))) = value_in(sets, parent.column) {
                        return self.object_above(self.described(parent.table)?, *uid).await;
                    }
                }
                Err(without_owner(table, uid))
            }
        }
    }

    /// The record that the row `uid` of `table` belongs to.
    pub(in crate::store) async fn object_above(
        &mut self,
        mut table: &'static Recorded,
        mut uid: i64,
    ) -> Result<Object> {
        let asked = (table.table, uid);
        if let Some(object) = self.known_object(table.table, uid) {
            return Ok(object.clone());
        }
        loop {
            let columns: Vec<&str> = match &table.owner {
                Owner::Itself { id: name, .. } | Owner::Named { code: name, .. } => vec![*name],
                Owner::Parents { of: parents, .. } => parents.iter().map(|parent| parent.column).collect(),
            };
            let statement = format!("SELECT uid, {} FROM {} WHERE uid = $1", columns.join(", "), table.table);
            let row = sqlx::query(composed(statement))
                .bind(uid)
                .fetch_optional(self.connection())
                .await?
                .ok_or_else(|| without_owner(table, uid))?;
            match &table.owner {
                Owner::Itself { .. } | Owner::Named { .. } => {
                    let object = own_object(table, &row)?;
                    self.know_object(asked.0, asked.1, &object);
                    return Ok(object);
                }
                Owner::Parents { of: parents, .. } => {
                    let mut above = None;
                    for parent in *parents {
                        if above.is_none() {
                            above = row
                                .of(table.table)
                                .maybe_int(parent.column)?
                                .map(|uid| (parent.table, uid));
                        }
                    }
                    let (name, of) = above.ok_or_else(|| without_owner(table, uid))?;
                    (table, uid) = (self.described(name)?, of);
                }
            }
        }
    }

    /// What people call the row that a reference leads to.
    pub(in crate::store) async fn called(
        &mut self,
        treatment: Treatment,
        value: &ColumnValue,
    ) -> Result<Option<String>> {
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
        row.map_or(Ok(None), |row| row.of(first.table).maybe_text("shown"))
    }

    /// Field, value and privacy of a row that is one value of its owner; `sets` go before what stands in the row.
    pub(in crate::store) async fn line_of_row(
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

    pub(in crate::store) async fn line(
        &mut self,
        table: &'static Recorded,
        values: &[(&'static str, ColumnValue)],
    ) -> Result<(String, Option<String>, bool)> {
        let field = match table.form {
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
    pub(in crate::store) async fn note_field(
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

/// The row as it is, locked, with the columns that a change of it must know.
pub(in crate::store) async fn row_before(
    change: &mut Change,
    table: &'static Recorded,
    key: &ColumnValue,
    sets: &[(&'static str, ColumnValue)],
) -> Result<Option<AnyRow>> {
    let is_line = !matches!(table.form, HistoryForm::Fields { .. });
    let needed = |(name, treatment): &&(&'static str, Treatment)| {
        is_line
            || *name == "uid"
            || *treatment == Treatment::Version
            || value_in(sets, name).is_some()
            || match &table.owner {
                Owner::Itself { id: own, .. } | Owner::Named { code: own, .. } => own == name,
                Owner::Parents { of: parents, .. } => parents.iter().any(|parent| parent.column == *name),
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

/// The record that a row is by itself.
fn own_object(table: &'static Recorded, row: &AnyRow) -> Result<Object> {
    match &table.owner {
        Owner::Itself { kind, id } => Ok(Object {
            kind,
            id: row.of(table.table).text(id)?,
            uid: row.of(table.table).int("uid")?,
        }),
        Owner::Named { kind, code } => Ok(Object {
            kind,
            id: row.of(table.table).text(code)?,
            uid: 0,
        }),
        Owner::Parents { .. } => Err(without_owner(table, "")),
    }
}

pub(in crate::store) fn value_in<'s>(sets: &'s [(&'static str, ColumnValue)], column: &str) -> Option<&'s ColumnValue> {
    sets.iter().find(|(name, _)| *name == column).map(|(_, value)| value)
}

pub(in crate::store) fn is_personal(table: &Recorded, column: &str) -> bool {
    matches!(table.treatment(column), Some(Treatment::Personal(_)))
}

/// The stored value in the type of the one that shall replace it.
pub(in crate::store) fn read_as(
    table: &'static Recorded,
    row: &AnyRow,
    column: &'static str,
    like: &ColumnValue,
) -> Result<ColumnValue> {
    let value = match like {
        ColumnValue::Int(_) => row.try_get(column).map(ColumnValue::Int),
        ColumnValue::Text(_) => row.try_get(column).map(ColumnValue::Text),
        ColumnValue::Real(_) => row.try_get(column).map(ColumnValue::Real),
        ColumnValue::Bytes(_) => row.try_get(column).map(ColumnValue::Bytes),
    };
    value.map_err(|cause| row.of(table.table).wrong(column, cause.to_string()))
}

/// The stored value in whatever type it has.
pub(in crate::store) fn read(table: &'static Recorded, row: &AnyRow, column: &'static str) -> Result<ColumnValue> {
    row.try_get(column)
        .map(ColumnValue::Text)
        .or_else(|_| row.try_get(column).map(ColumnValue::Int))
        .or_else(|_| row.try_get(column).map(ColumnValue::Real))
        .or_else(|_| row.try_get(column).map(ColumnValue::Bytes))
        .map_err(|cause: sqlx::Error| row.of(table.table).wrong(column, cause.to_string()))
}

fn without_owner(table: &'static Recorded, row: impl ToString) -> Error {
    Error::inconsistent(table.table, table.key, row.to_string(), "the row belongs to no record")
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

pub(in crate::store) fn bind(query: Query<'_, Any, AnyArguments>, value: ColumnValue) -> Query<'_, Any, AnyArguments> {
    match value {
        ColumnValue::Int(number) => query.bind(number),
        ColumnValue::Text(text) => query.bind(text),
        ColumnValue::Real(number) => query.bind(number),
        ColumnValue::Bytes(bytes) => query.bind(bytes),
    }
}
