//! Where a request comes from and which session it belongs to. Refuses to know what a session may do.

use super::cookies::cookie;
use crate::{config::Protection, state::Web};
use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr};

/// Where the request came from; put there by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The address that failures of sign-in are counted for. `X-Forwarded-For` is believed only behind a proxy, and
/// there only its last entry, which the proxy itself wrote.
pub fn client_address(web: &Web, headers: &HeaderMap, peer: Option<Peer>) -> String {
    if web.config.protection == Protection::BehindProxy
        && let Some(last) = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .rfind(|part| part.parse::<IpAddr>().is_ok())
    {
        return last.to_owned();
    }
    peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0).to_string()
}

/// Secret of the session in the cookie, if there is one.
pub fn session_secret<'h>(web: &Web, headers: &'h HeaderMap) -> Option<&'h str> {
    cookie(headers, session_cookie(&web.config.protection)).filter(|secret| secret.len() == 64)
}

pub fn session_cookie(protection: &Protection) -> &'static str {
    if protection.is_encrypted() {
        "__Host-dossier"
    } else {
        "dossier"
    }
}
