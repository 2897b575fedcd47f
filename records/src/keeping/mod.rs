//! How the holdings are kept (保管状况): checks of rooms and of what lies in them, twice a year and when something has
//! happened; what they find becomes a repair with an owner, a date and a result.

pub(crate) mod sql;

pub use vocabulary::{KeepingItem, KeepingKind, KeepingOccasion, KeepingState, RepairState};

use crate::{
    Moment,
    ids::{KeepingCheckId, RepairId},
};

/// Bounds on what people write.
#[derive(Debug, Clone, Copy)]
pub struct KeepingLimits;

impl KeepingLimits {
    pub const ITEMS_MAX: usize = 60;
    pub const WORDS_MAX: usize = 500;
    pub const MONTHS_MAX: i64 = 120;
}

/// What checks ask, and how often rooms are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepingRules {
    pub room: Vec<KeepingItem>,
    pub holding: Vec<KeepingItem>,
    pub months: i64,
}

impl Default for KeepingRules {
    fn default() -> Self {
        use KeepingItem as Item;
        Self {
            room: vec![
                Item::AgainstFire,
                Item::AgainstTheft,
                Item::AgainstDamp,
                Item::AgainstHeat,
                Item::AgainstInsects,
                Item::AgainstRodents,
                Item::AgainstLight,
                Item::AgainstDust,
                Item::DoorsAndWindows,
                Item::SafetyEquipment,
            ],
            holding: vec![
                Item::Mould,
                Item::Vermin,
                Item::FadedInk,
                Item::TornPaper,
                Item::Boxes,
                Item::Order,
            ],
            months: 6,
        }
    }
}

impl KeepingRules {
    pub fn items(&self, kind: KeepingKind) -> &[KeepingItem] {
        match kind {
            KeepingKind::Room => &self.room,
            KeepingKind::Holding => &self.holding,
        }
    }
}

/// What was seen of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepingResult {
    pub item: KeepingItem,
    pub is_fine: bool,
    pub note: String,
}

/// A check that was ordered or made.
#[derive(Debug, Clone)]
pub struct KeepingCheck {
    pub id: KeepingCheckId,
    pub place: String,
    pub place_name: String,
    pub kind: KeepingKind,
    pub occasion: KeepingOccasion,
    pub state: KeepingState,
    pub due: String,
    pub reason: String,
    pub asked_by: String,
    pub done_by: String,
    pub done_at: Option<Moment>,
    pub results: Vec<KeepingResult>,
}

/// A check that is to be made: a room past its interval, or one that somebody has ordered.
#[derive(Debug, Clone)]
pub struct KeepingDue {
    pub place: String,
    pub place_name: String,
    pub kind: KeepingKind,
    pub occasion: KeepingOccasion,
    /// When the place was last checked; `None` for never.
    pub last: Option<Moment>,
    /// Date until which it is to be made; empty for at once.
    pub due: String,
    pub reason: String,
    /// Of the one that was ordered.
    pub order: Option<KeepingCheckId>,
}

#[derive(Debug, Clone)]
pub struct RepairTask {
    pub id: RepairId,
    /// Of the check that found it.
    pub check: Option<KeepingCheckId>,
    /// Code of the place; empty for none.
    pub place: String,
    /// Id and title of the document; empty for none.
    pub document: String,
    pub title: String,
    pub what: String,
    pub owner: String,
    pub due: String,
    pub state: RepairState,
    pub result: String,
    pub opened_at: Moment,
    pub opened_by: String,
    pub closed_at: Option<Moment>,
    pub closed_by: String,
}

/// What somebody orders, because something has happened.
#[derive(Debug, Clone)]
pub struct KeepingOrder {
    pub at: String,
    pub kind: KeepingKind,
    pub occasion: KeepingOccasion,
    pub reason: String,
    pub due: String,
}

/// A check as it was made.
#[derive(Debug, Clone)]
pub struct KeepingDraft {
    /// Code of the place; of an order its place.
    pub at: String,
    pub kind: KeepingKind,
    pub occasion: KeepingOccasion,
    /// The order that it fulfils.
    pub order: Option<KeepingCheckId>,
    pub findings: Vec<KeepingFinding>,
}

/// An item with what was found; what is not fine becomes a repair.
#[derive(Debug, Clone)]
pub struct KeepingFinding {
    pub item: KeepingItem,
    pub is_fine: bool,
    pub note: String,
    pub owner: String,
    pub due: String,
}

#[derive(Debug, Clone, Default)]
pub struct RepairDraft {
    /// Id or number of a document, or code of a place.
    pub thing: String,
    pub what: String,
    pub owner: String,
    pub due: String,
}
