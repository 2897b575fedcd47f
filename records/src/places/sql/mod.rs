//! Places and papers in the database.

mod enter;
mod import;
pub(crate) mod ledger;
mod plan;
pub(crate) mod resolve;
mod stored;
pub(crate) mod tree;
mod write;

pub(crate) use import::undo;
