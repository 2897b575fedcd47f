//! The one look-up of a thing that somebody names: a paper by the id or number of its document or by its own id, a container
//! by its serial, a volume by its number. Papers are found within the sight of the asker.

use super::resolve::{Resolution, resolve_in};
use crate::{
    Archive, Asker, Error, Moment, Result, Thing,
    documents::sql::keyed::key_conditions,
    fold,
    permission::sql::{Bound, Visible},
    places::{FoundThing, OriginalState, PlaceKind, ThingKind, ThingLookup},
    store::sql::{Change, Columns},
};
use sqlx::{AnyConnection, any::AnyRow};

/// Of each document that a key means, and its paper where it has one.
const PAPER: &str = "d.uid AS document_uid, d.id AS document_id, d.number, d.title, d.kind, d.copy_state, d.security_level, d.dossier_uid, d.date_text, \
     coalesce(t.uid, 0) AS uid, coalesce(t.id, '') AS original_id, t.state, t.volume_uid, coalesce(v.number, '') AS volume, \
     coalesce((SELECT p.position FROM placements p WHERE p.thing_kind = 'original' AND p.thing_uid = t.uid AND p.until_at IS NULL), 0) AS moves";

impl Archive {
    /// What somebody means who names a thing; a paper only if the asker may see its document.
    pub async fn thing(&self, asker: &Asker, named: &str) -> Result<ThingLookup> {
        let mut reader = self.0.readers.acquire().await?;
        find(&mut reader, asker, self.0.environment.now(), named).await
    }
}

/// The one thing that is meant, or why there is none.
///
/// # Errors
/// [`Error::Absent`] where nothing is meant, [`Error::Invalid`] where several things are.
pub(crate) async fn the_thing(change: &mut Change, asker: &Asker, named: &str) -> Result<FoundThing> {
    let at = change.at;
    match find(change.connection(), asker, at, named).await? {
        ThingLookup::One(thing) => Ok(*thing),
        ThingLookup::Several(names) => {
            let names = names.join(", ");
            let reason = vocabulary::both!(
                "it fits several things: {names}; name one by its id",
                "可能是：{names}；请用编号写明是哪一件"
            );
            Err(Error::invalid(crate::Field::Thing, named, reason))
        }
        ThingLookup::Nothing => Err(Error::absent(Thing::Other, named.trim())),
    }
}

/// The first tier in which something is found counts: papers by id and number, containers by serial, volumes by number.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    asker: &Asker,
    now: Moment,
    named: &str,
) -> Result<ThingLookup> {
    let key = vocabulary::codes::scanned(named);
    let of_original = ("t.id = ?", vec![key.trim().to_lowercase().into()]);
    for (condition, values) in key_conditions(&key).into_iter().chain([of_original]) {
        let rows = papers(asker, now, condition, values).all_held(connection).await?;
        match rows.as_slice() {
            [] => {}
            [row] => return Ok(ThingLookup::One(Box::new(paper(row)?))),
            rows => {
                let ids = rows.iter().map(|row| row.of("documents").text("document_id"));
                return Ok(ThingLookup::Several(ids.collect::<Result<_>>()?));
            }
        }
    }
    if let Resolution::One(found) = resolve_in(connection, &key).await?
        && found.kind == PlaceKind::Container
    {
        return container(connection, found.uid)
            .await
            .map(|found| ThingLookup::One(Box::new(found)));
    }
    volume(connection, asker, now, &key).await
}

fn papers(asker: &Asker, now: Moment, condition: &str, values: Vec<Bound>) -> Visible {
    Visible::documents(asker, now)
        .columns(PAPER)
        .join("LEFT JOIN originals t ON t.document_uid = d.uid")
        .join("LEFT JOIN volumes v ON v.uid = t.volume_uid")
        .and(condition, values)
        .then("ORDER BY d.uid LIMIT 5", [])
}

fn paper(row: &AnyRow) -> Result<FoundThing> {
    let row = row.of("documents").by("document_uid");
    Ok(FoundThing {
        kind: ThingKind::Original,
        uid: row.int("uid")?,
        id: row.text("original_id")?,
        name: row.text("number")?,
        title: row.text("title")?,
        document_uid: Some(row.int("document_uid")?),
        document_id: row.text("document_id")?,
        document_kind: row.text("kind")?,
        copy_state: row.text("copy_state")?,
        container_kind: None,
        state: row.maybe_word("state", OriginalState::from_code)?,
        security_level: row.int("security_level")?,
        volume: row.text("volume")?,
        dossier_uid: row.maybe_int("dossier_uid")?,
        year: row.text("date_text")?.chars().take(4).collect(),
        moves: row.int("moves")?,
    })
}

/// A container as a thing; its security level is the highest that it may hold.
pub(crate) async fn container(connection: &mut AnyConnection, uid: i64) -> Result<FoundThing> {
    let row = sqlx::query(
        "SELECT c.uid, c.id, c.serial, c.title, c.kind, c.security_level_max, \
         coalesce((SELECT p.position FROM placements p WHERE p.thing_kind = 'container' AND p.thing_uid = c.uid AND p.until_at IS NULL), 0) AS moves \
         FROM containers c WHERE c.uid = $1",
    )
    .bind(uid)
    .fetch_one(connection)
    .await?;
    let row = row.of("containers");
    Ok(FoundThing {
        kind: ThingKind::Container,
        uid,
        id: row.text("id")?,
        name: row.text("serial")?,
        title: row.text("title")?,
        document_uid: None,
        document_id: String::new(),
        document_kind: String::new(),
        copy_state: String::new(),
        container_kind: Some(row.word("kind", vocabulary::ContainerKind::from_code)?),
        state: None,
        security_level: row.int("security_level_max")?,
        volume: String::new(),
        dossier_uid: None,
        year: String::new(),
        moves: row.int("moves")?,
    })
}

/// A volume is seen by whoever sees a paper in it.
async fn volume(connection: &mut AnyConnection, asker: &Asker, now: Moment, key: &str) -> Result<ThingLookup> {
    let rows = Visible::documents(asker, now)
        .columns(
            "v.uid, v.id, v.number, v.title, CAST(max(d.security_level) AS BIGINT) AS level, \
             coalesce((SELECT p.position FROM placements p WHERE p.thing_kind = 'volume' AND p.thing_uid = v.uid AND p.until_at IS NULL), 0) AS moves",
        )
        .join("JOIN originals t ON t.document_uid = d.uid")
        .join("JOIN volumes v ON v.uid = t.volume_uid")
        .and("v.id = ? OR upper(v.number) = ?", [key.trim().to_lowercase().into(), fold::code(key).into()])
        .then("GROUP BY v.uid, v.id, v.number, v.title ORDER BY v.uid LIMIT 5", [])
        .all_held(connection)
        .await?;
    let volume = |row: &AnyRow| -> Result<FoundThing> {
        let row = row.of("volumes");
        Ok(FoundThing {
            kind: ThingKind::Volume,
            uid: row.int("uid")?,
            id: row.text("id")?,
            name: row.text("number")?,
            title: row.text("title")?,
            document_uid: None,
            document_id: String::new(),
            document_kind: String::new(),
            copy_state: String::new(),
            container_kind: None,
            state: None,
            security_level: row.int("level")?,
            volume: String::new(),
            dossier_uid: None,
            year: String::new(),
            moves: row.int("moves")?,
        })
    };
    Ok(match rows.as_slice() {
        [] => ThingLookup::Nothing,
        [row] => ThingLookup::One(Box::new(volume(row)?)),
        rows => {
            let ids = rows.iter().map(|row| row.of("volumes").text("id"));
            ThingLookup::Several(ids.collect::<Result<_>>()?)
        }
    })
}
