//! Places as numbers for the index: those inside a place, and their order on the shelves.

use super::contents::{INSIDE, PAST_INSIDE};
use super::resolve::{Resolution, resolve};
use crate::places::{LocationCode, PlaceKind};
use crate::{
    Archive, Asker, Result,
    store::sql::{Columns, LISTED_AT_ONCE, composed, marks},
};
use std::collections::HashMap;

impl Archive {
    /// The place numbers (see [`crate::places::OriginalPlace::place_uid`]) of a code or of all codes that begin
    /// with it, containers standing there included; for the search field `location:`. A text that is no code may be the
    /// name of places (`一号库房`), as screens show it. At most `limit`.
    pub async fn place_uids(&self, _asker: &Asker, code: &str, limit: usize) -> Result<Vec<i64>> {
        let mut places = self.places_of_code(code, limit).await?;
        if places.is_empty() && !code.ends_with(['*', '＊']) {
            let rows =
                sqlx::query("SELECT code FROM locations WHERE lower(name) = lower($1) ORDER BY sort_key LIMIT 20")
                    .bind(code.trim())
                    .fetch_all(&self.0.readers)
                    .await?;
            for row in &rows {
                let named = self.places_of_code(&row.of("locations").text("code")?, limit).await?;
                places.extend(named);
            }
            places.truncate(limit);
        }
        Ok(places)
    }

    async fn places_of_code(&self, code: &str, limit: usize) -> Result<Vec<i64>> {
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
        let mut places: Vec<i64> = rows
            .iter()
            .map(|row| row.of("locations").int("place"))
            .collect::<Result<_>>()?;
        places.extend(serial.map(|place| -place.uid));
        let mut at = 0;
        // Everything in these places, at any depth.
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
                places.push(-row.of("placements").int("thing_uid")?);
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
                    let row = row.of("locations");
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
