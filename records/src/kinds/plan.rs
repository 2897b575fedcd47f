//! What a table of kinds or checklists would do to the list: worked out whole before anything is written, so that a
//! trial and an import say the same.

use super::{
    Checklist, Checklists, DocumentKind, Kinds, ListFault,
    checklist_table::{self, CHECKLIST_FIELDS},
    table::{self, KIND_FIELDS, at},
};
use crate::{
    imports::{
        EmptyCells, FieldChange, KeptBecause,
        fields::{RegisterField, Stated, Values},
        merge::{Merged, merge},
    },
    tables::{CellFault, LineProblem},
};

/// A list of records whose places, names and words depend on each other.
pub(crate) trait KeptList {
    type Record: Clone + Send + Sync + std::fmt::Debug;

    /// What a new record is when its line does not say.
    const USUAL: &'static [(&'static str, &'static str)];

    fn fields() -> &'static [RegisterField<()>];

    fn values(record: &Self::Record) -> Values;

    fn record(values: &Values) -> Self::Record;

    fn get(&self, code: &str) -> Option<&Self::Record>;

    fn next_position(&self) -> i64;

    /// The record as it may be stored beside the others.
    fn checked(&self, record: &Self::Record) -> Result<Self::Record, ListFault>;

    /// Adds a record, or puts it in the place of the one with its code.
    fn put(&mut self, record: Self::Record);

    /// What a line states, as the list itself writes it.
    fn own_words(&self, _stated: &mut Stated) {}
}

impl KeptList for Kinds {
    type Record = DocumentKind;

    const USUAL: &'static [(&'static str, &'static str)] =
        &[("group", "other"), ("security_level", "1"), ("active", "1")];

    fn fields() -> &'static [RegisterField<()>] {
        &KIND_FIELDS
    }

    fn values(record: &DocumentKind) -> Values {
        table::values(record)
    }

    fn record(values: &Values) -> DocumentKind {
        table::kind(values)
    }

    fn get(&self, code: &str) -> Option<&DocumentKind> {
        Kinds::get(self, code)
    }

    fn next_position(&self) -> i64 {
        Kinds::next_position(self)
    }

    fn checked(&self, record: &DocumentKind) -> Result<DocumentKind, ListFault> {
        Kinds::checked(self, record)
    }

    fn put(&mut self, record: DocumentKind) {
        Kinds::put(self, record);
    }
}

/// The checklists with the kinds that they may ask for.
#[derive(Default)]
pub(crate) struct ChecklistsOfKinds {
    pub lists: Checklists,
    pub kinds: Kinds,
}

impl KeptList for ChecklistsOfKinds {
    type Record = Checklist;

    const USUAL: &'static [(&'static str, &'static str)] = &[("customer_kind", "any"), ("active", "1")];

    fn fields() -> &'static [RegisterField<()>] {
        &CHECKLIST_FIELDS
    }

    fn values(record: &Checklist) -> Values {
        checklist_table::values(record)
    }

    fn record(values: &Values) -> Checklist {
        checklist_table::checklist(values)
    }

    fn get(&self, code: &str) -> Option<&Checklist> {
        self.lists.get(code)
    }

    fn next_position(&self) -> i64 {
        self.lists.next_position()
    }

    fn checked(&self, record: &Checklist) -> Result<Checklist, ListFault> {
        self.lists.checked(record, &self.kinds)
    }

    fn put(&mut self, record: Checklist) {
        self.lists.put(record);
    }

    /// Kinds by their codes; a word that leads to none stays, and is refused with the list.
    fn own_words(&self, stated: &mut Stated) {
        if let Some(Some(cell)) = stated.fields.get_mut(at(&CHECKLIST_FIELDS, "kinds")) {
            let code = |word: String| self.kinds.resolve(&word).map_or(word, |kind| kind.code.clone());
            *cell = table::words(cell).into_iter().map(code).collect::<Vec<_>>().join(";");
        }
    }
}

/// One line against the list.
#[derive(Debug)]
pub(crate) struct PlannedEntry<R> {
    pub line: u64,
    pub is_new: bool,
    pub merged: Merged,
    pub record: R,
}

/// What the lines of a table add and change. The list is afterwards as it would be.
pub(super) fn plan<L: KeptList>(
    list: &mut L,
    lines: Vec<Stated>,
    empty_cells: EmptyCells,
    problems: &mut Vec<LineProblem>,
) -> Vec<PlannedEntry<L::Record>> {
    let mut planned = Vec::with_capacity(lines.len());
    for stated in lines {
        let line = stated.line;
        match one(list, stated, empty_cells) {
            Ok(item) => planned.push(item),
            Err(ListFault { column, value, because }) => problems.push(LineProblem {
                line,
                column: column.to_owned(),
                value,
                fault: CellFault::List(because),
            }),
        }
    }
    planned
}

fn one<L: KeptList>(
    list: &mut L,
    mut stated: Stated,
    empty_cells: EmptyCells,
) -> Result<PlannedEntry<L::Record>, ListFault> {
    // A list has no fields of the archive's own.
    stated.attributes.clear();
    let code = stated.get(at(L::fields(), "code")).to_owned();
    let known = list.get(&code).map(L::values);
    if known.is_none() {
        let position = list.next_position().to_string();
        for (name, usual) in L::USUAL.iter().copied().chain([("position", position.as_str())]) {
            if let Some(place) = stated.fields.get_mut(at(L::fields(), name))
                && place.as_deref().unwrap_or_default().is_empty()
            {
                *place = Some(usual.to_owned());
            }
        }
    }
    let typed = stated.clone();
    list.own_words(&mut stated);
    let before = known.clone().unwrap_or_else(|| Values::empty(L::fields().len()));
    let mut merged = merge(L::fields(), &before, &stated, empty_cells, |field| field.shape);
    for cell in &mut merged.empty {
        cell.code.clone_from(&code);
    }
    let mut record = L::record(&merged.after);
    // What stands there already may ask for what has been retired since.
    if known.is_none() || !merged.changes.is_empty() {
        record = list.checked(&record).map_err(|fault| {
            // Said of the words as they were written.
            let typed = merge(L::fields(), &before, &typed, empty_cells, |field| field.shape);
            list.checked(&L::record(&typed.after)).err().unwrap_or(fault)
        })?;
        let after = L::values(&record);
        merged.changes = differences::<L>(&before, &after);
        merged.after = after;
        list.put(record.clone());
    }
    Ok(PlannedEntry {
        line: stated.line,
        is_new: known.is_none(),
        merged,
        record,
    })
}

fn differences<L: KeptList>(before: &Values, after: &Values) -> Vec<FieldChange> {
    let pairs = before.fields.iter().zip(&after.fields);
    L::fields()
        .iter()
        .zip(pairs)
        .filter(|(_, (before, after))| before != after)
        .map(|(field, (before, after))| FieldChange {
            field: field.name().into(),
            before: before.clone(),
            after: after.clone(),
        })
        .collect()
}

/// The record with these values, or with as many of them as may still be; the others are named. `None` when none may.
pub(super) fn put_back<L: KeptList>(
    list: &mut L,
    present: &Values,
    mut after: Values,
    kept: &mut Vec<(String, KeptBecause)>,
) -> Option<L::Record> {
    while after != *present {
        let column = match list.checked(&L::record(&after)) {
            Ok(record) => {
                list.put(record.clone());
                return Some(record);
            }
            Err(fault) => fault.column,
        };
        let mut refused: Vec<FieldChange> = differences::<L>(present, &after);
        if refused.iter().any(|change| change.field == column) {
            refused.retain(|change| change.field == column);
        }
        for change in refused {
            after.set_named(L::fields(), &change.field, change.before);
            kept.push((change.field.into_owned(), KeptBecause::Taken));
        }
    }
    None
}
