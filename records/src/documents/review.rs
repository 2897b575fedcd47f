//! The review queue: documents without a certain customer, with candidates and boxed evidence.

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
