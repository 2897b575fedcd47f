//! The list of a delivery, looked at before anything is sent.

use super::Interface;
use crate::{
    http::{error::Result, who::Caller},
    state::Web,
    tables,
};
use api_types::manifests::{ManifestCheckJson, list_remark, listed_paper};
use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
};
use records::Role;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "manifests",
    about: "Lists of deliveries looked at before anything is sent.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .layer(DefaultBodyLimit::max(tables::BODY_BYTES_MAX))
}

/// Look at the list of a delivery, sent as it is (CSV or TSV in UTF-8 or GB18030, or XLSX): what each line says, and what of
/// it the archive does not know. Nothing is written.
#[utoipa::path(post, path = "/api/v1/manifests/check", operation_id = "check_manifest", request_body(content = String, content_type = "text/csv"), responses((status = 200, body = ManifestCheckJson), (status = 403), (status = 413), (status = 422)))]
async fn check(State(web): State<Web>, caller: Caller, body: Bytes) -> Result<Json<ManifestCheckJson>> {
    caller.asker.require(Role::Archivist)?;
    let lines = tables::manifest_lines(&web, body.to_vec()).await;
    let table = lines
        .and_then(|lines| tables::manifest(&web, lines))
        .map_err(tables::refused)?;
    let found = services::manifests::check(&web.archive, &caller.asker, table, None).await?;
    let remarks = found.problems.iter();
    Ok(Json(ManifestCheckJson {
        problems: remarks.map(|remark| list_remark(remark.line, &remark.detail)).collect(),
        papers: found.papers.into_iter().map(listed_paper).collect(),
        unknown_columns: found.unknown_columns,
    }))
}
