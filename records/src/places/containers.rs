//! Boxes, binders and bags: named by a serial that means nothing and never changes.

use super::PlaceUse;
use crate::SecurityLevel;
use vocabulary::ContainerKind;

/// Sizes in which boxes are sold, in millimetres.
pub const BOX_SIZES_MM: [i64; 5] = [20, 30, 40, 50, 60];
/// No container is thicker.
pub const CONTAINER_SIZE_MAX_MM: i64 = 2_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    pub uid: i64,
    pub id: String,
    pub serial: String,
    pub kind: ContainerKind,
    pub title: String,
    /// How thick it is, and what it takes.
    pub size_mm: Option<i64>,
    pub pieces_max: Option<i64>,
    pub security_level_max: SecurityLevel,
    pub state: PlaceUse,
    pub version: i64,
    /// How often it was put somewhere.
    pub moves: i64,
    /// Code of the location or serial of the container that it was put into; empty where it stands nowhere.
    pub stands_in: String,
    /// Code of the location where it is, through the containers around it; empty where it is nowhere.
    pub location_code: String,
}

/// What a person states of a container; `None` leaves a field as it is, or as is usual for a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerDraft {
    pub kind: Option<ContainerKind>,
    pub title: Option<String>,
    /// `Some(None)` says that it is not known.
    pub size_mm: Option<Option<i64>>,
    pub pieces_max: Option<Option<i64>>,
    pub security_level_max: Option<SecurityLevel>,
    pub state: Option<PlaceUse>,
    /// For the history; may be empty.
    pub why: String,
}

/// How full a container or a place is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FillShown {
    /// Whole millimetres, rounded up.
    pub used_mm: i64,
    pub pieces: i64,
}
