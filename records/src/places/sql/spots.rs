//! What a paper becomes where it is put: a safe and a reading table are told apart from a shelf.

use super::{
    destination::{self, Destination},
    ledger::LedgerPlace,
};
use crate::{
    Error, RefusedBecause, Result,
    places::{OriginalEvent, OriginalState, after},
    store::sql::Change,
};

/// What a paper becomes that is put there.
pub(crate) async fn state_after(change: &mut Change, state: OriginalState, spot: LedgerPlace) -> Result<OriginalState> {
    let event = event_at(&destination::at(change.connection(), spot).await?);
    after(state, event).ok_or_else(|| cannot_move(state))
}

pub(crate) fn cannot_move(state: OriginalState) -> Error {
    RefusedBecause::OriginalCannotMove {
        state: state.as_str().to_owned(),
    }
    .into()
}

/// What happens to a paper that is put there: a safe and a reading table say so for everything inside them.
pub(super) fn event_at(to: &Destination) -> OriginalEvent {
    if to.is_in_safe() {
        OriginalEvent::PutIntoSafe
    } else if to.is_on_reading_table() {
        OriginalEvent::GiveToReadingTable
    } else {
        OriginalEvent::PutAway
    }
}
