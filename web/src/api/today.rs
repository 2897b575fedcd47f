//! What waits for the caller today.

use super::{Asked, Interface, Path};
use crate::{
    http::{
        error::{Result, WebError},
        parts,
        who::Caller,
    },
    state::Web,
};
use api_types::list::ListJson;
use api_types::today::{TodayDocumentJson, TodayJson, today_documents};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::TodayItem;

pub(super) const SUBJECT: Interface = Interface {
    name: "today",
    about: "What waits for the caller today.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(today)).routes(routes!(documents))
}

/// What waits for the caller, with what is known of the archive: the last checks, room on the disk, thirty days.
#[utoipa::path(get, path = "/api/v1/today", operation_id = "get_today", responses((status = 200, body = TodayJson)))]
async fn today(State(web): State<Web>, caller: Caller) -> Result<Json<TodayJson>> {
    let today = services::today::today(&web.archive, &caller.asker, web.environment.now()).await?;
    Ok(Json(services::today::today_json(today)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TodayQuery {
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

/// The documents that an item is about, oldest first: as many as its count says. 404 for an item that is about something
/// else.
#[utoipa::path(get, path = "/api/v1/today/{item}", operation_id = "list_today", params(("item" = String, Path, description = "`review`, `review_late`, `originals_to_shelve`, `originals_missing` or `expiring`"), TodayQuery), responses((status = 200, body = ListJson<TodayDocumentJson>), (status = 404)))]
async fn documents(
    State(web): State<Web>,
    caller: Caller,
    Path(item): Path<String>,
    Asked(asked): Asked<TodayQuery>,
) -> Result<Json<ListJson<TodayDocumentJson>>> {
    let item = TodayItem::from_code(&item).ok_or(WebError::NotFound)?;
    let limit = parts::rows_at_most(&web, asked.limit);
    let after = parts::mark(&asked.after)?.unwrap_or(0);
    let (rows, total) = services::today::documents(&web.archive, &caller.asker, item, after, limit + 1)
        .await?
        .ok_or(WebError::NotFound)?;
    Ok(Json(today_documents(rows, limit, total)))
}
