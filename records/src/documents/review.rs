//! The review queue: documents that wait for a person to say whose they are, with boxed evidence and candidates.

use crate::documents::{DocumentRow, Fact, Proposal};
use vocabulary::detail::Detail;

/// One document in review.
#[derive(Debug, Clone)]
pub struct ReviewItem {
    pub document: DocumentRow,
    /// A code of `vocabulary::Reason`.
    pub reason: String,
    pub detail: Option<Detail>,
    /// Best first.
    pub proposals: Vec<Proposal>,
    pub facts: Vec<Fact>,
}
