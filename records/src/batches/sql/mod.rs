//! Batches, their lines and who runs them, in the database.

mod lines;
mod problems;
mod read;
mod run;

pub(crate) use lines::{add_pages, insert_line};
pub(crate) use run::hold;
