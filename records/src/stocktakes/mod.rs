//! Stocktakes (盘点): what should stand in a place is frozen, its shelves are scanned, and the two are compared.
//!
//! A thing is at home when it was scanned at its own place, at anything around that place (a rack says where a paper is, if
//! less precisely), or where its box was scanned. A box that was scanned and not opened stands for what lies in it; once
//! anything of it was scanned by itself, each of its papers counts only when it is scanned. A stocktake that was begun with
//! `boxes_whole` off counts every paper by itself.
//!
//! A paper is *dead* when nothing has happened to it for so many years: neither moved nor lent nor handed out. Reading its
//! scan is no use of the paper.

mod evaluate;
mod rates;
pub(crate) mod sql;

pub use rates::Rates;
pub use vocabulary::{StocktakeResolution, StocktakeState, StocktakeVerdict};

use crate::{
    Moment,
    ids::StocktakeId,
    places::{PlaceKind, ThingKind},
    tables::{ColumnRule, Table, TableRow},
};
use std::collections::BTreeMap;

/// Bounds on one stocktake.
#[derive(Debug, Clone, Copy)]
pub struct StocktakeLimits;

impl StocktakeLimits {
    /// Labels of one request.
    pub const LABELS_MAX: usize = 5_000;
    pub const LABEL_CHARACTERS_MAX: usize = 200;
    pub const NOTE_CHARACTERS_MAX: usize = 500;
    pub const OWNER_CHARACTERS_MAX: usize = 60;
    pub const DEAD_YEARS: i64 = 5;
    pub const DEAD_YEARS_MAX: i64 = 100;
}

/// What somebody says who begins a stocktake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StocktakeDraft {
    /// Code of a place, or serial of a container.
    pub scope: String,
    /// Years without use after which a paper is dead.
    pub dead_years: i64,
    /// A closed box stands for what lies in it.
    pub boxes_whole: bool,
}

impl StocktakeDraft {
    pub fn of(scope: impl Into<String>) -> Self {
        Self {
            scope: scope.into(),
            dead_years: StocktakeLimits::DEAD_YEARS,
            boxes_whole: true,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stocktake {
    pub uid: i64,
    pub id: StocktakeId,
    /// As its label shows it.
    pub scope: String,
    pub state: StocktakeState,
    pub dead_years: i64,
    pub boxes_whole: bool,
    pub begun_at: Moment,
    pub begun_by: String,
    pub closed_at: Option<Moment>,
    pub closed_by: String,
    scope_place: Spot,
    /// Between these sort keys lie the places in it; both empty for a container.
    low: String,
    high: String,
}

/// Where something is or belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Spot {
    pub kind: PlaceKind,
    pub uid: i64,
}

impl Spot {
    pub const NOWHERE: Spot = Spot {
        kind: PlaceKind::None,
        uid: 0,
    };
}

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ThingKey {
    pub(crate) kind: ThingKind,
    pub(crate) uid: i64,
}

/// What a stocktake says, of what the asker may see.
#[derive(Debug, Clone)]
pub struct StocktakeResult {
    pub stocktake: Stocktake,
    /// Things that should be there.
    pub expected: i64,
    pub counts: BTreeMap<StocktakeVerdict, i64>,
    /// Differences that are neither resolved nor owned.
    pub unsettled: i64,
    /// The asker sees every document that there can be, so that nothing is left out.
    pub sees_all: bool,
    /// Differences first, each kind by where it was found or belongs.
    pub lines: Vec<StocktakeLine>,
    /// Lines of the verdict that was asked for, all windows together.
    pub lines_total: i64,
}

impl StocktakeResult {
    pub fn count(&self, verdict: StocktakeVerdict) -> i64 {
        self.counts.get(&verdict).copied().unwrap_or(0)
    }

    pub fn rates(&self) -> Rates {
        Rates::of(self.expected, |verdict| self.count(verdict))
    }
}

/// What is said of one thing.
#[derive(Debug, Clone)]
pub struct StocktakeLine {
    pub verdict: StocktakeVerdict,
    /// Id of the document, serial of the container, or the label that nothing has.
    pub thing: String,
    /// Empty for an unknown label.
    pub kind: Option<ThingKind>,
    pub title: String,
    pub number: String,
    /// Code of the place, or serial of the container; empty where it was not found, or belongs nowhere.
    pub found_at: String,
    pub belongs_at: String,
    pub settled: LineSettled,
}

/// What was done about a difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineSettled {
    /// Who sees to it, and until when; empty for nobody.
    pub owner: String,
    pub due: String,
    pub resolution: Option<StocktakeResolution>,
    pub note: String,
    pub by: String,
    pub at: Option<Moment>,
}

impl LineSettled {
    pub fn is_open(&self) -> bool {
        self.owner.is_empty() && self.resolution.is_none()
    }
}

/// Which lines are wanted.
#[derive(Debug, Clone, Default)]
pub struct StocktakeLines {
    pub verdict: Option<StocktakeVerdict>,
    /// Differences that nobody has settled.
    pub open_only: bool,
    pub skip: usize,
    pub limit: usize,
}

impl StocktakeLines {
    pub fn first(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }
}

/// What somebody does about a difference.
#[derive(Debug, Clone, Default)]
pub struct SettleDraft {
    /// As the line names it, or a label.
    pub thing: String,
    pub verdict: Option<StocktakeVerdict>,
    pub owner: String,
    /// Date; empty for none.
    pub due: String,
    pub resolution: Option<StocktakeResolution>,
    pub note: String,
}

/// Labels that were scanned at one place.
#[derive(Debug, Clone, Default)]
pub struct ScanDraft {
    pub at: String,
    pub labels: Vec<String>,
    /// Those of them, or further ones, whose things are worn.
    pub worn: Vec<String>,
}

/// What a label turned out to be.
#[derive(Debug, Clone)]
pub struct ScannedLabel {
    /// Of the scan, so that it can be taken back.
    pub uid: i64,
    pub label: String,
    pub at: String,
    pub worn: bool,
    pub line: StocktakeLine,
}

/// What is expected at one place and was not scanned yet.
#[derive(Debug, Clone, Default)]
pub struct ShelfView {
    pub at: String,
    pub name: String,
    pub waiting: Vec<StocktakeLine>,
    pub waiting_total: i64,
    /// Of what is expected here.
    pub seen: i64,
}

/// A place of the scope with how much of it was seen, for the walk from shelf to shelf.
#[derive(Debug, Clone)]
pub struct ShelfStep {
    pub code: String,
    pub name: String,
    pub expected: i64,
    pub scanned: i64,
}

/// When a thing was last seen in a stocktake.
#[derive(Debug, Clone)]
pub struct LastSeen {
    pub at: Moment,
    pub place: String,
    pub by: String,
    pub stocktake: StocktakeId,
    pub worn: bool,
}

/// A line of a file that was made offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineLine {
    pub line: u64,
    pub at: String,
    pub label: String,
    pub worn: String,
}

/// Why a line of a file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfflineFault {
    PlaceUnknown,
    PlaceOutside,
    LabelMissing,
    LabelUnknown,
    WornUnclear,
}

impl OfflineFault {
    pub fn code(self) -> &'static str {
        match self {
            Self::PlaceUnknown => "place_unknown",
            Self::PlaceOutside => "place_outside",
            Self::LabelMissing => "label_missing",
            Self::LabelUnknown => "label_unknown",
            Self::WornUnclear => "worn_unclear",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineProblem {
    pub line: u64,
    pub value: String,
    pub fault: OfflineFault,
}

/// What a file made offline would do, or did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfflineReport {
    pub lines: i64,
    pub good: i64,
    pub applied: bool,
    pub problems: Vec<OfflineProblem>,
}

/// The columns of a file that was made offline.
pub const OFFLINE_COLUMNS: &[ColumnRule] = &[
    ColumnRule {
        name: "at",
        headers: &["place", "location", "库位", "位置", "库位号"],
        required: true,
    },
    ColumnRule {
        name: "label",
        headers: &["thing", "code", "标签", "条码", "编号"],
        required: true,
    },
    ColumnRule {
        name: "worn",
        headers: &["damaged", "破损"],
        required: false,
    },
];

/// The lines of such a file.
pub fn offline_lines(table: &Table) -> Vec<OfflineLine> {
    let line = |row: &TableRow| OfflineLine {
        line: row.line,
        at: row.get("at").to_owned(),
        label: row.get("label").to_owned(),
        worn: row.get("worn").to_owned(),
    };
    table.rows.iter().map(line).collect()
}
