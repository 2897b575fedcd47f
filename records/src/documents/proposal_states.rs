//! What becomes of a proposal when somebody decides whose the document is, and when that is taken back.

use super::ProposalState;
use ProposalState::{Confirmed, Open, Refused};

/// What happens to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProposalAct {
    /// Its customer is the one with whom the document is filed.
    Choose,
    /// The document is filed with another customer.
    PassOver,
    /// The document waits in review again.
    Reopen,
}

/// From, act, to. A decision may be corrected, so that each of the two follows the other; what is reopened is again what
/// it was before the decision.
const STEPS: [(ProposalState, ProposalAct, ProposalState); 11] = [
    (Open, ProposalAct::Choose, Confirmed),
    (Confirmed, ProposalAct::Choose, Confirmed),
    (Refused, ProposalAct::Choose, Confirmed),
    (Open, ProposalAct::PassOver, Refused),
    (Confirmed, ProposalAct::PassOver, Refused),
    (Refused, ProposalAct::PassOver, Refused),
    (Open, ProposalAct::Reopen, Open),
    (Confirmed, ProposalAct::Reopen, Open),
    (Refused, ProposalAct::Reopen, Open),
    (Confirmed, ProposalAct::Reopen, Confirmed),
    (Refused, ProposalAct::Reopen, Refused),
];

/// Whether the act may lead from one state to the other.
pub(crate) fn may_become(from: ProposalState, act: ProposalAct, to: ProposalState) -> bool {
    STEPS.contains(&(from, act, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step() {
        let after = |from, act| {
            let all = ProposalState::ALL.into_iter();
            all.filter(|to| may_become(from, act, *to)).collect::<Vec<_>>()
        };
        for from in ProposalState::ALL {
            assert_eq!(after(from, ProposalAct::Choose), [Confirmed], "{from:?}");
            assert_eq!(after(from, ProposalAct::PassOver), [Refused], "{from:?}");
            assert!(after(from, ProposalAct::Reopen).contains(&Open), "{from:?}");
        }
        assert_eq!(
            after(Open, ProposalAct::Reopen),
            [Open],
            "what was open before cannot have been decided meanwhile"
        );
    }
}
