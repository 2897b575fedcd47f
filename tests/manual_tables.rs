//! What the manual says in tables is what the program does: docs/tasks/install.md has every setting, and
//! docs/tasks/tables.md says every column of every table that the program reads: its name, its Chinese headers and the
//! words that may be written. What it says is made from the program's own lists here and compared.

use crate::{
    Test,
    archive::{Database, TestArchive},
    tidy::house,
};
use anyhow::{Context, Result, ensure};
use records::batches::MANIFEST_COLUMNS;
use records::{
    customers::CUSTOMER_FIELDS,
    imports::fields::RegisterField,
    kinds::{checklist_table::CHECKLIST_FIELDS, table::KIND_FIELDS},
    places::LOCATION_FIELDS,
    tables::ColumnRule,
};
use std::collections::BTreeSet;
use vocabulary::{CopyState, Counterpart, Language, List, Medium, Seal, SecurityLevel};

pub const TESTS: &[Test] = &[
    (
        "manual_tables::the_page_of_tables_is_what_is_read",
        the_page_of_tables_is_what_is_read,
    ),
    ("manual_tables::a_missing_column_is_seen", a_missing_column_is_seen),
    ("manual_tables::every_setting_is_said", every_setting_is_said),
];

const PAGE: &str = "docs/tasks/tables.md";

fn the_page_of_tables_is_what_is_read() -> Result<()> {
    let page = std::fs::read_to_string(house().join(PAGE))?;
    let faults = faults(&page)?;
    ensure!(faults.is_empty(), "{PAGE} must say:\n\n{}", faults.join("\n\n"));
    Ok(())
}

fn a_missing_column_is_seen() -> Result<()> {
    let page = std::fs::read_to_string(house().join(PAGE))?;
    let without: Vec<&str> = page
        .lines()
        .filter(|line| !line.starts_with("| `credit_code`"))
        .collect();
    let faults = faults(&without.join("\n"))?;
    ensure!(faults.len() == 1, "seen were {faults:?}");
    Ok(())
}

/// The keys of the table of settings are those that `dossier config` prints, in the same order.
fn every_setting_is_said() -> Result<()> {
    let page = std::fs::read_to_string(house().join("docs/tasks/install.md"))?;
    let section = page.split("\n## ").find(|section| section.starts_with("设置"));
    let rows = section.context("the page has no section of settings")?.lines();
    let said: BTreeSet<String> = rows
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| line.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    let archive = TestArchive::new(Database::Sqlite)?;
    let settings = archive.json(&["config", "--json"])?;
    let known: BTreeSet<String> = settings.as_object().context("an object")?.keys().cloned().collect();
    ensure!(said == known, "the page says {said:?}, the program has {known:?}");
    Ok(())
}

/// The tables that the page says otherwise, as they should be.
fn faults(page: &str) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (name, rows) in [
        ("customers", register(&CUSTOMER_FIELDS)),
        ("locations", register(&LOCATION_FIELDS)),
        ("manifest", manifest()),
        ("kinds", register(&KIND_FIELDS)),
        ("checklists", register(&CHECKLIST_FIELDS)),
    ] {
        let heading = format!("## `{name}`");
        let section = page
            .split("\n## ")
            .find(|section| heading[3..].len() <= section.len() && section.starts_with(&heading[3..]))
            .with_context(|| format!("{PAGE} has no section {heading}"))?;
        let said: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
        if said != rows {
            faults.push(format!("{heading}\n{}", rows.join("\n")));
        }
    }
    Ok(faults)
}

fn register<H>(fields: &[RegisterField<H>]) -> Vec<String> {
    fields.iter().map(|field| row(&field.column, field.words)).collect()
}

fn manifest() -> Vec<String> {
    let words = |name: &str| match name {
        "security_level" => Some(SecurityLevel::LIST),
        "original" => Some(CopyState::LIST),
        "medium" => Some(Medium::LIST),
        "counterpart" => Some(Counterpart::LIST),
        "seals" => Some(Seal::LIST),
        _ => None,
    };
    MANIFEST_COLUMNS
        .iter()
        .map(|column| row(column, words(column.name)))
        .collect()
}

fn row(column: &ColumnRule, words: Option<List>) -> String {
    let star = if column.required { " *" } else { "" };
    let mut allowed: Vec<String> = Vec::new();
    if let Some(list) = words {
        let word = |word: &vocabulary::Word| format!("{} {}", word.code, word.name(Language::Chinese));
        allowed.extend(list.words.iter().map(word));
        allowed.extend(list.open.then(|| "…".to_owned()));
    }
    format!(
        "| `{}`{star} | {} | {} |",
        column.name,
        column.headers.join("、"),
        allowed.join("、")
    )
}
