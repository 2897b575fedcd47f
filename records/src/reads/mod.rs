//! What persons read, written into the audit trail in groups before the answers leave; and look-ups by personal number.

pub(crate) mod sql;

use crate::{fold, parties::IdentifierKind};
use vocabulary::check_digits;

/// The same reading of one person within so long is one event.
pub(crate) const SAME_READING_S: i64 = 10 * 60;
/// Look-ups by whole personal numbers, within the time, of somebody who may not see such numbers.
pub(crate) const LOOKUPS_MAX: usize = 30;
pub(crate) const LOOKUPS_WINDOW_S: i64 = 10 * 60;

/// Fewer digits are a year, a page or a room.
const DIGITS_MIN: usize = 5;

/// A personal number that somebody looks for, or a piece of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberAsked {
    /// What it looks like; `None` for a piece.
    pub whole: Option<IdentifierKind>,
    pub digits: usize,
}

/// The numbers that a typed text asks for: words of digits alone. Codes of the archive have letters or begin with them.
pub(crate) fn numbers_asked(text: &str) -> Vec<NumberAsked> {
    let parts_words =
        |c: char| c.is_whitespace() || matches!(c, ':' | '：' | '|' | '"' | '“' | '”' | '(' | ')' | '（' | '）');
    text.split(parts_words).filter_map(number_asked).collect()
}

fn number_asked(word: &str) -> Option<NumberAsked> {
    let folded: String = fold::code(word).chars().filter(|c| !fold::is_dash(*c)).collect();
    let folded = folded.trim_start_matches('+');
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let rest = folded.trim_end_matches(['x', 'X']).chars();
    if digits < DIGITS_MIN || !rest.clone().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let whole = if check_digits::has_id_number_form(folded) || check_digits::has_old_id_number_form(folded) {
        Some(IdentifierKind::IdNumber)
    } else {
        match digits {
            7..=13 => Some(IdentifierKind::Phone),
            14.. => Some(IdentifierKind::BankAccount),
            _ => None,
        }
    };
    Some(NumberAsked { whole, digits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_codes_and_words() {
        let check = |text: &str, expected: &[Option<IdentifierKind>]| {
            let asked: Vec<_> = numbers_asked(text).into_iter().map(|asked| asked.whole).collect();
            assert_eq!(asked, expected, "{text}");
        };
        check("440305199001152737", &[Some(IdentifierKind::IdNumber)]);
        check("证件:44030519900115273X 合同", &[Some(IdentifierKind::IdNumber)]);
        check("13823457781", &[Some(IdentifierKind::Phone)]);
        check("0755-88881234", &[Some(IdentifierKind::Phone)]);
        check("６２２２０２１００１００１２３４", &[Some(IdentifierKind::BankAccount)]);
        check("44030", &[None]);
        check("2024 合同 K1-03 KH-00012", &[]);
    }
}
