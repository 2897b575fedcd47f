//! Import batches: what was announced, what came, and what became of each file. A walked file always ends in exactly
//! one [`Outcome`].

mod manifest_line;
pub(crate) mod sql;
mod states;

pub use manifest_line::{MANIFEST_COLUMNS, ManifestLine, StatedPaper, cell_faults, not_used};
pub use vocabulary::{BatchState, Outcome};

use crate::{Moment, ids::BatchId, store::process};
use vocabulary::detail::Detail;

/// A path as it is on disk, which need not be UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RawPath(pub Vec<u8>);

impl RawPath {
    /// As people read it, see [`crate::scans::display_path`].
    pub fn shown(&self) -> String {
        crate::scans::display_path(&self.0)
    }

    /// Its bytes in hexadecimal digits where it is not UTF-8, so that programs find the file; none where it is text.
    pub fn bytes_in_hex(&self) -> Option<String> {
        std::str::from_utf8(&self.0).is_err().then(|| vocabulary::hex(&self.0))
    }
}

/// What became of one file, for the record and the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchLine {
    pub path: RawPath,
    pub outcome: Outcome,
    /// A code of `vocabulary::Reason`, or empty.
    pub reason: String,
    /// What is wrong and what to do.
    pub detail: Option<Detail>,
    /// Empty when the file could not be read at all.
    pub sha256: String,
    pub bytes: i64,
    pub document_ids: Vec<String>,
    pub customer_code: String,
    pub location_code: String,
    pub kind: String,
    pub pages: i64,
}

/// Problems of one batch that the record keeps.
pub const PROBLEMS_MAX: usize = 10_000;

/// Something announced that could not be used as it was: a line of a manifest, a kind that there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchProblem {
    /// The manifest as it is shown.
    pub file: String,
    pub line: u64,
    /// What is wrong and what was done about it.
    pub detail: Detail,
}

/// Seconds after which a run that has not renewed its lease may be taken over.
pub const LEASE_S: i64 = 60;

/// The process that runs a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Runner {
    pub process: i64,
    pub machine: String,
    /// What tells it from a later process of the same number, on a machine that was not started again; may be empty.
    pub mark: String,
}

impl Runner {
    /// A process of this machine.
    pub fn of(number: u32) -> Runner {
        Runner {
            process: i64::from(number),
            machine: process::machine(),
            mark: process::mark_of(number),
        }
    }

    /// Whether it runs nothing any more, as far as this machine can tell. Of a process elsewhere only its lease says it.
    pub(crate) fn has_ended(&self) -> bool {
        process::has_ended(self.process, &self.mark)
    }
}

/// The right to write the outcomes of a batch. Every step checks it, so that a run that was taken over changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchLease {
    pub batch_uid: i64,
    pub(crate) token: String,
}

/// Who runs a batch at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRun {
    pub runner: Runner,
    pub since: Moment,
    /// When its lease ends unless it is renewed.
    pub until: Moment,
    pub lease: BatchLease,
}

/// What came of beginning a batch.
#[derive(Debug, Clone)]
pub enum Begun {
    Open(OpenBatch),
    /// Another run is at the same roots.
    Held(BatchRun),
}

/// What to begin a batch with.
#[derive(Debug, Clone)]
pub struct NewBatch {
    pub name: String,
    /// Absolute roots, as bytes on disk.
    pub roots: Vec<RawPath>,
    pub actor: String,
    /// Files that a manifest announced, when there is one.
    pub announced: Option<i64>,
    /// Files that were found, those that an earlier run has done included.
    pub walked: i64,
    pub runner: Runner,
}

/// A batch that is being filled.
#[derive(Debug, Clone)]
pub struct OpenBatch {
    pub lease: BatchLease,
    pub id: BatchId,
    pub name: String,
    /// Lines that an interrupted run recorded; empty for a new batch.
    pub recorded: Vec<BatchLine>,
    pub resumed: bool,
    /// When the batch began.
    pub since: Moment,
}

/// A batch in a list, with its counts.
#[derive(Debug, Clone)]
pub struct BatchRow {
    pub uid: i64,
    pub id: BatchId,
    pub name: String,
    pub state: BatchState,
    /// Who is at it while it is running.
    pub run: Option<BatchRun>,
    /// Files that the last run found; unknown of batches of former versions.
    pub walked: Option<i64>,
    pub actor: String,
    pub roots: Vec<String>,
    pub announced: Option<i64>,
    pub filed: i64,
    pub needs_review: i64,
    pub duplicate: i64,
    pub rejected: i64,
    pub ignored: i64,
    pub missing: Vec<String>,
    pub pages: i64,
    pub started_at: Moment,
    pub finished_at: Option<Moment>,
    /// Time spent working, over all runs, in microseconds.
    pub busy_us: i64,
    /// Who accepted or held it.
    pub decided: Option<BatchDecision>,
}

/// What a person has decided on a batch as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchDecision {
    pub by: String,
    pub at: Moment,
    /// Empty where nothing was said.
    pub why: String,
}

/// Which lines of a batch are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinesOf {
    /// `None` for every outcome.
    pub outcome: Option<Outcome>,
    /// A code of `vocabulary::Reason`; empty for every reason.
    pub reason: String,
}

impl LinesOf {
    /// All lines of one outcome.
    pub fn of(outcome: Outcome) -> Self {
        Self {
            outcome: Some(outcome),
            reason: String::new(),
        }
    }
}

impl BatchRow {
    /// filed + needs_review + duplicate + rejected: every walked file once.
    pub fn found(&self) -> i64 {
        self.filed + self.needs_review + self.duplicate + self.rejected
    }
}
