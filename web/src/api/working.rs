//! What waits for a person, and what became of deliveries.

use crate::{
    answers::{self, BatchJson, IngestJson},
    http::{
        error::{Result, WebError},
        who::Caller,
    },
    state::Web,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use records::{documents::Proposal, documents::ReviewItem, ids::BatchId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(review))
        .routes(routes!(batches))
        .routes(routes!(batch))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ReviewQuery {
    /// `uid` of the item to go on after.
    #[serde(default)]
    after: i64,
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ReviewJson {
    open: i64,
    items: Vec<ReviewItemJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ReviewItemJson {
    uid: i64,
    document_id: String,
    title: String,
    kind: String,
    version: i64,
    reason: String,
    detail: String,
    candidates: Vec<CandidateJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CandidateJson {
    customer_code: String,
    customer_name: String,
    basis: String,
    confidence: f64,
    evidence: Vec<EvidenceJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EvidenceJson {
    page: u32,
    kind: String,
    text: String,
    rule: String,
    confidence: f64,
    x: u32,
    y: u32,
    w: u32,
    h: u32,
}

/// Documents that wait for a person, oldest first, with candidates and evidence.
#[utoipa::path(get, path = "/api/v1/review", params(ReviewQuery), responses((status = 200, body = ReviewJson), (status = 403)))]
async fn review(State(web): State<Web>, caller: Caller, Query(asked): Query<ReviewQuery>) -> Result<Json<ReviewJson>> {
    let items = web
        .archive
        .review_queue(&caller.asker, asked.after, asked.limit.unwrap_or(20).clamp(1, 200))
        .await?;
    let open = web.archive.review_count(&caller.asker).await?;
    Ok(Json(ReviewJson {
        open,
        items: items.into_iter().map(review_item).collect(),
    }))
}

fn review_item(item: ReviewItem) -> ReviewItemJson {
    let ReviewItem {
        document,
        reason,
        detail,
        proposals,
        facts: _,
    } = item;
    ReviewItemJson {
        uid: document.uid,
        document_id: document.id.to_string(),
        title: document.title,
        kind: document.kind,
        version: document.version,
        reason,
        detail,
        candidates: proposals.into_iter().map(candidate).collect(),
    }
}

fn candidate(proposal: Proposal) -> CandidateJson {
    let Proposal {
        id: _,
        customer_id: _,
        customer_code,
        customer_name,
        state: _,
        basis,
        confidence,
        evidence,
    } = proposal;
    let evidence = evidence
        .into_iter()
        .map(|fact| EvidenceJson {
            page: fact.page_number,
            kind: fact.kind,
            text: fact.text,
            rule: fact.rule,
            confidence: fact.confidence,
            x: fact.area.x,
            y: fact.area.y,
            w: fact.area.w,
            h: fact.area.h,
        })
        .collect();
    CandidateJson {
        customer_code,
        customer_name,
        basis: basis.as_str().to_owned(),
        confidence,
        evidence,
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct BatchesQuery {
    /// `uid` of the batch before which to go on.
    before: Option<i64>,
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BatchesJson {
    batches: Vec<BatchJson>,
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
        batches: rows.into_iter().map(answers::batch).collect(),
    }))
}

/// The report of one batch: what became of every file.
#[utoipa::path(get, path = "/api/v1/batches/{id}", params(("id" = String, Path)), responses((status = 200, body = IngestJson), (status = 404)))]
async fn batch(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<IngestJson>> {
    let report = answers::ingest_report(&web.archive, &caller.asker, &BatchId::parse(&id)?).await?;
    Ok(Json(report.ok_or(WebError::NotFound)?))
}
