//! What imports of every register share in the database: the one way of a table into a register, and the ledger of what
//! each import wrote.

mod flow;
mod ledger;

pub(crate) use flow::{ImportedRegister, PlannedRecord, StoredRecord, Undone, undo};
pub(crate) use ledger::{UndoneLine, changes_of, mark_kept, mark_undone};
