//! Imports in the reader's words: fields by their names, faults, doubles and reasons as sentences.

use super::count;
use crate::{http::address, screens::admin, state::Web, text::Text};
use records::{
    SecurityLevel,
    imports::{Double, EmptyCell, FieldChange, ImportRow, KeptBecause, LineChange, Register, fields::ATTRIBUTE},
    kinds::KindGroup,
    places::{LocationKind, PlaceUse},
    registers::fields_of,
    tables::{CellFault, LineProblem, TableError},
};

#[derive(Debug, Clone)]
pub struct ImportSummary {
    pub url: String,
    pub at: String,
    pub by: String,
    pub register: String,
    pub file_name: String,
    pub added: u64,
    pub changed: u64,
    pub held: u64,
    pub problems: u64,
    /// When and by whom it was taken back; empty while it stands.
    pub undone: String,
}

/// A record with its fields before and after.
#[derive(Debug, Clone)]
pub struct LineShown {
    pub line: String,
    pub code: String,
    pub name: String,
    pub url: String,
    pub added: bool,
    pub fields: Vec<FieldShown>,
    /// Why an undo left it; may be empty.
    pub kept: String,
}

#[derive(Debug, Clone)]
pub struct FieldShown {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// Something to say about a line.
#[derive(Debug, Clone)]
pub struct Remark {
    pub line: u64,
    pub code: String,
    pub field: String,
    pub value: String,
    pub text: String,
}

/// A line beside what it is likely a double of.
#[derive(Debug, Clone)]
pub struct TwinShown {
    pub line: u64,
    pub code: String,
    pub name: String,
    pub other_code: String,
    pub other_name: String,
    pub other_place: String,
    pub because: String,
    pub value: String,
    pub held: bool,
}

pub(super) fn summary(web: &Web, t: Text, row: ImportRow) -> ImportSummary {
    ImportSummary {
        url: format!("/imports/{}", row.id),
        at: web.local(row.at),
        by: row.by,
        register: t.word("register", row.register.as_str()),
        file_name: row.file_name,
        added: count(row.added),
        changed: count(row.changed),
        held: count(row.held),
        problems: count(row.problems),
        undone: row.undone.map_or_else(String::new, |(at, by)| {
            t.fill("import-undone", &[("at", &web.local(at)), ("by", &by)])
        }),
    }
}

/// What people call a field, or the column that the archive has added itself.
pub fn label(t: Text, register: Register, field: &str) -> String {
    if let Some(attribute) = field.strip_prefix(ATTRIBUTE) {
        return attribute.to_owned();
    }
    let fields = fields_of(register);
    let known = fields.iter().find(|known| known.name() == field);
    known.map_or(field, |known| known.label(t.lang())).to_owned()
}

/// A stored value in the reader's words.
fn value(web: &Web, t: Text, register: Register, field: &str, value: &str) -> String {
    match (register, field) {
        _ if value.is_empty() => String::new(),
        (Register::Customers, "kind") => t.word("customer-kind", value),
        (Register::Customers, "status") => t.word("status", value),
        (Register::Locations, "state") => PlaceUse::from_code(value)
            .map_or(value, |state| state.name(t.0))
            .to_owned(),
        (Register::Locations, "kind") => LocationKind::parse(value).name(t.0).to_owned(),
        (Register::Kinds, "group") => KindGroup::from_code(value)
            .map_or(value, |group| group.name(t.0))
            .to_owned(),
        (Register::Checklists, "customer_kind") if value == "any" => t.say("checklist-for-any"),
        (Register::Checklists, "customer_kind") => t.word("customer-kind", value),
        (Register::Kinds | Register::Checklists, "active") => t.say(match value {
            "1" => "import-value-yes",
            _ => "import-value-no",
        }),
        (Register::Locations, "security_level_max") | (Register::Kinds, "security_level") => {
            match SecurityLevel::parse(value) {
                Ok(level) => web.level_name(t, level),
                Err(_) => value.to_owned(),
            }
        }
        _ => value.to_owned(),
    }
}

pub(super) fn line(web: &Web, t: Text, register: Register, change: LineChange, kept: Option<KeptBecause>) -> LineShown {
    let LineChange {
        line,
        code,
        name,
        added,
        fields,
    } = change;
    let fields = fields.into_iter().map(|change| {
        let FieldChange { field, before, after } = change;
        FieldShown {
            label: label(t, register, &field),
            before: value(web, t, register, &field, &before),
            after: value(web, t, register, &field, &after),
        }
    });
    LineShown {
        line: if line == 0 { String::new() } else { line.to_string() },
        url: match register {
            Register::Customers => address::customer(&code),
            Register::Locations => address::location(&code),
            Register::Kinds | Register::Checklists => {
                format!("/admin/{}/{}", register.as_str(), address::encode(&code))
            }
        },
        code,
        name,
        added,
        fields: fields.collect(),
        kept: kept.map_or_else(String::new, |because| t.word("import-kept", because.as_str())),
    }
}

pub(super) fn problem(t: Text, register: Register, problem: &LineProblem) -> Remark {
    Remark {
        line: problem.line,
        code: String::new(),
        field: label(t, register, &problem.column),
        value: problem.value.clone(),
        text: fault(t, &problem.fault, &problem.value),
    }
}

/// What is wrong with a value, as a sentence.
pub fn fault(t: Text, fault: &CellFault, value: &str) -> String {
    if let CellFault::List(because) = fault {
        return admin::wrong(t, value, because);
    }
    if let CellFault::Sheet(because) = fault {
        return because.name(t.0).to_owned();
    }
    let key = format!("fault-{}", fault.code().replace('_', "-"));
    t.with(&key, "argument", fault.argument())
}

/// Why a table cannot be read at all.
pub fn unreadable(t: Text, cause: &TableError) -> String {
    let (argument, other) = cause.arguments();
    let key = format!("table-wrong-{}", cause.code().replace('_', "-"));
    t.fill(&key, &[("argument", &argument), ("other", &other)])
}

pub(super) fn empty_cell(web: &Web, t: Text, register: Register, cell: &EmptyCell) -> Remark {
    Remark {
        line: cell.line,
        code: cell.code.clone(),
        field: label(t, register, &cell.field),
        value: value(web, t, register, &cell.field, &cell.value),
        text: String::new(),
    }
}

pub fn twin(t: Text, double: &Double) -> TwinShown {
    TwinShown {
        line: double.line,
        code: double.code.clone(),
        name: double.name.clone(),
        other_code: double.other_code.clone(),
        other_name: double.other_name.clone(),
        other_place: double.other_line.map_or_else(
            || t.say("double-in-register"),
            |line| t.with("double-on-line", "line", line.to_string()),
        ),
        because: t.word("double", double.because.as_str()),
        value: double.value.clone(),
        held: double.held,
    }
}
