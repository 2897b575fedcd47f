//! The columns of a table that somebody sends: what each is taken for, and what a person says that it is.

use super::label;
use crate::{
    http::{error::Result, who::Fields},
    screens::parts::Choice,
    text::Text,
};
use records::{
    imports::Register,
    registers::{columns_of, fields_of, keeps_own_columns},
    tables::{self, Lines, recognise},
};

/// One column, with the first cell below its header.
#[derive(Debug, Clone)]
pub struct ColumnShown {
    pub name: String,
    pub header: String,
    pub sample: String,
    pub choices: Vec<Choice>,
}

/// Columns that can be told apart by hand; more come as they are.
const COLUMNS_MAX: usize = 100;
/// Said of a column that is left out.
const LEFT_OUT: &str = "-";
/// Characters shown of a cell.
const SAMPLE_MAX: usize = 40;

/// What a person says of columns, by their place in the table.
#[derive(Debug, Default)]
pub(super) struct ColumnsSaid(Vec<(usize, String)>);

fn name_of(at: usize) -> String {
    format!("column_{at}")
}

impl ColumnsSaid {
    pub fn read(fields: &mut Fields) -> Result<Self> {
        let mut said = Vec::new();
        for at in 0..COLUMNS_MAX {
            match fields.maybe(&name_of(at))? {
                Some(meant) if !meant.is_empty() => said.push((at, meant)),
                _ => {}
            }
        }
        Ok(Self(said))
    }

    /// Writes it into the header, so that the table says it by itself from then on.
    pub fn apply(&self, register: Register, lines: &mut Lines) {
        let rules = columns_of(register);
        let Some(header) = tables::header_line(lines, rules) else {
            return;
        };
        for (at, meant) in &self.0 {
            let Some(cell) = header.get_mut(*at) else {
                continue;
            };
            match rules.iter().find(|rule| rule.name == meant) {
                Some(rule) => rule.name.clone_into(cell),
                None if meant == LEFT_OUT => cell.clear(),
                None => {}
            }
        }
    }
}

/// The columns of a table as it stands.
pub(super) fn shown(t: Text, register: Register, lines: &Lines) -> Vec<ColumnShown> {
    let rules = columns_of(register);
    let header = tables::headers(lines, rules);
    let below = lines
        .iter()
        .map(|(_, cells)| cells.as_slice())
        .skip_while(|cells| *cells != header)
        .nth(1)
        .unwrap_or_default();
    let columns = header.iter().enumerate().take(COLUMNS_MAX);
    columns
        .map(|(at, header)| {
            let known = recognise(header, rules).ok();
            ColumnShown {
                name: name_of(at),
                sample: below
                    .get(at)
                    .map_or("", |cell| cell.trim())
                    .chars()
                    .take(SAMPLE_MAX)
                    .collect(),
                header: header.trim().to_owned(),
                choices: choices(t, register, header, known),
            }
        })
        .collect()
}

fn choices(t: Text, register: Register, header: &str, known: Option<&'static str>) -> Vec<Choice> {
    let is_left_out = header.trim().is_empty();
    let choice = |value: &str, label: String, chosen: bool| Choice {
        value: value.to_owned(),
        label,
        chosen,
    };
    let own = match keeps_own_columns(register) {
        true => t.say("column-own"),
        false => t.say("column-out"),
    };
    let fields = fields_of(register);
    let fields = fields.iter().map(|field| {
        choice(
            field.name(),
            label(t, register, field.name()),
            known == Some(field.name()),
        )
    });
    std::iter::once(choice("", own, known.is_none() && !is_left_out))
        .chain(fields)
        .chain(std::iter::once(choice(LEFT_OUT, t.say("column-out"), is_left_out)))
        .collect()
}
