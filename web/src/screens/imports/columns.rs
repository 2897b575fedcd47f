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
    tables::{self, ColumnRule, Lines, recognise},
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
pub struct ColumnsSaid(Vec<(usize, String)>);

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
    pub fn apply(&self, rules: &[ColumnRule], lines: &mut Lines) {
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

/// The columns of a table for a register, as it stands.
pub(super) fn of_register(t: Text, register: Register, lines: &Lines) -> Vec<ColumnShown> {
    let fields = fields_of(register);
    let fields: Vec<(&'static str, String)> = fields
        .iter()
        .map(|field| (field.name(), label(t, register, field.name())))
        .collect();
    shown(t, columns_of(register), &fields, keeps_own_columns(register), lines)
}

/// The columns of a table as it stands; `fields` are what they may be taken for, and unknown ones may be kept as they are.
pub fn shown(
    t: Text,
    rules: &[ColumnRule],
    fields: &[(&'static str, String)],
    keeps_own: bool,
    lines: &Lines,
) -> Vec<ColumnShown> {
    let header = tables::headers(lines, rules);
    let below = lines
        .iter()
        .map(|(_, cells)| cells.as_slice())
        .skip_while(|cells| *cells != header)
        .nth(1)
        .unwrap_or_default();
    let sample = |at: usize| -> String {
        let cell = below.get(at).map_or("", |cell| cell.trim());
        cell.chars().take(SAMPLE_MAX).collect()
    };
    let columns = header.iter().enumerate().take(COLUMNS_MAX);
    columns
        .map(|(at, header)| ColumnShown {
            name: name_of(at),
            sample: sample(at),
            header: header.trim().to_owned(),
            choices: choices(t, fields, keeps_own, header, recognise(header, rules).ok()),
        })
        .collect()
}

fn choices(
    t: Text,
    fields: &[(&'static str, String)],
    keeps_own: bool,
    header: &str,
    known: Option<&'static str>,
) -> Vec<Choice> {
    let is_left_out = header.trim().is_empty();
    let choice = |value: &str, label: String, chosen: bool| Choice {
        value: value.to_owned(),
        label,
        chosen,
    };
    let own = t.say(if keeps_own { "column-own" } else { "column-out" });
    let fields = fields
        .iter()
        .map(|(name, label)| choice(name, label.clone(), known == Some(*name)));
    std::iter::once(choice("", own, known.is_none() && !is_left_out))
        .chain(fields)
        .chain(std::iter::once(choice(LEFT_OUT, t.say("column-out"), is_left_out)))
        .collect()
}
