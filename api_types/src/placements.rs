//! Things that are put somewhere together.

use records::places::{MovedThing, Placed};
use serde::Serialize;
use utoipa::ToSchema;

/// A thing that was moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedJson {
    /// As the caller named it.
    pub thing: String,
    /// Code of the location or serial of the container; empty where it lay nowhere.
    pub from: String,
    /// Empty where it is to be shelved again.
    pub to: String,
}

/// What an order has done.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacingJson {
    /// In the order in which they were named; what lay there already is left out.
    pub moved: Vec<MovedJson>,
    /// Send it to `placements/undo`; empty where nothing was moved.
    pub undo: String,
}

pub fn placing(placed: Placed) -> PlacingJson {
    let Placed { moved, undo } = placed;
    PlacingJson {
        moved: moved.into_iter().map(self::moved).collect(),
        undo,
    }
}

/// One thing that was moved.
pub fn moved(moved: MovedThing) -> MovedJson {
    let MovedThing { thing, from, to } = moved;
    MovedJson { thing, from, to }
}
