//! Reading again: ordered, followed, stopped.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::ListQuery,
        who::Caller,
    },
    state::Web,
};
use api_types::list::ListJson;
use api_types::rereads::{RereadJson, reread as reread_json};
use axum::{Json, extract::State};
use records::{
    ids::RereadId,
    pages::reread::{RereadScope, RereadSettings},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Failures that one answer names.
const FAILURES_MAX: usize = 1_000;

pub(super) const SUBJECT: Interface = Interface {
    name: "rereads",
    about: "Reading again: ordered, followed, stopped.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(order, rereads))
        .routes(routes!(reread))
        .routes(routes!(cancel))
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
#[utoipa::path(post, path = "/api/v1/rereads", operation_id = "order_reread", request_body = RereadBody, responses((status = 200, body = RereadJson), (status = 404, description = "there is no such document or batch"), (status = 409, description = "nothing is to be read")))]
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
    Ok(Json(reread_json(order, Vec::new())))
}

/// Orders to read again, newest first.
#[utoipa::path(get, path = "/api/v1/rereads", operation_id = "list_rereads", params(ListQuery), responses((status = 200, body = ListJson<RereadJson>), (status = 403)))]
async fn rereads(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<RereadJson>>> {
    let orders = web.archive.rereads(&caller.asker, usize::MAX).await?;
    asked.part(&web, orders, |order| reread_json(order, Vec::new()))
}

/// How far an order is, with every document that could not be read and why.
#[utoipa::path(get, path = "/api/v1/rereads/{id}", operation_id = "get_reread", params(("id" = String, Path)), responses((status = 200, body = RereadJson), (status = 404)))]
async fn reread(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<RereadJson>> {
    let id = RereadId::parse(&id)?;
    let order = web.archive.reread(&caller.asker, &id).await?;
    let failures = web.archive.reread_failures(&caller.asker, &id, FAILURES_MAX).await?;
    Ok(Json(reread_json(order, failures)))
}

/// Stop an order; what was not done stays as it is.
#[utoipa::path(post, path = "/api/v1/rereads/{id}/cancel", operation_id = "cancel_reread", params(("id" = String, Path)), responses((status = 200, body = RereadJson), (status = 404)))]
async fn cancel(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<RereadJson>> {
    let order = web.archive.reread_cancel(&caller.asker, &RereadId::parse(&id)?).await?;
    Ok(Json(reread_json(order, Vec::new())))
}
