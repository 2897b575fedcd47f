//! Dates as written on paper, possibly partial, in every form that people write. The only parser of typed dates:
//! manifests, the API, queries, screens and the command line all use it.

use crate::{
    Bilingual, Language, Result, Unusable, fold,
    han_numerals::{han_digits, han_number},
    list::closed_list,
};
use std::fmt;

/// A date as written on paper: a year, a month or a day (`2024`, `2024-05`, `2024-05-13`); empty when unknown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PartialDate(String);

/// Years that a date on paper may have.
const YEARS: std::ops::RangeInclusive<i16> = 1000..=2999;
/// Years of dates that are written as digits alone, so that a number is not taken for a date.
const YEARS_PACKED: std::ops::RangeInclusive<i16> = 1800..=2199;
/// Days of a spreadsheet (1900 system): 1950-01-01 to 2099-12-31.
const SERIALS: std::ops::RangeInclusive<i32> = 18_264..=73_050;
/// Before this serial number the 1900 system counts a day that there was not.
const SERIAL_OF_1970: i32 = 25_569;
/// Years of the Republic of China begin with 1912.
const REPUBLIC: i16 = 1911;

impl PartialDate {
    /// Reads `2024`, `2024-05`, `2024-05-13` with any of `-`, `/`, `.`, a space or 年月日 between the numbers, `201905`,
    /// `20240513`, Chinese numerals (二〇二四年五月一日), years of the Republic (民国三十八年), months in English words
    /// (`13 May 2024`), a date with a time of day, which is left out, and the day number of a spreadsheet (`45413`). Full
    /// width does not matter. Nothing is guessed: two digits are no year, and `5/1/2024` may be May or January.
    ///
    /// # Errors
    /// Says what is wrong and what to write.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text).map_err(|fault| fault.of(text))
    }

    /// As [`PartialDate::parse`], with a fault that the caller puts in the reader's language.
    ///
    /// # Errors
    /// What is wrong.
    pub fn read(text: &str) -> Result<Self, DateFault> {
        match text.trim() {
            "" => Ok(Self::default()),
            text => read(text),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Digits only, padded with zeros, so that a year sorts before its months: `20240500`. Empty when unknown.
    pub fn sort_key(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let digits: String = self.0.chars().filter(char::is_ascii_digit).collect();
        format!("{digits:0<8}")
    }

    /// The days that it covers; nothing when unknown.
    pub fn days(&self) -> Option<DateRange> {
        let digits: String = self.0.chars().filter(char::is_ascii_digit).collect();
        let padded = |with: char| {
            format!(
                "{digits}{}",
                with.to_string().repeat(8_usize.saturating_sub(digits.len()))
            )
        };
        (!digits.is_empty())
            .then(|| (padded('0').parse(), padded('9').parse()))
            .and_then(|(from, to)| {
                Some(DateRange {
                    from: from.ok()?,
                    to: to.ok()?,
                })
            })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Days as `yyyymmdd`, both ends included. An unknown month or day of a paper is `00`, an open end of a range `9999`, so
/// that `2019` holds every paper of 2019, however exactly it is dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    pub from: u32,
    pub to: u32,
}

const LAST_DAY: u32 = 99_999_999;

impl DateRange {
    /// A date, or two with `..`, `~`, 至 or 到 between them (`2019..2021`, `..2021`, `2019..`), or two years with a dash.
    /// The order of the two does not matter.
    ///
    /// # Errors
    /// Says what is wrong with which date.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text).map_err(|fault| fault.of(text))
    }

    /// As [`DateRange::parse`], with a fault that the caller puts in the reader's language.
    ///
    /// # Errors
    /// What is wrong.
    pub fn read(text: &str) -> Result<Self, DateFault> {
        let plain = fold::half_width(text.trim());
        let days = |text: &str| PartialDate::read(text).map(|date| date.days());
        for separator in ["..", "…", "~", "～", "至", "到"] {
            let Some((from, to)) = plain.split_once(separator) else {
                continue;
            };
            // NFKC makes three dots of an ellipsis.
            return match (days(from.trim_end_matches('.'))?, days(to.trim_start_matches('.'))?) {
                (None, None) => Err(DateFault::Nothing),
                (Some(first), None) => Ok(Self {
                    from: first.from,
                    to: LAST_DAY,
                }),
                (None, Some(last)) => Ok(Self { from: 0, to: last.to }),
                (Some(first), Some(last)) => Ok(first.joined(last)),
            };
        }
        let years = plain.split_once('-').filter(|(from, to)| is_year(from) && is_year(to));
        if let Some((from, to)) = years
            && let (Some(first), Some(last)) = (days(from)?, days(to)?)
        {
            return Ok(first.joined(last));
        }
        days(&plain)?.ok_or(DateFault::Nothing)
    }

    fn joined(self, other: Self) -> Self {
        Self {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
        }
    }
}

fn is_year(text: &str) -> bool {
    let text = text.trim();
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
}

impl DateFault {
    fn of(self, text: &str) -> Unusable {
        let reason = Bilingual::new(
            format!("{}; write 2024, 2024-05 or 2024-05-13", self.name(Language::English)),
            format!("{}；请写 2024、2024-05 或 2024-05-13", self.name(Language::Chinese)),
        );
        Unusable::new("date", text.trim(), reason)
    }
}

/// One number or month's name of a date.
#[derive(Debug, Clone, Copy, PartialEq)]
enum DatePart {
    Number { value: i32, digits: usize },
    Month(i32),
}

closed_list! {
    /// Why a date cannot be used.
    DateFault ("fault of a date", "日期错误") {
        Form = "form" ["日期要有年、月、日"] ["a date has a year, a month and a day"];
        YearDigits = "year_digits" ["年份要写四位"] ["the year needs its four digits"];
        YearRange = "year_range" ["没有这样的年份"] ["the year is out of range"];
        Order = "order" ["分不清日和月"] ["day and month cannot be told apart"];
        Month = "month" ["没有这个月份"] ["there is no such month"];
        Day = "day" ["该月没有这一天"] ["there is no such day in that month"];
        Digits = "digits" ["这串数字不是日期"] ["these digits are no year, month or day"];
        Time = "time" ["时刻读不出来"] ["the time of day cannot be read"];
        Nothing = "nothing" ["没有写日期"] ["nothing is written"];
    }
}

fn read(text: &str) -> Result<PartialDate, DateFault> {
    let plain: String = fold::half_width(text)
        .chars()
        .map(|c| if c != '_' && fold::is_dash(c) { '-' } else { c })
        .collect();
    let day_part = without_time(&plain)?;
    let republic = ["中华民国", "中華民國", "民国", "民國"];
    if let Some(rest) = republic.iter().find_map(|era| day_part.strip_prefix(era)) {
        return year_of_republic(rest.trim());
    }
    match parts(day_part)?.as_slice() {
        [DatePart::Number { value, digits }] => alone(*value, *digits),
        [DatePart::Number { value: year, digits }, month] => {
            date(full_year(*year, *digits)?, Some(month_of(*month)?), None)
        }
        [DatePart::Month(month), DatePart::Number { value: year, digits }] => {
            date(full_year(*year, *digits)?, Some(*month), None)
        }
        [
            DatePart::Number { value: day, .. },
            DatePart::Month(month),
            DatePart::Number { value: year, digits },
        ]
        | [
            DatePart::Month(month),
            DatePart::Number { value: day, .. },
            DatePart::Number { value: year, digits },
        ] if *day <= 31 => date(full_year(*year, *digits)?, Some(*month), Some(*day)),
        [
            DatePart::Number { digits: first, .. },
            DatePart::Number { .. },
            DatePart::Number { digits: last, .. },
        ] if *first <= 2 && *last == 4 => Err(DateFault::Order),
        [
            DatePart::Number { value: year, digits },
            month,
            DatePart::Number { value: day, .. },
        ] => date(full_year(*year, *digits)?, Some(month_of(*month)?), Some(*day)),
        _ => Err(DateFault::Form),
    }
}

/// The date of a date with a time of day: `2024-05-01 00:00:00`, `2024-05-01T23:30:00+08:00`. The day is the one that is
/// written, whatever the zone.
fn without_time(text: &str) -> Result<&str, DateFault> {
    let Some(colon) = text.find(':') else { return Ok(text) };
    let hour = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let day = text[..hour].trim_end();
    let day = day.strip_suffix(['T', 't']).unwrap_or(day);
    let parts: Vec<&str> = text[hour..].split([':', '+', '.', '-', 'Z', 'z', ' ']).collect();
    let is_time = (1..=2).contains(&(colon - hour))
        && day.len() < text[..hour].len()
        && parts
            .iter()
            .all(|part| part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit()));
    let within = |at: usize, below: u32| {
        parts
            .get(at)
            .and_then(|part| part.parse::<u32>().ok())
            .is_some_and(|value| value < below)
    };
    if is_time && within(0, 25) && within(1, 60) {
        Ok(day)
    } else {
        Err(DateFault::Time)
    }
}

fn parts(text: &str) -> Result<Vec<DatePart>, DateFault> {
    let separators = ['-', '/', '.', '年', '月', '日', '号', '號', ' ', ','];
    let pieces = text.split(separators).map(str::trim).filter(|piece| !piece.is_empty());
    let parts = pieces.map(part).collect::<Result<Vec<_>, _>>()?;
    // `5月13日` is a day of no year; the signs must be in their order.
    let signs: Vec<usize> = ["年", "月"].iter().filter_map(|sign| text.find(sign)).collect();
    if !signs.is_sorted() || parts.len() > 3 || parts.is_empty() {
        return Err(DateFault::Form);
    }
    Ok(parts)
}

fn part(piece: &str) -> Result<DatePart, DateFault> {
    if piece.bytes().all(|b| b.is_ascii_digit()) {
        let value = piece.parse().map_err(|_| DateFault::Form)?;
        return Ok(DatePart::Number {
            value,
            digits: piece.len(),
        });
    }
    if piece.bytes().all(|b| b.is_ascii_alphabetic()) && piece.len() >= 3 {
        return month_named(piece).map(DatePart::Month).ok_or(DateFault::Form);
    }
    if let Some(digits) = han_digits(piece).filter(|digits| digits.len() == 4) {
        let value = digits.parse().map_err(|_| DateFault::Form)?;
        return Ok(DatePart::Number { value, digits: 4 });
    }
    let value = han_number(piece).ok_or(DateFault::Form)?;
    Ok(DatePart::Number { value, digits: 2 })
}

fn month_named(word: &str) -> Option<i32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let at = MONTHS
        .iter()
        .position(|month| month.starts_with(&word) || word == "sept" && *month == "september")?;
    i32::try_from(at + 1).ok()
}

/// Digits alone: a year, `yyyymm`, `yyyymmdd`, or the number of a day in a spreadsheet.
fn alone(value: i32, digits: usize) -> Result<PartialDate, DateFault> {
    let packed = |year: i32| {
        i16::try_from(year)
            .ok()
            .filter(|year| YEARS_PACKED.contains(year))
            .ok_or(DateFault::YearRange)
    };
    match digits {
        4 => date(full_year(value, 4)?, None, None),
        5 if SERIALS.contains(&value) => serial(value),
        6 => date(packed(value / 100)?, Some(value % 100), None),
        8 => date(packed(value / 10_000)?, Some(value / 100 % 100), Some(value % 100)),
        1 | 2 => Err(DateFault::YearDigits),
        _ => Err(DateFault::Digits),
    }
}

fn serial(days: i32) -> Result<PartialDate, DateFault> {
    let epoch = jiff::civil::date(1970, 1, 1);
    let day = jiff::Span::new()
        .try_days(days - SERIAL_OF_1970)
        .map_err(|_| DateFault::Form)?;
    let found = epoch.checked_add(day).map_err(|_| DateFault::Form)?;
    Ok(PartialDate(found.to_string()))
}

fn year_of_republic(text: &str) -> Result<PartialDate, DateFault> {
    let (year, rest) = text.split_once('年').ok_or(DateFault::Form)?;
    let year = match year.trim() {
        "元" => 1,
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().map_err(|_| DateFault::Form)?,
        han => han_number(han).ok_or(DateFault::Form)?,
    };
    let year = i16::try_from(year)
        .ok()
        .filter(|year| (1..=200).contains(year))
        .ok_or(DateFault::YearRange)?
        + REPUBLIC;
    match rest.trim() {
        "" => date(year, None, None),
        rest => match parts(rest)?.as_slice() {
            [month] => date(year, Some(month_of(*month)?), None),
            [month, DatePart::Number { value: day, .. }] => date(year, Some(month_of(*month)?), Some(*day)),
            _ => Err(DateFault::Form),
        },
    }
}

fn full_year(value: i32, digits: usize) -> Result<i16, DateFault> {
    if digits < 4 {
        return Err(DateFault::YearDigits);
    }
    i16::try_from(value)
        .ok()
        .filter(|year| digits == 4 && YEARS.contains(year))
        .ok_or(DateFault::YearRange)
}

fn month_of(part: DatePart) -> Result<i32, DateFault> {
    match part {
        DatePart::Month(month) => Ok(month),
        DatePart::Number { value, digits } if digits <= 2 => Ok(value),
        DatePart::Number { .. } => Err(DateFault::Month),
    }
}

fn date(year: i16, month: Option<i32>, day: Option<i32>) -> Result<PartialDate, DateFault> {
    let Some(month) = month else {
        return Ok(PartialDate(format!("{year:04}")));
    };
    let month = i8::try_from(month)
        .ok()
        .filter(|month| (1..=12).contains(month))
        .ok_or(DateFault::Month)?;
    let Some(day) = day else {
        return Ok(PartialDate(format!("{year:04}-{month:02}")));
    };
    i8::try_from(day)
        .ok()
        .and_then(|day| jiff::civil::Date::new(year, month, day).ok())
        .map(|date| PartialDate(date.to_string()))
        .ok_or(DateFault::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        let check = |input: &str, expected: &str| {
            let read = PartialDate::parse(input).map(|date| date.as_str().to_owned());
            assert_eq!(read.as_deref(), Ok(expected), "{input}");
        };
        for day in [
            "2024-05-01",
            "2024-5-1",
            "2024/5/1",
            "2024.5.1",
            "2024.05.01.",
            "2024 5 1",
            "20240501",
            "2024年5月1日",
            "2024 年 5 月 1 号",
            "２０２４－０５－０１",
            "２０２４年５月１日",
            "二〇二四年五月一日",
            "二○二四年五月一日",
            "二零二四年五月一日",
            "二O二四年〇五月〇一日",
            "2024年五月一日",
            "2024-05-01 00:00:00",
            "2024-05-01T23:30:00+08:00",
            "2024-05-01T23:30:00.123456Z",
            "2024/5/1 0:00",
            "2024年5月1日 9:30",
            "45413",
            "1 May 2024",
            "1-May-2024",
            "May 1, 2024",
            "2024 may 1",
            " 2024—05—01 ",
            "民国113年5月1日",
        ] {
            check(day, "2024-05-01");
        }
        for month in [
            "2024-05",
            "2024-5",
            "2024/5",
            "2024.5",
            "2024 5",
            "202405",
            "2024年5月",
            "２０２４年５月",
            "二〇二四年五月",
            "May 2024",
        ] {
            check(month, "2024-05");
        }
        for year in ["2024", "2024年", "二〇二四年", "二〇二四", "２０２４"] {
            check(year, "2024");
        }
        check("民国三十八年五月", "1949-05");
        check("民国元年", "1912");
        check("二○一九年十二月二十八日", "2019-12-28");
        check("", "");
        check("  ", "");
    }

    #[test]
    fn what_is_refused_says_why() {
        let check = |input: &str, because: &str| {
            let refused = PartialDate::parse(input).map_err(|unusable| unusable.reason);
            assert!(
                refused
                    .as_ref()
                    .is_err_and(|reason| reason.to_string().starts_with(because)),
                "{input}: {refused:?}"
            );
        };
        check("2024-02-30", "there is no such day in that month");
        check("2023/2/29", "there is no such day in that month");
        check("2024年13月", "there is no such month");
        check("2024-05-32", "there is no such day in that month");
        check("5/1/2024", "day and month");
        check("1-May-24", "the year needs");
        check("24.5.1", "the year needs");
        check("5月13日", "the year needs");
        check("240501", "the year is out of range");
        check("99999", "these digits");
        check("3000-01-01", "the year is out of range");
        check("2024-05-01 25:00", "the time of day");
        for nonsense in ["gestern", "昨天", "2024-05-13-01", "-", "2024年度", "十五月", "日期"] {
            assert!(PartialDate::parse(nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn days_and_ranges() {
        let check = |text: &str, expected: Option<(u32, u32)>| {
            let found = DateRange::parse(text).ok().map(|range| (range.from, range.to));
            assert_eq!(found, expected, "{text}");
        };
        check("2019", Some((20_190_000, 20_199_999)));
        check("2019-05", Some((20_190_500, 20_190_599)));
        check("201905", Some((20_190_500, 20_190_599)));
        check("2019年5月", Some((20_190_500, 20_190_599)));
        check("２０１９／５／１３", Some((20_190_513, 20_190_513)));
        check("2019..2021", Some((20_190_000, 20_219_999)));
        check("2019...2021", Some((20_190_000, 20_219_999)));
        check("2019…2021", Some((20_190_000, 20_219_999)));
        check("2019-2021", Some((20_190_000, 20_219_999)));
        check("2021..2019-03", Some((20_190_300, 20_219_999)));
        check("..2021", Some((0, 20_219_999)));
        check("2019..", Some((20_190_000, LAST_DAY)));
        check("2019至2020", Some((20_190_000, 20_209_999)));
        check("2019～2020", Some((20_190_000, 20_209_999)));
        check("2024-02-29", Some((20_240_229, 20_240_229)));
        for wrong in ["2023-02-29", "2019-13", "昨天", "..", "2019-05-13-01", "", "99999"] {
            check(wrong, None);
        }
    }

    #[test]
    fn years_sort_before_their_months() {
        let key = |text: &str| PartialDate::parse(text).map(|date| date.sort_key());
        assert_eq!(key("2024-05").as_deref(), Ok("20240500"));
        assert_eq!(key("").as_deref(), Ok(""));
    }
}
