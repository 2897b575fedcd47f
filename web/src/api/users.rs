//! Accounts and tokens, for administrators; auditors read them.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{address, error::Result, parts::ListQuery, who::Caller},
    state::Web,
};
use api_types::codes::{code, code_or_null, codes_with_commas, codes_with_commas_or_null};
use api_types::list::ListJson;
use api_types::users::{LinkJson, SessionJson, TokenJson, UserJson};
use axum::{Json, extract::State, http::StatusCode};
use records::{
    Roles, SecurityLevel,
    identity::{UserChange, UserDraft},
    ids::TokenId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::Role;

pub(super) const SUBJECT: Interface = Interface {
    name: "users",
    about: "Accounts, their links and tokens.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(users, add_user))
        .routes(routes!(user, change_user))
        .routes(routes!(issue_link))
        .routes(routes!(sessions, end_sessions))
        .routes(routes!(end_session))
        .routes(routes!(reset_second_factor))
        .routes(routes!(tokens))
        .routes(routes!(revoke_token))
}

/// Accounts by name. For administrators and auditors.
#[utoipa::path(get, path = "/api/v1/users", operation_id = "list_users", params(ListQuery), responses((status = 200, body = ListJson<UserJson>), (status = 403)))]
async fn users(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<UserJson>>> {
    let users = web.archive.users(&caller.asker).await?;
    asked.part(&web, users, UserJson::of)
}

/// One account by its name.
#[utoipa::path(get, path = "/api/v1/users/{name}", operation_id = "get_user", params(("name" = String, Path)), responses((status = 200, body = UserJson), (status = 403), (status = 404)))]
async fn user(State(web): State<Web>, caller: Caller, Path(name): Path<String>) -> Result<Json<UserJson>> {
    Ok(Json(UserJson::of(web.archive.user(&caller.asker, &name).await?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserAddBody {
    /// 1 to 64 letters, digits, Han characters, `.`, `-`, `_` or `@`; it never changes.
    name: String,
    #[serde(default)]
    display_name: String,
    /// With commas between them: `viewer,archivist`.
    #[schema(schema_with = codes_with_commas::<Role>)]
    roles: String,
    /// `0` to `3` or the word of a level.
    #[schema(schema_with = code::<SecurityLevel>)]
    clearance: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    site: String,
}

/// Add an account. It has no password until its person has used a link.
#[utoipa::path(post, path = "/api/v1/users", operation_id = "add_user", request_body = UserAddBody, responses((status = 201, body = UserJson), (status = 403), (status = 409, description = "the name is taken"), (status = 422)))]
async fn add_user(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<UserAddBody>,
) -> Result<(StatusCode, Json<UserJson>)> {
    let draft = UserDraft {
        name: body.name,
        display_name: body.display_name,
        roles: Roles::parse(&body.roles)?,
        clearance: SecurityLevel::parse(&body.clearance)?,
        department: body.department,
        site: body.site,
    };
    let user = web.archive.user_add(&caller.asker, &draft).await?;
    Ok((StatusCode::CREATED, Json(UserJson::of(user))))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserChangeBody {
    /// The version that the change was made of; without it the change is made whatever others have changed.
    version: Option<i64>,
    display_name: Option<String>,
    /// All roles of the account, with commas between them. Other roles end the sessions of the account.
    #[schema(schema_with = codes_with_commas_or_null::<Role>)]
    roles: Option<String>,
    #[schema(schema_with = code_or_null::<SecurityLevel>)]
    clearance: Option<String>,
    department: Option<String>,
    site: Option<String>,
    /// `zh-CN`, `en`, or empty for what the browser says.
    language: Option<String>,
    /// A locked account has no sessions, and its tokens give nothing.
    locked: Option<bool>,
}

/// Change an account or lock it; what is not sent stays as it is. Nobody changes their own rights, and the last
/// administrator stays one.
#[utoipa::path(patch, path = "/api/v1/users/{name}", operation_id = "change_user", params(("name" = String, Path)), request_body = UserChangeBody, responses((status = 200, body = UserJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn change_user(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    Sent(body): Sent<UserChangeBody>,
) -> Result<Json<UserJson>> {
    let wanted = UserChange {
        display_name: body.display_name,
        roles: body.roles.as_deref().map(Roles::parse).transpose()?,
        clearance: body.clearance.as_deref().map(SecurityLevel::parse).transpose()?,
        department: body.department,
        site: body.site,
        language: body.language,
        locked: body.locked,
    };
    let user = web
        .archive
        .user_change(&caller.asker, &name, body.version, &wanted)
        .await?;
    Ok(Json(UserJson::of(user)))
}

/// Make a one-time link with which the person sets a new password. Earlier links of the account end.
#[utoipa::path(post, path = "/api/v1/users/{name}/link", operation_id = "issue_link", params(("name" = String, Path)), responses((status = 201, body = LinkJson), (status = 403), (status = 404), (status = 409, description = "the account is locked, or its clearance is above one's own and a second person must agree")))]
async fn issue_link(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<LinkJson>)> {
    let issued = web.archive.issue_link_for(&caller.asker, &name).await?;
    let begin = &web.config.public_url;
    let answer = LinkJson {
        name,
        link: format!("{begin}{}", address::one_time_link(&issued.secret)),
        expires_at: issued.expires_at.rfc3339(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Where somebody is signed in, the last used first: one's own, or as administrator or auditor anybody's. Tokens are no
/// sessions; they are listed by themselves.
#[utoipa::path(get, path = "/api/v1/users/{name}/sessions", operation_id = "list_sessions", params(("name" = String, Path), ListQuery), responses((status = 200, body = ListJson<SessionJson>), (status = 403), (status = 404)))]
async fn sessions(
    State(web): State<Web>,
    caller: Caller,
    Path(name): Path<String>,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<SessionJson>>> {
    let sessions = web.archive.sessions(&caller.asker, &name).await?;
    asked.part(&web, sessions, SessionJson::of)
}

/// End every session of an account: one's own, or as administrator anybody's.
#[utoipa::path(delete, path = "/api/v1/users/{name}/sessions", operation_id = "end_sessions", params(("name" = String, Path)), responses((status = 204), (status = 403), (status = 404)))]
async fn end_sessions(State(web): State<Web>, caller: Caller, Path(name): Path<String>) -> Result<StatusCode> {
    web.archive.sessions_end(&caller.asker, &name, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one session: one's own, or as administrator anybody's.
#[utoipa::path(delete, path = "/api/v1/users/{name}/sessions/{id}", operation_id = "end_session", params(("name" = String, Path), ("id" = String, Path)), responses((status = 204), (status = 403), (status = 404)))]
async fn end_session(
    State(web): State<Web>,
    caller: Caller,
    Path((name, id)): Path<(String, String)>,
) -> Result<StatusCode> {
    web.archive.session_end(&caller.asker, &name, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take the second factor from an account whose authenticator is lost, and end its sessions. For somebody with more
/// clearance a second administrator must agree. Tokens never need a second factor and stay as they are.
#[utoipa::path(delete, path = "/api/v1/users/{name}/second-factor", operation_id = "reset_second_factor", params(("name" = String, Path)), responses((status = 204), (status = 403), (status = 404, description = "there is no such account, or it has none"), (status = 409)))]
async fn reset_second_factor(State(web): State<Web>, caller: Caller, Path(name): Path<String>) -> Result<StatusCode> {
    web.archive.factor_reset(&caller.asker, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bearer tokens without their secrets: all of them for administrators and auditors, one's own for everybody else.
#[utoipa::path(get, path = "/api/v1/tokens", operation_id = "list_tokens", params(ListQuery), responses((status = 200, body = ListJson<TokenJson>)))]
async fn tokens(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<TokenJson>>> {
    let tokens = web.archive.tokens(&caller.asker).await?;
    asked.part(&web, tokens, TokenJson::of)
}

/// End a token at once: one's own, or as administrator anybody's.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", operation_id = "revoke_token", params(("id" = String, Path)), responses((status = 204), (status = 404)))]
async fn revoke_token(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode> {
    web.archive.token_revoke(&caller.asker, &TokenId::parse(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
