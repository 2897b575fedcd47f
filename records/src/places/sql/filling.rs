//! How full a place is, in micrometres of paper and in pieces, and whether something more fits.

use super::{
    destination::{Capacity, Destination, PlaceAround},
    ledger::LedgerPlace,
};
use crate::{
    RefusedBecause, Result,
    places::{PlaceKind, ThingKind},
    store::sql::Columns,
};
use sqlx::AnyConnection;
use vocabulary::CapacityUnit;

/// Micrometres of a millimetre.
const MILLIMETRE: i64 = 1_000;

/// The thickness of the paper `t` of a document `d`: as somebody has measured it, else its pages by the thickness of one.
const THICKNESS: &str = "CAST(coalesce(sum(CASE WHEN t.thickness_mm IS NOT NULL THEN t.thickness_mm * 1000 \
     WHEN coalesce(d.pages_declared, 0) > d.pages_scanned THEN d.pages_declared * $1 ELSE d.pages_scanned * $1 END), 0) AS BIGINT) AS thickness";

/// How full a place is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Filling {
    pub micrometres: i64,
    pub pieces: i64,
}

/// What lies directly at a place. A container of unknown size is as thick as what it holds.
pub(super) async fn of(connection: &mut AnyConnection, place: LedgerPlace, page: i64) -> Result<Filling> {
    let mut filling = Filling::default();
    let mut open = vec![place];
    while let Some(at) = open.pop() {
        let statement = format!(
            "SELECT x.thing_kind, CAST(count(*) AS BIGINT) AS things, {THICKNESS} FROM ( \
               SELECT p.thing_kind, p.thing_uid, p.thing_uid AS original_uid FROM placements p WHERE p.place_kind = $2 AND p.place_uid = $3 \
                 AND p.until_at IS NULL AND p.thing_kind = 'original' \
               UNION ALL SELECT p.thing_kind, p.thing_uid, o.uid FROM placements p JOIN originals o ON o.volume_uid = p.thing_uid \
                 WHERE p.place_kind = $2 AND p.place_uid = $3 AND p.until_at IS NULL AND p.thing_kind = 'volume') x \
             JOIN originals t ON t.uid = x.original_uid JOIN documents d ON d.uid = t.document_uid GROUP BY x.thing_kind, x.thing_uid"
        );
        let rows = sqlx::query(crate::store::sql::composed(statement))
            .bind(page)
            .bind(at.kind.as_str())
            .bind(at.uid)
            .fetch_all(&mut *connection)
            .await?;
        let is_own = at == place;
        for row in &rows {
            filling.micrometres += row.of("originals").int("thickness")?;
            filling.pieces += i64::from(is_own);
        }
        let rows = sqlx::query(
            "SELECT c.uid, c.size_mm FROM placements p JOIN containers c ON c.uid = p.thing_uid \
             WHERE p.place_kind = $1 AND p.place_uid = $2 AND p.until_at IS NULL AND p.thing_kind = 'container'",
        )
        .bind(at.kind.as_str())
        .bind(at.uid)
        .fetch_all(&mut *connection)
        .await?;
        for row in &rows {
            let row = row.of("containers");
            filling.pieces += i64::from(is_own);
            match row.maybe_int("size_mm")? {
                Some(size) => filling.micrometres += size * MILLIMETRE,
                None => open.push(inside(row.int("uid")?)),
            }
        }
    }
    Ok(filling)
}

/// How thick a thing is.
pub(super) async fn thickness(connection: &mut AnyConnection, thing: ThingKind, uid: i64, page: i64) -> Result<i64> {
    if thing == ThingKind::Container {
        let row = sqlx::query("SELECT uid, size_mm FROM containers WHERE uid = $1")
            .bind(uid)
            .fetch_one(&mut *connection)
            .await?;
        return match row.of("containers").maybe_int("size_mm")? {
            Some(size) => Ok(size * MILLIMETRE),
            None => Ok(of(connection, inside(uid), page).await?.micrometres),
        };
    }
    let own = match thing {
        ThingKind::Volume => "t.volume_uid = $2",
        ThingKind::Original | ThingKind::Container => "t.uid = $2",
    };
    let statement =
        format!("SELECT {THICKNESS} FROM originals t JOIN documents d ON d.uid = t.document_uid WHERE {own}");
    let row = sqlx::query(crate::store::sql::composed(statement))
        .bind(page)
        .bind(uid)
        .fetch_one(connection)
        .await?;
    row.of("originals").int("thickness")
}

fn inside(container: i64) -> LedgerPlace {
    LedgerPlace {
        kind: PlaceKind::Container,
        uid: container,
    }
}

/// Whether one more thing fits: into the place itself, and into what stands around it as far as that grows with it.
pub(super) async fn takes(
    connection: &mut AnyConnection,
    destination: &Destination,
    thing: ThingKind,
    uid: i64,
    page: i64,
) -> Result<()> {
    let thick = thickness(&mut *connection, thing, uid, page).await?;
    for (at, step) in destination.around.iter().enumerate() {
        // What is around a container of a known size does not grow when that is filled.
        let inner = at.checked_sub(1).and_then(|inner| destination.around.get(inner));
        if inner.is_some_and(|inner| !grows(inner)) {
            break;
        }
        let more = Filling {
            micrometres: thick,
            pieces: i64::from(at == 0),
        };
        fits(&mut *connection, step, more, page).await?;
    }
    Ok(())
}

fn grows(step: &PlaceAround) -> bool {
    let has_size = |capacity: &Capacity| capacity.unit == CapacityUnit::Millimetres;
    step.at.kind == PlaceKind::Container && !step.capacities.iter().any(has_size)
}

async fn fits(connection: &mut AnyConnection, step: &PlaceAround, more: Filling, page: i64) -> Result<()> {
    if step.capacities.is_empty() {
        return Ok(());
    }
    let now = of(connection, step.at, page).await?;
    for capacity in &step.capacities {
        let (free, needs) = match capacity.unit {
            CapacityUnit::Millimetres => (capacity.amount * MILLIMETRE - now.micrometres, more.micrometres),
            CapacityUnit::Pieces => (capacity.amount - now.pieces, more.pieces),
        };
        if needs > free.max(0) {
            return Err(RefusedBecause::PlaceFull {
                place: step.code.clone(),
                free: shown(capacity.unit, free.max(0)),
                needs: shown(capacity.unit, needs),
                unit: capacity.unit.as_str().to_owned(),
            }
            .into());
        }
    }
    Ok(())
}

/// Millimetres that are free at a place; nothing where it has no capacity in millimetres.
pub(super) async fn free(connection: &mut AnyConnection, destination: &Destination, page: i64) -> Result<Option<i64>> {
    let Some(own) = destination.around.first() else {
        return Ok(None);
    };
    let by_width = |capacity: &&Capacity| capacity.unit == CapacityUnit::Millimetres;
    let Some(capacity) = own.capacities.iter().find(by_width) else {
        return Ok(None);
    };
    let used = of(connection, own.at, page).await?.micrometres;
    Ok(Some((capacity.amount * MILLIMETRE - used).max(0) / MILLIMETRE))
}

/// Whether a place holds no more than it takes.
pub(super) fn holds(destination: &Destination, held: Filling) -> Result<()> {
    let Some(own) = destination.around.first() else {
        return Ok(());
    };
    for capacity in &own.capacities {
        let (takes, holds) = match capacity.unit {
            CapacityUnit::Millimetres => (capacity.amount * MILLIMETRE, held.micrometres),
            CapacityUnit::Pieces => (capacity.amount, held.pieces),
        };
        if holds > takes {
            return Err(RefusedBecause::PlaceFull {
                place: own.code.clone(),
                free: shown(capacity.unit, takes),
                needs: shown(capacity.unit, holds),
                unit: capacity.unit.as_str().to_owned(),
            }
            .into());
        }
    }
    Ok(())
}

/// Micrometres as millimetres with at most three places, pieces as they are.
fn shown(unit: CapacityUnit, amount: i64) -> String {
    match unit {
        CapacityUnit::Pieces => amount.to_string(),
        CapacityUnit::Millimetres if amount % MILLIMETRE == 0 => (amount / MILLIMETRE).to_string(),
        CapacityUnit::Millimetres => {
            let parts = format!("{:03}", amount % MILLIMETRE);
            format!("{}.{}", amount / MILLIMETRE, parts.trim_end_matches('0'))
        }
    }
}
