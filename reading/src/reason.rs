//! Refusals: why a scan or page was not taken, as passed from the workers to the reports.
//!
//! Knows nothing of where the file came from; the caller adds the path.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use vocabulary::detail::Detail;
use vocabulary::{Language, Reason};

/// A scan or page that was not taken, with what exactly was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    #[serde(serialize_with = "write_reason", deserialize_with = "read_reason")]
    pub reason: Reason,
    /// What was found.
    pub detail: Detail,
}

impl Refusal {
    pub fn new(reason: Reason, detail: impl Into<Detail>) -> Refusal {
        Refusal {
            reason,
            detail: detail.into(),
        }
    }

    /// What a library or the operating system reported.
    pub fn of_system(reason: Reason, words: impl ToString) -> Refusal {
        Refusal::new(reason, Detail::of_system(words))
    }

    /// Reason, what was found, and what a person can do.
    pub fn as_detail(&self) -> Detail {
        Detail::refused(self.reason, self.detail.clone())
    }
}

impl fmt::Display for Refusal {
    /// For logs; people are shown the detail in their language.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_detail().text(Language::English))
    }
}

impl std::error::Error for Refusal {}

fn write_reason<S: Serializer>(reason: &Reason, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(reason.as_str())
}

fn read_reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Reason, D::Error> {
    let code = String::deserialize(deserializer)?;
    Reason::from_code(&code).ok_or_else(|| serde::de::Error::custom(format!("{code} is no reason")))
}

/// Why the workers gave no result.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// About this scan or page; the next may be fine.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// About this machine: no worker can be had. Nothing may be rejected because of it.
    #[error("worker_unavailable: {}; run `dossier doctor`", .0.text(Language::English))]
    Unavailable(Detail),
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::detail::DetailCode;

    #[test]
    fn a_refusal_names_reason_detail_and_next_step_and_passes_between_processes() {
        let refusal = Refusal::new(Reason::Truncated, DetailCode::JpegWithoutEnd);
        assert_eq!(
            refusal.to_string(),
            "truncated: the JPEG has no end marker; copy it again, the end is missing"
        );
        let json = serde_json::to_string(&refusal).expect("plain data");
        assert_eq!(json, r#"{"reason":"truncated","detail":{"c":"jpeg_without_end"}}"#);
        assert_eq!(serde_json::from_str::<Refusal>(&json).expect("the same"), refusal);
    }
}
