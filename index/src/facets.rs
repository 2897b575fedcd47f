//! Facets: documents found per kind, year, state, keyword and reason for review.

use std::collections::{BTreeMap, HashMap};

use records::pages::ReadingFlag;
use tantivy::DocId;
use tantivy::columnar::StrColumn;

use crate::columns::first;
use crate::keywords::KeywordId;
use crate::page_columns::PageColumns;

/// Documents per value, of the documents found. A search that stopped early counts the newest documents
/// only, and says so ([`Facets::at_least`]).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub kind: Vec<(String, usize)>,
    pub year: Vec<(String, usize)>,
    pub state: Vec<(String, usize)>,
    /// Of the keywords that are facets.
    pub keywords: Vec<(KeywordId, Vec<(String, usize)>)>,
    /// The counts are lower bounds: the search stopped before its end.
    pub at_least: bool,
    /// Documents with a found page that needs review, by reason.
    pub reading: Vec<(String, usize)>,
}

/// The counts of the documents found in one segment.
pub(crate) struct SegmentCounts {
    kind: Counted,
    state: Counted,
    keywords: Vec<Counted>,
}

impl SegmentCounts {
    pub fn new(columns: &PageColumns) -> Self {
        let counted = |column: &Option<StrColumn>| Counted::new(column.clone());
        SegmentCounts {
            kind: counted(&columns.kind),
            state: counted(&columns.state),
            keywords: columns.keywords.iter().map(counted).collect(),
        }
    }

    /// Counts a document by its first page.
    #[inline]
    pub fn add(&mut self, doc: DocId) {
        for counted in [&mut self.kind, &mut self.state].into_iter().chain(&mut self.keywords) {
            counted.add(doc);
        }
    }
}

/// Counts by ordinal within one segment.
struct Counted {
    column: Option<StrColumn>,
    counts: Vec<usize>,
}

impl Counted {
    fn new(column: Option<StrColumn>) -> Self {
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        Counted {
            column,
            counts: vec![0; values],
        }
    }

    /// Counts the value of a document; no column that is a facet holds several.
    #[inline]
    fn add(&mut self, doc: DocId) {
        let ord = self.column.as_ref().and_then(|column| first(column.ords(), doc));
        if let Some(count) = ord.and_then(|ord| self.counts.get_mut(ord as usize)) {
            *count += 1;
        }
    }

    fn sum_up(&self, sums: &mut HashMap<String, usize>) -> tantivy::Result<()> {
        let Some(column) = &self.column else {
            return Ok(());
        };
        for (ord, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let mut value = String::new();
            column.ord_to_str(ord as u64, &mut value)?;
            *sums.entry(value).or_default() += count;
        }
        Ok(())
    }
}

/// Documents by the year on the paper, 0 for undated ones. Usual years are counted in place, because most searches find
/// little and must not pay for ten thousand years.
pub(crate) struct YearCounts {
    usual: [usize; USUAL_YEARS],
    others: BTreeMap<u32, usize>,
}

const FIRST_USUAL_YEAR: u32 = 1900;
const USUAL_YEARS: usize = 200;

impl Default for YearCounts {
    fn default() -> Self {
        YearCounts {
            usual: [0; USUAL_YEARS],
            others: BTreeMap::new(),
        }
    }
}

impl YearCounts {
    pub(crate) fn add(&mut self, year: u32) {
        let at = year.checked_sub(FIRST_USUAL_YEAR).map(|at| at as usize);
        match at.and_then(|at| self.usual.get_mut(at)) {
            Some(count) => *count += 1,
            None => *self.others.entry(year).or_default() += 1,
        }
    }

    fn counted(self) -> impl Iterator<Item = (u32, usize)> {
        let usual = (FIRST_USUAL_YEAR..).zip(self.usual).filter(|(_, count)| *count > 0);
        usual.chain(self.others)
    }
}

/// The facets of all segments together.
pub(crate) fn resolve<'a>(
    segments: impl Iterator<Item = &'a SegmentCounts>,
    years: YearCounts,
) -> tantivy::Result<Facets> {
    let words: Vec<KeywordId> = KeywordId::facets().collect();
    let mut sums: Vec<HashMap<String, usize>> = vec![HashMap::new(); 2 + words.len()];
    for segment in segments {
        let columns = [&segment.kind, &segment.state].into_iter().chain(&segment.keywords);
        for (counted, sums) in columns.zip(&mut sums) {
            counted.sum_up(sums)?;
        }
    }
    let mut sums = sums.into_iter().map(listed);
    let (kind, state) = (sums.next().unwrap_or_default(), sums.next().unwrap_or_default());
    let years = years
        .counted()
        .map(|(year, count)| match year {
            0 => (String::new(), count),
            year => (year.to_string(), count),
        })
        .collect();
    Ok(Facets {
        kind,
        year: listed(years),
        state,
        keywords: words.into_iter().zip(sums).collect(),
        at_least: false,
        reading: Vec::new(),
    })
}

/// Counts each reason for review once per document; `documents` gives the bits of its found pages together.
pub(crate) fn reading_facet(documents: impl Iterator<Item = u64>) -> Vec<(String, usize)> {
    let mut counts = [0; ReadingFlag::ALL.len()];
    for bits in documents.filter(|bits| *bits != 0) {
        for (count, flag) in counts.iter_mut().zip(ReadingFlag::ALL) {
            *count += usize::from(bits & u64::from(flag.bit()) != 0);
        }
    }
    let counts = ReadingFlag::ALL.into_iter().zip(counts);
    let found = counts.filter(|(_, count)| *count > 0);
    found.map(|(flag, count)| (flag.as_str().to_owned(), count)).collect()
}

fn listed(sums: HashMap<String, usize>) -> Vec<(String, usize)> {
    let mut values: Vec<_> = sums.into_iter().collect();
    values.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    values
}
