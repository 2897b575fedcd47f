//! Customers in the database.

mod doubles;
mod enter;
mod find;
mod import;
mod plan;
mod read;
mod stored;
mod write;

pub(crate) use find::find_uid;
pub(crate) use import::undo;
pub(crate) use read::attributes_from;
