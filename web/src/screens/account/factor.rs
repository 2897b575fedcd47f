//! One's own second factor: setting up an authenticator, new recovery codes, turning it off.

use super::own_password;
use crate::{
    factor,
    http::{
        error::{Final, Result},
        who::{Posted, Seat},
    },
    screens::{
        doors::FactorSetup,
        shell::{Here, Shell, ShellNotice},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::identity::{
    attempts::{AttemptTurn, Source},
    factor::FactorProof,
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "factor.html")]
pub struct FactorView {
    pub t: Text,
    pub shell: Shell,
    /// Since when there is one; empty while there is none.
    pub since: String,
    pub recovery_codes_left: i64,
    pub is_required: bool,
    /// Being set up, or the codes that were just made.
    pub setup: Option<FactorSetup>,
    /// The form that is wrong, and what would be right.
    pub wrong: &'static str,
    pub fault: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct FactorSaid {
    #[serde(default)]
    said: String,
}

async fn own(web: &Web, seat: &Seat) -> Result<FactorView> {
    let state = web.archive.factor(&seat.asker, seat.asker.name()).await?;
    Ok(FactorView {
        t: seat.t,
        shell: web.shell(seat, Here::NOWHERE).await?,
        since: state.since.map(|at| web.local(at)).unwrap_or_default(),
        recovery_codes_left: state.recovery_codes_left,
        is_required: state.is_required,
        setup: None,
        wrong: "",
        fault: String::new(),
    })
}

fn refused(mut view: FactorView, wrong: &'static str, fault: String) -> Result<Response> {
    (view.wrong, view.fault) = (wrong, fault);
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// `GET /account/second-factor`
pub async fn view(State(web): State<Web>, seat: Seat, Query(asked): Query<FactorSaid>) -> Result<Html<String>> {
    let mut view = own(&web, &seat).await?;
    if asked.said == "off" {
        view.shell.notice = Some(ShellNotice {
            tone: "good",
            text: view.t.say("factor-said-off"),
        });
    }
    Ok(Html(view.render()?))
}

/// `POST /account/second-factor/begin`: shows the QR code to whoever knows the password.
pub async fn begin(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let password = fields.text("password")?;
    fields.done()?;
    let mut view = own(&web, &seat).await?;
    if let Some(fault) = own_password(&web, &seat, &password).await? {
        return refused(view, "begin", fault);
    }
    let secret = web.archive.factor_begin(&seat.asker).await?;
    view.setup = Some(FactorSetup::of(&web, &secret, seat.asker.name())?);
    Ok(Html(view.render()?).into_response())
}

/// `POST /account/second-factor/confirm`: the first code puts it in use.
pub async fn confirm(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let typed = fields.text("code")?;
    fields.done()?;
    let mut view = own(&web, &seat).await?;
    let begun = web.archive.factor_secret(&seat.asker).await?;
    let Some(begun) = begun.filter(|_| view.since.is_empty()) else {
        return Ok(Redirect::to("/account/second-factor").into_response());
    };
    view.setup = Some(FactorSetup::of(&web, &begun, seat.asker.name())?);
    let Some(step) = factor::step(&begun, &typed, web.environment.now())? else {
        let fault = view.t.say("factor-code-wrong");
        return refused(view, "confirm", fault);
    };
    let codes = web.archive.factor_confirm(&seat.asker, step).await?;
    shown(&web, &seat, codes).await
}

/// The recovery codes that were just made, this once.
async fn shown(web: &Web, seat: &Seat, codes: Vec<String>) -> Result<Response> {
    let mut view = own(web, seat).await?;
    view.setup = Some(FactorSetup {
        recovery_codes: codes,
        ..FactorSetup::default()
    });
    Ok(Html(view.render()?).into_response())
}

/// A code of one's own that fits; guesses are counted.
async fn with_code<T>(
    web: &Web,
    seat: &Seat,
    typed: &str,
    used: impl AsyncFnOnce(&FactorProof<'_>) -> Result<Option<T>>,
) -> Result<Result<T, String>> {
    let attempt = match web.gate.attempt(seat.asker.name(), Source::Code).await? {
        AttemptTurn::Now(attempt) => attempt,
        AttemptTurn::Wait { seconds } => return Ok(Err(seat.t.n("sign-in-wait", seconds))),
    };
    let known = web.archive.factor_secret(&seat.asker).await?;
    let proof = match &known {
        Some(known) => factor::proof(known, typed, web.environment.now())?,
        None => None,
    };
    let done = match &proof {
        Some(proof) => used(proof).await?,
        None => None,
    };
    match done {
        Some(done) => {
            web.gate.attempt_succeeded(&attempt).await?;
            Ok(Ok(done))
        }
        None => {
            web.gate.attempt_failed(&attempt).await?;
            Ok(Err(seat.t.say("factor-code-wrong")))
        }
    }
}

/// `POST /account/second-factor/codes`: new recovery codes; the old ones are void.
pub async fn codes(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let typed = fields.text("code")?;
    fields.done()?;
    let renewed = with_code(&web, &seat, &typed, async |proof| {
        Ok(web.archive.recovery_codes_renew(&seat.asker, proof).await?)
    });
    match renewed.await? {
        Ok(codes) => shown(&web, &seat, codes).await,
        Err(fault) => refused(own(&web, &seat).await?, "codes", fault),
    }
}

/// `POST /account/second-factor/off`: with password and code.
pub async fn off(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let (password, typed) = (fields.text("password")?, fields.text("code")?);
    fields.done()?;
    if let Some(fault) = own_password(&web, &seat, &password).await? {
        return refused(own(&web, &seat).await?, "off", fault);
    }
    let turned_off = with_code(&web, &seat, &typed, async |proof| {
        let done = web.archive.factor_off(&seat.asker, proof).await?;
        Ok(done.then_some(()))
    });
    match turned_off.await? {
        Ok(()) => Ok(Redirect::to("/account/second-factor?said=off").into_response()),
        Err(fault) => refused(own(&web, &seat).await?, "off", fault),
    }
}
