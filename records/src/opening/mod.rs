//! Opening a record: database, schema, first contents, vault, and the doors to it.

pub(crate) mod sql;
