//! Document kinds and checklists: what a paper is called and what a complete dossier holds.
//!
//! A paper that nobody and nothing has named has the kind `""`; it is never guessed into another. The lists that an
//! archive begins with stand in `kinds.tsv` and `checklists.tsv`; administrators change them in the database, one by
//! one or as tables.

mod check;
mod checklist;
pub mod checklist_table;
mod flags;
mod judge;
mod plan;
mod ready_made;
pub(crate) mod recorded;
pub(crate) mod sql;
pub mod table;

pub use crate::tables::ListWrong;
pub use check::ListFault;
pub use checklist::{Checklist, Checklists};
pub use flags::{KindFlag, KindFlags};
pub use judge::{Judgement, KindBasis, KindFit};
pub use vocabulary::KindGroup;

use crate::{fold, identity::SecurityLevel};
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentKind {
    /// Stable word for programs: `business_licence`.
    pub code: String,
    pub group: KindGroup,
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

/// All kinds of an archive, ready to be asked by code, name or title.
#[derive(Debug, Clone, Default)]
pub struct Kinds {
    kinds: Vec<DocumentKind>,
    /// Folded words that lead to kinds: what the word is to the kind (0 code, 1 name, 2 title word), and its place.
    by_word: HashMap<String, Vec<(u8, usize)>>,
}

impl Kinds {
    pub fn new(kinds: Vec<DocumentKind>) -> Self {
        let mut all = Self::default();
        for kind in kinds {
            all.put(kind);
        }
        all
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
        self.resolve_but(text, "")
    }

    /// The same among all kinds but one.
    fn resolve_but(&self, text: &str, code: &str) -> Option<&DocumentKind> {
        let found = self.by_word.get(&fold::name(text))?;
        let others = found.iter().filter(|(_, at)| self.kinds[*at].code != code);
        others.min().map(|(_, at)| &self.kinds[*at])
    }

    /// The kind whose longest title word stands in a title as printed, if one is longer than all others.
    pub fn by_title(&self, title: &str) -> Option<&DocumentKind> {
        self.judge(title, "").kind()
    }

    /// The position after the last.
    pub fn next_position(&self) -> i64 {
        self.kinds.iter().map(|kind| kind.position).max().unwrap_or(0) + 1
    }

    /// Adds a kind, or puts it in the place of the one with its code.
    pub(crate) fn put(&mut self, kind: DocumentKind) {
        let known = self.kinds.iter().position(|known| known.code == kind.code);
        let at = known.unwrap_or(self.kinds.len());
        if known.is_some() {
            for (word, _) in words_of(&self.kinds[at]) {
                if let Some(found) = self.by_word.get_mut(&word) {
                    found.retain(|(_, kind)| *kind != at);
                }
            }
        }
        for (word, rank) in words_of(&kind) {
            self.by_word.entry(word).or_default().push((rank, at));
        }
        match known {
            Some(at) => self.kinds[at] = kind,
            None => self.kinds.push(kind),
        }
    }
}

fn words_of(kind: &DocumentKind) -> Vec<(String, u8)> {
    let names = [
        (kind.code.clone(), 0),
        (fold::name(&kind.name_zh), 1),
        (fold::name(&kind.name_en), 1),
    ];
    let titles = kind.title_patterns.iter().map(|word| (fold::name(word), 2));
    names
        .into_iter()
        .chain(titles)
        .filter(|(word, _)| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Result;

    #[test]
    fn names_lead_to_kinds() -> Result<()> {
        let kinds = Kinds::new(ready_made::kinds()?);
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
        let kinds = Kinds::new(ready_made::kinds()?);
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(kinds.by_title(text).map(|kind| kind.code.as_str()), expected, "{text}");
        };
        check("房 屋 租 赁 合 同", Some("lease_contract"));
        check("技术服务合同", Some("contract"));
        check("事业法人营业执照（副本）", Some("institution_licence"));
        check("会议通知", None);
        Ok(())
    }
}
