//! Chooses the scorer of a run by how its grams cover it.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, Score, SegmentReader};

use crate::grams::GramCover;
use crate::phrase::RunQuery;
use crate::prefix_scorer::PrefixScorer;
use crate::run_scorer::RunScorer;

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
