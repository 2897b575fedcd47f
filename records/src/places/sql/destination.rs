//! Where somebody wants to put something: the place itself and what stands around it.

use super::{
    ledger::{LedgerPlace, current},
    near,
    resolve::{Resolution, resolve_in},
};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role,
    places::{
        CONTAINER_DEPTH_MAX, LocationKind, PlaceKind, ThingKind,
        lying::{LyingPlace, LyingThing, may_lie},
    },
    store::sql::Columns,
};
use sqlx::AnyConnection;
use vocabulary::{CapacityUnit, ContainerKind, both};

/// So many things can stand around a place.
const AROUND_MAX: usize = 24;

/// How much a place takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Capacity {
    pub unit: CapacityUnit,
    pub amount: i64,
}

/// A place, or what stands around one.
#[derive(Debug, Clone)]
pub(super) struct PlaceAround {
    pub at: LedgerPlace,
    pub code: String,
    pub kind: LyingPlace,
    pub level_max: i64,
    pub retired: bool,
    /// Places are inside it.
    pub divided: bool,
    pub capacities: Vec<Capacity>,
}

/// A place with what stands around it, from the inside out.
#[derive(Debug, Clone)]
pub(super) struct Destination {
    pub around: Vec<PlaceAround>,
    own: PlaceAround,
}

impl Archive {
    /// The code of a place that takes paper, named by code or serial.
    ///
    /// # Errors
    /// Why there is none, or why it takes no paper.
    pub async fn place_of_paper(&self, asker: &Asker, place: &str) -> Result<String> {
        asker.require(Role::Archivist)?;
        let mut reader = self.0.readers.acquire().await?;
        let destination = named(&mut reader, place).await?;
        destination.takes_anything()?;
        destination.takes_kind(LyingThing::Paper, false)?;
        Ok(destination.own.code)
    }
}

/// The place behind a location code or the serial of a container.
pub(super) async fn named(connection: &mut AnyConnection, place: &str) -> Result<Destination> {
    let found = match resolve_in(connection, place).await? {
        Resolution::One(found) => found,
        Resolution::Several(codes) => {
            let codes = codes.join(", ");
            let reason = both!(
                "it may be {codes}; write it with its dashes",
                "可能是 {codes}；请连同横线一起写"
            );
            return Err(Error::invalid(Field::LocationCode, place, reason));
        }
        Resolution::Nothing => return Err(near::unknown(connection, place).await?.into()),
    };
    let (kind, uid) = (found.kind, found.uid);
    at(connection, LedgerPlace { kind, uid }).await
}

/// The same of a place of the ledger.
pub(super) async fn at(connection: &mut AnyConnection, place: LedgerPlace) -> Result<Destination> {
    let (own, mut next) = step(connection, place).await?;
    let mut around = vec![own.clone()];
    while let Some(place) = next.filter(|_| around.len() < AROUND_MAX) {
        let (outer, further) = step(connection, place).await?;
        around.push(outer);
        next = further;
    }
    Ok(Destination { around, own })
}

async fn step(connection: &mut AnyConnection, at: LedgerPlace) -> Result<(PlaceAround, Option<LedgerPlace>)> {
    if at.kind == PlaceKind::Container {
        return container(connection, at).await;
    }
    let row = sqlx::query(
        "SELECT v.uid, v.code, v.kind, v.security_level_max, v.retired, v.capacity, v.capacity_unit, v.parent_uid, \
         (SELECT CAST(count(*) AS BIGINT) FROM locations x WHERE x.parent_uid = v.uid AND x.retired = 0) AS inside \
         FROM locations v WHERE v.uid = $1",
    )
    .bind(at.uid)
    .fetch_one(&mut *connection)
    .await?;
    let row = row.of("locations");
    let unit = row.word("capacity_unit", CapacityUnit::from_code)?;
    let capacity = row.maybe_int("capacity")?.map(|amount| Capacity { unit, amount });
    let own = PlaceAround {
        at,
        code: row.text("code")?,
        kind: LyingPlace::Location(LocationKind::parse(&row.text("kind")?)),
        level_max: row.int("security_level_max")?,
        retired: row.flag("retired")?,
        divided: row.int("inside")? > 0,
        capacities: capacity.into_iter().collect(),
    };
    let outer = row.maybe_int("parent_uid")?.map(|uid| LedgerPlace {
        kind: PlaceKind::Location,
        uid,
    });
    Ok((own, outer))
}

async fn container(connection: &mut AnyConnection, at: LedgerPlace) -> Result<(PlaceAround, Option<LedgerPlace>)> {
    let row = sqlx::query(
        "SELECT uid, serial, kind, security_level_max, retired, size_mm, pieces_max FROM containers WHERE uid = $1",
    )
    .bind(at.uid)
    .fetch_one(&mut *connection)
    .await?;
    let row = row.of("containers");
    let capacity = |unit, amount: Option<i64>| amount.map(|amount| Capacity { unit, amount });
    let by_width = capacity(CapacityUnit::Millimetres, row.maybe_int("size_mm")?);
    let by_pieces = capacity(CapacityUnit::Pieces, row.maybe_int("pieces_max")?);
    let own = PlaceAround {
        at,
        code: row.text("serial")?,
        kind: LyingPlace::Container(row.word("kind", ContainerKind::from_code)?),
        level_max: row.int("security_level_max")?,
        retired: row.flag("retired")?,
        divided: false,
        capacities: by_width.into_iter().chain(by_pieces).collect(),
    };
    let outer = current(connection, ThingKind::Container, at.uid).await?;
    let outer = outer
        .map(|(_, _, _, place)| place)
        .filter(|place| place.kind != PlaceKind::None);
    Ok((own, outer))
}

impl Destination {
    pub fn at(&self) -> LedgerPlace {
        self.own.at
    }

    pub fn code(&self) -> &str {
        &self.own.code
    }

    fn stands_in(&self, kind: &LocationKind) -> bool {
        let kind = LyingPlace::Location(kind.clone());
        self.around.iter().any(|step| step.kind == kind)
    }

    pub fn is_in_safe(&self) -> bool {
        self.stands_in(&LocationKind::Safe)
    }

    pub fn is_on_reading_table(&self) -> bool {
        self.stands_in(&LocationKind::ReadingTable)
    }

    /// Whether anything may be put here at all.
    pub fn takes_anything(&self) -> Result<()> {
        match self.around.iter().find(|step| step.retired) {
            Some(_) => Err(RefusedBecause::PlaceOutOfUse {
                place: self.code().to_owned(),
            }
            .into()),
            None => Ok(()),
        }
    }

    /// Whether this kind of thing may lie here; what is kept in the safe, only in a safe or on a reading table.
    pub fn takes_kind(&self, thing: LyingThing, of_the_safe: bool) -> Result<()> {
        let outside = of_the_safe && !self.is_in_safe() && !self.is_on_reading_table();
        if !outside && may_lie(thing, &self.own.kind, self.own.divided) {
            return Ok(());
        }
        let kind = match outside {
            true => "outside_safe",
            false => self.own.kind.as_str(),
        };
        Err(RefusedBecause::PlaceKind {
            place: self.code().to_owned(),
            kind: kind.to_owned(),
            thing: thing.as_str().to_owned(),
        }
        .into())
    }

    /// The level of a thing must not exceed that of its container, nor that of anything around it.
    pub fn takes_level(&self, level: i64) -> Result<()> {
        match self.around.iter().find(|step| step.level_max < level) {
            Some(step) => Err(RefusedBecause::PlaceLevelTooLow {
                place: step.code.clone(),
                highest: step.level_max,
                level,
            }
            .into()),
            None => Ok(()),
        }
    }

    /// A container stands in containers at most so deep, and never in itself; `inside` is how deep it is filled itself.
    pub fn takes_container(&self, uid: i64, inside: usize) -> Result<()> {
        let around = self.around.iter().filter(|step| step.at.kind == PlaceKind::Container);
        if around.clone().any(|step| step.at.uid == uid) {
            return Err(RefusedBecause::ContainerInItself {}.into());
        }
        if around.count() + 1 + inside > CONTAINER_DEPTH_MAX {
            let most = CONTAINER_DEPTH_MAX;
            return Err(RefusedBecause::ContainersTooDeep { most }.into());
        }
        Ok(())
    }
}
