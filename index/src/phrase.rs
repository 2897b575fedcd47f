//! The look-up that grams need: a run of characters in one field, as grams at fixed distances or as all grams with a
//! prefix. `run_scorer.rs` and `prefix_scorer.rs` answer it, `run_weight.rs` chooses between them.

use std::sync::Arc;

use tantivy::postings::SegmentPostings;
use tantivy::schema::Field;
use tantivy::{DocId, DocSet};

use crate::budget::SearchBudget;
use crate::grams::GramCover;
use crate::worth::Worth;

/// Finds a covered run in one field.
#[derive(Debug, Clone)]
pub struct RunQuery {
    pub field: Field,
    pub cover: GramCover,
    /// Further grams of the run: they rule pages out without reading positions.
    pub beside: Vec<String>,
    pub worth: Worth,
    /// `None` for conditions that are only tested on pages found otherwise (`-word`).
    pub budget: Option<Arc<SearchBudget>>,
}

#[inline]
pub(crate) fn seek_list(postings: &mut SegmentPostings, target: DocId) -> DocId {
    let doc = postings.doc();
    if doc >= target { doc } else { postings.seek(target) }
}
