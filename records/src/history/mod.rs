//! History: what every field of every record was before and after, by whom, when, why and under which authority.
//!
//! `Change` writes it by itself (`store/write_sql.rs`), so that no subject can forget it. This folder reads it.

pub(crate) mod sql;

pub(crate) use sql::{person, records_meant};

use crate::{
    Moment, PartialDate,
    customers::recorded::{CUSTOMER_ALIASES, CUSTOMERS},
    documents::recorded::{DOCUMENT_CUSTOMERS, DOCUMENTS},
    dossiers::recorded::{DOSSIERS, VOLUMES},
    identity::users::recorded::USERS,
    kinds::recorded::{CHECKLISTS, DOCUMENT_KINDS},
    parties::recorded::{PARTIES, PARTY_IDENTIFIERS, PARTY_ROLES},
    permission::grants::recorded::GRANTS,
    places::{
        paper_recorded::{CONTAINERS, ORIGINALS},
        recorded::LOCATIONS,
    },
    settings::recorded::SETTINGS,
    store::recorded::{ColumnValue, Recorded},
};

/// What to list of the history. Empty fields do not narrow.
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// A record as people call it: id, code, number, sign-in name; `customer:KH-0001` where the bare word would be
    /// ambiguous.
    pub object: String,
    /// Name of a field, as the rows have it.
    pub field: String,
    /// Sign-in name or display name of who changed it.
    pub person: String,
    /// From this instant on.
    pub from: Option<Moment>,
    /// Before this instant.
    pub until: Option<Moment>,
    /// Only what became true together.
    pub change: String,
    /// Only what is older than this line; `None` begins with the newest.
    pub before: Option<HistoryKey>,
    pub limit: usize,
}

/// An instant as programs write it: `2026-03-01T08:00:00Z`.
pub fn instant(text: &str) -> Option<Moment> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(Moment::from_micros(at.as_microsecond()))
}

/// First instant of a day, month or year on the calendar of a time zone, and the first instant after it.
pub fn span(date: &PartialDate, zone: &str) -> Option<(Moment, Moment)> {
    let mut parts = date.as_str().split('-').map(|part| part.parse::<i16>().ok());
    let (year, month, day) = (parts.next()??, parts.next(), parts.next());
    let small = |part: Option<Option<i16>>| part.flatten().and_then(|part| i8::try_from(part).ok());
    let first = jiff::civil::Date::new(year, small(month).unwrap_or(1), small(day).unwrap_or(1)).ok()?;
    let after = if day.is_some() {
        first.tomorrow().ok()?
    } else if month.is_some() {
        first.checked_add(jiff::Span::new().months(1)).ok()?
    } else {
        first.checked_add(jiff::Span::new().years(1)).ok()?
    };
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let instant = |date: jiff::civil::Date| {
        let at = date.to_zoned(zone.clone()).ok()?;
        Some(Moment::from_micros(at.timestamp().as_microsecond()))
    };
    Some((instant(first)?, instant(after)?))
}

/// Place of a line in the order of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HistoryKey {
    pub at: Moment,
    pub uid: i64,
}

impl HistoryKey {
    /// `1772323200000000-17`
    pub fn parse(text: &str) -> Option<Self> {
        let (at, uid) = text.rsplit_once('-')?;
        Some(Self {
            at: Moment::from_micros(at.parse().ok()?),
            uid: uid.parse().ok()?,
        })
    }
}

impl std::fmt::Display for HistoryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.micros(), self.uid)
    }
}

/// One field of one record that changed, as the asker may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub key: HistoryKey,
    pub change: String,
    /// Sign-in name of who did it.
    pub by: String,
    pub object: HistoryObject,
    pub field: String,
    /// `None` when there was nothing, and for secrets.
    pub before: Option<String>,
    pub after: Option<String>,
    pub why: String,
    pub authority: String,
    /// Whether the former value can be put back, as far as the field is concerned.
    pub can_be_put_back: bool,
}

/// A record as the history names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryObject {
    /// `customer`, `party`, `document`, `location`, `container`, `volume`, `kind`, `checklist`, `user`, `setting`.
    pub kind: String,
    /// Its public id; for kinds, checklists and settings their code.
    pub id: String,
    /// What people call it today: code, number or sign-in name.
    pub code: String,
    /// Its name or title today.
    pub name: String,
}

impl HistoryObject {
    /// As [`HistoryFilter::object`] takes it: `customer:KH-0001`; what may bear the same number twice goes by its id.
    pub fn parameter(&self) -> String {
        let by_id = self.code.is_empty() || matches!(self.kind.as_str(), "document" | "party" | "volume");
        format!("{}:{}", self.kind, if by_id { &self.id } else { &self.code })
    }
}

/// Words of the records that have a history, in the order of lists.
pub const OBJECT_KINDS: [&str; 10] = [
    "customer",
    "party",
    "document",
    "location",
    "container",
    "volume",
    "kind",
    "checklist",
    "user",
    "setting",
];

/// What may be put back by one statement; `None` for everything else. The description of the table says so.
fn restored(
    object_kind: &str,
    field: &str,
    value: &str,
) -> Option<(&'static Recorded, Vec<(&'static str, ColumnValue)>)> {
    RECORDED
        .iter()
        .filter(|table| table.kind() == object_kind)
        .find_map(|table| Some((*table, (table.restore)(field, value)?)))
}

/// Every table whose rows have a history.
pub(crate) static RECORDED: [&Recorded; 17] = [
    &CUSTOMERS,
    &CUSTOMER_ALIASES,
    &PARTIES,
    &PARTY_IDENTIFIERS,
    &PARTY_ROLES,
    &DOSSIERS,
    &VOLUMES,
    &DOCUMENTS,
    &DOCUMENT_CUSTOMERS,
    &ORIGINALS,
    &CONTAINERS,
    &LOCATIONS,
    &DOCUMENT_KINDS,
    &CHECKLISTS,
    &USERS,
    &SETTINGS,
    &GRANTS,
];

/// Every described column as (table, column), for the test that compares them with the real schema.
pub fn recorded_columns() -> Vec<(&'static str, &'static str)> {
    let columns = |table: &&'static Recorded| {
        let name = table.table;
        table.columns.iter().map(move |(column, _)| (name, *column))
    };
    RECORDED.iter().flat_map(columns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_years_have_a_beginning_and_an_end() {
        let check = |date: &str, zone: &str, from: &str, until: &str| {
            let (first, after) = span(&PartialDate::parse(date).expect("a date"), zone).expect("it has instants");
            assert_eq!(
                (first.rfc3339().as_str(), after.rfc3339().as_str()),
                (from, until),
                "{date}"
            );
        };
        check(
            "2026-03-01",
            "Asia/Shanghai",
            "2026-02-28T16:00:00Z",
            "2026-03-01T16:00:00Z",
        );
        check("2026-02", "UTC", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
        check("2026", "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        assert_eq!(span(&PartialDate::default(), "UTC"), None);
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        let key = HistoryKey {
            at: Moment::from_micros(1_772_323_200_000_000),
            uid: 17,
        };
        assert_eq!(HistoryKey::parse(&key.to_string()), Some(key));
        assert_eq!(HistoryKey::parse("17"), None);
    }

    /// What a description offers to put back is a column that it knows, and never a key, a version or a right.
    #[test]
    fn what_is_put_back_is_a_column_of_the_table() {
        let mut offered = 0;
        for table in RECORDED {
            for field in table.columns.iter().filter_map(|(_, treatment)| treatment.field()) {
                for (column, _) in ["", "1", "2024", "active", "copy"]
                    .iter()
                    .filter_map(|value| (table.restore)(field, value))
                    .flatten()
                {
                    assert!(table.treatment(column).is_some(), "{}.{column}", table.table);
                    offered += 1;
                }
                assert!((table.restore)("security_level", "3").is_none(), "{}", table.table);
            }
        }
        assert!(offered > 20, "only {offered} fields can be put back");
    }
}
