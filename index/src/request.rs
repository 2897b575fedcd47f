//! The input of a search: the request, its limits, and the names in the query as the record resolves them.

use std::collections::HashMap;

use crate::collect::Sorting;
use crate::highlight::SnippetLimits;

/// What one search may cost and show.
#[derive(Debug, Clone, Copy)]
pub struct SearchLimits {
    /// Hits after which counting stops.
    pub pages_max: usize,
    /// Position lists compared on hits, after which counting stops too, but not before `pages_min`
    /// hits: a long run of common words costs several lists on each page.
    pub position_lists_max: usize,
    pub pages_min: usize,
    /// Pages whose positions are compared before a search stops: its budget.
    pub scan_pages_max: u64,
    /// The same two for an exact total.
    pub exact_pages_max: usize,
    pub exact_scan_pages_max: u64,
    /// Documents in one window.
    pub window_max: usize,
    /// Pages shown of one document: in a list of hits, and on request.
    pub pages_per_document: usize,
    pub more_pages_per_document: usize,
    /// Documents shown of one dossier.
    pub documents_per_dossier: usize,
    /// Near misses are searched when fewer documents than this were found.
    pub near_below: usize,
    /// Budget of the search for near misses.
    pub near_scan_pages_max: u64,
    /// Pages it gathers, to check them against their text, and documents it shows.
    pub near_candidates: usize,
    pub near_documents: usize,
    /// The same two when near misses were requested.
    pub near_asked_candidates: usize,
    pub near_asked_documents: usize,
    /// Customers that one condition follows.
    pub customers_max: usize,
    /// Places that one condition follows.
    pub places_max: usize,
    pub snippet: SnippetLimits,
}

impl Default for SearchLimits {
    fn default() -> Self {
        SearchLimits {
            pages_max: 10_000,
            position_lists_max: 24_000,
            pages_min: 2_000,
            scan_pages_max: 80_000,
            exact_pages_max: 2_000_000,
            exact_scan_pages_max: 100_000_000,
            window_max: 200,
            pages_per_document: 1,
            more_pages_per_document: 3,
            documents_per_dossier: 3,
            near_below: 10,
            near_scan_pages_max: 60_000,
            near_candidates: 64,
            near_documents: 20,
            near_asked_candidates: 1_500,
            near_asked_documents: 200,
            customers_max: 5_000,
            places_max: 20_000,
            snippet: SnippetLimits::default(),
        }
    }
}

/// One request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// As typed.
    pub query: String,
    pub sorting: Sorting,
    pub grouping: Grouping,
    /// Documents (or dossiers, when grouped by them) skipped and shown.
    pub offset: usize,
    pub limit: usize,
    /// Show more than the best page of each document
    /// ([`SearchLimits::more_pages_per_document`]).
    pub more_pages: bool,
    /// Count to the end instead of stopping at the cap.
    pub exact_total: bool,
    pub near: NearMisses,
}

/// When to look for near misses: the only word of a query with one misread character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NearMisses {
    /// The answer says whether asking for them would make sense: views ask after showing the exact
    /// hits, because near misses cost several times as much.
    Never,
    /// When fewer than [`SearchLimits::near_below`] documents were found, within a small budget.
    #[default]
    WhereFew,
    Always,
}

/// What one entry of the list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// A document; the answer is in [`crate::answer::SearchAnswer::documents`].
    #[default]
    Documents,
    /// A dossier with its best documents; the answer is in [`crate::answer::SearchAnswer::dossiers`].
    Dossiers,
}

/// The names in a query, resolved by the record.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub kinds: HashMap<String, Vec<String>>,
    pub places: HashMap<(String, bool), Vec<i64>>,
    /// Where each place comes in shelf order; needed for [`Sorting::Location`] only.
    pub shelf_order: HashMap<i64, usize>,
}
