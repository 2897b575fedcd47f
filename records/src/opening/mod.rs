//! Opening a record: database, schema, first contents, vault, and the doors to it.

mod former_details;
mod former_details_sql;
pub(crate) mod sql;
