//! Pages, their texts and what was found in them, in the database.

pub(crate) mod facts;
pub(crate) mod read;
pub(crate) mod write;
