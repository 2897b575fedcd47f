//! What people state of a document: every field with its name, its reading and its writing, once. The form, the API, the
//! command line and the manifest go through [`DocumentDraft::set`].

use super::{CopyState, DocumentDraft, Validity, ValidityEnd};
use crate::{Error, PartialDate, Result, SecurityLevel, fold};
use vocabulary::{Bilingual, both};
use vocabulary::{Counterpart, Medium};

/// What is stated of the paper itself, beyond what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particulars {
    pub medium: Medium,
    /// Who compared a copy with the original, and when: only of `verified_copy`.
    pub verified_by: String,
    pub verified_on: PartialDate,
    /// Nothing when the paper does not say.
    pub counterpart: Option<Counterpart>,
    pub copies: i64,
    /// Seals that the paper is said to bear, such as 公章, 合同专用章.
    pub seals: Vec<String>,
    /// Code of the form that was filled in, such as qms-pm-31301.
    pub form_code: String,
    pub retention_class: String,
}

impl Default for Particulars {
    fn default() -> Self {
        Self {
            medium: Medium::Paper,
            verified_by: String::new(),
            verified_on: PartialDate::default(),
            counterpart: None,
            copies: 1,
            seals: Vec::new(),
            form_code: String::new(),
            retention_class: String::new(),
        }
    }
}

/// A field that people may state of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentField {
    Title,
    Kind,
    Number,
    Date,
    ValidFrom,
    ValidUntil,
    PagesDeclared,
    Medium,
    CopyState,
    VerifiedBy,
    VerifiedOn,
    Counterpart,
    Copies,
    Seals,
    FormCode,
    SecurityLevel,
    Department,
    Site,
    RetentionClass,
}

use DocumentField as Field;

impl DocumentField {
    /// In the order of the form.
    pub const ALL: [Field; 19] = [
        Field::Title,
        Field::Kind,
        Field::Number,
        Field::Date,
        Field::ValidFrom,
        Field::ValidUntil,
        Field::PagesDeclared,
        Field::Medium,
        Field::CopyState,
        Field::VerifiedBy,
        Field::VerifiedOn,
        Field::Counterpart,
        Field::Copies,
        Field::Seals,
        Field::FormCode,
        Field::SecurityLevel,
        Field::Department,
        Field::Site,
        Field::RetentionClass,
    ];

    /// The word of forms, API, manifest and command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Kind => "kind",
            Field::Number => "number",
            Field::Date => "date",
            Field::ValidFrom => "valid_from",
            Field::ValidUntil => "valid_until",
            Field::PagesDeclared => "pages_declared",
            Field::Medium => "medium",
            Field::CopyState => "copy_state",
            Field::VerifiedBy => "verified_by",
            Field::VerifiedOn => "verified_on",
            Field::Counterpart => "counterpart",
            Field::Copies => "copies",
            Field::Seals => "seals",
            Field::FormCode => "form_code",
            Field::SecurityLevel => "security_level",
            Field::Department => "department",
            Field::Site => "site",
            Field::RetentionClass => "retention_class",
        }
    }

    /// As errors name it.
    pub(crate) fn refused_as(self) -> crate::Field {
        match self {
            Field::Title => crate::Field::Title,
            Field::Kind => crate::Field::KindCode,
            Field::Number => crate::Field::Number,
            Field::Date | Field::ValidFrom | Field::VerifiedOn => crate::Field::Date,
            Field::ValidUntil => crate::Field::ValidUntil,
            Field::PagesDeclared => crate::Field::PagesDeclared,
            Field::Medium => crate::Field::Medium,
            Field::CopyState => crate::Field::CopyState,
            Field::VerifiedBy => crate::Field::VerifiedBy,
            Field::Counterpart => crate::Field::Counterpart,
            Field::Copies => crate::Field::Copies,
            Field::Seals => crate::Field::Seal,
            Field::FormCode => crate::Field::FormCode,
            Field::SecurityLevel => crate::Field::SecurityLevel,
            Field::Department => crate::Field::Department,
            Field::Site => crate::Field::Site,
            Field::RetentionClass => crate::Field::RetentionClass,
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == text)
    }
}

/// Characters of a free text, and of a short one such as a department or a code.
const TEXT_MAX: usize = 400;
const SHORT_MAX: usize = 64;
const SEALS_MAX: usize = 20;
/// Fields of the archive's own that one document has.
const ATTRIBUTES_MAX: usize = 50;

impl DocumentDraft {
    /// What stands in a field, as a person would type it.
    pub fn text(&self, field: DocumentField) -> String {
        let more = &self.particulars;
        match field {
            Field::Title => self.title.clone(),
            Field::Kind => self.kind.clone(),
            Field::Number => self.number.clone(),
            Field::Date => self.date.to_string(),
            Field::ValidFrom => self.validity.from.to_string(),
            Field::ValidUntil => match &self.validity.until {
                ValidityEnd::Unlimited => UNLIMITED_WORDS[0].to_owned(),
                until => until.as_str().to_owned(),
            },
            Field::PagesDeclared => self.pages_declared.map_or_else(String::new, |pages| pages.to_string()),
            Field::Medium => more.medium.as_str().to_owned(),
            Field::CopyState => self.copy_state.as_str().to_owned(),
            Field::VerifiedBy => more.verified_by.clone(),
            Field::VerifiedOn => more.verified_on.to_string(),
            Field::Counterpart => more
                .counterpart
                .map_or_else(String::new, |said| said.as_str().to_owned()),
            Field::Copies => more.copies.to_string(),
            Field::Seals => more.seals.join("; "),
            Field::FormCode => more.form_code.clone(),
            Field::SecurityLevel => self.security_level.number().to_string(),
            Field::Department => self.department.clone(),
            Field::Site => self.site.clone(),
            Field::RetentionClass => more.retention_class.clone(),
        }
    }

    /// Takes what a person typed into a field.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says what would be right.
    pub fn set(&mut self, field: DocumentField, text: &str) -> Result<()> {
        match field {
            Field::Title => self.title = line(field, text, TEXT_MAX)?,
            Field::Kind => self.kind = line(field, text, SHORT_MAX)?,
            Field::Number => self.number = line(field, text, TEXT_MAX)?,
            Field::Date => self.date = PartialDate::parse(text)?,
            Field::ValidFrom => self.validity.from = PartialDate::parse(text)?,
            Field::ValidUntil => self.validity.until = until(text)?,
            Field::PagesDeclared => self.pages_declared = pages(field, text)?,
            Field::CopyState => {
                self.copy_state = match text.trim() {
                    "" => CopyState::Unknown,
                    said => CopyState::parse(said)?,
                }
            }
            Field::SecurityLevel => self.security_level = SecurityLevel::parse(text)?,
            Field::Department => self.department = line(field, text, SHORT_MAX)?,
            Field::Site => self.site = line(field, text, SHORT_MAX)?,
            Field::Medium
            | Field::VerifiedBy
            | Field::VerifiedOn
            | Field::Counterpart
            | Field::Copies
            | Field::Seals
            | Field::FormCode
            | Field::RetentionClass => self.particulars.set(field, text)?,
        }
        Ok(())
    }

    /// Takes what a person typed into a field of the archive's own; nothing takes the field away.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says what would be right.
    pub fn set_attribute(&mut self, name: &str, text: &str) -> Result<()> {
        let name = line_of(crate::Field::Attribute, name, SHORT_MAX)?;
        let value = line_of(crate::Field::Attribute, text, TEXT_MAX)?;
        let at = self.attributes.iter().position(|(known, _)| *known == name);
        match (at, value.is_empty()) {
            (Some(at), true) => {
                self.attributes.remove(at);
            }
            (Some(at), false) => {
                if let Some((_, known)) = self.attributes.get_mut(at) {
                    *known = value;
                }
            }
            (None, true) => {}
            (None, false) if name.is_empty() || self.attributes.len() >= ATTRIBUTES_MAX => {
                return Err(Error::invalid(
                    crate::Field::Attribute,
                    name,
                    both!(
                        "a further field has a name, and a document has at most {ATTRIBUTES_MAX} of them",
                        "自定义字段要有名称，一件文件最多 {ATTRIBUTES_MAX} 个"
                    ),
                ));
            }
            (None, false) => self.attributes.push((name, value)),
        }
        Ok(())
    }

    /// The field that does not go with the others, and why; `before` is what stood there until now.
    pub fn misfit(&self, before: Option<CopyState>) -> Option<(DocumentField, Bilingual)> {
        let more = &self.particulars;
        let (is_verified, by, on) = (
            self.copy_state == CopyState::VerifiedCopy,
            more.verified_by.is_empty(),
            more.verified_on.is_empty(),
        );
        if !(is_verified || by && on) {
            return Some((
                Field::VerifiedBy,
                both!(
                    "only a copy that was compared with the original (verified_copy 与原件核对一致) has this",
                    "只有与原件核对一致的复印件（verified_copy）才有这一项"
                ),
            ));
        }
        // A delivered document may be verified without a name; a person who says so must name who did it.
        if is_verified && before.is_some_and(|before| before != CopyState::VerifiedCopy) && (by || on) {
            return Some((
                Field::VerifiedBy,
                both!(
                    "say who compared the copy with the original, and when",
                    "请写明谁、何时与原件核对"
                ),
            ));
        }
        let Validity { from, until } = &self.validity;
        match until {
            ValidityEnd::Date(until) if !from.is_empty() && until.sort_key() < from.sort_key() => {
                Some((Field::ValidUntil, both!("it lies before the beginning", "它早于起始日")))
            }
            _ => None,
        }
    }
}

impl Particulars {
    /// Takes what a person typed into one of these fields.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says what would be right, also for a field that is none of these.
    pub fn set(&mut self, field: DocumentField, text: &str) -> Result<()> {
        let wrong = |reason: Bilingual| Error::invalid(field.refused_as(), text, reason);
        match field {
            Field::Medium => self.medium = Medium::parse(text)?,
            Field::VerifiedBy => self.verified_by = line(field, text, SHORT_MAX)?,
            Field::VerifiedOn => self.verified_on = PartialDate::parse(text)?,
            Field::Counterpart => {
                self.counterpart = match text.trim() {
                    "" => None,
                    said => Some(Counterpart::parse(said)?),
                }
            }
            Field::Copies => {
                self.copies = number(text)
                    .filter(|copies| (1..=1000).contains(copies))
                    .ok_or_else(|| {
                        wrong(both!(
                            "write how many copies there are, 1 to 1000",
                            "请写份数，1 到 1000"
                        ))
                    })?;
            }
            Field::Seals => self.seals = seals(text)?,
            Field::FormCode => self.form_code = line(field, text, SHORT_MAX)?,
            Field::RetentionClass => self.retention_class = line(field, text, SHORT_MAX)?,
            _ => return Err(wrong(both!("this is no particular of the paper", "这不是文件的属性"))),
        }
        Ok(())
    }
}

fn pages(field: DocumentField, text: &str) -> Result<Option<i64>> {
    match text.trim() {
        "" => Ok(None),
        _ => number(text).map(Some).ok_or_else(|| {
            Error::invalid(
                field.refused_as(),
                text,
                both!("write a number of pages, 0 to 1000000", "请写页数，0 到 1000000"),
            )
        }),
    }
}

/// How "without end" may be written; the first is shown.
const UNLIMITED_WORDS: [&str; 5] = ["长期", "永久", "长期有效", "unlimited", ValidityEnd::UNLIMITED];

fn until(text: &str) -> Result<ValidityEnd> {
    let folded = fold::name(text);
    if folded.is_empty() {
        return Ok(ValidityEnd::Unsaid);
    }
    if UNLIMITED_WORDS.contains(&folded.as_str()) {
        return Ok(ValidityEnd::Unlimited);
    }
    Ok(ValidityEnd::Date(PartialDate::parse(text)?))
}

fn number(text: &str) -> Option<i64> {
    let number: i64 = fold::half_width(text.trim()).parse().ok()?;
    (0..=1_000_000).contains(&number).then_some(number)
}

fn seals(text: &str) -> Result<Vec<String>> {
    let mut seals: Vec<String> = Vec::new();
    for seal in text.split([';', '；', '、', '\n']) {
        let seal = line(Field::Seals, seal, SHORT_MAX)?;
        if !seal.is_empty() && !seals.contains(&seal) {
            seals.push(seal);
        }
    }
    if seals.len() > SEALS_MAX {
        return Err(Error::invalid(
            Field::Seals.refused_as(),
            text,
            both!(
                "at most {SEALS_MAX} seals, separated by ;",
                "最多 {SEALS_MAX} 枚印章，用 ; 分隔"
            ),
        ));
    }
    Ok(seals)
}

fn line(field: DocumentField, text: &str, characters_max: usize) -> Result<String> {
    line_of(field.refused_as(), text, characters_max)
}

/// One line without control characters.
fn line_of(field: crate::Field, text: &str, characters_max: usize) -> Result<String> {
    let line: String = fold::storable(text.trim())
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    if line.chars().count() > characters_max {
        return Err(Error::invalid(
            field,
            text,
            both!(
                "it has at most {characters_max} characters",
                "最多 {characters_max} 个字符"
            ),
        ));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> DocumentDraft {
        DocumentDraft {
            kind: "contract".to_owned(),
            title: "运维服务合同".to_owned(),
            number: "HT-2024-0117".to_owned(),
            date: PartialDate::parse("2024-05").expect("a date"),
            validity: Validity::default(),
            pages_declared: None,
            copy_state: CopyState::Unknown,
            security_level: SecurityLevel::INTERNAL,
            department: String::new(),
            site: String::new(),
            particulars: Particulars::default(),
            attributes: Vec::new(),
            why: String::new(),
        }
    }

    #[test]
    fn what_a_field_shows_it_takes_back() {
        let mut before = draft();
        for (field, text) in [
            (Field::ValidUntil, "长期有效"),
            (Field::PagesDeclared, "１２"),
            (Field::Medium, "缩微胶片"),
            (Field::CopyState, "与原件核对一致"),
            (Field::VerifiedBy, "林静"),
            (Field::VerifiedOn, "2024年5月13日"),
            (Field::Counterpart, "副本"),
            (Field::Copies, "3"),
            (Field::Seals, "公章；合同专用章、公章"),
            (Field::FormCode, "qms-pm-31301"),
            (Field::Site, "西湖营业厅"),
        ] {
            before.set(field, text).expect("it can be used");
        }
        assert_eq!(before.misfit(Some(CopyState::Copy)), None);
        assert_eq!(before.particulars.seals, ["公章", "合同专用章"]);
        let mut after = draft();
        for field in Field::ALL {
            after
                .set(field, &before.text(field))
                .expect("what is shown can be sent back");
            assert_eq!(Field::parse(field.as_str()), Some(field));
        }
        assert_eq!(format!("{after:?}"), format!("{before:?}"));
    }

    #[test]
    fn own_fields_are_added_changed_and_taken_away() {
        let mut own = draft();
        for (name, text) in [(" 片区 ", "东"), ("楼栋", "3"), ("片区", "西"), ("楼栋", " ")] {
            own.set_attribute(name, text).expect("it can be used");
        }
        assert_eq!(own.attributes, [("片区".to_owned(), "西".to_owned())]);
        assert!(own.set_attribute("", "东").is_err());
        assert!(own.set_attribute(&"名".repeat(65), "东").is_err());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let check = |field: Field, text: &str| assert!(draft().set(field, text).is_err(), "{field:?} {text}");
        check(Field::Copies, "0");
        check(Field::Copies, "viele");
        check(Field::Medium, "石头");
        check(Field::PagesDeclared, "-1");
        check(Field::Counterpart, "二本");
        check(Field::ValidUntil, "2024-13");
        check(Field::Department, &"部".repeat(65));
        let mut unverified = draft();
        unverified.particulars.verified_by = "林静".to_owned();
        assert!(
            unverified.misfit(None).is_some(),
            "nobody verifies what is no verified copy"
        );
        let mut backwards = draft();
        backwards.set(Field::ValidFrom, "2025").expect("a year");
        backwards.set(Field::ValidUntil, "2024-12-31").expect("a day");
        assert_eq!(backwards.misfit(None).map(|(field, _)| field), Some(Field::ValidUntil));
        let mut nameless = draft();
        nameless.copy_state = CopyState::VerifiedCopy;
        assert!(nameless.misfit(Some(CopyState::Copy)).is_some() && nameless.misfit(None).is_none());
    }
}
