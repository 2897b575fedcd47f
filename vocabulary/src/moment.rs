//! Instants, in microseconds UTC.

pub use crate::dates::PartialDate;

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

#[cfg(test)]
mod tests {
    use super::*;

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
