//! Things are put somewhere together, and taken back.

use super::{Asked, Interface, Sent};
use crate::{
    http::{error::Result, who::Caller},
    state::Web,
};
use api_types::{
    list::ListJson,
    placements::{self as shapes, MovedJson, PlacingJson, ProposedPlacesJson},
};
use axum::{Json, extract::State};
use records::places::{PlacingOrder, ThingToPlace};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "placements",
    about: "Papers and containers are put somewhere, all or none, and taken back.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(place))
        .routes(routes!(undo))
        .routes(routes!(proposal))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlacementsBody {
    /// Each a document by id or number, a container by serial, a volume by number, or an original by id.
    things: Vec<String>,
    /// A location code or the serial of a container, as typed or scanned.
    to: String,
    /// The label as it was scanned, for the ledger.
    #[serde(default)]
    label: String,
    /// How often a thing had moved when the caller saw it (`place_version`, `moves`); when it was moved since, 409.
    #[serde(default)]
    seen: BTreeMap<String, i64>,
    /// Say what would be moved, and move nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Put things somewhere: all of them, or none. For archivists. Refusals: `place_full`, `place_kind`, `place_level`,
/// `place_unknown` (with `nearest`), `version_conflict`.
#[utoipa::path(post, path = "/api/v1/placements", operation_id = "place_things", request_body = PlacementsBody, responses((status = 200, body = PlacingJson), (status = 403), (status = 404), (status = 409)))]
async fn place(State(web): State<Web>, caller: Caller, Sent(body): Sent<PlacementsBody>) -> Result<Json<PlacingJson>> {
    let PlacementsBody {
        things,
        to,
        label,
        seen,
        dry_run,
    } = body;
    let thing = |named: String| ThingToPlace {
        moves: seen.get(&named).copied(),
        named,
    };
    let order = PlacingOrder {
        things: things.into_iter().map(thing).collect(),
        to,
        label,
        slip: String::new(),
    };
    let placed = services::placements::place(&web.archive, &caller.asker, &order, dry_run).await?;
    if !dry_run {
        web.wrote(&caller.asker).await?;
    }
    Ok(Json(placed))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlacingUndoBody {
    /// `undo` of the answer that is taken back.
    undo: String,
}

/// Take one act back: each thing lies where it lay before. When one of them was moved since, 409, and nothing is moved.
#[utoipa::path(post, path = "/api/v1/placements/undo", operation_id = "undo_placements", request_body = PlacingUndoBody, responses((status = 200, body = ListJson<MovedJson>), (status = 403), (status = 404), (status = 409)))]
async fn undo(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<PlacingUndoBody>,
) -> Result<Json<ListJson<MovedJson>>> {
    let moved = services::placements::undo(&web.archive, &caller.asker, &body.undo).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(ListJson::whole(moved, |one| one)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ProposalQuery {
    /// A document by id or number, a container by serial, a volume by number, or an original by id.
    thing: String,
}

/// Places that would take a thing: beside its dossier, with papers of its kind and year, or where there is room. For archivists.
#[utoipa::path(get, path = "/api/v1/placements/proposal", operation_id = "propose_places", params(ProposalQuery), responses((status = 200, body = ProposedPlacesJson), (status = 403), (status = 404)))]
async fn proposal(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ProposalQuery>,
) -> Result<Json<ProposedPlacesJson>> {
    let places = web.archive.place_proposals(&caller.asker, &asked.thing).await?;
    Ok(Json(shapes::proposed(places)))
}
