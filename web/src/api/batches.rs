//! Deliveries: which came, and what became of every file.

use super::Interface;
use crate::{
    http::{error::Result, who::Caller},
    state::Web,
};
use api_types::batches::{BatchesJson, IngestJson};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use records::ids::BatchId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "batches",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(batches)).routes(routes!(batch))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct BatchesQuery {
    /// `uid` of the batch before which to go on.
    before: Option<i64>,
    limit: Option<usize>,
}

/// Batches, newest first.
#[utoipa::path(get, path = "/api/v1/batches", params(BatchesQuery), responses((status = 200, body = BatchesJson), (status = 403)))]
async fn batches(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<BatchesQuery>,
) -> Result<Json<BatchesJson>> {
    let limit = asked.limit.unwrap_or(web.config.limits.rows).clamp(1, 1000);
    let rows = web.archive.batches(&caller.asker, asked.before, limit).await?;
    Ok(Json(BatchesJson {
        batches: rows.into_iter().map(api_types::batches::batch).collect(),
    }))
}

/// The report of one batch: what became of every file.
#[utoipa::path(get, path = "/api/v1/batches/{id}", params(("id" = String, Path)), responses((status = 200, body = IngestJson), (status = 404)))]
async fn batch(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<IngestJson>> {
    let id = BatchId::parse(&id)?;
    let report = services::batches::ingest_report(&web.archive, &caller.asker, &id).await?;
    Ok(Json(report))
}
