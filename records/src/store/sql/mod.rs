//! The base of all SQL: dialects, schema, rows, and the one way to change the record.

mod change;
mod columns;
mod schema;
pub(crate) mod trail;

pub(crate) use change::Change;
pub(crate) use columns::{Columns, RowOf, of_each};
pub(crate) use schema::{Conversion, Dialect, LISTED_AT_ONCE, SCHEMA_VERSION, composed, marks, migrate, pool};
