//! The only way to a searcher: every query passes through [`VisibleSearcher::weigh`], which puts what the
//! asker may see into the query itself. What is not seen is never counted, never a facet, never a
//! suggestion, never in a snippet, and costs the same whether it matches or not.
//!
//! The rule is that of `records::Sight`; this is its full-text twin. Hits are authorised once more
//! against the record before they leave the program, because the index may lag a moment behind.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use records::Asker;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::AliveBitSet;
use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use crate::collect::PageColumns;
use crate::columns::{OfSegment, OpenColumns, first};
use crate::customers::CustomerColumns;
use crate::entry::unsigned;
use crate::schema::{SEALED, fast};

/// What one person may see, taken from the asker when the search began.
#[derive(Debug, Clone)]
pub struct VisibilityFilter {
    security_level_max: u64,
    department: Option<String>,
    documents: Vec<u64>,
    dossiers: Vec<u64>,
}

impl VisibilityFilter {
    pub fn by(asker: &Asker) -> Self {
        let sight = asker.sight();
        VisibilityFilter::new(
            unsigned(sight.security_level_max.number()),
            sight.department,
            sight.granted_documents,
            sight.granted_dossiers,
        )
    }

    /// Uids need not be sorted.
    fn new(security_level_max: u64, department: Option<&str>, documents: &[i64], dossiers: &[i64]) -> Self {
        let sorted = |uids: &[i64]| {
            let mut uids: Vec<u64> = uids.iter().copied().map(unsigned).collect();
            uids.sort_unstable();
            uids
        };
        VisibilityFilter {
            security_level_max: security_level_max.min(SEALED - 1),
            department: department.map(str::to_owned),
            documents: sorted(documents),
            dossiers: sorted(dossiers),
        }
    }

    #[cfg(test)]
    pub(crate) fn everything() -> Self {
        VisibilityFilter::up_to(3, None)
    }

    #[cfg(test)]
    pub(crate) fn up_to(security_level_max: u64, department: Option<&str>) -> Self {
        VisibilityFilter::new(security_level_max, department, &[], &[])
    }

    #[cfg(test)]
    pub(crate) fn granted(mut self, documents: &[u64], dossiers: &[u64]) -> Self {
        self.documents = documents.to_vec();
        self.dossiers = dossiers.to_vec();
        self
    }
}

/// A searcher that only answers filtered queries.
pub struct VisibleSearcher {
    searcher: Searcher,
    sights: Arc<SegmentFilters>,
}

impl VisibleSearcher {
    pub(crate) fn open(searcher: Searcher, columns: &Arc<OpenColumns>, seen: Arc<VisibilityFilter>) -> Self {
        let sights = SegmentFilters {
            seen,
            searcher: searcher.clone(),
            columns: Arc::clone(columns),
            opened: Mutex::default(),
        };
        VisibleSearcher {
            searcher,
            sights: Arc::new(sights),
        }
    }

    /// What is known of the pages of a segment, whoever asks.
    pub(crate) fn columns_of_pages(&self, reader: &SegmentReader) -> tantivy::Result<Arc<PageColumns>> {
        self.sights.columns.pages.of(reader, self.segments())
    }

    /// What is known of the customers of a segment, whoever asks.
    pub(crate) fn columns_of_customers(&self, reader: &SegmentReader) -> tantivy::Result<Arc<CustomerColumns>> {
        self.sights.columns.customers.of(reader, self.segments())
    }

    /// What the asker may see of each segment, for scorers that must not look at anything else.
    pub(crate) fn sights(&self) -> Arc<SegmentFilters> {
        Arc::clone(&self.sights)
    }

    /// Makes `query` executable for this asker.
    pub fn weigh(&self, query: Box<dyn Query>) -> tantivy::Result<Box<dyn Weight>> {
        let seen = VisibleQuery {
            query,
            sights: Arc::clone(&self.sights),
        };
        seen.weight(EnableScoring::enabled_from_searcher(&self.searcher))
    }

    pub fn segments(&self) -> &[SegmentReader] {
        self.searcher.segment_readers()
    }

    /// The stored fields of a hit that this door's own weights have found.
    pub fn stored(&self, address: DocAddress) -> tantivy::Result<tantivy::TantivyDocument> {
        self.searcher.doc(address)
    }
}

struct VisibleQuery {
    query: Box<dyn Query>,
    sights: Arc<SegmentFilters>,
}

impl Clone for VisibleQuery {
    fn clone(&self) -> Self {
        VisibleQuery {
            query: self.query.box_clone(),
            sights: Arc::clone(&self.sights),
        }
    }
}

impl fmt::Debug for VisibleQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seen({:?})", self.query)
    }
}

impl Query for VisibleQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(VisibleWeight {
            weight: self.query.weight(scoring)?,
            sights: Arc::clone(&self.sights),
        }))
    }
}

struct VisibleWeight {
    weight: Box<dyn Weight>,
    sights: Arc<SegmentFilters>,
}

impl Weight for VisibleWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorer = VisibleScorer {
            found: self.weight.scorer(reader, boost)?,
            sight: self.sights.of(reader)?,
        };
        scorer.skip_unseen();
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("seen", doc as Score))
    }
}

struct VisibleScorer {
    found: Box<dyn Scorer>,
    sight: Arc<SegmentFilter>,
}

impl VisibleScorer {
    fn skip_unseen(&mut self) -> DocId {
        let mut doc = self.found.doc();
        while doc != TERMINATED && !self.sight.allows(doc) {
            doc = self.found.advance();
        }
        doc
    }
}

impl DocSet for VisibleScorer {
    fn advance(&mut self) -> DocId {
        self.found.advance();
        self.skip_unseen()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.found.seek(target);
        self.skip_unseen()
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

/// The sight of one asker, translated for each segment once.
pub(crate) struct SegmentFilters {
    seen: Arc<VisibilityFilter>,
    searcher: Searcher,
    columns: Arc<OpenColumns>,
    opened: Mutex<Vec<(SegmentId, Arc<SegmentFilter>)>>,
}

impl fmt::Debug for SegmentFilters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sights({:?})", self.seen)
    }
}

impl SegmentFilters {
    pub(crate) fn of(&self, reader: &SegmentReader) -> tantivy::Result<Arc<SegmentFilter>> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let id = reader.segment_id();
        if let Some((_, sight)) = opened.iter().find(|(of, _)| *of == id) {
            return Ok(Arc::clone(sight));
        }
        let columns = self.columns.sight.of(reader, self.searcher.segment_readers())?;
        let sight = Arc::new(SegmentFilter::open(reader, columns, &self.seen)?);
        opened.push((id, Arc::clone(&sight)));
        Ok(sight)
    }
}

/// The sight, translated to the columns of one segment.
pub(crate) struct SegmentFilter {
    seen: Arc<VisibilityFilter>,
    alive: Option<AliveBitSet>,
    columns: Arc<VisibilityColumns>,
    /// The ordinals of the departments whose pages may be seen; `None` when all may.
    departments: Option<Vec<u64>>,
}

/// The columns that decide what may be seen.
pub(crate) struct VisibilityColumns {
    access: Column<u64>,
    document: Column<u64>,
    dossier: Column<u64>,
    department: Option<StrColumn>,
}

impl OfSegment for VisibilityColumns {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let empty = || Column::build_empty_column(reader.max_doc());
        Ok(VisibilityColumns {
            access: columns.u64(fast::ACCESS)?,
            document: columns.column_opt(fast::DOCUMENT)?.unwrap_or_else(empty),
            dossier: columns.u64(fast::DOSSIER)?,
            department: columns.str(fast::DEPARTMENT)?,
        })
    }
}

impl fmt::Debug for SegmentFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sight({:?})", self.seen)
    }
}

impl SegmentFilter {
    fn open(
        reader: &SegmentReader,
        columns: Arc<VisibilityColumns>,
        seen: &Arc<VisibilityFilter>,
    ) -> tantivy::Result<Self> {
        let departments = match (&seen.department, &columns.department) {
            (Some(own), Some(column)) => {
                let mut allowed = Vec::new();
                for name in ["", own.as_str()] {
                    allowed.extend(column.dictionary().term_ord(name)?);
                }
                Some(allowed)
            }
            _ => None,
        };
        Ok(SegmentFilter {
            seen: Arc::clone(seen),
            alive: reader.alive_bitset().cloned(),
            columns,
            departments,
        })
    }

    pub(crate) fn allows(&self, doc: DocId) -> bool {
        if self.alive.as_ref().is_some_and(|alive| !alive.is_alive(doc)) {
            return false;
        }
        // A document without a recorded level is seen by nobody: the safe side of a damaged index.
        let access = first(&self.columns.access, doc).unwrap_or(SEALED);
        if access <= self.seen.security_level_max && self.allows_department(doc) {
            return true;
        }
        let granted = |uids: &[u64], column: &Column<u64>| {
            !uids.is_empty() && first(column, doc).is_some_and(|uid| uid != 0 && uids.binary_search(&uid).is_ok())
        };
        granted(&self.seen.documents, &self.columns.document) || granted(&self.seen.dossiers, &self.columns.dossier)
    }

    fn allows_department(&self, doc: DocId) -> bool {
        match (&self.departments, &self.columns.department) {
            (Some(allowed), Some(column)) => first(column.ords(), doc).is_none_or(|ord| allowed.contains(&ord)),
            _ => true,
        }
    }
}
