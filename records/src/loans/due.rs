//! When a loan is due, by its class.

use super::{LoanClass, LoanUse};
use crate::{
    Error, Field, Moment, RefusedBecause, Result,
    calendar::{Calendar, Day},
};
use vocabulary::both;

/// How long something may be lent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoanTerms {
    pub days_max: i64,
    /// For slips that name their own day.
    pub slip_days_max: i64,
}

/// When something is to be back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub on: Day,
    pub at: Moment,
    /// From this instant on it is late.
    pub overdue_from: Moment,
}

/// The last day that a class allows, counted from a day.
pub fn latest(calendar: &Calendar, terms: LoanTerms, class: LoanClass, today: Day) -> Day {
    match class {
        LoanClass::Days => calendar.term(today, terms.days_max),
        LoanClass::SameDay => today,
        LoanClass::Slip => calendar.term(today, terms.slip_days_max),
    }
}

/// When it is due: the wanted day, or the last one that its class allows.
///
/// # Errors
/// [`RefusedBecause::LoanTooLong`] for a later day, [`RefusedBecause::LoanDayOver`] when a loan of the same day would begin after
/// close of business, [`Error::Invalid`] for a day that has passed or that a slip must name.
pub fn due(calendar: &Calendar, terms: LoanTerms, class: LoanClass, wanted: Option<Day>, now: Moment) -> Result<Due> {
    let today = calendar.day_of(now);
    let last = latest(calendar, terms, class, today);
    let on = match (class, wanted) {
        (LoanClass::Slip, None) => {
            let reason = both!("a slip of this class names the day", "这类出借单要写明归还日期");
            return Err(Error::invalid(Field::LoanUntil, "", reason));
        }
        (_, wanted) => wanted.unwrap_or(last),
    };
    if on < today {
        let reason = both!("that day has passed", "这一天已经过去了");
        return Err(Error::invalid(Field::LoanUntil, on.to_string(), reason));
    }
    if on > last {
        return Err(RefusedBecause::LoanTooLong {
            until: on.to_string(),
            latest: last.to_string(),
        }
        .into());
    }
    let at = calendar.closes(on);
    if class == LoanClass::SameDay && now >= at {
        return Err(RefusedBecause::LoanDayOver {}.into());
    }
    let overdue_from = match class {
        LoanClass::SameDay => at,
        LoanClass::Days | LoanClass::Slip => calendar.begins(on.tomorrow().unwrap_or(on)),
    };
    Ok(Due { on, at, overdue_from })
}

/// What is read in the reading room goes back the same day.
pub(crate) fn class_for(place_of_use: LoanUse, class: LoanClass) -> LoanClass {
    match place_of_use {
        LoanUse::ReadingRoom => LoanClass::SameDay,
        LoanUse::Office | LoanUse::Outside => class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::instant;

    const TERMS: LoanTerms = LoanTerms {
        days_max: 3,
        slip_days_max: 30,
    };

    fn asked(class: LoanClass, wanted: &str, now: &str) -> Result<String, &'static str> {
        let calendar = Calendar::of("Asia/Shanghai", "17:30", "");
        let now = instant(now).expect("an instant");
        due(&calendar, TERMS, class, wanted.parse().ok(), now)
            .map(|due| format!("{} {}", due.on, due.overdue_from.rfc3339()))
            .map_err(|cause| cause.code())
    }

    #[test]
    fn a_class_says_when_it_is_due() {
        let monday = "2026-03-02T02:00:00Z";
        let due = |class, wanted: &str| asked(class, wanted, monday);
        assert_eq!(
            due(LoanClass::Days, ""),
            Ok("2026-03-05 2026-03-05T16:00:00Z".to_owned())
        );
        assert_eq!(
            due(LoanClass::Days, "2026-03-04"),
            Ok("2026-03-04 2026-03-04T16:00:00Z".to_owned())
        );
        assert_eq!(due(LoanClass::Days, "2026-03-06"), Err("loan_too_long"));
        assert_eq!(due(LoanClass::Days, "2026-03-01"), Err("invalid_value"));
        assert_eq!(
            due(LoanClass::SameDay, ""),
            Ok("2026-03-02 2026-03-02T09:30:00Z".to_owned())
        );
        assert_eq!(due(LoanClass::SameDay, "2026-03-03"), Err("loan_too_long"));
        assert_eq!(due(LoanClass::Slip, ""), Err("invalid_value"));
        assert_eq!(
            due(LoanClass::Slip, "2026-03-20"),
            Ok("2026-03-20 2026-03-20T16:00:00Z".to_owned())
        );
        assert_eq!(due(LoanClass::Slip, "2026-04-20"), Err("loan_too_long"));
        assert_eq!(
            asked(LoanClass::SameDay, "", "2026-03-02T09:30:00Z"),
            Err("loan_day_over")
        );
        assert_eq!(class_for(LoanUse::ReadingRoom, LoanClass::Slip), LoanClass::SameDay);
    }
}
