//! The register of customers, and one number in clear.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::rows_at_most,
        who::Caller,
    },
    state::Web,
};
use api_types::codes::code;
use api_types::customers::{self as shapes, CustomerJson, CustomerRowJson, RevealedJson, customer as shown};
use api_types::list::ListJson;
use axum::{Json, extract::State};
use records::{
    audit::{AuditAction, AuditObject, EventDraft},
    customers::{CustomerFilter, PersonalNumber},
    parties::IdentifierKind,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "customers",
    about: "The register of customers.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(customers))
        .routes(routes!(customer))
        .routes(routes!(reveal))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CustomersQuery {
    /// Any part of a name or other code, the beginning of a code, or a whole identifier; all customers when empty.
    #[serde(default)]
    text: String,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

/// Customers in order of code.
#[utoipa::path(get, path = "/api/v1/customers", operation_id = "list_customers", params(CustomersQuery), responses((status = 200, body = ListJson<CustomerRowJson>)))]
async fn customers(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<CustomersQuery>,
) -> Result<Json<ListJson<CustomerRowJson>>> {
    let limit = rows_at_most(&web, asked.limit);
    let filter = CustomerFilter {
        text: asked.text,
        after_code: asked.after,
        limit: limit + 1,
        status: None,
    };
    let (rows, total) = services::customers::listed(&web.archive, &web.finder, &caller.asker, &filter).await?;
    let listed = EventDraft::new(AuditAction::CustomersListed, AuditObject::Customer, "")
        .detail(format!(
            "customers={} after={}",
            rows.len().min(limit),
            filter.after_code
        ))
        .query(&filter.text);
    web.archive.note_reading(&caller.asker, listed).await?;
    Ok(Json(shapes::customers(rows, limit, total)))
}

/// A customer with everything in the dossier that the caller may see.
#[utoipa::path(get, path = "/api/v1/customers/{code}", operation_id = "get_customer", params(("code" = String, Path, description = "id, code, account number or dossier number")), responses((status = 200, body = CustomerJson), (status = 404)))]
async fn customer(State(web): State<Web>, caller: Caller, Path(code): Path<String>) -> Result<Json<CustomerJson>> {
    let customer = web
        .archive
        .customer(&caller.asker, &code)
        .await?
        .ok_or(WebError::NotFound)?;
    let rows = web.archive.documents_of_customer(&caller.asker, &customer.code).await?;
    web.archive
        .note_read(
            &caller.asker,
            EventDraft::new(AuditAction::CustomerViewed, AuditObject::Customer, customer.id.as_str()),
        )
        .await?;
    Ok(Json(shown(customer, rows)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevealBody {
    /// Id of the party, kind and place of the number, as the customer lists them.
    party_id: String,
    #[schema(schema_with = code::<IdentifierKind>)]
    kind: String,
    position: usize,
}

/// Show one personal number in clear. Needs the role archivist; each time is an event of the audit trail.
#[utoipa::path(post, path = "/api/v1/customers/{code}/reveal", operation_id = "reveal_number", params(("code" = String, Path)), request_body = RevealBody, responses((status = 200, body = RevealedJson), (status = 403), (status = 404)))]
async fn reveal(
    State(web): State<Web>,
    caller: Caller,
    Path(code): Path<String>,
    Sent(body): Sent<RevealBody>,
) -> Result<Json<RevealedJson>> {
    let RevealBody {
        party_id,
        kind,
        position,
    } = body;
    let number = PersonalNumber {
        party_id,
        kind: IdentifierKind::parse(&kind)?,
        position,
    };
    let customer = web
        .archive
        .customer_reveal(&caller.asker, &code, Some(&number))
        .await?
        .ok_or(WebError::NotFound)?;
    let parties = customer.parties.into_iter();
    let mut meant = parties.filter(|party| party.party_id == number.party_id);
    let (kind, value) = meant
        .find_map(|party| party.identifiers.into_iter().nth(number.position))
        .ok_or(WebError::NotFound)?;
    Ok(Json(RevealedJson {
        customer_code: customer.code,
        kind: kind.as_str().to_owned(),
        value,
    }))
}
