//! Places in the database: import, look-up by code, contents in shelf order.

use super::{
    resolve::{Resolution, ResolvedPlace, resolve},
    stored::used,
};
use crate::places::{CapacityUnit, CodeLookup, Location, LocationCode, LocationKind, PathStep, Place, PlaceKind};
use crate::{
    Archive, Asker, Result, System, fold,
    ids::LocationId,
    store::{
        Store,
        sql::{Columns, composed},
    },
};
use sqlx::any::AnyRow;

/// Joins that lead from a document `d` to where its original lies now: `t` the original, `p` its own placement (or
/// that of its volume), `c1` to `c3` the containers around it, `l` the location.
pub(crate) const PLACE_JOINS: &str = "\
    LEFT JOIN originals t ON t.document_uid = d.uid \
    LEFT JOIN placements p ON p.until_at IS NULL AND ((t.volume_uid IS NULL AND p.thing_kind = 'original' AND p.thing_uid = t.uid) \
      OR (t.volume_uid IS NOT NULL AND p.thing_kind = 'volume' AND p.thing_uid = t.volume_uid)) \
    LEFT JOIN placements p1 ON p1.until_at IS NULL AND p1.thing_kind = 'container' AND p.place_kind = 'container' AND p1.thing_uid = p.place_uid \
    LEFT JOIN placements p2 ON p2.until_at IS NULL AND p2.thing_kind = 'container' AND p1.place_kind = 'container' AND p2.thing_uid = p1.place_uid \
    LEFT JOIN placements p3 ON p3.until_at IS NULL AND p3.thing_kind = 'container' AND p2.place_kind = 'container' AND p3.thing_uid = p2.place_uid \
    LEFT JOIN containers c1 ON p.place_kind = 'container' AND c1.uid = p.place_uid \
    LEFT JOIN locations l ON l.uid = CASE WHEN p.place_kind = 'location' THEN p.place_uid \
      WHEN p1.place_kind = 'location' THEN p1.place_uid WHEN p2.place_kind = 'location' THEN p2.place_uid \
      WHEN p3.place_kind = 'location' THEN p3.place_uid END";

/// The columns of a [`Location`].
pub(super) const LOCATION: &str = "uid, id, code, name, kind, capacity, capacity_unit, keeper, owner, security_level_max, retired, attributes, version";

impl Archive {
    /// What a typed or scanned code means: a location, a container, or nothing. Input is forgiving.
    pub async fn locate(&self, _asker: &Asker, code: &str) -> Result<CodeLookup> {
        let place = match resolve(&self.0.readers, code).await? {
            Resolution::Nothing => return Ok(CodeLookup::None),
            Resolution::Several(codes) => return Ok(CodeLookup::Ambiguous(codes)),
            Resolution::One(place) => place,
        };
        if place.kind == PlaceKind::Container {
            let place = container_place(&self.0, place).await?;
            return Ok(CodeLookup::Container(Box::new(place)));
        }
        match by_folded(&self.0, &place.folded).await? {
            Some(location) => Ok(CodeLookup::Location(Box::new(location_place(&self.0, location).await?))),
            None => Ok(CodeLookup::None),
        }
    }

    /// All locations in shelf order, for labels and lists.
    pub async fn locations(&self, _asker: &Asker, after_code: &str, limit: usize) -> Result<Vec<Location>> {
        let after = if after_code.is_empty() {
            String::new()
        } else {
            LocationCode::parse(after_code)?.sort_key()
        };
        let rows = sqlx::query(composed(format!(
            "SELECT {LOCATION} FROM locations WHERE sort_key > $1 AND retired = 0 ORDER BY sort_key LIMIT $2"
        )))
        .bind(after)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(location).collect()
    }

    /// How many locations there are.
    pub async fn locations_total(&self, _asker: &Asker) -> Result<i64> {
        let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM locations WHERE retired = 0")
            .fetch_one(&self.0.readers)
            .await?;
        row.of("locations").int("n")
    }

    /// Location codes that begin with the text, in shelf order.
    pub async fn locations_suggest(&self, _asker: &Asker, text: &str, limit: usize) -> Result<Vec<Location>> {
        let prefix = fold::code(text);
        let dashless = prefix.replace('-', "");
        let rows = sqlx::query(composed(format!(
            "SELECT {LOCATION} FROM locations \
                 WHERE retired = 0 AND code_dashless >= $1 AND code_dashless < $2 ORDER BY sort_key LIMIT $3"
        )))
        .bind(dashless.clone())
        .bind(format!("{dashless}\u{10ffff}"))
        .bind(i64::try_from(limit).unwrap_or(10))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(location).collect()
    }
}

impl System {
    pub async fn location_by_code(&self, code: &str) -> Result<Option<Location>> {
        match LocationCode::parse(code) {
            Ok(code) => by_folded(&self.0, code.folded()).await,
            Err(_) => Ok(None),
        }
    }
}

pub(super) async fn by_folded(store: &Store, folded: &str) -> Result<Option<Location>> {
    let row = sqlx::query(composed(format!(
        "SELECT {LOCATION} FROM locations WHERE code_folded = $1"
    )))
    .bind(folded)
    .fetch_optional(&store.readers)
    .await?;
    row.as_ref().map(location).transpose()
}

async fn location_place(store: &Store, location: Location) -> Result<Place> {
    Ok(Place {
        code: location.code.clone(),
        name: location.name.clone(),
        path: path_of(store, &location.code).await?,
        location: Some(location),
        container_uid: None,
    })
}

async fn path_of(store: &Store, code: &str) -> Result<Vec<PathStep>> {
    let code = LocationCode::parse(code)?;
    let mut path = Vec::new();
    for step in code.parents().iter().chain([&code]) {
        if let Some(found) = by_folded(store, step.folded()).await? {
            path.push(PathStep {
                code: found.code,
                name: found.name,
            });
        }
    }
    Ok(path)
}

async fn container_place(store: &Store, container: ResolvedPlace) -> Result<Place> {
    let ResolvedPlace {
        kind: _,
        uid,
        code,
        folded: _,
        title,
    } = container;
    let mut steps = vec![PathStep {
        code: code.clone(),
        name: title.clone(),
    }];
    let (mut standing, mut location) = (uid, None);
    for _ in 0..=crate::places::CONTAINER_DEPTH_MAX {
        let place = sqlx::query(
            "SELECT p.place_kind, p.place_uid, l.code_folded, c.serial, c.title FROM placements p \
             LEFT JOIN locations l ON p.place_kind = 'location' AND l.uid = p.place_uid \
             LEFT JOIN containers c ON p.place_kind = 'container' AND c.uid = p.place_uid \
             WHERE p.thing_kind = 'container' AND p.thing_uid = $1 AND p.until_at IS NULL",
        )
        .bind(standing)
        .fetch_optional(&store.readers)
        .await?;
        let Some(place) = place else { break };
        let place = place.of("placements");
        if let Some(folded) = place.maybe_text("code_folded")? {
            location = by_folded(store, &folded).await?;
            break;
        }
        let Some(serial) = place.maybe_text("serial")? else {
            break;
        };
        steps.push(PathStep {
            code: serial,
            name: place.maybe_text("title")?.unwrap_or_default(),
        });
        standing = place.int("place_uid")?;
    }
    let mut path = match &location {
        Some(location) => path_of(store, &location.code).await?,
        None => Vec::new(),
    };
    path.extend(steps.into_iter().rev());
    Ok(Place {
        code,
        name: title,
        path,
        location,
        container_uid: Some(uid),
    })
}

pub(super) fn location(row: &AnyRow) -> Result<Location> {
    let row = &row.of("locations");
    Ok(Location {
        uid: row.int("uid")?,
        id: row.read("id", LocationId::parse)?,
        code: row.text("code")?,
        name: row.text("name")?,
        kind: LocationKind::parse(&row.text("kind")?),
        capacity: row.maybe_int("capacity")?,
        capacity_unit: row.word("capacity_unit", CapacityUnit::from_code)?,
        keeper: row.text("keeper")?,
        owner: row.text("owner")?,
        security_level_max: row.security_level("security_level_max")?,
        state: used(row.flag("retired")?),
        attributes: row.read("attributes", |text| serde_json::from_str(text))?,
        version: row.int("version")?,
    })
}
