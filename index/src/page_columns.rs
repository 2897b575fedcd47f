//! What a search needs of each page of a segment: uids, number, date, place, and the columns of the facets.

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use crate::columns::{OfSegment, first};
use crate::entry::place_of_key;
use crate::keywords::KeywordId;
use crate::schema::fast;
use crate::worth::TIER;

/// Kinds that people look for more often than others, in hundredths. A starting value, not tuned.
const KIND_WEIGHTS: &[(&str, u64)] = &[("contract", 120), ("application", 120), ("agreement", 120)];
/// Hundredths added for each year after this one, up to fifty years.
const FIRST_YEAR: u32 = 2000;
const YEARS_MAX: u32 = 50;

/// The columns of the pages of a segment.
pub(crate) struct PageColumns {
    pub document: Column<u64>,
    page: Column<u64>,
    page_number: Column<u64>,
    pub dossier: Column<u64>,
    pub date: Column<u64>,
    place: Column<u64>,
    pub kind: Option<StrColumn>,
    kind_weights: Vec<u64>,
    pub state: Option<StrColumn>,
    /// Of the words that are facets, in their order.
    pub keywords: Vec<Option<StrColumn>>,
    reading: Column<u64>,
}

impl OfSegment for PageColumns {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let kind = columns.str(fast::KIND)?;
        let mut kind_weights = Vec::new();
        if let Some(kind) = &kind {
            for ord in 0..kind.num_terms() as u64 {
                let mut code = String::new();
                kind.ord_to_str(ord, &mut code)?;
                let weight = KIND_WEIGHTS.iter().find(|(word, _)| code.contains(word));
                kind_weights.push(weight.map_or(100, |(_, weight)| *weight));
            }
        }
        let empty = || Column::build_empty_column(reader.max_doc());
        Ok(PageColumns {
            document: columns.u64(fast::DOCUMENT)?,
            page: columns.u64(fast::PAGE)?,
            page_number: columns.u64(fast::NUMBER)?,
            dossier: columns.u64(fast::DOSSIER)?,
            date: columns.u64(fast::DATE)?,
            place: columns.column_opt(fast::PLACE)?.unwrap_or_else(empty),
            kind,
            kind_weights,
            state: columns.str(fast::STATE)?,
            keywords: KeywordId::facets()
                .map(|word| columns.str(word.line().column))
                .collect::<tantivy::Result<_>>()?,
            reading: columns.column_opt(fast::READING)?.unwrap_or_else(empty),
        })
    }
}

impl PageColumns {
    /// Uid and number.
    pub fn page(&self, doc: DocId) -> (u64, u32) {
        let number = u32::try_from(first(&self.page_number, doc).unwrap_or(0)).unwrap_or(0);
        (first(&self.page, doc).unwrap_or(0), number)
    }

    /// Tier first; within it occurrences, weighted by kind and year. Whole numbers only.
    #[inline]
    pub fn rank(&self, doc: DocId, score: u32, date: u32) -> u64 {
        let (tier, occurrences) = (score / TIER, score % TIER);
        let kind = self.kind.as_ref().and_then(|kind| first(kind.ords(), doc));
        let kind = kind
            .and_then(|ord| self.kind_weights.get(ord as usize))
            .copied()
            .unwrap_or(100);
        let years = (date / 10_000).saturating_sub(FIRST_YEAR).min(YEARS_MAX);
        let recency = 100 + 2 * u64::from(years);
        (u64::from(tier) << 32) | (u64::from(occurrences + 1) * kind * recency)
    }

    /// Where the original of the page's document is, as `records` numbers places.
    #[inline]
    pub fn place(&self, doc: DocId) -> Option<i64> {
        first(&self.place, doc).map(place_of_key)
    }

    /// Why the page needs review, as bits of [`records::pages::ReadingFlag`].
    #[inline]
    pub fn reading_bits(&self, doc: DocId) -> u64 {
        self.reading.values_for_doc(doc).fold(0, |all, bit| all | bit)
    }
}
