//! Repair of what one character alone cannot decide: credit codes by their check character, the
//! sign for per mille by what stands around it.
//!
//! The text is changed only where the check character leaves exactly one reading; what was
//! recognised stays beside it as an alternative. Everything else stays as it was read.

use crate::credit_code::{CODE_CHARS, Repair, repaired};
use crate::layout::{Alternative, CharBox, TextLine};

pub(super) const RULE: &str = "gb32100_check";

/// Characters of more confidence than this are not doubted: a check character that fits by chance
/// (one candidate in 31 does) must not change what was clearly seen.
const SURE: f32 = 0.97;

/// Repairs the credit code of the line, if it has one.
pub(super) fn credit_codes(line: &mut TextLine) {
    let chars: Vec<char> = line.text.chars().collect();
    let mut start = 0;
    while start < chars.len() {
        let run = chars[start..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
        if run == CODE_CHARS {
            let code = &chars[start..start + run];
            let doubted = |i: usize| line.chars.get(start + i).is_none_or(|c: &CharBox| c.confidence < SURE);
            let read: String = code.iter().collect();
            let rule = RULE.to_owned();
            match repaired(&read, doubted) {
                Repair::None => {}
                Repair::Proven(text) => {
                    let before: String = chars[..start].iter().collect();
                    let after: String = chars[start + run..].iter().collect();
                    line.text = format!("{before}{text}{after}");
                    line.alternatives.push(Alternative {
                        start,
                        count: run,
                        text: read,
                        rule,
                    });
                    // One code stands in a line, never two.
                    return;
                }
                Repair::Possible(text) => {
                    line.alternatives.push(Alternative {
                        start,
                        count: run,
                        text,
                        rule,
                    });
                    return;
                }
            }
        }
        start += run.max(1);
    }
}

/// `%0` after a number and before anything but a digit is the sign for per mille, which the
/// network knows but seldom sees.
pub(super) fn per_mille(line: &mut TextLine) {
    let chars: Vec<char> = line.text.chars().collect();
    let found = chars.windows(2).enumerate().find(|(at, pair)| {
        let digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
        **pair == ['%', '0'] && digit(at.checked_sub(1)) && !digit(Some(at + 2))
    });
    let Some((start, _)) = found else { return };
    if line.chars.len() == chars.len() {
        let zero = line.chars.remove(start + 1);
        let sign = &mut line.chars[start];
        sign.w = zero.x + zero.w - sign.x;
        sign.confidence = sign.confidence.min(zero.confidence);
    }
    let before: String = chars[..start].iter().collect();
    let after: String = chars[start + 2..].iter().collect();
    line.text = format!("{before}‰{after}");
    let (text, rule) = ("%0".to_owned(), "per_mille".to_owned());
    line.alternatives.push(Alternative {
        start,
        count: 1,
        text,
        rule,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: &str, sure: f32, text: &str, alternatives: usize) {
        let char_box = CharBox {
            x: 0.0,
            w: 1.0,
            confidence: sure,
        };
        let chars = vec![char_box; read.chars().count()];
        let mut line = TextLine {
            text: read.to_owned(),
            chars,
            ..TextLine::default()
        };
        credit_codes(&mut line);
        assert_eq!(line.text, text);
        assert_eq!(line.alternatives.len(), alternatives, "{read}");
    }

    #[test]
    fn a_valid_code_stays() {
        check("信用代码：91350100M000100Y43", 0.5, "信用代码：91350100M000100Y43", 0);
    }

    #[test]
    fn letters_that_cannot_be_are_digits() {
        check("91350100M00O100Y43（副本）", 1.0, "91350100M000100Y43（副本）", 1);
        check("9I350100M000100Y43", 1.0, "91350100M000100Y43", 1);
    }

    #[test]
    fn a_look_alike_is_repaired_only_where_it_was_doubtful() {
        check("91350100M000100Y4B", 1.0, "91350100M000100Y4B", 1);
        check("9135O10DM000100Y43", 0.6, "91350100M000100Y43", 1);
    }

    #[test]
    fn per_mille_is_one_sign() {
        let check = |read: &str, text: &str| {
            let chars = vec![
                CharBox {
                    x: 1.0,
                    w: 1.0,
                    confidence: 0.9
                };
                read.chars().count()
            ];
            let mut line = TextLine {
                text: read.to_owned(),
                chars,
                ..TextLine::default()
            };
            per_mille(&mut line);
            assert_eq!(line.text, text);
            assert_eq!(line.chars.len(), text.chars().count());
        };
        check("总额的5%0向守约方", "总额的5‰向守约方");
        check("100%05", "100%05");
        check("5%", "5%");
    }

    #[test]
    fn other_text_is_left_alone() {
        check("ABCDEFGHIJKLMNOPQR", 0.5, "ABCDEFGHIJKLMNOPQR", 0);
        check("622202123456789012345", 0.5, "622202123456789012345", 0);
    }
}
