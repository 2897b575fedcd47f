//! What is at a place.

use crate::codes::{code, level_number};
use crate::list::ListJson;
use records::places::{ContentItem, Location, Place};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vocabulary::{CapacityUnit, LinkBasis, OriginalState, PlaceUse, Total};

#[derive(Debug, Serialize, ToSchema)]
pub struct LocateJson {
    pub code: String,
    pub path: Vec<StepJson>,
    /// The place itself; for a container the place where it stands, `null` where it stands nowhere.
    pub place: Option<LocationJson>,
    /// What the caller may see of it.
    pub items: Vec<ItemJson>,
    /// How many that are; `items` holds 100,000 at most.
    pub total: i64,
    /// `false`: there are more.
    pub total_is_exact: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LocationJson {
    pub id: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub capacity: Option<i64>,
    /// `mm` or `pieces`.
    #[schema(schema_with = code::<CapacityUnit>)]
    pub capacity_unit: String,
    pub keeper: String,
    pub owner: String,
    /// The highest level of what may lie there.
    #[schema(schema_with = level_number)]
    pub security_level_max: i64,
    #[schema(schema_with = code::<PlaceUse>)]
    pub state: String,
    /// Columns that the archive has added itself.
    pub attributes: BTreeMap<String, String>,
    /// Counts the changes of the place; send it with a change.
    pub version: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StepJson {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ItemJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    pub container: String,
    pub location_code: String,
    #[schema(schema_with = code::<OriginalState>)]
    pub original_state: String,
    /// Why it is this customer's, or `nobody` where a person has said that it belongs to no customer.
    #[schema(schema_with = code::<LinkBasis>)]
    pub link_basis: String,
    /// Scanned, and how many it should have where that was said.
    pub pages: i64,
    pub pages_declared: Option<i64>,
}

/// A place with what lies there, in shelf order.
pub fn located(place: Place, items: Vec<ContentItem>, total: Total) -> LocateJson {
    let Place {
        code, path, location, ..
    } = place;
    LocateJson {
        code,
        place: location.map(self::location),
        path: path
            .into_iter()
            .map(|step| StepJson {
                code: step.code,
                name: step.name,
            })
            .collect(),
        items: items.into_iter().map(item).collect(),
        total: total.rows,
        total_is_exact: total.is_exact,
    }
}

/// One window of a list that was read with one place more than `limit`.
pub fn locations(found: Vec<Location>, limit: usize, total: i64) -> ListJson<LocationJson> {
    ListJson::window(found, limit, total, |place| place.code.clone(), location)
}

/// A place as its register has it.
pub fn location(location: Location) -> LocationJson {
    let Location {
        uid: _,
        id,
        code,
        name,
        kind,
        capacity,
        capacity_unit,
        keeper,
        owner,
        security_level_max,
        state,
        attributes,
        version,
    } = location;
    LocationJson {
        id: id.to_string(),
        code,
        name,
        kind: kind.as_str().to_owned(),
        capacity,
        capacity_unit: capacity_unit.as_str().to_owned(),
        keeper,
        owner,
        security_level_max: security_level_max.number(),
        state: state.as_str().to_owned(),
        attributes,
        version,
    }
}

fn item(item: ContentItem) -> ItemJson {
    ItemJson {
        document_id: item.document_id,
        title: item.title,
        kind: item.kind,
        number: item.number,
        date: item.date,
        customer_code: item.customer_code,
        customer_name: item.customer_name,
        container: item.container,
        location_code: item.location_code,
        original_state: item.original_state.as_str().to_owned(),
        link_basis: item.link_basis.as_str().to_owned(),
        pages: item.pages,
        pages_declared: item.pages_declared,
    }
}
