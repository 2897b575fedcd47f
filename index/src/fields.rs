//! The fields of the query language, their names in both languages, and the two kinds of value
//! that are more than text: dates and security levels.
//!
//! This file refuses to know where a field is stored.

use vocabulary::{DocumentState, OriginalState, ReadingFlag, SecurityLevel};

pub use vocabulary::DateRange;

use crate::fold::folded_string;
use crate::keywords::KeywordId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QueryField {
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
    Reading,
    /// A word of the record, see [`crate::keywords`].
    Keyword(KeywordId),
}

/// Every field with its names; the first is the one that chips write, the second the Chinese one.
const NAMES: &[(QueryField, &[&str])] = &[
    (
        QueryField::Customer,
        &["customer", "户名", "客户", "户号", "名称", "name", "code"],
    ),
    (
        QueryField::Id,
        &["id", "证件", "证件号", "证号", "身份证", "信用代码", "电话", "phone"],
    ),
    (
        QueryField::Number,
        &["no", "合同号", "编号", "文号", "文件号", "number"],
    ),
    (QueryField::Dossier, &["dossier", "档号", "档案号", "档案编号"]),
    (QueryField::Location, &["location", "库位", "位置", "架位", "储位"]),
    (QueryField::Kind, &["kind", "类型", "种类", "文种", "type"]),
    (QueryField::Date, &["date", "日期", "时间", "年份", "year"]),
    (QueryField::State, &["state", "状态", "status"]),
    (QueryField::Security, &["security", "密级"]),
    (QueryField::Title, &["title", "题名", "标题"]),
    (QueryField::Body, &["text", "正文", "全文"]),
    (QueryField::Reading, &["reading", "识别", "识读", "读法"]),
];

impl QueryField {
    /// No field name is longer.
    pub const NAME_CHARACTERS_MAX: usize = 12;

    /// The field of a name in either language; width, case and traditional forms do not matter.
    pub fn named(name: &str) -> Option<QueryField> {
        let name = folded_string(name);
        Self::all().find(|field| field.names().contains(&name.as_str()))
    }

    pub fn english(self) -> &'static str {
        self.names()[0]
    }

    pub fn chinese(self) -> &'static str {
        self.names()[1]
    }

    pub fn all() -> impl Iterator<Item = QueryField> {
        let words = KeywordId::all().map(QueryField::Keyword);
        NAMES.iter().map(|(field, _)| *field).chain(words)
    }

    fn names(self) -> &'static [&'static str] {
        if let QueryField::Keyword(id) = self {
            return id.line().names;
        }
        NAMES
            .iter()
            .find(|(field, _)| *field == self)
            .map(|(_, names)| *names)
            .expect("every field stands in the table of names, which a test proves")
    }
}

/// Security levels 0 to 3, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityRange {
    pub from: u8,
    pub to: u8,
}

/// A security level by code, number or a word of either language, or a range `0..1`.
pub fn parse_security(text: &str) -> Option<SecurityRange> {
    let one = |text: &str| {
        SecurityLevel::parse(text)
            .or_else(|_| SecurityLevel::parse(&folded_string(text)))
            .ok()
    };
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (
            if from.is_empty() {
                SecurityLevel::Public
            } else {
                one(from)?
            },
            if to.is_empty() { SecurityLevel::Secret } else { one(to)? },
        ),
        None => (one(text)?, one(text)?),
    };
    Some(SecurityRange {
        from: from.min(to) as u8,
        to: from.max(to) as u8,
    })
}

/// The states of documents that are found at all; withdrawn ones are not.
const DOCUMENT_STATES: [DocumentState; 2] = [DocumentState::Filed, DocumentState::InReview];

/// The codes of a state of a document or its original, by its code or by a name in either language that begins like this.
pub fn parse_states(text: &str) -> Vec<&'static str> {
    let wanted = folded_string(text);
    let of_documents = |at: &usize| DOCUMENT_STATES.contains(&DocumentState::ALL[*at]);
    let exact = [
        DocumentState::LIST
            .position(&wanted)
            .ok()
            .filter(of_documents)
            .map(|at| DocumentState::ALL[at].as_str()),
        OriginalState::parse(&wanted).ok().map(OriginalState::as_str),
    ];
    let exact: Vec<&'static str> = exact.into_iter().flatten().collect();
    if !exact.is_empty() {
        return exact;
    }
    let documents = DocumentState::LIST.positions_begun(&wanted).into_iter();
    let originals = OriginalState::LIST.positions_begun(&wanted).into_iter();
    documents
        .filter(of_documents)
        .map(|at| DocumentState::ALL[at].as_str())
        .chain(originals.map(|at| OriginalState::ALL[at].as_str()))
        .collect()
}

/// The ways of reading that a name means; empty when it means none.
pub fn parse_readings(text: &str) -> Vec<ReadingFlag> {
    let wanted = folded_string(text);
    if ReadingFlag::ANY.is_meant(&wanted) {
        return ReadingFlag::ALL.to_vec();
    }
    ReadingFlag::parse(&wanted).ok().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_names_that_lead_back() {
        for field in QueryField::all() {
            for name in field.names() {
                assert_eq!(QueryField::named(name), Some(field), "{name}");
                assert!(name.chars().count() <= QueryField::NAME_CHARACTERS_MAX);
            }
        }
        for id in KeywordId::all() {
            for name in id.line().names {
                assert_eq!(QueryField::named(name), Some(QueryField::Keyword(id)), "{name}");
            }
        }
        assert_eq!(KeywordId::all().count(), crate::keywords::KEYWORDS.len());
        assert_eq!(QueryField::named("類型"), Some(QueryField::Kind));
        assert_eq!(QueryField::named("ＤＡＴＥ"), Some(QueryField::Date));
        assert_eq!(QueryField::named("甲方"), None);
    }

    #[test]
    fn words_of_the_lists_are_words_of_the_query() {
        for level in SecurityLevel::ALL {
            let number = level as u8;
            for spelling in SecurityLevel::LIST.words[usize::from(number)].spellings() {
                assert_eq!(
                    parse_security(spelling),
                    Some(SecurityRange {
                        from: number,
                        to: number
                    }),
                    "{spelling}"
                );
            }
        }
        for (at, word) in OriginalState::LIST.words.iter().enumerate() {
            for spelling in word.spellings() {
                assert_eq!(parse_states(spelling), [OriginalState::ALL[at].as_str()], "{spelling}");
            }
        }
        for state in DOCUMENT_STATES {
            for spelling in DocumentState::LIST.words[state as usize].spellings() {
                assert_eq!(parse_states(spelling), [state.as_str()], "{spelling}");
            }
        }
        for (at, word) in ReadingFlag::LIST.words.iter().enumerate() {
            for spelling in word.spellings() {
                assert_eq!(parse_readings(spelling), [ReadingFlag::ALL[at]], "{spelling}");
            }
        }
        assert_eq!(parse_states("已銷毀"), ["destroyed"]);
        assert_eq!(
            parse_states("在"),
            ["in_place", "on_reading_table", "in_transit", "in_safe"]
        );
        assert!(parse_states("withdrawn").is_empty() && parse_states("").is_empty());
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
        assert_eq!(parse_security("top_secret"), None);
    }
}
