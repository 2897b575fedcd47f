//! The words of the trade, each once: ids, instants, dates as written on paper, codes, the folding that makes spellings
//! comparable, and every closed list with its code, its Chinese and its English words.
//!
//! This room does no I/O. It knows nothing of SQL, HTTP or the command line, and JSON only as the form in which details
//! are stored; it imports no other room.

pub mod check_character;
pub mod check_digits;
pub mod codes;
pub mod dates;
pub mod detail;
pub mod environment;
pub mod fold;
pub mod ids;
pub mod moment;
pub mod width;

mod access;
mod audit;
mod batches;
mod bilingual;
mod customers;
mod documents;
mod error;
mod han_numerals;
mod hex;
mod imports;
mod keeping;
mod language;
mod list;
mod lists;
mod loans;
mod pages;
mod places;
mod sheet_code;
mod stocktakes;
mod today;
mod total;

pub use access::{GrantPhase, GrantState, Role, Scope, SecurityLevel, TwoPersonAct};
pub use audit::{AuditAction, AuditObject, AuditOutcome};
pub use batches::{BatchState, JobState, Outcome, Reason, StatedField, UploadState};
pub use bilingual::Bilingual;
pub use customers::{AliasKind, CustomerKind, CustomerStatus, IdentifierKind, PartyKind, PartyRoleKind};
pub use dates::{DateFault, DateRange, PartialDate};
pub use documents::{
    CopyState, Counterpart, DocumentState, FactKind, KindFlag, KindGroup, LinkBasis, Medium, ProposalState, Seal,
};
pub use environment::{Clock, Environment, Random};
pub use error::{Result, Unusable};
pub use hex::hex;
pub use imports::{DoubleBecause, KeptBecause, Register, SheetFault};
pub use keeping::{KeepingItem, KeepingKind, KeepingOccasion, KeepingState, RepairState};
pub use language::Language;
pub use list::{ClosedList, List, Misleading, Word};
pub use lists::RecordList;
pub use loans::{IncidentKind, LoanClass, LoanList, LoanState, LoanStepKind, LoanUse, ReturnCondition};
pub use moment::Moment;
pub use pages::{PageState, ReadingFlag};
pub use places::{
    CapacityUnit, ContainerKind, LocationKind, OriginalState, PlaceKind, PlaceNumbering, PlaceUse, PlacementEvent,
    ProposedBecause, ThingKind,
};
pub use sheet_code::{PREFIX as SHEET_CODE_PREFIX, SheetCode};
pub use stocktakes::{StocktakeResolution, StocktakeState, StocktakeVerdict};
pub use today::TodayItem;
pub use total::Total;

/// Every list there is, closed and open, by the name of its type.
pub const LISTS: &[(&str, List)] = &[
    ("AliasKind", AliasKind::LIST),
    ("AuditAction", AuditAction::LIST),
    ("AuditObject", AuditObject::LIST),
    ("AuditOutcome", AuditOutcome::LIST),
    ("BatchState", BatchState::LIST),
    ("CopyState", CopyState::LIST),
    ("CapacityUnit", CapacityUnit::LIST),
    ("ContainerKind", ContainerKind::LIST),
    ("Counterpart", Counterpart::LIST),
    ("CustomerKind", CustomerKind::LIST),
    ("CustomerStatus", CustomerStatus::LIST),
    ("DateFault", DateFault::LIST),
    ("DocumentState", DocumentState::LIST),
    ("DoubleBecause", DoubleBecause::LIST),
    ("FactKind", FactKind::LIST),
    ("GrantPhase", GrantPhase::LIST),
    ("TwoPersonAct", TwoPersonAct::LIST),
    ("GrantState", GrantState::LIST),
    ("IdentifierKind", IdentifierKind::LIST),
    ("IncidentKind", IncidentKind::LIST),
    ("JobState", JobState::LIST),
    ("KeptBecause", KeptBecause::LIST),
    ("KeepingItem", KeepingItem::LIST),
    ("KeepingKind", KeepingKind::LIST),
    ("KeepingOccasion", KeepingOccasion::LIST),
    ("KeepingState", KeepingState::LIST),
    ("KindFlag", KindFlag::LIST),
    ("KindGroup", KindGroup::LIST),
    ("LinkBasis", LinkBasis::LIST),
    ("LoanClass", LoanClass::LIST),
    ("LoanList", LoanList::LIST),
    ("LoanState", LoanState::LIST),
    ("LoanStepKind", LoanStepKind::LIST),
    ("LoanUse", LoanUse::LIST),
    ("LocationKind", LocationKind::LIST),
    ("MeantBy", codes::MeantBy::LIST),
    ("MeantKind", codes::MeantKind::LIST),
    ("Medium", Medium::LIST),
    ("OriginalState", OriginalState::LIST),
    ("Outcome", Outcome::LIST),
    ("PageState", PageState::LIST),
    ("PartyKind", PartyKind::LIST),
    ("PartyRoleKind", PartyRoleKind::LIST),
    ("PlaceKind", PlaceKind::LIST),
    ("PlaceNumbering", PlaceNumbering::LIST),
    ("PlaceUse", PlaceUse::LIST),
    ("PlacementEvent", PlacementEvent::LIST),
    ("ProposalState", ProposalState::LIST),
    ("ProposedBecause", ProposedBecause::LIST),
    ("ReadingFlag", ReadingFlag::LIST),
    ("Reason", Reason::LIST),
    ("RecordList", RecordList::LIST),
    ("Register", Register::LIST),
    ("ReturnCondition", ReturnCondition::LIST),
    ("RepairState", RepairState::LIST),
    ("Role", Role::LIST),
    ("Scope", Scope::LIST),
    ("Seal", Seal::LIST),
    ("SecurityLevel", SecurityLevel::LIST),
    ("SheetFault", SheetFault::LIST),
    ("StatedField", StatedField::LIST),
    ("StocktakeResolution", StocktakeResolution::LIST),
    ("StocktakeState", StocktakeState::LIST),
    ("StocktakeVerdict", StocktakeVerdict::LIST),
    ("ThingKind", ThingKind::LIST),
    ("TodayItem", TodayItem::LIST),
];

#[cfg(test)]
mod tests;
