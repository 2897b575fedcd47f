//! Jobs: work that one process writes down and another takes, with a lease so that a dead worker loses nothing.
//!
//! waiting -> leased -> done | waiting again after a while | failed. Only its worker knows what a job *means*.

pub(crate) mod sql;
mod states;

pub use vocabulary::JobState;
use vocabulary::both;

use crate::{Error, Field, Moment, Result, ids::JobId};

/// A job as it is ordered.
#[derive(Debug, Clone)]
pub struct JobDraft {
    /// Dotted word, `ingest.path`: who may take it.
    pub kind: String,
    /// What to do, usually JSON. Identifiers, not contents.
    pub payload: String,
    /// Not before.
    pub run_after: Moment,
    /// Attempts after which it has failed for good, 1 to 100.
    pub attempts_max: i64,
}

/// A job as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    pub state: JobState,
    pub attempts: i64,
    pub attempts_max: i64,
    pub run_after: Moment,
    pub lease_until: Option<Moment>,
    /// What the work gave, or why the last attempt failed.
    pub result: String,
    pub created_by: String,
    pub created_at: Moment,
    pub changed_at: Moment,
}

/// The right to work on a job until `until`. After that another worker may take the job; every step checks the token,
/// so a late worker changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    /// Counted from 1; this one included.
    pub attempt: i64,
    pub created_by: String,
    pub until: Moment,
    pub(crate) token: String,
}

/// What became of a leased job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The lease was valid and the step was written.
    Written,
    /// The lease had expired and another worker has the job; the step changed nothing.
    LeaseLost,
}

/// Bounds of the queue.
#[derive(Debug, Clone, Copy)]
pub struct JobLimits {
    pub back_off_first_s: i64,
    pub back_off_max_s: i64,
    pub payload_bytes_max: usize,
    pub result_characters_max: usize,
}

impl Default for JobLimits {
    fn default() -> Self {
        Self {
            back_off_first_s: 10,
            back_off_max_s: 3600,
            payload_bytes_max: 1 << 20,
            result_characters_max: 4000,
        }
    }
}

impl JobLimits {
    /// Seconds to wait after the given attempt failed: doubled each time, up to the most.
    pub fn back_off_s(&self, attempt: i64) -> i64 {
        let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 30)).unwrap_or(30);
        self.back_off_first_s
            .saturating_mul(1 << doublings)
            .min(self.back_off_max_s)
    }

    /// # Errors
    /// [`Error::Invalid`] names what does not fit.
    pub(crate) fn check(&self, draft: &JobDraft) -> Result<()> {
        let kind_fits = (1..=64).contains(&draft.kind.len())
            && draft
                .kind
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.'));
        if !kind_fits {
            return Err(Error::invalid(
                Field::JobKind,
                &draft.kind,
                both!(
                    "a kind has 1 to 64 of a-z, 0-9, _ and .",
                    "种类由 1 到 64 个 a-z、0-9、_ 和 . 组成"
                ),
            ));
        }
        if draft.payload.len() > self.payload_bytes_max || draft.payload.contains('\0') {
            return Err(Error::invalid(
                Field::JobPayload,
                format!("{} bytes", draft.payload.len()),
                both!(
                    "it has at most {} bytes of text; put the content into the vault and name it",
                    "最多 {} 字节文字；请把内容放进库房，只写名称",
                    self.payload_bytes_max
                ),
            ));
        }
        if !(1..=100).contains(&draft.attempts_max) {
            return Err(Error::invalid(
                Field::JobAttempts,
                draft.attempts_max.to_string(),
                both!("a job is tried 1 to 100 times", "一项工作试 1 到 100 次"),
            ));
        }
        Ok(())
    }

    pub(crate) fn result(&self, text: &str) -> String {
        crate::fold::storable(text)
            .chars()
            .take(self.result_characters_max)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_doubles_and_stops_growing() {
        let limits = JobLimits {
            back_off_first_s: 10,
            back_off_max_s: 100,
            ..JobLimits::default()
        };
        let waits: Vec<_> = [1, 2, 3, 4, 5, 1000, 0, -5]
            .into_iter()
            .map(|attempt| limits.back_off_s(attempt))
            .collect();
        assert_eq!(waits, [10, 20, 40, 80, 100, 100, 10, 10]);
    }

    #[test]
    fn drafts() {
        let limits = JobLimits::default();
        let draft = |kind: &str, payload: &str, attempts_max| JobDraft {
            kind: kind.to_owned(),
            payload: payload.to_owned(),
            run_after: Moment::from_micros(0),
            attempts_max,
        };
        assert!(limits.check(&draft("ingest.path", "{}", 3)).is_ok());
        assert!(limits.check(&draft("Ingest", "{}", 3)).is_err());
        assert!(limits.check(&draft("ingest", "\0", 3)).is_err());
        assert!(limits.check(&draft("ingest", "{}", 0)).is_err());
        assert!(limits.check(&draft("ingest", &"x".repeat(2 << 20), 1)).is_err());
    }
}
