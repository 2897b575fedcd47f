//! Boxes, binders and bags.

use crate::{
    codes::{code, level_number},
    list::ListJson,
};
use records::places::Container;
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{ContainerKind, PlaceUse};

#[derive(Debug, Serialize, ToSchema)]
pub struct ContainerJson {
    pub id: String,
    /// On its label; it never changes.
    pub serial: String,
    #[schema(schema_with = code::<ContainerKind>)]
    pub kind: String,
    pub title: String,
    /// How thick it is, and what it takes; `null` where it is not known.
    pub size_mm: Option<i64>,
    pub pieces_max: Option<i64>,
    /// The highest level of what may lie in it.
    #[schema(schema_with = level_number)]
    pub security_level_max: i64,
    #[schema(schema_with = code::<PlaceUse>)]
    pub state: String,
    /// Code of the location or serial of the container that it stands in; empty where it stands nowhere.
    #[serde(rename = "in")]
    pub stands_in: String,
    /// Code of the location, through the containers around it.
    pub location_code: String,
    /// How often it was put somewhere; send it as `seen` with a move.
    pub moves: i64,
    /// Counts the changes of its fields; send it with a change.
    pub version: i64,
}

pub fn container(container: Container) -> ContainerJson {
    let Container {
        uid: _,
        id,
        serial,
        kind,
        title,
        size_mm,
        pieces_max,
        security_level_max,
        state,
        version,
        moves,
        stands_in,
        location_code,
    } = container;
    ContainerJson {
        id,
        serial,
        kind: kind.as_str().to_owned(),
        title,
        size_mm,
        pieces_max,
        security_level_max: security_level_max.number(),
        state: state.as_str().to_owned(),
        stands_in,
        location_code,
        moves,
        version,
    }
}

/// One window of a list that was read with one container more than `limit`.
pub fn containers(found: Vec<Container>, limit: usize, total: i64) -> ListJson<ContainerJson> {
    ListJson::window(found, limit, total, |container| container.serial.clone(), container)
}
