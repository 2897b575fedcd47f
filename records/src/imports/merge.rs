//! What a record becomes when a line states this of it, and what it becomes when that is taken back.

use super::{
    EmptyCell, EmptyCells, FieldChange, KeptBecause,
    fields::{ATTRIBUTE, RegisterField, Shape, Stated, Values, is_same, position, union},
};

/// What a record becomes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    pub after: Values,
    pub changes: Vec<FieldChange>,
    /// What empty cells would take away, or have taken away where that was asked for.
    pub empty: Vec<EmptyCell>,
}

/// What a record becomes when this is stated of it. `shape_of` may narrow the shape of a field for this record.
pub fn merge<H>(
    fields: &[RegisterField<H>],
    before: &Values,
    stated: &Stated,
    empty_cells: EmptyCells,
    shape_of: impl Fn(&RegisterField<H>) -> Shape,
) -> Merged {
    let mut merged = Merged {
        after: before.clone(),
        ..Merged::default()
    };
    for (at, field) in fields.iter().enumerate() {
        let Some(value) = stated.fields.get(at).and_then(Option::as_ref) else {
            continue;
        };
        let (former, shape) = (before.get(at), shape_of(field));
        let value = match shape {
            Shape::Lasting if value.is_empty() => continue,
            Shape::Growing if !value.is_empty() => union(former, value),
            _ => value.clone(),
        };
        if is_same(shape, former, &value) {
            continue;
        }
        if value.is_empty() && !merged.takes_away(stated.line, field.name(), (field.shown)(former), empty_cells) {
            continue;
        }
        merged.changes.push(FieldChange {
            field: field.name().into(),
            before: former.to_owned(),
            after: value.clone(),
        });
        merged.after.fields[at] = value;
    }
    for (name, value) in &stated.attributes {
        let former = before.attributes.get(name).map_or("", String::as_str);
        let field = format!("{ATTRIBUTE}{name}");
        if former == value
            || (value.is_empty() && !merged.takes_away(stated.line, &field, former.to_owned(), empty_cells))
        {
            continue;
        }
        merged.after.set_named(fields, &field, value.clone());
        merged.changes.push(FieldChange {
            field: field.into(),
            before: former.to_owned(),
            after: value.clone(),
        });
    }
    merged
}

/// The values with each change taken back whose field still has what the change gave it, and the fields that have
/// something else by now.
pub fn put_back<H>(
    fields: &[RegisterField<H>],
    present: &Values,
    changes: &[FieldChange],
) -> (Values, Vec<(String, KeptBecause)>) {
    let (mut after, mut kept) = (present.clone(), Vec::new());
    for change in changes {
        let shape = position(fields, &change.field).map_or(Shape::Text, |at| fields[at].shape);
        if is_same(shape, present.named(fields, &change.field), &change.after) {
            after.set_named(fields, &change.field, change.before.clone());
        } else {
            kept.push((change.field.clone().into_owned(), KeptBecause::ChangedSince));
        }
    }
    (after, kept)
}

impl Merged {
    /// Notes an empty cell above something; whether it takes that away.
    fn takes_away(&mut self, line: u64, field: &str, value: String, empty_cells: EmptyCells) -> bool {
        self.empty.push(EmptyCell {
            line,
            code: String::new(),
            field: field.to_owned(),
            value,
        });
        empty_cells == EmptyCells::Clear
    }
}
