//! Originals, the papers of documents: registering them, and where each is now.

use super::{
    ledger::{LedgerPlace, MoveNote, move_thing},
    spots::state_after,
};
use crate::places::{OriginalEvent, OriginalPlace, OriginalState, PlaceKind, ThingKind, after};
use crate::{
    Error, Field, Result, SecurityLevel,
    ids::OriginalId,
    places::{paper_recorded::ORIGINALS, sql::tree::PLACE_JOINS},
    store::{
        Store,
        sql::{Change, Columns, LISTED_AT_ONCE, composed, marks},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use vocabulary::both;
use vocabulary::{
    Medium,
    detail::{Detail, DetailCode},
};

fn at_location(uid: i64) -> LedgerPlace {
    LedgerPlace {
        kind: PlaceKind::Location,
        uid,
    }
}

/// Adds the original of a new document, shelved when a location is known.
pub(crate) async fn add(change: &mut Change, document_uid: i64, location_uid: Option<i64>) -> Result<i64> {
    let id = OriginalId::new(&change.environment);
    let state = match location_uid {
        Some(location) => state_after(change, OriginalState::ToBeShelved, at_location(location)).await?,
        None => OriginalState::ToBeShelved,
    };
    let at = change.at;
    let uid = change
        .insert(&ORIGINALS)
        .set("id", id.as_str())
        .set("document_uid", document_uid)
        .set("state", state.as_str())
        .set("changed_at", at)
        .set("version", 1)
        .run()
        .await?;
    if let Some(location) = location_uid {
        move_thing(
            change,
            ThingKind::Original,
            uid,
            at_location(location),
            &MoveNote::default(),
        )
        .await?;
    }
    Ok(uid)
}

/// Adds or removes the original when the medium of a document changes: paper is to be shelved; digital has no
/// original, which is refused once it was put away.
pub(crate) async fn follow_medium(change: &mut Change, document_uid: i64, medium: Medium) -> Result<()> {
    let row = sqlx::query(
        "SELECT t.uid, t.state, (SELECT CAST(count(*) AS BIGINT) FROM placements p WHERE p.thing_kind = 'original' \
         AND p.thing_uid = t.uid) AS placements FROM originals t WHERE t.document_uid = $1",
    )
    .bind(document_uid)
    .fetch_optional(change.connection())
    .await?;
    match (row.as_ref().map(|row| row.of("originals")), medium) {
        (Some(_), medium) if medium != Medium::Digital => Ok(()),
        (None, Medium::Digital) => Ok(()),
        (None, _) => add(change, document_uid, None).await.map(|_| ()),
        (Some(row), _) if row.text("state")? == OriginalState::ToBeShelved.as_str() && row.int("placements")? == 0 => {
            change.delete(&ORIGINALS, row.int("uid")?).await?;
            Ok(())
        }
        (Some(row), _) => Err(Error::invalid(
            Field::Medium,
            medium.as_str(),
            both!(
                "its paper is {} and was put away; a paper stays on record",
                "它的纸件（{}）已上架；纸件要留在记录里",
                row.text("state")?
            ),
        )),
    }
}

/// Whether a paper can be put at a place: why not, if it cannot, and whether it stood there before.
pub(crate) async fn may_stand(
    store: &Store,
    original: Option<i64>,
    state: &str,
    in_volume: bool,
    location_uid: i64,
    level: SecurityLevel,
) -> Result<(Option<Detail>, bool)> {
    let place = sqlx::query("SELECT retired, security_level_max FROM locations WHERE uid = $1")
        .bind(location_uid)
        .fetch_one(&store.readers)
        .await?;
    let place = place.of("locations");
    let highest = place.int("security_level_max")?;
    let is_put_away = |state| after(state, OriginalEvent::PutAway).is_some();
    let cannot = if place.flag("retired")? {
        Some(DetailCode::PlaceIsOutOfUse.alone())
    } else if level.number() > highest {
        Some(DetailCode::PlaceHoldsLess.with(highest))
    } else if in_volume {
        Some(DetailCode::PaperIsInVolume.alone())
    } else if !state.is_empty() && !OriginalState::from_code(state).is_some_and(is_put_away) {
        Some(DetailCode::PaperCannotMove.alone())
    } else {
        None
    };
    let stood = sqlx::query(
        "SELECT uid FROM placements WHERE thing_kind = 'original' AND thing_uid = $1 AND place_kind = 'location' \
         AND place_uid = $2 LIMIT 1",
    )
    .bind(original.unwrap_or(0))
    .bind(location_uid)
    .fetch_optional(&store.readers)
    .await?;
    Ok((cannot, stood.is_some()))
}

/// Puts the paper of a document at a place; one that had none so far gets it.
pub(crate) async fn shelve(change: &mut Change, document_uid: i64, location_uid: i64) -> Result<()> {
    let row = sqlx::query("SELECT uid FROM originals WHERE document_uid = $1")
        .bind(document_uid)
        .fetch_optional(change.connection())
        .await?;
    let Some(row) = row else {
        return add(change, document_uid, Some(location_uid)).await.map(|_| ());
    };
    let uid = row.of("originals").int("uid")?;
    let spot = at_location(location_uid);
    let state = state_after(change, OriginalState::ToBeShelved, spot).await?;
    move_thing(change, ThingKind::Original, uid, spot, &MoveNote::default()).await?;
    change
        .update(&ORIGINALS, uid)
        .set("state", state.as_str())
        .run()
        .await?;
    Ok(())
}

/// Where the original of each document is now, in the order of `documents`.
pub(crate) async fn places_of(store: &Store, documents: &[i64]) -> Result<Vec<OriginalPlace>> {
    let mut places: HashMap<i64, OriginalPlace> = HashMap::with_capacity(documents.len());
    for chunk in documents.chunks(LISTED_AT_ONCE) {
        let statement = format!(
            "SELECT d.uid, t.uid AS original_uid, t.state, coalesce(l.code, '') AS code, coalesce(l.name, '') AS name, coalesce(c1.serial, '') AS container, \
             coalesce(p.place_kind, 'none') AS place_kind, coalesce(p.place_uid, 0) AS place_uid, coalesce(p.position, 0) AS moves FROM documents d {PLACE_JOINS} \
             WHERE d.uid IN ({})",
            marks(1, chunk.len())
        );
        let query = sqlx::query(composed(statement));
        let query = chunk.iter().fold(query, |query, uid| query.bind(*uid));
        for row in query.fetch_all(&store.readers).await? {
            places.insert(row.of("documents").int("uid")?, place(&row)?);
        }
    }
    Ok(documents
        .iter()
        .map(|uid| places.get(uid).cloned().unwrap_or_default())
        .collect())
}

fn place(row: &AnyRow) -> Result<OriginalPlace> {
    let row = row.of("originals").by("original_uid");
    Ok(OriginalPlace {
        state: row.maybe_word("state", OriginalState::from_code)?,
        location_code: row.text("code")?,
        location_name: row.text("name")?,
        container: row.text("container")?,
        place_uid: match row.text("place_kind")?.as_str() {
            "location" => row.int("place_uid")?,
            "container" => -row.int("place_uid")?,
            _ => 0,
        },
        moves: row.int("moves")?,
    })
}
