//! A run covered by several grams: posting lists intersected, then positions compared.

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Scorer;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::budget::ScanBudget;
use crate::phrase::{RunQuery, seek_list};
use crate::worth::{OCCURRENCES_MAX, Worth};

/// Pages after which the share of pages that held the run is judged.
const JUDGED_AFTER: u32 = 32;
/// Sieves are added when fewer than one page in this many held the run.
const IN_VAIN: u32 = 4;
/// Further posting lists consulted then.
const SIEVES_MAX: usize = 4;

/// Intersects posting lists, then positions. When the grams are common and their sequence is rare
/// (six digits: any three of them occur on every eighth page), further grams sieve the pages before
/// any position is read.
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
    budget: ScanBudget,
    /// What a position is after the addition when the run is at the start of the field.
    start: u32,
    needs_positions: bool,
    occurrences: u32,
    starts: bool,
    common: Vec<u32>,
    other: Vec<u32>,
}

impl RunScorer {
    pub(crate) fn open(
        reader: &SegmentReader,
        query: &RunQuery,
        grams: &[(u32, String)],
    ) -> tantivy::Result<Option<Self>> {
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
            budget: ScanBudget::of(reader, query.budget.as_ref())?,
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
            if !self.budget.is_visible(candidate) {
                target = candidate + 1;
                continue;
            }
            if !self.budget.may_scan() {
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

    /// Whether the run occurs in the document at which all lists are.
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

    /// The first document from `target` on that contains every gram.
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
        if !self.budget.is_visible(target) {
            return SeekDangerResult::SeekLowerBound(target + 1);
        }
        if !self.budget.may_scan() {
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

fn keep_common(kept: &mut Vec<u32>, other: &[u32]) {
    let mut at = 0;
    kept.retain(|position| {
        while other.get(at).is_some_and(|value| value < position) {
            at += 1;
        }
        other.get(at) == Some(position)
    });
}
