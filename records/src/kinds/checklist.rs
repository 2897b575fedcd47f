//! What a complete dossier of some customers holds.

use crate::Result;
use vocabulary::CustomerKind;

/// The kinds that a complete dossier holds, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// Whose dossiers it is for; `None` for any.
    pub customer_kind: Option<CustomerKind>,
    pub kind_codes: Vec<String>,
    pub position: i64,
    /// Inactive checklists are kept for the dossiers that are held against them, and offered no more.
    pub active: bool,
}

/// All checklists of an archive, in the order in which lists show them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checklists(Vec<Checklist>);

impl Checklist {
    /// Whose dossiers a list is for, as forms, scripts and the record write it: empty for any.
    ///
    /// # Errors
    /// When it is no kind of customer; says which there are.
    pub fn read_customer_kind(text: &str) -> Result<Option<CustomerKind>> {
        match text.trim() {
            "" => Ok(None),
            kind => Ok(Some(CustomerKind::parse(kind)?)),
        }
    }

    /// The name in a language of the screens; anything but `en` is Chinese.
    pub fn name(&self, language: &str) -> &str {
        if language.starts_with("en") {
            &self.name_en
        } else {
            &self.name_zh
        }
    }

    /// Whether a dossier of such a customer may be held against it from now on.
    pub fn fits(&self, kind: CustomerKind) -> bool {
        self.active && self.customer_kind.is_none_or(|only| only == kind)
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

impl Checklists {
    pub fn new(lists: Vec<Checklist>) -> Self {
        Self(lists)
    }

    pub fn all(&self) -> &[Checklist] {
        &self.0
    }

    pub fn get(&self, code: &str) -> Option<&Checklist> {
        self.0.iter().find(|list| list.code == code)
    }

    /// The position after the last.
    pub fn next_position(&self) -> i64 {
        self.0.iter().map(|list| list.position).max().unwrap_or(0) + 1
    }

    /// The checklists that ask for a kind.
    pub fn asking_for<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Checklist> {
        self.0
            .iter()
            .filter(move |list| list.kind_codes.iter().any(|code| code == kind))
    }

    pub(crate) fn put(&mut self, list: Checklist) {
        match self.0.iter_mut().find(|known| known.code == list.code) {
            Some(known) => *known = list,
            None => self.0.push(list),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kinds, ready_made};
    use super::*;

    #[test]
    fn checklists_say_what_is_missing() -> crate::Result<()> {
        let kinds = Kinds::new(ready_made::kinds()?);
        let lists = Checklists::new(ready_made::checklists(&kinds)?);
        let list = lists.get("property_organisation").expect("it is ready made");
        assert_eq!(list.missing(|_| false), ["organisation_code", "tax_registration"]);
        assert_eq!(list.missing(|kind| kind == "organisation_code"), ["tax_registration"]);
        assert!(list.fits(CustomerKind::Organisation) && !list.fits(CustomerKind::Person));
        let retired = Checklist {
            active: false,
            ..list.clone()
        };
        assert!(!retired.fits(CustomerKind::Organisation));
        let asking: Vec<_> = lists
            .asking_for("tax_registration")
            .map(|list| list.code.as_str())
            .collect();
        assert_eq!(asking, ["property_organisation"]);
        Ok(())
    }
}
