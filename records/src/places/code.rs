//! The location code: segments of letters, digits or Han, split at `-`; forgiving when typed, natural when sorted.

use crate::{Error, Field, Result, fold};
use vocabulary::{Bilingual, both};

/// A location code in the default profile, such as `K1-03-B-05-4-12` or `三楼-A柜-02`.
///
/// Two codes are the same place when they differ only in width, case, spaces and leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LocationCode {
    shown: String,
    folded: String,
}

impl LocationCode {
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |reason: Bilingual| Error::invalid(Field::LocationCode, text, reason);
        let shown = fold::code(text);
        let shown = shown.trim_matches('-');
        if shown.is_empty() || shown.chars().count() > 64 {
            return Err(wrong(both!(
                "a code has 1 to 64 characters, such as K1-03-B-05",
                "编码有 1 到 64 个字符，如 K1-03-B-05"
            )));
        }
        if shown.split('-').any(str::is_empty) {
            return Err(wrong(both!("two dashes stand side by side", "两个横线连在一起")));
        }
        if let Some(odd) = shown.chars().find(|c| *c != '-' && !c.is_alphanumeric()) {
            return Err(wrong(both!(
                "`{odd}` does not belong in a code; use letters, digits, Han and `-`",
                "编码里不能有“{odd}”；请用字母、数字、汉字和 `-`"
            )));
        }
        Ok(Self {
            shown: shown.to_owned(),
            folded: shown.split('-').map(without_zeros).collect::<Vec<_>>().join("-"),
        })
    }

    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The key by which codes are equal.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The key with its dashes left out, for codes typed without them.
    pub fn dashless(&self) -> String {
        self.shown.replace('-', "")
    }

    /// The key whose byte order is shelf order. A place sorts directly before what is inside it.
    pub fn sort_key(&self) -> String {
        // A character below every letter and digit, so that `A-1-2` comes before `A-10` and after `A-1`.
        self.folded
            .split('-')
            .map(fold::natural_key)
            .collect::<Vec<_>>()
            .join("\u{1}")
    }

    /// The codes of the places around this one, outermost first.
    pub fn parents(&self) -> Vec<LocationCode> {
        let ends = self.shown.match_indices('-').map(|(at, _)| at);
        ends.filter_map(|end| Self::parse(&self.shown[..end]).ok()).collect()
    }

    pub fn depth(&self) -> usize {
        self.shown.split('-').count()
    }
}

impl std::fmt::Display for LocationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Leading zeros of every run of digits left out, `B05` as `B5`.
fn without_zeros(segment: &str) -> String {
    let mut kept = String::with_capacity(segment.len());
    let mut in_number = false;
    let mut chars = segment.chars().peekable();
    while let Some(c) = chars.next() {
        let leads = c == '0' && !in_number && chars.peek().is_some_and(char::is_ascii_digit);
        if !leads {
            kept.push(c);
            in_number = c.is_ascii_digit();
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgiving_input() {
        let same = |a: &str, b: &str| {
            assert_eq!(
                LocationCode::parse(a).expect(a).folded(),
                LocationCode::parse(b).expect(b).folded()
            );
        };
        same("K1-03-B-05-4-12", "ｋ１－３－ｂ－５－４－１２");
        same("K1-03-B-05-4-12", " k1 - 03 - b - 5 - 04 - 12 ");
        same("三楼-A柜-02", "三楼—a柜—2");
        same("A-00", "A-0");
        for wrong in ["", "--", "A--1", "A/1", "A-1;DROP"] {
            assert!(LocationCode::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shelf_order_and_parents() {
        let mut codes = ["A-10", "A-1-2", "A-2", "A", "A-1-10", "A-1", "B"].map(|c| LocationCode::parse(c).expect(c));
        codes.sort_by_key(LocationCode::sort_key);
        assert_eq!(
            codes.map(|c| c.to_string()),
            ["A", "A-1", "A-1-2", "A-1-10", "A-2", "A-10", "B"]
        );
        let parents: Vec<_> = LocationCode::parse("K1-03-B")
            .expect("parses")
            .parents()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(parents, ["K1", "K1-03"]);
    }
}
