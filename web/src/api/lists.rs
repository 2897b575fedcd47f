//! Document kinds and checklists: read by everybody's programs, changed by administrators, one by one; as tables
//! they are imported like every register (`POST /api/v1/imports`).

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::ListQuery,
        who::Caller,
    },
    state::Web,
};
use api_types::codes::{code, code_or_empty, level_number};
use api_types::list::ListJson;
use api_types::lists::{ChecklistJson, KindJson};
use axum::{Json, extract::State, http::StatusCode};
use records::{
    SecurityLevel,
    kinds::{Checklist, DocumentKind, KindFlags, KindGroup},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::CustomerKind;

pub(super) const SUBJECT: Interface = Interface {
    name: "lists",
    about: "Document kinds and checklists.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(kinds))
        .routes(routes!(set_kind, delete_kind))
        .routes(routes!(checklists))
        .routes(routes!(set_checklist, delete_checklist))
}

/// All document kinds, retired ones too, in the order of lists.
#[utoipa::path(get, path = "/api/v1/kinds", operation_id = "list_kinds", params(ListQuery), responses((status = 200, body = ListJson<KindJson>)))]
async fn kinds(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<KindJson>>> {
    let kinds = web.archive.kinds(&caller.asker).await?;
    let versions = web.archive.kind_versions(&caller.asker).await?;
    let version = |kind: &DocumentKind| versions.get(&kind.code).copied().unwrap_or(0);
    asked.part(&web, kinds.all().iter().collect(), |kind| {
        KindJson::of(kind, version(kind))
    })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KindBody {
    /// Version of the kind that the change was made of; another one is refused with 409. 0, or left out, adds a kind.
    #[serde(default)]
    version: i64,
    #[schema(schema_with = code::<KindGroup>)]
    group: String,
    name_zh: String,
    name_en: String,
    title_patterns: Vec<String>,
    #[serde(default)]
    content_patterns: Vec<String>,
    /// Letters of O C P V S F W.
    #[serde(default)]
    flags: String,
    /// 0 to 3.
    #[schema(schema_with = level_number)]
    security_level: i64,
    #[serde(default)]
    retention_class: String,
    position: Option<i64>,
    active: bool,
}

/// Add a kind, or change the one with this code. For administrators.
#[utoipa::path(put, path = "/api/v1/kinds/{code}", operation_id = "set_kind", params(("code" = String, Path)), request_body = KindBody, responses((status = 200, body = KindJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn set_kind(
    State(web): State<Web>,
    caller: Caller,
    Path(code): Path<String>,
    Sent(body): Sent<KindBody>,
) -> Result<Json<KindJson>> {
    let known = web.archive.kinds(&caller.asker).await?;
    let position = known
        .get(&code)
        .map_or_else(|| known.next_position(), |kind| kind.position);
    let level = body.security_level;
    let kind = DocumentKind {
        group: KindGroup::parse(&body.group).map_err(records::Error::from)?,
        name_zh: body.name_zh,
        name_en: body.name_en,
        title_patterns: body.title_patterns,
        content_patterns: body.content_patterns,
        flags: KindFlags::parse(&body.flags)?,
        security_level: SecurityLevel::from_number(level)
            .ok_or_else(|| WebError::invalid("security_level", "is 0 to 3"))?,
        retention_class: body.retention_class,
        position: body.position.unwrap_or(position),
        active: body.active,
        code,
    };
    let kind = web.archive.kind_set(&caller.asker, body.version, &kind).await?;
    web.wrote(&caller.asker).await?;
    let versions = web.archive.kind_versions(&caller.asker).await?;
    Ok(Json(KindJson::of(
        &kind,
        versions.get(&kind.code).copied().unwrap_or(0),
    )))
}

/// Take a kind away that nothing uses. One in use can be retired (`active`: false).
#[utoipa::path(delete, path = "/api/v1/kinds/{code}", operation_id = "delete_kind", params(("code" = String, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409, description = "documents or checklists use it")))]
async fn delete_kind(State(web): State<Web>, caller: Caller, Path(code): Path<String>) -> Result<StatusCode> {
    web.archive.kind_delete(&caller.asker, &code).await?;
    web.wrote(&caller.asker).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All checklists, retired ones too, in the order of lists.
#[utoipa::path(get, path = "/api/v1/checklists", operation_id = "list_checklists", params(ListQuery), responses((status = 200, body = ListJson<ChecklistJson>)))]
async fn checklists(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<ChecklistJson>>> {
    let lists = web.archive.checklists(&caller.asker).await?;
    let versions = web.archive.checklist_versions(&caller.asker).await?;
    let version = |list: &Checklist| versions.get(&list.code).copied().unwrap_or(0);
    asked.part(&web, lists.all().iter().collect(), |list| {
        ChecklistJson::of(list, version(list))
    })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChecklistBody {
    /// Version of the checklist that the change was made of; another one is refused with 409. 0, or left out, adds one.
    #[serde(default)]
    version: i64,
    name_zh: String,
    name_en: String,
    /// `person`, `organisation`, or empty for any.
    #[serde(default)]
    #[schema(schema_with = code_or_empty::<CustomerKind>)]
    customer_kind: String,
    /// Kinds by code or name, in order.
    kinds: Vec<String>,
    position: Option<i64>,
    active: bool,
}

/// Add a checklist, or change the one with this code. For administrators.
#[utoipa::path(put, path = "/api/v1/checklists/{code}", operation_id = "set_checklist", params(("code" = String, Path)), request_body = ChecklistBody, responses((status = 200, body = ChecklistJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn set_checklist(
    State(web): State<Web>,
    caller: Caller,
    Path(code): Path<String>,
    Sent(body): Sent<ChecklistBody>,
) -> Result<Json<ChecklistJson>> {
    let known = web.archive.checklists(&caller.asker).await?;
    let position = known
        .get(&code)
        .map_or_else(|| known.next_position(), |list| list.position);
    let list = Checklist {
        name_zh: body.name_zh,
        name_en: body.name_en,
        customer_kind: Checklist::read_customer_kind(&body.customer_kind)?,
        kind_codes: body.kinds,
        position: body.position.unwrap_or(position),
        active: body.active,
        code,
    };
    let list = web.archive.checklist_set(&caller.asker, body.version, &list).await?;
    let versions = web.archive.checklist_versions(&caller.asker).await?;
    Ok(Json(ChecklistJson::of(
        &list,
        versions.get(&list.code).copied().unwrap_or(0),
    )))
}

/// Take a checklist away against which no dossier is held. Others can be retired (`active`: false).
#[utoipa::path(delete, path = "/api/v1/checklists/{code}", operation_id = "delete_checklist", params(("code" = String, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409, description = "dossiers are held against it")))]
async fn delete_checklist(State(web): State<Web>, caller: Caller, Path(code): Path<String>) -> Result<StatusCode> {
    web.archive.checklist_delete(&caller.asker, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}
