//! The API as strangers meet it: its description before a public validator, a client generated from it that does a
//! script's work, and requests made up from it by schemathesis with four roles. The tools come from `.ci/api-tools`.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Test;
use crate::archive::{Ran, TestArchive, path};
use crate::demo::demo;
use crate::patience::InTime;
use crate::serving::Serving;
use crate::skip;

pub const TESTS: &[Test] = &[
    ("api::the_description_is_valid", the_description_is_valid),
    (
        "api::a_generated_client_does_a_scripts_work",
        a_generated_client_does_a_scripts_work,
    ),
    ("api::made_up_requests_find_no_fault", made_up_requests_find_no_fault),
];

/// The description as it is checked in is what `web` serves; a test of that room holds it.
fn the_description_is_valid() -> Result<()> {
    run(Command::new(tool("openapi-spec-validator")?).args(["--subschema-errors", "all", path(&description())?]))?;
    Ok(())
}

fn a_generated_client_does_a_scripts_work() -> Result<()> {
    let generator = tool("openapi-python-client")?;
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let client = archive.beside("client");
    fs::create_dir(&client)?;
    run(Command::new(generator)
        .args(["generate", "--meta", "none", "--path", path(&description())?])
        .args(["--output-path", path(&client.join("dossier_client"))?]))?;
    let writer = person(&archive, "writer", "administrator,archivist,viewer", "write")?;
    let reader = person(&archive, "reader", "viewer", "read")?;
    let auditor = person(&archive, "auditor", "auditor", "read")?;
    let serving = Serving::start(&archive, false)?;
    let script = house().join("tests/python/ten_tasks.py");
    let mut tasks = Command::new(tool("python")?);
    tasks
        .arg("-B")
        .args([path(&script)?, path(&client)?, serving.address.as_str()])
        .env("WRITER", writer)
        .env("READER", reader)
        .env("AUDITOR", auditor);
    let said = run(&mut tasks)?;
    ensure!(said.matches("done:").count() == 13, "not every task was done:\n{said}");
    serving.stop()
}

fn made_up_requests_find_no_fault() -> Result<()> {
    let schemathesis = tool("schemathesis")?;
    let archive = TestArchive::copy_of(&demo()?.archive)?;
    let work = archive.beside("made-up");
    fs::create_dir(&work)?;
    let mut made_up = Command::new(tool("python")?);
    for role in ["viewer", "archivist", "auditor", "administrator"] {
        made_up.env(role.to_uppercase(), person(&archive, role, role, "write")?);
    }
    let serving = Serving::start(&archive, false)?;
    let script = house().join("tests/python/made_up_requests.py");
    made_up.arg("-B").args([
        path(&script)?,
        path(&schemathesis)?,
        serving.address.as_str(),
        path(&work)?,
    ]);
    let said = run(&mut made_up)?;
    ensure!(
        said.matches("no fault:").count() == 4,
        "not every role was tried:\n{said}"
    );
    serving.stop()
}

fn house() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn description() -> PathBuf {
    house().join("web/openapi.json")
}

/// A program of the virtual environment that `.ci/api-tools` makes.
pub fn tool(name: &str) -> Result<PathBuf> {
    let tools = match std::env::var_os("DOSSIER_TOOLS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(&std::env::var_os("HOME").context("HOME is not set")?).join(".cache/dossier-tools"),
    };
    let program = tools.join("python/bin").join(name);
    match program.is_file() {
        true => Ok(program),
        false => skip(format!("{} is missing; `.ci/api-tools` installs it", program.display())),
    }
}

/// An account with a token, by the command line.
fn person(archive: &TestArchive, name: &str, roles: &str, scope: &str) -> Result<String> {
    archive.ok(&["users", "add", name, "--roles", roles, "--clearance", "3"])?;
    let made = archive.ok(&["users", "token", name, "--label", "api", "--scope", scope])?;
    let words = made.out.split_whitespace();
    let secret = words.max_by_key(|word| word.len()).context("no token was printed")?;
    Ok(secret.to_owned())
}

/// Runs a tool to its good end and hands back what it said.
fn run(command: &mut Command) -> Result<String> {
    let words = format!("{command:?}");
    let output = command
        .output_in_time()
        .with_context(|| format!("{words} could not be started"))?;
    let ran = Ran::of(words, output);
    ensure!(
        ran.code == Some(0),
        "{} ended with {:?}:\n{}",
        ran.words,
        ran.code,
        ran.said()
    );
    Ok(ran.said())
}
