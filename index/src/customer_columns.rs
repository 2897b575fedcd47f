//! What the order of customers needs of a segment.

use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

use crate::columns::OfSegment;
use crate::schema::fast;

/// The columns of the customers of a segment.
pub(crate) struct CustomerColumns {
    pub customer: Column<u64>,
    pub length: Column<u64>,
    pub status: Option<StrColumn>,
    /// The ordinal of the status of former customers, where a customer of the segment has it.
    pub historic: Option<u64>,
}

impl OfSegment for CustomerColumns {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let status = columns.str(fast::STATUS)?;
        let historic = match &status {
            Some(column) => column.dictionary().term_ord("historic")?,
            None => None,
        };
        Ok(CustomerColumns {
            customer: columns.u64(fast::CUSTOMER)?,
            length: columns.u64(fast::NAME_LENGTH)?,
            status,
            historic,
        })
    }
}
