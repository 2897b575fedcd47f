//! Places and papers in the database.

mod contents;
mod enter;
mod import;
pub(crate) mod ledger;
mod order;
pub(crate) mod originals;
mod plan;
mod put_away;
pub(crate) mod resolve;
mod retire;
mod spots;
mod stored;
pub(crate) mod tree;
mod write;

pub(crate) use import::LocationsTable;
