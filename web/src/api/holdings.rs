//! What stands around a document: withdrawing and restoring it, where its paper was, further customers, candidates.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::ListQuery,
        who::Caller,
    },
    state::Web,
};
use api_types::holdings::{self, NamedInRowJson, PlacementJson, ProposalJson, WithdrawnJson};
use api_types::list::ListJson;
use axum::{Json, extract::State, http::StatusCode};
use records::{ids::DocumentId, parties};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "holdings",
    about: "What stands around a document: withdrawn, its paper, further customers, candidates.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(withdrawn))
        .routes(routes!(withdraw))
        .routes(routes!(restore))
        .routes(routes!(placements))
        .routes(routes!(name_customer))
        .routes(routes!(unname_customer))
        .routes(routes!(named_in))
        .routes(routes!(proposals))
}

/// What was withdrawn, newest first. For archivists; reading the list is an event of the audit trail.
#[utoipa::path(get, path = "/api/v1/withdrawn", operation_id = "list_withdrawn", params(ListQuery), responses((status = 200, body = ListJson<WithdrawnJson>), (status = 403)))]
async fn withdrawn(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<WithdrawnJson>>> {
    let rows = web.archive.withdrawn(&caller.asker, 0, usize::MAX).await?;
    asked.part(&web, rows, holdings::withdrawn)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawBody {
    version: i64,
    /// 1 to 200 characters.
    reason: String,
}

/// Hide a document everywhere at once. Its scans stay; a second archivist restores it.
#[utoipa::path(post, path = "/api/v1/documents/{id}/withdraw", operation_id = "withdraw_document", params(("id" = String, Path)), request_body = WithdrawBody, responses((status = 204), (status = 403), (status = 409), (status = 422)))]
async fn withdraw(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<WithdrawBody>,
) -> Result<StatusCode> {
    let id = DocumentId::parse(&id)?;
    web.archive
        .document_withdraw(&caller.asker, &id, body.version, &body.reason)
        .await?;
    web.hid(&caller.asker).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a withdrawn document back to where it was. The one who withdrew it is refused; the answer says who may.
#[utoipa::path(post, path = "/api/v1/documents/{id}/restore", operation_id = "restore_document", params(("id" = String, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn restore(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode> {
    web.archive
        .document_restore(&caller.asker, &DocumentId::parse(&id)?)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where the paper of a document or a container was, newest first.
#[utoipa::path(get, path = "/api/v1/things/{thing}/history", operation_id = "list_placements", params(("thing" = String, Path, description = "id or own number of a document, id of an original, or serial of a container"), ListQuery), responses((status = 200, body = ListJson<PlacementJson>), (status = 404)))]
async fn placements(
    State(web): State<Web>,
    caller: Caller,
    Path(thing): Path<String>,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<PlacementJson>>> {
    let rows = web
        .archive
        .placement_history(&caller.asker, &thing)
        .await?
        .ok_or(WebError::NotFound)?;
    asked.part(&web, rows, holdings::placement)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NamedCustomerBody {
    version: i64,
    /// Code, account number or dossier number.
    customer_code: String,
    /// What the customer is on this paper: `counterparty`, `guarantor`, `counter_guarantor`, `tenant`, `agent`,
    /// `contact`, `legal_representative`, or a word of one's own.
    role: String,
}

/// Say that a document names a further customer, besides the one whose dossier it lies in.
#[utoipa::path(post, path = "/api/v1/documents/{id}/customers", operation_id = "name_customer", params(("id" = String, Path)), request_body = NamedCustomerBody, responses((status = 204), (status = 404), (status = 409)))]
async fn name_customer(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<NamedCustomerBody>,
) -> Result<StatusCode> {
    let id = DocumentId::parse(&id)?;
    let role = parties::PartyRoleKind::parse(&body.role);
    web.archive
        .document_customer_add(&caller.asker, &id, body.version, &body.customer_code, &role)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a further customer off a document.
#[utoipa::path(post, path = "/api/v1/documents/{id}/customers/remove", operation_id = "unname_customer", params(("id" = String, Path)), request_body = NamedCustomerBody, responses((status = 204), (status = 404), (status = 409)))]
async fn unname_customer(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<NamedCustomerBody>,
) -> Result<StatusCode> {
    let id = DocumentId::parse(&id)?;
    let role = parties::PartyRoleKind::parse(&body.role);
    web.archive
        .document_customer_remove(&caller.asker, &id, body.version, &body.customer_code, &role)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Documents in the dossiers of others that name a customer.
#[utoipa::path(get, path = "/api/v1/customers/{code}/named-in", operation_id = "list_documents_naming_customer", params(("code" = String, Path), ListQuery), responses((status = 200, body = ListJson<NamedInRowJson>)))]
async fn named_in(
    State(web): State<Web>,
    caller: Caller,
    Path(code): Path<String>,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<NamedInRowJson>>> {
    let rows = web.archive.documents_naming(&caller.asker, &code).await?;
    asked.part(&web, rows, holdings::named_in)
}

/// Customers that a document may belong to, decided ones too.
#[utoipa::path(get, path = "/api/v1/documents/{id}/proposals", operation_id = "list_proposals", params(("id" = String, Path), ListQuery), responses((status = 200, body = ListJson<ProposalJson>)))]
async fn proposals(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<ProposalJson>>> {
    let found = web.archive.proposals(&caller.asker, &DocumentId::parse(&id)?).await?;
    asked.part(&web, found, holdings::proposal)
}
