//! Gathers hits newest first over all segments, up to a cap, and puts them in order.
//!
//! Segments are sorted by document uid, newest first, and merged here in that order; so the pages
//! that a capped search looks at are the newest ones whatever the history of the index, and a
//! rebuilt index gives the same answer. A segment is opened only when its newest document is
//! next, so a search that stops at its cap never touches the old ones. The order comes from the
//! page and its record alone: tier, occurrences, kind, year; ties by uid.
//!
//! This file refuses to know the query language and the text of pages.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use records::pages::ReadingFlag;
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{Scorer, Weight};
use tantivy::{DocAddress, DocId, SegmentReader, TERMINATED};

use crate::columns::{OfSegment, first};
use crate::door::VisibleSearcher;
use crate::entry::place_of_key;
use crate::keywords::KeywordId;
use crate::phrase::{SearchBudget, TIER};
use crate::schema::fast;

/// A page that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    pub address: DocAddress,
    score: u32,
}

/// The pages of one document that were found.
#[derive(Debug, Clone)]
pub struct DocumentGroup {
    pub document: u64,
    pub dossier: u64,
    pub date: u32,
    pub rank: u64,
    hits: Range<usize>,
}

/// The documents of one dossier that were found.
#[derive(Debug, Clone)]
pub struct DossierGroup {
    /// 0 for documents that belong to no dossier yet.
    pub dossier: u64,
    /// Indices into the groups, in order.
    pub documents: Vec<usize>,
}

pub struct GatheredHits {
    pub groups: Vec<DocumentGroup>,
    hits: Vec<Hit>,
    columns: Vec<Option<Arc<PageColumns>>>,
    pub pages: usize,
    pub stopped: Option<Stopped>,
    pub facets: Facets,
}

/// Why a search did not look at everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// As many pages were found as are counted; the newest of them are in the answer.
    AtCap,
    /// Its words are so common and their sequence so rare that finding it cost too much; the newest
    /// pages were looked at.
    AtBudget,
}

/// Documents per value, of the documents that were found. Of a search that stopped they count what
/// it looked at, the newest documents, and are labelled so ([`Facets::at_least`]).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub kind: Vec<(String, usize)>,
    pub year: Vec<(String, usize)>,
    pub state: Vec<(String, usize)>,
    /// Of the words of the record that are facets.
    pub keywords: Vec<(KeywordId, Vec<(String, usize)>)>,
    /// The counts are lower bounds: the search stopped before its end.
    pub at_least: bool,
    /// Documents of which a page that was found asks for a look, by reason.
    pub reading: Vec<(String, usize)>,
}

/// In which order documents are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sorting {
    #[default]
    Relevance,
    /// By the date on the paper, undated last.
    NewestFirst,
    OldestFirst,
    /// As the originals stand on the shelves; what has no place comes last.
    Location,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct StopRule {
    pub pages_max: usize,
    /// Whether a page must have a score, that is, hold one of the words itself.
    pub scored_only: bool,
}

/// Kinds that people mean more often than others, in hundredths. A starting value, not tuned.
const KIND_WEIGHTS: &[(&str, u64)] = &[("contract", 120), ("application", 120), ("agreement", 120)];
/// Hundredths added for each year after this one, up to fifty years.
const FIRST_YEAR: u32 = 2000;
const YEARS_MAX: u32 = 50;
/// Later years, which no paper has, count as this one.
const YEAR_LAST: usize = 9_999;

pub fn gather(
    door: &VisibleSearcher,
    weight: &dyn Weight,
    stop: StopRule,
    work: &SearchBudget,
) -> tantivy::Result<GatheredHits> {
    let readers = door.segments();
    let mut segments: Vec<Option<PageSegment>> = readers.iter().map(|_| None).collect();
    let mut newest: BinaryHeap<(u64, Reverse<usize>)> = BinaryHeap::new();
    for (at, reader) in readers.iter().enumerate() {
        let columns = door.columns_of_pages(reader)?;
        newest.push((columns.document.max_value(), Reverse(at)));
    }
    let mut groups: Vec<DocumentGroup> = Vec::new();
    let mut hits: Vec<Hit> = Vec::new();
    let mut years = vec![0_usize; YEAR_LAST + 1];
    let mut capped = false;
    'segments: while let Some((_, Reverse(at))) = newest.pop() {
        let segment = match &mut segments[at] {
            Some(segment) => segment,
            unopened => {
                let segment = unopened.insert(PageSegment::open(at as u32, &readers[at], door, weight)?);
                newest.extend(segment.key(at));
                continue;
            }
        };
        // Everything of this segment down to the newest of the others.
        let until = newest.peek().copied();
        while let Some(key) = segment.key(at) {
            if until.is_some_and(|until| until > key) {
                newest.push(key);
                break;
            }
            if let Some(hit) = segment.hit(stop.scored_only) {
                if hits.len() == stop.pages_max {
                    capped = true;
                    break 'segments;
                }
                let (document, _) = key;
                match groups.last_mut() {
                    // All pages of a document stand together in one segment.
                    Some(group) if group.document == document => {
                        group.hits.end += 1;
                        group.rank = group.rank.max(u64::from(hit.score));
                    }
                    _ => {
                        let group = segment.group(document, hit, hits.len());
                        years[(group.date as usize / 10_000).min(YEAR_LAST)] += 1;
                        groups.push(group);
                    }
                }
                hits.push(hit);
            }
            segment.scorer.advance();
        }
    }
    let stopped = match (capped, work.is_used_up()) {
        (true, _) => Some(Stopped::AtCap),
        (false, true) => Some(Stopped::AtBudget),
        (false, false) => None,
    };
    let mut facets = resolve(segments.iter().flatten(), &years)?;
    facets.at_least = stopped.is_some();
    let mut columns: Vec<Option<Arc<PageColumns>>> = Vec::with_capacity(segments.len());
    for segment in segments {
        columns.push(segment.map(|segment| segment.columns));
    }
    facets.reading = readings(&columns, &hits, &groups);
    for group in &mut groups {
        let best = hits[group.hits.start];
        group.rank = match &columns[best.address.segment_ord as usize] {
            Some(columns) => columns.rank(best.address.doc_id, group.rank as u32, group.date),
            None => 0,
        };
    }
    Ok(GatheredHits {
        groups,
        pages: hits.len(),
        hits,
        columns,
        stopped,
        facets,
    })
}

impl GatheredHits {
    /// Puts the groups in order; `shelf_order` says where each place comes, for [`Sorting::Location`].
    /// Only the first `wanted` groups need be in order.
    pub fn sort(&mut self, sorting: Sorting, wanted: usize, shelf_order: &HashMap<i64, usize>) {
        let groups = &mut self.groups;
        match sorting {
            Sorting::Relevance => order(groups, wanted, |group| Reverse((group.rank, group.document))),
            Sorting::NewestFirst => order(groups, wanted, |group| Reverse((group.date, group.document))),
            Sorting::OldestFirst => order(groups, wanted, |group| (group.date == 0, group.date, group.document)),
            Sorting::Location => {
                let (hits, columns) = (&self.hits, &self.columns);
                groups.sort_by_cached_key(|group| {
                    let place = place_of(hits, columns, group).and_then(|place| shelf_order.get(&place));
                    (place.copied().unwrap_or(usize::MAX), group.date, group.document)
                });
            }
        }
    }

    /// The places where the originals of the documents found lie, each once.
    pub fn places(&self) -> Vec<i64> {
        let places = self
            .groups
            .iter()
            .filter_map(|group| place_of(&self.hits, &self.columns, group));
        let places: HashSet<i64> = places.collect();
        places.into_iter().collect()
    }

    /// The documents by dossier; a dossier stands where its first document stands. The groups must
    /// be in order.
    pub fn dossiers(&self) -> Vec<DossierGroup> {
        let mut dossiers: Vec<DossierGroup> = Vec::new();
        let mut known: HashMap<u64, usize> = HashMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            let place = *known.entry(group.dossier).or_insert_with(|| {
                dossiers.push(DossierGroup {
                    dossier: group.dossier,
                    documents: Vec::new(),
                });
                dossiers.len() - 1
            });
            dossiers[place].documents.push(at);
        }
        dossiers
    }

    pub fn pages_of(&self, group: &DocumentGroup) -> usize {
        group.hits.len()
    }

    /// Address, uid and number of the pages of a document, best first.
    pub fn hits_of(&self, group: &DocumentGroup) -> Vec<(DocAddress, u64, u32)> {
        let mut found: Vec<_> = self.hits[group.hits.clone()]
            .iter()
            .map(|hit| {
                let columns = self.columns[hit.address.segment_ord as usize].as_ref();
                let (page, number) = columns.map_or((0, 0), |columns| columns.page(hit.address.doc_id));
                (Reverse(hit.score), number, page, hit.address)
            })
            .collect();
        found.sort_unstable();
        let found = found.into_iter();
        found
            .map(|(_, number, page, address)| (address, page, number))
            .collect()
    }
}

/// Sorts the first `wanted` groups and leaves the rest as it is.
fn order<K: Ord>(groups: &mut [DocumentGroup], wanted: usize, key: impl Fn(&DocumentGroup) -> K) {
    if wanted < groups.len() && wanted > 0 {
        groups.select_nth_unstable_by_key(wanted - 1, &key);
    }
    let wanted = wanted.min(groups.len());
    groups[..wanted].sort_unstable_by_key(key);
}

fn place_of(hits: &[Hit], columns: &[Option<Arc<PageColumns>>], group: &DocumentGroup) -> Option<i64> {
    let address = hits[group.hits.start].address;
    let columns = columns[address.segment_ord as usize].as_ref()?;
    first(&columns.place, address.doc_id).map(place_of_key)
}

/// What is read of a segment.
pub(crate) struct PageColumns {
    document: Column<u64>,
    page: Column<u64>,
    page_number: Column<u64>,
    dossier: Column<u64>,
    date: Column<u64>,
    place: Column<u64>,
    kind: Option<StrColumn>,
    kind_weights: Vec<u64>,
    state: Option<StrColumn>,
    /// Of the words that are facets, in their order.
    keywords: Vec<Option<StrColumn>>,
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
            keywords: facets_of_words()
                .map(|word| columns.str(word.line().column))
                .collect::<tantivy::Result<_>>()?,
            reading: columns.column_opt(fast::READING)?.unwrap_or_else(empty),
        })
    }
}

impl PageColumns {
    /// Uid and number.
    fn page(&self, doc: DocId) -> (u64, u32) {
        let number = u32::try_from(first(&self.page_number, doc).unwrap_or(0)).unwrap_or(0);
        (first(&self.page, doc).unwrap_or(0), number)
    }

    /// Tier first; within it occurrences, weighted by kind and year. Whole numbers only.
    fn rank(&self, doc: DocId, score: u32, date: u32) -> u64 {
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
}

struct PageSegment {
    ord: u32,
    scorer: Box<dyn Scorer>,
    columns: Arc<PageColumns>,
    kind: Counted,
    state: Counted,
    keywords: Vec<Counted>,
}

impl PageSegment {
    fn open(ord: u32, reader: &SegmentReader, door: &VisibleSearcher, weight: &dyn Weight) -> tantivy::Result<Self> {
        let columns = door.columns_of_pages(reader)?;
        let counted = |column: &Option<StrColumn>| Counted::new(column.clone());
        Ok(PageSegment {
            ord,
            scorer: weight.scorer(reader, 1.0)?,
            kind: counted(&columns.kind),
            state: counted(&columns.state),
            keywords: columns.keywords.iter().map(counted).collect(),
            columns,
        })
    }

    /// Where the next hit of this segment stands in the common order.
    fn key(&self, at: usize) -> Option<(u64, Reverse<usize>)> {
        let doc = self.scorer.doc();
        (doc != TERMINATED).then(|| (first(&self.columns.document, doc).unwrap_or(0), Reverse(at)))
    }

    fn hit(&mut self, scored_only: bool) -> Option<Hit> {
        let score = self.scorer.score();
        if scored_only && score <= 0.0 {
            return None;
        }
        Some(Hit {
            address: DocAddress::new(self.ord, self.scorer.doc()),
            score: score as u32,
        })
    }

    /// The group that begins with this hit; counts its document.
    fn group(&mut self, document: u64, hit: Hit, at: usize) -> DocumentGroup {
        let doc = hit.address.doc_id;
        for counted in [&mut self.kind, &mut self.state].into_iter().chain(&mut self.keywords) {
            counted.add(doc);
        }
        DocumentGroup {
            document,
            dossier: first(&self.columns.dossier, doc).unwrap_or(0),
            date: u32::try_from(first(&self.columns.date, doc).unwrap_or(0)).unwrap_or(0),
            rank: u64::from(hit.score),
            hits: at..at + 1,
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

    fn add(&mut self, doc: DocId) {
        if let Some(column) = &self.column {
            for ord in column.term_ords(doc) {
                if let Some(count) = self.counts.get_mut(ord as usize) {
                    *count += 1;
                }
            }
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

fn resolve<'a>(segments: impl Iterator<Item = &'a PageSegment>, years: &[usize]) -> tantivy::Result<Facets> {
    let words: Vec<KeywordId> = facets_of_words().collect();
    let mut sums: Vec<HashMap<String, usize>> = vec![HashMap::new(); 2 + words.len()];
    for segment in segments {
        let columns = [&segment.kind, &segment.state].into_iter().chain(&segment.keywords);
        for (counted, sums) in columns.zip(&mut sums) {
            counted.sum_up(sums)?;
        }
    }
    let mut sums = sums.into_iter().map(listed);
    let (kind, state) = (sums.next().unwrap_or_default(), sums.next().unwrap_or_default());
    let counted = years.iter().copied().enumerate().filter(|(_, count)| *count > 0);
    let years = counted
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

fn facets_of_words() -> impl Iterator<Item = KeywordId> {
    KeywordId::all().filter(|word| word.line().is_facet)
}

fn readings(columns: &[Option<Arc<PageColumns>>], hits: &[Hit], groups: &[DocumentGroup]) -> Vec<(String, usize)> {
    let mut counts = [0; ReadingFlag::ALL.len()];
    for group in groups {
        let mut bits = 0;
        for hit in &hits[group.hits.clone()] {
            if let Some(columns) = &columns[hit.address.segment_ord as usize] {
                let flags = columns.reading.values_for_doc(hit.address.doc_id);
                bits |= flags.fold(0, |all, bit| all | bit);
            }
        }
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
