//! Repair of misread characters by context: codes and personal numbers by their check character, the sign
//! for per mille and the signs of a date by the text around them.
//!
//! The text is changed only where the check character leaves exactly one reading; what was
//! recognised stays beside it as an alternative. Everything else stays as it was read.

use crate::credit_code::{CODE_CHARS, Repair, repaired};
use crate::layout::{Alternative, LayoutChar, LayoutLine};
use vocabulary::check_digits::{is_credit_code, is_id_number};

const RULE: &str = "gb32100_check";
/// What is left of a 4 on a copy whose thin strokes are gone: a speck, and an upright stroke.
const SPECKS: [char; 5] = [':', '：', '·', '.', '・'];

/// Characters of more confidence than this are not doubted: a check character that fits by chance
/// (one candidate in 31 does) must not change what was clearly seen.
const SURE: f32 = 0.97;

/// Repairs a line by all rules.
pub(super) fn repair(line: &mut LayoutLine) {
    broken_fours(line);
    credit_codes(line);
    per_mille(line);
    days(line);
}

/// Repairs the credit code of the line, if it has one.
fn credit_codes(line: &mut LayoutLine) {
    let chars: Vec<char> = line.text.chars().collect();
    let mut start = 0;
    while start < chars.len() {
        let run = chars[start..].iter().take_while(|c| c.is_ascii_alphanumeric()).count();
        if run == CODE_CHARS {
            let code = &chars[start..start + run];
            let doubted = |i: usize| {
                line.chars
                    .get(start + i)
                    .is_none_or(|c: &LayoutChar| c.confidence < SURE)
            };
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
                    // A line has one code, never two.
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

/// A code or number of a person that is valid once each speck with a 1 after it is a 4.
fn broken_fours(line: &mut LayoutLine) {
    let chars: Vec<char> = line.text.chars().collect();
    let is_code = |c: &char| c.is_ascii_alphanumeric() || SPECKS.contains(c);
    let mut start = 0;
    while start < chars.len() {
        // A speck before the code is a token of its own.
        if !chars[start].is_ascii_alphanumeric() {
            start += 1;
            continue;
        }
        let run = chars[start..].iter().take_while(|c| is_code(c)).count();
        let end = start + run;
        let breaks: Vec<usize> = (start..end - 1)
            .filter(|at| SPECKS.contains(&chars[*at]) && chars[at + 1] == '1')
            .collect();
        let whole: String = (start..end)
            .filter(|at| !breaks.contains(at))
            .map(|at| {
                if at > start && breaks.contains(&(at - 1)) {
                    '4'
                } else {
                    chars[at]
                }
            })
            .collect();
        if !breaks.is_empty() && run - breaks.len() == CODE_CHARS && (is_credit_code(&whole) || is_id_number(&whole)) {
            breaks.iter().rev().for_each(|at| fuse(line, *at, '4'));
            line.alternatives.push(Alternative {
                start,
                count: CODE_CHARS,
                text: chars[start..end].iter().collect(),
                rule: "broken_four".to_owned(),
            });
            return;
        }
        start = end;
    }
}

/// `%0` after a number and before anything but a digit is the sign for per mille, which the
/// network knows but seldom sees.
fn per_mille(line: &mut LayoutLine) {
    let chars: Vec<char> = line.text.chars().collect();
    let found = chars.windows(2).enumerate().find(|(at, pair)| {
        let digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
        **pair == ['%', '0'] && digit(at.checked_sub(1)) && !digit(Some(at + 2))
    });
    let Some((start, _)) = found else { return };
    fuse(line, start, '‰');
    let (text, rule) = ("%0".to_owned(), "per_mille".to_owned());
    line.alternatives.push(Alternative {
        start,
        count: 1,
        text,
        rule,
    });
}

/// Between the month and the sign for day only a number occurs: `4月19.日`.
fn days(line: &mut LayoutLine) {
    let chars: Vec<char> = line.text.chars().collect();
    let speck = (2..chars.len().saturating_sub(1)).find(|at| {
        let digits = chars[..*at].iter().rev().take_while(|c| c.is_ascii_digit()).count();
        let month = at.checked_sub(digits + 1).is_some_and(|before| chars[before] == '月');
        SPECKS.contains(&chars[*at]) && chars[at + 1] == '日' && (1..=2).contains(&digits) && month
    });
    let Some(at) = speck else { return };
    fuse(line, at, '日');
    line.alternatives.push(Alternative {
        start: at,
        count: 1,
        text: chars[at..at + 2].iter().collect(),
        rule: "day".to_owned(),
    });
}

/// Merges this character with the next one; notes about later characters move along.
fn fuse(line: &mut LayoutLine, at: usize, into: char) {
    let chars: Vec<char> = line.text.chars().collect();
    if line.chars.len() == chars.len() {
        let second = line.chars.remove(at + 1);
        let first = &mut line.chars[at];
        first.w = second.x + second.w - first.x;
        first.confidence = first.confidence.min(second.confidence);
    }
    let before = chars[..at].iter().copied();
    line.text = before.chain([into]).chain(chars[at + 2..].iter().copied()).collect();
    for other in &mut line.alternatives {
        if other.start > at {
            other.start -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(read: &str, confidence: f32) -> LayoutLine {
        let char_box = LayoutChar {
            x: 1.0,
            w: 1.0,
            confidence,
        };
        LayoutLine {
            text: read.to_owned(),
            chars: vec![char_box; read.chars().count()],
            ..LayoutLine::default()
        }
    }

    fn check(read: &str, sure: f32, text: &str, alternatives: usize) {
        let mut line = line(read, sure);
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

    fn check_signs(read: &str, text: &str, alternatives: &[(usize, &str)]) {
        let mut line = line(read, 0.9);
        repair(&mut line);
        assert_eq!(line.text, text);
        assert_eq!(line.chars.len(), text.chars().count());
        let others: Vec<(usize, &str)> = line.alternatives.iter().map(|a| (a.start, a.text.as_str())).collect();
        assert_eq!(others, alternatives, "{read}");
    }

    #[test]
    fn per_mille_is_one_sign() {
        check_signs("总额的5%0向守约方", "总额的5‰向守约方", &[(4, "%0")]);
        check_signs("100%05", "100%05", &[]);
        check_signs("5%", "5%", &[]);
    }

    #[test]
    fn a_broken_four_is_one_where_the_check_character_says_so() {
        check_signs(
            "代码：91:13010·1DRD8L0EX3P（副本）",
            "代码：91430104DRD8L0EX3P（副本）",
            &[(3, "91:13010·1DRD8L0EX3P")],
        );
        check_signs("证号1:10106197801020018", "证号1:10106197801020018", &[]);
        check_signs("身份证·130104197312150386", "身份证·130104197312150386", &[]);
        check_signs(
            "公民身份号码:110101199003070012",
            "公民身份号码:110101199003070012",
            &[],
        );
        check_signs("3:15 and 10:12:1", "3:15 and 10:12:1", &[]);
    }

    #[test]
    fn a_speck_in_a_day_is_no_sign() {
        check_signs("2019年4月19.日", "2019年4月19日", &[(9, ".日")]);
        check_signs("1.日期：4月", "1.日期：4月", &[]);
        check_signs("每月.日", "每月.日", &[]);
    }

    #[test]
    fn other_text_is_left_alone() {
        check("ABCDEFGHIJKLMNOPQR", 0.5, "ABCDEFGHIJKLMNOPQR", 0);
        check("622202123456789012345", 0.5, "622202123456789012345", 0);
    }
}
