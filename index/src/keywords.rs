//! Conditions on the record of a document that are plain words, in one table: the fields of the query language, the
//! schema, the compiler, the columns, the facets and the entries all read it. A new one is one line here, and its label
//! for the facets in the two files of words.
//!
//! This file refuses to know how a column is stored.

use records::documents::{CopyState, Counterpart, DocumentForIndex, Medium};

use crate::fold::folded_string;

/// Which line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeywordId(u8);

/// One line.
pub struct Keyword {
    /// Name of the column, and the ending of the label of its facet.
    pub column: &'static str,
    /// Names in the query language; the first is the one that chips write, the second the Chinese one.
    pub names: &'static [&'static str],
    /// Counted and listed beside the hits.
    pub is_facet: bool,
    /// The value of a document; empty for none.
    pub value: fn(&DocumentForIndex) -> String,
    /// The stored values that a typed text means.
    pub parse: fn(&str) -> Vec<String>,
}

/// The column that also decides who sees a document.
pub const DEPARTMENT: &str = "department";

pub const COUNT: usize = 7;

pub static KEYWORDS: [Keyword; COUNT] = [
    Keyword {
        column: DEPARTMENT,
        names: &["department", "部门"],
        is_facet: true,
        value: |document| document.department.clone(),
        parse: as_written,
    },
    Keyword {
        column: "site",
        names: &["site", "机构", "网点", "站点", "branch"],
        is_facet: true,
        value: |document| document.site.clone(),
        parse: as_written,
    },
    Keyword {
        column: "copy",
        names: &["copy", "原件状态", "原复印件", "原件或复印件", "original"],
        is_facet: true,
        value: |document| document.copy_state.as_str().to_owned(),
        parse: |text| code(CopyState::parse(text).ok().map(CopyState::as_str)),
    },
    Keyword {
        column: "medium",
        names: &["medium", "介质", "载体"],
        is_facet: false,
        value: |document| document.particulars.medium.as_str().to_owned(),
        parse: |text| code(Medium::parse(text).ok().map(Medium::as_str)),
    },
    Keyword {
        column: "retention",
        names: &["retention", "保管期限"],
        is_facet: false,
        value: |document| folded_string(&document.particulars.retention_class),
        parse: folded,
    },
    Keyword {
        column: "form",
        names: &["form", "表单", "表单编号", "表号"],
        is_facet: false,
        value: |document| folded_string(&document.particulars.form_code),
        parse: folded,
    },
    Keyword {
        column: "counterpart",
        names: &["counterpart", "正副本"],
        is_facet: false,
        value: |document| {
            document
                .particulars
                .counterpart
                .map_or_else(String::new, |of| of.as_str().to_owned())
        },
        parse: |text| code(Counterpart::parse(text).ok().map(Counterpart::as_str)),
    },
];

impl Keyword {
    /// Whether any text may be a value, as of departments and sites; other fields have the words of a list.
    pub fn takes_any_text(&self) -> bool {
        !(self.parse)("any text").is_empty()
    }
}

impl KeywordId {
    pub fn all() -> impl Iterator<Item = KeywordId> {
        (0..COUNT).map(|at| KeywordId(at as u8))
    }

    pub fn at(self) -> usize {
        usize::from(self.0)
    }

    pub fn line(self) -> &'static Keyword {
        &KEYWORDS[self.at()]
    }

    /// The lines that are counted beside the hits.
    pub fn facets() -> impl Iterator<Item = KeywordId> {
        KeywordId::all().filter(|id| id.line().is_facet)
    }
}

/// The values of a document, in the order of the table.
pub fn values_of(document: &DocumentForIndex) -> [String; COUNT] {
    std::array::from_fn(|at| (KEYWORDS[at].value)(document))
}

fn as_written(text: &str) -> Vec<String> {
    vec![text.trim().to_owned()]
}

fn folded(text: &str) -> Vec<String> {
    vec![folded_string(text)]
}

fn code(code: Option<&'static str>) -> Vec<String> {
    code.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_what_is_stored() {
        let check = |name: &str, text: &str, expected: &[&str]| {
            let id = KeywordId::all().find(|id| id.line().names.contains(&name));
            assert_eq!((id.expect("a line").line().parse)(text), expected, "{name}:{text}");
        };
        check("原件状态", "复印件", &["copy"]);
        check("copy", "verified_copy", &["verified_copy"]);
        check("copy", "石头", &[]);
        check("介质", "照片", &["photograph"]);
        check("正副本", "副本", &["duplicate"]);
        check("form", "QMS-PM-31301", &[folded_string("qms-pm-31301").as_str()]);
        check("部门", " 信贷部 ", &["信贷部"]);
    }

    #[test]
    fn every_word_of_the_lists_is_a_word_of_the_query() {
        let check = |column: &str, list: vocabulary::List| {
            let line = KEYWORDS.iter().find(|line| line.column == column).expect("a line");
            for word in list.words {
                for spelling in word.spellings() {
                    assert_eq!((line.parse)(spelling), [word.code], "{column}:{spelling}");
                }
            }
        };
        check("copy", CopyState::LIST);
        check("medium", Medium::LIST);
        check("counterpart", Counterpart::LIST);
    }
}
