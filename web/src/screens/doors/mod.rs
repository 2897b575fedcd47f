//! The doors: sign-in, the one-time link of the first administrator or an invited person, and errors.

mod factor;
mod provider;
mod sample;

pub use factor::{FactorSetup, SignInCodeView, SignInFactorView};

use super::{
    account::SignedIn,
    account::weakness_text,
    shell::{Shell, SignInFrame},
};
use crate::{
    http::{
        address,
        cookies::{self, Preferences},
        error::{Final, Result, WebError},
        session::{Peer, browser_of, client_network, device_cookie, device_secret, session_cookie, session_secret},
        who::PostedAtDoor,
    },
    passwords::Passwords,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use records::RefusedBecause;
use records::identity::attempts::{AttemptTurn, Source};
use records::identity::factor::Awaits;
use records::identity::gate::{FirstAdministrator, LinkPurpose, NewSession};
use serde::Deserialize;
use std::sync::atomic::Ordering;

pub const SUBJECT: Subject = Subject {
    name: "doors",
    rail: None,
    routes,
    words: "accounts",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .open_view("/link/{secret}", link_view)
        .open_form("/link/{secret}", link)
        .open_view("/sign-in", sign_in_view)
        .open_form("/sign-in", sign_in)
        .open_view("/sign-in/provider", provider::leave)
        .open_view(crate::oidc::BACK, provider::back)
        .open_view(provider::OUT, provider::out)
        .open_form("/sign-in/cancel", factor::cancel)
        .open_view(factor::CODE, factor::code_view)
        .open_form(factor::CODE, factor::code)
        .open_view(factor::SETUP, factor::setup_view)
        .open_form(factor::SETUP, factor::setup)
}

#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInView {
    pub t: Text,
    pub door: SignInFrame,
    pub next: String,
    pub name: String,
    pub fault: Option<String>,
    pub notice: Option<String>,
    /// Nobody has an account yet.
    pub no_account: bool,
    /// Whom somebody asks who cannot sign in; empty where the settings name nobody.
    pub contact: String,
    /// What the provider of the organisation is called; `None` where there is none.
    pub provider: Option<String>,
    /// The same for somebody who has just signed out here, and may still be signed in there.
    pub way_out: Option<String>,
    /// Passwords of the archive open it.
    pub takes_passwords: bool,
}

#[derive(Template)]
#[template(path = "setup.html")]
pub struct SetupView {
    pub t: Text,
    pub door: SignInFrame,
    pub title: String,
    pub lesson: String,
    pub action: String,
    pub name: String,
    pub name_fixed: bool,
    pub fault: Option<String>,
}

#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorView {
    pub t: Text,
    pub door: SignInFrame,
    pub shown: FailureShown,
}

/// The same in the frame of every other view, for whoever is signed in.
#[derive(Template)]
#[template(path = "failed.html")]
pub struct FailedView {
    pub t: Text,
    pub shell: Shell,
    pub shown: FailureShown,
}

/// A failure in the reader's words.
#[derive(Debug, Clone)]
pub struct FailureShown {
    pub status: u16,
    pub code: String,
    pub title: String,
    pub detail: String,
    /// The view with the form that was sent, where it was one.
    pub back: Option<String>,
    pub request_id: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct SignInAddress {
    #[serde(default)]
    next: String,
    #[serde(default)]
    said: String,
}

/// `GET /sign-in`
pub async fn sign_in_view(
    State(web): State<Web>,
    seat: Option<SignedIn>,
    headers: HeaderMap,
    Query(asked): Query<SignInAddress>,
) -> Result<Response> {
    if seat.is_some() {
        return Ok(Redirect::to(address::own(&asked.next)).into_response());
    }
    if let Some(on) = factor::goes_on(&web, &headers, &asked.next).await? {
        return Ok(on.into_response());
    }
    let mut view = sign_in_form(&web, &headers, asked.next).await?;
    let said = match asked.said.as_str() {
        "signed-out" => "signed-out",
        "signed-out-there" => "oidc-signed-out",
        "no-way-out" => "oidc-no-way-out",
        _ => "",
    };
    view.notice = (!said.is_empty()).then(|| view.t.say(said));
    view.way_out = match said {
        "signed-out" => view.provider.clone(),
        _ => None,
    };
    Ok(Html(view.render()?).into_response())
}

async fn sign_in_form(web: &Web, headers: &HeaderMap, next: String) -> Result<SignInView> {
    let here = address::with_query("/sign-in", &[("next", &next)]);
    let (t, door) = web.door(&Preferences::of(headers, web), &here);
    Ok(SignInView {
        t,
        door,
        next,
        name: String::new(),
        fault: None,
        notice: None,
        way_out: None,
        no_account: web.gate.setup_needed().await?,
        contact: web.settings().sign_in_contact.clone(),
        takes_passwords: web.config.oidc.as_ref().is_none_or(|provider| provider.local_sign_in),
        provider: web.config.oidc.as_ref().map(|provider| match provider.name.as_str() {
            "" => t.say("oidc-name"),
            name => name.to_owned(),
        }),
    })
}

/// `POST /sign-in`: the same answer in the same time for a wrong name and a wrong password, and a wait that grows with
/// each failure.
pub async fn sign_in(
    State(web): State<Web>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    posted: PostedAtDoor,
) -> Result<Response> {
    let mut fields = posted.fields;
    let (name, password, next) = (fields.text("name")?, fields.text("password")?, fields.text("next")?);
    fields.done()?;
    let mut view = sign_in_form(&web, &headers, next).await?;
    view.name.clone_from(&name);
    if !view.takes_passwords {
        view.fault = Some(view.t.say("oidc-local-off"));
        return refused(StatusCode::FORBIDDEN, &view);
    }
    let peer = peer.map(|Extension(peer)| peer);
    let network = client_network(&web, &headers, peer).to_string();
    let source = Source::Door {
        network: &network,
        device: device_secret(&web, &headers),
    };
    let attempt = match web.gate.attempt(&name, source).await? {
        AttemptTurn::Now(attempt) => attempt,
        AttemptTurn::Wait { seconds } => return must_wait(&web, view, seconds),
    };
    let stored = web.gate.password_of(&name).await?;
    let fits = web
        .passwords
        .fits(&password, stored.as_ref().map(|stored| stored.hash()))
        .await?;
    let Some(verified) = stored.filter(|_| fits) else {
        web.metrics.sign_ins_refused.fetch_add(1, Ordering::Relaxed);
        web.gate.attempt_failed(&attempt).await?;
        view.fault = Some(view.t.say("sign-in-wrong"));
        return refused(StatusCode::UNAUTHORIZED, &view);
    };
    web.gate.attempt_succeeded(&attempt).await?;
    let opened = web.gate.open_session(&verified).await?;
    if Passwords::is_outdated(verified.hash()) {
        web.gate
            .rehashed(&verified, &web.passwords.hash(&password).await?)
            .await?;
    }
    let_in(&web, peer, &headers, opened, address::own(&view.next)).await
}

fn must_wait(web: &Web, mut view: SignInView, seconds: i64) -> Result<Response> {
    web.metrics.sign_ins_refused.fetch_add(1, Ordering::Relaxed);
    view.fault = Some(view.t.n("sign-in-wait", seconds));
    let mut response = refused(StatusCode::TOO_MANY_REQUESTS, &view)?;
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

fn refused(status: StatusCode, view: &impl Template) -> Result<Response> {
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// Hands the new session to the browser and leads on: to the target, or to what it still waits for.
async fn let_in(
    web: &Web,
    peer: Option<Peer>,
    headers: &HeaderMap,
    opened: NewSession,
    target: &str,
) -> Result<Response> {
    let mut response = Redirect::to(&factor::way(opened.awaits, target)).into_response();
    let peer = peer.map(Extension);
    admitted(web, peer, headers, &opened, &mut response).await?;
    Ok(response)
}

/// Puts the new session into the answer, ends the one that the browser had, and remembers the browser where everything
/// was shown.
async fn admitted(
    web: &Web,
    peer: Option<Extension<Peer>>,
    headers: &HeaderMap,
    opened: &NewSession,
    response: &mut Response,
) -> Result<()> {
    let NewSession {
        secret,
        session,
        awaits,
    } = opened;
    let network = client_network(web, headers, peer.map(|Extension(peer)| peer)).to_string();
    web.gate
        .session_opened_from(secret, &network, &browser_of(headers))
        .await?;
    if let Some(former) = session_secret(web, headers) {
        web.gate.close_session(former).await?;
    }
    let device = match awaits {
        Awaits::Nothing => {
            web.gate
                .know_device(&session.asker, device_secret(web, headers))
                .await?
        }
        Awaits::Code | Awaits::Setup => None,
    };
    let seconds = (session.expires_at.micros() - web.environment.now().micros()) / 1_000_000;
    let encrypted = web.config.protection.is_encrypted();
    let mut set = |cookie| response.headers_mut().append(header::SET_COOKIE, cookie);
    set(cookies::set(
        session_cookie(&web.config.protection),
        secret,
        seconds,
        encrypted,
    ));
    if let Some(device) = device {
        set(cookies::set_preference(
            device_cookie(&web.config.protection),
            &device,
            encrypted,
        ));
    }
    Ok(())
}

/// `GET /link/{secret}`: looking at a one-time link does not use it up.
pub async fn link_view(State(web): State<Web>, headers: HeaderMap, Path(secret): Path<String>) -> Result<Html<String>> {
    let view = link_form(&web, &headers, &secret).await?;
    Ok(Html(view.render()?))
}

async fn link_form(web: &Web, headers: &HeaderMap, secret: &str) -> Result<SetupView> {
    let purpose = web.gate.link_purpose(secret).await?.ok_or(WebError::LinkIsOver)?;
    let action = address::one_time_link(secret);
    let (t, door) = web.door(&Preferences::of(headers, web), &action);
    let view = SetupView {
        t,
        door,
        title: String::new(),
        lesson: String::new(),
        action,
        name: String::new(),
        name_fixed: false,
        fault: None,
    };
    Ok(match purpose {
        LinkPurpose::FirstAdministrator => SetupView {
            title: t.say("setup-title"),
            lesson: t.say("setup-lesson"),
            ..view
        },
        LinkPurpose::SetPassword { name, display_name } => SetupView {
            title: t.say("invite-title"),
            lesson: t.with("invite-lesson", "name", &display_name),
            name,
            name_fixed: true,
            ..view
        },
    })
}

/// `POST /link/{secret}`: sets the password and signs in.
pub async fn link(
    State(web): State<Web>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Path(secret): Path<String>,
    posted: PostedAtDoor,
) -> Result<Response> {
    let mut fields = posted.fields;
    let (name, password, again) = (fields.text("name")?, fields.text("password")?, fields.text("again")?);
    fields.done()?;
    let mut view = link_form(&web, &headers, &secret).await?;
    let t = view.t;
    if !view.name_fixed {
        view.name.clone_from(&name);
    }
    // The second field guards against a slip of the finger; a program that sends one means it.
    let differs = !again.is_empty() && again != password;
    view.fault = match Passwords::weakness(&password, &view.name) {
        Some(weakness) => Some(weakness_text(t, weakness)),
        None if differs => Some(t.say("password-mismatch")),
        None => None,
    };
    if view.fault.is_some() {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let hash = web.passwords.hash(&password).await?;
    let opened = if view.name_fixed {
        web.gate.redeem_link(&secret, &hash).await
    } else {
        let who = FirstAdministrator {
            name: name.clone(),
            display_name: String::new(),
        };
        web.gate.redeem_first_link(&secret, &who, &hash).await
    };
    match opened {
        Ok(opened) => let_in(&web, peer.map(|Extension(peer)| peer), &headers, opened, "/search").await,
        Err(records::Error::Invalid { .. }) => {
            view.fault = Some(t.say("user-name-wrong"));
            refused(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(records::Error::Exists { .. }) => {
            view.fault = Some(t.with("user-name-taken", "name", &name));
            refused(StatusCode::CONFLICT, &view)
        }
        Err(records::Error::Refused(RefusedBecause::LinkIsOver {} | RefusedBecause::SetUpAlready {})) => {
            Err(WebError::LinkIsOver)
        }
        Err(cause) => Err(cause.into()),
    }
}
