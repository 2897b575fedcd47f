//! A paper leaves its place under a slip, comes back, and goes to where it belongs.

use super::{
    destination,
    ledger::{LedgerPlace, MoveNote, current, move_thing, set_state},
    spots::state_after,
};
use crate::{
    RefusedBecause, Result,
    places::{CONTAINER_DEPTH_MAX, OriginalState, PlaceKind, ThingKind},
    store::sql::{Change, Columns},
};

impl LedgerPlace {
    /// Nowhere.
    const NONE: Self = Self {
        kind: PlaceKind::None,
        uid: 0,
    };

    /// With somebody, under a slip: each slip is a place of its own, so that the chain tells borrowers apart.
    fn lent(loan_uid: i64) -> Self {
        Self {
            kind: PlaceKind::None,
            uid: loan_uid,
        }
    }
}

fn under(slip: &str) -> MoveNote {
    MoveNote {
        slip: slip.to_owned(),
        ..MoveNote::default()
    }
}

/// Somebody has it; the chain says under which slip, and who.
pub(crate) async fn lend(
    change: &mut Change,
    original_uid: i64,
    state: OriginalState,
    (loan_uid, slip): (i64, &str),
) -> Result<()> {
    move_thing(
        change,
        ThingKind::Original,
        original_uid,
        LedgerPlace::lent(loan_uid),
        &under(slip),
    )
    .await?;
    set_state(change, original_uid, state).await
}

/// It is back in the hands of the archive.
pub(crate) async fn take_back(change: &mut Change, original_uid: i64, state: OriginalState, slip: &str) -> Result<()> {
    move_thing(
        change,
        ThingKind::Original,
        original_uid,
        LedgerPlace::NONE,
        &under(slip),
    )
    .await?;
    set_state(change, original_uid, state).await
}

/// Where a paper belongs: where it lies, or lay before it was last lent.
pub(crate) async fn home(change: &mut Change, original_uid: i64) -> Result<(PlaceKind, i64)> {
    let row = sqlx::query(
        "SELECT uid, place_kind, place_uid FROM placements WHERE thing_kind = 'original' AND thing_uid = $1 \
         AND place_kind <> 'none' ORDER BY position DESC LIMIT 1",
    )
    .bind(original_uid)
    .fetch_optional(change.connection())
    .await?;
    match row {
        Some(row) => {
            let row = row.of("placements");
            Ok((row.word("place_kind", PlaceKind::from_code)?, row.int("place_uid")?))
        }
        None => Ok((PlaceKind::None, 0)),
    }
}

/// Puts a paper back where it belongs, as it was scanned there: the place itself, or the place in which its box stands.
///
/// # Errors
/// [`RefusedBecause::WrongSlot`] for every other place.
pub(crate) async fn back_in_place(
    change: &mut Change,
    (original_uid, state): (i64, OriginalState),
    (kind, uid): (PlaceKind, i64),
    scanned: &str,
) -> Result<()> {
    let place = destination::named(change.connection(), scanned).await?;
    place.takes_anything()?;
    let spot = place.at();
    let belongs = LedgerPlace { kind, uid };
    let to = match kind {
        PlaceKind::None => spot,
        _ if spot == belongs || stands_in(change, belongs, spot).await? => belongs,
        _ => {
            let right = code_of(change, belongs).await?;
            let place = place.code().to_owned();
            return Err(RefusedBecause::WrongSlot { place, right }.into());
        }
    };
    let next = state_after(change, state, to).await?;
    let note = MoveNote {
        label: scanned.trim().to_owned(),
        ..MoveNote::default()
    };
    move_thing(change, ThingKind::Original, original_uid, to, &note).await?;
    set_state(change, original_uid, next).await
}

/// Whether a container stands at a place, in whatever other containers.
async fn stands_in(change: &mut Change, container: LedgerPlace, place: LedgerPlace) -> Result<bool> {
    let mut standing = container;
    for _ in 0..=CONTAINER_DEPTH_MAX {
        if standing.kind != PlaceKind::Container {
            return Ok(false);
        }
        match current(change.connection(), ThingKind::Container, standing.uid).await? {
            Some((_, _, _, next)) if next == place => return Ok(true),
            Some((_, _, _, next)) => standing = next,
            None => return Ok(false),
        }
    }
    Ok(false)
}

async fn code_of(change: &mut Change, spot: LedgerPlace) -> Result<String> {
    let statement = match spot.kind {
        PlaceKind::Container => "SELECT serial AS code FROM containers WHERE uid = $1",
        PlaceKind::Location | PlaceKind::None => "SELECT code FROM locations WHERE uid = $1",
    };
    let row = sqlx::query(statement)
        .bind(spot.uid)
        .fetch_one(change.connection())
        .await?;
    row.of("locations").text("code")
}
