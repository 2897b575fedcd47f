//! The places of a map with what lies in them.

use super::contents::{SpotKey, spots};
use crate::{
    Archive, Asker, Result,
    permission::sql::numbered,
    places::{FORECAST_MONTHS, Location, LocationKind, MAP_PLACES_MAX, MapPlace, PlaceMap},
    store::sql::{Columns, composed},
};
use std::collections::HashMap;

const DAY_S: i64 = 24 * 60 * 60;
/// Of a month, leap days with them, a hundred times.
const MONTH_DAYS_100: i64 = 3_044;

impl Archive {
    /// A place with everything inside it, for a map; papers are those that the asker may see.
    pub async fn place_map(&self, asker: &Asker, location: &Location) -> Result<PlaceMap> {
        let key = SpotKey::of(None, &location.code)?;
        let rows = sqlx::query(
            "SELECT uid, coalesce(parent_uid, 0) AS parent_uid, code, name, kind FROM locations \
             WHERE sort_key >= $1 AND sort_key < $2 AND retired = 0 ORDER BY sort_key LIMIT $3",
        )
        .bind(&key.low)
        .bind(&key.high)
        .bind(i64::try_from(MAP_PLACES_MAX).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        let since = self
            .0
            .environment
            .now()
            .plus_seconds(-FORECAST_MONTHS * MONTH_DAYS_100 * DAY_S / 100);
        let mut papers: HashMap<i64, i64> = HashMap::new();
        let mut came = 0;
        let counted = self
            .papers(asker, &key)
            .columns_with(
                "x.location_uid, CAST(count(*) AS BIGINT) AS n, CAST(sum(CASE WHEN p.from_at >= ? THEN 1 ELSE 0 END) AS BIGINT) AS came",
                [since.micros().into()],
            )
            .join("JOIN originals t ON t.document_uid = x.document_uid")
            .join("LEFT JOIN placements p ON p.until_at IS NULL AND p.thing_kind = 'original' AND p.thing_uid = t.uid")
            .then("GROUP BY x.location_uid", [])
            .all(&self.0.readers)
            .await?;
        for row in &counted {
            let row = row.of("originals").by("location_uid");
            papers.insert(row.int("location_uid")?, row.int("n")?);
            came += row.int("came")?;
        }
        let containers = self.containers_at(&key).await?;
        let places = rows.iter().map(|row| {
            let row = row.of("locations");
            let uid = row.int("uid")?;
            Ok(MapPlace {
                uid,
                parent_uid: row.int("parent_uid")?,
                code: row.text("code")?,
                name: row.text("name")?,
                kind: LocationKind::parse(&row.text("kind")?),
                papers: papers.get(&uid).copied().unwrap_or(0),
                containers: containers.get(&uid).copied().unwrap_or(0),
            })
        });
        Ok(PlaceMap {
            places: places.collect::<Result<_>>()?,
            came,
        })
    }

    /// How many containers stand at each place inside a place.
    async fn containers_at(&self, key: &SpotKey) -> Result<HashMap<i64, i64>> {
        let with = spots(key);
        let text =
            format!("{with} SELECT location_uid, CAST(count(*) AS BIGINT) AS n FROM first GROUP BY location_uid");
        let rows = sqlx::query(composed(numbered(&text, 1, 3)))
            .bind(&key.low)
            .bind(&key.high)
            .bind(key.container_uid.unwrap_or(0))
            .fetch_all(&self.0.readers)
            .await?;
        let each = rows.iter().map(|row| {
            let row = row.of("placements").by("location_uid");
            Ok((row.int("location_uid")?, row.int("n")?))
        });
        each.collect()
    }
}
