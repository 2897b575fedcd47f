//! Fields of a register as data, and what a line of a table makes of a record.
//!
//! A register (customers, places, kinds, checklists) lists its fields once. From this list come the columns of its table, what a
//! line states, what differs from the record, and what a person may add or change. Nothing here knows the database.

use super::FieldChange;
use crate::{
    fold, privacy,
    tables::{CellFault, ColumnRule, LineProblem, TableRow},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use vocabulary::List;

/// One field of a register; `H` says where the register keeps it.
#[derive(Debug)]
pub struct RegisterField<H> {
    pub column: ColumnRule,
    /// What people call it, in Chinese and in English.
    pub zh: &'static str,
    pub en: &'static str,
    pub shape: Shape,
    /// The words that may be written, where they are of a list; an open one takes others too.
    pub words: Option<List>,
    /// The stored form of what was typed, or what is wrong with it.
    pub check: fn(&str) -> Result<String, CellFault>,
    /// The value as lists show it: personal numbers with their middle hidden.
    pub shown: fn(&str) -> String,
    pub storage: H,
}

impl<H> RegisterField<H> {
    pub const fn name(&self) -> &'static str {
        self.column.name
    }

    /// What people call it, in the language with this tag.
    pub fn label(&self, language: &str) -> &'static str {
        if language.starts_with("zh") { self.zh } else { self.en }
    }

    /// The field for those who treat all registers alike.
    pub fn without_storage(&self) -> RegisterField<()> {
        RegisterField {
            column: self.column,
            zh: self.zh,
            en: self.en,
            shape: self.shape,
            words: self.words,
            check: self.check,
            shown: self.shown,
            storage: (),
        }
    }
}

/// What a value is, and what becomes of it when a table states another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One text; an empty cell would empty it.
    Text,
    /// One text that a record always has; an empty cell leaves it.
    Lasting,
    /// Several values with `;` between them; what is stated stands instead of what stood there.
    List,
    /// Several values; a table adds to them and takes none away.
    Growing,
}

impl Shape {
    fn is_list(self) -> bool {
        matches!(self, Shape::List | Shape::Growing)
    }
}

/// The values of a record, in the order of the fields of its register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values {
    pub fields: Vec<String>,
    pub attributes: BTreeMap<String, String>,
}

/// What a line of a table or a form states of a record. `None` is a column that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stated {
    pub line: u64,
    pub fields: Vec<Option<String>>,
    pub attributes: BTreeMap<String, String>,
}

/// In front of the name of a custom attribute, where names of fields stand.
pub const ATTRIBUTE: &str = "attribute:";

/// The columns of a register's table.
pub const fn columns<H, const N: usize>(fields: &[RegisterField<H>; N]) -> [ColumnRule; N] {
    let mut columns = [fields[0].column; N];
    let mut at = 1;
    while at < N {
        columns[at] = fields[at].column;
        at += 1;
    }
    columns
}

pub fn position<H>(fields: &[RegisterField<H>], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.name() == name)
}

/// The parts of a list, trimmed.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；', '、'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

impl Values {
    pub fn empty(fields: usize) -> Self {
        Self {
            fields: vec![String::new(); fields],
            attributes: BTreeMap::new(),
        }
    }

    pub fn get(&self, at: usize) -> &str {
        self.fields.get(at).map_or("", String::as_str)
    }

    /// The value of a field or of a custom attribute (`attribute:NAME`).
    pub fn named<H>(&self, fields: &[RegisterField<H>], name: &str) -> &str {
        match name.strip_prefix(ATTRIBUTE) {
            Some(attribute) => self.attributes.get(attribute).map_or("", String::as_str),
            None => position(fields, name).map_or("", |at| self.get(at)),
        }
    }

    pub fn set_named<H>(&mut self, fields: &[RegisterField<H>], name: &str, value: String) {
        match name.strip_prefix(ATTRIBUTE) {
            Some(attribute) if value.is_empty() => drop(self.attributes.remove(attribute)),
            Some(attribute) => drop(self.attributes.insert(attribute.to_owned(), value)),
            None => {
                if let Some(place) = position(fields, name).and_then(|at| self.fields.get_mut(at)) {
                    *place = value;
                }
            }
        }
    }

    /// The values as lists show them.
    pub fn shown<H>(&self, fields: &[RegisterField<H>]) -> Self {
        let shown = fields
            .iter()
            .zip(&self.fields)
            .map(|(field, value)| (field.shown)(value));
        Self {
            fields: shown.collect(),
            attributes: self.attributes.clone(),
        }
    }

    /// SHA-256 over all values, by which one tells that nobody has changed a record since.
    pub fn digest<H>(&self, fields: &[RegisterField<H>]) -> String {
        let mut hash = Sha256::new();
        for (field, value) in fields.iter().zip(&self.fields) {
            // By name, so that a field that this program does not know yet changes no digest while it is empty.
            if !value.is_empty() {
                hash.update(field.name().as_bytes());
                hash.update([0]);
                hash.update(key(field.shape, value).as_bytes());
                hash.update([1]);
            }
        }
        for (name, value) in &self.attributes {
            for part in [name.as_bytes(), &[0], value.as_bytes(), &[1]] {
                hash.update(part);
            }
        }
        vocabulary::hex(&hash.finalize())
    }
}

/// By this two values are compared: a list by its members, anything else as it is.
fn key(shape: Shape, value: &str) -> String {
    if !shape.is_list() {
        return value.to_owned();
    }
    let mut members: Vec<String> = parts(value).map(fold::code).collect();
    members.sort_unstable();
    members.dedup();
    members.join(";")
}

pub fn is_same(shape: Shape, left: &str, right: &str) -> bool {
    left == right || (shape.is_list() && key(shape, left) == key(shape, right))
}

/// The values of `left`, then those of `right` that are not among them.
pub fn union(left: &str, right: &str) -> String {
    let mut members: Vec<&str> = Vec::new();
    for part in parts(left).chain(parts(right)) {
        if !members.iter().any(|known| fold::code(known) == fold::code(part)) {
            members.push(part);
        }
    }
    members.join(";")
}

impl Stated {
    /// Reads a line of a table.
    pub fn of_row<H>(fields: &[RegisterField<H>], row: &TableRow) -> Result<Self, LineProblem> {
        let mut stated = Self::of(fields, |name| row.stated(name)).map_err(|(name, fault)| LineProblem {
            line: row.line,
            column: name.to_owned(),
            value: row.get(name).to_owned(),
            fault,
        })?;
        stated.line = row.line;
        for (name, value) in row.others() {
            let told = stated.attributes.entry(name.to_owned()).or_default();
            // Of two columns with one header the one that says something counts.
            if !value.is_empty() {
                value.clone_into(told);
            }
        }
        Ok(stated)
    }

    /// Reads named values, such as those of a form: each name is a field or `attribute:NAME`.
    ///
    /// # Errors
    /// The name that is wrong, and why.
    pub fn of_pairs<H>(fields: &[RegisterField<H>], pairs: &[(String, String)]) -> Result<Self, (String, CellFault)> {
        let value = |wanted: &str| {
            pairs
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.trim())
        };
        let mut stated = Self::of(fields, value).map_err(|(name, fault)| (name.to_owned(), fault))?;
        for (name, value) in pairs {
            match name.strip_prefix(ATTRIBUTE).map(str::trim) {
                Some("") => return Err((name.clone(), CellFault::Missing)),
                Some(attribute) => {
                    let value = fold::storable(value.trim());
                    stated.attributes.insert(fold::storable(attribute), value);
                }
                None if position(fields, name).is_none() => return Err((name.clone(), CellFault::UnknownField)),
                None => {}
            }
        }
        Ok(stated)
    }

    fn of<'a, H>(
        fields: &[RegisterField<H>],
        value: impl Fn(&'static str) -> Option<&'a str>,
    ) -> Result<Self, (&'static str, CellFault)> {
        let mut values = Vec::with_capacity(fields.len());
        for field in fields {
            let name = field.name();
            values.push(match value(name) {
                None => None,
                Some("") if field.column.required => return Err((name, CellFault::Missing)),
                Some("") => Some(String::new()),
                Some(text) if field.shape.is_list() => {
                    let members: Result<Vec<String>, CellFault> = parts(text).map(field.check).collect();
                    Some(members.map_err(|fault| (name, fault))?.join(";"))
                }
                Some(text) => Some((field.check)(text).map_err(|fault| (name, fault))?),
            });
        }
        Ok(Self {
            line: 0,
            fields: values,
            attributes: BTreeMap::new(),
        })
    }

    /// The stated value of a field; empty when it is empty or not stated.
    pub fn get(&self, at: usize) -> &str {
        self.fields.get(at).and_then(Option::as_deref).unwrap_or_default()
    }
}

impl FieldChange {
    /// The change as lists show it: personal numbers with their middle hidden.
    pub fn shown<H>(self, fields: &[RegisterField<H>]) -> Self {
        let FieldChange { field, before, after } = self;
        let show = match position(fields, &field) {
            Some(at) => fields[at].shown,
            // Nobody knows what an archive keeps in columns of its own.
            None if field.starts_with(ATTRIBUTE) => |value: &str| privacy::mask_personal_numbers(value),
            None => str::to_owned,
        };
        FieldChange {
            before: show(&before),
            after: show(&after),
            field,
        }
    }
}

/// The lines of a table on which codes were first seen, by that by which codes are equal.
pub type LinesOfCodes = HashMap<Box<str>, u64>;

/// Reads lines of a table; what cannot be read becomes a problem, as does a code that an earlier line has. `key` is
/// that by which codes are equal.
pub fn read_lines<H>(
    fields: &[RegisterField<H>],
    rows: &[TableRow],
    lines_of_codes: &mut LinesOfCodes,
    key: impl Fn(&str) -> String,
    problems: &mut Vec<LineProblem>,
) -> Vec<Stated> {
    let at_code = position(fields, "code").unwrap_or(0);
    let mut lines: Vec<Stated> = Vec::with_capacity(rows.len());
    for row in rows {
        if !row.faults().is_empty() {
            problems.extend(row.faults().iter().cloned());
            continue;
        }
        let stated = match Stated::of_row(fields, row) {
            Ok(stated) => stated,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let code = stated.get(at_code);
        match lines_of_codes.insert(key(code).into(), row.line) {
            Some(former) => problems.push(LineProblem {
                line: row.line,
                column: "code".to_owned(),
                value: code.to_owned(),
                fault: CellFault::SameCodeAsLine(former),
            }),
            None => lines.push(stated),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::{EmptyCells, merge::merge};

    fn text(value: &str) -> Result<String, CellFault> {
        Ok(value.to_owned())
    }

    const fn field(name: &'static str, required: bool, shape: Shape) -> RegisterField<()> {
        RegisterField {
            column: ColumnRule {
                name,
                headers: &[],
                required,
            },
            zh: name,
            en: name,
            shape,
            words: None,
            check: text,
            shown: str::to_owned,
            storage: (),
        }
    }

    const FIELDS: &[RegisterField<()>] = &[
        field("code", true, Shape::Lasting),
        field("grade", false, Shape::Text),
        field("phones", false, Shape::List),
        field("numbers", false, Shape::Growing),
    ];

    fn before() -> Values {
        Values {
            fields: ["C-1", "A", "1;2", "7"].map(str::to_owned).into(),
            attributes: BTreeMap::from([("线路".to_owned(), "北".to_owned())]),
        }
    }

    fn merged(pairs: &[(&str, &str)], empty_cells: EmptyCells) -> (Vec<String>, usize) {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let stated = Stated::of_pairs(FIELDS, &pairs).expect("is well stated");
        let merged = merge(FIELDS, &before(), &stated, empty_cells, |field| field.shape);
        let changes = merged.changes.iter();
        (
            changes
                .map(|change| format!("{}:{}->{}", change.field, change.before, change.after))
                .collect(),
            merged.empty.len(),
        )
    }

    #[test]
    fn what_is_not_stated_stays_and_empty_cells_ask_first() {
        let check = |pairs: &[(&str, &str)], empty_cells, changes: &[&str], empty: usize| {
            assert_eq!(
                merged(pairs, empty_cells),
                (changes.iter().map(|change| (*change).to_owned()).collect(), empty),
                "{pairs:?}"
            );
        };
        use EmptyCells::{Clear, Keep};
        check(&[("code", "C-1")], Clear, &[], 0);
        check(&[("grade", "B")], Keep, &["grade:A->B"], 0);
        check(&[("grade", "")], Keep, &[], 1);
        check(&[("grade", "")], Clear, &["grade:A->"], 1);
        check(&[("phones", "2；1")], Keep, &[], 0);
        check(&[("phones", "2;3")], Keep, &["phones:1;2->2;3"], 0);
        check(&[("numbers", "8")], Keep, &["numbers:7->7;8"], 0);
        check(&[("numbers", "7")], Keep, &[], 0);
        check(&[("attribute:线路", "")], Keep, &[], 1);
        check(&[("attribute:线路", "")], Clear, &["attribute:线路:北->"], 1);
        check(&[("attribute:台区", "3")], Keep, &["attribute:台区:->3"], 0);
    }

    #[test]
    fn what_cannot_be_stated_is_named() {
        let check = |name: &str, value: &str, fault: CellFault| {
            let found = Stated::of_pairs(FIELDS, &[(name.to_owned(), value.to_owned())]).map(|_| ());
            assert_eq!(found, Err((name.to_owned(), fault)));
        };
        check("code", " ", CellFault::Missing);
        check("colour", "red", CellFault::UnknownField);
        check("attribute:", "x", CellFault::Missing);
    }

    #[test]
    fn digests_tell_values_apart_and_not_their_order() {
        let digest = |values: &Values| values.digest(FIELDS);
        let mut other = before();
        other.fields[2] = "2;1".to_owned();
        assert_eq!(digest(&before()), digest(&other));
        other.fields[2] = "2".to_owned();
        assert_ne!(digest(&before()), digest(&other));
        let mut other = before();
        other.attributes.clear();
        assert_ne!(digest(&before()), digest(&other));
    }
}
