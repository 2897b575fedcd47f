//! The list of kinds as a table that people edit in a spreadsheet: its columns, its lines, and what a line means.

use super::{DocumentKind, KindFlags, ListFault, ListWrong};
use crate::{
    SecurityLevel,
    tables::{self, ColumnRule, TableLimits, TableRow},
};

/// Between words in one cell.
const SEPARATORS: [char; 3] = [';', '；', '\n'];

pub const KIND_COLUMNS: &[ColumnRule] = &[
    column("code", &["代码", "类型代码"], true),
    column("group", &["分组", "组", "类别"], false),
    column("name_zh", &["中文名", "名称", "中文名称"], true),
    column("name_en", &["英文名", "英文名称"], true),
    column("title_patterns", &["题名用词", "标题用词", "题名"], false),
    column("content_patterns", &["正文用词", "内容用词", "正文"], false),
    column("flags", &["标记", "标志"], false),
    column("security_level", &["密级"], false),
    column("retention_class", &["保管期限"], false),
    column("position", &["次序", "顺序", "序号"], false),
    column("active", &["启用", "有效"], false),
];

pub(super) const fn column(name: &'static str, headers: &'static [&'static str], required: bool) -> ColumnRule {
    ColumnRule {
        name,
        headers,
        required,
    }
}

impl TableLimits {
    /// A list of kinds is typed by people: small, so that it may be read where requests are served.
    pub fn of_kinds() -> Self {
        Self {
            bytes_max: 900_000,
            rows_max: 2_000,
            columns_max: 40,
            cell_characters_max: 10_000,
        }
    }
}

/// The whole list as tab-separated text, in the order of lists. Importing it again changes nothing.
pub fn written(kinds: &[DocumentKind]) -> String {
    tables::written(KIND_COLUMNS, kinds.iter().map(cells))
}

/// The fields of a kind as the table writes them.
pub(super) fn cells(kind: &DocumentKind) -> Vec<String> {
    vec![
        kind.code.clone(),
        kind.group.clone(),
        kind.name_zh.clone(),
        kind.name_en.clone(),
        kind.title_patterns.join(";"),
        kind.content_patterns.join(";"),
        kind.flags.to_string(),
        kind.security_level.number().to_string(),
        kind.retention_class.clone(),
        kind.position.to_string(),
        i64::from(kind.active).to_string(),
    ]
}

/// The kind that a line describes. What the table has no column for stays as `known` has it; so do group, level,
/// position and the rest that a kind must have when their cell is empty.
///
/// # Errors
/// The cell that is not usable.
pub fn read(row: &TableRow, known: Option<&DocumentKind>, position: i64) -> Result<DocumentKind, ListFault> {
    let blank = DocumentKind {
        code: row.get("code").to_owned(),
        group: "other".to_owned(),
        name_zh: String::new(),
        name_en: String::new(),
        title_patterns: Vec::new(),
        content_patterns: Vec::new(),
        flags: KindFlags::default(),
        security_level: SecurityLevel::INTERNAL,
        retention_class: String::new(),
        position,
        active: true,
    };
    let mut kind = known.cloned().unwrap_or(blank);
    let text = |column: &'static str, into: &mut String| {
        if let Some(cell) = row.stated(column) {
            cell.clone_into(into);
        }
    };
    text("name_zh", &mut kind.name_zh);
    text("name_en", &mut kind.name_en);
    text("retention_class", &mut kind.retention_class);
    if let Some(cell) = row.stated("group").filter(|cell| !cell.is_empty()) {
        cell.clone_into(&mut kind.group);
    }
    if let Some(cell) = row.stated("title_patterns") {
        kind.title_patterns = words(cell);
    }
    if let Some(cell) = row.stated("content_patterns") {
        kind.content_patterns = words(cell);
    }
    if let Some(cell) = row.stated("flags") {
        kind.flags = KindFlags::parse(cell).map_err(|_| ListFault::new("flags", cell, ListWrong::Flags))?;
    }
    if let Some(cell) = row.stated("security_level").filter(|cell| !cell.is_empty()) {
        let level = SecurityLevel::parse(cell);
        kind.security_level = level.map_err(|_| ListFault::new("security_level", cell, ListWrong::Level))?;
    }
    kind.position = whole_number(row, kind.position)?;
    kind.active = yes_or_no(row, kind.active)?;
    Ok(kind)
}

/// Words of one cell.
pub(super) fn words(cell: &str) -> Vec<String> {
    cell.split(SEPARATORS)
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(super) fn whole_number(row: &TableRow, known: i64) -> Result<i64, ListFault> {
    match row.stated("position") {
        None | Some("") => Ok(known),
        Some(cell) => cell
            .parse()
            .map_err(|_| ListFault::new("position", cell, ListWrong::Position)),
    }
}

pub(super) fn yes_or_no(row: &TableRow, known: bool) -> Result<bool, ListFault> {
    match row.stated("active").unwrap_or_default().to_lowercase().as_str() {
        "" => Ok(known),
        "1" | "yes" | "true" | "是" | "启用" => Ok(true),
        "0" | "no" | "false" | "否" | "停用" => Ok(false),
        other => Err(ListFault::new("active", other, ListWrong::YesOrNo)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::ready_made;
    use super::*;

    fn rows(text: &str) -> Vec<TableRow> {
        tables::read(text.as_bytes(), KIND_COLUMNS, &TableLimits::of_kinds())
            .expect("a table")
            .rows
    }

    #[test]
    fn what_is_written_is_read_again() -> crate::Result<()> {
        let kinds = ready_made::kinds()?;
        let again: Vec<DocumentKind> = rows(&written(&kinds))
            .iter()
            .map(|row| read(row, None, 0))
            .collect::<Result<_, _>>()?;
        assert_eq!(again, kinds);
        Ok(())
    }

    #[test]
    fn a_missing_column_leaves_its_field_alone() -> crate::Result<()> {
        let kinds = ready_made::kinds()?;
        let known = kinds.iter().find(|kind| kind.code == "lease_contract");
        let short = rows("code\tname_zh\tname_en\nlease_contract\t房屋租约\tLease\n");
        let kind = read(&short[0], known, 0)?;
        assert_eq!(Some(&kind.title_patterns), known.map(|known| &known.title_patterns));
        assert_eq!(kind.name_zh, "房屋租约");
        let emptied = rows("code\tname_zh\tname_en\ttitle_patterns\nlease_contract\t房屋租约\tLease\t\n");
        assert!(read(&emptied[0], known, 0)?.title_patterns.is_empty());
        Ok(())
    }
}
