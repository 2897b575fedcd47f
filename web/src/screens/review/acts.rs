//! What is done at the review desk: a decision and its undo.

use super::{Revealed, ReviewAddress, decide_url, queue};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    screens::{
        correcting::{customer, way_back::WayBack},
        parts,
    },
    state::Web,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{Role, Thing, customers::PersonalNumber, documents::Document, ids::DocumentId, parties::IdentifierKind};
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
            return Ok(Redirect::to(&next_after(after, &id, version)).into_response());
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
        None,
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

/// The next item, with the undo of this decision.
fn next_after(after: i64, id: &DocumentId, version: i64) -> String {
    let (after, version) = (after.to_string(), version.to_string());
    address::with_query(
        "/review",
        &[("after", &after), ("undo", id.as_str()), ("version", &version)],
    )
}

/// `POST /review/{id}/nobody`: the document belongs to no customer; from the desk, or from its own view.
pub async fn of_nobody(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let (version, way) = (fields.text("version")?, WayBack::read(&mut fields)?);
    fields.done()?;
    let version: i64 = version
        .parse()
        .map_err(|_| WebError::invalid("version", "is a number"))?;
    let before = web
        .archive
        .document(&seat.asker, id.as_str())
        .await?
        .ok_or(WebError::NotFound)?;
    Ok(Redirect::to(
        &match web.archive.document_of_nobody(&seat.asker, &id, version, "").await {
            Ok(version) => {
                web.wrote(&seat.asker).await?;
                match way {
                    WayBack::Review => next_after(before.row.uid - 1, &id, version),
                    WayBack::Document => way.address(&id, "of-nobody", ""),
                }
            }
            Err(records::Error::Conflict { .. }) => way.address(&id, "changed", ""),
            Err(cause) => return Err(cause.into()),
        },
    ))
}

/// `POST /review/{id}/reveal`: the same item with one number of a candidate in clear; the trail holds who saw it.
pub async fn reveal(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Html<String>> {
    let Posted { seat, mut fields } = posted;
    seat.asker.require(Role::Archivist)?;
    let customer_code = fields.text("customer")?;
    let number = PersonalNumber {
        party_id: fields.text("party")?,
        kind: IdentifierKind::parse(&fields.text("kind")?)?,
        position: fields
            .text("position")?
            .parse()
            .map_err(|_| WebError::invalid("position", "is a number"))?,
    };
    fields.done()?;
    let customer = web
        .archive
        .customer_reveal(&seat.asker, &customer_code, Some(&number))
        .await?
        .ok_or(WebError::NotFound)?;
    let party = customer.parties.iter().find(|party| party.party_id == number.party_id);
    let value = party.and_then(|party| party.identifiers.get(number.position));
    let (_, value) = value.cloned().ok_or(WebError::NotFound)?;
    let asked = ReviewAddress {
        at: id,
        ..ReviewAddress::default()
    };
    let revealed = Revealed {
        customer_code: customer.code,
        number,
        value,
    };
    Ok(Html(queue(&web, &seat, &asked, Some(&revealed)).await?.render()?))
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
