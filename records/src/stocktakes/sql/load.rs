//! A stocktake as it was written: its head, its frozen lines, its scans, what was settled.

use crate::{
    Archive, Asker, Error, Result, Thing,
    ids::StocktakeId,
    permission::sql::Visible,
    places::{OriginalState, PlaceKind, ThingKind},
    stocktakes::{
        LineSettled, Spot, Stocktake, StocktakeResolution, StocktakeState, StocktakeVerdict, ThingKey,
        evaluate::{ExpectedThing, Finding, ScannedThing, Stranger},
    },
    store::{
        Store,
        sql::{Columns, LISTED_AT_ONCE, RowOf, composed, marks},
    },
};
use sqlx::any::AnyRow;
use std::collections::{HashMap, HashSet};

pub(super) const STOCKTAKE: &str = "uid, id, scope_kind, scope_uid, scope_code, scope_low, scope_high, state, dead_years, boxes_whole, begun_at, begun_by, closed_at, closed_by";

/// The ledger's current row of a line `e`: of the thing itself, or of the volume that a paper is bound in.
const PLACED_NOW: &str = "LEFT JOIN originals t ON e.thing_kind = 'original' AND t.uid = e.thing_uid \
     LEFT JOIN placements p ON p.until_at IS NULL AND p.thing_kind = CASE WHEN t.volume_uid IS NULL THEN e.thing_kind ELSE 'volume' END \
     AND p.thing_uid = coalesce(t.volume_uid, e.thing_uid) \
     LEFT JOIN locations l ON l.uid = e.location_uid";

const EXPECTED: &str = "e.thing_kind, e.thing_uid, e.document_uid, e.place_kind, e.place_uid, e.state, e.used_at, coalesce(l.sort_key, '') AS shelf, \
     coalesce(t.state, '') AS state_now, coalesce(p.place_kind, 'none') AS now_kind, coalesce(p.place_uid, 0) AS now_uid";

/// What a line of a stocktake is found by: the thing, or the label that nothing has, and what is said of it.
pub(super) type LineKey = (Option<ThingKey>, String, StocktakeVerdict);

pub(super) fn key_of(finding: &Finding) -> LineKey {
    let label = match finding.key {
        Some(_) => String::new(),
        None => finding.label.clone(),
    };
    (finding.key, label, finding.verdict)
}

pub(super) async fn stocktake_of(store: &Store, id: &StocktakeId) -> Result<Stocktake> {
    let row = sqlx::query(composed(format!("SELECT {STOCKTAKE} FROM stocktakes WHERE id = $1")))
        .bind(id.as_str())
        .fetch_optional(&store.readers)
        .await?
        .ok_or_else(|| absent(id))?;
    stocktake(&row)
}

pub(super) fn absent(id: &StocktakeId) -> Error {
    Error::Absent {
        what: Thing::Stocktake,
        id: id.to_string(),
    }
}

pub(super) fn stocktake(row: &AnyRow) -> Result<Stocktake> {
    let row = &row.of("stocktakes");
    Ok(Stocktake {
        uid: row.int("uid")?,
        id: row.read("id", StocktakeId::parse)?,
        scope: row.text("scope_code")?,
        state: row.word("state", StocktakeState::from_code)?,
        dead_years: row.int("dead_years")?,
        boxes_whole: row.flag("boxes_whole")?,
        begun_at: row.moment("begun_at")?,
        begun_by: row.text("begun_by")?,
        closed_at: row.maybe_moment("closed_at")?,
        closed_by: row.text("closed_by")?,
        scope_place: spot(row, "scope_kind", "scope_uid")?,
        low: row.text("scope_low")?,
        high: row.text("scope_high")?,
    })
}

pub(super) fn spot(row: &RowOf<'_>, kind: &'static str, uid: &'static str) -> Result<Spot> {
    Ok(Spot {
        kind: row.word(kind, PlaceKind::from_code)?,
        uid: row.int(uid)?,
    })
}

fn thing(row: &RowOf<'_>) -> Result<Option<ThingKey>> {
    let Some(kind) = row.maybe_word("thing_kind", ThingKind::from_code)? else {
        return Ok(None);
    };
    let uid = row.int("thing_uid")?;
    Ok(Some(ThingKey { kind, uid }))
}

const LINES_SEEN: &str = "stocktake_lines e LEFT JOIN documents d ON d.uid = e.document_uid";
const SCANS_SEEN: &str = "stocktake_scans s JOIN documents d ON d.uid = s.document_uid";
const FINDINGS_SEEN: &str = "stocktake_findings f LEFT JOIN documents d ON d.uid = f.document_uid";

impl Archive {
    /// The frozen lines that the asker sees, of which `narrowed` takes those that are wanted; `e` is the line.
    pub(super) async fn stocktake_expected(
        &self,
        asker: &Asker,
        stocktake: &Stocktake,
        narrowed: impl FnOnce(Visible) -> Visible,
    ) -> Result<Vec<ExpectedThing>> {
        let lines = self
            .stocktake_lines_seen(asker, stocktake)
            .columns(EXPECTED)
            .join(PLACED_NOW);
        let rows = narrowed(lines).all(&self.0.readers).await?;
        rows.iter().map(expected).collect()
    }

    pub(super) fn stocktake_lines_seen(&self, asker: &Asker, stocktake: &Stocktake) -> Visible {
        Visible::rows_about(asker, self.0.environment.now(), LINES_SEEN, "e.document_uid IS NULL")
            .and("e.stocktake_uid = ?", [stocktake.uid.into()])
    }

    /// Every scan in its order, from one on. One of a paper that the asker may not see is a label that nothing has.
    pub(super) async fn stocktake_scans(
        &self,
        asker: &Asker,
        stocktake: &Stocktake,
        from_uid: i64,
    ) -> Result<Vec<ScannedThing>> {
        let seen = Visible::rows_about(asker, self.0.environment.now(), SCANS_SEEN, "1 = 0")
            .columns("s.uid")
            .and(
                "s.stocktake_uid = ? AND s.uid >= ?",
                [stocktake.uid.into(), from_uid.into()],
            )
            .all(&self.0.readers)
            .await?;
        let seen: HashSet<i64> = seen
            .iter()
            .map(|row| row.of("stocktake_scans").int("uid"))
            .collect::<Result<_>>()?;
        let rows = sqlx::query(
            "SELECT s.uid, s.at_kind, s.at_uid, s.label, s.label_folded, s.thing_kind, s.thing_uid, s.document_uid, s.worn, s.by_name, \
             coalesce(l.sort_key, '') AS shelf FROM stocktake_scans s \
             LEFT JOIN locations l ON s.at_kind = 'location' AND l.uid = s.at_uid \
             WHERE s.stocktake_uid = $1 AND s.uid >= $2 ORDER BY s.uid",
        )
        .bind(stocktake.uid)
        .bind(from_uid)
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(|row| scanned(row, &seen)).collect()
    }

    /// What the ledger says of scanned things that were not expected.
    pub(super) async fn stocktake_strangers(
        &self,
        stocktake: &Stocktake,
        things: &[ThingKey],
    ) -> Result<HashMap<ThingKey, Stranger>> {
        let mut strangers = HashMap::with_capacity(things.len());
        for (kind, column) in [(ThingKind::Original, "t.uid"), (ThingKind::Container, "p.thing_uid")] {
            let uids: Vec<i64> = things
                .iter()
                .filter(|key| key.kind == kind)
                .map(|key| key.uid)
                .collect();
            for chunk in uids.chunks(LISTED_AT_ONCE) {
                let from = match kind {
                    ThingKind::Original => ORIGINALS_NOW,
                    _ => CONTAINERS_NOW,
                };
                let text = format!("{from} WHERE {column} IN ({})", marks(1, chunk.len()));
                let query = sqlx::query(composed(text));
                let query = chunk.iter().fold(query, |query, uid| query.bind(*uid));
                for row in query.fetch_all(&self.0.readers).await? {
                    let row = row.of("placements").by("thing_uid");
                    let key = ThingKey {
                        kind,
                        uid: row.int("thing_uid")?,
                    };
                    strangers.insert(key, stranger(&row, stocktake)?);
                }
            }
        }
        Ok(strangers)
    }

    /// What was done about lines that the asker sees, and what stands written of a closed stocktake.
    pub(super) async fn stocktake_findings(
        &self,
        asker: &Asker,
        stocktake: &Stocktake,
    ) -> Result<Vec<(Finding, LineSettled)>> {
        let rows = Visible::rows_about(
            asker,
            self.0.environment.now(),
            FINDINGS_SEEN,
            "f.document_uid IS NULL",
        )
        .columns(
            "f.uid, f.thing_kind, f.thing_uid, f.document_uid, f.label, f.verdict, f.expected, f.found_kind, f.found_uid, f.belongs_kind, \
             f.belongs_uid, f.owner, f.due, f.resolution, f.note, f.by_name, f.at",
        )
        .and("f.stocktake_uid = ?", [stocktake.uid.into()])
        .all(&self.0.readers)
        .await?;
        rows.iter().map(found).collect()
    }
}

/// Place and location of papers and of containers now; the location through two containers.
const ORIGINALS_NOW: &str = "SELECT t.uid AS thing_uid, t.state, coalesce(p.place_kind, 'none') AS place_kind, coalesce(p.place_uid, 0) AS place_uid, \
     coalesce(p.from_at, 0) AS from_at, coalesce(l.sort_key, '') AS shelf, \
     CASE WHEN p.place_kind = 'container' THEN p.place_uid ELSE 0 END AS box_uid FROM originals t \
     LEFT JOIN placements p ON p.until_at IS NULL AND p.thing_kind = CASE WHEN t.volume_uid IS NULL THEN 'original' ELSE 'volume' END \
       AND p.thing_uid = coalesce(t.volume_uid, t.uid) \
     LEFT JOIN placements p1 ON p1.until_at IS NULL AND p1.thing_kind = 'container' AND p.place_kind = 'container' AND p1.thing_uid = p.place_uid \
     LEFT JOIN placements p2 ON p2.until_at IS NULL AND p2.thing_kind = 'container' AND p1.place_kind = 'container' AND p2.thing_uid = p1.place_uid \
     LEFT JOIN locations l ON l.uid = CASE WHEN p.place_kind = 'location' THEN p.place_uid WHEN p1.place_kind = 'location' THEN p1.place_uid \
       WHEN p2.place_kind = 'location' THEN p2.place_uid END";

const CONTAINERS_NOW: &str = "SELECT p.thing_uid, '' AS state, p.place_kind, p.place_uid, p.from_at, coalesce(l.sort_key, '') AS shelf, \
     CASE WHEN p.place_kind = 'container' THEN p.place_uid ELSE 0 END AS box_uid \
     FROM placements p LEFT JOIN placements p1 ON p1.until_at IS NULL AND p1.thing_kind = 'container' AND p.place_kind = 'container' AND p1.thing_uid = p.place_uid \
     LEFT JOIN locations l ON l.uid = CASE WHEN p.place_kind = 'location' THEN p.place_uid WHEN p1.place_kind = 'location' THEN p1.place_uid END \
     JOIN containers c ON p.until_at IS NULL AND p.thing_kind = 'container' AND c.uid = p.thing_uid";

fn stranger(row: &RowOf<'_>, stocktake: &Stocktake) -> Result<Stranger> {
    let shelf = row.text("shelf")?;
    let in_scope = match stocktake.scope_place.kind {
        PlaceKind::Container => row.int("box_uid")? == stocktake.scope_place.uid,
        _ => !shelf.is_empty() && shelf >= stocktake.low && shelf < stocktake.high,
    };
    Ok(Stranger {
        place: spot(row, "place_kind", "place_uid")?,
        state: row.maybe_word("state", OriginalState::from_code)?,
        is_inside: in_scope,
        came_since: row.int("from_at")? > stocktake.begun_at.micros(),
    })
}

fn expected(row: &AnyRow) -> Result<ExpectedThing> {
    let row = &row.of("stocktake_lines").by("thing_uid");
    let key = ThingKey {
        kind: row.word("thing_kind", ThingKind::from_code)?,
        uid: row.int("thing_uid")?,
    };
    Ok(ExpectedThing {
        key,
        document_uid: row.maybe_int("document_uid")?,
        place: spot(row, "place_kind", "place_uid")?,
        shelf: row.text("shelf")?,
        state: row.maybe_word("state", OriginalState::from_code)?,
        used_at: row.int("used_at")?,
        place_now: spot(row, "now_kind", "now_uid")?,
        state_now: row.maybe_word("state_now", OriginalState::from_code)?,
    })
}

fn scanned(row: &AnyRow, seen: &HashSet<i64>) -> Result<ScannedThing> {
    let row = &row.of("stocktake_scans");
    let document_uid = row.maybe_int("document_uid")?;
    let is_hidden = document_uid.is_some() && !seen.contains(&row.int("uid")?);
    let key = match is_hidden {
        true => None,
        false => thing(row)?,
    };
    Ok(ScannedThing {
        uid: row.int("uid")?,
        typed: row.text("label")?,
        by: row.text("by_name")?,
        label: match key {
            Some(_) => row.text("label")?,
            None => row.text("label_folded")?,
        },
        key,
        document_uid: document_uid.filter(|_| !is_hidden),
        at: spot(row, "at_kind", "at_uid")?,
        shelf: row.text("shelf")?,
        worn: row.flag("worn")?,
    })
}

fn found(row: &AnyRow) -> Result<(Finding, LineSettled)> {
    let row = &row.of("stocktake_findings");
    let resolution = row.maybe_word("resolution", StocktakeResolution::from_code)?;
    let owner = row.text("owner")?;
    let settled = !owner.is_empty() || resolution.is_some();
    Ok((
        Finding {
            key: thing(row)?,
            document_uid: row.maybe_int("document_uid")?,
            label: row.text("label")?,
            verdict: row.word("verdict", StocktakeVerdict::from_code)?,
            is_expected: row.flag("expected")?,
            found: spot(row, "found_kind", "found_uid")?,
            belongs: spot(row, "belongs_kind", "belongs_uid")?,
        },
        LineSettled {
            owner,
            due: row.text("due")?,
            resolution,
            note: row.text("note")?,
            by: row.text("by_name")?,
            at: row.maybe_moment("at")?.filter(|_| settled),
        },
    ))
}
