//! Sealing: documents and whole dossiers, and the list of what is sealed.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{error::Result, parts::ListQuery, who::Caller},
    state::Web,
};
use api_types::codes::code_or_null;
use api_types::list::ListJson;
use api_types::sealing::{ProtectionJson, SealedJson, protection as shown, sealed_row};
use axum::{Json, extract::State, http::StatusCode};
use records::{
    PartialDate, SecurityLevel,
    ids::DocumentId,
    permission::sealing::{DossierProtection, SealTerms},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "sealing",
    about: "What is sealed, and how dossiers are protected.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(sealed))
        .routes(routes!(seal))
        .routes(routes!(unseal))
        .routes(routes!(protection, protect))
}

/// What is sealed: no content. All of it for administrators, else what one sealed oneself; reading the list is an event
/// of the audit trail.
#[utoipa::path(get, path = "/api/v1/sealed", operation_id = "list_sealed", params(ListQuery), responses((status = 200, body = ListJson<SealedJson>), (status = 403)))]
async fn sealed(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<SealedJson>>> {
    let rows = web.archive.sealed(&caller.asker, usize::MAX).await?;
    asked.part(&web, rows, sealed_row)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SealBody {
    version: i64,
    /// 1 to 200 characters; stands in the audit trail.
    reason: String,
    /// Until when it is meant to stay sealed; nothing unseals itself.
    #[serde(default)]
    until: String,
}

/// Seal a document: from then on only a grant shows it, not even a count does.
#[utoipa::path(post, path = "/api/v1/documents/{id}/seal", operation_id = "seal_document", params(("id" = String, Path)), request_body = SealBody, responses((status = 204), (status = 403), (status = 409)))]
async fn seal(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<SealBody>,
) -> Result<StatusCode> {
    let seal = SealTerms {
        reason: body.reason,
        until: PartialDate::parse(&body.until)?,
    };
    web.archive
        .document_seal(&caller.asker, &DocumentId::parse(&id)?, body.version, &seal)
        .await?;
    web.hid(&caller.asker).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnsealBody {
    /// 1 to 200 characters; stands in the audit trail.
    reason: String,
}

/// Break the seal of a document; its security level and department decide again who sees it. It takes two administrators:
/// the first is answered with 409 and `second_must_agree`, and it is done when a second does the same.
#[utoipa::path(post, path = "/api/v1/documents/{id}/unseal", operation_id = "unseal_document", params(("id" = String, Path)), request_body = UnsealBody, responses((status = 204), (status = 403), (status = 404, description = "it is not sealed"), (status = 409, description = "a second administrator must do the same")))]
async fn unseal(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<UnsealBody>,
) -> Result<StatusCode> {
    web.archive
        .document_unseal(&caller.asker, &DocumentId::parse(&id)?, &body.reason)
        .await?;
    web.hid(&caller.asker).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a whole dossier is protected, over and above its documents.
#[utoipa::path(get, path = "/api/v1/customers/{code}/protection", operation_id = "get_protection", params(("code" = String, Path)), responses((status = 200, body = ProtectionJson), (status = 403), (status = 404)))]
async fn protection(State(web): State<Web>, caller: Caller, Path(code): Path<String>) -> Result<Json<ProtectionJson>> {
    let protection = web.archive.dossier_protection(&caller.asker, &code).await?;
    Ok(Json(shown(protection)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProtectBody {
    /// Version of the dossier that the decision rests on, as its protection gives it; another one is refused with 409.
    version: i64,
    /// What is not given stays as it is. `0` to `3` or a name; nobody with less clearance sees any of its documents.
    #[schema(schema_with = code_or_null::<SecurityLevel>)]
    security_level: Option<String>,
    sealed: Option<bool>,
    /// 1 to 200 characters; stands in the audit trail.
    reason: String,
    /// Until when it is meant to stay sealed.
    #[serde(default)]
    until: String,
}

/// Set the security level of a whole dossier, seal it or break its seal.
#[utoipa::path(post, path = "/api/v1/customers/{code}/protection", operation_id = "protect_dossier", params(("code" = String, Path)), request_body = ProtectBody, responses((status = 200, body = ProtectionJson), (status = 403), (status = 404), (status = 409)))]
async fn protect(
    State(web): State<Web>,
    caller: Caller,
    Path(code): Path<String>,
    Sent(body): Sent<ProtectBody>,
) -> Result<Json<ProtectionJson>> {
    let (now, _) = web.archive.dossier_protection(&caller.asker, &code).await?;
    let wanted = DossierProtection {
        security_level: body
            .security_level
            .map_or(Ok(now.security_level), |level| SecurityLevel::parse(&level))?,
        sealed: body.sealed.unwrap_or(now.sealed),
    };
    let seal = SealTerms {
        reason: body.reason,
        until: PartialDate::parse(&body.until)?,
    };
    web.archive
        .dossier_protect(&caller.asker, &code, body.version, wanted, &seal)
        .await?;
    web.hid(&caller.asker).await?;
    Ok(Json(shown(web.archive.dossier_protection(&caller.asker, &code).await?)))
}
