//! The paper: originals and their state, containers, and the ledger of where each thing was and is.

pub use vocabulary::{OriginalState, PlaceKind, ThingKind};

use crate::Moment;

/// What happens to an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OriginalEvent {
    PutAway,
    PutIntoSafe,
    /// A putting away is taken back.
    TakeOff,
    Lend,
    GiveToReadingTable,
    SendToScanning,
    TakeBack,
    ReportMissing,
    Find,
    WriteOff,
    HoldForDestruction,
    Release,
    Destroy,
}

use OriginalEvent as Event;
use OriginalState as State;

/// The next state, or `None` when this cannot happen to an original in this state.
pub fn after(state: OriginalState, event: OriginalEvent) -> Option<OriginalState> {
    TRANSITIONS
        .iter()
        .find(|(from, by, _)| *from == state && *by == event)
        .map(|(_, _, to)| *to)
}

/// Every transition there is. Lost and destroyed have no exits; only what is held can be destroyed, and what is on loan is
/// taken back before it lies anywhere.
const TRANSITIONS: &[(State, Event, State)] = &[
    (State::ToBeShelved, Event::PutAway, State::InPlace),
    (State::InPlace, Event::PutAway, State::InPlace),
    (State::InTransit, Event::PutAway, State::InPlace),
    (State::InSafe, Event::PutAway, State::InPlace),
    (State::Missing, Event::PutAway, State::InPlace),
    (State::OnReadingTable, Event::PutAway, State::InPlace),
    (State::OutForScanning, Event::PutAway, State::InPlace),
    (State::ToBeShelved, Event::PutIntoSafe, State::InSafe),
    (State::InPlace, Event::PutIntoSafe, State::InSafe),
    (State::InTransit, Event::PutIntoSafe, State::InSafe),
    (State::InSafe, Event::PutIntoSafe, State::InSafe),
    (State::Missing, Event::PutIntoSafe, State::InSafe),
    (State::OnReadingTable, Event::PutIntoSafe, State::InSafe),
    (State::OutForScanning, Event::PutIntoSafe, State::InSafe),
    (State::InPlace, Event::TakeOff, State::ToBeShelved),
    (State::InSafe, Event::TakeOff, State::ToBeShelved),
    (State::OnReadingTable, Event::TakeOff, State::ToBeShelved),
    (State::InPlace, Event::Lend, State::OnLoan),
    (State::InSafe, Event::Lend, State::OnLoan),
    (State::InTransit, Event::Lend, State::OnLoan),
    (State::InPlace, Event::GiveToReadingTable, State::OnReadingTable),
    (State::InSafe, Event::GiveToReadingTable, State::OnReadingTable),
    (State::ToBeShelved, Event::GiveToReadingTable, State::OnReadingTable),
    (State::InTransit, Event::GiveToReadingTable, State::OnReadingTable),
    (State::OnReadingTable, Event::GiveToReadingTable, State::OnReadingTable),
    (State::Missing, Event::GiveToReadingTable, State::OnReadingTable),
    (State::OutForScanning, Event::GiveToReadingTable, State::OnReadingTable),
    (State::InPlace, Event::SendToScanning, State::OutForScanning),
    (State::ToBeShelved, Event::SendToScanning, State::OutForScanning),
    (State::OnLoan, Event::TakeBack, State::InTransit),
    (State::OnReadingTable, Event::TakeBack, State::InTransit),
    (State::OutForScanning, Event::TakeBack, State::InTransit),
    (State::InPlace, Event::ReportMissing, State::Missing),
    (State::InTransit, Event::ReportMissing, State::Missing),
    (State::ToBeShelved, Event::ReportMissing, State::Missing),
    (State::InSafe, Event::ReportMissing, State::Missing),
    (State::Missing, Event::Find, State::InTransit),
    (State::Missing, Event::WriteOff, State::Lost),
    (State::InPlace, Event::HoldForDestruction, State::HeldForDestruction),
    (State::HeldForDestruction, Event::Release, State::InTransit),
    (State::HeldForDestruction, Event::Destroy, State::Destroyed),
];

/// Containers stand in containers at most this deep (a bag in a binder in a box).
pub const CONTAINER_DEPTH_MAX: usize = 3;

pub use vocabulary::PlacementEvent;

/// One row of the ledger, as a person reads it.
#[derive(Debug, Clone)]
pub struct PlacementRow {
    pub place_code: String,
    pub from: Moment,
    pub until: Option<Moment>,
    pub by: String,
    /// The label that was scanned, when one was.
    pub label: String,
    /// The slip under which it went, when there was one.
    pub slip: String,
    pub event: PlacementEvent,
}

/// Where an original is, as it is shown beside every scan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OriginalPlace {
    /// Empty when the document has no paper.
    pub state: Option<OriginalState>,
    /// Code of the location, through containers; empty when to be shelved.
    pub location_code: String,
    pub location_name: String,
    /// Serial of the innermost container, or empty.
    pub container: String,
    /// Uid of the location or container that the thing itself was put into; 0 for none. Containers are negative, so
    /// that one number names either.
    pub place_uid: i64,
    /// How often the thing itself was put somewhere: whoever moves it says what they saw.
    pub moves: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn states_are_a_sound_machine() {
        let pairs: HashSet<_> = TRANSITIONS.iter().map(|(from, by, _)| (*from, *by)).collect();
        assert_eq!(pairs.len(), TRANSITIONS.len(), "each event leads to one state");
        for (from, by, to) in TRANSITIONS {
            assert!(!matches!(from, State::Lost | State::Destroyed), "{from:?} has no exits");
            assert!(*to != State::Destroyed || *from == State::HeldForDestruction, "{by:?}");
            assert!(*by != Event::Lend || *from != State::HeldForDestruction);
        }
        let mut reached = HashSet::from([State::ToBeShelved]);
        while let Some((_, _, to)) = TRANSITIONS
            .iter()
            .find(|(from, _, to)| reached.contains(from) && !reached.contains(to))
        {
            reached.insert(*to);
        }
        assert_eq!(reached.len(), State::ALL.len(), "every state can be reached");
    }

    /// Every state with every event: what is not listed here cannot happen.
    #[test]
    fn every_pair_of_state_and_event_is_decided() {
        let happens: [(Event, State, &[State]); 13] = [
            (
                Event::PutAway,
                State::InPlace,
                &[
                    State::ToBeShelved,
                    State::InPlace,
                    State::InTransit,
                    State::InSafe,
                    State::Missing,
                    State::OnReadingTable,
                    State::OutForScanning,
                ],
            ),
            (
                Event::PutIntoSafe,
                State::InSafe,
                &[
                    State::ToBeShelved,
                    State::InPlace,
                    State::InTransit,
                    State::InSafe,
                    State::Missing,
                    State::OnReadingTable,
                    State::OutForScanning,
                ],
            ),
            (
                Event::TakeOff,
                State::ToBeShelved,
                &[State::InPlace, State::InSafe, State::OnReadingTable],
            ),
            (
                Event::Lend,
                State::OnLoan,
                &[State::InPlace, State::InSafe, State::InTransit],
            ),
            (
                Event::GiveToReadingTable,
                State::OnReadingTable,
                &[
                    State::InPlace,
                    State::InSafe,
                    State::ToBeShelved,
                    State::InTransit,
                    State::OnReadingTable,
                    State::Missing,
                    State::OutForScanning,
                ],
            ),
            (
                Event::SendToScanning,
                State::OutForScanning,
                &[State::InPlace, State::ToBeShelved],
            ),
            (
                Event::TakeBack,
                State::InTransit,
                &[State::OnLoan, State::OnReadingTable, State::OutForScanning],
            ),
            (
                Event::ReportMissing,
                State::Missing,
                &[State::InPlace, State::InTransit, State::ToBeShelved, State::InSafe],
            ),
            (Event::Find, State::InTransit, &[State::Missing]),
            (Event::WriteOff, State::Lost, &[State::Missing]),
            (Event::HoldForDestruction, State::HeldForDestruction, &[State::InPlace]),
            (Event::Release, State::InTransit, &[State::HeldForDestruction]),
            (Event::Destroy, State::Destroyed, &[State::HeldForDestruction]),
        ];
        let mut pairs = 0;
        for (event, to, from) in happens {
            for state in State::ALL {
                let expected = from.contains(&state).then_some(to);
                assert_eq!(after(state, event), expected, "{state:?} {event:?}");
                pairs += 1;
            }
        }
        assert_eq!(pairs, State::ALL.len() * 13);
    }
}
