//! Batches, their lines and who runs them, in the database.

mod lines;
mod lines_read;
mod problems;
mod read;
mod run;
mod sight;

pub(crate) use lines::{add_pages, insert_line, insert_not_taken};
pub(crate) use run::hold;
