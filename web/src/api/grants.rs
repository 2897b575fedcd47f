//! Grants: proposed, confirmed by a second person, listed, refused, revoked.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts,
        who::Caller,
    },
    state::Web,
};
use api_types::grants::{self as shapes, GrantJson};
use api_types::list::ListJson;
use axum::{Json, extract::State};
use records::{
    Moment,
    ids::GrantId,
    moment::Edge,
    permission::grants::{GrantDraft, GrantFilter, GrantTarget},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "grants",
    about: "Grants: proposed, confirmed by a second person, ended.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, propose))
        .routes(routes!(confirm))
        .routes(routes!(refuse))
        .routes(routes!(revoke))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct GrantsQuery {
    /// Id or own number of a document.
    #[serde(default)]
    document: String,
    /// Code of a customer, for grants on the whole dossier.
    #[serde(default)]
    dossier: String,
    /// Only those that wait for a second person, will hold or hold.
    #[serde(default)]
    open: bool,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

/// What a grant is about: exactly one of the two is given.
fn target(document: &str, dossier: &str) -> Result<Option<GrantTarget>> {
    match (document, dossier) {
        ("", "") => Ok(None),
        (document, "") => Ok(Some(GrantTarget::Document(document.to_owned()))),
        ("", dossier) => Ok(Some(GrantTarget::Dossier(dossier.to_owned()))),
        _ => Err(WebError::invalid("dossier", "name a document or a dossier, not both")),
    }
}

/// Grants, newest first: all of them for administrators and auditors, else one's own and those one proposed.
#[utoipa::path(get, path = "/api/v1/grants", operation_id = "list_grants", params(GrantsQuery), responses((status = 200, body = ListJson<GrantJson>), (status = 404)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<GrantsQuery>,
) -> Result<Json<ListJson<GrantJson>>> {
    let filter = GrantFilter {
        target: target(&asked.document, &asked.dossier)?,
        open_only: asked.open,
    };
    let (skip, limit) = (
        parts::mark(&asked.after)?.unwrap_or(0),
        parts::rows_at_most(&web, asked.limit),
    );
    let found = web.archive.grants(&caller.asker, &filter, usize::MAX).await?;
    let now = web.environment.now();
    Ok(Json(ListJson::part(found, skip, limit, |found| {
        shapes::grant(found, now)
    })))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantBody {
    /// Sign-in name of the person who is to see.
    user: String,
    /// Id or own number of a document; a sealed one has only its id.
    #[serde(default)]
    document: String,
    /// Code of a customer, for the whole dossier.
    #[serde(default)]
    dossier: String,
    /// 1 to 200 characters.
    purpose: String,
    /// RFC 3339, or a day from its beginning; now when not given.
    #[serde(default)]
    from: String,
    /// RFC 3339, or the last day on which it holds.
    until: String,
}

/// Propose that a person may see a document or dossier for a time; it opens nothing until it is confirmed.
#[utoipa::path(post, path = "/api/v1/grants", operation_id = "propose_grant", request_body = GrantBody, responses((status = 200, body = GrantJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn propose(State(web): State<Web>, caller: Caller, Sent(body): Sent<GrantBody>) -> Result<Json<GrantJson>> {
    let settings = web.settings();
    let zone = &settings.time_zone;
    let now = web.environment.now();
    let target = target(&body.document, &body.dossier)?
        .ok_or_else(|| WebError::invalid("document", "name a document or a dossier"))?;
    let draft = GrantDraft {
        user_name: body.user,
        target,
        purpose: body.purpose,
        from: match body.from.as_str() {
            "" => now,
            text => Moment::parse(text, zone, Edge::Start)?,
        },
        until: Moment::parse(&body.until, zone, Edge::End)?,
    };
    let made = web.archive.grant_propose(&caller.asker, &draft).await?;
    Ok(Json(shapes::grant(made, now)))
}

/// The second signature: an administrator who neither proposed it nor is to see. From then on it holds for its time.
#[utoipa::path(post, path = "/api/v1/grants/{id}/confirm", operation_id = "confirm_grant", params(("id" = String, Path)), responses((status = 200, body = GrantJson), (status = 403), (status = 404), (status = 409)))]
async fn confirm(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<GrantJson>> {
    let made = web.archive.grant_confirm(&caller.asker, &GrantId::parse(&id)?).await?;
    Ok(Json(shapes::grant(made, web.environment.now())))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantReasonBody {
    /// 1 to 200 characters.
    reason: String,
}

/// The second person says no.
#[utoipa::path(post, path = "/api/v1/grants/{id}/refuse", operation_id = "refuse_grant", params(("id" = String, Path)), request_body = GrantReasonBody, responses((status = 200, body = GrantJson), (status = 403), (status = 404), (status = 409)))]
async fn refuse(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<GrantReasonBody>,
) -> Result<Json<GrantJson>> {
    let id = GrantId::parse(&id)?;
    let made = web.archive.grant_refuse(&caller.asker, &id, &body.reason).await?;
    Ok(Json(shapes::grant(made, web.environment.now())))
}

/// End a grant at once, or take a proposal back.
#[utoipa::path(post, path = "/api/v1/grants/{id}/revoke", operation_id = "revoke_grant", params(("id" = String, Path)), request_body = GrantReasonBody, responses((status = 200, body = GrantJson), (status = 403), (status = 404), (status = 409)))]
async fn revoke(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<GrantReasonBody>,
) -> Result<Json<GrantJson>> {
    let id = GrantId::parse(&id)?;
    let made = web.archive.grant_revoke(&caller.asker, &id, &body.reason).await?;
    Ok(Json(shapes::grant(made, web.environment.now())))
}
