//! What persons read, written into the audit trail in groups before the answers leave.

pub(crate) mod sql;
