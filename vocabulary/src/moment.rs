//! Instants (microseconds UTC) and dates as they stand on paper, which may be partial.

use crate::{Result, Unusable};
use std::fmt;

/// An instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1_000_000)
    }

    /// RFC 3339 in UTC, whole seconds: `2026-11-21T22:29:41Z`.
    pub fn rfc3339(self) -> String {
        match jiff::Timestamp::from_second(self.0.div_euclid(1_000_000)) {
            Ok(at) => at.to_string(),
            Err(_) => format!("@{}", self.0),
        }
    }

    /// Date and time of day in a time zone, as people read it: `2026-11-22 06:29`.
    pub fn local(self, zone: &str) -> String {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(at) => at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string(),
            Err(_) => format!("@{}", self.0),
        }
    }

    /// The calendar date in a time zone.
    pub fn local_date(self, zone: &str) -> PartialDate {
        let local = self.local(zone);
        PartialDate::parse(local.get(..10).unwrap_or_default()).unwrap_or_default()
    }
}

/// A date as written on paper: a year, a month or a day (`2024`, `2024-05`, `2024-05-13`); empty when unknown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PartialDate(String);

impl PartialDate {
    /// Accepts ISO forms and the common Chinese and slashed forms (`2024年5月13日`, `2024/5/13`, `2024.5`, `20240513`).
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        let wrong = |reason: &str| Unusable::new("date", text, format!("{reason}; write 2024, 2024-05 or 2024-05-13"));
        let plain: String = crate::fold::half_width(text);
        let mut parts: Vec<&str> = plain
            .split(['-', '/', '.', '年', '月', '日', ' '])
            .filter(|part| !part.is_empty())
            .collect();
        let packed = plain.clone();
        if parts.len() == 1 && packed.len() == 8 && packed.bytes().all(|b| b.is_ascii_digit()) {
            parts = vec![&packed[..4], &packed[4..6], &packed[6..]];
        }
        if parts.len() > 3 || parts.iter().any(|part| !part.bytes().all(|b| b.is_ascii_digit())) {
            return Err(wrong("a date has a year, a month and a day in digits"));
        }
        let number = |at: usize| parts.get(at).and_then(|part| part.parse::<i16>().ok());
        let year = number(0)
            .filter(|year| (1000..=2999).contains(year))
            .ok_or_else(|| wrong("the year is out of range"))?;
        let month = number(1);
        let day = number(2);
        match (parts.len(), month, day) {
            (1, ..) => Ok(Self(format!("{year:04}"))),
            (2, Some(month @ 1..=12), _) => Ok(Self(format!("{year:04}-{month:02}"))),
            (3, Some(month @ 1..=12), Some(day)) => {
                jiff::civil::Date::new(year, month as i8, i8::try_from(day).unwrap_or(0))
                    .map_err(|_| wrong("there is no such day"))?;
                Ok(Self(format!("{year:04}-{month:02}-{day:02}")))
            }
            _ => Err(wrong("there is no such month or day")),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Digits only, padded with zeros, so that a year sorts before its months: `20240500`. Empty when unknown.
    pub fn sort_key(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let digits: String = self.0.chars().filter(char::is_ascii_digit).collect();
        format!("{digits:0<8}")
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_on_paper() {
        let check = |input: &str, expected: Option<&str>| {
            assert_eq!(
                PartialDate::parse(input).ok().as_ref().map(PartialDate::as_str),
                expected,
                "{input}"
            );
        };
        check("2024", Some("2024"));
        check("2024-5", Some("2024-05"));
        check("２０２４年５月１３日", Some("2024-05-13"));
        check("20240513", Some("2024-05-13"));
        check("2024/02/30", None);
        check("2024-13", None);
        check("", Some(""));
        check("gestern", None);
    }

    #[test]
    fn instants_as_text() {
        assert_eq!(
            Moment::from_micros(1_763_764_181_000_000).rfc3339(),
            "2025-11-21T22:29:41Z"
        );
        assert_eq!(
            Moment::from_micros(1_763_764_181_000_000).local("Asia/Shanghai"),
            "2025-11-22 06:29"
        );
    }
}
