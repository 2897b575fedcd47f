//! How much one search may scan: pages left to it, and which pages of a segment it may look at at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::{DocId, SegmentReader};

use crate::visibility::{SegmentFilter, SegmentFilters};

/// How many pages a search may scan before it stops and says so. Counted in pages, not in time: the
/// same search on the same index always gives the same answer. Pages the asker may not see are
/// skipped unread, so the point at which a search stops leaks nothing about them.
#[derive(Debug)]
pub struct SearchBudget {
    left: AtomicU64,
    filters: Arc<SegmentFilters>,
}

impl SearchBudget {
    pub(crate) fn new(pages: u64, filters: Arc<SegmentFilters>) -> Arc<Self> {
        Arc::new(SearchBudget {
            left: AtomicU64::new(pages),
            filters,
        })
    }

    pub fn is_used_up(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    #[inline]
    fn spend(&self) -> bool {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        left > 0
    }
}

/// Visibility and remaining budget for one segment; `None` when the run is only tested against given pages.
pub(crate) struct ScanBudget(Option<(Arc<SearchBudget>, Arc<SegmentFilter>)>);

impl ScanBudget {
    pub(crate) fn of(reader: &SegmentReader, budget: Option<&Arc<SearchBudget>>) -> tantivy::Result<Self> {
        let Some(budget) = budget else {
            return Ok(ScanBudget(None));
        };
        Ok(ScanBudget(Some((Arc::clone(budget), budget.filters.of(reader)?))))
    }

    #[inline]
    pub(crate) fn is_visible(&self, doc: DocId) -> bool {
        self.0.as_ref().is_none_or(|(_, filter)| filter.allows(doc))
    }

    #[inline]
    pub(crate) fn may_scan(&self) -> bool {
        self.0.as_ref().is_none_or(|(budget, _)| budget.spend())
    }
}
