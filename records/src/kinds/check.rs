//! What a kind or a checklist may be. A fault names its column, so that it stands beside the field of a screen and in
//! the line of a table alike; why it is one is a code with arguments.

use super::{Checklist, Checklists, DocumentKind, Kinds};
use crate::{Error, Field, fold, tables::ListWrong};
use vocabulary::Bilingual;

const TEXT_CHARACTERS_MAX: usize = 80;
const WORDS_MAX: usize = 50;
const KINDS_OF_A_LIST_MAX: usize = 200;

/// A column that cannot be, what stands in it, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFault {
    /// As in the header of the table: `code`, `name_zh`, `title_patterns`, `kinds` ...
    pub column: &'static str,
    pub value: String,
    pub because: ListWrong,
}

impl ListFault {
    pub fn new(column: &'static str, value: impl Into<String>, because: ListWrong) -> Self {
        let value = value.into();
        Self { column, value, because }
    }
}

impl From<ListFault> for Error {
    fn from(fault: ListFault) -> Self {
        let reason = Bilingual::new(fault.because.to_string(), "这样写不能用");
        Error::invalid(field_of(fault.column), fault.value, reason)
    }
}

/// What an error about a column names.
fn field_of(column: &str) -> Field {
    match column {
        "group" => Field::KindGroup,
        "name_zh" => Field::KindNameZh,
        "name_en" => Field::KindNameEn,
        "title_patterns" => Field::TitleWords,
        "content_patterns" => Field::ContentWords,
        "flags" => Field::KindFlags,
        "security_level" => Field::SecurityLevel,
        "retention_class" => Field::RetentionClass,
        "position" => Field::Position,
        "active" => Field::Active,
        "customer_kind" => Field::CustomerKind,
        "kinds" => Field::ChecklistKinds,
        _ => Field::KindCode,
    }
}

impl Kinds {
    /// The kind as it may be stored beside the others.
    ///
    /// # Errors
    /// The first column that cannot be.
    pub fn checked(&self, kind: &DocumentKind) -> Result<DocumentKind, ListFault> {
        code_form(&kind.code)?;
        for pattern in &kind.content_patterns {
            if pattern.split('+').any(|word| fold::name(word).chars().count() < 2) {
                return Err(ListFault::new("content_patterns", pattern, ListWrong::WordShort));
            }
        }
        if kind.retention_class.chars().count() > 40 || kind.retention_class.contains(char::is_control) {
            return Err(ListFault::new(
                "retention_class",
                &kind.retention_class,
                ListWrong::Retention,
            ));
        }
        let checked = DocumentKind {
            name_zh: text("name_zh", &kind.name_zh)?,
            name_en: text("name_en", &kind.name_en)?,
            title_patterns: words("title_patterns", &kind.title_patterns)?,
            content_patterns: words("content_patterns", &kind.content_patterns)?,
            ..kind.clone()
        };
        match self.taken_word(&checked) {
            Some(fault) => Err(fault),
            None => Ok(checked),
        }
    }

    /// A title word leads to one kind only: as a name, a code or a word of another kind it is taken.
    fn taken_word(&self, wanted: &DocumentKind) -> Option<ListFault> {
        wanted.title_patterns.iter().find_map(|word| {
            let other = self.resolve_but(word, &wanted.code)?;
            let kind = other.code.clone();
            Some(ListFault::new("title_patterns", word, ListWrong::WordTaken { kind }))
        })
    }
}

impl Checklists {
    /// The checklist as it may be stored beside the others, with its kinds by their codes.
    ///
    /// # Errors
    /// The first column that cannot be.
    pub fn checked(&self, list: &Checklist, kinds: &Kinds) -> Result<Checklist, ListFault> {
        code_form(&list.code)?;
        let checked = Checklist {
            name_zh: text("name_zh", &list.name_zh)?,
            name_en: text("name_en", &list.name_en)?,
            kind_codes: kinds_of(&list.kind_codes, kinds)?,
            ..list.clone()
        };
        for other in self.all() {
            let same = |a: &str, b: &str| fold::name(a) == fold::name(b);
            if other.code == checked.code || other.customer_kind != checked.customer_kind || !other.active {
                continue;
            }
            let checklist = other.code.clone();
            if same(&other.name_zh, &checked.name_zh) {
                return Err(ListFault::new(
                    "name_zh",
                    checked.name_zh,
                    ListWrong::NameTaken { checklist },
                ));
            }
            if same(&other.name_en, &checked.name_en) {
                return Err(ListFault::new(
                    "name_en",
                    checked.name_en,
                    ListWrong::NameTaken { checklist },
                ));
            }
        }
        Ok(checked)
    }
}

/// The codes of the kinds that somebody wrote by code or name.
fn kinds_of(written: &[String], kinds: &Kinds) -> Result<Vec<String>, ListFault> {
    let mut codes: Vec<String> = Vec::with_capacity(written.len());
    for word in written {
        let fault = |because| ListFault::new("kinds", word, because);
        let kind = kinds.resolve(word).ok_or_else(|| fault(ListWrong::KindUnknown))?;
        if !kind.active {
            return Err(fault(ListWrong::KindRetired));
        }
        if codes.contains(&kind.code) {
            return Err(fault(ListWrong::KindTwice));
        }
        codes.push(kind.code.clone());
    }
    if codes.is_empty() {
        return Err(ListFault::new("kinds", "", ListWrong::NoKinds));
    }
    if codes.len() > KINDS_OF_A_LIST_MAX {
        let max = KINDS_OF_A_LIST_MAX;
        return Err(ListFault::new(
            "kinds",
            codes.len().to_string(),
            ListWrong::TooMany { max },
        ));
    }
    Ok(codes)
}

fn code_form(code: &str) -> Result<(), ListFault> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    match (1..=64).contains(&code.len()) && code.bytes().all(plain) {
        true => Ok(()),
        false => Err(ListFault::new("code", code, ListWrong::CodeForm)),
    }
}

fn text(column: &'static str, text: &str) -> Result<String, ListFault> {
    let kept: String = fold::storable(text.trim())
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    match (1..=TEXT_CHARACTERS_MAX).contains(&kept.chars().count()) {
        true => Ok(kept),
        false => Err(ListFault::new(column, kept, ListWrong::Text)),
    }
}

fn words(column: &'static str, patterns: &[String]) -> Result<Vec<String>, ListFault> {
    let mut kept = Vec::new();
    for pattern in patterns {
        let pattern = text(column, pattern)?;
        if pattern.contains([';', '；']) {
            return Err(ListFault::new(column, pattern, ListWrong::WordSeparator));
        }
        if !kept.contains(&pattern) {
            kept.push(pattern);
        }
    }
    match kept.len() > WORDS_MAX {
        true => Err(ListFault::new(
            column,
            kept.len().to_string(),
            ListWrong::TooMany { max: WORDS_MAX },
        )),
        false => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::super::ready_made;
    use super::*;

    #[test]
    fn a_checklist_that_contradicts_itself_is_refused() -> crate::Result<()> {
        let kinds = Kinds::new(ready_made::kinds()?);
        let lists = Checklists::new(ready_made::checklists(&kinds)?);
        let list = |kinds: &[&str]| Checklist {
            code: "own_list".to_owned(),
            name_zh: "自用清单".to_owned(),
            name_en: "Own list".to_owned(),
            customer_kind: None,
            kind_codes: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            position: 99,
            active: true,
        };
        let fault = |list: &Checklist| -> (&'static str, String, &'static str) {
            let fault = lists.checked(list, &kinds).expect_err("it is refused");
            (fault.column, fault.value, fault.because.code())
        };
        let checked = lists
            .checked(&list(&["营业执照", "contract"]), &kinds)
            .expect("it may be");
        assert_eq!(checked.kind_codes, ["business_licence", "contract"]);
        assert_eq!(
            fault(&list(&["contract", "不存在"])),
            ("kinds", "不存在".to_owned(), "kind_unknown")
        );
        assert_eq!(
            fault(&list(&["business_licence", "营业执照"])),
            ("kinds", "营业执照".to_owned(), "kind_twice")
        );
        assert_eq!(fault(&list(&[])), ("kinds", String::new(), "no_kinds"));
        let mut other = list(&["contract"]);
        other.name_zh = "担保".to_owned();
        assert_eq!(fault(&other).2, "name_taken");
        let mut retired = kinds.all().to_vec();
        retired
            .iter_mut()
            .for_each(|kind| kind.active = kind.code != "contract");
        let fault = lists.checked(&list(&["contract"]), &Kinds::new(retired));
        assert_eq!(fault.map_err(|fault| fault.because), Err(ListWrong::KindRetired));
        Ok(())
    }
}
