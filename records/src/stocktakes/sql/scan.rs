//! Labels are scanned, shelf by shelf, and a scan is taken back.

use super::{
    labels::{self, LabelMeant},
    load::{absent, stocktake, stocktake_of},
};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing,
    ids::StocktakeId,
    places::{
        LocationCode, PlaceKind, ThingKind,
        sql::resolve::{Resolution, resolve_in},
    },
    stocktakes::{
        LineSettled, ScanDraft, ScannedLabel, Spot, Stocktake, StocktakeLimits, StocktakeState, ThingKey,
        evaluate::{Comparison, ExpectedThing, Finding},
    },
    store::{
        EventDraft,
        sql::{Change, Columns, composed, marks},
    },
};
use std::collections::{HashMap, HashSet};
use vocabulary::{AuditAction, AuditObject, both};

/// Rows that one statement writes.
const ROWS_AT_ONCE: usize = 200;
const COLUMNS: usize = 11;
/// Boxes in boxes in boxes.
const DEPTH_MAX: usize = 3;
/// Scans that a walk shows.
pub const LAST_SCANS: i64 = 10;

/// A label on its way into the record.
pub(super) struct LabelScan {
    pub at: Spot,
    pub label: String,
    pub meant: Option<LabelMeant>,
    pub worn: bool,
}

impl Archive {
    /// Labels that were scanned at one place, with what each is at first sight. The same label again counts where it was
    /// scanned last.
    ///
    /// # Errors
    /// [`RefusedBecause::StocktakeOutside`] for a place that is not counted, [`RefusedBecause::StocktakeClosed`].
    pub async fn stocktake_scan(
        &self,
        asker: &Asker,
        id: &StocktakeId,
        draft: &ScanDraft,
    ) -> Result<Vec<ScannedLabel>> {
        asker.require_writing(Role::Archivist)?;
        let (labels, worn) = checked_labels(draft)?;
        let mut change = self.0.change(asker.name()).await?;
        let stocktake = counting(&mut change, id).await?;
        let (at, code) = place_in_scope(&mut change, &stocktake, &draft.at).await?;
        let meant = labels::meant(&mut change, &stocktake, &labels).await?;
        let rows: Vec<LabelScan> = labels
            .into_iter()
            .zip(meant)
            .map(|(label, meant)| LabelScan {
                at,
                worn: worn.contains(&labels::folded(&label)),
                label,
                meant,
            })
            .collect();
        let count = rows.len();
        let first = insert(&mut change, asker, &stocktake, &rows).await?;
        change.event(
            EventDraft::new(AuditAction::StocktakeScanned, AuditObject::Stocktake, id.as_str())
                .detail(format!("at={code} labels={count}")),
        );
        change.commit().await?;
        self.stocktake_first_sight(asker, &stocktake, first).await
    }

    /// The last scans of the asker, newest first.
    pub async fn stocktake_last_scans(&self, asker: &Asker, id: &StocktakeId) -> Result<Vec<ScannedLabel>> {
        super::read::require_reading(asker)?;
        let stocktake = stocktake_of(&self.0, id).await?;
        let rows = sqlx::query(
            "SELECT uid FROM stocktake_scans WHERE stocktake_uid = $1 AND by_name = $2 ORDER BY uid DESC LIMIT $3",
        )
        .bind(stocktake.uid)
        .bind(asker.name())
        .bind(LAST_SCANS)
        .fetch_all(&self.0.readers)
        .await?;
        let Some(first) = rows.last() else {
            return Ok(Vec::new());
        };
        let first = first.of("stocktake_scans").int("uid")?;
        let mut last = self.stocktake_first_sight(asker, &stocktake, first).await?;
        last.reverse();
        Ok(last)
    }

    /// Takes a scan back that was made by mistake.
    pub async fn stocktake_scan_undo(&self, asker: &Asker, id: &StocktakeId, scan: i64) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        let stocktake = counting(&mut change, id).await?;
        let done = sqlx::query("DELETE FROM stocktake_scans WHERE uid = $1 AND stocktake_uid = $2")
            .bind(scan)
            .bind(stocktake.uid)
            .execute(change.connection())
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::Absent {
                what: Thing::StocktakeScan,
                id: scan.to_string(),
            });
        }
        change.event(
            EventDraft::new(AuditAction::StocktakeScanUndone, AuditObject::Stocktake, id.as_str())
                .detail(format!("scan={scan}")),
        );
        change.commit().await
    }

    /// What the asker's scans from one on are, compared with the lines of their things and of the boxes around them alone.
    async fn stocktake_first_sight(
        &self,
        asker: &Asker,
        stocktake: &Stocktake,
        first: i64,
    ) -> Result<Vec<ScannedLabel>> {
        let scans = self.stocktake_scans(asker, stocktake, first).await?;
        let keys: HashSet<ThingKey> = scans.iter().filter_map(|scan| scan.key).collect();
        let expected = self.stocktake_lines_of(asker, stocktake, &keys).await?;
        let known: HashSet<ThingKey> = expected.iter().map(|line| line.key).collect();
        let others: Vec<ThingKey> = keys.difference(&known).copied().collect();
        let strangers = self.stocktake_strangers(stocktake, &others).await?;
        let comparison = Comparison {
            expected: &expected,
            scans: &scans,
            strangers: &strangers,
            boxes_whole: false,
            dead_before: i64::MIN,
        };
        let mut said: HashMap<(Option<ThingKey>, String), Finding> = HashMap::new();
        for finding in comparison.findings() {
            let label = if finding.key.is_some() {
                String::new()
            } else {
                finding.label.clone()
            };
            said.entry((finding.key, label)).or_insert(finding);
        }
        let mut heads = Vec::with_capacity(scans.len());
        let mut lines = Vec::with_capacity(scans.len());
        for scan in scans.iter().filter(|scan| scan.by == asker.name()) {
            let label = if scan.key.is_some() {
                String::new()
            } else {
                scan.label.clone()
            };
            let Some(finding) = said.get(&(scan.key, label)) else {
                continue;
            };
            heads.push((scan.uid, scan.typed.clone(), scan.worn));
            let here = Finding {
                found: scan.at,
                ..finding.clone()
            };
            lines.push((here, LineSettled::default()));
        }
        let lines = self.stocktake_named(asker, lines).await?;
        Ok(heads
            .into_iter()
            .zip(lines)
            .map(|((uid, label, worn), line)| ScannedLabel {
                uid,
                label,
                at: line.found_at.clone(),
                worn,
                line,
            })
            .collect())
    }

    /// The lines of things and of the boxes around them.
    async fn stocktake_lines_of(
        &self,
        asker: &Asker,
        stocktake: &Stocktake,
        keys: &HashSet<ThingKey>,
    ) -> Result<Vec<ExpectedThing>> {
        let mut lines: HashMap<ThingKey, ExpectedThing> = HashMap::new();
        let mut wanted: HashSet<ThingKey> = keys.clone();
        for _ in 0..=DEPTH_MAX {
            let uids: Vec<i64> = wanted.iter().map(|key| key.uid).collect();
            for chunk in uids.chunks(ROWS_AT_ONCE) {
                let found = self
                    .stocktake_expected(asker, stocktake, |seen| seen.and_one_of("e.thing_uid", chunk))
                    .await?;
                let found = found.into_iter().filter(|line| wanted.contains(&line.key));
                lines.extend(found.map(|line| (line.key, line)));
            }
            let around = lines.values().filter(|line| line.place.kind == PlaceKind::Container);
            wanted = around
                .map(|line| ThingKey {
                    kind: ThingKind::Container,
                    uid: line.place.uid,
                })
                .filter(|key| !lines.contains_key(key))
                .collect();
            if wanted.is_empty() {
                break;
            }
        }
        Ok(lines.into_values().collect())
    }
}

/// Labels without empty ones, and the folded ones that are worn; what is only named as worn was scanned too.
fn checked_labels(draft: &ScanDraft) -> Result<(Vec<String>, HashSet<String>)> {
    let trimmed = |labels: &[String]| {
        let labels = labels.iter().map(|label| label.trim().to_owned());
        labels.filter(|label| !label.is_empty()).collect::<Vec<_>>()
    };
    let (mut labels, worn) = (trimmed(&draft.labels), trimmed(&draft.worn));
    let said: HashSet<String> = labels.iter().map(|label| labels::folded(label)).collect();
    labels.extend(
        worn.iter()
            .filter(|label| !said.contains(&labels::folded(label)))
            .cloned(),
    );
    if labels.is_empty() || labels.len() > StocktakeLimits::LABELS_MAX {
        let reason = both!(
            "send 1 to {} labels at once",
            "一次送 1 到 {} 个标签",
            StocktakeLimits::LABELS_MAX
        );
        return Err(Error::invalid(Field::Labels, labels.len().to_string(), reason));
    }
    let long = labels
        .iter()
        .find(|label| label.chars().count() > StocktakeLimits::LABEL_CHARACTERS_MAX);
    if let Some(long) = long {
        let reason = both!("a label has at most 200 characters", "标签最多 200 个字符");
        return Err(Error::invalid(
            Field::Labels,
            long.chars().take(40).collect::<String>(),
            reason,
        ));
    }
    Ok((labels, worn.iter().map(|label| labels::folded(label)).collect()))
}

/// The stocktake, which must still count; held until the end of the change, so that nobody closes it meanwhile.
pub(super) async fn counting(change: &mut Change, id: &StocktakeId) -> Result<Stocktake> {
    let statement = format!(
        "SELECT {} FROM stocktakes WHERE id = $1{}",
        super::load::STOCKTAKE,
        change.dialect.for_update()
    );
    let row = sqlx::query(composed(statement))
        .bind(id.as_str())
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| absent(id))?;
    let stocktake = stocktake(&row)?;
    match stocktake.state {
        StocktakeState::Open => Ok(stocktake),
        StocktakeState::Closed => Err(RefusedBecause::StocktakeClosed {}.into()),
    }
}

/// The place where somebody stands, which must be in the scope or around it.
pub(super) async fn place_in_scope(change: &mut Change, stocktake: &Stocktake, at: &str) -> Result<(Spot, String)> {
    let found = match resolve_in(change.connection(), at).await? {
        Resolution::One(found) => found,
        Resolution::Several(codes) => {
            let codes = codes.join(", ");
            let reason = both!(
                "it may be {codes}; write it with its dashes",
                "可能是 {codes}；请连同横线一起写"
            );
            return Err(Error::invalid(Field::LocationCode, at, reason));
        }
        Resolution::Nothing => {
            return Err(Error::Absent {
                what: Thing::Place,
                id: at.to_owned(),
            });
        }
    };
    let spot = Spot {
        kind: found.kind,
        uid: found.uid,
    };
    let is_inside = match (stocktake.scope_place == spot, found.kind) {
        (true, _) => true,
        (_, PlaceKind::Location) => {
            let key = LocationCode::parse(&found.code)?.sort_key();
            let inside = key >= stocktake.low && key < stocktake.high;
            inside || lies_around(change, stocktake, &key).await?
        }
        _ => holds_box(change, stocktake, spot).await?,
    };
    match is_inside {
        true => Ok((spot, found.code)),
        false => Err(RefusedBecause::StocktakeOutside {
            place: found.code,
            scope: stocktake.scope.clone(),
        }
        .into()),
    }
}

/// Whether a container that is counted stands at a place or inside it: where its papers are is where it is.
async fn lies_around(change: &mut Change, stocktake: &Stocktake, key: &str) -> Result<bool> {
    if stocktake.scope_place.kind != PlaceKind::Container {
        return Ok(false);
    }
    let row = sqlx::query(
        "SELECT l.uid FROM stocktake_lines e JOIN locations l ON l.uid = e.location_uid WHERE e.stocktake_uid = $1 \
         AND (l.sort_key = $2 OR (l.sort_key > $2 AND l.sort_key < $3)) LIMIT 1",
    )
    .bind(stocktake.uid)
    .bind(key)
    .bind(format!("{key}{}", crate::places::sql::contents::PAST_INSIDE))
    .fetch_optional(change.connection())
    .await?;
    Ok(row.is_some())
}

/// Whether a box is expected, or was scanned here, and can so be opened.
async fn holds_box(change: &mut Change, stocktake: &Stocktake, spot: Spot) -> Result<bool> {
    let row = sqlx::query(
        "SELECT thing_uid FROM stocktake_lines WHERE stocktake_uid = $1 AND thing_kind = 'container' AND thing_uid = $2 \
         UNION ALL SELECT thing_uid FROM stocktake_scans WHERE stocktake_uid = $1 AND thing_kind = 'container' AND thing_uid = $2 LIMIT 1",
    )
    .bind(stocktake.uid)
    .bind(spot.uid)
    .fetch_optional(change.connection())
    .await?;
    Ok(row.is_some())
}

/// Writes scans in their order; answers with the uid of the first.
pub(super) async fn insert(
    change: &mut Change,
    asker: &Asker,
    stocktake: &Stocktake,
    rows: &[LabelScan],
) -> Result<i64> {
    let at = change.at.micros();
    let mut first = None;
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        let values: Vec<String> = (0..chunk.len())
            .map(|row| format!("({})", marks(row * COLUMNS + 1, COLUMNS)))
            .collect();
        let statement = format!(
            "INSERT INTO stocktake_scans (stocktake_uid, at_kind, at_uid, label, label_folded, thing_kind, thing_uid, document_uid, worn, by_name, at) \
             VALUES {} RETURNING uid",
            values.join(", ")
        );
        let query = chunk.iter().fold(sqlx::query(composed(statement)), |query, row| {
            let (kind, uid, document) = match row.meant {
                Some((key, document)) => (key.kind.as_str(), key.uid, document),
                None => ("", 0, None),
            };
            query
                .bind(stocktake.uid)
                .bind(row.at.kind.as_str())
                .bind(row.at.uid)
                .bind(row.label.clone())
                .bind(labels::folded(&row.label))
                .bind(kind)
                .bind(uid)
                .bind(document)
                .bind(i64::from(row.worn))
                .bind(asker.name().to_owned())
                .bind(at)
        });
        for row in query.fetch_all(change.connection()).await? {
            let uid = row.of("stocktake_scans").int("uid")?;
            first = Some(first.map_or(uid, |first: i64| first.min(uid)));
        }
    }
    Ok(first.unwrap_or(i64::MAX))
}
