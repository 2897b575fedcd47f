//! What can go wrong in a use case, over and above what record and full text say themselves.

use vocabulary::Bilingual;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Records(#[from] records::Error),
    #[error(transparent)]
    Index(#[from] index::Error),
    #[error("there is no {what} `{key}`, or you may not see it")]
    Absent { what: &'static str, key: String },
    #[error("{field}: {reason}")]
    Invalid { field: &'static str, reason: Bilingual },
    #[error("the list could not be written: {0}")]
    Export(String),
}

impl From<vocabulary::Unusable> for Error {
    fn from(unusable: vocabulary::Unusable) -> Self {
        Self::Records(unusable.into())
    }
}

impl Error {
    /// A stable word for programs; the text is for people.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Records(cause) => cause.code(),
            Self::Index(cause) => cause.code(),
            Self::Absent { .. } => "not_found",
            Self::Invalid { .. } => "invalid_value",
            Self::Export(_) => "export_failed",
        }
    }

    pub(crate) fn invalid(field: &'static str, reason: Bilingual) -> Self {
        Self::Invalid { field, reason }
    }

    pub(crate) fn absent(what: &'static str, key: impl Into<String>) -> Self {
        Self::Absent { what, key: key.into() }
    }
}
