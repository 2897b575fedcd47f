//! The error for input that cannot be read: what it should have been, what was written, and why it is refused.

use crate::Bilingual;

pub type Result<T, E = Unusable> = std::result::Result<T, E>;

/// Input that cannot be used. Rooms above turn it into an error of their own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} `{value}` is not usable: {reason}")]
pub struct Unusable {
    pub what: &'static str,
    pub value: String,
    /// A clause in lower case that says what to write instead.
    pub reason: Bilingual,
}

impl Unusable {
    pub fn new(what: &'static str, value: impl Into<String>, reason: Bilingual) -> Self {
        Self {
            what,
            value: value.into(),
            reason,
        }
    }
}
