//! The checklists as a table that people edit in a spreadsheet: one line for each, its kinds in one cell.

use super::{
    Checklist, ListFault, ListWrong,
    table::{column, whole_number, words, yes_or_no},
};
use crate::tables::{self, ColumnRule, TableRow};

pub const CHECKLIST_COLUMNS: &[ColumnRule] = &[
    column("code", &["代码", "清单代码"], true),
    column("name_zh", &["中文名", "名称", "中文名称"], true),
    column("name_en", &["英文名", "英文名称"], true),
    column("customer_kind", &["客户类型", "客户种类"], false),
    column("kinds", &["文件类型", "类型", "应有文件"], true),
    column("position", &["次序", "顺序", "序号"], false),
    column("active", &["启用", "有效"], false),
];

/// All checklists as tab-separated text, in the order of lists. Importing it again changes nothing.
pub fn written(lists: &[Checklist]) -> String {
    tables::written(CHECKLIST_COLUMNS, lists.iter().map(cells))
}

/// The fields of a checklist as the table writes them.
pub(super) fn cells(list: &Checklist) -> Vec<String> {
    vec![
        list.code.clone(),
        list.name_zh.clone(),
        list.name_en.clone(),
        list.customer_kind.clone(),
        list.kind_codes.join(";"),
        list.position.to_string(),
        i64::from(list.active).to_string(),
    ]
}

/// The word of a customer kind, as people write it.
pub fn customer_kind(text: &str) -> Option<&'static str> {
    match text.trim().to_lowercase().as_str() {
        "" | "any" | "任意" | "不限" => Some(""),
        "person" | "个人" | "自然人" => Some("person"),
        "organisation" | "organization" | "企业" | "单位" | "法人" => Some("organisation"),
        _ => None,
    }
}

/// The checklist that a line describes. What the table has no column for stays as `known` has it.
///
/// # Errors
/// The cell that is not usable.
pub fn read(row: &TableRow, known: Option<&Checklist>, position: i64) -> Result<Checklist, ListFault> {
    let blank = Checklist {
        code: row.get("code").to_owned(),
        name_zh: String::new(),
        name_en: String::new(),
        customer_kind: String::new(),
        kind_codes: Vec::new(),
        position,
        active: true,
    };
    let mut list = known.cloned().unwrap_or(blank);
    if let Some(cell) = row.stated("name_zh") {
        cell.clone_into(&mut list.name_zh);
    }
    if let Some(cell) = row.stated("name_en") {
        cell.clone_into(&mut list.name_en);
    }
    if let Some(cell) = row.stated("customer_kind") {
        let kind = customer_kind(cell);
        let kind = kind.ok_or_else(|| ListFault::new("customer_kind", cell, ListWrong::CustomerKind))?;
        kind.clone_into(&mut list.customer_kind);
    }
    if let Some(cell) = row.stated("kinds") {
        list.kind_codes = words(cell);
    }
    list.position = whole_number(row, list.position)?;
    list.active = yes_or_no(row, list.active)?;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::super::{Kinds, ready_made};
    use super::*;
    use crate::tables::TableLimits;

    #[test]
    fn what_is_written_is_read_again() -> crate::Result<()> {
        let lists = ready_made::checklists(&Kinds::new(ready_made::kinds()?))?;
        let text = written(&lists);
        let table = tables::read(text.as_bytes(), CHECKLIST_COLUMNS, &TableLimits::of_kinds()).expect("a table");
        let again: Vec<Checklist> = table
            .rows
            .iter()
            .map(|row| read(row, None, 0))
            .collect::<Result<_, _>>()?;
        assert_eq!(again, lists);
        Ok(())
    }
}
