//! Deliveries: which came, and what became of every file.

use super::{Asked, Interface, Path, Sent};
use crate::{
    export::{self, Format},
    http::{
        error::Result,
        parts::{self, ListQuery},
        who::Caller,
    },
    state::Web,
    text::Text,
};
use api_types::batches::{BatchJson, IngestJson};
use api_types::codes::code;
use api_types::list::ListJson;
use axum::{Json, extract::State, response::Response};
use records::{batches::BatchState, ids::BatchId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "batches",
    about: "Deliveries, and what became of every file.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(batches))
        .routes(routes!(batch))
        .routes(routes!(report_csv))
        .routes(routes!(report_xlsx))
        .routes(routes!(decide))
}

/// Batches, newest first.
#[utoipa::path(get, path = "/api/v1/batches", operation_id = "list_batches", params(ListQuery), responses((status = 200, body = ListJson<BatchJson>), (status = 403)))]
async fn batches(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<BatchJson>>> {
    let limit = parts::rows_at_most(&web, asked.limit);
    let before = parts::mark(&asked.after)?;
    let rows = web.archive.batches(&caller.asker, before, limit + 1).await?;
    let total = web.archive.batches_total(&caller.asker).await?;
    Ok(Json(api_types::batches::batches(rows, limit, total)))
}

/// The report of one batch: what became of every file.
#[utoipa::path(get, path = "/api/v1/batches/{id}", operation_id = "get_batch", params(("id" = String, Path)), responses((status = 200, body = IngestJson), (status = 403), (status = 404)))]
async fn batch(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<IngestJson>> {
    let id = BatchId::parse(&id)?;
    let report = services::batches::ingest_report(&web.archive, &caller.asker, &id).await?;
    Ok(Json(report))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ReportQuery {
    /// Language of headings and sentences; Chinese when empty.
    #[serde(default)]
    #[param(schema_with = parts::language_words)]
    language: String,
}

/// The same report as CSV.
#[utoipa::path(get, path = "/api/v1/batches/{id}/report.csv", operation_id = "get_batch_report_csv", params(("id" = String, Path), ReportQuery), responses((status = 200, content_type = "text/csv", body = String), (status = 403), (status = 404)))]
async fn report_csv(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<ReportQuery>,
) -> Result<Response> {
    file(&web, &caller, &id, &asked, Format::Csv).await
}

/// The same report as XLSX.
#[utoipa::path(get, path = "/api/v1/batches/{id}/report.xlsx", operation_id = "get_batch_report_xlsx", params(("id" = String, Path), ReportQuery), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>), (status = 403), (status = 404)))]
async fn report_xlsx(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<ReportQuery>,
) -> Result<Response> {
    file(&web, &caller, &id, &asked, Format::Xlsx).await
}

async fn file(web: &Web, caller: &Caller, id: &str, asked: &ReportQuery, format: Format) -> Result<Response> {
    let t = Text(parts::language(&asked.language)?);
    export::batch(web, &caller.asker, t, &BatchId::parse(id)?, format).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchDecisionBody {
    /// Accepted, or held for a reason; nothing else is a decision.
    #[schema(schema_with = code::<BatchState>)]
    state: String,
    /// Needed where it is held.
    #[serde(default)]
    why: String,
}

/// Accept a finished batch as a whole, or hold it for a reason.
#[utoipa::path(post, path = "/api/v1/batches/{id}/decision", operation_id = "decide_batch", params(("id" = String, Path)), request_body = BatchDecisionBody, responses((status = 200, body = IngestJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn decide(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<BatchDecisionBody>,
) -> Result<Json<IngestJson>> {
    let id = BatchId::parse(&id)?;
    let state = BatchState::parse(&body.state)?;
    web.archive.batch_decide(&caller.asker, &id, state, &body.why).await?;
    let report = services::batches::ingest_report(&web.archive, &caller.asker, &id).await?;
    Ok(Json(report))
}
