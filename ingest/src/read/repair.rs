//! Repair of credit codes by their check character.
//!
//! The text is changed only where the check character leaves exactly one reading; what was
//! recognised stays beside it as an alternative. Everything else stays as it was read.

use crate::extract::credit_code_is_valid;
use crate::layout::{Alternative, TextLine};

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

/// Repairs every credit code of the line.
pub(super) fn credit_codes(line: &mut TextLine) {
    let chars: Vec<char> = line.text.chars().collect();
    let mut start = 0;
    while start < chars.len() {
        let run = chars[start..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
        if run == CODE_CHARS {
            let code = &chars[start..start + run];
            if let Some(repaired) = repaired(code) {
                let read: String = code.iter().collect();
                let count = run;
                let rule = RULE.to_owned();
                line.alternatives.push(Alternative { start, count, text: read, rule });
                let before: String = chars[..start].iter().collect();
                let after: String = chars[start + run..].iter().collect();
                line.text = format!("{before}{repaired}{after}");
                // One code in a line is repaired; two never stand in one.
                return;
            }
        }
        start += run.max(1);
    }
}

/// The only valid code this can be, if it is not valid as it stands.
fn repaired(code: &[char]) -> Option<String> {
    let upper: Vec<char> = code.iter().map(char::to_ascii_uppercase).collect();
    let as_read: String = upper.iter().collect();
    // Credit codes have digits in these places, so that an arbitrary word of 18 letters is none.
    let digits = upper.iter().filter(|c| c.is_ascii_digit()).count();
    if digits < 8 || credit_code_is_valid(&as_read) {
        return None;
    }
    let cleaned: Vec<char> = upper
        .iter()
        .map(|c| NEVER.iter().find(|(from, _)| from == c).map_or(*c, |(_, to)| *to))
        .collect();
    let text: String = cleaned.iter().collect();
    if credit_code_is_valid(&text) {
        return Some(text);
    }
    let mut valid: Vec<String> = Vec::new();
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
            if credit_code_is_valid(&candidate) && !valid.contains(&candidate) {
                valid.push(candidate);
            }
        }
    }
    if valid.len() == 1 { valid.pop() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: &str, text: &str, alternatives: usize) {
        let mut line = TextLine { text: read.to_owned(), ..TextLine::default() };
        credit_codes(&mut line);
        assert_eq!(line.text, text);
        assert_eq!(line.alternatives.len(), alternatives, "{read}");
    }

    #[test]
    fn a_valid_code_stays() {
        check("信用代码：91350100M000100Y43", "信用代码：91350100M000100Y43", 0);
    }

    #[test]
    fn letters_that_cannot_be_are_digits() {
        check("91350100M00O100Y43（副本）", "91350100M000100Y43（副本）", 1);
        check("9I350100M000100Y43", "91350100M000100Y43", 1);
    }

    #[test]
    fn one_look_alike_is_repaired_when_only_one_fits() {
        check("91350100M000100Y4B", "91350100M000100Y4B", 0);
        check("9135O1DOM000100Y43", "91350100M000100Y43", 1);
    }

    #[test]
    fn other_text_is_left_alone() {
        check("ABCDEFGHIJKLMNOPQR", "ABCDEFGHIJKLMNOPQR", 0);
        check("622202123456789012345", "622202123456789012345", 0);
    }
}
