//! What a search answers: documents or dossiers with their best pages, totals and facets.

use std::ops::Range;

use crate::collect::Stopped;
use crate::facets::Facets;
use crate::highlight::Snippet;
use crate::query::Query;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct SearchAnswer {
    /// As understood; gives chips and notices.
    pub query: Query,
    pub documents: Vec<DocumentHit>,
    /// Filled instead of `documents` when grouped by dossier. A dossier takes the position of its first
    /// document in the requested sorting.
    pub dossiers: Vec<DossierHit>,
    /// Documents found; a lower bound when `total_is_exact` is false.
    pub total: usize,
    /// Dossiers found; counted only when grouped by them.
    pub total_dossiers: usize,
    pub total_pages: usize,
    pub total_is_exact: bool,
    /// Why it is not exact: the cap ("10,000+", the newest), or the budget of a search for common words
    /// in a rare sequence.
    pub stopped: Option<Stopped>,
    /// Lower bounds when the search stopped early; they say so.
    pub facets: Facets,
    /// Near misses: the word differs by one character. Listed separately.
    pub near: Vec<DocumentHit>,
    /// There may be more near misses: [`crate::request::NearMisses::Always`] searches further.
    pub near_goes_on: bool,
}

/// A dossier with the documents found in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DossierHit {
    /// `None` gathers the documents that belong to no dossier yet.
    pub dossier_uid: Option<i64>,
    pub documents_hit: usize,
    pub pages_hit: usize,
    /// The first documents, at most [`crate::SearchLimits::documents_per_dossier`].
    pub documents: Vec<DocumentHit>,
}

/// A document with the pages found in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentHit {
    pub document_uid: i64,
    pub dossier_uid: Option<i64>,
    pub pages_hit: usize,
    /// The best page, or more pages on request.
    pub pages: Vec<PageHit>,
}

/// A page found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageHit {
    /// 0 for a document without pages.
    pub page_uid: i64,
    pub number: u32,
    pub snippet: Snippet,
    /// Marked characters of the page text (lines joined by `\n`); empty when the document was found by
    /// its title or number.
    pub ranges: Vec<Range<usize>>,
}
