//! Places in the database: import, look-up by code, contents in shelf order.

use super::resolve::{Resolution, ResolvedPlace, resolve};
use crate::places::{
    CodeLookup, ContentItem, Location, LocationCode, LocationKind, LocationRow, PathStep, Place, PlaceKind,
};
use crate::{
    Archive, Asker, Result, System, fold,
    ids::LocationId,
    permission::sql::Visible,
    places::OriginalState,
    privacy,
    store::{
        Store,
        sql::{Columns, LISTED_AT_ONCE, composed, level, marks, word},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;

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

    /// What should be at a place and in everything inside it, in shelf order; documents after `after` places, at most
    /// `limit`. Documents that the asker may not see are not even counted.
    pub async fn location_contents(
        &self,
        asker: &Asker,
        place: &Place,
        after: usize,
        limit: usize,
    ) -> Result<Vec<ContentItem>> {
        let mut items: Vec<ContentItem> = self
            .papers(asker, place.container_uid, &place.code)?
            .columns(
                "d.id, d.title, d.kind, d.number, d.date_text, d.pages_scanned, d.security_level, \
                 coalesce(k.code, '') AS customer_code, coalesce(k.name, '') AS customer_name, coalesce(o.number, '') AS dossier_no, \
                 coalesce(b.serial, '') AS container, coalesce(l.code, '') AS location_code, x.state",
            )
            .join("LEFT JOIN customers k ON k.uid = o.customer_uid")
            .join("LEFT JOIN containers b ON x.spot_kind = 'container' AND b.uid = x.spot_uid")
            .join("LEFT JOIN locations l ON l.uid = x.location_uid")
            .then(
                "ORDER BY l.sort_key, b.serial_folded, k.code_folded, d.date_key, d.uid LIMIT ? OFFSET ?",
                [limit.into(), after.into()],
            )
            .all(&self.0.readers)
            .await?
            .iter()
            .map(|row| content_item(row, asker))
            .collect::<Result<_>>()?;
        if let (Some(_), Some(location)) = (place.container_uid, &place.location) {
            // Everything inside a container is where the container is.
            items
                .iter_mut()
                .for_each(|item| item.location_code.clone_from(&location.code));
        }
        Ok(items)
    }

    /// How many documents there are at a place and inside it, of those that the asker may see.
    pub async fn location_contents_count(&self, asker: &Asker, place: &Place) -> Result<i64> {
        self.papers(asker, place.container_uid, &place.code)?
            .columns("CAST(count(*) AS BIGINT) AS n")
            .one(&self.0.readers)
            .await?
            .int("n")
    }

    /// The places directly inside a location, or the outermost ones, in shelf order.
    pub async fn location_children(&self, asker: &Asker, parent: Option<&Location>) -> Result<Vec<LocationRow>> {
        let rows = sqlx::query(
            "SELECT v.uid, v.id, v.code, v.name, v.kind, v.capacity, v.keeper, v.owner, v.security_level_max, v.version, v.sort_key, \
             (SELECT CAST(count(*) AS BIGINT) FROM locations x WHERE x.parent_uid = v.uid) AS children \
             FROM locations v WHERE coalesce(v.parent_uid, 0) = $1 AND v.retired = 0 ORDER BY v.sort_key",
        )
        .bind(parent.map_or(0, |location| location.uid))
        .fetch_all(&self.0.readers)
        .await?;
        let documents = self
            .papers(asker, None, parent.map_or("", |location| location.code.as_str()))?
            .columns("l.sort_key, CAST(count(*) AS BIGINT) AS n")
            .join("JOIN locations l ON l.uid = x.location_uid")
            .then("GROUP BY l.sort_key", [])
            .all(&self.0.readers)
            .await?;
        let mut counts = Vec::new();
        for row in documents {
            counts.push((row.text("sort_key")?, row.int("n")?));
        }
        let mut children = Vec::with_capacity(rows.len());
        for row in &rows {
            let own = row.text("sort_key")?;
            let inside = format!("{own}{INSIDE}");
            let documents = counts
                .iter()
                .filter(|(key, _)| *key == own || key.starts_with(&inside))
                .map(|(_, n)| n)
                .sum();
            children.push(LocationRow {
                location: location(row)?,
                documents,
                children: row.int("children")?,
            });
        }
        Ok(children)
    }

    /// The documents that the asker sees of those that should be at a place or inside it; `x` is the paper.
    fn papers(&self, asker: &Asker, container_uid: Option<i64>, code: &str) -> Result<Visible> {
        let (spots, key) = spots(container_uid, code)?;
        Ok(Visible::documents(asker, self.0.environment.now())
            .with(&spots, [key.low.into(), key.high.into(), key.container_uid.into()])
            .through("papers x", "x.document_uid"))
    }

    /// All locations in shelf order, for labels and lists.
    pub async fn locations(&self, _asker: &Asker, after_code: &str, limit: usize) -> Result<Vec<Location>> {
        let after = if after_code.is_empty() {
            String::new()
        } else {
            LocationCode::parse(after_code)?.sort_key()
        };
        let rows = sqlx::query(
            "SELECT uid, id, code, name, kind, capacity, keeper, owner, security_level_max, version FROM locations \
             WHERE sort_key > $1 AND retired = 0 ORDER BY sort_key LIMIT $2",
        )
        .bind(after)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(location).collect()
    }

    /// Location codes that begin with the text, in shelf order.
    pub async fn locations_suggest(&self, _asker: &Asker, text: &str, limit: usize) -> Result<Vec<Location>> {
        let prefix = fold::code(text);
        let dashless = prefix.replace('-', "");
        let rows = sqlx::query(
            "SELECT uid, id, code, name, kind, capacity, keeper, owner, security_level_max, version FROM locations \
             WHERE retired = 0 AND code_dashless >= $1 AND code_dashless < $2 ORDER BY sort_key LIMIT $3",
        )
        .bind(dashless.clone())
        .bind(format!("{dashless}\u{10ffff}"))
        .bind(i64::try_from(limit).unwrap_or(10))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(location).collect()
    }

    /// The place numbers (see [`crate::places::OriginalPlace::place_uid`]) of a code or of all codes that begin
    /// with it, containers standing there included; for the search field `location:`. At most `limit`.
    pub async fn place_uids(&self, _asker: &Asker, code: &str, limit: usize) -> Result<Vec<i64>> {
        let (text, prefix) = match code.strip_suffix(['*', '＊']) {
            Some(stem) => (stem, true),
            None => (code, false),
        };
        let meant = match resolve(&self.0.readers, text).await? {
            Resolution::One(place) => Some(place),
            Resolution::Several(_) | Resolution::Nothing => None,
        };
        let serial = meant.as_ref().filter(|place| place.kind == PlaceKind::Container);
        let as_labelled = meant
            .as_ref()
            .filter(|place| place.kind == PlaceKind::Location && !prefix);
        let Ok(parsed) = LocationCode::parse(as_labelled.map_or(text, |place| place.code.as_str())) else {
            return Ok(serial.map(|place| -place.uid).into_iter().collect());
        };
        let key = parsed.sort_key();
        let (low, high) = if prefix {
            (key.clone(), format!("{key}\u{10ffff}"))
        } else {
            (format!("{key}{INSIDE}"), format!("{key}{PAST_INSIDE}"))
        };
        let rows = sqlx::query(
            "SELECT uid AS place FROM locations WHERE sort_key = $1 OR code_dashless = $4 OR (sort_key >= $2 AND sort_key < $3) \
             ORDER BY sort_key LIMIT $5",
        )
        .bind(&key)
        .bind(&low)
        .bind(&high)
        .bind(parsed.dashless())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        let mut places: Vec<i64> = rows.iter().map(|row| row.int("place")).collect::<Result<_>>()?;
        places.extend(serial.map(|place| -place.uid));
        let mut at = 0;
        // Whatever stands in these places, and in what stands there.
        while at < places.len() && places.len() < limit {
            let (kind, uid) = if places[at] > 0 {
                ("location", places[at])
            } else {
                ("container", -places[at])
            };
            let rows = sqlx::query(
                "SELECT thing_uid FROM placements WHERE place_kind = $1 AND place_uid = $2 AND thing_kind = 'container' AND until_at IS NULL",
            )
            .bind(kind)
            .bind(uid)
            .fetch_all(&self.0.readers)
            .await?;
            for row in &rows {
                places.push(-row.int("thing_uid")?);
            }
            at += 1;
        }
        Ok(places)
    }

    /// The same place numbers in shelf order: by the natural order of the location where the place effectively is, then
    /// by the serial of the container. Places that stand nowhere or do not exist come last.
    pub async fn places_in_shelf_order(&self, _asker: &Asker, places: &[i64]) -> Result<Vec<i64>> {
        let mut keyed: Vec<(bool, String, String, i64)> = Vec::with_capacity(places.len());
        for (of_locations, statement) in [(true, ORDER_OF_LOCATIONS), (false, ORDER_OF_CONTAINERS)] {
            let uids: Vec<i64> = places
                .iter()
                .filter(|uid| (**uid > 0) == of_locations)
                .copied()
                .collect();
            for chunk in uids.chunks(LISTED_AT_ONCE) {
                let statement = format!("{statement} ({})", marks(1, chunk.len()));
                let mut query = sqlx::query(composed(statement));
                for uid in chunk {
                    query = query.bind(uid.saturating_abs());
                }
                let mut known = HashMap::new();
                for row in query.fetch_all(&self.0.readers).await? {
                    known.insert(row.int("uid")?, (row.text("sort_key")?, row.text("serial")?));
                }
                keyed.extend(chunk.iter().map(|uid| {
                    let (key, serial) = known.remove(&uid.saturating_abs()).unwrap_or_default();
                    (key.is_empty(), key, serial, *uid)
                }));
            }
        }
        keyed.sort_unstable();
        Ok(keyed.into_iter().map(|(_, _, _, uid)| uid).collect())
    }
}

const ORDER_OF_LOCATIONS: &str = "SELECT uid, sort_key, '' AS serial FROM locations WHERE uid IN";

/// A container stands in a location or in another container, at most three deep.
const ORDER_OF_CONTAINERS: &str = "\
    SELECT c.uid, coalesce(l.sort_key, '') AS sort_key, c.serial_folded AS serial FROM containers c \
    LEFT JOIN placements p1 ON p1.until_at IS NULL AND p1.thing_kind = 'container' AND p1.thing_uid = c.uid \
    LEFT JOIN placements p2 ON p2.until_at IS NULL AND p2.thing_kind = 'container' AND p1.place_kind = 'container' AND p2.thing_uid = p1.place_uid \
    LEFT JOIN placements p3 ON p3.until_at IS NULL AND p3.thing_kind = 'container' AND p2.place_kind = 'container' AND p3.thing_uid = p2.place_uid \
    LEFT JOIN locations l ON l.uid = CASE WHEN p1.place_kind = 'location' THEN p1.place_uid \
      WHEN p2.place_kind = 'location' THEN p2.place_uid WHEN p3.place_kind = 'location' THEN p3.place_uid END \
    WHERE c.uid IN";

impl System {
    pub async fn location_by_code(&self, code: &str) -> Result<Option<Location>> {
        match LocationCode::parse(code) {
            Ok(code) => by_folded(&self.0, code.folded()).await,
            Err(_) => Ok(None),
        }
    }
}

/// The character that stands in a sort key between a place and what is inside it, and the one after it.
const INSIDE: &str = "\u{1}";
const PAST_INSIDE: &str = "\u{2}";

/// The values of [`spots`]: `low`, `high`, `container_uid`.
struct SpotKey {
    container_uid: i64,
    low: String,
    high: String,
}

/// Table expressions that begin at a place and end at `papers`: the originals that should be there or inside it. They
/// start from the place, so that a shelf costs what stands on it and not what the archive holds. An empty code means
/// every place.
fn spots(container_uid: Option<i64>, code: &str) -> Result<(String, SpotKey)> {
    let key = match (container_uid, code) {
        (Some(uid), _) => SpotKey {
            container_uid: uid,
            low: String::new(),
            high: String::new(),
        },
        (None, "") => SpotKey {
            container_uid: 0,
            low: String::new(),
            high: "\u{10ffff}".to_owned(),
        },
        (None, code) => {
            let low = LocationCode::parse(code)?.sort_key();
            SpotKey {
                container_uid: 0,
                high: format!("{low}{PAST_INSIDE}"),
                low,
            }
        }
    };
    // `low` itself, and what follows it with the mark of being inside; nothing else lies between the two.
    let start = if container_uid.is_some() {
        "inside AS (SELECT uid FROM locations WHERE sort_key >= ? AND sort_key < ?), \
         first AS (SELECT CAST(? AS BIGINT) AS uid, CAST(0 AS BIGINT) AS location_uid)"
    } else {
        "inside AS (SELECT uid FROM locations WHERE sort_key >= ? AND sort_key < ?), \
         first AS (SELECT p.thing_uid AS uid, i.uid AS location_uid FROM inside i CROSS JOIN placements p WHERE p.place_kind = 'location' \
           AND p.place_uid = i.uid AND p.until_at IS NULL AND p.thing_kind = 'container' AND ? = 0)"
    };
    // CROSS JOIN, because SQLite has no statistics here and would begin with everything that stands anywhere; it keeps
    // the order of a CROSS JOIN. To PostgreSQL it is the same as JOIN.
    let text = format!(
        "WITH {start}, \
         second AS (SELECT p.thing_uid AS uid, f.location_uid FROM first f CROSS JOIN placements p WHERE p.place_kind = 'container' \
           AND p.place_uid = f.uid AND p.until_at IS NULL AND p.thing_kind = 'container'), \
         third AS (SELECT p.thing_uid AS uid, f.location_uid FROM second f CROSS JOIN placements p WHERE p.place_kind = 'container' \
           AND p.place_uid = f.uid AND p.until_at IS NULL AND p.thing_kind = 'container'), \
         spots AS (SELECT 'location' AS kind, uid, uid AS location_uid FROM inside UNION ALL SELECT 'container', uid, location_uid FROM first \
           UNION ALL SELECT 'container', uid, location_uid FROM second UNION ALL SELECT 'container', uid, location_uid FROM third), \
         papers AS (SELECT t.document_uid, t.state, s.kind AS spot_kind, s.uid AS spot_uid, s.location_uid FROM spots s \
           CROSS JOIN placements p CROSS JOIN originals t WHERE p.place_kind = s.kind AND p.place_uid = s.uid AND p.until_at IS NULL \
           AND p.thing_kind = 'original' AND t.uid = p.thing_uid \
           UNION ALL SELECT t.document_uid, t.state, s.kind, s.uid, s.location_uid FROM spots s \
           CROSS JOIN placements p CROSS JOIN originals t WHERE p.place_kind = s.kind AND p.place_uid = s.uid AND p.until_at IS NULL \
           AND p.thing_kind = 'volume' AND t.volume_uid = p.thing_uid)"
    );
    Ok((text, key))
}

async fn by_folded(store: &Store, folded: &str) -> Result<Option<Location>> {
    let row = sqlx::query(
        "SELECT uid, id, code, name, kind, capacity, keeper, owner, security_level_max, version FROM locations WHERE code_folded = $1",
    )
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

fn location(row: &AnyRow) -> Result<Location> {
    let row = &row.of("locations");
    Ok(Location {
        uid: row.int("uid")?,
        id: LocationId::parse(&row.text("id")?)?,
        code: row.text("code")?,
        name: row.text("name")?,
        kind: LocationKind::parse(&row.text("kind")?),
        capacity: row.maybe_int("capacity")?,
        keeper: row.text("keeper")?,
        owner: row.text("owner")?,
        security_level_max: level("locations", "security_level_max", row.int("security_level_max")?)?,
        version: row.int("version")?,
    })
}

fn content_item(row: &AnyRow, asker: &Asker) -> Result<ContentItem> {
    let row = &row.of("documents");
    Ok(ContentItem {
        document_id: row.text("id")?,
        title: privacy::shown_text(asker, row.text("title")?),
        kind: row.text("kind")?,
        number: privacy::shown_text(asker, row.text("number")?),
        date: row.text("date_text")?,
        customer_code: row.text("customer_code")?,
        customer_name: row.text("customer_name")?,
        dossier_no: row.text("dossier_no")?,
        container: row.text("container")?,
        location_code: row.text("location_code")?,
        original_state: word("originals", "state", &row.text("state")?, OriginalState::from_code)?,
        pages: row.int("pages_scanned")?,
        security_level: level("documents", "security_level", row.int("security_level")?)?,
    })
}
