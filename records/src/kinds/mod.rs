//! Document kinds and checklists: what a paper is called and what a complete dossier holds.
//!
//! A paper that nobody and nothing has named has the kind `""`; it is never guessed into another. The list that an
//! archive begins with stands in `kinds.tsv` and `checklists.tsv`; administrators change it in the database.

mod judge;
pub(crate) mod recorded;
pub(crate) mod sql;
pub mod table;

pub use judge::{Judgement, KindBasis, KindFit};

use crate::{Error, Field, Result, fold, identity::SecurityLevel};

/// What is usual for documents of a kind. The letters are those of `kinds.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindFlag {
    OriginalExpected,
    CopyUsual,
    PersonalData,
    HasValidity,
    Safe,
    Form,
    WorkingPaper,
}

impl KindFlag {
    pub const ALL: [KindFlag; 7] = [
        KindFlag::OriginalExpected,
        KindFlag::CopyUsual,
        KindFlag::PersonalData,
        KindFlag::HasValidity,
        KindFlag::Safe,
        KindFlag::Form,
        KindFlag::WorkingPaper,
    ];

    pub fn letter(self) -> char {
        match self {
            KindFlag::OriginalExpected => 'O',
            KindFlag::CopyUsual => 'C',
            KindFlag::PersonalData => 'P',
            KindFlag::HasValidity => 'V',
            KindFlag::Safe => 'S',
            KindFlag::Form => 'F',
            KindFlag::WorkingPaper => 'W',
        }
    }
}

/// A set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindFlags(u8);

impl KindFlags {
    /// `OCV`
    pub fn parse(text: &str) -> Result<Self> {
        text.trim().chars().try_fold(Self::default(), |flags, letter| {
            KindFlag::ALL
                .into_iter()
                .find(|flag| flag.letter() == letter)
                .map(|flag| flags.with(flag))
                .ok_or_else(|| Error::invalid(Field::KindFlags, text, "flags are the letters O C P V S F W"))
        })
    }

    pub fn with(self, flag: KindFlag) -> Self {
        Self(self.0 | 1 << flag as u8)
    }

    pub fn has(self, flag: KindFlag) -> bool {
        self.0 & (1 << flag as u8) != 0
    }
}

impl std::fmt::Display for KindFlags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        KindFlag::ALL
            .into_iter()
            .filter(|flag| self.has(*flag))
            .try_for_each(|flag| write!(f, "{}", flag.letter()))
    }
}

/// Groups in the order in which lists show them: code, Chinese, English.
pub const KIND_GROUPS: [(&str, &str, &str); 10] = [
    ("identity", "身份与授权", "Identity and authority"),
    ("licences", "客户证照", "Licences and certificates of the customer"),
    ("certificates", "重要权证", "Certificate originals kept in the safe"),
    ("applications", "申请与登记表单", "Applications and customer forms"),
    ("contracts", "合同及其过程", "Contracts and their history"),
    ("credit", "信用与调查", "Credit and investigation"),
    ("service", "服务与往来", "Service and correspondence"),
    ("technical", "技术与声像", "Technical, image and sound"),
    ("working_papers", "档案工作用表", "Archive working papers"),
    ("other", "其他", "Other"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentKind {
    /// Stable word for programs: `business_licence`.
    pub code: String,
    /// One of [`KIND_GROUPS`].
    pub group: String,
    pub name_zh: String,
    pub name_en: String,
    /// Words that stand as title on such papers. No two kinds share one.
    pub title_patterns: Vec<String>,
    /// Words that stand in the text of such papers, for those whose title says nothing. `甲方+乙方` means that both do.
    pub content_patterns: Vec<String>,
    pub flags: KindFlags,
    /// Level of a new document of this kind when nothing else is said.
    pub security_level: SecurityLevel,
    /// Retention class of a new document; empty until one is decided.
    pub retention_class: String,
    pub position: i64,
    /// Inactive kinds are kept for what they already name, and offered no more.
    pub active: bool,
}

impl DocumentKind {
    /// The name in a language of the screens; anything but `en` is Chinese.
    pub fn name(&self, language: &str) -> &str {
        if language.starts_with("en") {
            &self.name_en
        } else {
            &self.name_zh
        }
    }
}

/// What a complete dossier of some customers holds, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// `person`, `organisation`, or empty for any.
    pub customer_kind: String,
    pub kind_codes: Vec<String>,
}

impl Checklist {
    /// The name in a language of the screens; anything but `en` is Chinese.
    pub fn name(&self, language: &str) -> &str {
        if language.starts_with("en") {
            &self.name_en
        } else {
            &self.name_zh
        }
    }

    /// Whether a dossier of such a customer may be held against it.
    pub fn fits(&self, customer_kind: &str) -> bool {
        self.customer_kind.is_empty() || self.customer_kind == customer_kind
    }

    /// The kinds that it asks for and the dossier does not hold, in order.
    pub fn missing(&self, holds: impl Fn(&str) -> bool) -> Vec<&str> {
        self.kind_codes
            .iter()
            .map(String::as_str)
            .filter(|kind| !holds(kind))
            .collect()
    }
}

/// All kinds of an archive, ready to be asked by code, name or title.
#[derive(Debug, Clone, Default)]
pub struct Kinds {
    kinds: Vec<DocumentKind>,
}

impl Kinds {
    pub fn new(kinds: Vec<DocumentKind>) -> Self {
        Self { kinds }
    }

    /// In the order in which lists show them.
    pub fn all(&self) -> &[DocumentKind] {
        &self.kinds
    }

    pub fn get(&self, code: &str) -> Option<&DocumentKind> {
        self.kinds.iter().find(|kind| kind.code == code)
    }

    /// The name of a code for a screen; a code that is not known is shown as it is.
    pub fn name<'a>(&'a self, code: &'a str, language: &str) -> &'a str {
        self.get(code).map_or(code, |kind| kind.name(language))
    }

    /// The kind that somebody wrote as code, Chinese or English name, or title word. Case, width and spaces do not
    /// count. `None` stays unknown.
    pub fn resolve(&self, text: &str) -> Option<&DocumentKind> {
        let wanted = fold::name(text);
        if wanted.is_empty() {
            return None;
        }
        let by = |matches: fn(&DocumentKind, &str) -> bool| self.kinds.iter().find(|kind| matches(kind, &wanted));
        by(|kind, wanted| kind.code == wanted)
            .or_else(|| by(|kind, wanted| fold::name(&kind.name_zh) == wanted || fold::name(&kind.name_en) == wanted))
            .or_else(|| by(|kind, wanted| kind.title_patterns.iter().any(|pattern| fold::name(pattern) == wanted)))
    }

    /// The kind whose longest title word stands in a title as printed, if one is longer than all others.
    pub fn by_title(&self, title: &str) -> Option<&DocumentKind> {
        self.judge(title, "").kind()
    }
}

/// A kind whose every field may be stored.
///
/// # Errors
/// [`Error::Invalid`] names the first field that is not usable.
pub(crate) fn checked(kind: &DocumentKind) -> Result<DocumentKind> {
    let code_fits = |code: &str| {
        (1..=64).contains(&code.len())
            && code
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if !code_fits(&kind.code) {
        return Err(Error::invalid(
            Field::KindCode,
            &kind.code,
            "a code has 1 to 64 of a-z, 0-9 and _",
        ));
    }
    if !KIND_GROUPS.iter().any(|(code, ..)| *code == kind.group) {
        return Err(Error::invalid(
            Field::KindGroup,
            &kind.group,
            "use one of the groups that the list of kinds shows",
        ));
    }
    let text = |what, text: &str| {
        let text: String = fold::storable(text.trim())
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        if text.is_empty() || text.chars().count() > 80 {
            return Err(Error::invalid(what, text, "it has 1 to 80 characters"));
        }
        Ok(text)
    };
    let words = |what, patterns: &[String]| {
        let mut kept = Vec::new();
        for pattern in patterns {
            let pattern = text(what, pattern)?;
            if pattern.contains([';', '；']) {
                return Err(Error::invalid(what, pattern, "the sign ; stands between words"));
            }
            if !kept.contains(&pattern) {
                kept.push(pattern);
            }
        }
        if kept.len() > 50 {
            return Err(Error::invalid(what, kept.len().to_string(), "a kind has at most 50"));
        }
        Ok(kept)
    };
    for pattern in &kind.content_patterns {
        if pattern.split('+').any(|word| fold::name(word).chars().count() < 2) {
            return Err(Error::invalid(
                Field::ContentWords,
                pattern,
                "each word has at least two characters; a single one stands on every page",
            ));
        }
    }
    if kind.retention_class.chars().count() > 40 || kind.retention_class.contains(char::is_control) {
        return Err(Error::invalid(
            Field::RetentionClass,
            &kind.retention_class,
            "it has at most 40 characters on one line",
        ));
    }
    Ok(DocumentKind {
        name_zh: text(Field::KindNameZh, &kind.name_zh)?,
        name_en: text(Field::KindNameEn, &kind.name_en)?,
        title_patterns: words(Field::TitleWords, &kind.title_patterns)?,
        content_patterns: words(Field::ContentWords, &kind.content_patterns)?,
        ..kind.clone()
    })
}

/// The kinds a new archive begins with.
///
/// # Errors
/// None for the file that is built in; a test reads it whole.
pub(crate) fn ready_made() -> Result<Vec<DocumentKind>> {
    let rows = rows(include_str!("kinds.tsv"));
    let mut kinds = Vec::new();
    for (position, row) in rows.iter().enumerate() {
        let [
            code,
            group,
            name_zh,
            name_en,
            patterns,
            flags,
            level,
            retention,
            content @ ..,
        ] = row.as_slice()
        else {
            return Err(Error::invalid(
                Field::KindCode,
                row.join(" | "),
                "it has eight columns, and a ninth for content words",
            ));
        };
        kinds.push(checked(&DocumentKind {
            code: (*code).to_owned(),
            group: (*group).to_owned(),
            name_zh: (*name_zh).to_owned(),
            name_en: (*name_en).to_owned(),
            title_patterns: patterns.split(';').map(str::to_owned).collect(),
            content_patterns: content
                .iter()
                .flat_map(|words| words.split(';'))
                .map(str::to_owned)
                .collect(),
            flags: KindFlags::parse(flags)?,
            security_level: SecurityLevel::parse(level)?,
            retention_class: (*retention).to_owned(),
            position: i64::try_from(position + 1).unwrap_or(i64::MAX),
            active: true,
        })?);
    }
    Ok(kinds)
}

/// The checklists a new archive begins with.
pub(crate) fn ready_made_checklists() -> Result<Vec<Checklist>> {
    rows(include_str!("checklists.tsv"))
        .iter()
        .map(|row| {
            let [code, name_zh, name_en, customer_kind, kinds] = row.as_slice() else {
                return Err(Error::invalid(Field::Checklist, row.join(" | "), "it has five columns"));
            };
            Ok(Checklist {
                code: (*code).to_owned(),
                name_zh: (*name_zh).to_owned(),
                name_en: (*name_en).to_owned(),
                customer_kind: (*customer_kind).to_owned(),
                kind_codes: kinds.split(';').map(str::to_owned).collect(),
            })
        })
        .collect()
}

/// Rows after the header; lines that begin with `#` are remarks.
fn rows(table: &'static str) -> Vec<Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_ready_made_kinds_are_whole() -> Result<()> {
        let kinds = ready_made()?;
        assert_eq!(kinds.len(), 132);
        let mut codes = HashSet::new();
        let mut patterns = HashSet::new();
        for kind in &kinds {
            assert!(codes.insert(kind.code.clone()), "{} stands twice", kind.code);
            for pattern in &kind.title_patterns {
                assert!(patterns.insert(fold::name(pattern)), "{pattern} leads to two kinds");
            }
        }
        for checklist in ready_made_checklists()? {
            let mut listed = HashSet::new();
            for code in &checklist.kind_codes {
                assert!(
                    codes.contains(code),
                    "{} lists {code}, which is no kind",
                    checklist.code
                );
                assert!(listed.insert(code), "{} lists {code} twice", checklist.code);
            }
        }
        Ok(())
    }

    #[test]
    fn names_lead_to_kinds() -> Result<()> {
        let kinds = Kinds::new(ready_made()?);
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(kinds.resolve(text).map(|kind| kind.code.as_str()), expected, "{text}");
        };
        check("营业执照", Some("business_licence"));
        check("business_licence", Some("business_licence"));
        check("BUSINESS LICENCE", Some("business_licence"));
        check("零售客户许可证", Some("tobacco_licence"));
        check("供用电双方依法签订的合同", Some("supply_contract"));
        check("备租/售电话号码登记表", Some("spare_number_register"));
        check("租赁 合同", Some("lease_contract"));
        check("Zeugnis", None);
        check("", None);
        Ok(())
    }

    #[test]
    fn titles_lead_to_the_most_exact_kind() -> Result<()> {
        let kinds = Kinds::new(ready_made()?);
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(kinds.by_title(text).map(|kind| kind.code.as_str()), expected, "{text}");
        };
        check("房 屋 租 赁 合 同", Some("lease_contract"));
        check("技术服务合同", Some("contract"));
        check("事业法人营业执照（副本）", Some("institution_licence"));
        check("会议通知", None);
        Ok(())
    }

    #[test]
    fn checklists_say_what_is_missing() -> Result<()> {
        let lists = ready_made_checklists()?;
        let list = lists
            .iter()
            .find(|list| list.code == "property_organisation")
            .expect("it is ready made");
        assert_eq!(list.missing(|_| false), ["organisation_code", "tax_registration"]);
        assert_eq!(list.missing(|kind| kind == "organisation_code"), ["tax_registration"]);
        assert!(list.fits("organisation") && !list.fits("person"));
        Ok(())
    }

    #[test]
    fn flags_are_letters() -> Result<()> {
        assert_eq!(KindFlags::parse("VCO")?.to_string(), "OCV");
        assert!(KindFlags::parse("S")?.has(KindFlag::Safe));
        assert!(KindFlags::parse("X").is_err());
        Ok(())
    }
}
