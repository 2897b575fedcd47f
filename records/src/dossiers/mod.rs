//! Dossiers: exactly one for each customer, opened with it; the number is issued at acceptance and never again.

pub(crate) mod recorded;
pub(crate) mod sql;

pub use crate::settings::NumberPattern;
