//! Which of the two runtimes runs the networks: by what the processor has, unless a person chose.

use super::{EngineFault, Engines, ONNXRUNTIME_VERSION, OPENVINO_VERSION};
use std::fmt;
use std::str::FromStr;

/// What runs the networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// On every processor.
    OnnxRuntime,
    /// A page takes half the time where the processor multiplies numbers of 16 bits by itself.
    OpenVino(Precision),
}

/// The numbers that OpenVINO multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 16 bits, 11 of them for the digits: as fast as bf16, and hardly a line is read otherwise than with 32 bits.
    F16,
    /// 16 bits, 8 of them for the digits: one line in 76 is read otherwise, so that what is close is read once more.
    Bf16,
    F32,
}

impl Precision {
    pub const ALL: [Precision; 3] = [Precision::F16, Precision::Bf16, Precision::F32];

    /// The name that OpenVINO has for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::F16 => "f16",
            Precision::Bf16 => "bf16",
            Precision::F32 => "f32",
        }
    }

    /// The best that this processor is fast with.
    fn of_processor() -> Precision {
        let known = Self::ALL.into_iter().find(|precision| precision.is_native());
        known.unwrap_or(Precision::F32)
    }

    /// Whether this processor multiplies such numbers by itself. f16: Intel's since Sapphire Rapids; bf16: Intel's since
    /// Cooper Lake and AMD's since Zen 4.
    fn is_native(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Precision::F16 => std::arch::is_x86_feature_detected!("avx512fp16"),
            #[cfg(target_arch = "x86_64")]
            Precision::Bf16 => std::arch::is_x86_feature_detected!("avx512bf16"),
            #[cfg(not(target_arch = "x86_64"))]
            Precision::F16 | Precision::Bf16 => false,
            Precision::F32 => true,
        }
    }
}

impl Runtime {
    pub fn as_str(self) -> &'static str {
        match self {
            Runtime::OnnxRuntime => "onnxruntime",
            Runtime::OpenVino(_) => "openvino",
        }
    }

    /// Name, version and how many bits the numbers have that it multiplies, where it has a choice.
    pub fn version(self) -> String {
        match self {
            Runtime::OnnxRuntime => format!("{} {ONNXRUNTIME_VERSION}", self.as_str()),
            Runtime::OpenVino(precision) => format!("{} {OPENVINO_VERSION} {}", self.as_str(), precision.as_str()),
        }
    }
}

/// What is requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum RuntimeChoice {
    /// The fastest that reads as well as the others.
    #[default]
    Auto,
    OnnxRuntime,
    /// With the numbers that this processor is fast with.
    OpenVino,
    OpenVinoWith(Precision),
}

impl RuntimeChoice {
    pub const ALL: [RuntimeChoice; 6] = [
        RuntimeChoice::Auto,
        RuntimeChoice::OnnxRuntime,
        RuntimeChoice::OpenVino,
        RuntimeChoice::OpenVinoWith(Precision::F16),
        RuntimeChoice::OpenVinoWith(Precision::Bf16),
        RuntimeChoice::OpenVinoWith(Precision::F32),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            RuntimeChoice::Auto => "auto",
            RuntimeChoice::OnnxRuntime => "onnxruntime",
            RuntimeChoice::OpenVino => "openvino",
            RuntimeChoice::OpenVinoWith(Precision::F16) => "openvino-f16",
            RuntimeChoice::OpenVinoWith(Precision::Bf16) => "openvino-bf16",
            RuntimeChoice::OpenVinoWith(Precision::F32) => "openvino-f32",
        }
    }
}

impl fmt::Display for RuntimeChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("auto, onnxruntime or openvino, or openvino with its numbers: openvino-f16, openvino-bf16, openvino-f32")]
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
        let with = |precision: Precision| self.has_openvino().map(|()| Runtime::OpenVino(precision));
        match choice {
            RuntimeChoice::OnnxRuntime => Ok(Runtime::OnnxRuntime),
            RuntimeChoice::OpenVino => with(Precision::of_processor()),
            RuntimeChoice::OpenVinoWith(precision) if precision.is_native() => with(precision),
            RuntimeChoice::OpenVinoWith(_) => with(Precision::F32),
            RuntimeChoice::Auto => match Precision::of_processor() {
                Precision::F32 => Ok(Runtime::OnnxRuntime),
                precision => Ok(with(precision).unwrap_or(Runtime::OnnxRuntime)),
            },
        }
    }

    /// Whether the processor could make use of a runtime that is not there.
    pub fn lacks_faster_runtime(&self) -> bool {
        Precision::of_processor() != Precision::F32 && self.has_openvino().is_err()
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
