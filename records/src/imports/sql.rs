//! Imports in the database: the one way of a table into every register, the list of what was imported, what each wrote,
//! and taking one back.

mod flow;
mod ledger;
mod read;
mod registers;
mod undo;

pub(crate) use flow::{ImportedRegister, PlannedRecord, StoredRecord};
