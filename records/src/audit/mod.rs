//! The audit trail: who did what to what, as leaves of a Merkle tree (RFC 9162, section 2.1).
//!
//! Rows carry identifiers, not contents. A leaf is the salted SHA-256 of its event, so a leaf may be published
//! without giving its event away. One row, the head, holds size, root and the peaks from which the next root
//! follows; it is locked last in every transaction, which makes the sequence gap-free.

mod asked_sql;
mod checks_sql;
pub(crate) mod sql;

use crate::Moment;

pub use crate::store::audit_event::{AuditEvent, EventDraft, Hash};
pub use vocabulary::{AuditAction, AuditObject, AuditOutcome};

/// What to list of the trail; empty fields do not narrow.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    pub actor: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: String,
    /// Kind and id of the records that are meant together; see [`crate::Archive::audit_objects`].
    pub objects: Vec<(String, String)>,
    /// From this instant on.
    pub from: Option<Moment>,
    /// Before this instant.
    pub until: Option<Moment>,
    /// Only events with a smaller sequence; `None` begins with the newest.
    pub before: Option<i64>,
    pub limit: usize,
}

/// A record of the trail as people call it today, as far as the asker may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedRecord {
    pub kind: String,
    /// As the event has it.
    pub id: String,
    /// Code, number or sign-in name.
    pub code: String,
    /// Name or title.
    pub name: String,
    /// The customer of a document.
    pub customer: String,
}

/// A check of the whole trail that was made and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCheck {
    pub at: Moment,
    pub actor: String,
    /// The events from the first to this one were computed anew.
    pub events: i64,
    /// Each says which event or which part of the head does not fit.
    pub problems: Vec<String>,
}

/// What `audit verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    pub events: i64,
    pub root: Hash,
    /// Each says which event or which part of the head does not fit.
    pub problems: Vec<String>,
}
