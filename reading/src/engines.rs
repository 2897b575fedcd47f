//! The engines: libpdfium, the runtimes of networks and the models, pinned by digest in one folder.
//!
//! Refuses to know where that folder is (src decides) and to use anything that is not pinned.
//! `setup` in here fetches them; `Engines::locate` only looks.

mod notices;
mod outcome;
mod pip;
mod runtime;
mod setup;
mod weights;
mod wheels;

pub use notices::{Notice, notices};
pub use outcome::{Index, SetupError, SetupStep, Wheels};
pub use runtime::{Precision, Runtime, RuntimeChoice};
pub use setup::setup;
pub use weights::TinyWeights;
pub(crate) use weights::model_text;
pub use wheels::{
    MODELS_VERSION, ONNXRUNTIME_VERSION, OPENVINO_VERSION, PDFIUM_VERSION, Platform, SECOND_VERSION, WheelToFetch,
    to_fetch,
};

use rustix::fs::{Access, access};
use std::io;
use std::path::{Path, PathBuf};
use wheels::{
    DETECTION, MORE_WHEELS, ONNXRUNTIME, OPENVINO, OPENVINO_FILES, ORIENTATION, PDFIUM, RECOGNITION, SECOND,
    SECOND_CHARACTERS, WHEELS,
};

/// Where the engines are. Made only by `locate`, so each file was there with the right size of
/// name; the digests are checked when they are fetched and by `verify`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engines {
    folder: PathBuf,
}

/// Why an engine cannot be used; each has another next step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineFault {
    #[error("engine_missing: {file} is not in {}, run `dossier setup` once", folder.display())]
    Missing { file: String, folder: PathBuf },
    #[error(
        "engine_unreadable: {} is there but may not be read by this user ({cause}); let whoever set the engines up run \
         `dossier setup` again, or `chmod -R a+rX {}`", path.display(), folder.display()
    )]
    Unreadable {
        path: PathBuf,
        folder: PathBuf,
        cause: String,
    },
    #[error(
        "engine_damaged: {} is not the pinned file (its SHA-256 is {found}); `dossier setup` fetches it again",
        path.display()
    )]
    Damaged { path: PathBuf, found: String },
}

impl EngineFault {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "engine_missing",
            Self::Unreadable { .. } => "engine_unreadable",
            Self::Damaged { .. } => "engine_damaged",
        }
    }
}

/// Whether the file is there and may be read.
fn looked_at(folder: &Path, file: &str) -> Result<(), EngineFault> {
    let path = folder.join(file);
    let outcome = std::fs::metadata(&path).and_then(|found| match found.is_file() {
        true => Ok(access(&path, Access::READ_OK)?),
        false => Err(io::ErrorKind::NotFound.into()),
    });
    outcome.map_err(|cause| fault(folder, file, &cause))
}

/// What is wrong with a file that cannot be looked at.
fn fault(folder: &Path, file: &str, cause: &io::Error) -> EngineFault {
    match cause.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => EngineFault::Missing {
            file: file.to_owned(),
            folder: folder.to_owned(),
        },
        _ => EngineFault::Unreadable {
            path: folder.join(file),
            folder: folder.to_owned(),
            cause: cause.to_string(),
        },
    }
}

impl Engines {
    /// The engines in this folder. Looks at names and rights only, so it is cheap.
    ///
    /// # Errors
    /// The first file that is missing or may not be read, in one sentence with what to do.
    pub fn locate(folder: &Path) -> Result<Engines, EngineFault> {
        for member in WHEELS.iter().flat_map(|w| w.members) {
            looked_at(folder, member.file)?;
        }
        Ok(Engines {
            folder: folder.to_owned(),
        })
    }

    /// Reads every file and compares its digest (160 MB, about 0.4 s).
    ///
    /// # Errors
    /// The first file that is not the pinned one or cannot be read.
    pub fn verify(&self) -> Result<(), EngineFault> {
        let more = MORE_WHEELS.iter().flat_map(|w| w.members);
        let there = more.filter(|m| self.folder.join(m.file).exists());
        for member in WHEELS.iter().flat_map(|w| w.members).chain(there) {
            let path = self.folder.join(member.file);
            let found = setup::file_sha256(&path).map_err(|cause| fault(&self.folder, member.file, &cause))?;
            if found != member.sha256 {
                return Err(EngineFault::Damaged { path, found });
            }
        }
        Ok(())
    }

    /// The folder they are in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn pdfium(&self) -> PathBuf {
        self.folder.join(PDFIUM)
    }

    pub(crate) fn onnxruntime(&self) -> PathBuf {
        self.folder.join(ONNXRUNTIME)
    }

    pub(crate) fn openvino(&self) -> PathBuf {
        self.folder.join(OPENVINO)
    }

    /// Whether pages can be read with OpenVINO.
    ///
    /// # Errors
    /// The file that is missing or may not be read, in one sentence with what to do.
    pub fn has_openvino(&self) -> Result<(), EngineFault> {
        looked_at(&self.folder, OPENVINO)?;
        OPENVINO_FILES
            .iter()
            .try_for_each(|member| looked_at(&self.folder, member.file))
    }

    pub(crate) fn detection(&self) -> PathBuf {
        self.folder.join(DETECTION)
    }

    pub(crate) fn recognition(&self) -> PathBuf {
        self.folder.join(RECOGNITION)
    }

    pub(crate) fn orientation(&self) -> PathBuf {
        self.folder.join(ORIENTATION)
    }

    /// The recogniser for second opinions and its characters, one a line, where the set-up could bring them.
    pub(crate) fn second(&self) -> Option<(PathBuf, PathBuf)> {
        let place = |file| self.folder.join(file);
        self.has_second()
            .ok()
            .map(|()| (place(SECOND), place(SECOND_CHARACTERS)))
    }

    /// Whether pages can be read with a second opinion.
    ///
    /// # Errors
    /// The file that is missing or may not be read, in one sentence with what to do.
    pub fn has_second(&self) -> Result<(), EngineFault> {
        [SECOND, SECOND_CHARACTERS]
            .into_iter()
            .try_for_each(|file| looked_at(&self.folder, file))
    }
}

/// Name, version and SHA-256 of each engine file, for `--version`, `doctor` and the bill of
/// materials.
pub fn versions() -> Vec<(&'static str, &'static str, &'static str)> {
    let version = |file: &str| match file {
        PDFIUM => PDFIUM_VERSION,
        ONNXRUNTIME => ONNXRUNTIME_VERSION,
        file if OPENVINO_FILES.iter().any(|member| member.file == file) => OPENVINO_VERSION,
        SECOND => SECOND_VERSION,
        _ => MODELS_VERSION,
    };
    let members = WHEELS.iter().chain(MORE_WHEELS).flat_map(|w| w.members);
    members
        .filter(|m| m.file.contains(".so") || m.file.ends_with(".onnx"))
        .map(|m| (m.file, version(m.file), m.sha256))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_engine_is_one_sentence_with_the_command() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = Engines::locate(folder.path()).expect_err("the folder is empty");
        let text = error.to_string();
        assert!(text.starts_with("engine_missing: libpdfium.so is not in "), "{text}");
        assert!(text.ends_with("run `dossier setup` once"), "{text}");
        assert!(!text.contains('\n'));
    }

    #[test]
    fn what_is_there_and_may_not_be_read_is_not_missing() {
        let folder = Path::new("/opt/dossier/engines");
        let denied = fault(folder, PDFIUM, &io::ErrorKind::PermissionDenied.into()).to_string();
        assert!(
            denied.starts_with("engine_unreadable: /opt/dossier/engines/libpdfium.so is there but"),
            "{denied}"
        );
        assert!(denied.ends_with("`chmod -R a+rX /opt/dossier/engines`"), "{denied}");
        let gone = fault(folder, PDFIUM, &io::ErrorKind::NotFound.into()).to_string();
        assert!(gone.starts_with("engine_missing: "), "{gone}");
    }

    #[test]
    fn other_bytes_are_damage() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for member in WHEELS.iter().flat_map(|w| w.members) {
            std::fs::write(folder.path().join(member.file), "other").expect("a file");
        }
        let engines = Engines::locate(folder.path()).expect("every name is there");
        let text = engines.verify().expect_err("other bytes").to_string();
        assert!(
            text.starts_with("engine_damaged: ") && text.contains("libpdfium.so"),
            "{text}"
        );
        assert!(text.ends_with("`dossier setup` fetches it again"), "{text}");
    }

    /// Older branches have known exploitable bugs.
    #[test]
    fn the_pinned_pdfium_is_not_older_than_branch_8078() {
        let branch: u32 = PDFIUM_VERSION
            .split('.')
            .nth(2)
            .and_then(|b| b.parse().ok())
            .unwrap_or(0);
        assert!(branch >= 8078, "pin a newer pypdfium2, this one has known holes");
    }

    #[test]
    fn versions_name_each_library_and_model() {
        assert_eq!(versions().len(), 6 + OPENVINO_FILES.len());
        assert!(versions().iter().all(|(_, _, digest)| digest.len() == 64));
    }
}
