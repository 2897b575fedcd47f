//! Customers in the database.

mod doubles;
mod enter;
mod find;
mod import;
mod plan;
mod planned;
mod read;
mod resolve;
mod stored;
mod write;

pub(crate) use import::CustomersTable;
pub(crate) use read::{attributes_of, told_apart};
pub(crate) use resolve::find_uid;
