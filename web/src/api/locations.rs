//! What is at a place.

use super::Interface;
use crate::{
    http::{error::Result, who::Caller},
    state::Web,
};
use api_types::locations::LocateJson;
use axum::{
    Json,
    extract::{Query, State},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "locations",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(locate))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LocateQuery {
    /// Location code or container serial, as typed or scanned.
    code: String,
}

/// What should be at a place, in shelf order.
#[utoipa::path(get, path = "/api/v1/locate", params(LocateQuery), responses((status = 200, body = LocateJson), (status = 404), (status = 422, description = "the code fits several places")))]
async fn locate(State(web): State<Web>, caller: Caller, Query(asked): Query<LocateQuery>) -> Result<Json<LocateJson>> {
    let place = services::locations::locate(&web.archive, &caller.asker, &asked.code).await?;
    Ok(Json(place))
}
