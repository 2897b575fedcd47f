//! The fields of the query language, their names in both languages, and the two kinds of value
//! that are more than text: dates and security levels.
//!
//! This file refuses to know where a field is stored.

use records::pages::ReadingFlag;

use crate::fold::folded_string;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Customer,
    Id,
    Number,
    Dossier,
    Location,
    Kind,
    Date,
    State,
    Security,
    Title,
    Body,
    Department,
    Site,
    Reading,
}

/// Every field with its names; the first is the one that chips write, the second the Chinese one.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Customer,
        &["customer", "户名", "客户", "户号", "名称", "name", "code"],
    ),
    (
        Field::Id,
        &["id", "证件", "证件号", "证号", "身份证", "信用代码", "电话", "phone"],
    ),
    (Field::Number, &["no", "合同号", "编号", "文号", "文件号", "number"]),
    (Field::Dossier, &["dossier", "档号", "档案号", "档案编号"]),
    (Field::Location, &["location", "库位", "位置", "架位", "储位"]),
    (Field::Kind, &["kind", "类型", "种类", "文种", "type"]),
    (Field::Date, &["date", "日期", "时间", "年份", "year"]),
    (Field::State, &["state", "状态", "status"]),
    (Field::Security, &["security", "密级"]),
    (Field::Title, &["title", "题名", "标题"]),
    (Field::Body, &["text", "正文", "全文"]),
    (Field::Department, &["department", "部门"]),
    (Field::Site, &["site", "机构", "网点", "站点", "branch"]),
    (Field::Reading, &["reading", "识读", "识别"]),
];

impl Field {
    /// No field name is longer.
    pub const NAME_CHARACTERS_MAX: usize = 12;

    /// The field of a name in either language; width, case and traditional forms do not matter.
    pub fn named(name: &str) -> Option<Field> {
        let name = folded_string(name);
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&name.as_str()))
            .map(|(field, _)| *field)
    }

    pub fn english(self) -> &'static str {
        self.names()[0]
    }

    pub fn chinese(self) -> &'static str {
        self.names()[1]
    }

    pub fn all() -> impl Iterator<Item = Field> {
        NAMES.iter().map(|(field, _)| *field)
    }

    fn names(self) -> &'static [&'static str] {
        NAMES
            .iter()
            .find(|(field, _)| *field == self)
            .map(|(_, names)| *names)
            .expect("every field stands in the table of names, which a test proves")
    }
}

/// Days as `yyyymmdd`, both ends included. An unknown month or day of a paper is `00`, an open end
/// of a range `9999`, so that `2019` holds every paper of 2019, however exactly it is dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    pub from: u32,
    pub to: u32,
}

/// Security levels 0 to 3, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityRange {
    pub from: u8,
    pub to: u8,
}

const LAST_DAY: u32 = 99_999_999;

/// `2019`, `2019-05`, `2019-05-13`, `2019年5月`, `20190513`, `2019..2021`, `..2021`, `2019..`.
pub fn parse_dates(text: &str) -> Option<DateRange> {
    let text = text.trim();
    for separator in ["..", "…", "～", "~", "至", "到"] {
        let Some((from, to)) = text.split_once(separator) else {
            continue;
        };
        let from = from.trim_end_matches('.').trim();
        let to = to.trim_start_matches('.').trim();
        let first = if from.is_empty() {
            DateRange { from: 0, to: 0 }
        } else {
            parse_day(from)?
        };
        let last = if to.is_empty() {
            DateRange {
                from: LAST_DAY,
                to: LAST_DAY,
            }
        } else {
            parse_day(to)?
        };
        if from.is_empty() && to.is_empty() {
            return None;
        }
        return Some(DateRange {
            from: first.from.min(last.from),
            to: first.to.max(last.to),
        });
    }
    if let Some((from, to)) = text.split_once('-').filter(|(from, to)| is_year(from) && is_year(to)) {
        let (from, to) = (parse_day(from)?, parse_day(to)?);
        return Some(DateRange {
            from: from.from.min(to.from),
            to: from.to.max(to.to),
        });
    }
    parse_day(text)
}

/// `公开`, `内部`, `秘密`, `机密`, their English names, `0` to `3`, or a range `0..1`.
pub fn parse_security(text: &str) -> Option<SecurityRange> {
    if let Some((from, to)) = text.split_once("..") {
        let from = if from.is_empty() { 0 } else { parse_one_security(from)? };
        let to = if to.is_empty() { 3 } else { parse_one_security(to)? };
        return Some(SecurityRange {
            from: from.min(to),
            to: from.max(to),
        });
    }
    let only = parse_one_security(text)?;
    Some(SecurityRange { from: only, to: only })
}

fn parse_one_security(text: &str) -> Option<u8> {
    match folded_string(text).as_str() {
        "0" | "公开" | "public" => Some(0),
        "1" | "内部" | "internal" => Some(1),
        "2" | "秘密" | "秘密级" | "秘密级企业" | "confidential" => Some(2),
        "3" | "机密" | "机密级" | "机密级企业" | "secret" => Some(3),
        _ => None,
    }
}

/// States of documents and originals by their names in both languages. The codes are those of
/// the record.
const STATES: &[(&str, &[&str])] = &[
    ("filed", &["filed", "已归档", "归档", "已立卷"]),
    (
        "in_review",
        &["inreview", "review", "needsreview", "待审", "待核", "待核对", "待审核"],
    ),
    ("to_be_shelved", &["tobeshelved", "待上架", "未上架"]),
    ("in_place", &["inplace", "在架", "在库", "在位"]),
    ("on_loan", &["onloan", "loan", "借出", "外借", "出借"]),
    ("on_reading_table", &["onreadingtable", "阅览", "阅览中"]),
    ("out_for_scanning", &["outforscanning", "扫描中", "外送扫描"]),
    ("in_transit", &["intransit", "移交中", "在途"]),
    ("in_safe", &["insafe", "保险柜", "在保险柜"]),
    ("missing", &["missing", "缺失", "未找到"]),
    ("lost", &["lost", "丢失", "遗失"]),
    ("held_for_destruction", &["heldfordestruction", "待销毁"]),
    ("destroyed", &["destroyed", "已销毁", "销毁"]),
];

/// The codes of a state by its code or by a name that begins like this.
pub fn parse_states(text: &str) -> Vec<&'static str> {
    let wanted = folded_string(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let exact = STATES.iter().filter(|(_, names)| names.contains(&wanted.as_str()));
    let exact: Vec<&'static str> = exact.map(|(code, _)| *code).collect();
    if !exact.is_empty() {
        return exact;
    }
    let begun = STATES
        .iter()
        .filter(|(_, names)| names.iter().any(|name| name.starts_with(&wanted)));
    begun.map(|(code, _)| *code).collect()
}

/// How pages were read, by their names in both languages.
const READINGS: &[(ReadingFlag, &[&str])] = &[
    (
        ReadingFlag::InkWithoutText,
        &["inkwithouttext", "ink", "未识读墨迹", "未识读", "未识别", "墨迹"],
    ),
    (ReadingFlag::Handwriting, &["handwriting", "手写", "手写字"]),
    (
        ReadingFlag::LowConfidence,
        &["lowconfidence", "low", "低置信", "低置信度", "识别不清"],
    ),
    (ReadingFlag::Failed, &["failed", "失败页", "失败", "读取失败"]),
];
/// Every page that was not read well.
const NOT_WELL: &[&str] = &["any", "incomplete", "待看", "不完整", "有疑"];

/// The ways of reading that a name means; empty when it means none.
pub fn parse_readings(text: &str) -> Vec<ReadingFlag> {
    let wanted = folded_string(text);
    if NOT_WELL.contains(&wanted.as_str()) {
        return ReadingFlag::ALL.to_vec();
    }
    let named = READINGS.iter().filter(|(_, names)| names.contains(&wanted.as_str()));
    named.map(|(flag, _)| *flag).collect()
}

/// The days that one (possibly partial) date covers.
fn parse_day(text: &str) -> Option<DateRange> {
    let mut numbers: Vec<String> = vec![String::new()];
    for char in text.chars() {
        let digit = match char {
            '０'..='９' => char::from_digit(char as u32 - '０' as u32, 10),
            other => other.is_ascii_digit().then_some(other),
        };
        match (digit, char) {
            (Some(digit), _) => numbers.last_mut()?.push(digit),
            (None, '-' | '/' | '.' | '年' | '月' | '日' | '号' | '－' | '／' | '．') => {
                numbers.push(String::new());
            }
            _ => return None,
        }
    }
    if numbers.len() > 1 && numbers.last().is_some_and(String::is_empty) {
        numbers.pop();
    }
    if let [whole] = numbers.as_slice() {
        let parts = match whole.len() {
            4 => vec![whole[..4].to_owned()],
            6 => vec![whole[..4].to_owned(), whole[4..].to_owned()],
            8 => vec![whole[..4].to_owned(), whole[4..6].to_owned(), whole[6..].to_owned()],
            _ => return None,
        };
        numbers = parts;
    }
    if numbers.len() > 3 || !is_year(&numbers[0]) {
        return None;
    }
    let year: u32 = numbers[0].parse().ok()?;
    let month = numbers.get(1).map(|text| in_range(text, 12)).transpose_none()?;
    let day = numbers
        .get(2)
        .map(|text| in_range(text, days_of(year, month)))
        .transpose_none()?;
    let base = year * 10_000;
    Some(match (month, day) {
        (None, _) => DateRange {
            from: base,
            to: base + 9_999,
        },
        (Some(month), None) => DateRange {
            from: base + month * 100,
            to: base + month * 100 + 99,
        },
        (Some(month), Some(day)) => {
            let exact = base + month * 100 + day;
            DateRange { from: exact, to: exact }
        }
    })
}

trait TransposeNone<T> {
    fn transpose_none(self) -> Option<Option<T>>;
}

impl<T> TransposeNone<T> for Option<Option<T>> {
    /// An absent part is fine; a part that is there must be right.
    fn transpose_none(self) -> Option<Option<T>> {
        match self {
            None => Some(None),
            Some(None) => None,
            Some(value) => Some(value),
        }
    }
}

fn in_range(text: &str, last: u32) -> Option<u32> {
    if text.is_empty() || text.len() > 2 {
        return None;
    }
    let number: u32 = text.parse().ok()?;
    (1..=last).contains(&number).then_some(number)
}

fn days_of(year: u32, month: Option<u32>) -> u32 {
    match month {
        Some(2) if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        Some(2) => 28,
        Some(4 | 6 | 9 | 11) => 30,
        _ => 31,
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.starts_with('1') || text.starts_with('2'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_names_that_lead_back() {
        for field in Field::all() {
            for name in field.names() {
                assert_eq!(Field::named(name), Some(field), "{name}");
                assert!(name.chars().count() <= Field::NAME_CHARACTERS_MAX);
            }
        }
        assert_eq!(Field::named("類型"), Some(Field::Kind));
        assert_eq!(Field::named("ＤＡＴＥ"), Some(Field::Date));
        assert_eq!(Field::named("甲方"), None);
    }

    #[test]
    fn dates_in_the_forms_people_type() {
        let check = |text: &str, expected: Option<(u32, u32)>| {
            let found = parse_dates(text).map(|range| (range.from, range.to));
            assert_eq!(found, expected, "{text}");
        };
        check("2019", Some((20190000, 20199999)));
        check("2019-05", Some((20190500, 20190599)));
        check("2019年5月", Some((20190500, 20190599)));
        check("2019-05-13", Some((20190513, 20190513)));
        check("２０１９／５／１３", Some((20190513, 20190513)));
        check("20190513", Some((20190513, 20190513)));
        check("2019..2021", Some((20190000, 20219999)));
        check("2019-2021", Some((20190000, 20219999)));
        check("2021..2019-03", Some((20190300, 20219999)));
        check("..2021", Some((0, 20219999)));
        check("2019..", Some((20190000, 99999999)));
        check("2019至2020", Some((20190000, 20209999)));
        check("2024-02-29", Some((20240229, 20240229)));
        check("2023-02-29", None);
        check("2019-13", None);
        check("昨天", None);
        check("..", None);
        check("2019-05-13-01", None);
        check("", None);
        check("99999", None);
    }

    #[test]
    fn readings_by_name() {
        assert_eq!(parse_readings("手写"), [ReadingFlag::Handwriting]);
        assert_eq!(parse_readings("ink_without_text"), [ReadingFlag::InkWithoutText]);
        assert_eq!(parse_readings("未识读墨迹"), [ReadingFlag::InkWithoutText]);
        assert_eq!(parse_readings("待看").len(), 4);
        assert!(parse_readings("很好").is_empty());
        for flag in ReadingFlag::ALL {
            assert_eq!(parse_readings(flag.as_str()), [flag]);
        }
    }

    #[test]
    fn security_levels_by_name_and_number() {
        assert_eq!(parse_security("秘密"), Some(SecurityRange { from: 2, to: 2 }));
        assert_eq!(parse_security("0..内部"), Some(SecurityRange { from: 0, to: 1 }));
        assert_eq!(parse_security("绝密"), None);
    }
}
