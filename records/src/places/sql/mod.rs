//! Places and papers in the database.

pub(crate) mod ledger;
pub(crate) mod resolve;
pub(crate) mod tree;
