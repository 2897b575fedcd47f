//! Where wheels come from, how far a set-up is, and why it could not be finished; every reason with its next step.

use super::EngineFault;
use std::io;
use std::path::{Path, PathBuf};

/// Where pip fetches from, as far as the program was told; else pip goes by its own settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index(pub Option<String>);

impl std::fmt::Display for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(url) => write!(f, "the index {url}"),
            None => write!(f, "the package index (that of pip, or what pip.conf names)"),
        }
    }
}

/// Where wheels come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wheels {
    Fetched(Index),
    /// A folder that has them already.
    Here(PathBuf),
}

/// How far the set-up is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupStep {
    /// Everything was there already.
    AlreadyThere,
    /// Another process is at it.
    Waiting,
    /// Fetching this wheel (`name==version`), so large.
    Fetching { wheel: String, bytes: u64 },
    /// So much of it has come.
    Fetched { bytes: u64, of: u64 },
    /// This file is in place.
    Placed(String),
    /// This wheel could not be had; everything but what it would add works without it.
    Without { wheel: String, reason: String },
}

/// The engines could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("setup_io: {action} {}: {cause}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        cause: io::Error,
    },
    #[error(
        "setup_no_python: python3 could not be started ({cause}); install it with pip (apt-get install python3-pip), \
         or fetch the wheels elsewhere (`dossier setup --list`) and use `dossier setup --offline FOLDER`"
    )]
    NoPython { cause: io::Error },
    #[error(
        "setup_no_pip: python3 has no pip ({said}); install it (apt-get install python3-pip), or fetch the wheels \
         elsewhere (`dossier setup --list`) and use `dossier setup --offline FOLDER`"
    )]
    NoPip { said: String },
    #[error(
        "setup_unreached: {wheel} could not be fetched, {index} cannot be reached: {cause}; check the network and its \
         proxy, name a mirror by PIP_INDEX_URL=https://..., or fetch the wheels elsewhere (`dossier setup --list`) and \
         use `dossier setup --offline FOLDER`"
    )]
    Unreached { index: Index, wheel: String, cause: String },
    #[error(
        "setup_gone: {index} has no {wheel} for this machine ({said}); name another index by \
         PIP_INDEX_URL=https://..., or get the wheel from somebody who has it (`dossier setup --list` names its file \
         and SHA-256) and use `dossier setup --offline FOLDER`"
    )]
    Gone { index: Index, wheel: String, said: String },
    #[error(
        "setup_download: pip could not fetch {wheel}: {said}; or fetch the wheels elsewhere (`dossier setup --list`) \
         and use `dossier setup --offline FOLDER`"
    )]
    Download { wheel: String, said: String },
    #[error(
        "setup_wheel_missing: no {wheel} wheel in {}; `dossier setup --list` prints what to fetch",
        folder.display()
    )]
    WheelMissing { wheel: String, folder: PathBuf },
    #[error("setup_wheel_unreadable: {}: {cause}; fetch it again", path.display())]
    WheelUnreadable {
        path: PathBuf,
        cause: zip::result::ZipError,
    },
    #[error(
        "setup_digest: {file} from {wheel} has digest {found}, pinned is {pinned}; nothing was \
         installed, fetch the wheel again from a source you trust"
    )]
    Digest {
        file: String,
        wheel: String,
        found: String,
        pinned: String,
    },
    #[error(transparent)]
    Notices(#[from] zip::result::ZipError),
    #[error(transparent)]
    Incomplete(#[from] EngineFault),
}

pub(super) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SetupError {
    let path = path.to_owned();
    move |cause| SetupError::Io { action, path, cause }
}

impl SetupError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "setup_io",
            Self::NoPython { .. } => "setup_no_python",
            Self::NoPip { .. } => "setup_no_pip",
            Self::Unreached { .. } => "setup_unreached",
            Self::Gone { .. } => "setup_gone",
            Self::Download { .. } => "setup_download",
            Self::WheelMissing { .. } => "setup_wheel_missing",
            Self::WheelUnreadable { .. } => "setup_wheel_unreadable",
            Self::Digest { .. } => "setup_digest",
            Self::Notices(_) => "setup_notices",
            Self::Incomplete(fault) => fault.code(),
        }
    }
}
