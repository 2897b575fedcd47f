//! What a hit is worth in the order of hits.
//!
//! Scores are small whole numbers made of the tier of the field and the saturated number of
//! occurrences on the page, never of collection statistics (those change with the history of the
//! index and reveal something about hidden pages). Sums of whole numbers below 2^24 are exact in
//! `f32`, so the order in which clauses are added up does not matter.

use tantivy::Score;

/// One tier counts as much as any number of occurrences.
pub const TIER: u32 = 1_024;
/// The most that occurrences on one page add, approached as their number grows.
pub(crate) const OCCURRENCES_MAX: u32 = 31;

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

    #[inline]
    pub(crate) fn score(self, occurrences: u32, starts: bool) -> Score {
        let tier = if starts { self.at_start } else { self.tier };
        if tier == 0 {
            return 0.0;
        }
        // Half of the possible addition at two occurrences.
        let saturated = OCCURRENCES_MAX * occurrences / (occurrences + 2);
        (tier * TIER + saturated) as Score
    }
}
