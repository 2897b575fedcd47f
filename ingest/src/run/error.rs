//! Why a run could not go on.

use super::turn;
use crate::link::reason;
use crate::manifest::ManifestError;
use reading::reason::PoolError;
use records::batches::BatchRun;

/// Why a run could not go on. What is recorded stays; run again to go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no file or folder {0}; check the path")]
    RootMissing(String),
    #[error("there is no customer `{0}`; import it with `dossier customers import` or check the code")]
    UnknownCustomer(String),
    #[error("there is no location `{0}`; import it with `dossier locations import` or check the code")]
    UnknownLocation(String),
    #[error(
        "the location `{0}` is out of use and takes no paper; choose another, or bring it back with `dossier locations restore`"
    )]
    RetiredLocation(String),
    #[error("{}; wait for it with --wait, or look at it with `dossier batches`", turn::who(.0))]
    Held(Box<BatchRun>),
    #[error("another run has taken over this delivery; what was recorded stands")]
    TakenOver,
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Workers(PoolError),
    #[error(transparent)]
    Record(#[from] records::Error),
}

impl Error {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Error::RootMissing(_) => "root_missing",
            Error::UnknownCustomer(_) => reason::CUSTOMER_UNKNOWN,
            Error::UnknownLocation(_) => reason::LOCATION_UNKNOWN,
            Error::RetiredLocation(_) => reason::LOCATION_RETIRED,
            Error::Held(_) => "batch_held",
            Error::TakenOver => "batch_not_held",
            Error::Manifest(_) => "manifest_unusable",
            Error::Workers(_) => "worker_unavailable",
            Error::Record(error) => error.code(),
        }
    }
}
