//! The list of kinds as a table that people edit in a spreadsheet: its columns, its lines, and what a line means.

use super::{DocumentKind, KindFlags};
use crate::{
    Error, Field, Result, SecurityLevel,
    tables::{ColumnRule, TableLimits, TableRow},
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

const fn column(name: &'static str, headers: &'static [&'static str], required: bool) -> ColumnRule {
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
    let names: Vec<&str> = KIND_COLUMNS.iter().map(|column| column.name).collect();
    let mut text = names.join("\t");
    text.push('\n');
    for kind in kinds {
        let cells = [
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
        ];
        // Neither tabs nor line breaks are let into a kind, so that no cell needs quoting but for a quote itself.
        let cells = cells.map(|cell| match cell.contains('"') {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell,
        });
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

/// The kind that a line describes. What a line leaves out stays as `known` has it.
///
/// # Errors
/// [`Error::Invalid`] names the cell that is not usable.
pub fn read(row: &TableRow, known: Option<&DocumentKind>, position: i64) -> Result<DocumentKind> {
    let said = |column: &str, former: fn(&DocumentKind) -> String| match (row.get(column), known) {
        ("", Some(known)) => former(known),
        (cell, _) => cell.to_owned(),
    };
    let words = |column: &str| -> Vec<String> {
        let cell = row.get(column);
        cell.split(SEPARATORS)
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let position = match row.get("position") {
        "" => known.map_or(position, |known| known.position),
        text => text
            .parse()
            .map_err(|_| Error::invalid(Field::Position, text, "it is a whole number"))?,
    };
    let active = match row.get("active").to_lowercase().as_str() {
        "" => known.is_none_or(|known| known.active),
        "1" | "yes" | "true" | "是" | "启用" => true,
        "0" | "no" | "false" | "否" | "停用" => false,
        other => return Err(Error::invalid(Field::Active, other, "write 1 or 0")),
    };
    let level = said("security_level", |known| known.security_level.number().to_string());
    Ok(DocumentKind {
        code: row.get("code").to_owned(),
        group: match said("group", |known| known.group.clone()) {
            group if group.is_empty() => "other".to_owned(),
            group => group,
        },
        name_zh: row.get("name_zh").to_owned(),
        name_en: row.get("name_en").to_owned(),
        title_patterns: words("title_patterns"),
        content_patterns: words("content_patterns"),
        flags: KindFlags::parse(row.get("flags"))?,
        security_level: match level.as_str() {
            "" => SecurityLevel::INTERNAL,
            level => SecurityLevel::parse(level)?,
        },
        retention_class: row.get("retention_class").to_owned(),
        position,
        active,
    })
}

#[cfg(test)]
mod tests {
    use super::super::ready_made;
    use super::*;
    use crate::tables;

    #[test]
    fn what_is_written_is_read_again() -> Result<()> {
        let kinds = ready_made()?;
        let text = written(&kinds);
        let table = tables::read(text.as_bytes(), KIND_COLUMNS, &TableLimits::of_kinds()).expect("a table");
        let again: Vec<DocumentKind> = table.rows.iter().map(|row| read(row, None, 0)).collect::<Result<_>>()?;
        assert_eq!(again, kinds);
        Ok(())
    }
}
