//! What may become of an upload.

use super::UploadState;
use UploadState::{Cancelled, Done, Failed, Open, Running, Waiting};

/// From, to. A run that dies is taken again, so that running follows running.
const STEPS: [(UploadState, UploadState); 8] = [
    (Open, Waiting),
    (Open, Cancelled),
    (Waiting, Running),
    (Waiting, Cancelled),
    (Running, Running),
    (Running, Done),
    (Running, Failed),
    (Waiting, Failed),
];

pub(crate) fn may_become(from: UploadState, to: UploadState) -> bool {
    STEPS.contains(&(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays() {
        for ended in [Done, Failed, Cancelled] {
            assert!(
                UploadState::ALL.into_iter().all(|to| !may_become(ended, to)),
                "{ended:?}"
            );
        }
        assert!(
            !may_become(Running, Cancelled),
            "what is being taken in is undone as a batch"
        );
    }
}
