//! When a thing was last seen by somebody who counted.

use crate::{Archive, Asker, Result, ids::StocktakeId, places::ThingLookup, stocktakes::LastSeen, store::sql::Columns};

/// How far back it is told.
const ROWS_MAX: i64 = 50;

impl Archive {
    /// When a thing was seen in stocktakes, the newest first: the paper of a document (by id or own number, or by the id of the
    /// original) that the asker sees, or a container by its serial. `None` when there is no such thing to be seen.
    pub async fn thing_seen(&self, asker: &Asker, thing: &str) -> Result<Option<Vec<LastSeen>>> {
        let ThingLookup::One(found) = self.thing(asker, thing).await? else {
            return Ok(None);
        };
        let rows = sqlx::query(
            "SELECT s.uid, s.at, s.by_name, s.worn, k.id, coalesce(l.code, c.serial, '') AS place FROM stocktake_scans s \
             JOIN stocktakes k ON k.uid = s.stocktake_uid \
             LEFT JOIN locations l ON s.at_kind = 'location' AND l.uid = s.at_uid \
             LEFT JOIN containers c ON s.at_kind = 'container' AND c.uid = s.at_uid \
             WHERE s.thing_kind = $1 AND s.thing_uid = $2 ORDER BY s.at DESC, s.uid DESC LIMIT $3",
        )
        .bind(found.kind.as_str())
        .bind(found.uid)
        .bind(ROWS_MAX)
        .fetch_all(&self.0.readers)
        .await?;
        let seen = rows.iter().map(|row| {
            let row = row.of("stocktake_scans");
            Ok(LastSeen {
                at: row.moment("at")?,
                place: row.text("place")?,
                by: row.text("by_name")?,
                stocktake: row.read("id", StocktakeId::parse)?,
                worn: row.flag("worn")?,
            })
        });
        seen.collect::<Result<_>>().map(Some)
    }
}
