//! Tables with a history are written by the change itself, so that nobody can forget it.

use super::{nothing, shown, sources};
use crate::tidy::source::{Code, rust_files};
use anyhow::{Result, ensure};

/// Statements that write a recorded table past its history, each for a reason.
const PAST_HISTORY: [(&str, &str); 5] = [
    // A new archive is filled with these; nobody changed anything.
    ("records/src/settings/sql.rs", "settings"),
    ("records/src/kinds/sql/mod.rs", "document_kinds"),
    ("records/src/kinds/sql/checklists.rs", "checklists"),
    // The same password under a stronger digest, and the instant of signing in.
    ("records/src/identity/gate/sql.rs", "users"),
    ("records/src/identity/users/sql.rs", "users"),
];

pub fn history_is_kept_by_the_change() -> Result<()> {
    let mut tables = Vec::new();
    for file in rust_files(&sources("records")) {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.ends_with("recorded.rs") {
            tables.extend(described(&std::fs::read_to_string(&file)?));
        }
    }
    ensure!(
        tables.len() >= 17,
        "only {} described tables were found: have the descriptions been renamed? then rename them in this test",
        tables.len()
    );
    let (mut wrong, mut used) = (Vec::new(), std::collections::BTreeSet::new());
    for file in rust_files(&sources("records")) {
        let place = shown(&file);
        for (line, table) in written(&Code::read(&file)?, &tables) {
            let statement = (place.as_str(), table.as_str());
            match PAST_HISTORY.contains(&statement) {
                true => drop(used.insert((place.clone(), table.clone()))),
                false => wrong.push(format!("{place}:{line} writes {table} past its history")),
            }
        }
    }
    for (place, table) in PAST_HISTORY {
        if !used.contains(&(place.to_owned(), table.to_owned())) {
            wrong.push(format!(
                "{place} stands in PAST_HISTORY and writes no {table} past its history"
            ));
        }
    }
    nothing(
        wrong,
        "write it through the change: change.insert(&TABLE), change.update(&TABLE, uid), change.delete(&TABLE, uid) (records/src/store/write_sql.rs)",
    )
}

pub fn planted_writes_are_seen() -> Result<()> {
    let tables = described("pub(crate) static A: Recorded = Recorded {\n    table: \"customers\",\n};");
    ensure!(tables == ["customers"], "the description was read as {tables:?}");
    let code = Code::of(PLANTED);
    let lines: Vec<usize> = written(&code, &tables).into_iter().map(|(line, _)| line).collect();
    ensure!(lines == [2, 3, 4], "writes were seen on {lines:?}");
    Ok(())
}

const PLANTED: &str = r#"fn a() {
    let b = "UPDATE customers SET name = $1";
    let c = "INSERT INTO customers (id) VALUES ($1)";
    let d = "DELETE FROM customers WHERE uid = $1";
    let e = "UPDATE customers_of_others SET a = 1";
    let f = "SELECT name FROM customers";
    // UPDATE customers SET name = $1
}
"#;

/// Names of the tables that a file describes.
fn described(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("table: \"")?.strip_suffix("\","))
        .map(str::to_owned)
        .collect()
}

/// Lines of string literals that write one of the tables, with the table.
fn written(code: &Code, tables: &[String]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (line, text) in code.strings() {
        for table in tables {
            let writes = ["UPDATE", "INSERT INTO", "DELETE FROM"]
                .iter()
                .any(|verb| text.contains(&format!("{verb} {table} ")));
            if writes {
                found.push((line, table.clone()));
            }
        }
    }
    found
}
