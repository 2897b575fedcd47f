//! One account: what it may do, its lock, a new link, its tokens. Nobody changes their own rights here.

use super::{ADDRESS, Invitation, fault_of, invitation, role_choices, roles_typed, status};
use crate::{
    http::{
        address,
        error::{Final, Result, WebError},
        who::{Fields, Posted, Seat},
    },
    screens::{
        account::SessionLine,
        parts::{Badge, Choice},
        shell::{Here, Shell, ShellNotice},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    RefusedBecause, Role, SecurityLevel,
    identity::{User, UserChange},
    ids::TokenId,
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "user.html")]
pub struct UserView {
    pub t: Text,
    pub shell: Shell,
    pub url: String,
    pub name: String,
    pub display_name: String,
    pub status: Badge,
    pub since: String,
    pub last_sign_in: String,
    pub locked: bool,
    /// One's own account: rights and lock are for another administrator.
    pub is_own: bool,
    /// Auditors look and change nothing.
    pub may_change: bool,
    pub form: UserEdit,
    pub tokens: Vec<TokenLine>,
    pub sessions: Vec<SessionLine>,
    pub has_second_factor: bool,
    pub invitation: Option<Invitation>,
}

/// An account as it is typed. A fault stands beside its field.
#[derive(Debug, Clone, Default)]
pub struct UserEdit {
    pub version: i64,
    pub display_name: String,
    pub department: String,
    pub site: String,
    pub roles: Vec<Choice>,
    pub clearances: Vec<Choice>,
    pub languages: Vec<Choice>,
    pub wrong: String,
    pub fault: String,
}

#[derive(Debug, Clone)]
pub struct TokenLine {
    pub name: String,
    pub scope: String,
    pub made: String,
    pub expires: String,
    /// Empty for a token that gives nothing any more.
    pub revoke_url: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct UserAddress {
    #[serde(default)]
    said: String,
}

/// `GET /admin/users/{name}`
pub async fn user(
    State(web): State<Web>,
    seat: Seat,
    Path(name): Path<String>,
    Query(asked): Query<UserAddress>,
) -> Result<Html<String>> {
    let user = known(&web, &seat, &name).await?;
    let form = form_of(&web, seat.t, &user);
    let mut view = view(&web, &seat, user, form).await?;
    let said = match asked.said.as_str() {
        "changed" => Some("user-said-changed"),
        "locked" => Some("user-said-locked"),
        "unlocked" => Some("user-said-unlocked"),
        "revoked" => Some("user-said-revoked"),
        "signed-out" => Some("user-said-signed-out"),
        "factor-reset" => Some("factor-said-reset"),
        "session-ended" => Some("session-said-ended"),
        _ => None,
    };
    view.shell.notice = said.map(|key| ShellNotice {
        tone: "good",
        text: view.t.say(key),
    });
    Ok(Html(view.render()?))
}

async fn known(web: &Web, seat: &Seat, name: &str) -> Result<User> {
    if !seat.asker.has(Role::Auditor) {
        seat.asker.require(Role::Administrator)?;
    }
    Ok(web.archive.user(&seat.asker, name).await?)
}

fn form_of(web: &Web, t: Text, user: &User) -> UserEdit {
    let language = |value: &str, label: String| Choice {
        value: value.to_owned(),
        label,
        chosen: user.language == value,
    };
    UserEdit {
        version: user.version,
        display_name: user.display_name.clone(),
        department: user.department.clone(),
        site: user.site.clone(),
        roles: role_choices(t, user.roles),
        clearances: web.level_choices(t, user.clearance),
        languages: vec![
            language("", t.say("user-language-browser")),
            language("zh-CN", "中文".to_owned()),
            language("en", "English".to_owned()),
        ],
        wrong: String::new(),
        fault: String::new(),
    }
}

async fn view(web: &Web, seat: &Seat, user: User, form: UserEdit) -> Result<UserView> {
    let t = seat.t;
    let url = format!("{ADDRESS}/{}", address::encode(&user.name));
    let now = web.environment.now();
    let may_change = seat.asker.has(Role::Administrator);
    let tokens = web.archive.tokens(&seat.asker).await?.into_iter();
    let tokens = tokens
        .filter(|token| token.user_name == user.name)
        .map(|token| TokenLine {
            revoke_url: match token.revoked || token.expires_at <= now {
                true => String::new(),
                false => format!("{url}/tokens/{}/revoke", address::encode(token.id.as_str())),
            },
            name: token.name,
            scope: t.word("scope", token.scope.as_str()),
            made: web.local(token.created_at),
            expires: web.local(token.expires_at),
        });
    Ok(UserView {
        t,
        shell: web.shell(seat, Here("admin")).await?,
        status: status(t, &user),
        since: web.local(user.created_at),
        last_sign_in: user.last_sign_in_at.map(|at| web.local(at)).unwrap_or_default(),
        locked: user.locked,
        is_own: user.name == seat.asker.name(),
        may_change,
        form,
        tokens: tokens.collect(),
        sessions: SessionLine::of(web, seat, &user.name, may_change.then_some(url.as_str())).await?,
        has_second_factor: user.has_second_factor,
        invitation: None,
        url,
        name: user.name,
        display_name: user.display_name,
    })
}

fn refused(view: UserView, status: StatusCode) -> Result<Response> {
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// `POST /admin/users/{name}`: everything but the name and the lock.
pub async fn change(State(web): State<Web>, Path(name): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let t = seat.t;
    let before = known(&web, &seat, &name).await?;
    let is_own = before.name == seat.asker.name();
    let typed = typed(&mut fields, &before, is_own)?;
    fields.done()?;
    let wanted = UserChange {
        display_name: Some(typed.display_name.clone()),
        roles: Some(typed.roles),
        clearance: Some(typed.clearance),
        department: Some(typed.department.clone()),
        site: Some(typed.site.clone()),
        language: Some(typed.language.clone()),
        locked: None,
    };
    let outcome = web
        .archive
        .user_change(&seat.asker, &before.name, Some(typed.version), &wanted)
        .await;
    let (status, wrong, fault) = match outcome {
        Ok(user) => {
            let url = format!("{ADDRESS}/{}?said=changed", address::encode(&user.name));
            return Ok(Redirect::to(&url).into_response());
        }
        Err(records::Error::Conflict { found, .. }) => {
            let form = UserEdit {
                version: found,
                ..form_of(&web, t, &typed)
            };
            let mut view = view(&web, &seat, before, form).await?;
            view.shell.notice = Some(ShellNotice {
                tone: "warn",
                text: t.say("user-said-conflict"),
            });
            return refused(view, StatusCode::CONFLICT);
        }
        Err(records::Error::Refused(because @ RefusedBecause::SecondMustAgree { .. })) => {
            (StatusCode::CONFLICT, "clearance", t.refusal(&because))
        }
        // What is refused here is the last administrator: one's own rights are not in the form.
        Err(records::Error::Refused(_)) => (StatusCode::CONFLICT, "roles", t.say("user-last-administrator")),
        Err(records::Error::Invalid { what, value, reason }) => match fault_of(t, what, &value) {
            Some((field, fault)) => (StatusCode::UNPROCESSABLE_ENTITY, field, fault),
            None => return Err(records::Error::Invalid { what, value, reason }.into()),
        },
        Err(cause) => return Err(cause.into()),
    };
    let form = UserEdit {
        wrong: wrong.to_owned(),
        fault,
        ..form_of(&web, t, &typed)
    };
    refused(view(&web, &seat, before, form).await?, status)
}

/// The account as it was typed. In one's own account roles and clearance are shown and not sent.
fn typed(fields: &mut Fields, before: &User, is_own: bool) -> Result<User> {
    let (roles, clearance) = match is_own {
        true => (before.roles, before.clearance),
        false => (roles_typed(fields)?, SecurityLevel::parse(&fields.text("clearance")?)?),
    };
    let version = fields.text("version")?;
    Ok(User {
        display_name: fields.text("display_name")?,
        department: fields.text("department")?,
        site: fields.text("site")?,
        language: fields.text("language")?,
        roles,
        clearance,
        version: version
            .parse()
            .map_err(|_| WebError::invalid("version", "is the number that the form came with"))?,
        ..before.clone()
    })
}

#[derive(Debug, Deserialize)]
pub struct LockAddress {
    version: i64,
    locked: u8,
}

/// `POST /admin/users/{name}/lock`: locks an account, which ends its sessions, or lets it in again.
pub async fn lock(
    State(web): State<Web>,
    Path(name): Path<String>,
    Query(asked): Query<LockAddress>,
    posted: Posted,
) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let t = seat.t;
    let before = known(&web, &seat, &name).await?;
    let locked = asked.locked == 1;
    let wanted = UserChange {
        locked: Some(locked),
        ..UserChange::default()
    };
    let outcome = web
        .archive
        .user_change(&seat.asker, &before.name, Some(asked.version), &wanted)
        .await;
    match outcome {
        Ok(user) => {
            let said = if locked { "locked" } else { "unlocked" };
            let url = format!("{ADDRESS}/{}?said={said}", address::encode(&user.name));
            Ok(Redirect::to(&url).into_response())
        }
        Err(records::Error::Refused(_)) => {
            let fault = match before.name == seat.asker.name() {
                true => t.say("user-own-lock"),
                false => t.say("user-last-administrator"),
            };
            let form = UserEdit {
                wrong: "lock".to_owned(),
                fault,
                ..form_of(&web, t, &before)
            };
            refused(view(&web, &seat, before, form).await?, StatusCode::CONFLICT)
        }
        Err(cause) => Err(cause.into()),
    }
}

/// `POST /admin/users/{name}/link`: a one-time link with which the person sets a new password.
pub async fn link(State(web): State<Web>, Path(name): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let user = known(&web, &seat, &name).await?;
    let mut form = form_of(&web, seat.t, &user);
    match web.archive.issue_link_for(&seat.asker, &user.name).await {
        Ok(issued) => {
            let link = invitation(&web, &user.name, &issued);
            let mut view = view(&web, &seat, user, form).await?;
            view.invitation = Some(link);
            Ok(Html(view.render()?).into_response())
        }
        Err(records::Error::Refused(because @ RefusedBecause::SecondMustAgree { .. })) => {
            (form.wrong, form.fault) = ("link".to_owned(), seat.t.refusal(&because));
            refused(view(&web, &seat, user, form).await?, StatusCode::CONFLICT)
        }
        Err(records::Error::Refused(_)) => {
            (form.wrong, form.fault) = ("link".to_owned(), seat.t.say("user-link-locked"));
            refused(view(&web, &seat, user, form).await?, StatusCode::CONFLICT)
        }
        Err(cause) => Err(cause.into()),
    }
}

/// The account again, with why something was not done beside what asked for it.
pub(super) async fn not_done(web: &Web, seat: &Seat, name: &str, wrong: &str, fault: String) -> Result<Response> {
    let user = known(web, seat, name).await?;
    let mut form = form_of(web, seat.t, &user);
    (form.wrong, form.fault) = (wrong.to_owned(), fault);
    refused(view(web, seat, user, form).await?, StatusCode::CONFLICT)
}

/// `POST /admin/users/{name}/sign-out`: ends every session of the account.
pub async fn sign_out(State(web): State<Web>, Path(name): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    seat.asker.require(Role::Administrator)?;
    web.archive.sessions_end(&seat.asker, &name, None).await?;
    let url = format!("{ADDRESS}/{}?said=signed-out", address::encode(&name));
    Ok(Redirect::to(&url))
}

/// `POST /admin/users/{name}/sessions/{id}/end`
pub async fn end_session(
    State(web): State<Web>,
    Path((name, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    seat.asker.require(Role::Administrator)?;
    web.archive.session_end(&seat.asker, &name, &id).await?;
    let url = format!("{ADDRESS}/{}?said=session-ended", address::encode(&name));
    Ok(Redirect::to(&url))
}

/// `POST /admin/users/{name}/tokens/{id}/revoke`
pub async fn revoke_token(
    State(web): State<Web>,
    Path((name, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    seat.asker.require(Role::Administrator)?;
    web.archive.token_revoke(&seat.asker, &TokenId::parse(&id)?).await?;
    let url = format!("{ADDRESS}/{}?said=revoked", address::encode(&name));
    Ok(Redirect::to(&url))
}
