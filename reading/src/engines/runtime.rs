//! Which of the two runtimes runs the networks: by what the processor has, unless a person chose.

use super::{EngineFault, Engines, ONNXRUNTIME_VERSION, OPENVINO_VERSION};
use std::fmt;
use std::str::FromStr;

/// What runs the networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// On every processor.
    OnnxRuntime,
    /// A page takes half the time where the processor multiplies bfloat16 by itself.
    OpenVino,
}

impl Runtime {
    pub fn as_str(self) -> &'static str {
        match self {
            Runtime::OnnxRuntime => "onnxruntime",
            Runtime::OpenVino => "openvino",
        }
    }

    /// Name, version and how many bits the numbers have that it multiplies here, where it has a choice.
    pub fn version(self) -> String {
        match self {
            Runtime::OnnxRuntime => format!("{} {ONNXRUNTIME_VERSION}", self.as_str()),
            Runtime::OpenVino => format!("{} {OPENVINO_VERSION} {}", self.as_str(), openvino_precision()),
        }
    }
}

/// The name that OpenVINO has for the numbers that it multiplies here.
pub(crate) fn openvino_precision() -> &'static str {
    if has_bfloat16() { "bf16" } else { "f32" }
}

/// What is requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum RuntimeChoice {
    /// The fastest that reads as well as the others.
    #[default]
    Auto,
    This(Runtime),
}

impl RuntimeChoice {
    pub const ALL: [RuntimeChoice; 3] = [
        RuntimeChoice::Auto,
        RuntimeChoice::This(Runtime::OnnxRuntime),
        RuntimeChoice::This(Runtime::OpenVino),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            RuntimeChoice::Auto => "auto",
            RuntimeChoice::This(runtime) => runtime.as_str(),
        }
    }
}

impl From<Runtime> for RuntimeChoice {
    fn from(runtime: Runtime) -> Self {
        RuntimeChoice::This(runtime)
    }
}

impl fmt::Display for RuntimeChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("auto, onnxruntime or openvino")]
pub struct NoRuntime;

impl FromStr for RuntimeChoice {
    type Err = NoRuntime;

    fn from_str(word: &str) -> Result<Self, NoRuntime> {
        let found = Self::ALL.into_iter().find(|choice| choice.as_str() == word);
        found.ok_or(NoRuntime)
    }
}

impl TryFrom<String> for RuntimeChoice {
    type Error = NoRuntime;

    fn try_from(word: String) -> Result<Self, NoRuntime> {
        word.parse()
    }
}

impl Engines {
    /// The runtime that a read worker takes.
    ///
    /// # Errors
    /// When OpenVINO was chosen and is not there.
    pub fn runtime(&self, choice: RuntimeChoice) -> Result<Runtime, EngineFault> {
        match choice {
            RuntimeChoice::Auto if has_bfloat16() && self.has_openvino().is_ok() => Ok(Runtime::OpenVino),
            RuntimeChoice::Auto => Ok(Runtime::OnnxRuntime),
            RuntimeChoice::This(Runtime::OpenVino) => self.has_openvino().map(|()| Runtime::OpenVino),
            RuntimeChoice::This(Runtime::OnnxRuntime) => Ok(Runtime::OnnxRuntime),
        }
    }

    /// Whether the processor could make use of a runtime that is not there.
    pub fn lacks_faster_runtime(&self) -> bool {
        has_bfloat16() && self.has_openvino().is_err()
    }
}

/// Whether this processor multiplies numbers of 16 bits (bfloat16) by itself: Intel's since Cooper Lake and Sapphire
/// Rapids, AMD's since Zen 4.
fn has_bfloat16() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        std::arch::is_x86_feature_detected!("avx512bf16")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_as_they_are_written() {
        for choice in RuntimeChoice::ALL {
            assert_eq!(choice.as_str().parse(), Ok(choice));
        }
        assert_eq!("tensorrt".parse::<RuntimeChoice>(), Err(NoRuntime));
    }
}
