//! The open columns of one index: what decides who sees a page, what a hit of a page and of a customer needs.

use std::sync::Arc;

use crate::columns::SegmentCache;
use crate::customer_columns::CustomerColumns;
use crate::page_columns::PageColumns;
use crate::visibility::VisibilityColumns;

/// The columns of the segments of one index, shared by all searches.
#[derive(Default)]
pub(crate) struct OpenColumns {
    pub visibility: Arc<SegmentCache<VisibilityColumns>>,
    pub pages: SegmentCache<PageColumns>,
    pub customers: SegmentCache<CustomerColumns>,
}
