//! Signing in at the provider of the organisation: there, and back.

use super::{let_in, refused, sign_in_form};
use crate::{
    http::{
        address, cookies,
        cookies::cookie,
        error::{Result, WebError},
        session::Peer,
    },
    oidc::{OidcConfig, OidcErrand, OidcFault},
    state::Web,
};
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use records::{Error, RefusedBecause};
use serde::Deserialize;

/// How long somebody may take at the provider.
const ERRAND_S: i64 = 600;
const NEXT_CHARACTERS_MAX: usize = 500;
pub(super) const OUT: &str = "/sign-in/provider/out";

#[derive(Debug, Default, Deserialize)]
pub struct LeavingAddress {
    #[serde(default)]
    next: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct ComingBackAddress {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

fn errand_cookie(web: &Web) -> &'static str {
    if web.config.protection.is_encrypted() {
        "__Host-dossier-errand"
    } else {
        "dossier-errand"
    }
}

fn configured(web: &Web) -> Result<&OidcConfig> {
    web.config.oidc.as_ref().ok_or(WebError::NotFound)
}

/// `GET /sign-in/provider`: leads to the provider; state, nonce and verifier wait in a cookie of this browser.
pub async fn leave(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<LeavingAddress>,
) -> Result<Response> {
    let provider = configured(&web)?;
    let errand = OidcErrand::new(|| web.environment.secret());
    match provider.leave(&web.config.public_url, &errand).await {
        Ok(there) => {
            let next: String = address::own(&asked.next).chars().take(NEXT_CHARACTERS_MAX).collect();
            let kept = format!("{}!{}", errand.written(), address::encode(&next));
            let mut response = Redirect::to(&there).into_response();
            let encrypted = web.config.protection.is_encrypted();
            let cookie = cookies::set(errand_cookie(&web), &kept, ERRAND_S, encrypted);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(fault) => not_in(&web, &headers, asked.next, &fault).await,
    }
}

/// `GET /sign-in/provider/out`: leads to where the session at the provider is ended; it is another than the one here.
pub async fn out(State(web): State<Web>, headers: HeaderMap) -> Result<Response> {
    let provider = configured(&web)?;
    let back = format!("{}/sign-in?said=signed-out-there", web.config.public_url);
    match provider.way_out(&back).await {
        Ok(Some(there)) => Ok(Redirect::to(&there).into_response()),
        Ok(None) => Ok(Redirect::to("/sign-in?said=no-way-out").into_response()),
        Err(fault) => not_in(&web, &headers, String::new(), &fault).await,
    }
}

/// `GET /sign-in/provider/back`: the provider sends the browser here, with a code or with why not.
pub async fn back(
    State(web): State<Web>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Query(asked): Query<ComingBackAddress>,
) -> Result<Response> {
    let provider = configured(&web)?;
    let kept = cookie(&headers, errand_cookie(&web)).unwrap_or_default();
    let (errand, next) = kept.split_once('!').unwrap_or_default();
    let next = percent_encoding::percent_decode_str(next)
        .decode_utf8_lossy()
        .into_owned();
    let begun = OidcErrand::read(errand).filter(|errand| crate::http::who::same(&asked.state, &errand.state));
    let person = match (begun, asked.error.as_str()) {
        (None, _) => Err(OidcFault::Stale),
        (Some(errand), "") => provider.come_back(&web.config.public_url, &errand, asked.code).await,
        (Some(_), error) => Err(OidcFault::Denied(format!("{error} {}", asked.error_description))),
    };
    let mut response = match person {
        Err(fault) => not_in(&web, &headers, next, &fault).await?,
        Ok(person) => match web.gate.oidc_session(&person).await {
            Ok(opened) => {
                let peer = peer.map(|Extension(peer)| peer);
                let_in(&web, peer, &headers, opened, address::own(&next)).await?
            }
            Err(Error::Refused(
                because @ (RefusedBecause::AccountClosed { .. } | RefusedBecause::NoNameLeft { .. }),
            )) => {
                let mut view = sign_in_form(&web, &headers, next).await?;
                view.fault = Some(view.t.refusal(&because));
                refused(StatusCode::FORBIDDEN, &view)?
            }
            Err(cause) => return Err(cause.into()),
        },
    };
    // It is good for one return, whatever came of it.
    let encrypted = web.config.protection.is_encrypted();
    let gone = cookies::set(errand_cookie(&web), "", 0, encrypted);
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

/// The door again, with what to do. What the program knows more is in the log.
async fn not_in(web: &Web, headers: &HeaderMap, next: String, fault: &OidcFault) -> Result<Response> {
    tracing::warn!(event = "sign_in.provider", cause = %fault, "sign-in at the provider failed");
    let mut view = sign_in_form(web, headers, next).await?;
    view.fault = Some(match fault {
        OidcFault::NoRole(name) => view.t.with(fault.key(), "name", name),
        _ => view.t.say(fault.key()),
    });
    let status = match fault {
        OidcFault::Unreachable(_) | OidcFault::Settings(_) | OidcFault::Exchange(_) => StatusCode::BAD_GATEWAY,
        OidcFault::Stale => StatusCode::BAD_REQUEST,
        OidcFault::Denied(_) | OidcFault::Claims(_) | OidcFault::NoRole(_) => StatusCode::FORBIDDEN,
    };
    refused(status, &view)
}
