//! Why a file or a page was not taken: stable codes, and what a person can do about each.
//!
//! Knows nothing of where the file came from; whoever reports adds the path.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a scan or a page could not be filed or read. The codes are stable: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Empty,
    UnsupportedType,
    Encrypted,
    Unreadable,
    Truncated,
    TooLarge,
    TooManyPages,
    TimedOut,
    OutOfMemory,
    ChangedWhileReading,
    NotSettled,
    Symlink,
    SpecialFile,
    PermissionDenied,
    PageFailed,
}

impl Reason {
    /// Every reason, in the order of the design.
    pub const ALL: [Reason; 15] = [
        Reason::Empty,
        Reason::UnsupportedType,
        Reason::Encrypted,
        Reason::Unreadable,
        Reason::Truncated,
        Reason::TooLarge,
        Reason::TooManyPages,
        Reason::TimedOut,
        Reason::OutOfMemory,
        Reason::ChangedWhileReading,
        Reason::NotSettled,
        Reason::Symlink,
        Reason::SpecialFile,
        Reason::PermissionDenied,
        Reason::PageFailed,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Empty => "empty",
            Reason::UnsupportedType => "unsupported_type",
            Reason::Encrypted => "encrypted",
            Reason::Unreadable => "unreadable",
            Reason::Truncated => "truncated",
            Reason::TooLarge => "too_large",
            Reason::TooManyPages => "too_many_pages",
            Reason::TimedOut => "timed_out",
            Reason::OutOfMemory => "out_of_memory",
            Reason::ChangedWhileReading => "changed_while_reading",
            Reason::NotSettled => "not_settled",
            Reason::Symlink => "symlink",
            Reason::SpecialFile => "special_file",
            Reason::PermissionDenied => "permission_denied",
            Reason::PageFailed => "page_failed",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|r| r.code() == code)
    }

    /// What the person who delivered the file can do, as a clause in lower case.
    pub fn next_step(self) -> &'static str {
        match self {
            Reason::Empty => "scan or copy the file again",
            Reason::UnsupportedType => "deliver it as PDF, TIFF, JPEG, PNG, BMP or WebP",
            Reason::Encrypted => "save it without a password and deliver it again",
            Reason::Unreadable => "scan it again or ask for a new copy",
            Reason::Truncated => "copy it again, the end is missing",
            Reason::TooLarge => "split it or scan at a lower resolution",
            Reason::TooManyPages => "split it into smaller files",
            Reason::TimedOut => "print it to a new PDF or scan it again",
            Reason::OutOfMemory => "print it to a new PDF or scan at a lower resolution",
            Reason::ChangedWhileReading => "wait until it is complete and run again",
            Reason::NotSettled => "wait until it is complete and run again",
            Reason::Symlink => "put the file itself into the folder",
            Reason::SpecialFile => "put regular files into the folder",
            Reason::PermissionDenied => "make it readable for the user who runs dossier",
            Reason::PageFailed => "look at the page and scan it again if needed",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A scan or page that was not taken, with what exactly was wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{reason}: {detail}; {}", reason.next_step())]
pub struct Refusal {
    pub reason: Reason,
    /// What was found, in lower case and without a full stop.
    pub detail: String,
}

impl Refusal {
    pub fn new(reason: Reason, detail: impl Into<String>) -> Refusal {
        Refusal {
            reason,
            detail: detail.into(),
        }
    }
}

/// Why the workers gave no result.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// About this scan or page; the next may be fine.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// About this machine: no worker can be had. Nothing may be rejected because of it.
    #[error("worker_unavailable: {0}; run `dossier doctor`")]
    Unavailable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_come_back() {
        for r in Reason::ALL {
            assert_eq!(Reason::from_code(r.code()), Some(r));
            let json = serde_json::to_string(&r).expect("a reason is plain");
            assert_eq!(json, format!("\"{}\"", r.code()));
        }
    }

    #[test]
    fn a_refusal_names_reason_detail_and_next_step() {
        let text = Refusal::new(Reason::Truncated, "no end-of-image marker").to_string();
        assert_eq!(
            text,
            "truncated: no end-of-image marker; copy it again, the end is missing"
        );
    }
}
