//! Where a thing would lie well: beside its dossier, with papers of its kind and year, or where there is room.

use super::{
    destination, filling,
    ledger::{LedgerPlace, current},
    placing::{is_of_the_safe, may_lie_there},
    things,
};
use crate::{
    Archive, Asker, Error, Result, Role, Thing,
    permission::sql::Visible,
    places::{FoundThing, PlaceKind, ProposedPlace, ThingKind, ThingLookup},
    store::sql::Columns,
};
use sqlx::{AnyConnection, any::AnyRow};
use vocabulary::ProposedBecause;

/// So many places are proposed.
const PROPOSED_MAX: usize = 5;
/// So many are looked at for each reason.
const LOOKED_AT_MAX: usize = 12;
/// Papers of the same kind and year whose places count, the newest.
const ALIKE_MAX: usize = 60;

/// Where a paper `t` of a document `d` lies by itself.
const LIES: &str = "JOIN placements p ON p.thing_kind = 'original' AND p.thing_uid = t.uid AND p.until_at IS NULL AND p.place_kind <> 'none'";

/// Places without places inside, in shelf order, that say how much they take and hold nothing.
const EMPTY: &str = "SELECT v.uid FROM locations v WHERE v.retired = 0 AND v.capacity IS NOT NULL \
     AND v.kind NOT IN ('site', 'room', 'reading_table', 'safe') \
     AND NOT EXISTS (SELECT 1 FROM locations x WHERE x.parent_uid = v.uid) \
     AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.place_kind = 'location' AND p.place_uid = v.uid AND p.until_at IS NULL) \
     ORDER BY v.sort_key LIMIT $1";

/// The same of those that hold something.
const BEGUN: &str = "SELECT v.uid FROM locations v WHERE v.retired = 0 AND v.capacity IS NOT NULL \
     AND v.kind NOT IN ('site', 'room', 'reading_table', 'safe') \
     AND NOT EXISTS (SELECT 1 FROM locations x WHERE x.parent_uid = v.uid) \
     AND EXISTS (SELECT 1 FROM placements p WHERE p.place_kind = 'location' AND p.place_uid = v.uid AND p.until_at IS NULL) \
     ORDER BY v.sort_key LIMIT $1";

/// Safes and what is directly inside them.
const SAFES: &str = "SELECT v.uid FROM locations v LEFT JOIN locations s ON s.uid = v.parent_uid WHERE v.retired = 0 \
     AND (v.kind = 'safe' OR s.kind = 'safe') ORDER BY v.sort_key LIMIT $1";

impl Archive {
    /// Places that would take a thing, the best first.
    ///
    /// # Errors
    /// [`Error::Absent`] where nothing, or more than one thing, is meant.
    pub async fn place_proposals(&self, asker: &Asker, named: &str) -> Result<Vec<ProposedPlace>> {
        asker.require(Role::Archivist)?;
        let page = self.settings(asker).await?.page_thickness_um;
        let now = self.0.environment.now();
        let mut reader = self.0.readers.acquire().await?;
        let ThingLookup::One(thing) = things::find(&mut reader, asker, now, named).await? else {
            return Err(Error::absent(Thing::Other, named.trim()));
        };
        let mut candidates = Vec::new();
        if let Some(dossier) = thing.dossier_uid {
            let beside = Visible::documents(asker, now)
                .columns("p.place_kind, p.place_uid, CAST(count(*) AS BIGINT) AS papers")
                .join("JOIN originals t ON t.document_uid = d.uid")
                .join(LIES)
                .and("d.dossier_uid = ?", [dossier.into()])
                .then(
                    "GROUP BY p.place_kind, p.place_uid ORDER BY papers DESC, p.place_uid LIMIT ?",
                    [LOOKED_AT_MAX.into()],
                )
                .all_held(&mut reader)
                .await?;
            add(&mut candidates, &beside, ProposedBecause::BesideDossier)?;
        }
        if thing.kind == ThingKind::Original && !thing.document_kind.is_empty() && !thing.year.is_empty() {
            let alike = Visible::documents(asker, now)
                .columns("p.place_kind, p.place_uid, p.uid AS placed")
                .join("JOIN originals t ON t.document_uid = d.uid")
                .join(LIES)
                .and(
                    "d.kind = ? AND substr(d.date_text, 1, 4) = ?",
                    [thing.document_kind.clone().into(), thing.year.clone().into()],
                )
                .then("ORDER BY d.uid DESC LIMIT ?", [ALIKE_MAX.into()])
                .inside(
                    "SELECT place_kind, place_uid, max(placed) AS placed FROM ({seen}) x GROUP BY place_kind, place_uid \
                     ORDER BY placed DESC LIMIT ?",
                    [LOOKED_AT_MAX.into()],
                )
                .all_held(&mut reader)
                .await?;
            add(&mut candidates, &alike, ProposedBecause::KindAndYear)?;
        }
        let of_the_safe = thing.kind == ThingKind::Original
            && is_of_the_safe(&mut reader, &thing.document_kind, &thing.copy_state).await?;
        for statement in if of_the_safe { &[SAFES][..] } else { &[BEGUN, EMPTY] } {
            let rows = sqlx::query(*statement)
                .bind(i64::try_from(LOOKED_AT_MAX).unwrap_or(i64::MAX))
                .fetch_all(&mut *reader)
                .await?;
            for row in &rows {
                let uid = row.of("locations").int("uid")?;
                let kind = PlaceKind::Location;
                candidates.push((LedgerPlace { kind, uid }, ProposedBecause::Room));
            }
        }
        fitting(&mut reader, &thing, candidates, page).await
    }
}

fn add(candidates: &mut Vec<(LedgerPlace, ProposedBecause)>, rows: &[AnyRow], why: ProposedBecause) -> Result<()> {
    for row in rows {
        let row = row.of("placements");
        let kind = row.word("place_kind", PlaceKind::from_code)?;
        let uid = row.int("place_uid")?;
        candidates.push((LedgerPlace { kind, uid }, why));
    }
    Ok(())
}

/// The candidates that take the thing, each once, without where it lies already.
async fn fitting(
    reader: &mut AnyConnection,
    thing: &FoundThing,
    candidates: Vec<(LedgerPlace, ProposedBecause)>,
    page: i64,
) -> Result<Vec<ProposedPlace>> {
    let lies = current(reader, thing.kind, thing.uid)
        .await?
        .map(|(_, _, _, place)| place);
    let mut seen: Vec<LedgerPlace> = lies.into_iter().collect();
    let mut proposed = Vec::new();
    for (place, why) in candidates {
        if proposed.len() == PROPOSED_MAX {
            break;
        }
        if seen.contains(&place) {
            continue;
        }
        seen.push(place);
        let to = destination::at(reader, place).await?;
        if !takes(reader, &to, thing, page).await? {
            continue;
        }
        proposed.push(ProposedPlace {
            code: to.code().to_owned(),
            free_mm: filling::free(reader, &to, page).await?,
            why,
        });
    }
    Ok(proposed)
}

/// Whether the thing may lie there and fits.
async fn takes(
    reader: &mut AnyConnection,
    to: &destination::Destination,
    thing: &FoundThing,
    page: i64,
) -> Result<bool> {
    let refused = |done: Result<()>| match done {
        Ok(()) => Ok(false),
        Err(Error::Refused(_)) => Ok(true),
        Err(cause) => Err(cause),
    };
    if refused(to.takes_anything())? || refused(may_lie_there(reader, thing, thing.uid, to).await)? {
        return Ok(false);
    }
    Ok(!refused(filling::takes(reader, to, thing.kind, thing.uid, page).await)?)
}
