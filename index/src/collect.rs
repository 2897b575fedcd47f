//! Gathers hits newest first over all segments, up to a cap, and puts them in order.
//!
//! Segments are sorted by document uid, newest first, and merged here in that order; so a capped
//! search looks at the newest pages whatever the history of the index, and a rebuilt index gives the
//! same answer. A segment is opened only when its newest document is next, so a search that stops at
//! its cap never touches the old ones. The order comes from the page and its record alone: tier,
//! occurrences, kind, year; ties by uid.
//!
//! This file refuses to know the query language and the text of pages.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use tantivy::query::{Scorer, Weight};
use tantivy::{DocAddress, SegmentReader, TERMINATED};

use crate::budget::SearchBudget;
use crate::columns::first;
use crate::facets::{Facets, SegmentCounts, YearCounts, reading_facet, resolve};
use crate::page_columns::PageColumns;
use crate::searcher::VisibleSearcher;

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

/// Why a search stopped early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It found as many pages as are counted; the newest of them are in the answer.
    AtCap,
    /// Its words are so common and their sequence so rare that finding it cost too much; only the newest
    /// pages were searched.
    AtBudget,
}

/// In which order documents are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sorting {
    #[default]
    Relevance,
    /// By the date on the paper, undated last.
    NewestFirst,
    OldestFirst,
    /// In the order of the originals on the shelves; documents without a place come last.
    Location,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct StopRule {
    pub pages_max: usize,
    /// Whether a page must have a score, that is, hold one of the words itself.
    pub scored_only: bool,
}

pub fn gather(
    searcher: &VisibleSearcher,
    weight: &dyn Weight,
    stop: StopRule,
    budget: &SearchBudget,
) -> tantivy::Result<GatheredHits> {
    let readers = searcher.segments();
    let mut segments: Vec<Option<PageSegment>> = readers.iter().map(|_| None).collect();
    let mut newest: BinaryHeap<(u64, Reverse<usize>)> = BinaryHeap::new();
    for (at, reader) in readers.iter().enumerate() {
        let columns = searcher.columns_of_pages(reader)?;
        newest.push((columns.document.max_value(), Reverse(at)));
    }
    let mut groups: Vec<DocumentGroup> = Vec::new();
    let mut hits: Vec<Hit> = Vec::new();
    let mut years = YearCounts::default();
    let mut capped = false;
    'segments: while let Some((_, Reverse(at))) = newest.pop() {
        let segment = match &mut segments[at] {
            Some(segment) => segment,
            unopened => {
                let segment = unopened.insert(PageSegment::open(at as u32, &readers[at], searcher, weight)?);
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
                    // All pages of a document are together in one segment.
                    Some(group) if group.document == document => {
                        group.hits.end += 1;
                        group.rank = group.rank.max(u64::from(hit.score));
                    }
                    _ => {
                        let group = segment.group(document, hit, hits.len());
                        years.add(group.date / 10_000);
                        groups.push(group);
                    }
                }
                hits.push(hit);
            }
            segment.scorer.advance();
        }
    }
    let stopped = match (capped, budget.is_used_up()) {
        (true, _) => Some(Stopped::AtCap),
        (false, true) => Some(Stopped::AtBudget),
        (false, false) => None,
    };
    finish(segments, groups, hits, years, stopped)
}

/// Facets and ranks of what was gathered.
fn finish(
    segments: Vec<Option<PageSegment>>,
    groups: Vec<DocumentGroup>,
    hits: Vec<Hit>,
    years: YearCounts,
    stopped: Option<Stopped>,
) -> tantivy::Result<GatheredHits> {
    let mut facets = resolve(segments.iter().flatten().map(|segment| &segment.counts), years)?;
    facets.at_least = stopped.is_some();
    let columns = segments
        .into_iter()
        .map(|segment| segment.map(|segment| segment.columns));
    let mut gathered = GatheredHits {
        groups,
        pages: hits.len(),
        hits,
        columns: columns.collect(),
        stopped,
        facets,
    };
    gathered.facets.reading = reading_facet(gathered.groups.iter().map(|group| gathered.reading_bits(group)));
    for group in &mut gathered.groups {
        let best = gathered.hits[group.hits.start];
        group.rank = match &gathered.columns[best.address.segment_ord as usize] {
            Some(columns) => columns.rank(best.address.doc_id, group.rank as u32, group.date),
            None => 0,
        };
    }
    Ok(gathered)
}

impl GatheredHits {
    /// Puts the groups in order; `shelf_order` is the position of each place, for [`Sorting::Location`].
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

    /// The places of the originals of the documents found, each once.
    pub fn places(&self) -> Vec<i64> {
        let places = self
            .groups
            .iter()
            .filter_map(|group| place_of(&self.hits, &self.columns, group));
        let places: HashSet<i64> = places.collect();
        places.into_iter().collect()
    }

    /// The documents by dossier; a dossier takes the position of its first document. The groups must
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

    /// Why the pages found of a document need review.
    fn reading_bits(&self, group: &DocumentGroup) -> u64 {
        let hits = self.hits[group.hits.clone()].iter();
        hits.fold(0, |all, hit| match &self.columns[hit.address.segment_ord as usize] {
            Some(columns) => all | columns.reading_bits(hit.address.doc_id),
            None => all,
        })
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
    columns.place(address.doc_id)
}

struct PageSegment {
    ord: u32,
    scorer: Box<dyn Scorer>,
    columns: Arc<PageColumns>,
    counts: SegmentCounts,
}

impl PageSegment {
    fn open(
        ord: u32,
        reader: &SegmentReader,
        searcher: &VisibleSearcher,
        weight: &dyn Weight,
    ) -> tantivy::Result<Self> {
        let columns = searcher.columns_of_pages(reader)?;
        Ok(PageSegment {
            ord,
            scorer: weight.scorer(reader, 1.0)?,
            counts: SegmentCounts::new(&columns),
            columns,
        })
    }

    /// Position of the next hit of this segment in the common order.
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
        self.counts.add(doc);
        DocumentGroup {
            document,
            dossier: first(&self.columns.dossier, doc).unwrap_or(0),
            date: u32::try_from(first(&self.columns.date, doc).unwrap_or(0)).unwrap_or(0),
            rank: u64::from(hit.score),
            hits: at..at + 1,
        }
    }
}
