//! Things that are put somewhere together.

use super::{OriginalState, ThingKind};
use vocabulary::{ContainerKind, ProposedBecause};

/// A thing that somebody means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundThing {
    pub kind: ThingKind,
    /// 0 for a document that has no paper yet.
    pub uid: i64,
    pub id: String,
    /// Number of a document or a volume, serial of a container; may be empty.
    pub name: String,
    pub title: String,
    /// Of a paper: its document.
    pub document_uid: Option<i64>,
    pub document_id: String,
    pub document_kind: String,
    pub copy_state: String,
    pub container_kind: Option<ContainerKind>,
    /// Of a paper.
    pub state: Option<OriginalState>,
    /// Of a container the highest that it may hold.
    pub security_level: i64,
    /// Number of the volume that a paper is bound into, or empty.
    pub volume: String,
    /// Of a paper that belongs to somebody.
    pub dossier_uid: Option<i64>,
    /// Of a paper with a date, its year; else empty.
    pub year: String,
    /// How often it was put somewhere.
    pub moves: i64,
}

/// What somebody means who names a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThingLookup {
    One(Box<FoundThing>),
    /// It fits several; their ids.
    Several(Vec<String>),
    Nothing,
}

/// A thing to be moved; with `moves`, only if it was moved so often and not since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThingToPlace {
    pub named: String,
    pub moves: Option<i64>,
}

/// Things that are put somewhere in one act.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlacingOrder {
    pub things: Vec<ThingToPlace>,
    /// A location code or the serial of a container.
    pub to: String,
    /// The label as it was scanned.
    pub label: String,
    /// The slip under which they go, when there is one.
    pub slip: String,
}

impl PlacingOrder {
    /// These things to this place, wherever they lie.
    pub fn of<T: Into<String>>(things: impl IntoIterator<Item = T>, to: impl Into<String>) -> Self {
        let named = |named: T| ThingToPlace {
            named: named.into(),
            moves: None,
        };
        Self {
            things: things.into_iter().map(named).collect(),
            to: to.into(),
            ..Self::default()
        }
    }
}

/// From where to where; each is empty where it is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedThing {
    pub thing: String,
    pub from: String,
    pub to: String,
}

/// What an order has done. What lay there already is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub moved: Vec<MovedThing>,
    /// By which it is taken back; empty where nothing was moved.
    pub undo: String,
}

/// A place that is proposed for a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedPlace {
    pub code: String,
    /// Whole millimetres; nothing where no capacity in millimetres was stated.
    pub free_mm: Option<i64>,
    pub why: ProposedBecause,
}
