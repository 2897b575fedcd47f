//! Places: listed, and what is at one.

use super::{Asked, Interface};
use crate::{
    http::{
        error::Result,
        parts::{ListQuery, rows_at_most},
        who::Caller,
    },
    state::Web,
};
use api_types::list::ListJson;
use api_types::locations::{self as shapes, LocateJson, LocationJson};
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

/// Places in shelf order.
#[utoipa::path(get, path = "/api/v1/locations", operation_id = "list_locations", params(ListQuery), responses((status = 200, body = ListJson<LocationJson>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<LocationJson>>> {
    let limit = rows_at_most(&web, asked.limit);
    let found = web.archive.locations(&caller.asker, &asked.after, limit + 1).await?;
    let total = web.archive.locations_total(&caller.asker).await?;
    Ok(Json(shapes::locations(found, limit, total)))
}
