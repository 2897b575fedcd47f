//! The audit trail, for auditors. Reading it is in it.

use super::{Asked, Interface};
use crate::{
    http::{error::Result, parts, who::Caller},
    state::Web,
};
use api_types::audit::{AuditCheckJson, AuditEventJson, audit_check, audit_events};
use api_types::codes::code_or_empty;
use api_types::list::ListJson;
use axum::{Json, extract::State};
use records::audit::{AuditAction, AuditObject};
use serde::Deserialize;
use services::audit::AuditAsked;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "audit",
    about: "The audit trail: who did what to what.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(checked, check))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditQuery {
    /// Sign-in name or display name of who did it; everybody when empty.
    #[serde(default)]
    who: String,
    #[serde(default)]
    #[param(schema_with = code_or_empty::<AuditAction>)]
    action: String,
    #[serde(default)]
    #[param(schema_with = code_or_empty::<AuditObject>)]
    object_kind: String,
    /// Code, number, name or id of what it was done to; `customer:KH-0001` where the bare word would be ambiguous.
    #[serde(default)]
    object: String,
    /// A day, month or year, or an instant (RFC 3339).
    #[serde(default)]
    from: String,
    /// The same; a day, month or year is taken whole.
    #[serde(default)]
    to: String,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

/// Events of the audit trail, newest first. For auditors and administrators; reading it is an event itself.
#[utoipa::path(get, path = "/api/v1/audit", operation_id = "list_audit_events", params(AuditQuery), responses((status = 200, body = ListJson<AuditEventJson>), (status = 403)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<AuditQuery>,
) -> Result<Json<ListJson<AuditEventJson>>> {
    let limit = parts::rows_at_most(&web, asked.limit);
    let asked = AuditAsked {
        person: asked.who,
        object: asked.object,
        object_kind: asked.object_kind,
        action: asked.action,
        from: asked.from,
        to: asked.to,
        before: parts::mark(&asked.after)?,
    };
    let filter = services::audit::filter(&web.archive, Some(&web.finder), &caller.asker, &asked, limit + 1).await?;
    let events = services::audit::events(&web.archive, &caller.asker, &filter).await?;
    let total = web.archive.audit_events_total(&caller.asker, &filter).await?;
    services::audit::note_read(&web.archive, &caller.asker, &asked).await?;
    let acts = services::audit::acts(events.iter().map(|(event, _)| event));
    Ok(Json(audit_events(events, acts, limit, total)))
}

/// The newest check of the trail: what was proven, and when. `null` where none was ever made.
#[utoipa::path(get, path = "/api/v1/audit/check", operation_id = "get_audit_check", responses((status = 200, body = Option<AuditCheckJson>), (status = 403)))]
async fn checked(State(web): State<Web>, caller: Caller) -> Result<Json<Option<AuditCheckJson>>> {
    Ok(Json(web.archive.audit_checked(&caller.asker).await?.map(audit_check)))
}

/// Computes every leaf and the root of the trail anew, and keeps what was found.
#[utoipa::path(post, path = "/api/v1/audit/check", operation_id = "check_audit", responses((status = 200, body = AuditCheckJson), (status = 403)))]
async fn check(State(web): State<Web>, caller: Caller) -> Result<Json<AuditCheckJson>> {
    Ok(Json(audit_check(web.archive.audit_check(&caller.asker).await?)))
}
