//! What is read of a segment once and not with every search: its columns, opened.
//!
//! Opening a column reads its whole table of blocks, and a search needs a dozen columns of each
//! segment; at five million pages that was most of a search that finds little. A segment never
//! changes, but for the pages deleted from it, which are not kept here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::{Column, ColumnIndex};
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

/// The value of a document. A column in which every document has a value is read without the look-up of where its values
/// are.
#[inline]
pub(crate) fn first(column: &Column<u64>, doc: DocId) -> Option<u64> {
    match &column.index {
        ColumnIndex::Full => Some(column.values.get_val(doc)),
        _ => column.first(doc),
    }
}

/// Some of the columns of a segment.
pub(crate) trait OfSegment: Sized {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self>;
}

/// Columns by segment, shared by all searches. Segments that are gone are dropped when a new one comes, so that their
/// files can be deleted.
pub(crate) struct SegmentCache<T>(Mutex<HashMap<SegmentId, Arc<T>>>);

impl<T> Default for SegmentCache<T> {
    fn default() -> Self {
        SegmentCache(Mutex::default())
    }
}

impl<T: OfSegment> SegmentCache<T> {
    /// The columns of one of the segments that are searched now.
    pub fn of(&self, reader: &SegmentReader, searched: &[SegmentReader]) -> tantivy::Result<Arc<T>> {
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(columns) = opened.get(&reader.segment_id()) {
            return Ok(Arc::clone(columns));
        }
        opened.retain(|segment, _| searched.iter().any(|reader| reader.segment_id() == *segment));
        let columns = Arc::new(T::open(reader)?);
        opened.insert(reader.segment_id(), Arc::clone(&columns));
        Ok(columns)
    }
}
