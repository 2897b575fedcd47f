//! What a stocktake says, of what the asker may see.

use super::load::{STOCKTAKE, key_of, stocktake, stocktake_of};
use crate::{
    Archive, Asker, Error, Result, Role, SecurityLevel,
    ids::StocktakeId,
    places::{PlaceKind, ThingKind},
    stocktakes::{
        LineSettled, Spot, Stocktake, StocktakeLine, StocktakeLines, StocktakeResolution, StocktakeResult,
        StocktakeState, StocktakeVerdict, ThingKey,
        evaluate::{Comparison, ExpectedThing, Finding},
    },
    store::sql::{Columns, composed, of_each},
};
use std::collections::{BTreeMap, HashMap, HashSet};
use vocabulary::{AuditAction, AuditObject};

const DAY_S: i64 = 24 * 60 * 60;
/// A year with its leap days, in days.
const YEAR_DAYS: f64 = 365.25;

/// Every line that the asker sees, differences first.
pub(super) struct WeighedLines {
    pub expected: i64,
    pub lines: Vec<(Finding, LineSettled)>,
}

impl Archive {
    /// Stocktakes, those that count first, then the newest; at most `limit`.
    pub async fn stocktakes(&self, asker: &Asker, skip: usize, limit: usize) -> Result<Vec<Stocktake>> {
        require_reading(asker)?;
        let rows = sqlx::query(composed(format!(
            "SELECT {STOCKTAKE} FROM stocktakes ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, uid DESC LIMIT $1 OFFSET $2"
        )))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(i64::try_from(skip).unwrap_or(i64::MAX))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(stocktake).collect()
    }

    pub async fn stocktakes_total(&self, asker: &Asker) -> Result<i64> {
        require_reading(asker)?;
        let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM stocktakes").fetch_one(&self.0.readers);
        row.await?.of("stocktakes").int("n")
    }

    /// One stocktake, without what it says.
    pub async fn stocktake(&self, asker: &Asker, id: &StocktakeId) -> Result<Stocktake> {
        require_reading(asker)?;
        stocktake_of(&self.0, id).await
    }

    /// What a stocktake says of what the asker sees, with some of its lines.
    pub async fn stocktake_result(
        &self,
        asker: &Asker,
        id: &StocktakeId,
        wanted: &StocktakeLines,
    ) -> Result<StocktakeResult> {
        require_reading(asker)?;
        let stocktake = stocktake_of(&self.0, id).await?;
        let weighed = self.stocktake_weighed(asker, &stocktake).await?;
        let mut counts = BTreeMap::new();
        for (finding, _) in &weighed.lines {
            *counts.entry(finding.verdict).or_insert(0) += 1;
        }
        let is_open =
            |(finding, settled): &(Finding, LineSettled)| finding.verdict.is_difference() && settled.is_open();
        let unsettled = weighed.lines.iter().filter(|line| is_open(line)).count();
        let is_wanted = |line: &&(Finding, LineSettled)| {
            wanted.verdict.is_none_or(|verdict| line.0.verdict == verdict) && (!wanted.open_only || is_open(line))
        };
        let matching: Vec<_> = weighed.lines.iter().filter(is_wanted).collect();
        let window: Vec<_> = matching
            .iter()
            .skip(wanted.skip)
            .take(wanted.limit)
            .copied()
            .cloned()
            .collect();
        let event = crate::store::EventDraft::new(AuditAction::StocktakeViewed, AuditObject::Stocktake, id.as_str());
        self.note_reading(asker, event).await?;
        Ok(StocktakeResult {
            expected: weighed.expected,
            unsettled: i64::try_from(unsettled).unwrap_or(i64::MAX),
            sees_all: sees_all(asker),
            lines_total: i64::try_from(matching.len()).unwrap_or(i64::MAX),
            lines: self.stocktake_named(asker, window).await?,
            counts,
            stocktake,
        })
    }

    pub(super) async fn stocktake_weighed(&self, asker: &Asker, stocktake: &Stocktake) -> Result<WeighedLines> {
        let mut expected = self.stocktake_expected(asker, stocktake, |lines| lines).await?;
        expected.sort_by(|a, b| (&a.shelf, a.key).cmp(&(&b.shelf, b.key)));
        let written = self.stocktake_findings(asker, stocktake).await?;
        let mut lines = match stocktake.state {
            StocktakeState::Closed => as_closed(&expected, written),
            StocktakeState::Open => {
                let scans = self.stocktake_scans(asker, stocktake, 0).await?;
                let known: HashSet<ThingKey> = expected.iter().map(|line| line.key).collect();
                let others: HashSet<ThingKey> = scans.iter().filter_map(|scan| scan.key).collect();
                let others: Vec<ThingKey> = others.difference(&known).copied().collect();
                let strangers = self.stocktake_strangers(stocktake, &others).await?;
                let comparison = Comparison {
                    expected: &expected,
                    scans: &scans,
                    strangers: &strangers,
                    boxes_whole: stocktake.boxes_whole,
                    dead_before: dead_before(stocktake),
                };
                as_open(comparison.findings(), written)
            }
        };
        lines.sort_by_key(|(finding, _)| rank(finding.verdict));
        Ok(WeighedLines {
            expected: i64::try_from(expected.len()).unwrap_or(i64::MAX),
            lines,
        })
    }

    /// Lines with the names of their things and places.
    pub(super) async fn stocktake_named(
        &self,
        asker: &Asker,
        lines: Vec<(Finding, LineSettled)>,
    ) -> Result<Vec<StocktakeLine>> {
        let documents: Vec<i64> = lines.iter().filter_map(|(finding, _)| finding.document_uid).collect();
        let rows = self.documents_by_uid(asker, &documents).await?;
        let documents: HashMap<i64, _> = rows.into_iter().map(|row| (row.uid, row)).collect();
        let spots = lines.iter().flat_map(|(finding, _)| [finding.found, finding.belongs]);
        let things = lines.iter().filter_map(|(finding, _)| finding.key).map(|key| Spot {
            kind: match key.kind {
                ThingKind::Container => PlaceKind::Container,
                _ => PlaceKind::None,
            },
            uid: key.uid,
        });
        let codes = self.codes_of(spots.chain(things)).await?;
        let code = |spot: Spot| codes.get(&spot).cloned().unwrap_or_default();
        Ok(lines
            .into_iter()
            .map(|(finding, settled)| {
                let document = finding.document_uid.and_then(|uid| documents.get(&uid));
                StocktakeLine {
                    verdict: finding.verdict,
                    thing: match (finding.key, document) {
                        (_, Some(document)) => document.id.to_string(),
                        (Some(key), None) => code(Spot {
                            kind: PlaceKind::Container,
                            uid: key.uid,
                        }),
                        (None, None) => finding.label,
                    },
                    kind: finding.key.map(|key| key.kind),
                    title: document.map(|row| row.title.clone()).unwrap_or_default(),
                    number: document.map(|row| row.number.clone()).unwrap_or_default(),
                    found_at: code(finding.found),
                    belongs_at: code(finding.belongs),
                    settled,
                }
            })
            .collect())
    }

    async fn codes_of(&self, spots: impl Iterator<Item = Spot>) -> Result<HashMap<Spot, String>> {
        let mut wanted: Vec<Spot> = spots.filter(|spot| spot.kind != PlaceKind::None).collect();
        wanted.sort_unstable_by_key(|spot| (spot.kind == PlaceKind::Container, spot.uid));
        wanted.dedup();
        let mut codes = HashMap::with_capacity(wanted.len());
        for (kind, statement) in [
            (PlaceKind::Location, "SELECT uid, code FROM locations WHERE uid IN"),
            (
                PlaceKind::Container,
                "SELECT uid, serial AS code FROM containers WHERE uid IN",
            ),
        ] {
            let uids: Vec<i64> = wanted
                .iter()
                .filter(|spot| spot.kind == kind)
                .map(|spot| spot.uid)
                .collect();
            for row in of_each(&self.0, statement, "", &uids).await? {
                let row = row.of("locations");
                let uid = row.int("uid")?;
                codes.insert(Spot { kind, uid }, row.text("code")?);
            }
        }
        Ok(codes)
    }
}

/// Those who count, and those who look over their shoulders.
pub(super) fn require_reading(asker: &Asker) -> Result<()> {
    match asker.has(Role::Archivist) || asker.has(Role::Auditor) {
        true => Ok(()),
        false => Err(Error::Forbidden {
            needed: Role::Archivist.as_str(),
        }),
    }
}

/// Whether a count by this person leaves nothing out but what is sealed.
pub(super) fn sees_all(asker: &Asker) -> bool {
    let sight = asker.sight();
    sight.security_level_max == Some(SecurityLevel::Secret) && sight.department.is_none()
}

pub(super) fn dead_before(stocktake: &Stocktake) -> i64 {
    let days = (stocktake.dead_years as f64 * YEAR_DAYS) as i64;
    stocktake.begun_at.plus_seconds(-days * DAY_S).micros()
}

/// The findings of now with what was done about them. What was then entered where it was found stays a difference, though
/// the ledger has followed.
fn as_open(mut findings: Vec<Finding>, written: Vec<(Finding, LineSettled)>) -> Vec<(Finding, LineSettled)> {
    let kept: HashSet<ThingKey> = written
        .iter()
        .filter(|(_, settled)| settled.resolution == Some(StocktakeResolution::KeptHere))
        .filter_map(|(finding, _)| finding.key)
        .collect();
    let follows = |finding: &Finding| matches!(finding.verdict, StocktakeVerdict::Present | StocktakeVerdict::Moved);
    findings.retain(|finding| !finding.key.is_some_and(|key| kept.contains(&key) && follows(finding)));
    let said: HashSet<_> = findings.iter().map(key_of).collect();
    let mut lost = Vec::new();
    let mut settled = HashMap::with_capacity(written.len());
    for (finding, done) in written {
        let key = key_of(&finding);
        if done.resolution == Some(StocktakeResolution::KeptHere) && !said.contains(&key) {
            lost.push((finding, done));
        } else {
            settled.insert(key, done);
        }
    }
    let own = findings.into_iter().map(|finding| {
        let done = settled.remove(&key_of(&finding)).unwrap_or_default();
        (finding, done)
    });
    own.collect::<Vec<_>>().into_iter().chain(lost).collect()
}

/// What was written when it was closed; whatever is not named there was present.
fn as_closed(expected: &[ExpectedThing], written: Vec<(Finding, LineSettled)>) -> Vec<(Finding, LineSettled)> {
    let besides = |verdict| matches!(verdict, StocktakeVerdict::Worn | StocktakeVerdict::Dead);
    let told: HashSet<ThingKey> = written
        .iter()
        .filter(|(finding, _)| !besides(finding.verdict))
        .filter_map(|(finding, _)| finding.key)
        .collect();
    let present = expected.iter().filter(|line| !told.contains(&line.key)).map(|line| {
        let finding = Finding {
            key: Some(line.key),
            document_uid: line.document_uid,
            label: String::new(),
            verdict: StocktakeVerdict::Present,
            is_expected: true,
            found: line.place,
            belongs: line.place,
        };
        (finding, LineSettled::default())
    });
    let present: Vec<_> = present.collect();
    written.into_iter().chain(present).collect()
}

/// What needs somebody comes first.
fn rank(verdict: StocktakeVerdict) -> usize {
    use StocktakeVerdict as V;
    const ORDER: [V; 10] = [
        V::Missing,
        V::Misplaced,
        V::Foreign,
        V::Unknown,
        V::OnLoanButHere,
        V::Worn,
        V::OnLoan,
        V::Moved,
        V::Dead,
        V::Present,
    ];
    ORDER.iter().position(|known| *known == verdict).unwrap_or(ORDER.len())
}
