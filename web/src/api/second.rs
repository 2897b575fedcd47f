//! What waits for a second person: listed, confirmed, refused.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{address, error::Result, parts::ListQuery, who::Caller},
    state::Web,
};
use api_types::list::ListJson;
use api_types::second::{SecondActJson, SecondDoneJson};
use api_types::users::LinkJson;
use axum::{Json, extract::State, http::StatusCode};
use records::ids::SecondActId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "second-acts",
    about: "What one person alone cannot do: listed, confirmed by a second, refused.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(confirm))
        .routes(routes!(refuse))
}

/// What waits for a second person, newest first: everything for administrators and auditors, the levels of documents
/// that they see for archivists.
#[utoipa::path(get, path = "/api/v1/second-acts", operation_id = "list_second_acts", params(ListQuery), responses((status = 200, body = ListJson<SecondActJson>), (status = 403)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<SecondActJson>>> {
    let waiting = web.archive.acts_waiting(&caller.asker).await?;
    asked.part(&web, waiting, SecondActJson::of)
}

/// Do, as the second person, what another has asked for. It is refused to the one who asked, and to accounts that got
/// in by a link of the last seven days.
#[utoipa::path(post, path = "/api/v1/second-acts/{id}/confirm", operation_id = "confirm_second_act", params(("id" = String, Path)), responses((status = 200, body = SecondDoneJson), (status = 403), (status = 404), (status = 409)))]
async fn confirm(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<SecondDoneJson>> {
    let id = SecondActId::parse(&id)?;
    let done = web.archive.act_confirm(&caller.asker, &id).await?;
    web.hid(&caller.asker).await?;
    Ok(Json(SecondDoneJson {
        id: id.to_string(),
        link: done.link.map(|link| LinkJson {
            name: done.object,
            link: format!("{}{}", web.config.public_url, address::one_time_link(&link.secret)),
            expires_at: link.expires_at.rfc3339(),
        }),
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecondReasonBody {
    /// 1 to 200 characters; stands in the audit trail.
    reason: String,
}

/// Say no to what another asks for, or take back what one has asked for.
#[utoipa::path(post, path = "/api/v1/second-acts/{id}/refuse", operation_id = "refuse_second_act", params(("id" = String, Path)), request_body = SecondReasonBody, responses((status = 204), (status = 403), (status = 404)))]
async fn refuse(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<SecondReasonBody>,
) -> Result<StatusCode> {
    let id = SecondActId::parse(&id)?;
    web.archive.act_refuse(&caller.asker, &id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
