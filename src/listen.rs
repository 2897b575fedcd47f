//! The address to serve at, as people write it.

use serde::{Deserialize, Deserializer, de};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenAddress(pub SocketAddr);

/// Neither an address nor a port.
#[derive(Debug)]
pub struct NoAddress;

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::language::said!(
            "write a port such as 7878, or an address with a port such as 127.0.0.1:7878, [::1]:7878 or 0.0.0.0:443",
            "请写端口，如 7878；或写地址和端口，如 127.0.0.1:7878、[::1]:7878、0.0.0.0:443"
        ))
    }
}

impl std::error::Error for NoAddress {}

impl FromStr for ListenAddress {
    type Err = NoAddress;

    /// A port alone and `localhost` are this machine.
    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let text = text.trim();
        let here = |port: &str| {
            let port = port.parse().map_err(|_| NoAddress)?;
            Ok(Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)))
        };
        match text.split_once(':') {
            None => here(text),
            Some(("" | "localhost", port)) => here(port),
            Some(_) => text.parse().map(Self).map_err(|_| NoAddress),
        }
    }
}

impl<'de> Deserialize<'de> for ListenAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Port(u16),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Port(port) => port.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        let check = |text: &str, expected: Option<&str>| {
            let read = text.parse::<ListenAddress>().ok().map(|address| address.0.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("7916", Some("127.0.0.1:7916"));
        check(":7916", Some("127.0.0.1:7916"));
        check("localhost:7916", Some("127.0.0.1:7916"));
        check("0.0.0.0:443", Some("0.0.0.0:443"));
        check("[::1]:80", Some("[::1]:80"));
        check("archive.example.com:80", None);
        check("70000", None);
        check("", None);
    }
}
