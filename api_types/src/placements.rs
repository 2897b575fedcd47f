//! Things that are put somewhere together.

use crate::codes::code;
use records::places::{MovedThing, Placed, ProposedPlace};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::ProposedBecause;

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

/// Places that would take a thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposedPlacesJson {
    /// The best first; empty where none is known.
    pub places: Vec<ProposedPlaceJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProposedPlaceJson {
    /// Code of the location or serial of the container.
    pub code: String,
    /// Millimetres that are free there; `null` where no capacity in millimetres was stated.
    pub free_mm: Option<i64>,
    #[schema(schema_with = code::<ProposedBecause>)]
    pub why: String,
}

pub fn proposed(places: Vec<ProposedPlace>) -> ProposedPlacesJson {
    let place = |place: ProposedPlace| {
        let ProposedPlace { code, free_mm, why } = place;
        ProposedPlaceJson {
            code,
            free_mm,
            why: why.as_str().to_owned(),
        }
    };
    ProposedPlacesJson {
        places: places.into_iter().map(place).collect(),
    }
}
