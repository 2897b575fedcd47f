//! Addresses made of parts that people typed: percent-encoding (RFC 3986) for paths and queries.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use services::meant::MeantRecord;
use std::fmt::Write;
use vocabulary::codes::MeantKind;

/// Everything but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes everything that is not unreserved, so that the result fits into a path segment or a query value.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// An address with its query; pairs with an empty value are left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut mark = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(address, "{mark}{name}={}", encode(value));
        mark = '&';
    }
    address
}

pub fn document(id: &str) -> String {
    format!("/documents/{}", encode(id))
}

pub fn customer(code: &str) -> String {
    format!("/customers/{}", encode(code))
}

pub fn location(code: &str) -> String {
    format!("/locations/{}", encode(code))
}

/// Where what a text means is shown.
pub fn of_meant(one: &MeantRecord) -> String {
    match one.kind {
        MeantKind::Location | MeantKind::Container => location(&one.key),
        MeantKind::Customer => customer(&one.key),
        MeantKind::Document => document(&one.key),
    }
}

/// Where a one-time link leads: to setting a password, for the first administrator or anybody else.
pub fn one_time_link(secret: &str) -> String {
    format!("/link/{}", encode(secret))
}

/// Only an address of our own may be gone back to after a form: one slash, no scheme, no host, no control characters.
pub fn own(target: &str) -> &str {
    let safe = target.starts_with('/')
        && !target.starts_with("//")
        && !target.starts_with("/\\")
        && target.len() <= 2000
        && !target.chars().any(|c| c.is_control() || c == '\\');
    if safe { target } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding() {
        assert_eq!(location("三楼-A柜/02"), "/locations/%E4%B8%89%E6%A5%BC-A%E6%9F%9C%2F02");
        assert_eq!(
            with_query("/search", &[("q", "a b&c"), ("kind", "")]),
            "/search?q=a%20b%26c"
        );
    }

    #[test]
    fn only_own_addresses_are_gone_back_to() {
        for bad in ["https://evil", "//evil", "/\\evil", "evil", "", "/a\r\nb"] {
            assert_eq!(own(bad), "/", "{bad:?}");
        }
        assert_eq!(own("/search?q=1"), "/search?q=1");
    }
}
