//! What the web is told: where it listens, how it is protected, and the limit on everything that comes from outside.
//! Refuses to read settings by itself; the program hands them in.

use crate::{
    http::error::{Result, WebError},
    oidc::OidcConfig,
};
use records::pages::reread::RereadSettings;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Where people reach the archive, such as `https://archive.example.com`; one-time links begin with it, and never with
    /// what a request says of itself.
    pub public_url: String,
    pub protection: Protection,
    /// Where people of the organisation sign in, when it has such a provider.
    pub oidc: Option<OidcConfig>,
    pub limits: WebLimits,
    /// Folders in which fonts for paper are looked for.
    pub fonts: Vec<PathBuf>,
    /// The engines have a second recogniser, so that pages can be read with a second opinion.
    pub second_opinion: bool,
    /// Version of the program, shown by `/livez`.
    pub version: &'static str,
}

impl WebConfig {
    /// # Errors
    /// When the engines cannot read in the way that is asked for.
    pub fn can_read(&self, settings: &RereadSettings) -> Result<()> {
        if settings.second_opinion && !self.second_opinion {
            let missing = "there is no second recogniser on this server; run `dossier setup` there and start it again";
            return Err(WebError::invalid("second_opinion", missing));
        }
        Ok(())
    }
}

/// How what is sent is protected on its way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Protection {
    /// Nothing: loopback only.
    #[default]
    Loopback,
    /// Our own TLS 1.2 and 1.3, from two PEM files.
    Tls { certificate: PathBuf, key: PathBuf },
    /// A proxy in front speaks TLS; its `X-Forwarded-For` is believed.
    BehindProxy,
}

impl Protection {
    /// Whether browsers reach us over TLS, so that cookies may demand it.
    pub fn is_encrypted(&self) -> bool {
        !matches!(self, Protection::Loopback)
    }

    /// # Errors
    /// When the address can be reached from other machines and nothing encrypts the connection.
    pub fn check(&self, address: SocketAddr) -> Result<(), Exposed> {
        if address.ip().is_loopback() || self.is_encrypted() {
            Ok(())
        } else {
            Err(Exposed { address })
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error(
    "{address} can be reached from other machines: give --tls-cert and --tls-key, or --behind-proxy when a proxy speaks TLS for it"
)]
pub struct Exposed {
    pub address: SocketAddr,
}

#[derive(Debug, Clone, Copy)]
pub struct WebLimits {
    /// Bytes of a form or JSON body.
    pub body_bytes_max: usize,
    /// Bytes and rows of a table that a browser or a program sends; larger ones are for the command line.
    pub table_bytes_max: usize,
    pub table_rows_max: usize,
    pub query_characters_max: usize,
    /// Hits in one window of a search, and at most when a program asks.
    pub hits_default: usize,
    pub hits_max: usize,
    /// Documents in one list that is taken away as a file.
    pub export_rows_max: usize,
    /// Rows in one window of a list.
    pub rows: usize,
    pub request_time_max: Duration,
    /// From the first byte of a request to the end of its headers.
    pub header_time_max: Duration,
    /// How long an answer may wait for its client to take more of it.
    pub sending_time_max: Duration,
    /// Silence after which a client that speaks HTTP/2 is asked whether it is still there.
    pub ping_every: Duration,
    pub connections_max: usize,
    /// Of one address, or of one /64 of IPv6; not counted behind a proxy, from which everybody comes.
    pub connections_of_network_max: usize,
    /// Time that running requests get after a stop was asked for.
    pub drain_time_max: Duration,
    /// Password hashes computed at once; each takes 19 MiB.
    pub hashes_at_once: usize,
    /// Page images asked of the decode workers at once.
    pub images_at_once: usize,
}

impl Default for WebLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 1 << 20,
            table_bytes_max: 8 << 20,
            table_rows_max: 20_000,
            query_characters_max: 400,
            hits_default: 20,
            hits_max: 200,
            export_rows_max: 10_000,
            rows: 100,
            request_time_max: Duration::from_secs(30),
            header_time_max: Duration::from_secs(10),
            sending_time_max: Duration::from_secs(30),
            ping_every: Duration::from_secs(20),
            connections_max: 2048,
            connections_of_network_max: 512,
            drain_time_max: Duration::from_secs(10),
            hashes_at_once: 2,
            images_at_once: 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_goes_unprotected() {
        let check =
            |address: &str, protection: Protection| protection.check(address.parse().expect("an address")).is_ok();
        assert!(check("127.0.0.1:8080", Protection::Loopback));
        assert!(check("[::1]:8080", Protection::Loopback));
        assert!(!check("0.0.0.0:8080", Protection::Loopback));
        assert!(!check("192.168.1.5:8080", Protection::Loopback));
        assert!(check("0.0.0.0:8080", Protection::BehindProxy));
    }
}
