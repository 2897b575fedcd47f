//! What may become of a slip.

use super::LoanState;
use LoanState::{Approved, Asked, Cancelled, Held, Out, Refused, Returned};

/// From, to. What is held comes back to be handed out without being approved again.
const STEPS: [(LoanState, LoanState); 10] = [
    (Asked, Approved),
    (Asked, Held),
    (Asked, Refused),
    (Asked, Cancelled),
    (Approved, Out),
    (Approved, Held),
    (Approved, Cancelled),
    (Held, Out),
    (Held, Cancelled),
    (Out, Returned),
];

pub(crate) fn may_become(from: LoanState, to: LoanState) -> bool {
    STEPS.contains(&(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_and_nothing_is_lent_unapproved() {
        for ended in [Returned, Refused, Cancelled] {
            assert!(LoanState::ALL.into_iter().all(|to| !may_become(ended, to)), "{ended:?}");
        }
        assert!(!may_become(Asked, Out), "no step is skipped");
        assert!(!may_become(Out, Cancelled), "what is out comes back");
        assert!(!may_become(Out, Out), "nothing is passed on");
    }
}
