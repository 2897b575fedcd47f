//! Events of the audit trail.

use crate::codes::code;
use crate::list::ListJson;
use records::audit::{AuditAction, AuditCheck, AuditEvent, AuditObject, AuditOutcome, AuditedRecord};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::Total;

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEventJson {
    /// Without a gap from 1 on.
    pub sequence: i64,
    pub at: String,
    pub who: String,
    #[schema(schema_with = code::<AuditAction>)]
    pub action: String,
    #[schema(schema_with = code::<AuditObject>)]
    pub object_kind: String,
    pub object: String,
    /// Number, code or sign-in name of the record today, as far as the asker may see it.
    pub code: String,
    /// Title or name of the record today, as far as the asker may see it.
    pub name: String,
    /// Name of the customer of a document.
    pub customer: String,
    #[schema(schema_with = code::<AuditOutcome>)]
    pub outcome: String,
    pub detail: String,
    /// The number of the newest event of the same act in this list: what one person did at one instant is one act, and its
    /// events stand together.
    pub act: i64,
}

/// One window of the trail, newest first, that was read with one event more than `limit`.
pub fn audit_events(
    events: Vec<(AuditEvent, AuditedRecord)>,
    acts: Vec<i64>,
    limit: usize,
    total: Total,
) -> ListJson<AuditEventJson> {
    ListJson::window(
        events.into_iter().zip(acts).collect(),
        limit,
        total,
        |((event, _), _)| event.sequence.to_string(),
        audit_event,
    )
}

fn audit_event(((event, record), act): ((AuditEvent, AuditedRecord), i64)) -> AuditEventJson {
    let AuditEvent {
        sequence,
        at,
        actor,
        action,
        object_kind,
        object_id,
        outcome,
        detail,
    } = event;
    AuditEventJson {
        sequence,
        at: at.rfc3339(),
        who: actor,
        action,
        object_kind,
        object: object_id,
        code: record.code,
        name: record.name,
        customer: record.customer,
        outcome,
        detail,
        act,
    }
}

/// A check of the trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditCheckJson {
    pub ok: bool,
    pub at: String,
    /// Who had it made; `system` for the daily one.
    pub by: String,
    /// The events from the first to this one were computed anew.
    pub events: i64,
    pub problems: Vec<String>,
}

pub fn audit_check(check: AuditCheck) -> AuditCheckJson {
    let AuditCheck {
        at,
        actor,
        events,
        problems,
    } = check;
    AuditCheckJson {
        ok: problems.is_empty(),
        at: at.rfc3339(),
        by: actor,
        events,
        problems,
    }
}
