//! Places and papers in the database.

mod containers;
pub(crate) mod contents;
mod destination;
mod enter;
mod filling;
mod import;
pub(crate) mod ledger;
pub(crate) mod lent;
mod map;
mod near;
mod order;
pub(crate) mod originals;
pub(crate) mod placing;
mod plan;
mod proposal;
mod put_away;
pub(crate) mod resolve;
mod retire;
pub(crate) mod spots;
mod stored;
pub(crate) mod things;
pub(crate) mod tree;
mod write;

pub(crate) use import::LocationsTable;
