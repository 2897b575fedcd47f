//! Things are put somewhere together, all or none, and where that was a mistake, put back together.

use super::{
    destination::{self, Destination},
    filling,
    ledger::{LedgerPlace, MoveNote, current, move_thing, set_state},
    originals,
    spots::{cannot_move, event_at},
    things,
};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Thing,
    changes::ChangeSubject,
    places::{
        FoundThing, MovedThing, OriginalEvent, OriginalState, PlaceKind, Placed, PlacingOrder, ThingKind, after,
        lying::LyingThing,
    },
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use sqlx::AnyConnection;
use vocabulary::{AuditAction, AuditObject, ContainerKind, CopyState};

/// What is said of a move, beside the move itself.
pub(super) struct Act {
    pub note: MoveNote,
    /// Micrometres of a page.
    pub page: i64,
}

impl Archive {
    /// Puts things at a location or into a container: all of them, or none.
    ///
    /// # Errors
    /// The first thing or place that cannot, with its reason; [`Error::Conflict`] for a thing that was moved since it had
    /// moved as often as the order says.
    pub async fn place_things(&self, asker: &Asker, order: &PlacingOrder) -> Result<Placed> {
        let (change, placed) = self.placing(asker, order).await?;
        change.commit().await?;
        Ok(placed)
    }

    /// The same without doing it: what would be moved from where.
    ///
    /// # Errors
    /// As [`Archive::place_things`].
    pub async fn place_things_preview(&self, asker: &Asker, order: &PlacingOrder) -> Result<Vec<MovedThing>> {
        let (change, placed) = self.placing(asker, order).await?;
        change.transaction.rollback().await?;
        Ok(placed.moved)
    }

    async fn placing(&self, asker: &Asker, order: &PlacingOrder) -> Result<(Change, Placed)> {
        let (mut change, mut act) = self.acting(asker, &order.label).await?;
        act.note.slip.clone_from(&order.slip);
        let to = destination::named(change.connection(), &order.to).await?;
        let mut moved = Vec::with_capacity(order.things.len());
        for wanted in &order.things {
            let thing = things::the_thing(&mut change, asker, &wanted.named).await?;
            unmoved_since(&thing, wanted.moves)?;
            let from = put(&mut change, &act, &thing, Some(&to)).await?;
            moved.extend(from.map(|from| MovedThing {
                thing: wanted.named.trim().to_owned(),
                from,
                to: to.code().to_owned(),
            }));
        }
        let undo = match moved.is_empty() {
            true => String::new(),
            false => act.note.act,
        };
        Ok((change, Placed { moved, undo }))
    }

    /// Takes one act back: each thing lies where it lay before, or is to be shelved again.
    ///
    /// # Errors
    /// [`Error::Conflict`] when one of them was moved since; [`Error::Absent`] for an act that the asker cannot know.
    pub async fn placing_undo(&self, asker: &Asker, undo: &str) -> Result<Vec<MovedThing>> {
        let (mut change, act) = self.acting(asker, "").await?;
        let rows =
            sqlx::query("SELECT uid, thing_kind, thing_uid, position FROM placements WHERE act = $1 ORDER BY uid DESC")
                .bind(undo.trim())
                .fetch_all(change.connection())
                .await?;
        if rows.is_empty() {
            return Err(Error::absent(Thing::Placing, undo));
        }
        let mut moved = Vec::with_capacity(rows.len());
        for row in rows {
            let row = row.of("placements");
            let kind = row.word("thing_kind", ThingKind::from_code)?;
            let (uid, position) = (row.int("thing_uid")?, row.int("position")?);
            let thing = by_uid(&mut change, asker, kind, uid).await?;
            unmoved_since(&thing, Some(position))?;
            let place = before(&mut change, kind, uid, position).await?;
            let to = match place.kind {
                PlaceKind::None => None,
                PlaceKind::Location | PlaceKind::Container => Some(destination::at(change.connection(), place).await?),
            };
            let from = put(&mut change, &act, &thing, to.as_ref()).await?;
            moved.extend(from.map(|from| MovedThing {
                thing: called(&thing),
                from,
                to: to.as_ref().map(|to| to.code().to_owned()).unwrap_or_default(),
            }));
        }
        change.commit().await?;
        Ok(moved)
    }
}

/// Number or serial, or else the id.
pub(super) fn called(thing: &FoundThing) -> String {
    match thing.name.is_empty() {
        true => thing.document_id.clone(),
        false => thing.name.clone(),
    }
}

pub(super) fn unmoved_since(thing: &FoundThing, moves: Option<i64>) -> Result<()> {
    match moves.filter(|expected| *expected != thing.moves) {
        Some(expected) => Err(Error::Conflict {
            what: match thing.kind {
                ThingKind::Container => Thing::Container,
                ThingKind::Volume => Thing::Volume,
                ThingKind::Original => Thing::Original,
            },
            id: called(thing),
            expected,
            found: thing.moves,
        }),
        None => Ok(()),
    }
}

/// A thing of the ledger that the asker may see.
async fn by_uid(change: &mut Change, asker: &Asker, kind: ThingKind, uid: i64) -> Result<FoundThing> {
    let statement = match kind {
        ThingKind::Container => return things::container(change.connection(), uid).await,
        ThingKind::Original => "SELECT id FROM originals WHERE uid = $1",
        ThingKind::Volume => "SELECT id FROM volumes WHERE uid = $1",
    };
    let row = sqlx::query(statement).bind(uid).fetch_one(change.connection()).await?;
    let id = row.of("originals").text("id")?;
    things::the_thing(change, asker, &id).await
}

/// Enters a thing where somebody who counted has found it, under the same rules as if it were put there now; `page` is how
/// thick one is, in micrometres.
pub(crate) async fn put_where_found(
    change: &mut Change,
    (asker, page): (&Asker, i64),
    (kind, uid): (ThingKind, i64),
    spot: LedgerPlace,
    label: &str,
) -> Result<()> {
    let thing = match kind {
        ThingKind::Container => things::container(change.connection(), uid).await?,
        ThingKind::Original | ThingKind::Volume => {
            let row = sqlx::query("SELECT uid, id FROM originals WHERE uid = $1")
                .bind(uid)
                .fetch_one(change.connection())
                .await?;
            let id = row.of("originals").text("id")?;
            things::the_thing(change, asker, &id).await?
        }
    };
    let to = destination::at(change.connection(), spot).await?;
    let note = MoveNote {
        label: label.to_owned(),
        ..MoveNote::default()
    };
    put(change, &Act { note, page }, &thing, Some(&to)).await.map(drop)
}

/// Puts one thing somewhere, or nowhere; the code of where it lay, or nothing where it lies there already.
pub(super) async fn put(
    change: &mut Change,
    act: &Act,
    thing: &FoundThing,
    to: Option<&Destination>,
) -> Result<Option<String>> {
    if !thing.volume.is_empty() {
        let document = thing.document_id.clone();
        return Err(RefusedBecause::InVolume { document }.into());
    }
    // A document that had no paper so far gets it.
    let uid = match (thing.kind, thing.uid, thing.document_uid) {
        (ThingKind::Original, 0, Some(document)) => originals::add(change, document, None).await?,
        (_, uid, _) => uid,
    };
    let place = to.map_or(
        LedgerPlace {
            kind: PlaceKind::None,
            uid: 0,
        },
        Destination::at,
    );
    let standing = current(change.connection(), thing.kind, uid)
        .await?
        .map(|(_, _, _, place)| place);
    let from = match standing.filter(|place| place.kind != PlaceKind::None) {
        Some(standing) => destination::at(change.connection(), standing).await?.code().to_owned(),
        None => String::new(),
    };
    if standing == Some(place) {
        return Ok(None);
    }
    if let Some(to) = to {
        to.takes_anything()?;
        may_lie_there(change.connection(), thing, uid, to).await?;
        filling::takes(change.connection(), to, thing.kind, uid, act.page).await?;
    }
    follow(change, thing, uid, to).await?;
    move_thing(change, thing.kind, uid, place, &act.note).await?;
    tell(change, thing, uid, to.map_or("", Destination::code)).await?;
    Ok(Some(from))
}

/// Kind, level and depth.
pub(super) async fn may_lie_there(
    connection: &mut AnyConnection,
    thing: &FoundThing,
    uid: i64,
    to: &Destination,
) -> Result<()> {
    match thing.kind {
        ThingKind::Container => {
            let kind = thing.container_kind.unwrap_or(ContainerKind::Box);
            let held = held_in(connection, uid).await?;
            to.takes_container(uid, held.depth)?;
            to.takes_kind(LyingThing::Container(kind), held.of_the_safe)?;
            to.takes_level(held.level)
        }
        ThingKind::Volume => {
            to.takes_kind(LyingThing::Paper, false)?;
            to.takes_level(thing.security_level)
        }
        ThingKind::Original => {
            let of_the_safe = is_of_the_safe(connection, &thing.document_kind, &thing.copy_state).await?;
            to.takes_kind(LyingThing::Paper, of_the_safe)?;
            to.takes_level(thing.security_level)
        }
    }
}

/// Whether papers of this kind are kept in the safe; copies of them are not.
pub(super) async fn is_of_the_safe(connection: &mut AnyConnection, kind: &str, copy_state: &str) -> Result<bool> {
    if copy_state == CopyState::Copy.as_str() {
        return Ok(false);
    }
    let row = sqlx::query("SELECT flags FROM document_kinds WHERE code = $1")
        .bind(kind.to_owned())
        .fetch_optional(connection)
        .await?;
    let flags = row.map(|row| row.of("document_kinds").text("flags")).transpose()?;
    Ok(flags.is_some_and(|flags| flags.contains(vocabulary::KindFlag::Safe.letter())))
}

/// The highest level of what a container holds.
pub(super) async fn level_in(connection: &mut AnyConnection, container: i64) -> Result<i64> {
    Ok(held_in(connection, container).await?.level)
}

/// What a container holds, however deep.
struct HeldInside {
    /// Containers inside one another, without the outermost.
    depth: usize,
    level: i64,
    of_the_safe: bool,
}

async fn held_in(connection: &mut AnyConnection, container: i64) -> Result<HeldInside> {
    let row = sqlx::query(
        "WITH inner1 AS (SELECT thing_uid AS uid FROM placements WHERE place_kind = 'container' AND place_uid = $1 AND until_at IS NULL \
           AND thing_kind = 'container'), \
         inner2 AS (SELECT p.thing_uid AS uid FROM inner1 i JOIN placements p ON p.place_kind = 'container' AND p.place_uid = i.uid \
           AND p.until_at IS NULL AND p.thing_kind = 'container'), \
         boxes AS (SELECT CAST($1 AS BIGINT) AS uid UNION ALL SELECT uid FROM inner1 UNION ALL SELECT uid FROM inner2), \
         papers AS (SELECT t.document_uid FROM boxes b JOIN placements p ON p.place_kind = 'container' AND p.place_uid = b.uid \
           AND p.until_at IS NULL AND p.thing_kind = 'original' JOIN originals t ON t.uid = p.thing_uid \
           UNION ALL SELECT t.document_uid FROM boxes b JOIN placements p ON p.place_kind = 'container' AND p.place_uid = b.uid \
           AND p.until_at IS NULL AND p.thing_kind = 'volume' JOIN originals t ON t.volume_uid = p.thing_uid) \
         SELECT CAST((SELECT count(*) FROM inner1) AS BIGINT) AS inner1, CAST((SELECT count(*) FROM inner2) AS BIGINT) AS inner2, \
         CAST(coalesce(max(d.security_level), 0) AS BIGINT) AS level, \
         CAST(coalesce(sum(CASE WHEN d.copy_state <> 'copy' AND replace(k.flags, 'S', '') <> k.flags THEN 1 ELSE 0 END), 0) AS BIGINT) AS of_the_safe \
         FROM papers x JOIN documents d ON d.uid = x.document_uid LEFT JOIN document_kinds k ON k.code = d.kind",
    )
    .bind(container)
    .fetch_one(connection)
    .await?;
    let row = row.of("containers");
    Ok(HeldInside {
        depth: match (row.int("inner1")?, row.int("inner2")?) {
            (0, _) => 0,
            (_, 0) => 1,
            _ => 2,
        },
        level: row.int("level")?,
        of_the_safe: row.int("of_the_safe")? > 0,
    })
}

/// The state of a paper follows from where it lies.
async fn follow(change: &mut Change, thing: &FoundThing, uid: i64, to: Option<&Destination>) -> Result<()> {
    if thing.kind != ThingKind::Original {
        return Ok(());
    }
    let state = thing.state.unwrap_or(OriginalState::ToBeShelved);
    let event = to.map_or(OriginalEvent::TakeOff, event_at);
    let next = after(state, event).ok_or_else(|| cannot_move(state))?;
    set_state(change, uid, next).await
}

async fn tell(change: &mut Change, thing: &FoundThing, uid: i64, code: &str) -> Result<()> {
    let place = format!("place={code}");
    match thing.kind {
        ThingKind::Original => {
            if let Some(document) = thing.document_uid {
                change.touch(ChangeSubject::Document, document);
            }
            let event = EventDraft::new(AuditAction::OriginalPutAway, AuditObject::Document, &thing.document_id);
            change.event(event.detail(place));
        }
        ThingKind::Container => {
            change.touch(ChangeSubject::Place, uid);
            let event = EventDraft::new(AuditAction::ContainerMoved, AuditObject::Container, &thing.name);
            change.event(event.detail(place));
        }
        ThingKind::Volume => {
            let rows = sqlx::query("SELECT document_uid FROM originals WHERE volume_uid = $1")
                .bind(uid)
                .fetch_all(change.connection())
                .await?;
            for row in rows {
                change.touch(ChangeSubject::Document, row.of("originals").int("document_uid")?);
            }
            let event = EventDraft::new(AuditAction::OriginalPutAway, AuditObject::Volume, &thing.name);
            change.event(event.detail(place));
        }
    }
    Ok(())
}

/// Where a thing lay before it was moved for the `moves`-th time; nowhere before the first.
pub(super) async fn before(change: &mut Change, kind: ThingKind, uid: i64, moves: i64) -> Result<LedgerPlace> {
    let row = sqlx::query(
        "SELECT uid, place_kind, place_uid FROM placements WHERE thing_kind = $1 AND thing_uid = $2 AND position = $3",
    )
    .bind(kind.as_str())
    .bind(uid)
    .bind(moves - 1)
    .fetch_optional(change.connection())
    .await?;
    let Some(row) = row else {
        return Ok(LedgerPlace {
            kind: PlaceKind::None,
            uid: 0,
        });
    };
    let row = row.of("placements");
    Ok(LedgerPlace {
        kind: row.word("place_kind", PlaceKind::from_code)?,
        uid: row.int("place_uid")?,
    })
}
