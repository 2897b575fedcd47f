//! The part of the REST API that is about reading: ordering to read again, progress, correcting, pages that ask.

use super::Sent;
use crate::{
    answers::{self, RereadJson},
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
use records::{
    ids::{DocumentId, RereadId},
    pages::ReadingFlag,
    pages::looks::Place,
    pages::reread::{RereadScope, RereadSettings},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Failures that one answer names.
const FAILURES_MAX: usize = 1_000;

pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(order, rereads))
        .routes(routes!(reread))
        .routes(routes!(cancel))
        .routes(routes!(asking))
        .routes(routes!(seen))
        .routes(routes!(correct))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RereadBody {
    /// Ids or own numbers of documents; or give `batch` or `below`.
    #[serde(default)]
    documents: Vec<String>,
    /// Id or name of a batch.
    batch: Option<String>,
    /// Every page less sure than this, 0 to 1, and every page that failed.
    below: Option<f64>,
    /// Only these pages; all when empty.
    #[serde(default)]
    pages: Vec<u32>,
    #[serde(default)]
    force_ocr: bool,
    /// Clockwise turn from the scan to the upright page: 0, 90, 180 or 270.
    turn: Option<u16>,
    /// Look for lines in a larger image: slower, finds small print.
    #[serde(default)]
    fine: bool,
    /// Read seals as they lie on the page instead of taking them out first.
    #[serde(default)]
    keep_seals: bool,
    /// Have every line read by a second recogniser too and mark where the two differ: slower, finds what was misread.
    #[serde(default)]
    second_opinion: bool,
}

/// Order that documents be read again; the new text stands beside the old and becomes current document by document.
#[utoipa::path(post, path = "/api/v1/rereads", request_body = RereadBody, responses((status = 200, body = RereadJson), (status = 409, description = "nothing is to be read")))]
async fn order(State(web): State<Web>, caller: Caller, Sent(body): Sent<RereadBody>) -> Result<Json<RereadJson>> {
    let scope = match (body.documents.is_empty(), body.batch, body.below) {
        (false, None, None) => RereadScope::Documents(body.documents),
        (true, Some(batch), None) => RereadScope::Batch(batch),
        (true, None, Some(below)) => RereadScope::Below(below),
        _ => return Err(WebError::invalid("documents", "give one of documents, batch and below")),
    };
    let settings = RereadSettings {
        pages: body.pages,
        force_ocr: body.force_ocr,
        turn: body.turn,
        fine: body.fine,
        keep_seals: body.keep_seals,
        second_opinion: body.second_opinion,
    };
    web.config.can_read(&settings)?;
    let order = web.archive.reread_order(&caller.asker, &scope, settings).await?;
    Ok(Json(answers::reread(order, Vec::new())))
}

/// Orders to read again, newest first.
#[utoipa::path(get, path = "/api/v1/rereads", responses((status = 200, body = Vec<RereadJson>)))]
async fn rereads(State(web): State<Web>, caller: Caller) -> Result<Json<Vec<RereadJson>>> {
    let orders = web.archive.rereads(&caller.asker, web.config.limits.rows).await?;
    let shown = |order| answers::reread(order, Vec::new());
    Ok(Json(orders.into_iter().map(shown).collect()))
}

/// How far an order is, with every document that could not be read and why.
#[utoipa::path(get, path = "/api/v1/rereads/{id}", params(("id" = String, Path)), responses((status = 200, body = RereadJson), (status = 404)))]
async fn reread(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<RereadJson>> {
    let id = RereadId::parse(&id)?;
    let order = web.archive.reread(&caller.asker, &id).await?;
    let failures = web.archive.reread_failures(&caller.asker, &id, FAILURES_MAX).await?;
    Ok(Json(answers::reread(order, failures)))
}

/// Stop an order; what was not done stays as it is.
#[utoipa::path(post, path = "/api/v1/rereads/{id}/cancel", params(("id" = String, Path)), responses((status = 200, body = RereadJson), (status = 404)))]
async fn cancel(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<RereadJson>> {
    let order = web.archive.reread_cancel(&caller.asker, &RereadId::parse(&id)?).await?;
    Ok(Json(answers::reread(order, Vec::new())))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AskingQuery {
    /// `ink_without_text`, `handwriting`, `low_confidence` or `failed`; any when empty.
    #[serde(default)]
    reason: String,
    /// `uid` of the page to go on after.
    #[serde(default)]
    after: i64,
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct AskingJson {
    /// Pages that ask, for whatever reason.
    total: i64,
    pages: Vec<AskingPageJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct AskingPageJson {
    uid: i64,
    document_id: String,
    title: String,
    page: u32,
    reasons: Vec<String>,
    confidence: Option<f64>,
}

/// Pages that ask for a look; nobody needs to look at any other.
#[utoipa::path(get, path = "/api/v1/reading", params(AskingQuery), responses((status = 200, body = AskingJson), (status = 403)))]
async fn asking(State(web): State<Web>, caller: Caller, Query(asked): Query<AskingQuery>) -> Result<Json<AskingJson>> {
    let flag = match asked.reason.as_str() {
        "" => None,
        reason => Some(ReadingFlag::parse(reason).ok_or_else(|| {
            WebError::invalid(
                "reason",
                "is none of ink_without_text, handwriting, low_confidence, failed",
            )
        })?),
    };
    let limit = asked.limit.unwrap_or(50).clamp(1, 500);
    let pages = web
        .archive
        .pages_asking(&caller.asker, flag, asked.after, limit)
        .await?;
    let total = web.archive.look_counts(&caller.asker).await?.pages;
    let pages = pages.into_iter().map(|asking| AskingPageJson {
        uid: asking.page.uid,
        document_id: asking.document.id.to_string(),
        title: asking.document.title,
        page: asking.page.number,
        reasons: asking
            .page
            .reading
            .flags()
            .map(|flag| flag.as_str().to_owned())
            .collect(),
        confidence: asking.confidence,
    });
    Ok(Json(AskingJson {
        total,
        pages: pages.collect(),
    }))
}

/// Say that somebody looked at a page and it is well as it is.
#[utoipa::path(post, path = "/api/v1/documents/{id}/pages/{number}/seen", params(("id" = String, Path), ("number" = u32, Path)), responses((status = 204), (status = 404)))]
async fn seen(
    State(web): State<Web>,
    caller: Caller,
    Path((id, number)): Path<(String, u32)>,
) -> Result<axum::http::StatusCode> {
    web.archive
        .page_seen(&caller.asker, &DocumentId::parse(&id)?, number)
        .await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectBody {
    /// Line of the page's text, counted from 0, with what stands there now in `former`.
    line: Option<usize>,
    #[serde(default)]
    former: String,
    /// Or a region that was not read, counted from 0. Neither: the whole page.
    region: Option<usize>,
    text: String,
}

/// Type what stands at a place of a page. It wins over every reading, now and later.
#[utoipa::path(post, path = "/api/v1/documents/{id}/pages/{number}/correct", params(("id" = String, Path), ("number" = u32, Path)), request_body = CorrectBody, responses((status = 204), (status = 409, description = "the line reads differently by now")))]
async fn correct(
    State(web): State<Web>,
    caller: Caller,
    Path((id, number)): Path<(String, u32)>,
    Sent(body): Sent<CorrectBody>,
) -> Result<axum::http::StatusCode> {
    let place = match (body.line, body.region) {
        (Some(line), None) => Place::Line {
            line,
            former: body.former,
        },
        (None, Some(region)) => Place::Region(region),
        (None, None) => Place::Page,
        (Some(_), Some(_)) => return Err(WebError::invalid("line", "give a line or a region")),
    };
    let id = DocumentId::parse(&id)?;
    web.archive
        .page_correct(&caller.asker, &id, number, &place, &body.text)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
