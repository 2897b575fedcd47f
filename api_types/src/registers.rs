//! One record of a register as it is added or changed, and the fields that a register has.

use crate::imports::{DoubleJson, double};
use records::imports::{EntryOutcome, fields::RegisterField};
use serde::Serialize;
use utoipa::ToSchema;

/// What came of adding or changing one record.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryJson {
    pub written: bool,
    pub id: Option<String>,
    pub code: Option<String>,
    pub version: Option<i64>,
    /// Likely the same as these; send `accept_doubles` when they are not.
    pub doubles: Vec<DoubleJson>,
    /// The field that cannot be used as it was sent.
    pub fault: Option<FieldFaultJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FieldFaultJson {
    pub field: String,
    pub code: String,
    pub argument: String,
    pub reason: String,
}

/// A field of a register, as a column of its table and a name for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisterFieldJson {
    pub name: String,
    pub label_zh: String,
    pub label_en: String,
    /// Other headers by which the column is known.
    pub headers: Vec<String>,
    pub required: bool,
    /// Codes that may be written, where they are of a list; empty where any text may.
    pub words: Vec<String>,
    /// Other words than these are taken too.
    pub words_are_open: bool,
}

pub fn entry(entry: EntryOutcome) -> EntryJson {
    let nothing = EntryJson {
        written: false,
        id: None,
        code: None,
        version: None,
        doubles: Vec::new(),
        fault: None,
    };
    match entry {
        EntryOutcome::Written { id, code, version } => EntryJson {
            written: true,
            id: Some(id),
            code: Some(code),
            version: Some(version),
            ..nothing
        },
        EntryOutcome::Faulty { field, fault } => EntryJson {
            fault: Some(FieldFaultJson {
                field,
                code: fault.code().to_owned(),
                argument: fault.argument(),
                reason: fault.to_string(),
            }),
            ..nothing
        },
        EntryOutcome::Doubles(doubles) => EntryJson {
            doubles: doubles.into_iter().map(double).collect(),
            ..nothing
        },
    }
}

pub fn register_field<H>(field: &RegisterField<H>) -> RegisterFieldJson {
    RegisterFieldJson {
        name: field.name().to_owned(),
        label_zh: field.zh.to_owned(),
        label_en: field.en.to_owned(),
        headers: field.column.headers.iter().map(|header| (*header).to_owned()).collect(),
        required: field.column.required,
        words: field
            .words
            .iter()
            .flat_map(|list| list.codes().map(str::to_owned))
            .collect(),
        words_are_open: field.words.is_some_and(|list| list.open),
    }
}
