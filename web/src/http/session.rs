//! Where a request comes from and which session it belongs to. Refuses to know what a session may do.

use super::cookies::cookie;
use crate::{config::Protection, state::Web};
use axum::http::{HeaderMap, header};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Where the request came from; put there by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The network that failures of sign-in are counted for. `X-Forwarded-For` is believed only behind a proxy, and there
/// only its last entry, which the proxy itself wrote; when that is no address, what stands before it may be the
/// client's invention, and the proxy itself is counted.
pub fn client_network(web: &Web, headers: &HeaderMap, peer: Option<Peer>) -> IpAddr {
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0);
    let believed = web.config.protection == Protection::BehindProxy;
    network_of(believed.then(|| forwarded(headers)).flatten().unwrap_or(peer))
}

/// Whether a request was made on this machine and not handed on by a proxy there.
pub fn is_from_this_machine(web: &Web, peer: Option<Peer>) -> bool {
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0);
    peer.to_canonical().is_loopback() && web.config.protection != Protection::BehindProxy
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    let with_port = || last.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || last.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    last.parse().ok().or_else(with_port).or_else(bracketed)
}

/// What one household or office has: an address of IPv4, a /64 of IPv6.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// The browser and system that a request says it comes from, in two words; empty for what is not known.
pub fn browser_of(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let agent = agent.unwrap_or_default();
    let first = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    // In this order: each says that it is those after it as well.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let words: Vec<_> = browser.into_iter().chain(system).collect();
    words.join(" · ")
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

/// What a browser shows in which somebody has signed in before.
pub fn device_cookie(protection: &Protection) -> &'static str {
    if protection.is_encrypted() {
        "__Host-dossier-device"
    } else {
        "dossier-device"
    }
}

pub fn device_secret<'h>(web: &Web, headers: &'h HeaderMap) -> Option<&'h str> {
    cookie(headers, device_cookie(&web.config.protection)).filter(|secret| secret.len() == 64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_what_the_proxy_wrote_is_believed() {
        let check = |entries: &[&'static str], expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            for entry in entries {
                headers.append("x-forwarded-for", HeaderValue::from_static(entry));
            }
            let expected = expected.map(|address| address.parse().expect("an address"));
            assert_eq!(forwarded(&headers), expected, "{entries:?}");
        };
        check(&[], None);
        check(&["9.9.9.9, 203.0.113.7"], Some("203.0.113.7"));
        check(&["9.9.9.9, 203.0.113.7:5555"], Some("203.0.113.7"));
        check(&["9.9.9.9", "203.0.113.7"], Some("203.0.113.7"));
        check(&["9.9.9.9, [2001:db8::1]:443"], Some("2001:db8::1"));
        check(&["9.9.9.9, [2001:db8::1]"], Some("2001:db8::1"));
        check(&["9.9.9.9, unknown"], None);
        check(&["9.9.9.9,"], None);
    }

    #[test]
    fn browsers() {
        let mut headers = HeaderMap::new();
        assert_eq!(browser_of(&headers), "");
        let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/109.0 Safari/537.36 Edg/109.0";
        headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
        assert_eq!(browser_of(&headers), "Edge · Windows");
    }

    #[test]
    fn networks() {
        let check = |address: &str, expected: &str| {
            let [address, expected] = [address, expected].map(|text| text.parse().expect("an address"));
            assert_eq!(network_of(address), expected);
        };
        check("203.0.113.7", "203.0.113.7");
        check("::ffff:203.0.113.7", "203.0.113.7");
        check("2001:db8:0:1:ffff::7", "2001:db8:0:1::");
    }
}
