//! Tables that mean harm, sent to a running server: each is refused by name, reason and next step, and the server lives.

use anyhow::{Context, Result, ensure};
use std::path::Path;

use crate::Test;
use crate::archive::{Database, TestArchive, engines, files_below, path};
use crate::hostile::python;
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[
    (
        "tables::hostile_tables_are_refused_while_the_server_answers",
        hostile_tables,
    ),
    ("tables::no_table_is_parsed_where_requests_are_served", parsed_elsewhere),
];

/// A worker may take so long for a table; four gigabytes of empty rows take longer everywhere.
const SECONDS: &str = "3";

fn hostile_tables() -> Result<()> {
    engines()?;
    let archive = TestArchive::new(Database::Sqlite)?;
    let tables = archive.beside("tables");
    let make = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/make_tables.py");
    python(&[path(&make)?, path(&tables)?])?;
    let mut command = archive.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("DOSSIER_PAGE_SECONDS", SECONDS);
    let serving = Serving::of(command, false)?;
    let api = Api::open(&archive, &serving)?;
    let send = |name: &str, address: &str| -> Result<(u16, String)> {
        let bytes = std::fs::read(tables.join(name)).with_context(|| name.to_owned())?;
        api.send(address, bytes)
    };
    let trial = "/imports?register=customers&dry_run=true";
    for (name, status, reason) in [
        ("bomb.xlsx", 422, "MB of memory; save it again as CSV, or split it"),
        (
            "slow.xlsx",
            422,
            "was not read within 3 s; save it again as CSV, or split it",
        ),
        ("far.xlsx", 422, "16384 columns, more than the limit of 200"),
        ("long.xlsx", 413, "8388608"),
        ("torn.xlsx", 422, "the workbook cannot be read"),
    ] {
        let (answered, said) = send(name, trial)?;
        ensure!(
            answered == status && said.contains(reason),
            "{name} was answered with {answered}: {said}"
        );
        let (alive, _) = serving.anonymous("/livez")?;
        ensure!(alive == 200, "after {name} the server answers {alive}");
    }
    // All at once wait for each other, and each has its answer.
    let all: std::io::Result<Vec<_>> = files_below(&tables).iter().map(std::fs::read).collect();
    let mut answers = api.send_all(trial, all?)?;
    answers.sort_unstable();
    ensure!(
        answers == [200, 413, 422, 422, 422, 422],
        "of six tables one is good: {answers:?}"
    );
    let (status, said) = send("good.xlsx", "/imports?register=customers&file_name=good.xlsx")?;
    ensure!(status == 200 && said.contains("\"added\":2"), "{status}: {said}");
    let found = archive.json(&["customers", "list", "KH-1", "--json"])?;
    ensure!(found["customers"][0]["name"] == "清河水泵有限公司", "{found}");
    serving.stop()
}

/// What parses tables is named nowhere in the room that serves.
fn parsed_elsewhere() -> Result<()> {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src");
    let mut wrong = Vec::new();
    for file in files_below(&web) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        for parser in [
            "tables::cells",
            "tables::read(",
            "tables::decode",
            "reader::answer",
            "calamine",
            "csv::Reader",
        ] {
            if text.contains(parser) {
                wrong.push(format!("{} names {parser}", file.display()));
            }
        }
    }
    ensure!(
        wrong.is_empty(),
        "ask `web.tables`, which reads in a process of its own: {}",
        wrong.join(", ")
    );
    Ok(())
}
