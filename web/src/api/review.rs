//! What waits for a person to decide.

use super::Interface;
use crate::{
    http::{error::Result, who::Caller},
    state::Web,
};
use api_types::review::{ReviewJson, review_item};
use axum::{
    Json,
    extract::{Query, State},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface { name: "review", routes };

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(review))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ReviewQuery {
    /// `uid` of the item to go on after.
    #[serde(default)]
    after: i64,
    limit: Option<usize>,
}

/// Documents that wait for a person, oldest first, with candidates and evidence.
#[utoipa::path(get, path = "/api/v1/review", params(ReviewQuery), responses((status = 200, body = ReviewJson), (status = 403)))]
async fn review(State(web): State<Web>, caller: Caller, Query(asked): Query<ReviewQuery>) -> Result<Json<ReviewJson>> {
    let items = web
        .archive
        .review_queue(&caller.asker, asked.after, asked.limit.unwrap_or(20).clamp(1, 200))
        .await?;
    let open = web.archive.review_count(&caller.asker).await?;
    Ok(Json(ReviewJson {
        open,
        items: items.into_iter().map(review_item).collect(),
    }))
}
