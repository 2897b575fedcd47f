//! The steps that a job may take.

use super::JobState;
use JobState::{Done, Failed, Leased, Waiting};

/// From, to. Done and failed are the end.
const STEPS: [(JobState, JobState); 5] = [
    (Waiting, Leased),
    // The order behind it was cancelled.
    (Waiting, Failed),
    // The attempt failed, the lease ended, or the program stopped.
    (Leased, Waiting),
    (Leased, Done),
    (Leased, Failed),
];

pub(crate) fn may_become(from: JobState, to: JobState) -> bool {
    STEPS.contains(&(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair() {
        let may = |from| [Waiting, Leased, Done, Failed].map(|to| may_become(from, to));
        assert_eq!(may(Waiting), [false, true, false, true]);
        assert_eq!(may(Leased), [true, false, true, true]);
        assert_eq!(may(Done), [false; 4]);
        assert_eq!(may(Failed), [false; 4]);
    }
}
