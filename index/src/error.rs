//! What can go wrong with full text, each with a stable code and a next step.

use std::io;
use std::path::{Path, PathBuf};

use crate::query::QueryError;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error(transparent)]
    Records(#[from] records::Error),
    #[error("the full text did not answer: {0}; it is derived data, `dossier reindex` makes it anew")]
    Engine(#[from] tantivy::TantivyError),
    #[error("the full text is being made anew ({done} documents so far); try again in a moment")]
    Rebuilding { done: u64 },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("the full text in {path} is not usable ({reason}); it will be made anew")]
    Unusable { path: PathBuf, reason: String },
    #[error("a background task of the full text ended early: {0}")]
    Task(String),
}

impl Error {
    /// A stable word for programs; the text is for people.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Query(error) => error.code(),
            Error::Records(error) => error.code(),
            Error::Engine(_) => "index_error",
            Error::Rebuilding { .. } => "index_rebuilding",
            Error::Io { .. } => "io_error",
            Error::Unusable { .. } => "index_unusable",
            Error::Task(_) => "index_task_failed",
        }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    }

    pub(crate) fn unusable(path: &Path, reason: impl Into<String>) -> Error {
        Error::Unusable {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}
