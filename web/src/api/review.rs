//! What waits for a person to decide.

use super::{Asked, Interface};
use crate::{
    http::{error::Result, who::Caller},
    state::Web,
};
use api_types::review::{ReviewJson, review as shown};
use axum::{Json, extract::State};
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
    /// `uid` of the item to go on after.
    #[serde(default)]
    after: i64,
    limit: Option<usize>,
}

/// Documents that wait for a person, oldest first, with candidates and evidence.
#[utoipa::path(get, path = "/api/v1/review", operation_id = "list_review", params(ReviewQuery), responses((status = 200, body = ReviewJson), (status = 403)))]
async fn review(State(web): State<Web>, caller: Caller, Asked(asked): Asked<ReviewQuery>) -> Result<Json<ReviewJson>> {
    let limit = asked.limit.unwrap_or(20).clamp(1, 200);
    let items = web.archive.review_queue(&caller.asker, asked.after, limit + 1).await?;
    let open = web.archive.review_count(&caller.asker).await?;
    Ok(Json(shown(items, limit, open)))
}
