//! Repair of what one character alone cannot decide: credit codes by their check character, the
//! sign for per mille by what stands around it.
//!
//! The text is changed only where the check character leaves exactly one reading; what was
//! recognised stays beside it as an alternative. Everything else stays as it was read.

use crate::extract::credit_code_is_valid;
use crate::layout::{Alternative, CharBox, TextLine};

/// Letters that GB 32100 does not use, and what they are when a machine sees them.
const NEVER: [(char, char); 5] = [('I', '1'), ('O', '0'), ('S', '5'), ('Z', '2'), ('V', 'Y')];
/// Pairs that print alike.
const ALIKE: [(char, char); 10] = [
    ('0', 'D'),
    ('0', 'Q'),
    ('8', 'B'),
    ('6', 'G'),
    ('1', 'L'),
    ('1', 'T'),
    ('2', '7'),
    ('5', '6'),
    ('U', 'V'),
    ('C', 'G'),
];
const CODE_CHARS: usize = 18;
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
            match repaired(code, doubted) {
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

/// What can be said about a code that is not valid as it was read.
#[derive(Debug, PartialEq)]
enum Repair {
    /// Valid, no code at all, or several readings fit.
    None,
    /// The only doubtful reading that fits: it differs only in a character that was doubtful or
    /// cannot stand in a code.
    Proven(String),
    /// The only reading that fits, but it differs in a character that was clearly seen.
    Possible(String),
}

fn repaired(code: &[char], doubted: impl Fn(usize) -> bool) -> Repair {
    let upper: Vec<char> = code.iter().map(char::to_ascii_uppercase).collect();
    let as_read: String = upper.iter().collect();
    // Region and area are digits, so that an arbitrary word of 18 letters is no code.
    let digits = upper.iter().filter(|c| c.is_ascii_digit()).count();
    if digits < 8 || credit_code_is_valid(&as_read) {
        return Repair::None;
    }
    let cleaned: Vec<char> = upper
        .iter()
        .map(|c| NEVER.iter().find(|(from, _)| from == c).map_or(*c, |(_, to)| *to))
        .collect();
    let text: String = cleaned.iter().collect();
    if credit_code_is_valid(&text) {
        return Repair::Proven(text);
    }
    let mut valid: Vec<(usize, String)> = Vec::new();
    for (i, c) in cleaned.iter().enumerate() {
        for (a, b) in ALIKE {
            let other = match *c {
                c if c == a => b,
                c if c == b => a,
                _ => continue,
            };
            let mut candidate = cleaned.clone();
            candidate[i] = other;
            let candidate: String = candidate.iter().collect();
            if credit_code_is_valid(&candidate) && valid.iter().all(|v| v.1 != candidate) {
                valid.push((i, candidate));
            }
        }
    }
    let mut doubtful = valid.iter().filter(|(i, _)| doubted(*i));
    match (doubtful.next(), doubtful.next(), valid.len()) {
        (Some((_, text)), None, _) => Repair::Proven(text.clone()),
        (None, _, 1) => Repair::Possible(valid.swap_remove(0).1),
        _ => Repair::None,
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
