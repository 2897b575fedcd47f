//! The checklists as a register: one line for each, its kinds in one cell.

use super::{
    Checklist,
    table::{field, joined, required, whole_number, words, yes_or_no},
};
use crate::{
    imports::fields::{RegisterField, Shape, Values, columns},
    tables::{self, CellFault, ColumnRule, ListWrong},
};
use vocabulary::CustomerKind;

/// What stands in a table for a checklist that is for any customer; an empty cell says nothing.
const ANY: &str = "any";

const COUNT: usize = 7;

pub static CHECKLIST_FIELDS: [RegisterField<()>; COUNT] = FIELDS;

/// The columns of the table of checklists.
pub const CHECKLIST_COLUMNS: &[ColumnRule] = &columns(&FIELDS);

const FIELDS: [RegisterField<()>; COUNT] = [
    required("code", &["代码", "清单代码"], "代码", "Code"),
    required("name_zh", &["中文名", "名称", "中文名称"], "中文名", "Chinese name"),
    required("name_en", &["英文名", "英文名称"], "英文名", "English name"),
    field(
        "customer_kind",
        &["客户类型", "客户种类"],
        "客户类型",
        "Customer kind",
        Shape::Lasting,
        customer_kind,
    ),
    kinds(),
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

const fn kinds() -> RegisterField<()> {
    let headers = &["文件类型", "类型", "应有文件"];
    let mut kinds = required("kinds", headers, "应有的文件类型", "Kinds that it asks for");
    kinds.check = joined;
    kinds
}

/// All checklists as tab-separated text, in the order of lists. Importing it again changes nothing.
pub fn written(lists: &[Checklist]) -> String {
    tables::as_text(CHECKLIST_COLUMNS, lists.iter().map(|list| values(list).fields))
}

/// A checklist as the table writes it.
pub(super) fn values(list: &Checklist) -> Values {
    let customer_kind = list.customer_kind.map_or(ANY, CustomerKind::as_str);
    let fields = [
        list.code.clone(),
        list.name_zh.clone(),
        list.name_en.clone(),
        customer_kind.to_owned(),
        list.kind_codes.join(";"),
        list.position.to_string(),
        i64::from(list.active).to_string(),
    ];
    Values {
        fields: fields.into(),
        ..Values::default()
    }
}

/// The checklist of which these are the values, each of which its field has checked.
pub(super) fn checklist(values: &Values) -> Checklist {
    let get = |name: &str| values.named(&CHECKLIST_FIELDS, name);
    Checklist {
        code: get("code").to_owned(),
        name_zh: get("name_zh").to_owned(),
        name_en: get("name_en").to_owned(),
        customer_kind: CustomerKind::from_code(get("customer_kind")),
        kind_codes: words(get("kinds")),
        position: get("position").parse().unwrap_or(0),
        active: get("active") == "1",
    }
}

fn customer_kind(cell: &str) -> Result<String, CellFault> {
    if [ANY, "任意", "不限"].contains(&cell.to_lowercase().as_str()) {
        return Ok(ANY.to_owned());
    }
    let kind = CustomerKind::parse(cell).map_err(|_| CellFault::List(ListWrong::CustomerKind))?;
    Ok(kind.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{
        Checklists, Kinds,
        plan::{ChecklistsOfKinds, plan},
        ready_made,
    };
    use super::*;
    use crate::{
        imports::{
            EmptyCells,
            fields::{LinesOfCodes, read_lines},
        },
        tables::TableLimits,
    };

    #[test]
    fn what_is_written_is_read_again() -> crate::Result<()> {
        let kinds = Kinds::new(ready_made::kinds()?);
        let lists = ready_made::checklists(&kinds)?;
        let text = written(&lists);
        let table = tables::read(text.as_bytes(), CHECKLIST_COLUMNS, &TableLimits::default()).expect("a table");
        let mut problems = Vec::new();
        let lines = read_lines(
            &CHECKLIST_FIELDS,
            &table.rows,
            &mut LinesOfCodes::new(),
            str::to_owned,
            &mut problems,
        );
        let mut known = ChecklistsOfKinds {
            kinds,
            lists: Checklists::new(lists.clone()),
        };
        let planned = plan(&mut known, lines, EmptyCells::Clear, &mut problems);
        assert_eq!((planned.len(), problems.len()), (lists.len(), 0));
        for (item, list) in planned.iter().zip(&lists) {
            assert!(item.merged.changes.is_empty() && item.record == *list, "{item:?}");
        }
        Ok(())
    }
}
