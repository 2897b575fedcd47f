//! Places: listed, and what is at one.

use super::{Asked, Interface, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::{ListQuery, rows_at_most},
        who::Caller,
    },
    screens::locations::labels,
    state::Web,
    tables,
    text::Text,
};
use api_types::{
    codes::code_or_null,
    imports::ImportReportJson,
    list::ListJson,
    locations::{self as shapes, LocateJson, LocationJson},
};
use axum::{Json, extract::State, response::Response};
use records::{
    Role,
    imports::Register,
    places::{GridFault, GridLevel, LocationKind, PlaceGrid, PlaceNumbering},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::Language;

pub(super) const SUBJECT: Interface = Interface {
    name: "locations",
    about: "Places: listed, and what should be at one.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(locate))
        .routes(routes!(labels))
        .routes(routes!(build))
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

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LabelsQuery {
    /// Only this place and those within it; all where it is empty.
    #[serde(default)]
    code: String,
}

/// Labels with QR codes for places, as a PDF to print. For archivists.
#[utoipa::path(get, path = "/api/v1/locations/labels.pdf", operation_id = "print_location_labels", params(LabelsQuery), responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 403), (status = 404)))]
async fn labels(State(web): State<Web>, caller: Caller, Asked(asked): Asked<LabelsQuery>) -> Result<Response> {
    labels::printed(&web, &caller.asker, Text(Language::Chinese), &asked.code).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GridLevelBody {
    /// Such as `rack`, `column`, `shelf`, `slot`.
    kind: String,
    /// So many in each place around them.
    count: usize,
    /// How they are numbered; as is usual for the kind when it is left out.
    #[schema(schema_with = code_or_null::<PlaceNumbering>)]
    numbering: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BuildBody {
    /// What all of it stands in, such as `K2`.
    code: String,
    /// Of that place; left out, it stays as it is.
    #[serde(default)]
    name: String,
    /// From the outside in.
    levels: Vec<GridLevelBody>,
    /// Of each of the innermost places.
    capacity: Option<u32>,
    #[serde(default)]
    keeper: String,
    /// Show each place and write nothing.
    #[serde(default)]
    dry_run: bool,
}

impl BuildBody {
    fn grid(self) -> Result<PlaceGrid> {
        let level = |level: GridLevelBody| -> Result<GridLevel> {
            let kind = LocationKind::parse(&level.kind);
            let numbering = match &level.numbering {
                None => PlaceGrid::usual_numbering(&kind),
                Some(word) => PlaceNumbering::parse(word).map_err(records::Error::from)?,
            };
            let count = level.count;
            Ok(GridLevel { kind, count, numbering })
        };
        Ok(PlaceGrid {
            levels: self.levels.into_iter().map(level).collect::<Result<_>>()?,
            code: self.code.trim().to_owned(),
            name: self.name,
            capacity: self.capacity.map(i64::from),
            keeper: self.keeper,
        })
    }
}

/// Make the places of shelving from its counts, as one import that can be taken back. For archivists.
#[utoipa::path(post, path = "/api/v1/locations/build", operation_id = "build_locations", request_body = BuildBody, responses((status = 200, body = ImportReportJson), (status = 403), (status = 422)))]
async fn build(State(web): State<Web>, caller: Caller, Sent(body): Sent<BuildBody>) -> Result<Json<ImportReportJson>> {
    caller.asker.require_writing(Role::Archivist)?;
    let dry_run = body.dry_run;
    let grid = body.grid()?;
    let table = grid.table().map_err(|fault| match fault {
        GridFault::Code => WebError::invalid("code", "is no location code"),
        GridFault::Nothing => WebError::invalid("levels", "hold no place"),
        GridFault::TooMany => WebError::invalid("levels", "hold more than 15,000 places"),
    })?;
    let report = tables::import_text(&web, &caller.asker, Register::Locations, &grid.code, table, dry_run).await?;
    Ok(Json(api_types::imports::import_report(report)))
}
