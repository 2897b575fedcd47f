//! The history in the database.

mod meant;
mod put_back;
mod read;
mod sight;

pub(crate) use meant::{person, records_meant};
