//! Between password and session: the code of the authenticator, or setting one up where a role requires it.

use super::{admitted, refused};
use crate::{
    factor,
    http::{
        address, cookies,
        cookies::Preferences,
        error::{Result, WebError},
        session::{Peer, session_cookie, session_secret},
        who::PostedAtDoor,
    },
    screens::shell::SignInFrame,
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use records::identity::{
    attempts::{AttemptTurn, Source},
    factor::{Awaits, FactorSecret, HalfSession},
};
use serde::Deserialize;

pub const CODE: &str = "/sign-in/code";
pub const SETUP: &str = "/sign-in/second-factor";

#[derive(Template)]
#[template(path = "sign_in_code.html")]
pub struct SignInCodeView {
    pub t: Text,
    pub door: SignInFrame,
    pub next: String,
    pub who: String,
    pub fault: Option<String>,
}

/// Setting up before the first view, and then the recovery codes.
#[derive(Template)]
#[template(path = "sign_in_factor.html")]
pub struct SignInFactorView {
    pub t: Text,
    pub door: SignInFrame,
    pub next: String,
    pub setup: FactorSetup,
    pub fault: Option<String>,
}

/// What is shown while an authenticator is set up: the QR code, or the recovery codes when it is done.
#[derive(Debug, Clone, Default)]
pub struct FactorSetup {
    pub qr: String,
    pub secret: String,
    /// Not empty once the first code was right.
    pub recovery_codes: Vec<String>,
}

impl FactorSetup {
    pub(crate) fn of(web: &Web, secret: &FactorSecret, account: &str) -> Result<Self> {
        let address = factor::address(secret, &web.settings().archive_name, account);
        Ok(Self {
            qr: print::qr_svg(&address).map_err(|cause| WebError::Export(cause.to_string()))?,
            secret: factor::in_groups(secret),
            recovery_codes: Vec::new(),
        })
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct FactorAddress {
    #[serde(default)]
    next: String,
}

/// Where somebody goes on who has shown a password and nothing more; `None` for everybody else.
pub(super) async fn goes_on(web: &Web, headers: &HeaderMap, next: &str) -> Result<Option<Redirect>> {
    let Some(secret) = session_secret(web, headers) else {
        return Ok(None);
    };
    let half = web.gate.half_session(secret).await?;
    Ok(half.map(|half| Redirect::to(&way(half.awaits, next))))
}

/// Where a session leads that has just begun.
pub(super) fn way(awaits: Awaits, next: &str) -> String {
    match awaits {
        Awaits::Nothing => address::own(next).to_owned(),
        Awaits::Code => address::with_query(CODE, &[("next", next)]),
        Awaits::Setup => address::with_query(SETUP, &[("next", next)]),
    }
}

/// The half session of a request, with its secret, when it waits for this.
async fn half<'h>(web: &Web, headers: &'h HeaderMap, awaits: Awaits) -> Result<Option<(&'h str, HalfSession)>> {
    let Some(secret) = session_secret(web, headers) else {
        return Ok(None);
    };
    let half = web.gate.half_session(secret).await?;
    Ok(half.filter(|half| half.awaits == awaits).map(|half| (secret, half)))
}

fn from_the_start(next: &str) -> Response {
    Redirect::to(&address::with_query("/sign-in", &[("next", next)])).into_response()
}

fn code_form(web: &Web, headers: &HeaderMap, who: &HalfSession, next: String) -> SignInCodeView {
    let (t, door) = web.door(&Preferences::of(headers, web), &way(Awaits::Code, &next));
    SignInCodeView {
        t,
        door,
        next,
        who: who.asker.display_name().to_owned(),
        fault: None,
    }
}

/// `GET /sign-in/code`
pub async fn code_view(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<FactorAddress>,
) -> Result<Response> {
    let Some((_, who)) = half(&web, &headers, Awaits::Code).await? else {
        return Ok(from_the_start(&asked.next));
    };
    Ok(Html(code_form(&web, &headers, &who, asked.next).render()?).into_response())
}

/// `POST /sign-in/code`: a code of the authenticator or a recovery code. Guesses are counted as those of passwords are.
pub async fn code(
    State(web): State<Web>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    posted: PostedAtDoor,
) -> Result<Response> {
    let mut fields = posted.fields;
    let (typed, next) = (fields.text("code")?, fields.text("next")?);
    fields.done()?;
    let Some((secret, who)) = half(&web, &headers, Awaits::Code).await? else {
        return Ok(from_the_start(&next));
    };
    let mut view = code_form(&web, &headers, &who, next);
    let attempt = match web.gate.attempt(who.asker.name(), Source::Code).await? {
        AttemptTurn::Now(attempt) => attempt,
        AttemptTurn::Wait { seconds } => {
            view.fault = Some(view.t.n("sign-in-wait", seconds));
            let mut response = refused(StatusCode::TOO_MANY_REQUESTS, &view)?;
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            return Ok(response);
        }
    };
    let known = web.archive.factor_secret(&who.asker).await?;
    let proof = match &known {
        Some(known) => factor::proof(known, &typed, web.environment.now())?,
        None => None,
    };
    let opened = match &proof {
        Some(proof) => web.gate.session_completed(secret, Some(proof)).await?,
        None => None,
    };
    let Some(opened) = opened else {
        web.gate.attempt_failed(&attempt).await?;
        view.fault = Some(view.t.say("factor-code-wrong"));
        return refused(StatusCode::UNAUTHORIZED, &view);
    };
    web.gate.attempt_succeeded(&attempt).await?;
    let mut response = Redirect::to(address::own(&view.next)).into_response();
    admitted(&web, peer, &headers, &opened, &mut response).await?;
    Ok(response)
}

/// `POST /sign-in/cancel`: back to the start, as somebody else.
pub async fn cancel(State(web): State<Web>, headers: HeaderMap, posted: PostedAtDoor) -> Result<Response> {
    posted.fields.done()?;
    if let Some(secret) = session_secret(&web, &headers)
        && web.gate.half_session(secret).await?.is_some()
    {
        web.gate.close_session(secret).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    let encrypted = web.config.protection.is_encrypted();
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::set(session_cookie(&web.config.protection), "", 0, encrypted),
    );
    Ok(response)
}

async fn setup_form(web: &Web, headers: &HeaderMap, who: &HalfSession, next: String) -> Result<SignInFactorView> {
    let (t, door) = web.door(&Preferences::of(headers, web), &way(Awaits::Setup, &next));
    let secret = match web.archive.factor_secret(&who.asker).await? {
        Some(begun) => begun,
        None => web.archive.factor_begin(&who.asker).await?,
    };
    Ok(SignInFactorView {
        t,
        door,
        next,
        setup: FactorSetup::of(web, &secret, who.asker.name())?,
        fault: None,
    })
}

/// `GET /sign-in/second-factor`
pub async fn setup_view(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<FactorAddress>,
) -> Result<Response> {
    let Some((_, who)) = half(&web, &headers, Awaits::Setup).await? else {
        return Ok(from_the_start(&asked.next));
    };
    let view = setup_form(&web, &headers, &who, asked.next).await?;
    Ok(Html(view.render()?).into_response())
}

/// `POST /sign-in/second-factor`: the first code puts the authenticator in use; the answer shows the recovery codes, and
/// the session has begun.
pub async fn setup(
    State(web): State<Web>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    posted: PostedAtDoor,
) -> Result<Response> {
    let mut fields = posted.fields;
    let (typed, next) = (fields.text("code")?, fields.text("next")?);
    fields.done()?;
    let Some((secret, who)) = half(&web, &headers, Awaits::Setup).await? else {
        return Ok(from_the_start(&next));
    };
    let mut view = setup_form(&web, &headers, &who, next).await?;
    let known = web.archive.factor_secret(&who.asker).await?;
    let step = match &known {
        Some(known) => factor::step(known, &typed, web.environment.now())?,
        None => None,
    };
    let Some(step) = step else {
        view.fault = Some(view.t.say("factor-code-wrong"));
        return refused(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    view.setup.recovery_codes = web.archive.factor_confirm(&who.asker, step).await?;
    let opened = web.gate.session_completed(secret, None).await?;
    let Some(opened) = opened else {
        return Ok(from_the_start(&view.next));
    };
    view.next = address::own(&view.next).to_owned();
    let mut response = Html(view.render()?).into_response();
    admitted(&web, peer, &headers, &opened, &mut response).await?;
    Ok(response)
}
