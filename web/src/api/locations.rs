//! Places: listed, and what is at one.

use super::{Asked, Interface};
use crate::{
    http::{error::Result, who::Caller},
    state::Web,
};
use api_types::locations::{self as shapes, LocateJson, LocationsJson};
use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "locations",
    about: "Places: listed, and what should be at one.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(locate))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LocateQuery {
    /// Location code or container serial, as typed or scanned.
    code: String,
}

/// What should be at a place, in shelf order.
#[utoipa::path(get, path = "/api/v1/locate", operation_id = "locate", params(LocateQuery), responses((status = 200, body = LocateJson), (status = 404), (status = 422, description = "the code fits several places")))]
async fn locate(State(web): State<Web>, caller: Caller, Asked(asked): Asked<LocateQuery>) -> Result<Json<LocateJson>> {
    let place = services::locations::locate(&web.archive, &caller.asker, &asked.code).await?;
    Ok(Json(place))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LocationsQuery {
    /// Code after which to go on.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

/// Places in shelf order.
#[utoipa::path(get, path = "/api/v1/locations", operation_id = "list_locations", params(LocationsQuery), responses((status = 200, body = LocationsJson)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<LocationsQuery>,
) -> Result<Json<LocationsJson>> {
    let limit = asked.limit.unwrap_or(web.config.limits.rows).clamp(1, 1000);
    let found = web.archive.locations(&caller.asker, &asked.after, limit + 1).await?;
    Ok(Json(shapes::locations(found, limit)))
}
