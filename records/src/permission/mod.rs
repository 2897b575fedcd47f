//! Who may see what: grants for a time, and seals. What follows from them for every read is [`crate::Sight`].

pub mod grants;
pub mod sealing;
pub(crate) mod sql;
