//! Tables that mean harm, sent to a running server: each is refused by name, reason and next step, and the server lives.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

use crate::Test;
use crate::archive::{Database, TestArchive, engines, files_below, path};
use crate::hostile::python;
use crate::patience::InTime;
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[
    (
        "tables::hostile_tables_are_refused_while_the_server_answers",
        hostile_tables,
    ),
    (
        "tables::hostile_tables_are_refused_on_the_command_line",
        hostile_on_command_line,
    ),
    ("tables::what_a_sheet_shows_is_taken", as_shown),
    ("tables::numbers_are_found_however_they_are_written", numbers_found),
    ("tables::no_table_is_parsed_where_requests_are_served", parsed_elsewhere),
];

/// A worker may take so long for a table; four gigabytes of empty rows take longer everywhere.
const SECONDS: &str = "3";

fn hostile_tables() -> Result<()> {
    engines()?;
    let archive = TestArchive::new(Database::Sqlite)?;
    let tables = made(&archive)?;
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
        ("corner.xlsx", 422, "16384 columns, more than the limit of 200"),
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
    let all: std::io::Result<Vec<_>> = files_in(&tables)?.iter().map(std::fs::read).collect();
    let mut answers = api.send_all(trial, all?)?;
    answers.sort_unstable();
    ensure!(
        answers == [200, 413, 422, 422, 422, 422, 422],
        "of seven tables one is good: {answers:?}"
    );
    let (status, said) = send("good.xlsx", "/imports?register=customers&file_name=good.xlsx")?;
    ensure!(status == 200 && said.contains("\"added\":2"), "{status}: {said}");
    let found = archive.json(&["customers", "list", "KH-1", "--json"])?;
    ensure!(found["items"][0]["name"] == "清河水泵有限公司", "{found}");
    serving.stop()
}

/// The files of a folder, without those of the folders in it.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries: std::io::Result<Vec<_>> = std::fs::read_dir(folder)?.collect();
    let paths = entries?.into_iter().map(|entry| entry.path());
    Ok(paths.filter(|path| path.is_file()).collect())
}

fn made(archive: &TestArchive) -> Result<PathBuf> {
    let tables = archive.beside("tables");
    let make = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/make_tables.py");
    python(&[path(&make)?, path(&tables)?])?;
    Ok(tables)
}

/// The same on the command line: as a register, and as the list of a delivery.
fn hostile_on_command_line() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let tables = made(&archive)?;
    let delivery = archive.beside("delivery");
    std::fs::create_dir_all(&delivery)?;
    let limited = |words: &[&str]| -> Result<(Option<i32>, String)> {
        let done = archive
            .command(words)
            .env("DOSSIER_PAGE_SECONDS", SECONDS)
            .output_in_time()?;
        let said = [done.stdout, done.stderr].concat();
        Ok((done.status.code(), String::from_utf8_lossy(&said).into_owned()))
    };
    for (name, reason) in [
        ("bomb.xlsx", "MB of memory"),
        ("slow.xlsx", "was not read within 3 s"),
        ("far.xlsx", "16384 columns, more than the limit of 200"),
        ("corner.xlsx", "16384 columns, more than the limit of 200"),
        ("torn.xlsx", "the workbook cannot be read"),
    ] {
        let file = tables.join(name);
        let list = delivery.join("manifest.xlsx");
        std::fs::copy(&file, &list)?;
        for words in [
            ["customers", "import", path(&file)?].as_slice(),
            &["ingest", "--dry-run", path(&delivery)?],
        ] {
            let (code, said) = limited(words)?;
            ensure!(
                code == Some(1)
                    && said.contains(reason)
                    && said.contains(path(if words[0] == "ingest" { &list } else { &file })?),
                "{words:?} with {name} ended with {code:?}: {said}"
            );
        }
    }
    Ok(())
}

/// Codes kept as numbers, days, errors, titles and hidden sheets: what a person has seen is taken, or the cell is named.
fn as_shown() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let tables = made(&archive)?.join("delivered");
    let import = |name: &str| -> Result<(Option<i32>, String)> {
        let file = tables.join(name);
        let done = archive
            .command(&["customers", "import", path(&file)?])
            .output_in_time()?;
        let said = [done.stdout, done.stderr].concat();
        Ok((done.status.code(), String::from_utf8_lossy(&said).into_owned()))
    };
    for name in ["formats.xlsx", "second.xlsx"] {
        let (code, said) = import(name)?;
        ensure!(code == Some(0), "{name}: {said}");
    }
    let listed = archive.json(&["customers", "list", "--json"])?;
    let codes: Vec<&str> = listed["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["code"].as_str())
        .collect();
    ensure!(codes == ["000012", "30", "KH-0007", "KH-1"], "{codes:?}");
    for (name, code, said) in [
        (
            "long.xlsx",
            2,
            "line 4: account_no `6.22202E+18`: a spreadsheet keeps 15 digits",
        ),
        ("error.xlsx", 2, "line 4: name `#N/A`: the spreadsheet shows an error"),
        (
            "day.xlsx",
            2,
            "line 4: code `2024-03-01`: a spreadsheet has made a date of the code",
        ),
        (
            "fraction.xlsx",
            2,
            "line 4: code `12`: its number format is not understood",
        ),
        ("hidden.xlsx", 1, "the only sheet with a table, `客户`, is hidden"),
    ] {
        let (ended, found) = import(name)?;
        ensure!(
            ended == Some(code) && found.contains(said),
            "{name} ended with {ended:?}: {found}"
        );
    }
    let listed = archive.json(&["customers", "list", "--json"])?;
    ensure!(
        listed["items"].as_array().is_some_and(|rows| rows.len() == 4),
        "{listed}"
    );
    Ok(())
}

/// Numbers are found however they were written into the table.
fn numbers_found() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let file = archive.beside("customers.csv");
    let table = "code,name,kind,id_number,phones\n\
                 C-1,电话公司,企业,,\"+86 139 0000 3030/0755-83550118转802\"\n\
                 C-2,旧证,个人,510107850312123,13800003030 13800003031\n";
    std::fs::write(&file, table)?;
    archive.ok(&["customers", "import", path(&file)?])?;
    for (typed, code) in [
        ("13900003030", "C-1"),
        ("0755-83550118", "C-1"),
        ("(0755)83550118", "C-1"),
        ("13800003031", "C-2"),
        ("510107850312123", "C-2"),
        ("510107198503121231", "C-2"),
    ] {
        let found = archive.json(&["customers", "list", typed, "--json"])?;
        ensure!(found["items"][0]["code"] == code, "{typed}: {found}");
    }
    Ok(())
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
