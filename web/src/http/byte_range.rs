//! One range of a file as a client asks for it (RFC 9110, section 14). Several ranges at once are answered with the
//! whole file, as the standard allows; a broken header is no header.

use axum::http::{HeaderMap, header};
use std::ops::Range;

/// What is to be sent of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RangeAsked {
    Whole,
    Bytes(Range<u64>),
    /// Begins behind the end of the file.
    Nothing,
}

/// The part of a file of `length` bytes that is asked for. A range that rests on another version (`If-Range`) is not.
pub fn asked(headers: &HeaderMap, tag: &str, length: u64) -> RangeAsked {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known.trim() != tag) {
        return RangeAsked::Whole;
    }
    text(header::RANGE).map_or(RangeAsked::Whole, |range| read(range, length))
}

fn read(range: &str, length: u64) -> RangeAsked {
    let Some((unit, spec)) = range.split_once('=') else {
        return RangeAsked::Whole;
    };
    let Some((first, last)) = spec.trim().split_once('-') else {
        return RangeAsked::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return RangeAsked::Whole;
    }
    let digits = |text: &str| {
        let text = text.trim();
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse::<u64>().ok())
            .flatten()
    };
    match (first.trim(), last.trim()) {
        ("", last) => match digits(last) {
            Some(0) => RangeAsked::Nothing,
            Some(count) if length > 0 => RangeAsked::Bytes(length.saturating_sub(count)..length),
            Some(_) => RangeAsked::Nothing,
            None => RangeAsked::Whole,
        },
        (first, last) => {
            let until = if last.is_empty() { Some(u64::MAX) } else { digits(last) };
            match (digits(first), until) {
                (Some(first), Some(last)) if first > last => RangeAsked::Whole,
                (Some(first), Some(_)) if first >= length => RangeAsked::Nothing,
                (Some(first), Some(last)) => RangeAsked::Bytes(first..length.min(last.saturating_add(1))),
                _ => RangeAsked::Whole,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn ranges_are_read() {
        let check = |range: &str, expected: RangeAsked| assert_eq!(read(range, 10), expected, "{range}");
        check("bytes=0-3", RangeAsked::Bytes(0..4));
        check("bytes=4-", RangeAsked::Bytes(4..10));
        check("bytes=-3", RangeAsked::Bytes(7..10));
        check("bytes=-30", RangeAsked::Bytes(0..10));
        check("bytes=8-99", RangeAsked::Bytes(8..10));
        check("bytes=10-", RangeAsked::Nothing);
        check("bytes=-0", RangeAsked::Nothing);
        check("Bytes = 0 - 0", RangeAsked::Bytes(0..1));
        for broken in [
            "",
            "bytes",
            "bytes=",
            "bytes=5-3",
            "bytes=a-b",
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=+1-2",
            "bytes=--1",
        ] {
            check(broken, RangeAsked::Whole);
        }
        assert_eq!(read("bytes=-1", 0), RangeAsked::Nothing);
    }

    #[test]
    fn a_range_of_another_version_is_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-1"));
        assert_eq!(asked(&headers, "\"a\"", 10), RangeAsked::Bytes(0..2));
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"b\""));
        assert_eq!(asked(&headers, "\"a\"", 10), RangeAsked::Whole);
    }
}
