//! The ledger of places, and the state of originals.

use crate::{
    Archive, Asker, Result,
    places::{
        OriginalState, PlaceKind, PlacementEvent, PlacementRow, ThingKind, ThingLookup, paper_recorded::ORIGINALS,
    },
    store::sql::{Change, Columns},
};
use sqlx::{AnyConnection, any::AnyRow};

/// A place in the ledger of placements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LedgerPlace {
    pub kind: PlaceKind,
    pub uid: i64,
}

/// What is kept of a move besides the move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MoveNote {
    /// The label as it was scanned.
    pub label: String,
    /// The slip under which the thing went, when there is one.
    pub slip: String,
    /// What was moved in one act has one id, by which it is taken back.
    pub act: String,
}

impl Archive {
    /// Where a thing was, newest first: a paper that the asker sees, a container, a volume. `None` when there is no such thing
    /// to be seen.
    pub async fn placement_history(&self, asker: &Asker, thing: &str) -> Result<Option<Vec<PlacementRow>>> {
        let ThingLookup::One(found) = self.thing(asker, thing).await? else {
            return Ok(None);
        };
        let (kind, uid) = (found.kind, found.uid);
        let rows = sqlx::query(
            "SELECT p.uid, p.position, p.place_kind, p.place_uid, p.from_at, p.until_at, p.by_name, p.label, p.slip, coalesce(l.code, c.serial, '') AS place_code \
             FROM placements p LEFT JOIN locations l ON p.place_kind = 'location' AND l.uid = p.place_uid \
             LEFT JOIN containers c ON p.place_kind = 'container' AND c.uid = p.place_uid \
             WHERE p.thing_kind = $1 AND p.thing_uid = $2 ORDER BY p.position DESC",
        )
        .bind(kind.as_str())
        .bind(uid)
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(placement_row).collect::<Result<_>>().map(Some)
    }
}

fn placement_row(row: &AnyRow) -> Result<PlacementRow> {
    let row = &row.of("placements");
    let place = row.word("place_kind", PlaceKind::from_code)?;
    Ok(PlacementRow {
        place_code: row.text("place_code")?,
        from: row.moment("from_at")?,
        until: row.maybe_moment("until_at")?,
        by: row.text("by_name")?,
        label: row.text("label")?,
        slip: row.text("slip")?,
        event: match (place, row.int("position")?) {
            // What is with somebody is nowhere under the number of a slip.
            (PlaceKind::None, _) if row.int("place_uid")? > 0 => PlacementEvent::Lent,
            (PlaceKind::None, _) => PlacementEvent::TakenOut,
            (_, 1) => PlacementEvent::FirstPlaced,
            _ => PlacementEvent::Moved,
        },
    })
}

/// (uid, position, from, spot) of the current row of a thing.
pub(super) async fn current(
    connection: &mut AnyConnection,
    thing: ThingKind,
    uid: i64,
) -> Result<Option<(i64, i64, i64, LedgerPlace)>> {
    let row = sqlx::query(
        "SELECT uid, position, from_at, place_kind, place_uid FROM placements \
         WHERE thing_kind = $1 AND thing_uid = $2 AND until_at IS NULL",
    )
    .bind(thing.as_str())
    .bind(uid)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let row = row.of("placements");
        let kind = row.word("place_kind", PlaceKind::from_code)?;
        Ok((
            row.int("uid")?,
            row.int("position")?,
            row.int("from_at")?,
            LedgerPlace {
                kind,
                uid: row.int("place_uid")?,
            },
        ))
    })
    .transpose()
}

/// Ends the current row of a thing and begins the next where it ended.
pub(crate) async fn move_thing(
    change: &mut Change,
    thing: ThingKind,
    uid: i64,
    spot: LedgerPlace,
    note: &MoveNote,
) -> Result<()> {
    let (mut position, mut former_until, mut at) = (1, None, change.at.micros());
    if let Some((row, last, from, standing)) = current(change.connection(), thing, uid).await? {
        if standing == spot {
            return Ok(());
        }
        // Two moves within a microsecond, or a clock that was set back, must not overlap.
        at = at.max(from + 1);
        sqlx::query("UPDATE placements SET until_at = $1 WHERE uid = $2")
            .bind(at)
            .bind(row)
            .execute(change.connection())
            .await?;
        (position, former_until) = (last + 1, Some(at));
    }
    let by = change.actor.clone();
    sqlx::query(
        "INSERT INTO placements (thing_kind, thing_uid, position, place_kind, place_uid, from_at, until_at, former_until_at, by_name, label, slip, act) \
         VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10, $11)",
    )
    .bind(thing.as_str())
    .bind(uid)
    .bind(position)
    .bind(spot.kind.as_str())
    .bind(spot.uid)
    .bind(at)
    .bind(former_until)
    .bind(by)
    .bind(note.label.clone())
    .bind(note.slip.clone())
    .bind((!note.act.is_empty()).then(|| note.act.clone()))
    .execute(change.connection())
    .await?;
    Ok(())
}

pub(crate) async fn set_state(change: &mut Change, original_uid: i64, state: OriginalState) -> Result<()> {
    change
        .update(&ORIGINALS, original_uid)
        .set("state", state.as_str())
        .run()
        .await?;
    Ok(())
}
