//! Dates as written on paper: `2024年5月13日`, `2024-05-13`, `二〇二四年五月`, partial where the paper is.
//!
//! A day that does not exist is no date. Refuses to guess centuries.

use super::{PageView, rule};
use records::PartialDate;
use records::documents::{Fact, FactKind};
use std::ops::Range;

/// A date with its place in bytes of the text that was searched.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FoundDate {
    pub bytes: Range<usize>,
    pub date: PartialDate,
    pub script: DateScript,
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateScript {
    Digits,
    /// In Chinese numerals.
    Han,
    /// In digits of which one or more were slashed zeros that a machine took for 8 or 6: there is no such day as it was
    /// read, and one as it must have been.
    SlashedZeros,
}

/// Digits of years in Chinese numerals; the circle is drawn in several ways.
const HAN_DIGITS: &str = "〇一二三四五六七八九";
const CIRCLES: [char; 5] = ['〇', '○', '零', 'O', '0'];

/// Adds the dates of a page.
pub(super) fn find(view: &PageView<'_>, facts: &mut Vec<Fact>) {
    for spot in scan(&view.kept.text) {
        let chars = view.kept.chars(spot.bytes.clone());
        let (rule, certainty) = match spot.script {
            DateScript::Digits => ("date".to_owned(), 0.95),
            DateScript::Han => ("date:han".to_owned(), 0.95),
            DateScript::SlashedZeros => (format!("date{}", rule::REPAIRED), 0.5),
        };
        facts.push(view.fact(FactKind::Date, chars, spot.date.as_str().to_owned(), rule, certainty));
    }
}

/// All dates of a text in half width. Line breaks end a date, spaces do not.
pub(super) fn scan(text: &str) -> Vec<FoundDate> {
    let mut spots: Vec<FoundDate> = Vec::new();
    for (at, c) in text.char_indices() {
        if spots.last().is_some_and(|last| at < last.bytes.end) {
            continue;
        }
        // A dash after a date leads to the end of a span, any other sign to the middle of a number.
        let after_date = spots.last().is_some_and(|last| last.bytes.end + 1 == at);
        let before = text[..at].chars().next_back().filter(|_| !after_date);
        let found = match c {
            '1' | '2' if !before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, '-' | '/' | '.')) => {
                arabic(&text[at..])
            }
            '一' | '二' => han(&text[at..]),
            _ => None,
        };
        let Some((length, date, script)) = found else {
            continue;
        };
        spots.push(FoundDate {
            bytes: at..at + length,
            date,
            script,
        });
    }
    spots
}

/// A date at the beginning of the text.
pub(super) fn at_start(text: &str) -> Option<(usize, PartialDate)> {
    let found = arabic(text).or_else(|| han(text))?;
    Some((found.0, found.1))
}

/// Reads on while there is something to read.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl Cursor<'_> {
    fn spaces(&mut self) {
        self.at += self.text[self.at..].len() - self.text[self.at..].trim_start_matches(' ').len();
    }

    /// One of these characters, spaces before it aside.
    fn one_of(&mut self, wanted: &[char]) -> Option<char> {
        let back = self.at;
        self.spaces();
        let c = self.text[self.at..].chars().next().filter(|c| wanted.contains(c));
        match c {
            Some(c) => self.at += c.len_utf8(),
            None => self.at = back,
        }
        c
    }

    /// One or two digits, spaces before them aside, as a number.
    fn digits(&mut self) -> Option<u32> {
        let back = self.at;
        self.spaces();
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=2).contains(&length) {
            self.at = back;
            return None;
        }
        self.at += length;
        rest[..length].parse().ok()
    }

    /// A number below a hundred in Chinese numerals.
    fn han_number(&mut self) -> Option<u32> {
        let back = self.at;
        self.spaces();
        let rest = &self.text[self.at..];
        let numeral: String = rest.chars().take_while(|c| han_value(*c).is_some()).take(4).collect();
        let value = han_below_hundred(&numeral);
        match value {
            Some(_) => self.at += numeral.len(),
            None => self.at = back,
        }
        value
    }
}

fn arabic(text: &str) -> Option<(usize, PartialDate, DateScript)> {
    let year = text.get(..4).filter(|y| y.bytes().all(|b| b.is_ascii_digit()))?;
    let mut cursor = Cursor { text, at: 4 };
    let separator = cursor.one_of(&['年', '-', '/', '.'])?;
    let month = cursor.digits()?;
    if separator == '年' {
        cursor.one_of(&['月'])?;
        let end = cursor.at;
        let day = cursor
            .digits()
            .and_then(|day| cursor.one_of(&['日', '号']).map(|_| day));
        let end = if day.is_some() { cursor.at } else { end };
        return in_digits(year, month, day, end);
    }
    // Two numbers with a dot between them are a sum or a version; a date in signs has three.
    cursor.one_of(&[separator])?;
    let day = cursor.digits()?;
    let next = text[cursor.at..].chars().next();
    if next.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    in_digits(year, month, Some(day), cursor.at)
}

fn in_digits(year: &str, month: u32, day: Option<u32>, end: usize) -> Option<(usize, PartialDate, DateScript)> {
    if let Some(date) = finished(year, month, day) {
        return Some((end, date, DateScript::Digits));
    }
    let date = with_slashed_zeros(year, month, day?)?;
    Some((end, date, DateScript::SlashedZeros))
}

/// The day that there is when as few digits as possible that look like slashed zeros are zeros; nothing when several are.
fn with_slashed_zeros(year: &str, month: u32, day: u32) -> Option<PartialDate> {
    let digits: Vec<u8> = format!("{year}{month:02}{day:02}").into_bytes();
    let slashed: Vec<usize> = (0..digits.len())
        .filter(|at| matches!(digits[*at], b'8' | b'6'))
        .collect();
    let mut best: Option<(u32, PartialDate)> = None;
    let mut is_tied = false;
    for taken in 1_u32..(1 << slashed.len().min(8)) {
        let mut read = digits.clone();
        for (bit, at) in slashed.iter().enumerate() {
            if taken & (1 << bit) != 0 {
                read[*at] = b'0';
            }
        }
        let text = String::from_utf8(read).ok()?;
        let number = |part: &str| part.parse::<u32>().unwrap_or_default();
        let Some(date) = finished(&text[..4], number(&text[4..6]), Some(number(&text[6..]))) else {
            continue;
        };
        match &best {
            Some((least, _)) if *least < taken.count_ones() => {}
            Some((least, _)) if *least == taken.count_ones() => is_tied = true,
            _ => (best, is_tied) = (Some((taken.count_ones(), date)), false),
        }
    }
    best.filter(|_| !is_tied).map(|(_, date)| date)
}

fn han(text: &str) -> Option<(usize, PartialDate, DateScript)> {
    let mut year = String::new();
    let mut at = 0;
    for c in text.chars().filter(|c| *c != ' ').take(4) {
        let digit = if CIRCLES.contains(&c) {
            0
        } else {
            HAN_DIGITS.chars().position(|d| d == c)?
        };
        year.push(char::from_digit(digit as u32, 10)?);
    }
    for _ in 0..4 {
        let rest = &text[at..];
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        at += spaces + text[at + spaces..].chars().next()?.len_utf8();
    }
    let mut cursor = Cursor { text, at };
    cursor.one_of(&['年'])?;
    let year_ends = cursor.at;
    let month = cursor.han_number().and_then(|m| cursor.one_of(&['月']).map(|_| m));
    let Some(month) = month else {
        let date = PartialDate::parse(&year).ok()?;
        return Some((year_ends, date, DateScript::Han));
    };
    let end = cursor.at;
    let day = cursor
        .han_number()
        .and_then(|day| cursor.one_of(&['日', '号']).map(|_| day));
    let end = if day.is_some() { cursor.at } else { end };
    Some((end, finished(&year, month, day)?, DateScript::Han))
}

fn finished(year: &str, month: u32, day: Option<u32>) -> Option<PartialDate> {
    let text = match day {
        Some(day) => format!("{year}-{month}-{day}"),
        None => format!("{year}-{month}"),
    };
    // Papers of an archive are not from the Middle Ages; 1234-5-6 is a number.
    if !("1900".."2200").contains(&year) {
        return None;
    }
    PartialDate::parse(&text).ok()
}

fn han_value(c: char) -> Option<u32> {
    match c {
        '十' => Some(10),
        '廿' => Some(20),
        '卅' => Some(30),
        '〇' | '○' | '零' => Some(0),
        c => HAN_DIGITS.chars().position(|d| d == c).map(|v| v as u32),
    }
}

/// `五`, `十二`, `二十`, `二十八`, `廿八`, `〇五`.
fn han_below_hundred(numeral: &str) -> Option<u32> {
    let values: Vec<u32> = numeral.chars().filter_map(han_value).collect();
    match values.as_slice() {
        [v] => Some(*v),
        [0, v] if *v < 10 => Some(*v),
        [tens @ (10 | 20 | 30), v] if *v < 10 => Some(tens + v),
        [v, 10] if *v < 10 => Some(v * 10),
        [v, 10, w] if *v < 10 && *w < 10 => Some(v * 10 + w),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = scan(text).into_iter().map(|s| s.date.as_str().to_owned()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn dates_in_every_writing() {
        check(
            "签订日期:2024年5月13日,2024-05-14和2024/5/15、2024.5.16。",
            &["2024-05-13", "2024-05-14", "2024-05-15", "2024-05-16"],
        );
        check("2024 年 5 月 13 日", &["2024-05-13"]);
        check("自2019.05.01-2039.05.01", &["2019-05-01", "2039-05-01"]);
        check("预计2024年5月投产", &["2024-05"]);
        check("二〇二四年五月", &["2024-05"]);
        check("二○一九年十二月二十八日", &["2019-12-28"]);
        check("二 〇 二 四 年 十 月 一 日", &["2024-10-01"]);
        check("一九九八年廿八日", &["1998"]);
    }

    #[test]
    fn slashed_zeros_are_zeros_where_there_is_no_such_day() {
        check("2022-83-18", &["2022-03-18"]);
        check("开票日期:2622-84-86", &["2022-04-06"]);
        check("2824年85月12日", &["2024-05-12"]);
        check("2022-08-16", &["2022-08-16"]);
        check("2022-93-18", &[]);
        assert_eq!(scan("2022-83-18")[0].script, DateScript::SlashedZeros);
    }

    #[test]
    fn what_is_no_date() {
        check("2024年13月1日", &[]);
        check("2024-13-01 2024-02-30", &[]);
        check("2023年2月30日", &[]);
        check("金额2024.50元", &[]);
        check("电话0574-2024-05-13", &[]);
        check("版本 1.2.3 和 12024-05-13", &[]);
        check("二十四小时", &[]);
        check("1234年5月6日", &[]);
    }
}
