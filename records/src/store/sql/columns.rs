//! Reading columns, with an error that names table, column and row.

use super::schema::{LISTED_AT_ONCE, composed, marks};
use crate::{Error, Moment, Result, store::Store};
use sqlx::{Any, Decode, Row, Type, any::AnyRow};
use vocabulary::SecurityLevel;

/// A row becomes readable when its table is named, so that no error can leave the table out.
pub(crate) trait Columns {
    fn of(&self, table: &'static str) -> RowOf<'_>;
}

impl Columns for AnyRow {
    fn of(&self, table: &'static str) -> RowOf<'_> {
        RowOf {
            row: self,
            table,
            uid: "uid",
        }
    }
}

/// A row of a named table. What joined tables add to it is read under the same name.
#[derive(Clone, Copy)]
pub(crate) struct RowOf<'r> {
    row: &'r AnyRow,
    table: &'static str,
    /// The column that holds the uid of the row, where another table has the column `uid`.
    uid: &'static str,
}

impl<'r> RowOf<'r> {
    /// The same row, for columns of another table.
    pub fn of(&self, table: &'static str) -> RowOf<'r> {
        self.row.of(table)
    }

    /// The same row, whose uid is in this column.
    pub fn by(self, uid: &'static str) -> Self {
        Self { uid, ..self }
    }

    fn column<T: Decode<'r, Any> + Type<Any>>(&self, column: &'static str) -> Result<T> {
        self.row
            .try_get(column)
            .map_err(|cause| self.wrong(column, cause.to_string()))
    }

    pub fn int(&self, column: &'static str) -> Result<i64> {
        self.column(column)
    }

    pub fn maybe_int(&self, column: &'static str) -> Result<Option<i64>> {
        self.column(column)
    }

    pub fn real(&self, column: &'static str) -> Result<f64> {
        self.column(column)
    }

    pub fn text(&self, column: &'static str) -> Result<String> {
        self.column(column)
    }

    pub fn maybe_text(&self, column: &'static str) -> Result<Option<String>> {
        self.column(column)
    }

    pub fn maybe_real(&self, column: &'static str) -> Result<Option<f64>> {
        self.column(column)
    }

    pub fn bytes(&self, column: &'static str) -> Result<Vec<u8>> {
        self.column(column)
    }

    pub fn maybe_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>> {
        self.column(column)
    }

    pub fn flag(&self, column: &'static str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    pub fn moment(&self, column: &'static str) -> Result<Moment> {
        self.int(column).map(Moment::from_micros)
    }

    pub fn maybe_moment(&self, column: &'static str) -> Result<Option<Moment>> {
        Ok(self.maybe_int(column)?.map(Moment::from_micros))
    }

    /// A number in the type that the program uses; one that does not fit is a damaged row and never becomes another
    /// number.
    pub fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T> {
        let number = self.int(column)?;
        T::try_from(number).map_err(|_| self.wrong(column, format!("{number} is out of range")))
    }

    /// A stored word that must be one of a closed list.
    pub fn word<T>(&self, column: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let text = self.text(column)?;
        parse(&text).ok_or_else(|| self.wrong(column, format!("unknown word `{text}`")))
    }

    /// The same where nothing may be stored: NULL, or no characters.
    pub fn maybe_word<T>(&self, column: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
        match self.maybe_text(column)?.as_deref() {
            None | Some("") => Ok(None),
            Some(text) => match parse(text) {
                Some(word) => Ok(Some(word)),
                None => Err(self.wrong(column, format!("unknown word `{text}`"))),
            },
        }
    }

    /// A text that is read further, such as JSON or a date.
    pub fn read<T, E: std::fmt::Display>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T> {
        read(&self.text(column)?).map_err(|cause| self.wrong(column, cause.to_string()))
    }

    /// A stored security level; a number that is none is an error and never a lower level.
    pub fn security_level(&self, column: &'static str) -> Result<SecurityLevel> {
        let number = self.int(column)?;
        SecurityLevel::from_number(number)
            .ok_or_else(|| self.wrong(column, format!("there is no security level {number}")))
    }

    /// The error that this column of this row holds what it cannot hold.
    pub fn wrong(&self, column: &'static str, detail: impl Into<String>) -> Error {
        Error::inconsistent(self.table, column, self.key(), detail)
    }

    /// Adds this row to an error about one of its columns.
    pub fn named<T>(&self, read: Result<T>) -> Result<T> {
        read.map_err(|error| error.in_row(self.key()))
    }

    /// The key of the row, as far as it was selected: its uid, id, sequence, code or name.
    fn key(&self) -> String {
        let number = |column| self.row.try_get::<i64, _>(column).map(|number| number.to_string());
        let text = |column| self.row.try_get::<String, _>(column);
        number(self.uid)
            .or_else(|_| text("id"))
            .or_else(|_| number("sequence"))
            .or_else(|_| number("seq"))
            .or_else(|_| text("code"))
            .or_else(|_| text("name"))
            .unwrap_or_default()
    }
}

/// Reads what belongs to each of many things in few statements: `statement` ends with the column and `IN`, `order`
/// follows the list.
pub(crate) async fn of_each(store: &Store, statement: &str, order: &str, uids: &[i64]) -> Result<Vec<AnyRow>> {
    let mut rows = Vec::new();
    for chunk in uids.chunks(LISTED_AT_ONCE) {
        let text = format!("{statement} ({}) {order}", marks(1, chunk.len()));
        let query = chunk
            .iter()
            .fold(sqlx::query(composed(text)), |query, uid| query.bind(*uid));
        rows.extend(query.fetch_all(&store.readers).await?);
    }
    Ok(rows)
}
