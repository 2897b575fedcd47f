//! The list of kinds as a register: its columns, what may stand in them, and a kind as their values.

use super::{DocumentKind, KindFlag, KindFlags, KindGroup};
use crate::{
    SecurityLevel, fold,
    imports::fields::{RegisterField, Shape, Values, columns, position},
    tables::{self, CellFault, ColumnRule, ListWrong},
};
use vocabulary::List;

/// Between words in one cell.
const SEPARATORS: [char; 3] = [';', '；', '\n'];

const COUNT: usize = 11;

pub static KIND_FIELDS: [RegisterField<()>; COUNT] = FIELDS;

/// The columns of the table of kinds.
pub const KIND_COLUMNS: &[ColumnRule] = &columns(&FIELDS);

const FIELDS: [RegisterField<()>; COUNT] = [
    required("code", &["代码", "类型代码"], "代码", "Code"),
    of_list(
        field("group", &["分组", "组", "类别"], "分组", "Group", Shape::Lasting, group),
        KindGroup::LIST,
    ),
    required("name_zh", &["中文名", "名称", "中文名称"], "中文名", "Chinese name"),
    required("name_en", &["英文名", "英文名称"], "英文名", "English name"),
    field(
        "title_patterns",
        &["题名用词", "标题用词", "题名"],
        "题名用词",
        "Title words",
        Shape::Text,
        joined,
    ),
    field(
        "content_patterns",
        &["正文用词", "内容用词", "正文"],
        "正文用词",
        "Content words",
        Shape::Text,
        joined,
    ),
    of_list(
        field("flags", &["标记", "标志"], "标记", "Flags", Shape::Text, flags),
        KindFlag::LIST,
    ),
    of_list(
        field(
            "security_level",
            &["密级"],
            "密级",
            "Security level",
            Shape::Lasting,
            level,
        ),
        SecurityLevel::LIST,
    ),
    field(
        "retention_class",
        &["保管期限"],
        "保管期限",
        "Retention class",
        Shape::Text,
        text,
    ),
    field(
        "position",
        &["次序", "顺序", "序号"],
        "次序",
        "Position",
        Shape::Lasting,
        whole_number,
    ),
    field("active", &["启用", "有效"], "启用", "Active", Shape::Lasting, yes_or_no),
];

pub(super) const fn required(
    name: &'static str,
    headers: &'static [&'static str],
    zh: &'static str,
    en: &'static str,
) -> RegisterField<()> {
    let mut field = field(name, headers, zh, en, Shape::Lasting, text);
    field.column.required = true;
    field
}

pub(super) const fn field(
    name: &'static str,
    headers: &'static [&'static str],
    zh: &'static str,
    en: &'static str,
    shape: Shape,
    check: fn(&str) -> Result<String, CellFault>,
) -> RegisterField<()> {
    RegisterField {
        column: ColumnRule {
            name,
            headers,
            required: false,
        },
        zh,
        en,
        shape,
        words: None,
        check,
        shown: str::to_owned,
        storage: (),
    }
}

/// The field with the words that may be written in it.
const fn of_list(mut field: RegisterField<()>, list: List) -> RegisterField<()> {
    field.words = Some(list);
    field
}

/// The whole list as tab-separated text, in the order of lists. Importing it again changes nothing.
pub fn written(kinds: &[DocumentKind]) -> String {
    tables::as_text(KIND_COLUMNS, kinds.iter().map(|kind| values(kind).fields))
}

/// A kind as the table writes it.
pub(super) fn values(kind: &DocumentKind) -> Values {
    let fields = [
        kind.code.clone(),
        kind.group.as_str().to_owned(),
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
    Values {
        fields: fields.into(),
        ..Values::default()
    }
}

/// The kind of which these are the values, each of which its field has checked.
pub(super) fn kind(values: &Values) -> DocumentKind {
    let get = |name: &str| values.named(&KIND_FIELDS, name);
    DocumentKind {
        code: get("code").to_owned(),
        group: KindGroup::from_code(get("group")).unwrap_or(KindGroup::Other),
        name_zh: get("name_zh").to_owned(),
        name_en: get("name_en").to_owned(),
        title_patterns: words(get("title_patterns")),
        content_patterns: words(get("content_patterns")),
        flags: KindFlags::parse(get("flags")).unwrap_or_default(),
        security_level: SecurityLevel::parse(get("security_level")).unwrap_or(SecurityLevel::INTERNAL),
        retention_class: get("retention_class").to_owned(),
        position: get("position").parse().unwrap_or(0),
        active: get("active") == "1",
    }
}

/// Where the field of this name stands among the values of a kind.
pub(super) fn at(fields: &[RegisterField<()>], name: &str) -> usize {
    position(fields, name).unwrap_or(usize::MAX)
}

/// Words of one cell.
pub(super) fn words(cell: &str) -> Vec<String> {
    cell.split(SEPARATORS)
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(super) fn joined(cell: &str) -> Result<String, CellFault> {
    Ok(words(&fold::storable(cell)).join(";"))
}

pub(super) fn text(cell: &str) -> Result<String, CellFault> {
    Ok(fold::storable(cell))
}

fn group(cell: &str) -> Result<String, CellFault> {
    let group = KindGroup::parse(cell).map_err(|_| CellFault::List(ListWrong::Group))?;
    Ok(group.as_str().to_owned())
}

fn flags(cell: &str) -> Result<String, CellFault> {
    let flags = KindFlags::parse(cell).map_err(|_| CellFault::List(ListWrong::Flags))?;
    Ok(flags.to_string())
}

fn level(cell: &str) -> Result<String, CellFault> {
    let level = SecurityLevel::parse(cell).map_err(|_| CellFault::List(ListWrong::Level))?;
    Ok(level.number().to_string())
}

pub(super) fn whole_number(cell: &str) -> Result<String, CellFault> {
    let number: i64 = fold::half_width(cell)
        .trim()
        .parse()
        .map_err(|_| CellFault::List(ListWrong::Position))?;
    Ok(number.to_string())
}

pub(super) fn yes_or_no(cell: &str) -> Result<String, CellFault> {
    match cell.to_lowercase().as_str() {
        "1" | "yes" | "true" | "是" | "启用" => Ok("1".to_owned()),
        "0" | "no" | "false" | "否" | "停用" => Ok("0".to_owned()),
        _ => Err(CellFault::List(ListWrong::YesOrNo)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kinds, plan::plan, ready_made};
    use super::*;
    use crate::{
        imports::{
            EmptyCells,
            fields::{LinesOfCodes, read_lines},
        },
        tables::TableLimits,
    };

    /// What a table makes of the list: the kinds that it adds or changes, what is wrong, what is empty.
    fn planned(text: &str, empty_cells: EmptyCells) -> crate::Result<(Vec<DocumentKind>, usize, usize)> {
        let table = tables::read(text.as_bytes(), KIND_COLUMNS, &TableLimits::default()).expect("a table");
        let mut problems = Vec::new();
        let lines = read_lines(
            &KIND_FIELDS,
            &table.rows,
            &mut LinesOfCodes::new(),
            str::to_owned,
            &mut problems,
        );
        let planned = plan(&mut Kinds::new(ready_made::kinds()?), lines, empty_cells, &mut problems);
        let empty = planned.iter().map(|item| item.merged.empty.len()).sum();
        let changed = planned.into_iter().filter(|item| !item.merged.changes.is_empty());
        Ok((changed.map(|item| item.record).collect(), problems.len(), empty))
    }

    #[test]
    fn what_is_written_is_read_again() -> crate::Result<()> {
        let kinds = ready_made::kinds()?;
        assert_eq!(planned(&written(&kinds), EmptyCells::Clear)?, (Vec::new(), 0, 0));
        assert!(kinds.iter().all(|one| kind(&values(one)) == *one));
        Ok(())
    }

    #[test]
    fn a_missing_column_leaves_its_field_alone_and_an_empty_cell_is_said() -> crate::Result<()> {
        let kinds = ready_made::kinds()?;
        let known = kinds.iter().find(|kind| kind.code == "lease_contract");
        let known = known.expect("it is among the kinds");
        let short = "code\tname_zh\tname_en\nlease_contract\t房屋租约\tLease\n";
        let (changed, ..) = planned(short, EmptyCells::Clear)?;
        assert_eq!(changed[0].title_patterns, known.title_patterns);
        assert_eq!(changed[0].name_zh, "房屋租约");
        let empty = "code\tname_zh\tname_en\ttitle_patterns\tgroup\nlease_contract\t房屋租约\tLease\t\t\n";
        let (changed, _, said) = planned(empty, EmptyCells::Keep)?;
        assert_eq!((&changed[0].title_patterns, said), (&known.title_patterns, 1));
        let (changed, ..) = planned(empty, EmptyCells::Clear)?;
        assert!(changed[0].title_patterns.is_empty() && changed[0].group == known.group);
        Ok(())
    }
}
