//! Grants in the database.

mod decide;
mod read;
mod target;
mod used;

pub(crate) use used::{ThingColumn, shown_to};
