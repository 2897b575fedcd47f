//! Import batches: what was announced, what came, and what became of each file. A walked file always ends in exactly
//! one [`Outcome`].

pub(crate) mod sql;

use crate::{Moment, documents::NewDocument, ids::BatchId, scans::StagedScan};
use vocabulary::detail::Detail;

/// What became of a walked file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The customer is certain. Without a shelf its original is to be shelved.
    Filed,
    /// Stored and searchable, waits for a person.
    NeedsReview,
    /// The same bytes lie in the archive already.
    Duplicate,
    /// Not taken; the source is untouched, and the file is tried again by the next run.
    Rejected,
    /// Manifests and litter; listed, but outside the count.
    Ignored,
}

impl Outcome {
    pub const ALL: [Outcome; 5] = [
        Outcome::Filed,
        Outcome::NeedsReview,
        Outcome::Duplicate,
        Outcome::Rejected,
        Outcome::Ignored,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Filed => "filed",
            Outcome::NeedsReview => "needs_review",
            Outcome::Duplicate => "duplicate",
            Outcome::Rejected => "rejected",
            Outcome::Ignored => "ignored",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// Being walked, or interrupted: the next run over the same roots goes on with it.
    Running,
    Finished,
    /// Checked and accepted by a person.
    Accepted,
    /// Held back by a person.
    Held,
}

impl BatchState {
    pub fn as_str(self) -> &'static str {
        match self {
            BatchState::Running => "running",
            BatchState::Finished => "finished",
            BatchState::Accepted => "accepted",
            BatchState::Held => "held",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [
            BatchState::Running,
            BatchState::Finished,
            BatchState::Accepted,
            BatchState::Held,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
    }
}

/// A path as it is on disk, which need not be UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RawPath(pub Vec<u8>);

impl RawPath {
    /// As people read it, see [`crate::scans::display_path`].
    pub fn shown(&self) -> String {
        crate::scans::display_path(&self.0)
    }
}

/// What became of one file, for the record and the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchLine {
    pub path: RawPath,
    pub outcome: Outcome,
    /// A reason code of DESIGN section 3, or empty.
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

/// What to begin a batch with.
#[derive(Debug, Clone)]
pub struct NewBatch {
    pub name: String,
    /// Absolute roots, as bytes on disk.
    pub roots: Vec<RawPath>,
    pub actor: String,
    /// Files that a manifest announced, when there is one.
    pub announced: Option<i64>,
}

/// A batch that is being filled.
#[derive(Debug, Clone)]
pub struct OpenBatch {
    pub uid: i64,
    pub id: BatchId,
    pub name: String,
    /// Lines that an interrupted run recorded; empty for a new batch.
    pub recorded: Vec<BatchLine>,
    pub resumed: bool,
}

/// A batch in a list, with its counts.
#[derive(Debug, Clone)]
pub struct BatchRow {
    pub uid: i64,
    pub id: BatchId,
    pub name: String,
    pub state: BatchState,
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
}

impl BatchRow {
    /// filed + needs_review + duplicate + rejected: every walked file once.
    pub fn found(&self) -> i64 {
        self.filed + self.needs_review + self.duplicate + self.rejected
    }
}

/// A scan that is to be kept, with what identified it.
pub struct NewScan {
    pub staged: StagedScan,
    pub media_type: String,
    pub path: RawPath,
}

/// Whether bytes that are known already may become part of a new document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownScan {
    /// The rule: the same bytes again are a duplicate.
    IsDuplicate,
    /// The manifest names another customer: stored for review over the same scan.
    IsReviewed,
}

/// One unit of filing: the scans of a file or a group, and the documents made from them. It becomes true whole.
pub struct Deposit {
    pub scans: Vec<NewScan>,
    pub documents: Vec<NewDocument>,
    /// One for each scan, in the same order; outcome, document ids and digest are filled in by the deposit.
    pub lines: Vec<BatchLine>,
    pub known_scan: KnownScan,
}

/// What became of a deposit.
#[derive(Debug, Clone)]
pub struct Deposited {
    pub lines: Vec<BatchLine>,
    pub pages: i64,
}
