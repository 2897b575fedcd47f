//! Every register by one way: a table is imported, imports are listed, one is taken back.

mod import;
mod read;
mod undo;
