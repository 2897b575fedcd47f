//! A run of one or two characters: the union of the posting lists of all grams that begin with it.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Scorer;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::budget::ScanBudget;
use crate::phrase::{RunQuery, seek_list};
use crate::worth::Worth;

/// Pages gathered at a time. Lazy, so that a single common character does not read the whole index
/// before the cap stops it.
const WINDOW: usize = 4_096;

/// Unites the posting lists of all grams with a prefix, window by window.
pub(crate) struct PrefixScorer {
    lists: Vec<SegmentPostings>,
    worth: Worth,
    budget: ScanBudget,
    window_start: DocId,
    /// Occurrences of the documents of the window, saturating.
    window: Vec<u8>,
    at: usize,
    doc: DocId,
}

impl PrefixScorer {
    pub(crate) fn open(reader: &SegmentReader, query: &RunQuery, prefix: &str) -> tantivy::Result<Option<Self>> {
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
            budget: ScanBudget::of(reader, query.budget.as_ref())?,
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
            if !self.budget.is_visible(doc) {
                self.at += 1;
                continue;
            }
            if !self.budget.may_scan() {
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
