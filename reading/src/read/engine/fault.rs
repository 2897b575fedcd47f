//! Why a network gave no result, and what a person can do about each.

use crate::engines::Runtime;
use vocabulary::Language;
use vocabulary::detail::{Detail, DetailCode};

/// Why a network gave no result; each has another next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// A runtime is there and does not run on this machine.
    RuntimeNotLoaded { runtime: Runtime, cause: String },
    /// A model is there and cannot be used.
    ModelNotLoaded { file: String, cause: String },
    /// A network that was loaded failed on an image.
    NetworkFailed(String),
    /// The page itself could not be had.
    PixelsNotHad(String),
    /// There is no network for a second opinion.
    NoSecondNetwork,
}

impl EngineError {
    pub(in crate::read) fn pixels(error: std::io::Error) -> EngineError {
        EngineError::PixelsNotHad(error.to_string())
    }

    /// The same where it happened while a runtime was loaded.
    pub(super) fn of_runtime(self, runtime: Runtime) -> EngineError {
        EngineError::RuntimeNotLoaded {
            runtime,
            cause: self.cause(),
        }
    }

    /// The same where it happened while a model was loaded.
    pub(super) fn of_model(self, file: &std::path::Path) -> EngineError {
        let name = file.file_name().unwrap_or(file.as_os_str());
        EngineError::ModelNotLoaded {
            file: name.to_string_lossy().into_owned(),
            cause: self.cause(),
        }
    }

    fn cause(self) -> String {
        match self {
            EngineError::NetworkFailed(cause) => cause,
            other => other.to_string(),
        }
    }

    /// What happened, with what a person can do.
    pub fn detail(&self) -> Detail {
        match self {
            EngineError::RuntimeNotLoaded {
                runtime: Runtime::OpenVino(_),
                cause,
            } => DetailCode::OpenVinoNotLoaded.with(cause.as_str()),
            EngineError::RuntimeNotLoaded {
                runtime: Runtime::OnnxRuntime,
                cause,
            } => DetailCode::OnnxRuntimeNotLoaded.with(cause.as_str()),
            EngineError::ModelNotLoaded { file, cause } => {
                DetailCode::ModelNotLoaded.with(file.as_str()).with(cause.as_str())
            }
            EngineError::NetworkFailed(cause) => DetailCode::NetworkFailed.with(cause.as_str()),
            EngineError::PixelsNotHad(cause) => DetailCode::PixelsNotHad.with(cause.as_str()),
            EngineError::NoSecondNetwork => DetailCode::NoSecondNetwork.alone(),
        }
    }
}

impl std::fmt::Display for EngineError {
    /// For logs; people are shown the detail in their language.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail().text(Language::English))
    }
}

impl std::error::Error for EngineError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::Precision;

    #[test]
    fn each_fault_has_a_next_step_of_its_own_in_both_languages() {
        let cause = || "no such symbol".to_owned();
        let runtime = |runtime| EngineError::NetworkFailed(cause()).of_runtime(runtime);
        let faults = [
            (
                runtime(Runtime::OpenVino(Precision::F32)),
                "`ocr_engine = \"onnxruntime\"`",
            ),
            (runtime(Runtime::OnnxRuntime), "glibc 2.28"),
            (
                EngineError::NetworkFailed(cause()).of_model(std::path::Path::new("/e/a.onnx")),
                "a.onnx",
            ),
            (EngineError::NetworkFailed(cause()), "`dossier reread`"),
            (EngineError::PixelsNotHad(cause()), "`workers`"),
            (EngineError::NoSecondNetwork, "`dossier setup`"),
        ];
        for (fault, step) in faults {
            for language in [Language::English, Language::Chinese] {
                let text = fault.detail().text(language);
                assert!(text.contains(step), "{text}");
                let refused = Detail::refused(vocabulary::Reason::PageFailed, fault.detail());
                assert!(!refused.text(language).contains("scan it again"), "{refused:?}");
            }
        }
    }
}
