//! What can go wrong with the record, each with a stable code and a next step.

use std::path::PathBuf;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("the database did not answer: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the record contradicts itself at {table}.{column}: {detail}; run `dossier verify`")]
    Inconsistent {
        table: &'static str,
        column: String,
        detail: String,
    },
    #[error(
        "{what} {id} was changed by someone else (version {found}, you had {expected}); look at it again and repeat"
    )]
    Conflict {
        what: &'static str,
        id: String,
        expected: i64,
        found: i64,
    },
    #[error("{what} `{value}` is not usable: {reason}")]
    Invalid {
        what: &'static str,
        value: String,
        reason: String,
    },
    #[error("there is no {what} `{id}`")]
    Absent { what: &'static str, id: String },
    #[error("{what} `{id}` exists already")]
    Exists { what: &'static str, id: String },
    #[error("this needs the role {needed}; ask an administrator")]
    Forbidden { needed: &'static str },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{0}")]
    Refused(String),
    #[error("the database has schema {found}, this program knows up to {known}; start the newer program")]
    NewerSchema { found: i64, known: i64 },
}

impl Error {
    /// A stable word for programs; the text is for people.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Database(_) => "database_error",
            Error::Inconsistent { .. } => "inconsistent_record",
            Error::Conflict { .. } => "version_conflict",
            Error::Invalid { .. } => "invalid_value",
            Error::Absent { .. } => "not_found",
            Error::Exists { .. } => "already_exists",
            Error::Forbidden { .. } => "forbidden",
            Error::Io { .. } => "io_error",
            Error::Refused(_) => "refused",
            Error::NewerSchema { .. } => "newer_schema",
        }
    }

    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { path, source }
    }

    pub fn invalid(what: &'static str, value: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Invalid {
            what,
            value: value.into(),
            reason: reason.into(),
        }
    }

    /// Whether the disk or the database has run out of room, which is a reason to pause and not to fail.
    pub fn is_full(&self) -> bool {
        match self {
            Error::Io { source, .. } => {
                source.kind() == std::io::ErrorKind::StorageFull || source.kind() == std::io::ErrorKind::QuotaExceeded
            }
            Error::Database(sqlx::Error::Database(cause)) => {
                // SQLITE_FULL is 13, SQLITE_IOERR_SHMSIZE 4874; PostgreSQL says 53100 (disk_full).
                matches!(cause.code().as_deref(), Some("13" | "4874" | "53100"))
            }
            _ => false,
        }
    }
}

impl From<vocabulary::Unusable> for Error {
    fn from(unusable: vocabulary::Unusable) -> Self {
        let vocabulary::Unusable { what, value, reason } = unusable;
        Error::Invalid { what, value, reason }
    }
}
