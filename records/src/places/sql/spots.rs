//! What a paper becomes where it is put: a safe and a reading table are told apart from a shelf.

use super::ledger::{LedgerPlace, current};
use crate::{
    Error, RefusedBecause, Result,
    places::{CONTAINER_DEPTH_MAX, LocationKind, OriginalEvent, OriginalState, PlaceKind, ThingKind, after},
    store::sql::{Change, Columns},
};

/// What a paper becomes that is put there.
pub(super) async fn state_after(change: &mut Change, state: OriginalState, spot: LedgerPlace) -> Result<OriginalState> {
    let event = event_at(change, spot).await?;
    after(state, event).ok_or_else(|| cannot_move(state))
}

pub(super) fn cannot_move(state: OriginalState) -> Error {
    RefusedBecause::OriginalCannotMove {
        state: state.as_str().to_owned(),
    }
    .into()
}

/// What happens to a paper that is put there: a safe and a reading table say so for everything inside them.
async fn event_at(change: &mut Change, spot: LedgerPlace) -> Result<OriginalEvent> {
    let (mut standing, mut depth) = (spot, 0);
    while standing.kind == PlaceKind::Container && depth <= CONTAINER_DEPTH_MAX {
        depth += 1;
        match current(change, ThingKind::Container, standing.uid).await? {
            Some((_, _, _, next)) => standing = next,
            None => break,
        }
    }
    let mut uid = (standing.kind == PlaceKind::Location).then_some(standing.uid);
    while let Some(at) = uid {
        let row = sqlx::query("SELECT uid, kind, parent_uid FROM locations WHERE uid = $1")
            .bind(at)
            .fetch_one(change.connection())
            .await?;
        let row = row.of("locations");
        match LocationKind::parse(&row.text("kind")?) {
            LocationKind::Safe => return Ok(OriginalEvent::PutIntoSafe),
            LocationKind::ReadingTable => return Ok(OriginalEvent::GiveToReadingTable),
            _ => uid = row.maybe_int("parent_uid")?,
        }
    }
    Ok(OriginalEvent::PutAway)
}
