//! Customers in the database.

mod find;
mod import;
mod read;
mod write;

pub(crate) use find::find_uid;
pub(crate) use read::attributes_from;
