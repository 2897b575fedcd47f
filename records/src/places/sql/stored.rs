//! Places as their fields, many at once.

use crate::{
    Result,
    imports::fields::Values,
    places::{
        PlaceUse,
        fields::{LOCATION_FIELDS, PlaceFieldStorage},
    },
    store::sql::{Columns, LISTED_AT_ONCE, composed, marks},
};
use sqlx::{AnyConnection, any::AnyRow};
use std::collections::{BTreeMap, HashMap};

/// A place with the values of its fields.
#[derive(Debug, Clone)]
pub(crate) struct StoredPlace {
    pub uid: i64,
    pub id: String,
    pub code_folded: String,
    pub version: i64,
    pub values: Values,
}

/// The places with these folded codes, by code.
pub(super) async fn by_codes(connection: &mut AnyConnection, codes: &[String]) -> Result<HashMap<String, StoredPlace>> {
    let found = having(connection, "code_folded", codes).await?;
    Ok(found
        .into_iter()
        .map(|place| (place.code_folded.clone(), place))
        .collect())
}

/// The places with these ids, by id.
pub(super) async fn by_ids(connection: &mut AnyConnection, ids: &[String]) -> Result<HashMap<String, StoredPlace>> {
    let found = having(connection, "id", ids).await?;
    Ok(found.into_iter().map(|place| (place.id.clone(), place)).collect())
}

async fn having(connection: &mut AnyConnection, column: &str, values: &[String]) -> Result<Vec<StoredPlace>> {
    let columns: Vec<&str> = LOCATION_FIELDS
        .iter()
        .filter_map(|field| match field.storage {
            PlaceFieldStorage::Code => None,
            PlaceFieldStorage::Use => Some("retired"),
            PlaceFieldStorage::Column(column)
            | PlaceFieldStorage::Number(column)
            | PlaceFieldStorage::Level(column) => Some(column),
        })
        .collect();
    let columns = columns.join(", ");
    let mut found = Vec::with_capacity(values.len());
    for chunk in values.chunks(LISTED_AT_ONCE) {
        let statement = format!(
            "SELECT uid, id, code, code_folded, version, attributes, {columns} FROM locations WHERE {column} IN ({})",
            marks(1, chunk.len())
        );
        let query = chunk.iter().fold(sqlx::query(composed(statement)), |query, value| {
            query.bind(value.clone())
        });
        for row in query.fetch_all(&mut *connection).await? {
            found.push(stored(&row)?);
        }
    }
    Ok(found)
}

/// Whether a place takes paper, by its column.
pub(super) fn used(retired: bool) -> PlaceUse {
    if retired { PlaceUse::Retired } else { PlaceUse::InUse }
}

fn stored(row: &AnyRow) -> Result<StoredPlace> {
    let row = &row.of("locations");
    let mut values = Values::empty(LOCATION_FIELDS.len());
    for (place, field) in values.fields.iter_mut().zip(&LOCATION_FIELDS) {
        *place = match field.storage {
            PlaceFieldStorage::Code => row.text("code")?,
            PlaceFieldStorage::Column(column) => row.text(column)?,
            PlaceFieldStorage::Number(column) => row
                .maybe_int(column)?
                .map_or_else(String::new, |number| number.to_string()),
            PlaceFieldStorage::Level(column) => row.int(column)?.to_string(),
            PlaceFieldStorage::Use => used(row.flag("retired")?).as_str().to_owned(),
        };
    }
    values.attributes = row.read("attributes", |text| {
        serde_json::from_str::<BTreeMap<String, String>>(text)
    })?;
    Ok(StoredPlace {
        uid: row.int("uid")?,
        id: row.text("id")?,
        code_folded: row.text("code_folded")?,
        version: row.int("version")?,
        values,
    })
}
