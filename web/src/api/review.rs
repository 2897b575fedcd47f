//! What waits for a person to decide.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::Result,
        parts::{self, ListQuery},
        who::Caller,
    },
    state::Web,
};
use api_types::documents::VersionJson;
use api_types::list::ListJson;
use api_types::review::{DecisionJson, ReviewItemJson, ReviewProgressJson, review as shown};
use axum::{Json, extract::State};
use records::{
    Role,
    audit::{AuditAction, AuditObject, EventDraft},
    ids::DocumentId,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "review",
    about: "What waits for a person to decide.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(review))
        .routes(routes!(progress))
        .routes(routes!(decided))
        .routes(routes!(undo))
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

/// How many documents wait and how many have waited and were decided, of those that the caller may see.
#[utoipa::path(get, path = "/api/v1/review/progress", operation_id = "get_review_progress", responses((status = 200, body = ReviewProgressJson), (status = 403)))]
async fn progress(State(web): State<Web>, caller: Caller) -> Result<Json<ReviewProgressJson>> {
    caller.asker.require(Role::Archivist)?;
    Ok(Json(ReviewProgressJson {
        waiting: web.archive.review_count(&caller.asker).await?,
        decided: web.archive.review_decided_count(&caller.asker).await?,
    }))
}

/// The last twenty decisions of the caller, newest first, each with where the document stood before.
#[utoipa::path(get, path = "/api/v1/review/decided", operation_id = "list_decisions", params(ListQuery), responses((status = 200, body = ListJson<DecisionJson>), (status = 403)))]
async fn decided(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<DecisionJson>>> {
    let decided = services::review::decided(&web.archive, &caller.asker).await?;
    asked.part(&web, decided, services::review::decision_json)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UndoBody {
    /// Version of the document that the decision has made; when something was decided since, 409 or 404.
    version: i64,
}

/// Take one's own last decision about a document back: it is where it was before.
#[utoipa::path(post, path = "/api/v1/review/{id}/undo", operation_id = "undo_decision", params(("id" = String, Path)), request_body = UndoBody, responses((status = 200, body = VersionJson), (status = 403), (status = 404), (status = 409)))]
async fn undo(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<UndoBody>,
) -> Result<Json<VersionJson>> {
    let id = DocumentId::parse(&id)?;
    let version = services::review::undo(&web.archive, &caller.asker, &id, body.version).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(VersionJson {
        document_id: id.to_string(),
        version,
    }))
}
