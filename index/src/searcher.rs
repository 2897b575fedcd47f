//! The only way to a searcher: every query passes through [`VisibleSearcher::weigh`], which puts the
//! visibility filter of the asker into the query itself. A hidden page is never counted, never in a
//! facet, a suggestion or a snippet, and a query costs the same whether hidden pages match or not.

use std::fmt;
use std::sync::Arc;

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use crate::customer_columns::CustomerColumns;
use crate::open_columns::OpenColumns;
use crate::page_columns::PageColumns;
use crate::visibility::{SegmentFilter, SegmentFilters, VisibilityFilter};

/// A searcher that only answers filtered queries.
pub struct VisibleSearcher {
    searcher: Searcher,
    columns: Arc<OpenColumns>,
    filters: Arc<SegmentFilters>,
}

impl VisibleSearcher {
    pub(crate) fn open(searcher: Searcher, columns: &Arc<OpenColumns>, visibility: Arc<VisibilityFilter>) -> Self {
        let filters = SegmentFilters::new(visibility, searcher.clone(), Arc::clone(&columns.visibility));
        VisibleSearcher {
            searcher,
            columns: Arc::clone(columns),
            filters: Arc::new(filters),
        }
    }

    /// The columns of the pages of a segment; the same for every asker.
    pub(crate) fn columns_of_pages(&self, reader: &SegmentReader) -> tantivy::Result<Arc<PageColumns>> {
        self.columns.pages.of(reader, self.segments())
    }

    /// The columns of the customers of a segment; the same for every asker.
    pub(crate) fn columns_of_customers(&self, reader: &SegmentReader) -> tantivy::Result<Arc<CustomerColumns>> {
        self.columns.customers.of(reader, self.segments())
    }

    /// What the asker may see of each segment, for scorers that must not look at anything else.
    pub(crate) fn filters(&self) -> Arc<SegmentFilters> {
        Arc::clone(&self.filters)
    }

    /// Makes `query` executable for this asker.
    pub fn weigh(&self, query: Box<dyn Query>) -> tantivy::Result<Box<dyn Weight>> {
        let visible = VisibleQuery {
            query,
            filters: Arc::clone(&self.filters),
        };
        visible.weight(EnableScoring::enabled_from_searcher(&self.searcher))
    }

    pub fn segments(&self) -> &[SegmentReader] {
        self.searcher.segment_readers()
    }

    /// The stored fields of a hit that a weight of this searcher has found.
    pub fn stored(&self, address: DocAddress) -> tantivy::Result<tantivy::TantivyDocument> {
        self.searcher.doc(address)
    }
}

struct VisibleQuery {
    query: Box<dyn Query>,
    filters: Arc<SegmentFilters>,
}

impl Clone for VisibleQuery {
    fn clone(&self) -> Self {
        VisibleQuery {
            query: self.query.box_clone(),
            filters: Arc::clone(&self.filters),
        }
    }
}

impl fmt::Debug for VisibleQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "visible({:?})", self.query)
    }
}

impl Query for VisibleQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(VisibleWeight {
            weight: self.query.weight(scoring)?,
            filters: Arc::clone(&self.filters),
        }))
    }
}

struct VisibleWeight {
    weight: Box<dyn Weight>,
    filters: Arc<SegmentFilters>,
}

impl Weight for VisibleWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorer = VisibleScorer {
            found: self.weight.scorer(reader, boost)?,
            filter: self.filters.of(reader)?,
        };
        scorer.skip_hidden();
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("visible", doc as Score))
    }
}

struct VisibleScorer {
    found: Box<dyn Scorer>,
    filter: Arc<SegmentFilter>,
}

impl VisibleScorer {
    fn skip_hidden(&mut self) -> DocId {
        let mut doc = self.found.doc();
        while doc != TERMINATED && !self.filter.allows(doc) {
            doc = self.found.advance();
        }
        doc
    }
}

impl DocSet for VisibleScorer {
    fn advance(&mut self) -> DocId {
        self.found.advance();
        self.skip_hidden()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.found.seek(target);
        self.skip_hidden()
    }

    fn doc(&self) -> DocId {
        self.found.doc()
    }

    fn size_hint(&self) -> u32 {
        self.found.size_hint()
    }
}

impl Scorer for VisibleScorer {
    fn score(&mut self) -> Score {
        self.found.score()
    }
}
