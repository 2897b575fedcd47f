//! Checks of keeping and repairs, as scripts see them.

use crate::codes::{code, code_or_empty};
use records::{
    Moment,
    keeping::{KeepingCheck, KeepingDue, KeepingItem, KeepingResult, KeepingRules, RepairTask},
};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{KeepingKind, KeepingOccasion, KeepingState, RepairState};

/// What checks ask, and how often rooms are checked. An item is a code of the usual list, or words of the archive's own.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeepingRulesJson {
    pub room: Vec<String>,
    pub holding: Vec<String>,
    /// After so many months a room is checked again.
    pub months: i64,
}

/// A check that was ordered or made.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeepingCheckJson {
    pub id: String,
    pub at: String,
    pub name: String,
    #[schema(schema_with = code::<KeepingKind>)]
    pub kind: String,
    #[schema(schema_with = code::<KeepingOccasion>)]
    pub occasion: String,
    #[schema(schema_with = code::<KeepingState>)]
    pub state: String,
    /// Until when it was to be made; empty for no date.
    pub due: String,
    pub reason: String,
    pub asked_by: String,
    pub done_by: String,
    pub done_at: Option<String>,
    pub items: Vec<KeepingResultJson>,
    /// What it found and must be mended; empty in lists.
    pub repairs: Vec<RepairJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KeepingResultJson {
    pub item: String,
    pub fine: bool,
    pub note: String,
}

/// A check that is to be made.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeepingDueJson {
    pub at: String,
    pub name: String,
    #[schema(schema_with = code::<KeepingKind>)]
    pub kind: String,
    #[schema(schema_with = code::<KeepingOccasion>)]
    pub occasion: String,
    /// When the place was last checked; `null` for never.
    pub last: Option<String>,
    /// Empty for at once.
    pub due: String,
    pub reason: String,
    /// Of the check that was ordered; empty for a regular one.
    pub order: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RepairJson {
    pub id: String,
    /// Of the check that found it; empty for none.
    pub check: String,
    pub at: String,
    pub document_id: String,
    pub title: String,
    pub what: String,
    pub owner: String,
    /// Empty for no date.
    pub until: String,
    #[schema(schema_with = code_or_empty::<RepairState>)]
    pub state: String,
    pub result: String,
    pub opened_at: String,
    pub opened_by: String,
    pub closed_at: Option<String>,
    pub closed_by: String,
}

/// What was made, by its id.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeepingMadeJson {
    pub id: String,
}

pub fn rules(rules: KeepingRules) -> KeepingRulesJson {
    let KeepingRules { room, holding, months } = rules;
    let codes = |items: Vec<KeepingItem>| items.iter().map(|item| item.as_str().to_owned()).collect();
    KeepingRulesJson {
        room: codes(room),
        holding: codes(holding),
        months,
    }
}

pub fn check(check: KeepingCheck, repairs: Vec<RepairTask>) -> KeepingCheckJson {
    let KeepingCheck {
        id,
        place,
        place_name,
        kind,
        occasion,
        state,
        due,
        reason,
        asked_by,
        done_by,
        done_at,
        results,
    } = check;
    let result = |KeepingResult { item, is_fine, note }| KeepingResultJson {
        item: item.as_str().to_owned(),
        fine: is_fine,
        note,
    };
    KeepingCheckJson {
        id: id.to_string(),
        at: place,
        name: place_name,
        kind: kind.as_str().to_owned(),
        occasion: occasion.as_str().to_owned(),
        state: state.as_str().to_owned(),
        due,
        reason,
        asked_by,
        done_by,
        done_at: done_at.map(Moment::rfc3339),
        items: results.into_iter().map(result).collect(),
        repairs: repairs.into_iter().map(repair).collect(),
    }
}

pub fn due(due: KeepingDue) -> KeepingDueJson {
    let KeepingDue {
        place,
        place_name,
        kind,
        occasion,
        last,
        due,
        reason,
        order,
    } = due;
    KeepingDueJson {
        at: place,
        name: place_name,
        kind: kind.as_str().to_owned(),
        occasion: occasion.as_str().to_owned(),
        last: last.map(Moment::rfc3339),
        due,
        reason,
        order: order.map(|id| id.to_string()).unwrap_or_default(),
    }
}

pub fn repair(repair: RepairTask) -> RepairJson {
    let RepairTask {
        id,
        check,
        place,
        document,
        title,
        what,
        owner,
        due,
        state,
        result,
        opened_at,
        opened_by,
        closed_at,
        closed_by,
    } = repair;
    RepairJson {
        id: id.to_string(),
        check: check.map(|id| id.to_string()).unwrap_or_default(),
        at: place,
        document_id: document,
        title,
        what,
        owner,
        until: due,
        state: state.as_str().to_owned(),
        result,
        opened_at: opened_at.rfc3339(),
        opened_by,
        closed_at: closed_at.map(Moment::rfc3339),
        closed_by,
    }
}
