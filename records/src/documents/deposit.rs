//! What is filed together: scans, and the documents made from them.

use super::NewDocument;
use crate::{
    batches::{BatchLine, RawPath},
    scans::StagedScan,
};

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

/// One unit of filing: the scans of a file or a group, and the documents made from them. It is stored whole or not at
/// all.
pub struct Deposit {
    pub scans: Vec<NewScan>,
    pub documents: Vec<NewDocument>,
    /// One for each scan, in the same order; outcome, document ids and digest are filled in by the deposit.
    pub lines: Vec<BatchLine>,
    /// Lines of what was inside its scans and is not taken.
    pub not_taken: Vec<BatchLine>,
    pub known_scan: KnownScan,
    /// The one before it, by its place among those that are filed together, in whose scans these came.
    pub came_in: Option<usize>,
}

/// What became of a deposit.
#[derive(Debug, Clone)]
pub struct Deposited {
    pub lines: Vec<BatchLine>,
    pub pages: i64,
}
