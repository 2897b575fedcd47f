//! Places: a tree of sites, rooms, racks, shelves and slots, each with a code whose natural order is shelf order.

mod code;
mod containers;
pub mod fields;
mod grid;
pub(crate) mod lying;
mod map;
mod originals;
pub(crate) mod paper_recorded;
mod placing;
pub(crate) mod recorded;
pub(crate) mod sql;

pub use code::LocationCode;
pub use containers::{BOX_SIZES_MM, CONTAINER_SIZE_MAX_MM, Container, ContainerDraft, FillShown};
pub use fields::{LOCATION_COLUMNS, LOCATION_FIELDS, LocationField};
pub use grid::{GridFault, GridLevel, PlaceGrid};
pub use map::{FORECAST_MONTHS, Forecast, MAP_PLACES_MAX, MapPlace, PlaceMap};
pub use originals::*;
pub use placing::{FoundThing, MovedThing, Placed, PlacingOrder, ProposedPlace, ThingLookup, ThingToPlace};
pub use vocabulary::{CapacityUnit, ContainerKind, LocationKind, PlaceNumbering, PlaceUse};

use crate::{SecurityLevel, ids::LocationId};
use std::collections::BTreeMap;
use vocabulary::{LinkBasis, Total};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub uid: i64,
    pub id: LocationId,
    pub code: String,
    pub name: String,
    pub kind: LocationKind,
    pub capacity: Option<i64>,
    pub capacity_unit: CapacityUnit,
    pub keeper: String,
    pub owner: String,
    pub security_level_max: SecurityLevel,
    pub state: PlaceUse,
    /// Columns that the archive has added itself.
    pub attributes: BTreeMap<String, String>,
    pub version: i64,
}

/// One step of the way to a place, outermost first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStep {
    pub code: String,
    pub name: String,
}

/// A place directly inside another.
#[derive(Debug, Clone)]
pub struct LocationRow {
    pub location: Location,
    /// Documents that the asker may see, in this place and everything inside it.
    pub documents: Total,
    pub children: i64,
}

/// What a code means.
#[derive(Debug, Clone)]
pub enum CodeLookup {
    Location(Box<Place>),
    /// A box, binder or bag: its place, and what it holds.
    Container(Box<Place>),
    /// A code without its dashes that fits several places.
    Ambiguous(Vec<String>),
    None,
}

/// A location or container with the way to it.
#[derive(Debug, Clone)]
pub struct Place {
    pub code: String,
    pub name: String,
    /// The place itself comes last.
    pub path: Vec<PathStep>,
    /// The location (for a container, where it stands now).
    pub location: Option<Location>,
    pub container_uid: Option<i64>,
}

/// A document whose original should be at a place, in shelf order.
#[derive(Debug, Clone)]
pub struct ContentItem {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    /// Why it is this customer's, or nobody's.
    pub link_basis: LinkBasis,
    pub dossier_no: String,
    /// Serial of the container it lies in, or empty.
    pub container: String,
    pub location_code: String,
    pub original_state: OriginalState,
    /// Scanned, and how many it should have.
    pub pages: i64,
    pub pages_declared: Option<i64>,
    pub security_level: SecurityLevel,
}

/// What a person states of a place in a form: names of fields, or `attribute:NAME`, with their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocationDraft {
    pub stated: Vec<(String, String)>,
    /// For the history; may be empty.
    pub why: String,
}
