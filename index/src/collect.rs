//! Gathers hits newest first over all segments, up to a cap, and puts them in order.
//!
//! Segments are sorted by document uid, newest first, and merged here in that order; so the pages
//! that a capped search looks at are the newest ones whatever the history of the index, and a
//! rebuilt index gives the same answer. The order comes from the page and its record alone:
//! tier, occurrences, kind, year; ties by uid.
//!
//! This file refuses to know the query language and the text of pages.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{Scorer, Weight};
use tantivy::{DocAddress, DocId, SegmentReader, TERMINATED};

use crate::door::Door;
use crate::phrase::{TIER, Work};
use crate::schema::fast;

/// A page that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    pub address: DocAddress,
    pub document: u64,
    pub page: u64,
    pub page_number: u32,
    pub dossier: u64,
    pub date: u32,
    pub rank: u64,
}

/// The pages of one document that were found, best first.
#[derive(Debug, Clone)]
pub struct Group {
    pub document: u64,
    pub dossier: u64,
    pub date: u32,
    pub rank: u64,
    pub hits: Vec<Hit>,
}

#[derive(Debug, Default)]
pub struct Gathered {
    pub groups: Vec<Group>,
    pub pages: usize,
    /// False when the cap or the work ran out before the end.
    pub exact: bool,
    pub facets: Facets,
}

/// Documents per value, of the documents that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub kind: Vec<(String, usize)>,
    pub year: Vec<(String, usize)>,
    pub state: Vec<(String, usize)>,
    pub department: Vec<(String, usize)>,
    pub site: Vec<(String, usize)>,
}

/// In which order documents are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sorting {
    #[default]
    Relevance,
    /// By the date on the paper, undated last.
    NewestFirst,
    OldestFirst,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct Stop {
    pub pages_max: usize,
    /// Whether a page must have a score, that is, hold one of the words itself.
    pub scored_only: bool,
}

/// Kinds that people mean more often than others, in hundredths. A starting value, not tuned.
const KIND_WEIGHTS: &[(&str, u64)] = &[("contract", 120), ("application", 120), ("agreement", 120)];
/// Hundredths added for each year after this one, up to fifty years.
const FIRST_YEAR: u32 = 2000;
const YEARS_MAX: u32 = 50;

pub fn gather(door: &Door, weight: &dyn Weight, stop: Stop, work: &Work) -> tantivy::Result<Gathered> {
    let mut segments = Vec::with_capacity(door.segments().len());
    for (ord, reader) in door.segments().iter().enumerate() {
        segments.push(Segment::open(ord as u32, reader, weight)?);
    }
    let mut newest: BinaryHeap<(u64, Reverse<u64>, usize)> = BinaryHeap::new();
    for (at, segment) in segments.iter().enumerate() {
        newest.extend(segment.key(at));
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut counts: Vec<SegmentCounts> = segments.iter().map(|_| SegmentCounts::default()).collect();
    let mut years: HashMap<u32, usize> = HashMap::new();
    let mut pages = 0;
    let mut capped = false;
    while let Some((_, _, at)) = newest.pop() {
        let segment = &mut segments[at];
        if let Some(hit) = segment.hit(stop.scored_only) {
            if pages == stop.pages_max {
                capped = true;
                break;
            }
            pages += 1;
            let place = *places.entry(hit.document).or_insert_with(|| {
                counts[at].add(segment, hit.address.doc_id);
                *years.entry(hit.date / 10_000).or_default() += 1;
                groups.push(Group {
                    document: hit.document,
                    dossier: hit.dossier,
                    date: hit.date,
                    rank: hit.rank,
                    hits: Vec::new(),
                });
                groups.len() - 1
            });
            let group = &mut groups[place];
            group.rank = group.rank.max(hit.rank);
            group.hits.push(hit);
        }
        segment.scorer.advance();
        newest.extend(segment.key(at));
    }
    let facets = resolve(&segments, &counts, years)?;
    Ok(Gathered {
        groups,
        pages,
        exact: !capped && !work.is_used_up(),
        facets,
    })
}

impl Gathered {
    pub fn sort(&mut self, sorting: Sorting) {
        for group in &mut self.groups {
            group
                .hits
                .sort_unstable_by_key(|hit| (Reverse(hit.rank), hit.page_number, hit.page));
        }
        match sorting {
            Sorting::Relevance => self
                .groups
                .sort_unstable_by_key(|group| Reverse((group.rank, group.document))),
            Sorting::NewestFirst => self
                .groups
                .sort_unstable_by_key(|group| Reverse((group.date, group.document))),
            Sorting::OldestFirst => self
                .groups
                .sort_unstable_by_key(|group| (group.date == 0, group.date, group.document)),
        }
    }
}

struct Segment {
    ord: u32,
    scorer: Box<dyn Scorer>,
    document: Column<u64>,
    page: Column<u64>,
    page_number: Column<u64>,
    dossier: Column<u64>,
    date: Column<u64>,
    kind: Option<StrColumn>,
    state: Option<StrColumn>,
    department: Option<StrColumn>,
    site: Option<StrColumn>,
    kind_weights: Vec<u64>,
}

impl Segment {
    fn open(ord: u32, reader: &SegmentReader, weight: &dyn Weight) -> tantivy::Result<Self> {
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
        Ok(Segment {
            ord,
            scorer: weight.scorer(reader, 1.0)?,
            document: columns.u64(fast::DOCUMENT)?,
            page: columns.u64(fast::PAGE)?,
            page_number: columns.u64(fast::NUMBER)?,
            dossier: columns.u64(fast::DOSSIER)?,
            date: columns.u64(fast::DATE)?,
            kind,
            state: columns.str(fast::STATE)?,
            department: columns.str(fast::DEPARTMENT)?,
            site: columns.str(fast::SITE)?,
            kind_weights,
        })
    }

    /// Where the next hit of this segment stands in the common order.
    fn key(&self, at: usize) -> Option<(u64, Reverse<u64>, usize)> {
        let doc = self.scorer.doc();
        (doc != TERMINATED).then(|| {
            let document = self.document.first(doc).unwrap_or(0);
            let page = self.page.first(doc).unwrap_or(0);
            (document, Reverse(page), at)
        })
    }

    fn hit(&mut self, scored_only: bool) -> Option<Hit> {
        let doc = self.scorer.doc();
        let score = self.scorer.score();
        if scored_only && score <= 0.0 {
            return None;
        }
        let date = u32::try_from(self.date.first(doc).unwrap_or(0)).unwrap_or(0);
        Some(Hit {
            address: DocAddress::new(self.ord, doc),
            document: self.document.first(doc).unwrap_or(0),
            page: self.page.first(doc).unwrap_or(0),
            page_number: u32::try_from(self.page_number.first(doc).unwrap_or(0)).unwrap_or(0),
            dossier: self.dossier.first(doc).unwrap_or(0),
            date,
            rank: self.rank(doc, score as u32, date),
        })
    }

    /// Tier first; within it occurrences, weighted by kind and year. Whole numbers only.
    fn rank(&self, doc: DocId, score: u32, date: u32) -> u64 {
        let (tier, occurrences) = (score / TIER, score % TIER);
        let kind = self.kind.as_ref().and_then(|kind| kind.term_ords(doc).next());
        let kind = kind
            .and_then(|ord| self.kind_weights.get(ord as usize))
            .copied()
            .unwrap_or(100);
        let years = (date / 10_000).saturating_sub(FIRST_YEAR).min(YEARS_MAX);
        let recency = 100 + 2 * u64::from(years);
        (u64::from(tier) << 32) | (u64::from(occurrences + 1) * kind * recency)
    }
}

/// Counts by ordinal within one segment.
#[derive(Default)]
struct SegmentCounts {
    kind: HashMap<u64, usize>,
    state: HashMap<u64, usize>,
    department: HashMap<u64, usize>,
    site: HashMap<u64, usize>,
}

impl SegmentCounts {
    fn add(&mut self, segment: &Segment, doc: DocId) {
        let pairs = [
            (&segment.kind, &mut self.kind),
            (&segment.state, &mut self.state),
            (&segment.department, &mut self.department),
            (&segment.site, &mut self.site),
        ];
        for (column, counts) in pairs {
            for ord in column.iter().flat_map(|column| column.term_ords(doc)) {
                *counts.entry(ord).or_default() += 1;
            }
        }
    }
}

fn resolve(segments: &[Segment], counts: &[SegmentCounts], years: HashMap<u32, usize>) -> tantivy::Result<Facets> {
    type Pick = fn(&Segment) -> &Option<StrColumn>;
    type Count = fn(&SegmentCounts) -> &HashMap<u64, usize>;
    let facet = |column: Pick, count: Count| -> tantivy::Result<Vec<(String, usize)>> {
        let mut sums: HashMap<String, usize> = HashMap::new();
        for (segment, counts) in segments.iter().zip(counts) {
            let Some(column) = column(segment) else {
                continue;
            };
            for (ord, number) in count(counts) {
                let mut value = String::new();
                column.ord_to_str(*ord, &mut value)?;
                *sums.entry(value).or_default() += number;
            }
        }
        Ok(listed(sums))
    };
    let years = years
        .into_iter()
        .map(|(year, count)| match year {
            0 => (String::new(), count),
            year => (year.to_string(), count),
        })
        .collect();
    Ok(Facets {
        kind: facet(|segment| &segment.kind, |counts| &counts.kind)?,
        state: facet(|segment| &segment.state, |counts| &counts.state)?,
        department: facet(|segment| &segment.department, |counts| &counts.department)?,
        site: facet(|segment| &segment.site, |counts| &counts.site)?,
        year: listed(years),
    })
}

fn listed(sums: HashMap<String, usize>) -> Vec<(String, usize)> {
    let mut values: Vec<_> = sums.into_iter().collect();
    values.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    values
}
