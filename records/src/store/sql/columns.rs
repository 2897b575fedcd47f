//! Reading columns, with an error that names table, column and row.

use super::schema::{LISTED_AT_ONCE, composed, marks};
use crate::{Error, Moment, Result, store::Store};
use sqlx::{Any, Decode, Row, Type, any::AnyRow};
use vocabulary::SecurityLevel;

/// A row whose columns are read. What cannot be read is said with table, column and row.
pub(crate) trait Columns {
    fn row(&self) -> &AnyRow;
    /// The table that the columns come from, as far as the reader says so.
    fn table(&self) -> &'static str;

    /// The same row, read as one of this table.
    fn of(&self, table: &'static str) -> RowOf<'_> {
        RowOf { row: self.row(), table }
    }

    fn column<'r, T: Decode<'r, Any> + Type<Any>>(&'r self, column: &'static str) -> Result<T> {
        self.row().try_get(column).map_err(|cause| {
            let of = named(self.row());
            Error::inconsistent(self.table(), column, format!("{of}{cause}"))
        })
    }

    fn int(&self, column: &'static str) -> Result<i64> {
        self.column(column)
    }

    fn maybe_int(&self, column: &'static str) -> Result<Option<i64>> {
        self.column(column)
    }

    fn real(&self, column: &'static str) -> Result<f64> {
        self.column(column)
    }

    fn text(&self, column: &'static str) -> Result<String> {
        self.column(column)
    }

    fn maybe_text(&self, column: &'static str) -> Result<Option<String>> {
        self.column(column)
    }

    fn bytes(&self, column: &'static str) -> Result<Vec<u8>> {
        self.column(column)
    }

    fn flag(&self, column: &'static str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    fn moment(&self, column: &'static str) -> Result<Moment> {
        self.int(column).map(Moment::from_micros)
    }

    fn maybe_moment(&self, column: &'static str) -> Result<Option<Moment>> {
        Ok(self.maybe_int(column)?.map(Moment::from_micros))
    }

    /// A number that the program counts with; what does not fit is a damaged record and no other number.
    fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T> {
        let number = self.int(column)?;
        T::try_from(number).map_err(|_| {
            let of = named(self.row());
            Error::inconsistent(self.table(), column, format!("{of}{number} is out of range"))
        })
    }
}

impl Columns for AnyRow {
    fn row(&self) -> &AnyRow {
        self
    }

    fn table(&self) -> &'static str {
        "(query)"
    }
}

/// A row of a named table.
pub(crate) struct RowOf<'r> {
    row: &'r AnyRow,
    table: &'static str,
}

impl Columns for RowOf<'_> {
    fn row(&self) -> &AnyRow {
        self.row
    }

    fn table(&self) -> &'static str {
        self.table
    }
}

/// `row 17: ` by the uid, id or sequence among its columns; nothing when it has none.
fn named(row: &AnyRow) -> String {
    let number = |column| row.try_get::<i64, _>(column).map(|number| number.to_string());
    number("uid")
        .or_else(|_| row.try_get::<String, _>("id"))
        .or_else(|_| number("sequence"))
        .map(|name| format!("row {name}: "))
        .unwrap_or_default()
}

/// A stored word that must be one of a closed list.
pub(crate) fn word<T>(
    table: &'static str,
    column: &'static str,
    text: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T> {
    parse(text).ok_or_else(|| Error::Inconsistent {
        table,
        column: column.to_owned(),
        detail: format!("unknown word `{text}`"),
    })
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

/// A stored security level; a number that is none is never taken for a level.
pub(crate) fn level(table: &'static str, column: &'static str, number: i64) -> Result<SecurityLevel> {
    SecurityLevel::from_number(number)
        .ok_or_else(|| Error::inconsistent(table, column, format!("there is no security level {number}")))
}
