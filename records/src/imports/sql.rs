//! Imports in the database: the list of what was imported, what each wrote, and taking one back.

mod ledger;
mod read;
mod undo;

pub(crate) use ledger::{ImportLedger, LedgerLine};
pub(crate) use undo::{Undone, UndoneLine};
