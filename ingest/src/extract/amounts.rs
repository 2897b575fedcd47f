//! Sums of money: in digits, in the capital numerals of cheques, and whether the two agree.
//!
//! The value is in yuan with two decimals. Capital numerals beside digits state the same sum twice;
//! where they do not, one of them was read or written wrong, and the fact says so.

use super::PageView;
use records::documents::{Fact, FactKind};
use std::ops::Range;

/// Names of the rules, which show how certain a sum is.
const DIGITS: &str = "amount:digits";
const CAPITAL: &str = "amount:capital";
const AGREES: &str = "amount:capital_agrees";
/// Distance between the two writings of one sum, in bytes.
const NEAR: usize = 90;
/// Closer than this, with no more than a bracket and `小写：￥` between them, they are meant to be the same sum.
const BESIDE: usize = 30;
/// Sums kept of one page; a list of prices is not a list of facts.
const AMOUNTS_MAX: usize = 40;

/// A sum with its place.
#[derive(Clone, Debug, PartialEq)]
struct Sum {
    bytes: Range<usize>,
    fen: u64,
}

/// Adds the sums of a page.
pub(super) fn find(view: &PageView<'_>, facts: &mut Vec<Fact>) {
    let text = &view.kept.text;
    let (digits, capital) = (in_digits(text), in_capitals(text));
    let gap = |a: &Sum, b: &Sum| {
        let (first, second) = if a.bytes.start < b.bytes.start { (a, b) } else { (b, a) };
        second.bytes.start.saturating_sub(first.bytes.end)
    };
    // Whether the other writing of a sum is near it, or another sum in its place.
    let beside = |sum: &Sum, others: &[Sum]| {
        let agrees = |other: &Sum| gap(sum, other) < NEAR && other.fen == sum.fen;
        if others.iter().any(agrees) {
            return Some(true);
        }
        others.iter().any(|other| gap(sum, other) < BESIDE).then_some(false)
    };
    let mut found: Vec<(Sum, &str, f64)> = Vec::new();
    for sum in &capital {
        let (rule, certainty) = match beside(sum, &digits) {
            Some(true) => (AGREES, 1.0),
            Some(false) => (Fact::SUMS_DIFFER, 0.5),
            None => (CAPITAL, 0.9),
        };
        found.push((sum.clone(), rule, certainty));
    }
    for sum in &digits {
        // Prices around a total differ from it and mean nothing; only agreement says something.
        let (rule, certainty) = match beside(sum, &capital) {
            Some(true) => (AGREES, 1.0),
            _ => (DIGITS, 0.9),
        };
        found.push((sum.clone(), rule, certainty));
    }
    found.sort_by_key(|(sum, ..)| sum.bytes.start);
    for (sum, rule, certainty) in found.into_iter().take(AMOUNTS_MAX) {
        let value = format!("{}.{:02}", sum.fen / 100, sum.fen % 100);
        let chars = view.kept.chars(sum.bytes);
        facts.push(view.fact(FactKind::Amount, chars, value, rule.to_owned(), certainty));
    }
}

/// Numbers with a currency before them or a unit after them.
fn in_digits(text: &str) -> Vec<Sum> {
    let mut sums = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let first = at + offset;
        let rest = &text[first..];
        let length = rest
            .find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'))
            .unwrap_or(rest.len());
        let number = rest[..length].trim_end_matches([',', '.']);
        at = first + length.max(1);
        let before = text[..first].trim_end_matches([' ', ':', '(']);
        let currency = ["¥", "人民币", "RMB", "CNY"].iter().any(|mark| before.ends_with(mark));
        let after = rest[number.len()..].trim_start_matches(' ');
        let unit = [("万元", 1_000_000), ("亿元", 10_000_000_000), ("元", 100), ("圆", 100)]
            .into_iter()
            .find(|(word, _)| after.starts_with(word));
        let by = match unit {
            Some((_, fen)) => fen,
            None if currency => 100,
            None => continue,
        };
        // The end of a longer number or code is no sum.
        let attached = text[..first].chars().next_back();
        if attached.is_some_and(|c| c.is_ascii_alphabetic() || c == '-') && !currency {
            continue;
        }
        if let Some(fen) = fen_of(number, by) {
            sums.push(Sum {
                bytes: first..first + number.len(),
                fen,
            });
        }
    }
    sums
}

/// A number with thousands in groups of three or not at all, times this many fen.
fn fen_of(number: &str, by: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.len() == 1 || groups.iter().skip(1).all(|g| g.len() == 3);
    let plain: String = groups.concat();
    if !grouped || plain.is_empty() || plain.len() > 13 || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = plain.parse().ok()?;
    let part: u64 = format!("{part:0<4}").parse().ok()?;
    whole.checked_mul(by)?.checked_add(part * by / 10_000)
}

/// Sums like `壹佰贰拾万零伍佰元整` and `叁仟圆肆角伍分`.
fn in_capitals(text: &str) -> Vec<Sum> {
    let mut sums = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(|c| digit(c).is_some_and(|d| d > 0) || c == '拾') {
        let first = at + offset;
        let rest = &text[first..];
        let length = rest.find(|c| !is_capital(c)).unwrap_or(rest.len());
        at = first + length;
        let run: Vec<char> = rest[..length].chars().filter(|c| *c != ' ').collect();
        if let Some(fen) = fen_of_capitals(&run) {
            let length = rest[..length].trim_end_matches(' ').len();
            sums.push(Sum {
                bytes: first..first + length,
                fen,
            });
        }
    }
    sums
}

fn is_capital(c: char) -> bool {
    digit(c).is_some()
        || matches!(
            c,
            '拾' | '佰' | '仟' | '万' | '萬' | '亿' | '億' | '元' | '圆' | '角' | '分' | '整' | '正' | ' '
        )
}

fn digit(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '壹' => 1,
        '贰' | '貳' => 2,
        '叁' | '叄' => 3,
        '肆' => 4,
        '伍' => 5,
        '陆' | '陸' => 6,
        '柒' => 7,
        '捌' => 8,
        '玖' => 9,
        _ => return None,
    })
}

fn fen_of_capitals(run: &[char]) -> Option<u64> {
    let yuan = run.iter().position(|c| matches!(c, '元' | '圆'))?;
    let whole = &run[..yuan];
    let split = |run: &'_ [char], mark: [char; 2]| run.iter().position(|c| mark.contains(c));
    let (high, rest) = match split(whole, ['亿', '億']) {
        Some(at) => (below_ten_thousand(&whole[..at])?, &whole[at + 1..]),
        None => (0, whole),
    };
    let (middle, low) = match split(rest, ['万', '萬']) {
        Some(at) => (below_ten_thousand(&rest[..at])?, &rest[at + 1..]),
        None => (0, rest),
    };
    let total = high * 100_000_000 + middle * 10_000 + below_ten_thousand(low)?;
    let mut fen = total.checked_mul(100)?;
    let mut last = 0;
    for c in &run[yuan + 1..] {
        match c {
            '角' => fen += std::mem::take(&mut last) * 10,
            '分' => fen += std::mem::take(&mut last),
            '整' | '正' => break,
            c => last = digit(*c)?,
        }
    }
    (fen > 0).then_some(fen)
}

/// `叁仟零伍`, `拾`, or nothing at all.
fn below_ten_thousand(run: &[char]) -> Option<u64> {
    let mut sum = 0;
    let mut last: Option<u64> = None;
    for c in run {
        let place = match c {
            '拾' => 10,
            '佰' => 100,
            '仟' => 1_000,
            c => {
                last = Some(digit(*c)?);
                continue;
            }
        };
        // 拾 alone is ten.
        sum += last.take().unwrap_or(1) * place;
    }
    Some(sum + last.unwrap_or(0)).filter(|sum| *sum < 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_units() {
        let check = |text: &str, expected: &[u64]| {
            let found: Vec<u64> = in_digits(text).into_iter().map(|s| s.fen).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("总额为人民币¥1,234,567.00元", &[123_456_700]);
        check("¥ 1540000 和 86.5万元", &[154_000_000, 86_500_000]);
        check("注册资本2.5亿元,罚款500元", &[25_000_000_000, 50_000]);
        check("合同号12345,共36个月,第5页", &[]);
        check("人民币12,34元", &[]);
    }

    #[test]
    fn capitals() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(in_capitals(text).first().map(|s| s.fen), expected, "{text}");
        };
        check("壹佰万元整", Some(100_000_000));
        check("大写:壹拾贰万叁仟肆佰伍拾陆元柒角捌分)", Some(12_345_678));
        check("叁仟零伍圆整", Some(300_500));
        check("壹亿贰仟万零捌元整", Some(12_000_000_800));
        check("拾万元正", Some(10_000_000));
        check("伍万贰仟元整", Some(5_200_000));
        check("贰亿元整", Some(20_000_000_000));
        check("肆份,双方各执贰份", None);
    }
}
