//! Searches that a person keeps by name, and those that were run last. Both belong to one account: nobody else reads
//! them, whatever the role, because search history is private.
//!
//! A query is kept as it was typed. Only `index` interprets it; this folder knows it as text.

pub(crate) mod sql;

use crate::{Error, Field, Result, fold, ids::SavedSearchId};
use vocabulary::both;

/// How many a person keeps, and how long they may be.
#[derive(Debug, Clone, Copy)]
pub struct OwnSearchLimits;

impl OwnSearchLimits {
    pub const SAVED_MAX: usize = 200;
    /// The oldest are dropped.
    pub const RECENT_MAX: usize = 50;
    pub const NAME_CHARACTERS_MAX: usize = 60;
    pub const QUERY_CHARACTERS_MAX: usize = 1_000;
}

/// A search kept by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSearch {
    pub id: SavedSearchId,
    pub name: String,
    /// As typed.
    pub query: String,
    /// Empty for the usual order.
    pub sorting: String,
}

/// What a person states of a search to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSearchDraft {
    pub name: String,
    pub query: String,
    pub sorting: String,
}

/// A name as it may be stored: one line, 1 to [`OwnSearchLimits::NAME_CHARACTERS_MAX`] characters.
pub(crate) fn checked_name(name: &str) -> Result<String> {
    let cleaned = one_line(name);
    match cleaned.chars().count() {
        1..=OwnSearchLimits::NAME_CHARACTERS_MAX => Ok(cleaned),
        _ => Err(Error::invalid(
            Field::SearchName,
            name,
            both!(
                "it has 1 to {} characters",
                "它有 1 到 {} 个字符",
                OwnSearchLimits::NAME_CHARACTERS_MAX
            ),
        )),
    }
}

/// A query as it may be stored: as typed, on one line, not empty.
pub(crate) fn checked_query(query: &str) -> Result<String> {
    let cleaned = one_line(query);
    match cleaned.chars().count() {
        1..=OwnSearchLimits::QUERY_CHARACTERS_MAX => Ok(cleaned),
        _ => Err(Error::invalid(
            Field::Query,
            query.chars().take(40).collect::<String>(),
            both!(
                "a search to keep has 1 to {} characters",
                "要留存的检索式有 1 到 {} 个字符",
                OwnSearchLimits::QUERY_CHARACTERS_MAX
            ),
        )),
    }
}

fn one_line(text: &str) -> String {
    let text: String = fold::storable(text)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_queries_are_checked() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(checked_name(name).ok().as_deref(), expected);
        check(" 年审\n到期 ", Some("年审 到期"));
        check("", None);
        check("  ", None);
        check(&"长".repeat(60), Some(&"长".repeat(60)));
        check(&"长".repeat(61), None);
        assert!(checked_query("").is_err());
        assert!(checked_query(&"a".repeat(1_001)).is_err());
        assert_eq!(
            checked_query("类型:合同 \u{0}甲方").ok().as_deref(),
            Some("类型:合同 甲方")
        );
    }
}
