//! What waits for a person to decide.

use super::{Asked, Interface};
use crate::{
    http::{error::Result, parts, who::Caller},
    state::Web,
};
use api_types::list::ListJson;
use api_types::review::{ReviewItemJson, review as shown};
use axum::{Json, extract::State};
use records::audit::{AuditAction, AuditObject, EventDraft};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "review",
    about: "What waits for a person to decide.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(review))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ReviewQuery {
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 20 when not given, 200 at most.
    limit: Option<usize>,
}

/// Documents that wait for a person, oldest first, with candidates and evidence.
#[utoipa::path(get, path = "/api/v1/review", operation_id = "list_review", params(ReviewQuery), responses((status = 200, body = ListJson<ReviewItemJson>), (status = 403)))]
async fn review(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ReviewQuery>,
) -> Result<Json<ListJson<ReviewItemJson>>> {
    let after = parts::mark(&asked.after)?.unwrap_or(0);
    let limit = asked.limit.unwrap_or(20).clamp(1, 200);
    let items = web.archive.review_queue(&caller.asker, after, limit + 1).await?;
    let viewed = items.iter().take(limit).map(|item| {
        let id = item.document.id.as_str();
        let event = EventDraft::new(AuditAction::DocumentViewed, AuditObject::Document, id).detail("in=review");
        web.archive.note_reading(&caller.asker, event)
    });
    futures::future::try_join_all(viewed).await?;
    let open = web.archive.review_count(&caller.asker).await?;
    Ok(Json(shown(items, limit, open)))
}
