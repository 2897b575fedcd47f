//! The visibility filter: which pages one person may see, decided on the columns of a segment.
//!
//! The rule is that of `records::Sight`; this is its full-text twin. Hits are authorised once more
//! against the record before they leave the program, because the index may lag a moment behind.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use records::Asker;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::AliveBitSet;
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

use crate::columns::{OfSegment, SegmentCache, first};
use crate::entry::unsigned;
use crate::schema::{SEALED, fast};

/// What one person may see, taken from the asker when the search began.
#[derive(Debug, Clone)]
pub struct VisibilityFilter {
    /// `None` sees only what is granted.
    security_level_max: Option<u64>,
    department: Option<String>,
    documents: Vec<u64>,
    dossiers: Vec<u64>,
    pieces_of_numbers: bool,
}

impl VisibilityFilter {
    pub fn by(asker: &Asker) -> Self {
        let sight = asker.sight();
        VisibilityFilter {
            pieces_of_numbers: asker.sees_personal_numbers(),
            ..VisibilityFilter::new(
                sight.security_level_max.map(|level| unsigned(level.number())),
                sight.department,
                sight.granted_documents,
                sight.granted_dossiers,
            )
        }
    }

    /// Whether customers are found by pieces of their personal numbers: whoever may not see a number would learn it
    /// digit by digit.
    pub(crate) fn finds_by_pieces(&self) -> bool {
        self.pieces_of_numbers
    }

    /// Uids need not be sorted.
    fn new(security_level_max: Option<u64>, department: Option<&str>, documents: &[i64], dossiers: &[i64]) -> Self {
        let sorted = |uids: &[i64]| {
            let mut uids: Vec<u64> = uids.iter().copied().map(unsigned).collect();
            uids.sort_unstable();
            uids
        };
        VisibilityFilter {
            security_level_max: security_level_max.map(|level| level.min(SEALED - 1)),
            department: department.map(str::to_owned),
            documents: sorted(documents),
            dossiers: sorted(dossiers),
            pieces_of_numbers: true,
        }
    }

    #[cfg(test)]
    pub(crate) fn everything() -> Self {
        VisibilityFilter::up_to(3, None)
    }

    #[cfg(test)]
    pub(crate) fn up_to(security_level_max: u64, department: Option<&str>) -> Self {
        VisibilityFilter::new(Some(security_level_max), department, &[], &[])
    }

    #[cfg(test)]
    pub(crate) fn granted(mut self, documents: &[u64], dossiers: &[u64]) -> Self {
        self.documents = documents.to_vec();
        self.dossiers = dossiers.to_vec();
        self
    }
}

/// The filter of one asker, translated for each segment once.
pub(crate) struct SegmentFilters {
    visibility: Arc<VisibilityFilter>,
    searcher: Searcher,
    columns: Arc<SegmentCache<VisibilityColumns>>,
    opened: Mutex<Vec<(SegmentId, Arc<SegmentFilter>)>>,
}

impl fmt::Debug for SegmentFilters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "visible({:?})", self.visibility)
    }
}

impl SegmentFilters {
    pub(crate) fn new(
        visibility: Arc<VisibilityFilter>,
        searcher: Searcher,
        columns: Arc<SegmentCache<VisibilityColumns>>,
    ) -> Self {
        SegmentFilters {
            visibility,
            searcher,
            columns,
            opened: Mutex::default(),
        }
    }

    pub(crate) fn of(&self, reader: &SegmentReader) -> tantivy::Result<Arc<SegmentFilter>> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let id = reader.segment_id();
        if let Some((_, filter)) = opened.iter().find(|(of, _)| *of == id) {
            return Ok(Arc::clone(filter));
        }
        let columns = self.columns.of(reader, self.searcher.segment_readers())?;
        let filter = Arc::new(SegmentFilter::open(reader, columns, &self.visibility)?);
        opened.push((id, Arc::clone(&filter)));
        Ok(filter)
    }
}

/// The filter, translated to the columns of one segment.
pub(crate) struct SegmentFilter {
    visibility: Arc<VisibilityFilter>,
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
        write!(f, "visible({:?})", self.visibility)
    }
}

impl SegmentFilter {
    fn open(
        reader: &SegmentReader,
        columns: Arc<VisibilityColumns>,
        visibility: &Arc<VisibilityFilter>,
    ) -> tantivy::Result<Self> {
        let departments = match (&visibility.department, &columns.department) {
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
            visibility: Arc::clone(visibility),
            alive: reader.alive_bitset().cloned(),
            columns,
            departments,
        })
    }

    #[inline]
    pub(crate) fn allows(&self, doc: DocId) -> bool {
        if self.alive.as_ref().is_some_and(|alive| !alive.is_alive(doc)) {
            return false;
        }
        // Without a recorded level nobody sees a document: the safe side of a damaged index.
        let access = first(&self.columns.access, doc).unwrap_or(SEALED);
        let within = self.visibility.security_level_max.is_some_and(|max| access <= max);
        if within && self.allows_department(doc) {
            return true;
        }
        let granted = |uids: &[u64], column: &Column<u64>| {
            !uids.is_empty() && first(column, doc).is_some_and(|uid| uid != 0 && uids.binary_search(&uid).is_ok())
        };
        granted(&self.visibility.documents, &self.columns.document)
            || granted(&self.visibility.dossiers, &self.columns.dossier)
    }

    fn allows_department(&self, doc: DocId) -> bool {
        match (&self.departments, &self.columns.department) {
            (Some(allowed), Some(column)) => first(column.ords(), doc).is_none_or(|ord| allowed.contains(&ord)),
            _ => true,
        }
    }
}
