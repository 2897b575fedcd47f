//! What can go wrong with the record, each with a stable code, what it is about and a next step.

mod names;
mod refusal;

pub use names::{Field, Thing};
pub use refusal::{NearCodes, RefusedBecause};

use std::path::PathBuf;
use vocabulary::Bilingual;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database did not answer: {0}")]
    Database(#[from] sqlx::Error),
    #[error(
        "the record contradicts itself at {table}.{column}{}: {detail}; run `dossier verify`",
        of_row(row)
    )]
    Inconsistent {
        table: &'static str,
        column: String,
        /// The uid or key of the row; empty where no single row is meant.
        row: String,
        /// What is wrong with it.
        detail: String,
    },
    #[error(
        "{what} {id} was changed by someone else (version {found}, you had {expected}); look at it again and repeat"
    )]
    Conflict {
        what: Thing,
        id: String,
        expected: i64,
        found: i64,
    },
    #[error("{what} `{value}` is not usable: {reason}")]
    Invalid {
        what: Field,
        value: String,
        reason: Bilingual,
    },
    #[error("there is no {what} `{id}`")]
    Absent { what: Thing, id: String },
    #[error("{what} `{id}` exists already")]
    Exists { what: Thing, id: String },
    #[error("this needs the role {needed}; ask an administrator")]
    Forbidden { needed: &'static str },
    #[error(
        "this token may only read; send one with the scope write (`dossier users token NAME --label WHAT-FOR --scope write`)"
    )]
    TokenReadsOnly,
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Refused(#[from] RefusedBecause),
    #[error("the database has schema {found}, this program knows up to {known}; start the newer program")]
    NewerSchema { found: i64, known: i64 },
}

fn of_row(row: &str) -> String {
    match row {
        "" => String::new(),
        row => format!(" of row {row}"),
    }
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
            Error::Forbidden { .. } | Error::TokenReadsOnly => "forbidden",
            Error::Io { .. } => "io_error",
            Error::Refused(because) => because.code(),
            Error::NewerSchema { .. } => "newer_schema",
        }
    }

    /// The stable word of the field or thing it is about.
    pub fn about(&self) -> Option<&'static str> {
        match self {
            Error::Invalid { what, .. } => Some(what.code()),
            Error::Absent { what, .. } | Error::Exists { what, .. } | Error::Conflict { what, .. } => Some(what.code()),
            _ => None,
        }
    }

    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { path, source }
    }

    pub fn invalid(what: Field, value: impl Into<String>, reason: Bilingual) -> Error {
        Error::Invalid {
            what,
            value: value.into(),
            reason,
        }
    }

    pub fn absent(what: Thing, id: impl Into<String>) -> Error {
        Error::Absent { what, id: id.into() }
    }

    /// A state that only a damaged record can be in.
    pub(crate) fn inconsistent(
        table: &'static str,
        column: &str,
        row: impl Into<String>,
        detail: impl Into<String>,
    ) -> Error {
        Error::Inconsistent {
            table,
            column: column.to_owned(),
            row: row.into(),
            detail: detail.into(),
        }
    }

    /// The same error about this row, where it does not name one yet.
    pub(crate) fn in_row(self, key: String) -> Error {
        match self {
            Error::Inconsistent {
                table,
                column,
                row,
                detail,
            } if row.is_empty() => Error::inconsistent(table, &column, key, detail),
            other => other,
        }
    }

    /// Whether the database does not answer and may do so again: its server is gone, is starting, or has ended the
    /// connection. What was begun has not happened.
    pub fn is_away(&self) -> bool {
        match self {
            Error::Database(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed) => true,
            Error::Database(sqlx::Error::Database(cause)) => cause.code().is_some_and(|code| {
                // Class 08 of PostgreSQL is the connection, 57P01 to 57P03 a server that stops, has crashed, or is starting.
                code.len() == 5 && (code.starts_with("08") || matches!(&*code, "57P01" | "57P02" | "57P03"))
            }),
            _ => false,
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
        Error::Invalid {
            what: Field::refused_as(what),
            value,
            reason,
        }
    }
}
