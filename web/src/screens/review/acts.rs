//! What is done at the review desk: a decision and its undo.

use super::{ReviewAddress, decide_url, queue};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    screens::{correcting::customer, parts},
    state::Web,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{Thing, documents::Document, ids::DocumentId};
use serde::Deserialize;

/// `POST /review/{id}`: the document belongs to this customer.
pub async fn decide(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let typed = fields.text("customer")?.trim().to_owned();
    let version = fields.text("version")?;
    fields.done()?;
    let version: i64 = version
        .parse()
        .map_err(|_| WebError::invalid("version", "is a number"))?;
    let before = web
        .archive
        .document(&seat.asker, id.as_str())
        .await?
        .ok_or(WebError::NotFound)?;
    let after = before.row.uid - 1;
    let t = seat.t;
    let code = customer::meant(&web, &seat, &typed).await?;
    let (status, fault) = match web.archive.document_link(&seat.asker, &id, version, &code).await {
        Ok(version) => {
            web.wrote(&seat.asker).await?;
            let version = version.to_string();
            let target = address::with_query(
                "/review",
                &[
                    ("after", &after.to_string()),
                    ("undo", id.as_str()),
                    ("version", &version),
                ],
            );
            return Ok(Redirect::to(&target).into_response());
        }
        Err(records::Error::Absent {
            what: Thing::Customer, ..
        }) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            t.with("review-no-such-customer", "code", &typed),
        ),
        Err(records::Error::Conflict { .. }) => (StatusCode::CONFLICT, conflict(&web, &seat, &id).await?),
        Err(cause) => return Err(cause.into()),
    };
    // The form keeps what was typed, and says beside it what would be right.
    let mut view = queue(
        &web,
        &seat,
        &ReviewAddress {
            after,
            ..ReviewAddress::default()
        },
    )
    .await?;
    view.fault = Some(fault);
    // Another document may stand there by now; what was typed was not meant for that one.
    if let Some(item) = view.item.as_mut().filter(|item| item.decide_url == decide_url(&id)) {
        item.typed = typed;
    }
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(crate::http::error::Final);
    Ok(response)
}

/// What has become of a document that was changed since the form was made.
async fn conflict(web: &Web, seat: &Seat, id: &DocumentId) -> Result<String> {
    let now = web.archive.document(&seat.asker, id.as_str()).await?;
    let Some(Document { row, .. }) = now.filter(|now| !now.row.customer_code.is_empty()) else {
        return Ok(seat.t.say("review-changed"));
    };
    let title = parts::title_of(seat.t, &row, "");
    Ok(seat.t.fill(
        "review-conflict",
        &[("title", &title), ("customer", &row.customer_code)],
    ))
}

#[derive(Debug, Deserialize)]
pub struct UndoAddress {
    version: i64,
}

/// `POST /review/{id}/undo`: the last decision did not happen; the document waits again.
pub async fn undo(
    State(web): State<Web>,
    Path(id): Path<String>,
    Query(asked): Query<UndoAddress>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = DocumentId::parse(&id)?;
    let before = web
        .archive
        .document(&seat.asker, id.as_str())
        .await?
        .ok_or(WebError::NotFound)?;
    web.archive.document_unlink(&seat.asker, &id, asked.version, "").await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to(&format!(
        "/review?after={}&said=undone",
        before.row.uid - 1
    )))
}
