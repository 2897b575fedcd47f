//! The walk: which shelves still wait, and what is still expected at the one where somebody stands.

use super::{load::stocktake_of, read::require_reading};
use crate::{
    Archive, Asker, Result,
    ids::StocktakeId,
    permission::sql::{Bound, Visible},
    places::{
        LocationCode, PlaceKind,
        sql::contents::PAST_INSIDE,
        sql::resolve::{Resolution, resolve},
    },
    stocktakes::{LineSettled, ShelfStep, ShelfView, Spot, Stocktake, StocktakeVerdict, evaluate::Finding},
    store::sql::Columns,
};

/// Shelves and things that a small screen lists.
const SHOWN_MAX: usize = 200;

/// True for a line `e` whose thing was scanned.
const SCANNED: &str = "EXISTS (SELECT 1 FROM stocktake_scans s WHERE s.thing_kind = e.thing_kind AND s.thing_uid = e.thing_uid \
     AND s.stocktake_uid = e.stocktake_uid)";
/// Whoever is out is expected nowhere.
const IS_IN: &str = "e.state NOT IN ('on_loan', 'out_for_scanning')";

impl Archive {
    /// What is expected at a place of a stocktake and was not scanned yet. `None` for a code that means no place.
    pub async fn stocktake_shelf(&self, asker: &Asker, id: &StocktakeId, at: &str) -> Result<Option<ShelfView>> {
        require_reading(asker)?;
        let stocktake = stocktake_of(&self.0, id).await?;
        let Resolution::One(place) = resolve(&self.0.readers, at).await? else {
            return Ok(None);
        };
        let (condition, values): (&str, Vec<Bound>) = match place.kind {
            PlaceKind::Location => {
                let low = LocationCode::parse(&place.code)?.sort_key();
                let high = format!("{low}{PAST_INSIDE}");
                (
                    "e.place_kind = 'location' AND l.sort_key >= ? AND l.sort_key < ?",
                    vec![low.into(), high.into()],
                )
            }
            _ => ("e.place_kind = 'container' AND e.place_uid = ?", vec![place.uid.into()]),
        };
        let total = self.count_lines(asker, &stocktake, condition, values.clone()).await?;
        let waiting_too = format!("{condition} AND NOT {SCANNED}");
        let waiting_total = self
            .count_lines(asker, &stocktake, &waiting_too, values.clone())
            .await?;
        let waiting = self
            .stocktake_expected(asker, &stocktake, |lines| {
                lines.and(&waiting_too, values).and(IS_IN, []).then(
                    "ORDER BY l.sort_key, e.thing_kind, e.thing_uid LIMIT ?",
                    [SHOWN_MAX.into()],
                )
            })
            .await?;
        let lines = waiting.into_iter().map(|line| {
            let finding = Finding {
                key: Some(line.key),
                document_uid: line.document_uid,
                label: String::new(),
                verdict: StocktakeVerdict::Missing,
                is_expected: true,
                found: Spot::NOWHERE,
                belongs: line.place,
            };
            (finding, LineSettled::default())
        });
        let lines = lines.collect();
        Ok(Some(ShelfView {
            at: place.code,
            name: place.title,
            waiting: self.stocktake_named(asker, lines).await?,
            waiting_total,
            seen: total - waiting_total,
        }))
    }

    async fn count_lines(
        &self,
        asker: &Asker,
        stocktake: &Stocktake,
        condition: &str,
        values: Vec<Bound>,
    ) -> Result<i64> {
        self.stocktake_lines_seen(asker, stocktake)
            .columns("CAST(count(*) AS BIGINT) AS n")
            .join("LEFT JOIN locations l ON l.uid = e.location_uid")
            .and(condition, values)
            .and(IS_IN, [])
            .one(&self.0.readers)
            .await?
            .of("stocktake_lines")
            .int("n")
    }

    /// The shelves of a stocktake in shelf order, with how many boxes and loose papers are expected on each and how many of
    /// them were scanned; only those that still wait when `waiting` is set.
    pub async fn stocktake_walk(&self, asker: &Asker, id: &StocktakeId, waiting: bool) -> Result<Vec<ShelfStep>> {
        require_reading(asker)?;
        let stocktake = stocktake_of(&self.0, id).await?;
        let having = match waiting {
            true => format!("HAVING sum(CASE WHEN {SCANNED} THEN 1 ELSE 0 END) < count(*)"),
            false => String::new(),
        };
        let steps: Visible = self
            .stocktake_lines_seen(asker, &stocktake)
            .columns(format!(
                "l.code, l.name, l.sort_key, CAST(count(*) AS BIGINT) AS expected, CAST(sum(CASE WHEN {SCANNED} THEN 1 ELSE 0 END) AS BIGINT) AS scanned"
            ))
            .join("JOIN locations l ON l.uid = e.place_uid")
            .and("e.place_kind = 'location'", [])
            .and(IS_IN, [])
            .then(
                &format!("GROUP BY l.code, l.name, l.sort_key {having} ORDER BY l.sort_key LIMIT ?"),
                [SHOWN_MAX.into()],
            );
        let rows = steps.all(&self.0.readers).await?;
        let steps = rows.iter().map(|row| {
            let row = row.of("locations");
            Ok(ShelfStep {
                code: row.text("code")?,
                name: row.text("name")?,
                expected: row.int("expected")?,
                scanned: row.int("scanned")?,
            })
        });
        steps.collect()
    }
}
