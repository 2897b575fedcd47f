//! One's own account: password, tokens for programs.

mod factor;
pub(crate) mod sample;
mod sessions;

pub use factor::FactorView;
pub use sessions::SessionLine;

use super::{
    parts::Choice,
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address, cookies,
        error::{Final, Result, WebError},
        session::session_cookie,
        who::{Posted, PostedAtDoor, Seat, same},
    },
    passwords::{self, Passwords, Weakness},
    state::Web,
    subject::{Routes, Subject},
    text::{Language, Text},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    identity::{
        Scope, Token,
        attempts::{AttemptTurn, Source},
    },
    ids::TokenId,
};
use serde::{Deserialize, Serialize};

pub const SUBJECT: Subject = Subject {
    name: "account",
    rail: None,
    routes,
    words: "accounts",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .part("/session", session)
        .form("/sign-out", sign_out)
        .open_form("/preferences", preferences)
        .view("/account", account)
        .form("/account/password", change_password)
        .view("/account/second-factor", factor::view)
        .form("/account/second-factor/begin", factor::begin)
        .form("/account/second-factor/confirm", factor::confirm)
        .form("/account/second-factor/codes", factor::codes)
        .form("/account/second-factor/off", factor::off)
        .form("/account/sessions/end-others", sessions::end_others)
        .form("/account/sessions/{id}/end", sessions::end)
        .form("/account/tokens", add_token)
        .form("/account/tokens/{id}/revoke", revoke_token)
}

#[derive(Template)]
#[template(path = "account.html")]
pub struct AccountView {
    pub t: Text,
    pub shell: Shell,
    pub name: String,
    pub roles: String,
    pub tokens: Vec<TokenRow>,
    pub sessions: Vec<SessionLine>,
    pub has_second_factor: bool,
    pub scopes: Vec<Choice>,
    /// The secret of a token just made, shown once.
    pub fresh_token: Option<String>,
    pub fault: Option<String>,
}

#[derive(Debug, Clone)]
pub struct TokenRow {
    pub name: String,
    pub scopes: String,
    pub made: String,
    pub expires: String,
    pub revoke_url: String,
}

const TOKEN_DAYS: i64 = 365;

#[derive(Debug, Default, Deserialize)]
pub struct AccountAddress {
    #[serde(default)]
    said: String,
}

/// `GET /account`
pub async fn account(State(web): State<Web>, seat: Seat, Query(asked): Query<AccountAddress>) -> Result<Html<String>> {
    let mut view = own(&web, &seat).await?;
    let said = match asked.said.as_str() {
        "ended" => Some("session-said-ended"),
        "others-ended" => Some("session-said-others-ended"),
        _ => None,
    };
    view.shell.notice = said.map(|key| ShellNotice {
        tone: "good",
        text: view.t.say(key),
    });
    Ok(Html(view.render()?))
}

async fn own(web: &Web, seat: &Seat) -> Result<AccountView> {
    let t = seat.t;
    let tokens = web.archive.tokens(&seat.asker).await?;
    let scopes = [Scope::Read, Scope::Write];
    let roles: Vec<_> = seat
        .asker
        .roles()
        .iter()
        .map(|role| t.word("role", role.as_str()))
        .collect();
    Ok(AccountView {
        t,
        sessions: SessionLine::of(web, seat, seat.asker.name(), Some("/account")).await?,
        has_second_factor: web
            .archive
            .user(&seat.asker, seat.asker.name())
            .await?
            .has_second_factor,
        shell: web.shell(seat, Here::NOWHERE).await?,
        name: seat.asker.display_name().to_owned(),
        roles: roles.join(&t.say("list-separator")),
        tokens: tokens
            .into_iter()
            .filter(|token| token.user_name == seat.asker.name() && !token.revoked)
            .map(|token| token_row(web, t, token))
            .collect(),
        scopes: scopes
            .map(|scope| Choice {
                value: scope.as_str().to_owned(),
                label: t.word("scope", scope.as_str()),
                chosen: scope == Scope::Read,
            })
            .into(),
        fresh_token: None,
        fault: None,
    })
}

fn token_row(web: &Web, t: Text, token: Token) -> TokenRow {
    let Token {
        id,
        user_name: _,
        name,
        scope,
        created_at,
        expires_at,
        revoked: _,
    } = token;
    TokenRow {
        name,
        scopes: t.word("scope", scope.as_str()),
        made: web.local(created_at),
        expires: web.local(expires_at),
        revoke_url: format!("/account/tokens/{}/revoke", address::encode(id.as_str())),
    }
}

/// `POST /account/tokens`: a new token, whose secret is shown this once.
pub async fn add_token(State(web): State<Web>, posted: Posted) -> Result<Html<String>> {
    let Posted { seat, mut fields } = posted;
    let (name, scope) = (fields.text("name")?, fields.text("scope")?);
    fields.done()?;
    let (_, secret) = web
        .archive
        .token_add(&seat.asker, seat.asker.name(), &name, Scope::parse(&scope)?, TOKEN_DAYS)
        .await?;
    let mut view = own(&web, &seat).await?;
    view.fresh_token = Some(secret);
    Ok(Html(view.render()?))
}

/// `POST /account/tokens/{id}/revoke`
pub async fn revoke_token(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    web.archive.token_revoke(&seat.asker, &TokenId::parse(&id)?).await?;
    Ok(Redirect::to("/account"))
}

/// `POST /account/password`: ends every other session and signs this browser in again.
pub async fn change_password(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let (old, new) = (fields.text("old")?, fields.text("new")?);
    fields.done()?;
    let t = seat.t;
    let fault = match own_password(&web, &seat, &old).await? {
        Some(fault) => Some(fault),
        None => Passwords::weakness(&new, seat.asker.name()).map(|weakness| weakness_text(t, weakness)),
    };
    let mut view = own(&web, &seat).await?;
    if let Some(fault) = fault {
        view.fault = Some(fault);
        let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(view.render()?)).into_response();
        response.extensions_mut().insert(Final);
        return Ok(response);
    }
    let hash = web.passwords.hash(&new).await?;
    web.archive.password_set(&seat.asker, seat.asker.name(), &hash).await?;
    let stored = web
        .gate
        .password_of(seat.asker.name())
        .await?
        .ok_or(crate::http::error::WebError::NotSignedIn)?;
    let opened = web.gate.open_session_again(&stored).await?;
    view.shell.csrf = opened.session.csrf;
    view.shell.notice = Some(ShellNotice {
        tone: "good",
        text: t.say("password-changed"),
    });
    let mut response = Html(view.render()?).into_response();
    let seconds = (opened.session.expires_at.micros() - web.environment.now().micros()) / 1_000_000;
    let encrypted = web.config.protection.is_encrypted();
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::set(
            session_cookie(&web.config.protection),
            &opened.secret,
            seconds,
            encrypted,
        ),
    );
    Ok(response)
}

/// What is wrong with a password that somebody shows again in a session; guesses are counted as at the door.
async fn own_password(web: &Web, seat: &Seat, shown: &str) -> Result<Option<String>> {
    let attempt = match web.gate.attempt(seat.asker.name(), Source::OwnSession).await? {
        AttemptTurn::Now(attempt) => attempt,
        AttemptTurn::Wait { seconds } => return Ok(Some(seat.t.n("sign-in-wait", seconds))),
    };
    let stored = web.gate.password_of(seat.asker.name()).await?;
    let hash = stored.as_ref().map(|stored| stored.hash());
    if web.passwords.fits(shown, hash).await? {
        web.gate.attempt_succeeded(&attempt).await?;
        return Ok(None);
    }
    web.gate.attempt_failed(&attempt).await?;
    Ok(Some(seat.t.say("password-wrong")))
}

pub fn weakness_text(t: Text, weakness: Weakness) -> String {
    match weakness {
        Weakness::TooShort => t.n("password-too-short", passwords::CHARACTERS_MIN),
        Weakness::TooLong => t.n("password-too-long", passwords::CHARACTERS_MAX),
        Weakness::TooCommon => t.say("password-too-common"),
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct SignOutAddress {
    #[serde(default)]
    everywhere: u8,
}

/// `POST /sign-out`
pub async fn sign_out(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<SignOutAddress>,
    posted: Posted,
) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    if asked.everywhere == 1 {
        web.archive.sessions_end(&seat.asker, seat.asker.name(), None).await?;
    } else if let Some(secret) = crate::http::session::session_secret(&web, &headers) {
        web.gate.close_session(secret).await?;
    }
    let mut response = Redirect::to("/sign-in?said=signed-out").into_response();
    // What a browser has kept of pages and scans goes with the session; browsers heed it over TLS and on loopback.
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    let encrypted = web.config.protection.is_encrypted();
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::set(session_cookie(&web.config.protection), "", 0, encrypted),
    );
    Ok(response)
}

/// Who is signed in, and the secret that forms carry.
#[derive(Serialize)]
struct SessionState {
    name: String,
    csrf: String,
}

/// `GET /session`: whether the session still lives, for a view that has been open for long.
pub async fn session(seat: Seat) -> Response {
    let Seat { asker, csrf, .. } = seat;
    let name = asker.name().to_owned();
    axum::Json(SessionState { name, csrf }).into_response()
}

/// `POST /preferences`: language, theme and white of scans of this browser; works before sign-in too.
pub async fn preferences(State(web): State<Web>, seat: Option<SignedIn>, posted: PostedAtDoor) -> Result<Response> {
    let PostedAtDoor { csrf, mut fields } = posted;
    // What somebody has chosen follows them everywhere, so it comes from their own view.
    if let Some(SignedIn(seat)) = &seat
        && !same(&csrf, &seat.csrf)
    {
        return Err(WebError::NotFromUs);
    }
    let back = fields.text("back")?;
    let (language, theme, scans) = (fields.text("language")?, fields.text("theme")?, fields.text("scans")?);
    fields.done()?;
    let encrypted = web.config.protection.is_encrypted();
    let mut response = Redirect::to(address::own(&back)).into_response();
    if let Some(language) = Language::parse(&language) {
        if let Some(SignedIn(seat)) = &seat {
            web.archive.language_set(&seat.asker, language.as_str()).await?;
        }
        response.headers_mut().append(
            header::SET_COOKIE,
            cookies::set_preference(cookies::LANGUAGE, language.as_str(), encrypted),
        );
    }
    if !theme.is_empty() {
        response.headers_mut().append(
            header::SET_COOKIE,
            cookies::set_preference(cookies::THEME, cookies::theme(&theme), encrypted),
        );
    }
    if !scans.is_empty() {
        let white = if scans == "white" { "white" } else { "dimmed" };
        response.headers_mut().append(
            header::SET_COOKIE,
            cookies::set_preference(cookies::SCANS, white, encrypted),
        );
    }
    Ok(response)
}

/// A person who may be signed in; without a session the request goes on all the same.
pub struct SignedIn(pub Seat);

impl axum::extract::OptionalFromRequestParts<Web> for SignedIn {
    type Rejection = crate::http::error::WebError;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, web: &Web) -> Result<Option<Self>> {
        match <Seat as axum::extract::FromRequestParts<Web>>::from_request_parts(parts, web).await {
            Ok(seat) => Ok(Some(Self(seat))),
            Err(crate::http::error::WebError::NotSignedIn) => Ok(None),
            Err(cause) => Err(cause),
        }
    }
}
