//! Maps of rooms: where a place is, how full its neighbours are, and when the room will be full.

use super::{Interface, Path};
use crate::{
    http::{
        error::{Result, WebError},
        who::Caller,
    },
    state::Web,
};
use api_types::maps::MapJson;
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use services::map::{self, DrawnMap};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "maps",
    about: "Rooms drawn from the tree of places.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(of_place)).routes(routes!(picture))
}

async fn drawn(web: &Web, caller: &Caller, code: &str) -> Result<DrawnMap> {
    let room = map::room_of(&web.archive, &caller.asker, code).await?;
    let room = room.ok_or(WebError::NotFound)?;
    let drawn = map::drawn(&web.archive, &caller.asker, &room, code).await?;
    drawn.ok_or(WebError::NotFound)
}

/// The room around a place, or the place where a container stands, with everything inside it; the place is marked.
#[utoipa::path(get, path = "/api/v1/locations/{code}/map", operation_id = "get_map", params(("code" = String, Path)), responses((status = 200, body = MapJson), (status = 404)))]
async fn of_place(State(web): State<Web>, caller: Caller, Path(code): Path<String>) -> Result<Json<MapJson>> {
    Ok(Json(map::json(drawn(&web, &caller, &code).await?)))
}

/// The same as a drawing.
#[utoipa::path(get, path = "/api/v1/locations/{code}/map.svg", operation_id = "get_map_picture", params(("code" = String, Path)), responses((status = 200, content((String = "image/svg+xml"))), (status = 404)))]
async fn picture(State(web): State<Web>, caller: Caller, Path(code): Path<String>) -> Result<Response> {
    let svg = map::svg(&drawn(&web, &caller, &code).await?);
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}
