//! Users: named accounts, for administrators.

mod sample;

use super::{
    parts::{Badge, Choice},
    shell::{Here, Shell},
};
use crate::{
    http::{
        address,
        error::{Final, Result, WebError},
        who::{Posted, Seat},
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Role, Roles, SecurityLevel,
    identity::{User, UserDraft},
};

pub const SUBJECT: Subject = Subject {
    name: "admin",
    rail: Some(
        rail::entry("/admin/users", "admin", "way-admin")
            .for_those(rail::administrators)
            .apart(),
    ),
    routes,
    words: "accounts",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/admin/users", users)
        .form("/admin/users", add)
        .form("/admin/users/{name}/lock", lock)
        .asked("version=1&locked=1")
}

#[derive(Template)]
#[template(path = "users.html")]
pub struct UsersView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<UserRow>,
    pub form: UserForm,
    /// One-time link for the person just added.
    pub invitation: Option<String>,
}

#[derive(Debug, Clone)]
pub struct UserRow {
    pub name: String,
    pub display_name: String,
    pub roles: String,
    pub clearance: String,
    pub created: String,
    pub status: Badge,
    pub switch_url: Option<String>,
    pub switch_label: String,
}

#[derive(Debug, Clone, Default)]
pub struct UserForm {
    pub name: String,
    pub display_name: String,
    pub roles: Vec<Choice>,
    pub clearances: Vec<Choice>,
    pub fault: String,
}

/// `GET /admin/users`
pub async fn users(State(web): State<Web>, seat: Seat) -> Result<Html<String>> {
    let form = UserForm {
        roles: role_choices(seat.t, Role::Viewer.as_str()),
        clearances: clearance_choices(seat.t, "1"),
        ..UserForm::default()
    };
    Ok(Html(listed(&web, &seat, form, None).await?.render()?))
}

async fn listed(web: &Web, seat: &Seat, form: UserForm, invitation: Option<String>) -> Result<UsersView> {
    let users = web.archive.users(&seat.asker).await?;
    Ok(UsersView {
        t: seat.t,
        shell: web.shell(seat, Here("admin")).await?,
        rows: users.into_iter().map(|user| user_row(web, seat, user)).collect(),
        form,
        invitation,
    })
}

fn user_row(web: &Web, seat: &Seat, user: User) -> UserRow {
    let t = seat.t;
    let User {
        id: _,
        name,
        display_name,
        roles,
        clearance,
        department: _,
        site: _,
        language: _,
        locked,
        has_password,
        created_at,
        version,
    } = user;
    let roles: Vec<_> = roles.iter().map(|role| t.word("role", role.as_str())).collect();
    let status = match (locked, has_password) {
        (true, _) => Badge::new("", t.say("user-disabled")),
        (false, true) => Badge::new("good", t.say("user-active")),
        (false, false) => Badge::new("warn", t.say("user-invited")),
    };
    let word = if locked { "user-enable" } else { "user-disable" };
    let may = seat.asker.has(Role::Administrator) && name != seat.asker.name();
    UserRow {
        switch_url: may.then(|| {
            format!(
                "/admin/users/{}/lock?version={version}&locked={}",
                address::encode(&name),
                u8::from(!locked)
            )
        }),
        switch_label: t.say(word),
        name,
        display_name,
        roles: roles.join(&t.say("list-separator")),
        clearance: t.say(&format!("security-{}", clearance.number())),
        created: web.local(created_at),
        status,
    }
}

fn role_choices(t: Text, chosen: &str) -> Vec<Choice> {
    Role::ALL
        .map(|role| Choice {
            value: role.as_str().to_owned(),
            label: t.word("role", role.as_str()),
            chosen: role.as_str() == chosen,
        })
        .into()
}

fn clearance_choices(t: Text, chosen: &str) -> Vec<Choice> {
    ["0", "1", "2", "3"]
        .map(|level| Choice {
            value: level.to_owned(),
            label: t.word("security", level),
            chosen: level == chosen,
        })
        .into()
}

/// `POST /admin/users`: adds an account and gives out the one-time link with which its person sets the password.
pub async fn add(State(web): State<Web>, headers: HeaderMap, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let (name, display_name) = (fields.text("name")?, fields.text("display_name")?);
    let (role, clearance) = (fields.text("role")?, fields.text("clearance")?);
    fields.done()?;
    let t = seat.t;
    let blank = UserForm {
        roles: role_choices(t, "viewer"),
        clearances: clearance_choices(t, "1"),
        ..UserForm::default()
    };
    let draft = UserDraft {
        name: name.clone(),
        display_name: display_name.clone(),
        roles: Roles::default().with(Role::parse(&role)?),
        clearance: SecurityLevel::parse(&clearance)?,
        department: String::new(),
        site: String::new(),
    };
    let fault = match web.archive.user_add(&seat.asker, &draft).await {
        Ok(user) => {
            let secret = web.archive.issue_link_for(&seat.asker, &user.name).await?;
            let host = headers
                .get(header::HOST)
                .and_then(|host| host.to_str().ok())
                .unwrap_or("localhost");
            let scheme = if web.config.protection.is_encrypted() {
                "https"
            } else {
                "http"
            };
            let link = format!("{scheme}://{host}{}", address::one_time_link(&secret));
            return Ok(Html(listed(&web, &seat, blank, Some(link)).await?.render()?).into_response());
        }
        Err(records::Error::Exists { .. }) => t.with("user-name-taken", "name", &name),
        Err(records::Error::Invalid { .. }) => t.say("user-name-wrong"),
        Err(cause) => return Err(cause.into()),
    };
    let form = UserForm {
        name,
        display_name,
        roles: role_choices(t, &role),
        clearances: clearance_choices(t, &clearance),
        fault,
    };
    let mut response = (
        StatusCode::UNPROCESSABLE_ENTITY,
        Html(listed(&web, &seat, form, None).await?.render()?),
    )
        .into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

#[derive(Debug, serde::Deserialize)]
pub struct LockAddress {
    version: i64,
    locked: u8,
}

/// `POST /admin/users/{name}/lock`: disables an account, which ends its sessions, or lets it in again.
pub async fn lock(
    State(web): State<Web>,
    Path(name): Path<String>,
    axum::extract::Query(asked): axum::extract::Query<LockAddress>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    if name == seat.asker.name() {
        return Err(WebError::invalid(
            "name",
            "is your own account; another administrator can disable it",
        ));
    }
    let User {
        id,
        name,
        display_name,
        roles,
        clearance,
        department,
        site,
        ..
    } = web.archive.user(&seat.asker, &name).await?;
    let draft = UserDraft {
        name,
        display_name,
        roles,
        clearance,
        department,
        site,
    };
    web.archive
        .user_change(&seat.asker, &id, asked.version, &draft, asked.locked == 1)
        .await?;
    Ok(Redirect::to("/admin/users"))
}
