//! Stocktakes in the database.

mod begin;
mod close;
mod labels;
mod load;
mod offline;
mod read;
mod scan;
mod seen;
mod settle;
mod shelf;
