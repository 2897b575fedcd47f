//! The kinds and checklists that a new archive begins with.

use super::{Checklist, Checklists, DocumentKind, KindFlags, KindGroup, Kinds};
use crate::{Error, Field, Result, SecurityLevel};
use vocabulary::both;

/// # Errors
/// None for the file that is built in; a test reads it whole.
pub(super) fn kinds() -> Result<Vec<DocumentKind>> {
    let rows = rows(include_str!("kinds.tsv"));
    let mut kinds = Vec::new();
    for (position, row) in (1..).zip(&rows) {
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
                both!(
                    "it has eight columns, and a ninth for content words",
                    "它有八列，第九列是正文用词"
                ),
            ));
        };
        kinds.push(
            Kinds::default().checked(&DocumentKind {
                code: (*code).to_owned(),
                group: KindGroup::parse(group)?,
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
                position,
                active: true,
            })?,
        );
    }
    Ok(kinds)
}

/// # Errors
/// None for the file that is built in; a test reads it whole.
pub(super) fn checklists(kinds: &Kinds) -> Result<Vec<Checklist>> {
    let rows = rows(include_str!("checklists.tsv"));
    let mut lists = Checklists::default();
    for (position, row) in (1..).zip(&rows) {
        let [code, name_zh, name_en, customer_kind, kind_codes] = row.as_slice() else {
            return Err(Error::invalid(
                Field::Checklist,
                row.join(" | "),
                both!("it has five columns", "它有五列"),
            ));
        };
        let list = Checklist {
            code: (*code).to_owned(),
            name_zh: (*name_zh).to_owned(),
            name_en: (*name_en).to_owned(),
            customer_kind: Checklist::read_customer_kind(customer_kind)?,
            kind_codes: kind_codes.split(';').map(str::to_owned).collect(),
            position,
            active: true,
        };
        let checked = lists.checked(&list, kinds)?;
        lists.put(checked);
    }
    Ok(lists.all().to_vec())
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
    use crate::fold;
    use std::collections::HashSet;

    #[test]
    fn the_ready_made_lists_are_whole() -> Result<()> {
        let list = kinds()?;
        assert_eq!(list.len(), 135);
        let mut codes = HashSet::new();
        let mut patterns = HashSet::new();
        for kind in &list {
            assert!(codes.insert(kind.code.clone()), "{} stands twice", kind.code);
            for pattern in &kind.title_patterns {
                assert!(patterns.insert(fold::name(pattern)), "{pattern} leads to two kinds");
            }
        }
        assert_eq!(checklists(&Kinds::new(list))?.len(), 15);
        Ok(())
    }
}
