//! The register of containers in the database.

use super::{
    destination, filling,
    ledger::{LedgerPlace, MoveNote, move_thing},
    placing::{Act, put},
    things,
};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, SecurityLevel, Thing,
    changes::ChangeSubject,
    fold,
    ids::{ContainerId, PlacingId},
    places::{
        CONTAINER_SIZE_MAX_MM, Container, ContainerDraft, FillShown, Place, PlaceKind, PlaceUse, ThingKind,
        paper_recorded::CONTAINERS,
    },
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use sqlx::{AnyConnection, any::AnyRow};
use vocabulary::{AuditAction, AuditObject, ContainerKind, both, codes::CODE_CHARACTERS_MAX};

/// A container `c`, and where it stands: `p1` to `p3` are its own placement and those of what is around it.
const CONTAINER: &str = "SELECT c.uid, c.id, c.serial, c.kind, c.title, c.size_mm, c.pieces_max, c.security_level_max, c.retired, c.version, \
     coalesce(p1.position, 0) AS moves, coalesce(l1.code, c1.serial, '') AS stands_in, coalesce(l.code, '') AS location_code, c.serial_folded \
     FROM containers c \
     LEFT JOIN placements p1 ON p1.until_at IS NULL AND p1.thing_kind = 'container' AND p1.thing_uid = c.uid \
     LEFT JOIN placements p2 ON p2.until_at IS NULL AND p2.thing_kind = 'container' AND p1.place_kind = 'container' AND p2.thing_uid = p1.place_uid \
     LEFT JOIN placements p3 ON p3.until_at IS NULL AND p3.thing_kind = 'container' AND p2.place_kind = 'container' AND p3.thing_uid = p2.place_uid \
     LEFT JOIN locations l1 ON p1.place_kind = 'location' AND l1.uid = p1.place_uid \
     LEFT JOIN containers c1 ON p1.place_kind = 'container' AND c1.uid = p1.place_uid \
     LEFT JOIN locations l ON l.uid = CASE WHEN p1.place_kind = 'location' THEN p1.place_uid \
       WHEN p2.place_kind = 'location' THEN p2.place_uid WHEN p3.place_kind = 'location' THEN p3.place_uid END";

impl Archive {
    /// Registers a container under the serial of its label; with `inside`, it stands there at once.
    ///
    /// # Errors
    /// [`Error::Exists`] when the serial is taken, and why it cannot stand there.
    pub async fn container_add(
        &self,
        asker: &Asker,
        serial: &str,
        draft: &ContainerDraft,
        inside: &str,
    ) -> Result<Container> {
        let (mut change, act) = self.acting(asker, inside).await?;
        change.because(&draft.why, "");
        let uid = add(&mut change, serial, draft).await?;
        if !inside.trim().is_empty() {
            let thing = things::container(change.connection(), uid).await?;
            let to = destination::named(change.connection(), inside).await?;
            put(&mut change, &act, &thing, Some(&to)).await?;
        }
        let added = one(change.connection(), uid).await?;
        change.commit().await?;
        Ok(added)
    }

    /// Changes stated fields of a container. Taking it out of use takes it off its place.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it has another version by now; when it is to go out of use and holds something.
    pub async fn container_change(
        &self,
        asker: &Asker,
        serial: &str,
        version: i64,
        draft: &ContainerDraft,
    ) -> Result<Container> {
        let (mut change, act) = self.acting(asker, "").await?;
        change.because(&draft.why, "");
        let uid = named(change.connection(), serial).await?;
        let before = one(change.connection(), uid).await?;
        if before.version != version {
            return Err(Error::Conflict {
                what: Thing::Container,
                id: before.serial,
                expected: version,
                found: before.version,
            });
        }
        alter(&mut change, &act, &before, draft).await?;
        let now = one(change.connection(), uid).await?;
        change.commit().await?;
        Ok(now)
    }

    /// One container by its serial.
    pub async fn container(&self, _asker: &Asker, serial: &str) -> Result<Option<Container>> {
        let mut reader = self.0.readers.acquire().await?;
        match named(&mut reader, serial).await {
            Ok(uid) => one(&mut reader, uid).await.map(Some),
            Err(Error::Absent { .. }) => Ok(None),
            Err(cause) => Err(cause),
        }
    }

    /// Containers by serial whose serial begins so, those out of use last and only where they are asked for.
    pub async fn containers(
        &self,
        _asker: &Asker,
        begins: &str,
        retired_too: bool,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Container>> {
        let (low, high) = between(begins);
        let rows = sqlx::query(composed(format!(
            "{CONTAINER} WHERE c.serial_folded > $1 AND c.serial_folded >= $2 AND c.serial_folded < $3 AND (c.retired = 0 OR c.retired = $4) \
             ORDER BY c.serial_folded LIMIT $5"
        )))
        .bind(fold::code(after))
        .bind(low)
        .bind(high)
        .bind(i64::from(retired_too))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(container).collect()
    }

    /// How many [`Archive::containers`] lists in all.
    pub async fn containers_total(&self, _asker: &Asker, begins: &str, retired_too: bool) -> Result<i64> {
        let (low, high) = between(begins);
        let row = sqlx::query(
            "SELECT CAST(count(*) AS BIGINT) AS n FROM containers c WHERE c.serial_folded >= $1 AND c.serial_folded < $2 \
             AND (c.retired = 0 OR c.retired = $3)",
        )
        .bind(low)
        .bind(high)
        .bind(i64::from(retired_too))
        .fetch_one(&self.0.readers)
        .await?;
        row.of("containers").int("n")
    }

    /// How full a place is, for those who fill it.
    pub async fn fill_of(&self, asker: &Asker, place: &Place) -> Result<FillShown> {
        asker.require(Role::Archivist)?;
        let at = match (place.container_uid, &place.location) {
            (Some(uid), _) => LedgerPlace {
                kind: PlaceKind::Container,
                uid,
            },
            (None, Some(location)) => LedgerPlace {
                kind: PlaceKind::Location,
                uid: location.uid,
            },
            (None, None) => return Ok(FillShown::default()),
        };
        let page = self.settings(asker).await?.page_thickness_um;
        let mut reader = self.0.readers.acquire().await?;
        let filling = filling::of(&mut reader, at, page).await?;
        Ok(FillShown {
            used_mm: filling.micrometres.div_euclid(1_000) + i64::from(filling.micrometres % 1_000 > 0),
            pieces: filling.pieces,
        })
    }
}

/// The range of folded serials that begin so.
fn between(begins: &str) -> (String, String) {
    let low = fold::code(begins);
    let high = format!("{low}\u{10ffff}");
    (low, high)
}

async fn named(connection: &mut AnyConnection, serial: &str) -> Result<i64> {
    use super::resolve::{Resolution, resolve_in};
    match resolve_in(connection, serial).await? {
        Resolution::One(found) if found.kind == PlaceKind::Container => Ok(found.uid),
        _ => Err(Error::absent(Thing::Container, serial.trim())),
    }
}

async fn one(connection: &mut AnyConnection, uid: i64) -> Result<Container> {
    let statement = composed(format!("{CONTAINER} WHERE c.uid = $1"));
    container(&sqlx::query(statement).bind(uid).fetch_one(connection).await?)
}

fn container(row: &AnyRow) -> Result<Container> {
    let row = row.of("containers");
    Ok(Container {
        uid: row.int("uid")?,
        id: row.text("id")?,
        serial: row.text("serial")?,
        kind: row.word("kind", ContainerKind::from_code)?,
        title: row.text("title")?,
        size_mm: row.maybe_int("size_mm")?,
        pieces_max: row.maybe_int("pieces_max")?,
        security_level_max: row.security_level("security_level_max")?,
        state: super::stored::used(row.flag("retired")?),
        version: row.int("version")?,
        moves: row.int("moves")?,
        stands_in: row.text("stands_in")?,
        location_code: row.text("location_code")?,
    })
}

async fn add(change: &mut Change, serial: &str, draft: &ContainerDraft) -> Result<i64> {
    let folded = fold::code(serial);
    if folded.is_empty() || folded.chars().count() > CODE_CHARACTERS_MAX {
        return Err(Error::invalid(
            Field::Serial,
            serial,
            both!("a serial has 1 to 64 characters", "盒号有 1 到 64 个字符"),
        ));
    }
    within(draft)?;
    let taken = sqlx::query("SELECT uid FROM containers WHERE serial_folded = $1")
        .bind(&folded)
        .fetch_optional(change.connection())
        .await?;
    if taken.is_some() {
        return Err(Error::Exists {
            what: Thing::Container,
            id: serial.trim().to_owned(),
        });
    }
    let id = ContainerId::new(&change.environment);
    let at = change.at;
    let level = draft.security_level_max.unwrap_or(SecurityLevel::Secret);
    let uid = change
        .insert(&CONTAINERS)
        .set("id", id.as_str())
        .set("serial", fold::storable(serial.trim()))
        .set("serial_folded", &folded)
        .set("kind", draft.kind.unwrap_or(ContainerKind::Box).as_str())
        .set(
            "title",
            fold::storable(draft.title.as_deref().unwrap_or_default().trim()),
        )
        .set("size_mm", draft.size_mm.flatten())
        .set("pieces_max", draft.pieces_max.flatten())
        .set("security_level_max", level.number())
        .set("retired", 0)
        .set("created_at", at)
        .set("version", 1)
        .run()
        .await?;
    change.touch(ChangeSubject::Place, uid);
    change.event(EventDraft::new(
        AuditAction::ContainerAdded,
        AuditObject::Container,
        serial.trim(),
    ));
    Ok(uid)
}

/// Sizes and counts that can be.
fn within(draft: &ContainerDraft) -> Result<()> {
    let can_be = |amount: Option<Option<i64>>| {
        amount
            .flatten()
            .is_none_or(|amount| (1..=CONTAINER_SIZE_MAX_MM).contains(&amount))
    };
    match can_be(draft.size_mm) && can_be(draft.pieces_max) {
        true => Ok(()),
        false => Err(Error::invalid(
            Field::ContainerSize,
            draft
                .size_mm
                .flatten()
                .or(draft.pieces_max.flatten())
                .unwrap_or(0)
                .to_string(),
            both!(
                "a size is 1 to {CONTAINER_SIZE_MAX_MM} millimetres, a count 1 to {CONTAINER_SIZE_MAX_MM} pieces",
                "尺寸是 1 到 {CONTAINER_SIZE_MAX_MM} 毫米，件数是 1 到 {CONTAINER_SIZE_MAX_MM}"
            ),
        )),
    }
}

async fn alter(change: &mut Change, act: &Act, before: &Container, draft: &ContainerDraft) -> Result<()> {
    within(draft)?;
    let uid = before.uid;
    let mut update = change.update(&CONTAINERS, uid);
    if let Some(kind) = draft.kind {
        update = update.set("kind", kind.as_str());
    }
    if let Some(title) = &draft.title {
        update = update.set("title", fold::storable(title.trim()));
    }
    if let Some(size) = draft.size_mm {
        update = update.set("size_mm", size);
    }
    if let Some(pieces) = draft.pieces_max {
        update = update.set("pieces_max", pieces);
    }
    if let Some(level) = draft.security_level_max {
        update = update.set("security_level_max", level.number());
    }
    if let Some(state) = draft.state {
        update = update.set("retired", i64::from(state == PlaceUse::Retired));
    }
    if !update.run().await?.changed {
        return Ok(());
    }
    keeps_what_it_holds(change, act, before, draft).await?;
    if draft.state == Some(PlaceUse::Retired) && !before.stands_in.is_empty() {
        let note = MoveNote {
            act: PlacingId::new(&change.environment).to_string(),
            ..MoveNote::default()
        };
        let nowhere = LedgerPlace {
            kind: PlaceKind::None,
            uid: 0,
        };
        move_thing(change, ThingKind::Container, uid, nowhere, &note).await?;
    }
    change.touch(ChangeSubject::Place, uid);
    change.event(EventDraft::new(
        AuditAction::ContainerChanged,
        AuditObject::Container,
        &before.serial,
    ));
    Ok(())
}

/// A container that holds something stays in use, and its content still fits.
async fn keeps_what_it_holds(change: &mut Change, act: &Act, before: &Container, draft: &ContainerDraft) -> Result<()> {
    let at = LedgerPlace {
        kind: PlaceKind::Container,
        uid: before.uid,
    };
    let held = filling::of(change.connection(), at, act.page).await?;
    if draft.state == Some(PlaceUse::Retired) && held.pieces > 0 {
        return Err(RefusedBecause::PlaceHoldsPaper {
            place: before.serial.clone(),
            things: held.pieces,
        }
        .into());
    }
    let now = destination::at(change.connection(), at).await?;
    filling::holds(&now, held)?;
    now.takes_level(super::placing::level_in(change.connection(), before.uid).await?)
}
