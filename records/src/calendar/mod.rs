//! Working days and close of business: from them follows when something is due. Pure: it knows no clock and no record.

use crate::{Moment, fold};
pub use jiff::civil::Date as Day;
use jiff::{civil::Time, civil::Weekday, tz::TimeZone};
use std::collections::BTreeMap;

/// Days that one line of the list of closed days may span.
const SPAN_DAYS_MAX: usize = 366;

/// When the archive is open.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    close: Time,
    /// Days that differ from their weekday: whether people work on them.
    stated: BTreeMap<Day, bool>,
}

/// A line of the list of days that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLineFault {
    pub line: usize,
    pub text: String,
}

impl Calendar {
    /// `close` is a time of day (`17:30`). `days` has one line for each day or span of days without work
    /// (`2026-10-01`, `2026-10-01..2026-10-07`); with `+` before it, people work on it although it is a weekend.
    pub fn of(zone: &str, close: &str, days: &str) -> Self {
        Self {
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            close: time_of_day(close).unwrap_or_else(|| Time::constant(17, 30, 0, 0)),
            stated: stated_days(days).unwrap_or_default(),
        }
    }

    /// The day on which an instant falls.
    pub fn day_of(&self, at: Moment) -> Day {
        let at = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
        at.to_zoned(self.zone.clone()).date()
    }

    pub fn is_working_day(&self, day: Day) -> bool {
        match self.stated.get(&day) {
            Some(works) => *works,
            None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// This day, or the first after it on which people work.
    pub fn working_day_from(&self, day: Day) -> Day {
        let mut day = day;
        for _ in 0..SPAN_DAYS_MAX {
            if self.is_working_day(day) {
                break;
            }
            day = day.tomorrow().unwrap_or(day);
        }
        day
    }

    /// So many days after a day; one without work counts, and a term never ends on one.
    pub fn term(&self, from: Day, days: i64) -> Day {
        let end = from.checked_add(jiff::Span::new().days(days)).unwrap_or(from);
        self.working_day_from(end)
    }

    pub fn closes(&self, day: Day) -> Moment {
        self.instant(day.to_datetime(self.close))
    }

    pub fn begins(&self, day: Day) -> Moment {
        self.instant(day.to_datetime(Time::midnight()))
    }

    /// How many days after `due` a day lies; none before it.
    pub fn days_late(&self, due: Day, today: Day) -> i64 {
        let days = due.until(today).map_or(0, |span| i64::from(span.get_days()));
        days.max(0)
    }

    fn instant(&self, at: jiff::civil::DateTime) -> Moment {
        match at.to_zoned(self.zone.clone()) {
            Ok(at) => Moment::from_micros(at.timestamp().as_microsecond()),
            Err(_) => Moment::from_micros(0),
        }
    }
}

/// `17:30`
pub fn time_of_day(text: &str) -> Option<Time> {
    let text = fold::half_width(text.trim());
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| text.parse::<i8>().ok();
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

/// Reads the list of days.
///
/// # Errors
/// The first line that is none.
pub fn stated_days(text: &str) -> Result<BTreeMap<Day, bool>, DayLineFault> {
    let mut days = BTreeMap::new();
    for (line, text) in (1..).zip(text.lines()) {
        let plain = fold::half_width(text.trim());
        if plain.is_empty() {
            continue;
        }
        let fault = || DayLineFault {
            line,
            text: text.trim().to_owned(),
        };
        let (span, works) = match plain.strip_prefix('+') {
            Some(span) => (span.trim(), true),
            None => (plain.as_str(), false),
        };
        let (first, last) = span.split_once("..").unwrap_or((span, span));
        let day = |text: &str| text.trim().parse::<Day>().map_err(|_| fault());
        let (first, last) = (day(first)?, day(last)?);
        let within: Vec<Day> = first
            .series(jiff::Span::new().days(1))
            .take(SPAN_DAYS_MAX)
            .take_while(|day| *day <= last)
            .collect();
        if within.last() != Some(&last) {
            return Err(fault());
        }
        days.extend(within.into_iter().map(|day| (day, works)));
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(days: &str) -> Calendar {
        Calendar::of("Asia/Shanghai", "17:30", days)
    }

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_term_ends_on_a_working_day() {
        let plain = calendar("");
        assert_eq!(plain.term(day("2026-03-02"), 3), day("2026-03-05"));
        assert_eq!(plain.term(day("2026-03-05"), 3), day("2026-03-09"), "over a weekend");
        let feast = calendar("2026-10-01..2026-10-07\n+2026-10-10");
        assert_eq!(feast.term(day("2026-09-30"), 3), day("2026-10-08"));
        assert!(
            feast.is_working_day(day("2026-10-10")),
            "a Saturday on which people work"
        );
        assert!(!feast.is_working_day(day("2026-10-11")));
    }

    #[test]
    fn a_day_ends_at_close_of_business() {
        let plain = calendar("");
        assert_eq!(plain.closes(day("2026-03-02")).rfc3339(), "2026-03-02T09:30:00Z");
        assert_eq!(plain.begins(day("2026-03-02")).rfc3339(), "2026-03-01T16:00:00Z");
        assert_eq!(plain.day_of(plain.begins(day("2026-03-02"))), day("2026-03-02"));
        assert_eq!(plain.days_late(day("2026-03-05"), day("2026-03-06")), 1);
        assert_eq!(plain.days_late(day("2026-03-05"), day("2026-03-04")), 0);
    }

    #[test]
    fn a_line_that_is_no_day_is_named() {
        let fault = |text: &str| stated_days(text).err().map(|fault| (fault.line, fault.text));
        assert_eq!(fault("2026-10-01\n\nsoon"), Some((3, "soon".to_owned())));
        assert_eq!(fault("2026-10-07..2026-10-01").map(|(line, _)| line), Some(1));
        assert_eq!(fault("2026-10-01 .. 2026-10-07\n＋2026-10-10"), None);
        assert_eq!(time_of_day("17:30"), Some(Time::constant(17, 30, 0, 0)));
        assert_eq!(time_of_day("25:00"), None);
    }
}
