//! The states of a batch. A run begins and finishes it; persons decide on what is finished.

use super::{BatchState, Outcome};
use BatchState::{Accepted, Finished, Held};

/// From, to.
const DECISIONS: [(BatchState, BatchState); 4] = [
    (Finished, Accepted),
    (Finished, Held),
    (Held, Accepted),
    (Accepted, Held),
];

/// Whether a person may decide so on a batch.
pub(crate) fn may_decide(from: BatchState, to: BatchState) -> bool {
    DECISIONS.contains(&(from, to))
}

/// Whether a file with this outcome gets another when it is tried again in the same batch. What was taken, or was there
/// already, stays what became of it.
pub(crate) fn may_be_followed(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Rejected | Outcome::Ignored => true,
        Outcome::Filed | Outcome::NeedsReview | Outcome::Duplicate => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BatchState::{Interrupted, Running};

    #[test]
    fn every_pair() {
        let may = |from| [Running, Finished, Accepted, Held].map(|to| may_decide(from, to));
        assert_eq!(may(Running), [false; 4]);
        assert_eq!(may(Interrupted), [false; 4]);
        assert_eq!(may(Finished), [false, false, true, true]);
        assert_eq!(may(Accepted), [false, false, false, true]);
        assert_eq!(may(Held), [false, false, true, false]);
    }
}
