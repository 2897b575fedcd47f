//! The two look-ups that the grams need: grams at fixed distances, and all grams with a prefix.
//!
//! Scores are small whole numbers made of the tier of the field and the saturated number of
//! occurrences on the page, never of collection statistics (those change with the history of the
//! index and say something about pages that one may not see). Sums of whole numbers below 2^24
//! are exact in `f32`, so the order in which clauses are added up does not matter.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::door::{SegmentFilter, SegmentFilters, VisibleSearcher};
use crate::grams::GramCover;

/// One tier counts as much as any number of occurrences.
pub const TIER: u32 = 1_024;
/// The most that occurrences on one page add, approached as their number grows.
const OCCURRENCES_MAX: u32 = 31;

/// How much scanning a search may do before it stops and says so. Counted in pages looked at,
/// not in time: the same search on the same index always gives the same answer. Pages that the
/// asker may not see are passed over unlooked at: where a search stops must not tell of them.
#[derive(Debug)]
pub struct SearchBudget {
    left: AtomicU64,
    sights: Arc<SegmentFilters>,
}

impl SearchBudget {
    pub fn new(pages: u64, door: &VisibleSearcher) -> Arc<Self> {
        Arc::new(SearchBudget {
            left: AtomicU64::new(pages),
            sights: door.sights(),
        })
    }

    pub fn is_used_up(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    fn spend(&self) -> bool {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        left > 0
    }
}

/// Which pages of a segment a scorer may look at, and how many; all of them for a run that is only asked of single pages.
struct ScanBudget(Option<(Arc<SearchBudget>, Arc<SegmentFilter>)>);

impl ScanBudget {
    fn of(reader: &SegmentReader, query: &RunQuery) -> tantivy::Result<Self> {
        let Some(work) = &query.work else {
            return Ok(ScanBudget(None));
        };
        Ok(ScanBudget(Some((Arc::clone(work), work.sights.of(reader)?))))
    }

    fn is_seen(&self, doc: DocId) -> bool {
        self.0.as_ref().is_none_or(|(_, sight)| sight.allows(doc))
    }

    fn may_look(&self) -> bool {
        self.0.as_ref().is_none_or(|(work, _)| work.spend())
    }
}

/// What a hit in a field is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    /// 0: a condition that adds nothing to the order.
    pub tier: u32,
    /// The tier when the field begins with the query.
    pub at_start: u32,
}

impl Worth {
    pub const NOTHING: Worth = Worth::tier(0);

    pub const fn tier(tier: u32) -> Self {
        Worth { tier, at_start: tier }
    }

    fn score(self, occurrences: u32, starts: bool) -> Score {
        let tier = if starts { self.at_start } else { self.tier };
        if tier == 0 {
            return 0.0;
        }
        // Half of the possible addition at two occurrences.
        let saturated = OCCURRENCES_MAX * occurrences / (occurrences + 2);
        (tier * TIER + saturated) as Score
    }
}

/// Finds a covered run in one field.
#[derive(Debug, Clone)]
pub struct RunQuery {
    pub field: Field,
    pub cover: GramCover,
    /// Further grams of the run, to tell pages that cannot hold it without reading positions.
    pub beside: Vec<String>,
    pub worth: Worth,
    /// `None` for conditions that are only asked of pages found otherwise (`-word`).
    pub work: Option<Arc<SearchBudget>>,
}

impl Query for RunQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(RunWeight(self.clone())))
    }
}

struct RunWeight(RunQuery);

impl Weight for RunWeight {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let scorer: Option<Box<dyn Scorer>> = match &self.0.cover {
            GramCover::Nothing => None,
            GramCover::Prefix(prefix) => {
                PrefixScorer::open(reader, &self.0, prefix)?.map(|scorer| Box::new(scorer) as Box<dyn Scorer>)
            }
            GramCover::Grams(grams) => {
                RunScorer::open(reader, &self.0, grams)?.map(|scorer| Box::new(scorer) as Box<dyn Scorer>)
            }
        };
        Ok(scorer.unwrap_or_else(|| Box::new(EmptyScorer)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        // Scores are never shown, so there is nothing to explain.
        Ok(Explanation::new("run", doc as Score))
    }
}

/// After so many pages it is judged whether most of them were looked at in vain.
const JUDGED_AFTER: u32 = 32;
/// In vain when fewer than one in this many held the run.
const IN_VAIN: u32 = 4;
/// Further lists that are consulted then.
const SIEVES_MAX: usize = 4;

/// Intersects posting lists, then positions. When the grams are common and their sequence is rare
/// (six digits: each three of them stand on every eighth page), further grams sieve the pages
/// before any position is read.
pub(crate) struct RunScorer {
    inverted: Arc<InvertedIndexReader>,
    field: Field,
    beside: Vec<String>,
    sieves: Vec<SegmentPostings>,
    tried: u32,
    held: u32,
    /// Rarest first; the number is what must be added to a position of the list so that all
    /// lists of one occurrence agree.
    lists: Vec<(u32, SegmentPostings)>,
    doc: DocId,
    worth: Worth,
    leave: ScanBudget,
    /// What a position is after the addition when the run stands at the start of the field.
    start: u32,
    needs_positions: bool,
    occurrences: u32,
    starts: bool,
    common: Vec<u32>,
    other: Vec<u32>,
}

impl RunScorer {
    fn open(reader: &SegmentReader, query: &RunQuery, grams: &[(u32, String)]) -> tantivy::Result<Option<Self>> {
        let needs_positions = grams.len() > 1 || query.worth.at_start != query.worth.tier;
        let option = if needs_positions {
            IndexRecordOption::WithFreqsAndPositions
        } else {
            IndexRecordOption::WithFreqs
        };
        let inverted = reader.inverted_index(query.field)?;
        let start = grams.iter().map(|(offset, _)| *offset).max().unwrap_or(0);
        let mut lists = Vec::with_capacity(grams.len());
        for (offset, gram) in grams {
            let term = Term::from_field_text(query.field, gram);
            let Some(postings) = inverted.read_postings(&term, option)? else {
                return Ok(None);
            };
            lists.push((start - offset, postings));
        }
        if lists.is_empty() {
            return Ok(None);
        }
        lists.sort_by_key(|(_, postings)| postings.doc_freq());
        let mut scorer = RunScorer {
            inverted,
            field: query.field,
            beside: query.beside.clone(),
            sieves: Vec::new(),
            tried: 0,
            held: 0,
            lists,
            doc: 0,
            worth: query.worth,
            leave: ScanBudget::of(reader, query)?,
            start,
            needs_positions,
            occurrences: 0,
            starts: false,
            common: Vec::new(),
            other: Vec::new(),
        };
        scorer.doc = scorer.next_from(0);
        Ok(Some(scorer))
    }

    fn next_from(&mut self, mut target: DocId) -> DocId {
        loop {
            let candidate = self.aligned_from(target);
            if candidate == TERMINATED {
                return TERMINATED;
            }
            let sieved = self.sieved_from(candidate);
            if sieved > candidate {
                target = sieved;
                continue;
            }
            if !self.leave.is_seen(candidate) {
                target = candidate + 1;
                continue;
            }
            if !self.leave.may_look() {
                return TERMINATED;
            }
            if self.holds() {
                return candidate;
            }
            target = candidate + 1;
        }
    }

    /// `candidate` when every sieve lets it through, else the next document that may pass.
    fn sieved_from(&mut self, candidate: DocId) -> DocId {
        for sieve in &mut self.sieves {
            let doc = seek_list(sieve, candidate);
            if doc > candidate {
                return doc;
            }
        }
        candidate
    }

    /// Whether the run stands in the document at which all lists are.
    fn holds(&mut self) -> bool {
        let holds = self.occurs();
        self.tried = self.tried.saturating_add(1);
        self.held += u32::from(holds);
        if self.tried == JUDGED_AFTER && self.held * IN_VAIN < self.tried {
            self.add_sieves();
        }
        holds
    }

    fn add_sieves(&mut self) {
        for gram in std::mem::take(&mut self.beside) {
            let term = Term::from_field_text(self.field, &gram);
            // A list that cannot be read sieves nothing; the positions still decide.
            if let Ok(Some(postings)) = self.inverted.read_postings(&term, IndexRecordOption::Basic) {
                self.sieves.push(postings);
            }
        }
        self.sieves.sort_by_key(SegmentPostings::doc_freq);
        self.sieves.truncate(SIEVES_MAX);
    }

    /// The first document from `target` on in which every gram stands somewhere.
    fn aligned_from(&mut self, target: DocId) -> DocId {
        let mut candidate = seek_list(&mut self.lists[0].1, target);
        let mut agreeing = 1;
        let mut at = 1;
        let count = self.lists.len();
        while agreeing < count && candidate != TERMINATED {
            let list = at % count;
            let doc = seek_list(&mut self.lists[list].1, candidate);
            if doc == candidate {
                agreeing += 1;
            } else {
                candidate = doc;
                agreeing = 1;
            }
            at = list + 1;
        }
        candidate
    }

    fn occurs(&mut self) -> bool {
        if !self.needs_positions {
            self.occurrences = self.lists[0].1.term_freq();
            return true;
        }
        let mut lists = self.lists.iter_mut();
        let Some((shift, postings)) = lists.next() else {
            return false;
        };
        postings.positions_with_offset(*shift, &mut self.common);
        for (shift, postings) in lists {
            postings.positions_with_offset(*shift, &mut self.other);
            keep_common(&mut self.common, &self.other);
            if self.common.is_empty() {
                return false;
            }
        }
        self.occurrences = u32::try_from(self.common.len()).unwrap_or(u32::MAX / OCCURRENCES_MAX);
        self.starts = self.common.first() == Some(&self.start);
        !self.common.is_empty()
    }
}

impl DocSet for RunScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.next_from(self.doc + 1);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.next_from(target);
        }
        self.doc
    }

    /// Looks at `target` alone instead of searching on for the next document that holds the run:
    /// in a conjunction most targets are decided by the grams, without positions.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if self.doc >= target || target >= TERMINATED {
            return match self.doc == target && target < TERMINATED {
                true => SeekDangerResult::Found,
                false => SeekDangerResult::SeekLowerBound(self.doc.max(target)),
            };
        }
        for (_, postings) in &mut self.lists {
            let doc = seek_list(postings, target);
            if doc > target {
                return SeekDangerResult::SeekLowerBound(doc);
            }
        }
        let sieved = self.sieved_from(target);
        if sieved > target {
            return SeekDangerResult::SeekLowerBound(sieved);
        }
        if !self.leave.is_seen(target) {
            return SeekDangerResult::SeekLowerBound(target + 1);
        }
        if !self.leave.may_look() {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        if !self.holds() {
            return SeekDangerResult::SeekLowerBound(target + 1);
        }
        self.doc = target;
        SeekDangerResult::Found
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.lists.first().map_or(0, |(_, postings)| postings.doc_freq())
    }

    fn cost(&self) -> u64 {
        // Positions are several times as dear as document numbers.
        u64::from(self.size_hint()) * if self.needs_positions { 8 } else { 1 }
    }
}

impl Scorer for RunScorer {
    fn score(&mut self) -> Score {
        self.worth.score(self.occurrences.min(1_000_000), self.starts)
    }
}

fn seek_list(postings: &mut SegmentPostings, target: DocId) -> DocId {
    let doc = postings.doc();
    if doc >= target { doc } else { postings.seek(target) }
}

fn keep_common(kept: &mut Vec<u32>, other: &[u32]) {
    let mut at = 0;
    kept.retain(|position| {
        while other.get(at).is_some_and(|value| value < position) {
            at += 1;
        }
        other.get(at) == Some(position)
    });
}

/// How many documents the prefix look-up gathers at a time; it stays lazy, so that a single
/// common character does not read the whole index before the cap stops it.
const WINDOW: usize = 4_096;

/// Unites the posting lists of all grams with a prefix, window by window.
struct PrefixScorer {
    lists: Vec<SegmentPostings>,
    worth: Worth,
    leave: ScanBudget,
    window_start: DocId,
    /// Occurrences of the documents of the window, saturating.
    window: Vec<u8>,
    at: usize,
    doc: DocId,
}

impl PrefixScorer {
    fn open(reader: &SegmentReader, query: &RunQuery, prefix: &str) -> tantivy::Result<Option<Self>> {
        let inverted = reader.inverted_index(query.field)?;
        let mut stream = inverted.terms().range().ge(prefix.as_bytes()).into_stream()?;
        let mut lists = Vec::new();
        while stream.advance() {
            if !stream.key().starts_with(prefix.as_bytes()) {
                break;
            }
            let postings = inverted.read_postings_from_terminfo(stream.value(), IndexRecordOption::WithFreqs)?;
            if postings.doc() != TERMINATED {
                lists.push(postings);
            }
        }
        if lists.is_empty() {
            return Ok(None);
        }
        let mut scorer = PrefixScorer {
            lists,
            worth: query.worth,
            leave: ScanBudget::of(reader, query)?,
            window_start: 0,
            window: vec![0; WINDOW],
            at: 0,
            doc: 0,
        };
        scorer.fill(0);
        scorer.doc = scorer.next_in_windows();
        Ok(Some(scorer))
    }

    /// Gathers the window that begins with the first document from `target` on.
    fn fill(&mut self, target: DocId) {
        self.window.fill(0);
        self.at = 0;
        let mut start = TERMINATED;
        self.lists.retain_mut(|postings| {
            let doc = seek_list(postings, target);
            start = start.min(doc);
            doc != TERMINATED
        });
        self.window_start = start;
        if start == TERMINATED {
            return;
        }
        let end = start.saturating_add(WINDOW as u32).min(TERMINATED);
        for postings in &mut self.lists {
            let mut doc = postings.doc();
            while doc < end {
                let slot = &mut self.window[(doc - start) as usize];
                let count = u8::try_from(postings.term_freq()).unwrap_or(u8::MAX);
                *slot = slot.saturating_add(count.max(1));
                doc = postings.advance();
            }
        }
    }

    fn next_in_windows(&mut self) -> DocId {
        loop {
            if self.window_start == TERMINATED {
                return TERMINATED;
            }
            let found = self.window[self.at..].iter().position(|count| *count > 0);
            let Some(found) = found else {
                self.fill(self.window_start.saturating_add(WINDOW as u32).min(TERMINATED));
                continue;
            };
            self.at += found;
            let doc = self.window_start + self.at as u32;
            if !self.leave.is_seen(doc) {
                self.at += 1;
                continue;
            }
            if !self.leave.may_look() {
                self.window_start = TERMINATED;
                return TERMINATED;
            }
            return doc;
        }
    }
}

impl DocSet for PrefixScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.at += 1;
        self.doc = self.next_in_windows();
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        let inside = (target - self.window_start) as usize;
        if inside < WINDOW {
            self.at = inside;
        } else {
            self.fill(target.min(TERMINATED));
        }
        self.doc = self.next_in_windows();
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.lists
            .iter()
            .map(SegmentPostings::doc_freq)
            .fold(0, u32::saturating_add)
    }
}

impl Scorer for PrefixScorer {
    fn score(&mut self) -> Score {
        let occurrences = self.window.get(self.at).copied().unwrap_or(1);
        self.worth.score(u32::from(occurrences), false)
    }
}
