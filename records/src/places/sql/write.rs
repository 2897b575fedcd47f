//! Writing places.

use super::{plan::PlannedPlace, stored::StoredPlace};
use crate::{
    Result,
    changes::ChangeSubject,
    ids::LocationId,
    imports::{KeptBecause, fields::Values},
    places::{
        LocationCode, PlaceUse,
        fields::{LOCATION_FIELDS, PlaceFieldStorage, at},
        recorded::LOCATIONS,
    },
    store::{
        recorded::ColumnValue,
        sql::{Change, Columns},
    },
};
use std::collections::{BTreeMap, HashMap};

/// Writes what was planned; returns the id of the place. `uids` knows the places that were written before it.
pub(super) async fn write(
    change: &mut Change,
    planned: &PlannedPlace,
    uids: &mut HashMap<String, i64>,
) -> Result<String> {
    match &planned.stored {
        None => add(change, &planned.code, &planned.merged.after, uids).await,
        Some(stored) => {
            if !planned.merged.changes.is_empty() {
                alter(change, stored, &planned.merged.after).await?;
            }
            Ok(stored.id.clone())
        }
    }
}

async fn add(
    change: &mut Change,
    code: &LocationCode,
    values: &Values,
    uids: &mut HashMap<String, i64>,
) -> Result<String> {
    let parent = match code.parents().pop() {
        Some(parent) => uid_of(change, parent.folded(), uids).await?,
        None => None,
    };
    let id = LocationId::new(&change.environment);
    let mut insert = change
        .insert(&LOCATIONS)
        .set("id", id.as_str())
        .set("code", code.as_str())
        .set("code_folded", code.folded())
        .set("code_dashless", code.dashless())
        .set("sort_key", code.sort_key())
        .set("parent_uid", parent)
        .set("attributes", attributes_json(&values.attributes))
        .set("version", 1);
    for (column, value) in columns_of(values) {
        insert = insert.set(column, value);
    }
    let uid = insert.run().await?;
    uids.insert(code.folded().to_owned(), uid);
    change.touch(ChangeSubject::Place, uid);
    Ok(id.as_str().to_owned())
}

async fn uid_of(change: &mut Change, folded: &str, uids: &mut HashMap<String, i64>) -> Result<Option<i64>> {
    if let Some(uid) = uids.get(folded) {
        return Ok(Some(*uid));
    }
    let row = sqlx::query("SELECT uid FROM locations WHERE code_folded = $1")
        .bind(folded)
        .fetch_optional(change.connection())
        .await?;
    let uid = row.map(|row| row.of("locations").int("uid")).transpose()?;
    if let Some(uid) = uid {
        uids.insert(folded.to_owned(), uid);
    }
    Ok(uid)
}

/// Changes a place to these values. What is inside goes out of use with it, and comes back with it.
///
/// # Errors
/// When a place is to go out of use that holds paper, or to come back inside one that is out of use.
pub(super) async fn alter(change: &mut Change, stored: &StoredPlace, after: &Values) -> Result<()> {
    let mut update = change
        .update(&LOCATIONS, stored.uid)
        .set("attributes", attributes_json(&after.attributes));
    for (column, value) in columns_of(after) {
        update = update.set(column, value);
    }
    if update.run().await?.changed {
        change.touch(ChangeSubject::Place, stored.uid);
    }
    let (before, now) = (stored.values.get(at("state")), after.get(at("state")));
    if before != now && !now.is_empty() {
        let state = PlaceUse::parse(now)?;
        super::retire::take_along(change, stored, state).await?;
    }
    Ok(())
}

fn columns_of(values: &Values) -> impl Iterator<Item = (&'static str, ColumnValue)> {
    LOCATION_FIELDS
        .iter()
        .enumerate()
        .filter_map(|(place, field)| match field.storage {
            PlaceFieldStorage::Code => None,
            PlaceFieldStorage::Use => {
                let retired = values.get(place) == PlaceUse::Retired.as_str();
                Some(("retired", ColumnValue::Int(Some(i64::from(retired)))))
            }
            PlaceFieldStorage::Column(column) => Some((column, ColumnValue::from(values.get(place)))),
            PlaceFieldStorage::Number(column) => Some((column, ColumnValue::Int(values.get(place).parse().ok()))),
            PlaceFieldStorage::Level(column) => {
                Some((column, ColumnValue::Int(Some(values.get(place).parse().unwrap_or(3)))))
            }
        })
}

fn attributes_json(attributes: &BTreeMap<String, String>) -> String {
    let pairs = attributes.iter().map(|(name, value)| (name.clone(), value.clone()));
    serde_json::Value::from_iter(pairs).to_string()
}

/// Why a place cannot go: what is inside, and what stands or stood there.
pub(super) async fn hung_on(change: &mut Change, uid: i64) -> Result<Option<KeptBecause>> {
    let row = sqlx::query(
        "SELECT (SELECT CAST(count(*) AS BIGINT) FROM locations x WHERE x.parent_uid = $1) AS inside, \
         (SELECT CAST(count(*) AS BIGINT) FROM placements p WHERE p.place_kind = 'location' AND p.place_uid = $1) AS papers",
    )
    .bind(uid)
    .fetch_one(change.connection())
    .await?;
    Ok(if row.of("placements").int("papers")? > 0 {
        Some(KeptBecause::HasHeldPapers)
    } else if row.of("placements").int("inside")? > 0 {
        Some(KeptBecause::HasPlacesInside)
    } else {
        None
    })
}

pub(super) async fn remove(change: &mut Change, stored: &StoredPlace) -> Result<()> {
    change.delete(&LOCATIONS, stored.uid).await?;
    change.touch(ChangeSubject::Place, stored.uid);
    Ok(())
}
