//! Any of several conditions: the union of their pages, each worth what its best condition gives.
//!
//! Lazy to the single page. The union of tantivy reads four thousand pages ahead, in every
//! segment, before it gives the first one; a search that stops at its cap pays for pages that it
//! never shows. Here a page costs one comparison per condition, and there are few of them.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::run_scorer::RunScorer;

/// Pages for which any of the conditions holds.
#[derive(Debug)]
pub struct AnyQuery(pub Vec<Box<dyn Query>>);

impl Clone for AnyQuery {
    fn clone(&self) -> Self {
        AnyQuery(self.0.iter().map(|query| query.box_clone()).collect())
    }
}

impl Query for AnyQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = self.0.iter().map(|query| query.weight(scoring));
        Ok(Box::new(AnyWeight(weights.collect::<tantivy::Result<_>>()?)))
    }
}

struct AnyWeight(Vec<Box<dyn Weight>>);

impl Weight for AnyWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorers = Vec::with_capacity(self.0.len());
        for weight in &self.0 {
            let scorer = weight.scorer(reader, boost)?;
            if scorer.doc() != TERMINATED {
                scorers.push(scorer);
            }
        }
        match scorers.len() {
            0 => Ok(Box::new(EmptyScorer)),
            1 => Ok(scorers.remove(0)),
            _ => Ok(Box::new(AnyScorer::new(scorers))),
        }
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        // Scores are never shown, so there is nothing to explain.
        Ok(Explanation::new("any", doc as Score))
    }
}

/// A scorer may lag behind the union after [`DocSet::seek_danger`], which looks at one page alone; it
/// is brought up before the union moves on.
struct AnyScorer {
    scorers: Vec<Box<dyn Scorer>>,
    doc: DocId,
}

impl AnyScorer {
    fn new(scorers: Vec<Box<dyn Scorer>>) -> Self {
        let mut any = AnyScorer { scorers, doc: 0 };
        any.doc = any.first();
        any
    }

    fn first(&self) -> DocId {
        self.scorers
            .iter()
            .map(|scorer| scorer.doc())
            .min()
            .unwrap_or(TERMINATED)
    }
}

impl DocSet for AnyScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        let mut first = TERMINATED;
        for scorer in &mut self.scorers {
            let mut doc = scorer.doc();
            if doc == self.doc {
                doc = scorer.advance();
            } else if doc < self.doc {
                doc = scorer.seek(self.doc + 1);
            }
            first = first.min(doc);
        }
        self.doc = first;
        first
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        let mut first = TERMINATED;
        for scorer in &mut self.scorers {
            let mut doc = scorer.doc();
            if doc < target {
                doc = scorer.seek(target);
            }
            first = first.min(doc);
        }
        self.doc = first;
        first
    }

    /// Tests each run on `target` alone: seeking the next page of each run would compare positions on
    /// pages that are never tested. Runs and unions can seek on after such a test, which not every
    /// scorer of tantivy can.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if self.doc >= target || target >= TERMINATED {
            return match self.doc == target && target < TERMINATED {
                true => SeekDangerResult::Found,
                false => SeekDangerResult::SeekLowerBound(self.doc.max(target)),
            };
        }
        let (mut found, mut next) = (false, TERMINATED);
        for scorer in &mut self.scorers {
            let doc = scorer.doc();
            if doc > target {
                next = next.min(doc);
                continue;
            }
            if scorer.is::<RunScorer>() || scorer.is::<AnyScorer>() {
                match scorer.seek_danger(target) {
                    SeekDangerResult::Found => found = true,
                    SeekDangerResult::SeekLowerBound(doc) => next = next.min(doc),
                }
                continue;
            }
            match scorer.seek(target) {
                doc if doc == target => found = true,
                doc => next = next.min(doc),
            }
        }
        if found {
            self.doc = target;
            return SeekDangerResult::Found;
        }
        SeekDangerResult::SeekLowerBound(next)
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.scorers
            .iter()
            .map(|scorer| scorer.size_hint())
            .fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        self.scorers.iter().map(|scorer| scorer.cost()).sum()
    }
}

impl Scorer for AnyScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        let here = self.scorers.iter_mut().filter(|scorer| scorer.doc() == doc);
        here.map(|scorer| scorer.score()).fold(0.0, Score::max)
    }
}
