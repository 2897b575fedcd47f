//! Boxes, binders and bags: registered, listed, changed, taken out of use.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::rows_at_most,
        who::Caller,
    },
    screens::locations::labels,
    state::Web,
    text::Text,
};
use api_types::{
    codes::code_or_null,
    containers::{self as shapes, ContainerJson},
    list::ListJson,
};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use records::{SecurityLevel, places::ContainerDraft};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::{ContainerKind, Language, PlaceUse};

pub(super) const SUBJECT: Interface = Interface {
    name: "containers",
    about: "Boxes, binders and bags: registered, listed, changed, taken out of use.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(print_labels))
        .routes(routes!(add))
        .routes(routes!(show))
        .routes(routes!(change))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ContainersQuery {
    /// Only those whose serial begins so.
    #[serde(default)]
    begins: String,
    /// Those out of use too.
    #[serde(default)]
    retired: bool,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 50 when not given, 200 at most.
    limit: Option<usize>,
}

/// Containers in the order of their serials.
#[utoipa::path(get, path = "/api/v1/containers", operation_id = "list_containers", params(ContainersQuery), responses((status = 200, body = ListJson<ContainerJson>)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ContainersQuery>,
) -> Result<Json<ListJson<ContainerJson>>> {
    let limit = rows_at_most(&web, asked.limit);
    let (begins, retired) = (asked.begins.as_str(), asked.retired);
    let found = web
        .archive
        .containers(&caller.asker, begins, retired, &asked.after, limit + 1)
        .await?;
    let total = web.archive.containers_total(&caller.asker, begins, retired).await?;
    Ok(Json(shapes::containers(found, limit, total)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ContainerLabelsQuery {
    /// Only those whose serial begins so; all where it is empty.
    #[serde(default)]
    begins: String,
}

/// Labels of containers with QR code, Code 128 and check character, as a PDF to print. For archivists.
#[utoipa::path(get, path = "/api/v1/containers/labels.pdf", operation_id = "print_container_labels", params(ContainerLabelsQuery), responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 403), (status = 404)))]
async fn print_labels(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ContainerLabelsQuery>,
) -> Result<Response> {
    labels::of_containers(&web, &caller.asker, Text(Language::Chinese), &asked.begins).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContainerBody {
    /// 1 to 64 characters that mean nothing, as on its label.
    serial: String,
    /// A box when it is left out.
    #[schema(schema_with = code_or_null::<ContainerKind>)]
    kind: Option<String>,
    #[serde(default)]
    title: String,
    /// Boxes are sold with 20, 30, 40, 50 and 60 millimetres.
    size_mm: Option<i64>,
    pieces_max: Option<i64>,
    /// 0 to 3, or the word of a level; 3 when it is left out.
    security_level_max: Option<LevelBody>,
    /// Where it stands from the beginning: a location code or the serial of a container.
    #[serde(default, rename = "in")]
    inside: String,
}

/// A level by number or by word.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
enum LevelBody {
    Number(i64),
    Word(String),
}

fn level(level: Option<LevelBody>) -> Result<Option<SecurityLevel>> {
    let level = level.map(|level| match level {
        LevelBody::Number(number) => SecurityLevel::parse(&number.to_string()),
        LevelBody::Word(word) => SecurityLevel::parse(&word),
    });
    Ok(level.transpose().map_err(records::Error::from)?)
}

fn kind(kind: Option<String>) -> Result<Option<ContainerKind>> {
    let kind = kind.map(|word| ContainerKind::parse(&word));
    Ok(kind.transpose().map_err(records::Error::from)?)
}

/// Register a container; with `in`, it stands there at once. For archivists.
#[utoipa::path(post, path = "/api/v1/containers", operation_id = "add_container", request_body = ContainerBody, responses((status = 201, body = ContainerJson), (status = 403), (status = 409), (status = 422)))]
async fn add(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<ContainerBody>,
) -> Result<(StatusCode, Json<ContainerJson>)> {
    let draft = ContainerDraft {
        kind: kind(body.kind)?,
        title: Some(body.title),
        size_mm: Some(body.size_mm),
        pieces_max: Some(body.pieces_max),
        security_level_max: level(body.security_level_max)?,
        ..ContainerDraft::default()
    };
    let added = web
        .archive
        .container_add(&caller.asker, &body.serial, &draft, &body.inside)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok((StatusCode::CREATED, Json(shapes::container(added))))
}

/// One container, and where it stands; `locate` lists what is in it.
#[utoipa::path(get, path = "/api/v1/containers/{serial}", operation_id = "get_container", params(("serial" = String, Path)), responses((status = 200, body = ContainerJson), (status = 404)))]
async fn show(State(web): State<Web>, caller: Caller, Path(serial): Path<String>) -> Result<Json<ContainerJson>> {
    let found = web.archive.container(&caller.asker, &serial).await?;
    Ok(Json(shapes::container(found.ok_or(WebError::NotFound)?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContainerChangeBody {
    /// The version that the caller has seen.
    version: i64,
    #[schema(schema_with = code_or_null::<ContainerKind>)]
    kind: Option<String>,
    title: Option<String>,
    /// `null` says that it is not known; left out, it stays.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<i64>)]
    size_mm: Option<Option<i64>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<i64>)]
    pieces_max: Option<Option<i64>>,
    security_level_max: Option<LevelBody>,
    /// `retired` takes it off its place; it must be empty.
    #[schema(schema_with = code_or_null::<PlaceUse>)]
    state: Option<String>,
    /// Why, for the history.
    #[serde(default)]
    why: String,
}

fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Option<i64>>, D::Error> {
    Option::<i64>::deserialize(deserializer).map(Some)
}

/// Change fields of a container, or take it out of use. For archivists.
#[utoipa::path(patch, path = "/api/v1/containers/{serial}", operation_id = "change_container", params(("serial" = String, Path)), request_body = ContainerChangeBody, responses((status = 200, body = ContainerJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(serial): Path<String>,
    Sent(body): Sent<ContainerChangeBody>,
) -> Result<Json<ContainerJson>> {
    let state = body.state.map(|word| PlaceUse::parse(&word));
    let draft = ContainerDraft {
        kind: kind(body.kind)?,
        title: body.title,
        size_mm: body.size_mm,
        pieces_max: body.pieces_max,
        security_level_max: level(body.security_level_max)?,
        state: state.transpose().map_err(records::Error::from)?,
        why: body.why,
    };
    let changed = web
        .archive
        .container_change(&caller.asker, &serial, body.version, &draft)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(shapes::container(changed)))
}
