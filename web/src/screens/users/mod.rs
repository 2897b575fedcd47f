//! Accounts: who may sign in, with which roles. The list and the form for a new one; for administrators.

mod edit;
mod factor;
mod sample;

pub use edit::{TokenLine, UserEdit, UserView, change, end_session, link, lock, revoke_token, sign_out, user};

use super::{
    lists,
    parts::{Badge, Choice, ViewLink},
    shell::{Here, Shell},
};
use crate::{
    http::{
        address,
        error::{Final, Result},
        who::{Fields, Posted, Seat},
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use records::{
    Field, RefusedBecause, Role, Roles, SecurityLevel,
    identity::{IssuedLink, User, UserDraft},
};
use vocabulary::RecordList;

pub const SUBJECT: Subject = Subject {
    name: "users",
    rail: Some(rail::office("/admin/users", "users-title", |asker| {
        rail::administrators(asker) || rail::auditors(asker)
    })),
    routes,
    words: "accounts",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/admin/users", users)
        .form("/admin/users", add)
        .view("/admin/users/{name}", user)
        .form("/admin/users/{name}", change)
        .form("/admin/users/{name}/lock", lock)
        .asked("version=1&locked=1")
        .form("/admin/users/{name}/link", link)
        .form("/admin/users/{name}/sign-out", sign_out)
        .form("/admin/users/{name}/second-factor/reset", factor::reset)
        .form("/admin/users/{name}/sessions/{id}/end", end_session)
        .form("/admin/users/{name}/tokens/{id}/revoke", revoke_token)
}

const ADDRESS: &str = "/admin/users";

#[derive(Template)]
#[template(path = "users.html")]
pub struct UsersView {
    pub t: Text,
    pub shell: Shell,
    pub exports: Vec<ViewLink>,
    pub rows: Vec<UserRow>,
    pub form: UserForm,
    /// One-time link for the person just added.
    pub invitation: Option<Invitation>,
}

#[derive(Debug, Clone)]
pub struct UserRow {
    pub url: String,
    pub name: String,
    pub display_name: String,
    pub roles: String,
    pub clearance: String,
    pub department: String,
    /// Empty for somebody who has never been here.
    pub last_sign_in: String,
    pub status: Badge,
}

/// A one-time link, shown this once.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub name: String,
    pub link: String,
    pub until: String,
}

#[derive(Debug, Clone, Default)]
pub struct UserForm {
    pub name: String,
    pub display_name: String,
    pub department: String,
    pub site: String,
    pub roles: Vec<Choice>,
    pub clearances: Vec<Choice>,
    /// The field that is wrong, and what would be right.
    pub wrong: String,
    pub fault: String,
}

/// `GET /admin/users`
pub async fn users(State(web): State<Web>, seat: Seat) -> Result<Html<String>> {
    let form = blank(&web, seat.t);
    Ok(Html(listed(&web, &seat, form, None).await?.render()?))
}

fn blank(web: &Web, t: Text) -> UserForm {
    UserForm {
        roles: role_choices(t, Roles::default().with(Role::Viewer)),
        clearances: web.level_choices(t, SecurityLevel::INTERNAL),
        ..UserForm::default()
    }
}

async fn listed(web: &Web, seat: &Seat, form: UserForm, invitation: Option<Invitation>) -> Result<UsersView> {
    let users = web.archive.users(&seat.asker).await?;
    Ok(UsersView {
        t: seat.t,
        exports: lists::exports(seat.t, RecordList::Users),
        shell: web.shell(seat, Here("admin")).await?,
        rows: users.into_iter().map(|user| user_row(web, seat.t, user)).collect(),
        form,
        invitation,
    })
}

fn user_row(web: &Web, t: Text, user: User) -> UserRow {
    let roles: Vec<_> = user.roles.iter().map(|role| t.word("role", role.as_str())).collect();
    UserRow {
        url: format!("{ADDRESS}/{}", address::encode(&user.name)),
        status: status(t, &user),
        roles: roles.join(&t.say("list-separator")),
        clearance: web.level_name(t, user.clearance),
        last_sign_in: user.last_sign_in_at.map(|at| web.local(at)).unwrap_or_default(),
        department: user.department,
        name: user.name,
        display_name: user.display_name,
    }
}

/// Whether somebody can sign in.
pub(crate) fn status(t: Text, user: &User) -> Badge {
    if user.locked {
        return Badge::new("", t.say("user-disabled"));
    }
    match (user.at_provider, user.has_password) {
        (true, _) => Badge::new("good", t.say("user-at-provider")),
        (false, true) => Badge::new("good", t.say("user-active")),
        (false, false) => Badge::new("warn", t.say("user-invited")),
    }
}

fn role_choices(t: Text, chosen: Roles) -> Vec<Choice> {
    Role::ALL
        .map(|role| Choice {
            value: role.as_str().to_owned(),
            label: t.word("role", role.as_str()),
            chosen: chosen.has(role),
        })
        .into()
}

/// The roles that are ticked in a form.
fn roles_typed(fields: &mut Fields) -> Result<Roles> {
    let mut roles = Roles::default();
    for role in Role::ALL {
        if !fields.text(&format!("role_{}", role.as_str()))?.is_empty() {
            roles = roles.with(role);
        }
    }
    Ok(roles)
}

/// A link as it is handed on, at the address where people reach the archive.
pub(super) fn invitation(web: &Web, name: &str, issued: &IssuedLink) -> Invitation {
    let begin = &web.config.public_url;
    Invitation {
        name: name.to_owned(),
        link: format!("{begin}{}", address::one_time_link(&issued.secret)),
        until: web.local(issued.expires_at),
    }
}

/// The field that a refusal of the record is about, and what to say beside it.
fn fault_of(t: Text, what: Field, value: &str) -> Option<(&'static str, String)> {
    match what {
        Field::UserName => Some(("name", t.say("user-name-wrong"))),
        Field::Roles => Some(("roles", t.say("user-roles-wrong"))),
        Field::DisplayName => Some(("display_name", t.say("user-text-wrong"))),
        Field::Department if value == "*" => Some(("department", t.say("user-department-wrong"))),
        Field::Department => Some(("department", t.say("user-text-wrong"))),
        Field::Site => Some(("site", t.say("user-text-wrong"))),
        _ => None,
    }
}

/// `POST /admin/users`: adds an account and gives out the one-time link with which its person sets the password.
pub async fn add(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let t = seat.t;
    let roles = roles_typed(&mut fields)?;
    let draft = UserDraft {
        name: fields.text("name")?,
        display_name: fields.text("display_name")?,
        roles,
        clearance: SecurityLevel::parse(&fields.text("clearance")?)?,
        department: fields.text("department")?,
        site: fields.text("site")?,
    };
    fields.done()?;
    let (wrong, fault) = match web.archive.user_add(&seat.asker, &draft).await {
        Ok(user) => {
            let issued = web.archive.issue_link_for(&seat.asker, &user.name).await?;
            let link = invitation(&web, &user.name, &issued);
            let view = listed(&web, &seat, blank(&web, t), Some(link)).await?;
            return Ok(Html(view.render()?).into_response());
        }
        Err(records::Error::Refused(because @ RefusedBecause::ClearanceAboveOwn {})) => {
            ("clearance", t.refusal(&because))
        }
        Err(records::Error::Exists { .. }) => ("name", t.with("user-name-taken", "name", &draft.name)),
        Err(records::Error::Invalid { what, value, reason }) => match fault_of(t, what, &value) {
            Some(fault) => fault,
            None => return Err(records::Error::Invalid { what, value, reason }.into()),
        },
        Err(cause) => return Err(cause.into()),
    };
    let form = UserForm {
        roles: role_choices(t, draft.roles),
        clearances: web.level_choices(t, draft.clearance),
        name: draft.name,
        display_name: draft.display_name,
        department: draft.department,
        site: draft.site,
        wrong: wrong.to_owned(),
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
