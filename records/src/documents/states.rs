//! What may be done with a document in each state.

use super::DocumentState;
use crate::{RefusedBecause, Result};
use DocumentState::{Filed, InReview, Withdrawn};

/// What a person does with a document that changes its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentAct {
    /// Files it with a customer, or corrects with whom it is filed.
    Link,
    /// Takes it back into review.
    Unlink,
    Withdraw,
    /// Brings it back to where it was when it was withdrawn.
    Restore,
}

impl DocumentAct {
    fn as_str(self) -> &'static str {
        match self {
            DocumentAct::Link => "link",
            DocumentAct::Unlink => "unlink",
            DocumentAct::Withdraw => "withdraw",
            DocumentAct::Restore => "restore",
        }
    }
}

/// From, act, to.
const STEPS: [(DocumentState, DocumentAct, DocumentState); 7] = [
    (InReview, DocumentAct::Link, Filed),
    (Filed, DocumentAct::Link, Filed),
    (Filed, DocumentAct::Unlink, InReview),
    (Filed, DocumentAct::Withdraw, Withdrawn),
    (InReview, DocumentAct::Withdraw, Withdrawn),
    (Withdrawn, DocumentAct::Restore, Filed),
    (Withdrawn, DocumentAct::Restore, InReview),
];

/// # Errors
/// [`RefusedBecause::DocumentCannot`] when a document in this state cannot be treated so.
pub(crate) fn step(from: DocumentState, act: DocumentAct) -> Result<()> {
    if STEPS.iter().any(|(state, does, _)| (*state, *does) == (from, act)) {
        return Ok(());
    }
    Err(RefusedBecause::DocumentCannot {
        state: from.as_str().to_owned(),
        act: act.as_str().to_owned(),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair() {
        use DocumentAct::{Link, Restore, Unlink, Withdraw};
        let may = |from| [Link, Unlink, Withdraw, Restore].map(|act| step(from, act).is_ok());
        assert_eq!(may(Filed), [true, true, true, false]);
        assert_eq!(may(InReview), [true, false, true, false]);
        assert_eq!(may(Withdrawn), [false, false, false, true]);
    }
}
