//! Instants, in microseconds UTC.

pub use crate::dates::PartialDate;
use crate::{Result, Unusable};

/// An instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// Which end of a day an instant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    Start,
    End,
}

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

    /// The first instant of a day in a time zone; `None` for a date that is not a whole day.
    pub fn start_of_day(date: &PartialDate, zone: &str) -> Option<Self> {
        Self::midnight(date.as_str().parse().ok()?, zone)
    }

    /// The first instant after a day in a time zone.
    pub fn end_of_day(date: &PartialDate, zone: &str) -> Option<Self> {
        let day: jiff::civil::Date = date.as_str().parse().ok()?;
        Self::midnight(day.tomorrow().ok()?, zone)
    }

    fn midnight(day: jiff::civil::Date, zone: &str) -> Option<Self> {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        Some(Self(day.to_zoned(zone).ok()?.timestamp().as_microsecond()))
    }

    /// An instant in RFC 3339, or a whole day: then its first instant, or with [`Edge::End`] the first after it.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str, zone: &str, edge: Edge) -> Result<Self> {
        let text = text.trim();
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(at.as_microsecond()));
        }
        let day = PartialDate::parse(text)?;
        let at = match edge {
            Edge::Start => Self::start_of_day(&day, zone),
            Edge::End => Self::end_of_day(&day, zone),
        };
        at.ok_or_else(|| {
            Unusable::new(
                "day",
                text,
                crate::both!(
                    "write a whole day, such as 2024-05-13, or an instant in RFC 3339",
                    "请写完整的日期，如 2024-05-13，或 RFC 3339 的时刻"
                ),
            )
        })
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
    fn days_have_two_edges() {
        let check = |text: &str, edge, expected: Option<&str>| {
            let at = Moment::parse(text, "Asia/Shanghai", edge).ok().map(Moment::rfc3339);
            assert_eq!(at.as_deref(), expected, "{text}");
        };
        check("2026-03-01", Edge::Start, Some("2026-02-28T16:00:00Z"));
        check("2026年3月1日", Edge::End, Some("2026-03-01T16:00:00Z"));
        check("2026-03-01T08:00:00+08:00", Edge::End, Some("2026-03-01T00:00:00Z"));
        check("2026-03", Edge::Start, None);
        check("", Edge::Start, None);
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
