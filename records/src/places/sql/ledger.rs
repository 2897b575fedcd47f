//! Containers, the ledger of places, and the state of originals.

use crate::places::{
    CONTAINER_DEPTH_MAX, Container, OriginalState, PlaceKind, PlacementEvent, PlacementRow, ThingKind,
};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing,
    changes::ChangeSubject,
    documents::sql::keyed::key_conditions,
    fold,
    ids::ContainerId,
    permission::sql::Visible,
    places::{
        paper_recorded::{CONTAINERS, ORIGINALS},
        sql::resolve::{Resolution, resolve, resolve_in},
    },
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use sqlx::any::AnyRow;
use vocabulary::both;
use vocabulary::{AuditAction, AuditObject};

/// A place in the ledger of placements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LedgerPlace {
    pub kind: PlaceKind,
    pub uid: i64,
}

impl Archive {
    /// Registers a container under the serial of its label.
    pub async fn container_add(
        &self,
        asker: &Asker,
        serial: &str,
        title: &str,
        size_mm: Option<i64>,
    ) -> Result<Container> {
        asker.require_writing(Role::Archivist)?;
        let folded = fold::code(serial);
        if folded.is_empty() || folded.chars().count() > 64 {
            return Err(Error::invalid(
                Field::Serial,
                serial,
                both!("a serial has 1 to 64 characters", "盒号有 1 到 64 个字符"),
            ));
        }
        let mut change = self.0.change(asker.name()).await?;
        let taken = sqlx::query("SELECT uid FROM containers WHERE serial_folded = $1")
            .bind(&folded)
            .fetch_optional(change.connection())
            .await?;
        if taken.is_some() {
            return Err(Error::Exists {
                what: Thing::Container,
                id: serial.to_owned(),
            });
        }
        let id = ContainerId::new(&change.environment);
        let at = change.at;
        let uid = change
            .insert(&CONTAINERS)
            .set("id", id.as_str())
            .set("serial", serial.trim())
            .set("serial_folded", &folded)
            .set("title", title)
            .set("size_mm", size_mm)
            .set("security_level_max", 3)
            .set("created_at", at)
            .set("version", 1)
            .run()
            .await?;
        change.touch(ChangeSubject::Place, uid);
        change.event(EventDraft::new(
            AuditAction::ContainerAdded,
            AuditObject::Container,
            id.as_str(),
        ));
        change.commit().await?;
        Ok(Container {
            uid,
            id: id.to_string(),
            serial: serial.trim().to_owned(),
            title: title.to_owned(),
            size_mm,
        })
    }

    /// Moves a container to a location or into another container. One row, whatever it holds.
    pub async fn move_container(&self, asker: &Asker, serial: &str, place: &str, label: &str) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let (LedgerPlace { kind, uid }, _) = find_spot(&mut change, serial).await?;
        if kind != PlaceKind::Container {
            return Err(Error::Absent {
                what: Thing::Container,
                id: serial.to_owned(),
            });
        }
        let (spot, code) = find_spot(&mut change, place).await?;
        check_nesting(&mut change, uid, spot).await?;
        move_thing(&mut change, ThingKind::Container, uid, spot, label).await?;
        change.touch(ChangeSubject::Place, uid);
        change.event(
            EventDraft::new(AuditAction::ContainerMoved, AuditObject::Container, serial)
                .detail(format!("place={code}")),
        );
        change.commit().await
    }

    /// Where a thing was, newest first: the paper of a document (by id or own number, or by the id of the original) that
    /// the asker sees, or a container by its serial. `None` when there is no such thing to be seen.
    pub async fn placement_history(&self, asker: &Asker, thing: &str) -> Result<Option<Vec<PlacementRow>>> {
        let of_original = ("t.id = ?", vec![thing.trim().to_lowercase().into()]);
        let mut originals = Vec::new();
        for (condition, values) in key_conditions(thing).into_iter().chain([of_original]) {
            originals = Visible::documents(asker, self.0.environment.now())
                .columns("t.uid")
                .join("JOIN originals t ON t.document_uid = d.uid")
                .and(condition, values)
                .then("ORDER BY d.uid LIMIT 2", [])
                .all(&self.0.readers)
                .await?;
            if !originals.is_empty() {
                break;
            }
        }
        let (kind, uid) = match originals.as_slice() {
            [row] => (ThingKind::Original, row.of("placements").int("uid")?),
            _ => match resolve(&self.0.readers, thing).await? {
                Resolution::One(found) if found.kind == PlaceKind::Container => (ThingKind::Container, found.uid),
                _ => return Ok(None),
            },
        };
        let rows = sqlx::query(
            "SELECT p.uid, p.position, p.place_kind, p.from_at, p.until_at, p.by_name, p.label, coalesce(l.code, c.serial, '') AS place_code \
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
        event: match (place, row.int("position")?) {
            (PlaceKind::None, _) => PlacementEvent::TakenOut,
            (_, 1) => PlacementEvent::FirstPlaced,
            _ => PlacementEvent::Moved,
        },
    })
}

/// The place behind a location code or the serial of a container.
pub(super) async fn find_spot(change: &mut Change, place: &str) -> Result<(LedgerPlace, String)> {
    let found = match resolve_in(change.connection(), place).await? {
        Resolution::One(found) => found,
        Resolution::Several(codes) => {
            let codes = codes.join(", ");
            let reason = both!(
                "it may be {codes}; write it with its dashes",
                "可能是 {codes}；请连同横线一起写"
            );
            return Err(Error::invalid(Field::LocationCode, place, reason));
        }
        Resolution::Nothing => {
            return Err(Error::Absent {
                what: Thing::Place,
                id: place.to_owned(),
            });
        }
    };
    if found.kind == PlaceKind::Location && !is_in_use(change, found.uid).await? {
        return Err(RefusedBecause::PlaceOutOfUse { place: found.code }.into());
    }
    Ok((
        LedgerPlace {
            kind: found.kind,
            uid: found.uid,
        },
        found.code,
    ))
}

/// Whether a place takes paper.
pub(super) async fn is_in_use(change: &mut Change, location_uid: i64) -> Result<bool> {
    let row = sqlx::query("SELECT uid, retired FROM locations WHERE uid = $1")
        .bind(location_uid)
        .fetch_one(change.connection())
        .await?;
    Ok(!row.of("locations").flag("retired")?)
}

/// The level of a document must not exceed that of its container, nor that of the room.
pub(super) async fn check_security(
    change: &mut Change,
    spot: LedgerPlace,
    code: &str,
    security_level: i64,
) -> Result<()> {
    let statement = match spot.kind {
        PlaceKind::Location => "SELECT security_level_max FROM locations WHERE uid = $1",
        PlaceKind::Container => "SELECT security_level_max FROM containers WHERE uid = $1",
        PlaceKind::None => return Ok(()),
    };
    let highest = sqlx::query(statement)
        .bind(spot.uid)
        .fetch_one(change.connection())
        .await?
        .of("containers")
        .int("security_level_max")?;
    if security_level > highest {
        return Err(RefusedBecause::PlaceLevelTooLow {
            place: code.to_owned(),
            highest,
            level: security_level,
        }
        .into());
    }
    Ok(())
}

async fn check_nesting(change: &mut Change, container: i64, spot: LedgerPlace) -> Result<()> {
    let (mut standing, mut depth) = (spot, 1);
    while standing.kind == PlaceKind::Container {
        depth += 1;
        if standing.uid == container {
            return Err(RefusedBecause::ContainerInItself {}.into());
        }
        if depth > CONTAINER_DEPTH_MAX {
            let most = CONTAINER_DEPTH_MAX;
            return Err(RefusedBecause::ContainersTooDeep { most }.into());
        }
        match current(change, ThingKind::Container, standing.uid).await? {
            Some((_, _, _, next)) => standing = next,
            None => break,
        }
    }
    Ok(())
}

/// (uid, position, from, spot) of the current row of a thing.
pub(super) async fn current(
    change: &mut Change,
    thing: ThingKind,
    uid: i64,
) -> Result<Option<(i64, i64, i64, LedgerPlace)>> {
    let row = sqlx::query(
        "SELECT uid, position, from_at, place_kind, place_uid FROM placements \
         WHERE thing_kind = $1 AND thing_uid = $2 AND until_at IS NULL",
    )
    .bind(thing.as_str())
    .bind(uid)
    .fetch_optional(change.connection())
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
    label: &str,
) -> Result<()> {
    let (mut position, mut former_until, mut at) = (1, None, change.at.micros());
    if let Some((row, last, from, standing)) = current(change, thing, uid).await? {
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
        "INSERT INTO placements (thing_kind, thing_uid, position, place_kind, place_uid, from_at, until_at, former_until_at, by_name, label) \
         VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9)",
    )
    .bind(thing.as_str())
    .bind(uid)
    .bind(position)
    .bind(spot.kind.as_str())
    .bind(spot.uid)
    .bind(at)
    .bind(former_until)
    .bind(by)
    .bind(label)
    .execute(change.connection())
    .await?;
    Ok(())
}

pub(super) async fn set_state(change: &mut Change, original_uid: i64, state: OriginalState) -> Result<()> {
    change
        .update(&ORIGINALS, original_uid)
        .set("state", state.as_str())
        .run()
        .await?;
    Ok(())
}
