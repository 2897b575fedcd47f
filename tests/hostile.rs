//! Files that mean harm: the 39 bombs and damaged copies of scans, ingested among good ones while a server answers.
//!
//! The normal form takes 160 damaged copies; `DOSSIER_TEST_MUTANTS=26000` asks for more.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{TryRecvError, channel};
use std::time::Duration;

use crate::archive::{Database, Ran, TestArchive, check, copy_folder, engines, files_below, list, number, path, text};
use crate::patience::{InTime, RUN_MAX};
use crate::serving::{Api, Serving};
use crate::{Test, skip};

pub const TESTS: &[Test] = &[(
    "hostile::bombs_and_mutants_end_by_name_while_the_server_answers",
    bombs_and_mutants_end_by_name_while_the_server_answers,
)];

/// Copies that are damaged when the environment does not say how many.
const MUTANTS: usize = 160;
/// What a decode worker may hold, and how far it may get beyond it between two looks.
const DECODE_BYTES_MAX: i64 = 1024 << 20;
const DECODE_BYTES_SLACK: i64 = 768 << 20;
/// What a read worker may hold: 450 MiB as at pages of ordinary size, and the bitmap of the largest page there may
/// be, which it maps. A bomb that claims 40,000 pixels a side is drawn as large as is allowed.
const READ_BYTES_MAX: i64 = (450 << 20) + 120_000_000;
/// Why a file may be rejected.
const REASONS: [&str; 11] = [
    "empty",
    "unsupported_type",
    "encrypted",
    "unreadable",
    "truncated",
    "too_large",
    "too_many_pages",
    "timed_out",
    "out_of_memory",
    "page_failed",
    "changed_while_reading",
];

fn bombs_and_mutants_end_by_name_while_the_server_answers() -> Result<()> {
    engines()?;
    let archive = TestArchive::new(Database::Sqlite)?;
    let customers = archive.beside("customers.csv");
    std::fs::write(&customers, "code,name,kind\nKH-0001,清河水泵有限公司,organisation\n")?;
    archive.ok(&["customers", "import", path(&customers)?])?;
    let source = archive.beside("source");
    let files = make_sources(&source)?;
    // Thousands of damaged copies take hours on a machine that does other things.
    let most = RUN_MAX + Duration::from_secs(10) * u32::try_from(files)?;

    // The folder in which the program runs is where a core file or a forgotten one would lie.
    let here = archive.beside("here");
    std::fs::create_dir(&here)?;
    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    let mut command = archive.command(&["ingest", path(&source)?, "--json"]);
    command
        .env("DOSSIER_PAGE_SECONDS", "3")
        .current_dir(&here)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let (sender, ended) = channel();
    std::thread::spawn(move || sender.send(command.output_within(most)));
    let mut answers = 0;
    let output = loop {
        let found = api.search("合同", 5).context("while hostile files were read")?;
        ensure!(found["hits"].is_array(), "a search without an answer: {found}");
        answers += 1;
        match ended.try_recv() {
            Ok(output) => break output?,
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => anyhow::bail!("nobody waited for the ingest"),
        }
    };
    let report = Ran::of("ingest of hostile files".into(), output).expect(2)?.json()?;
    ensure!(answers > 10, "the server answered only {answers} searches meanwhile");

    every_file_has_its_outcome(&report, files)?;
    the_good_ones_are_filed(&archive, &report)?;
    workers_kept_their_bounds(&report)?;
    let left = files_below(&here);
    ensure!(left.is_empty(), "the program left files where it ran: {left:?}");
    let said = check(&archive, &source, None, &[])?;
    println!("{answers} searches answered meanwhile; {}", said.trim());
    serving.stop()
}

/// Bombs, damaged copies, and good files with their manifest. Gives the number of files that count.
fn make_sources(source: &Path) -> Result<usize> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let count = match std::env::var("DOSSIER_TEST_MUTANTS") {
        Ok(count) => count.parse().context("DOSSIER_TEST_MUTANTS is a number")?,
        Err(_) => MUTANTS,
    };
    let good = source.join("good");
    copy_folder(&tests.join("seeds"), &good)?;
    python(&[
        path(&tests.join("python/make_bombs.py"))?,
        path(&source.join("bombs"))?,
        path(&good.join("mixed.pdf"))?,
    ])?;
    python(&[
        path(&tests.join("python/make_mutants.py"))?,
        path(&tests.join("seeds"))?,
        path(&source.join("mutants"))?,
        "--count",
        &count.to_string(),
    ])?;
    let mut manifest = "path,customer_code\n".to_owned();
    for file in files_below(&good) {
        let name = file.file_name().and_then(|n| n.to_str()).context("a name")?;
        manifest.push_str(&format!("{name},KH-0001\n"));
    }
    let files = files_below(source).len();
    std::fs::write(good.join("manifest.csv"), manifest)?;
    ensure!(files_below(&source.join("bombs")).len() == 39, "there are not 39 bombs");
    Ok(files)
}

pub fn python(words: &[&str]) -> Result<()> {
    match Command::new("python3").arg("-B").args(words).output_in_time() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skip("python3 is missing; install it with `apt-get install python3`")
        }
        output => Ran::of(words.join(" "), output?).expect(0).map(drop),
    }
}

fn every_file_has_its_outcome(report: &Value, files: usize) -> Result<()> {
    let count = |key: &str| number(report, key);
    let sum = count("filed")? + count("needs_review")? + count("duplicate")? + count("rejected")?;
    let items = list(report, "items")?;
    // What is inside a file has a line below it.
    let is_inside = |item: &&Value| text(item, "path").contains(".pdf/");
    let inside = items.iter().filter(is_inside).count();
    ensure!(
        count("found")? == sum && usize::try_from(sum)? == items.len() && items.len() == files + inside,
        "{files} files and {inside} inside them, found {}, the outcomes sum up to {sum}",
        report["found"]
    );
    let mut table: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for item in list(report, "items")? {
        let (outcome, reason) = (text(item, "outcome"), text(item, "reason"));
        ensure!(
            outcome != "rejected" || REASONS.contains(&reason),
            "a file was rejected without a name for it: {item}"
        );
        ensure!(
            outcome == "rejected" || !text(item, "document_id").is_empty(),
            "a file that was taken has no document: {item}"
        );
        *table.entry(format!("{outcome} {reason}")).or_default() += 1;
        if text(item, "path").contains("/bombs/") {
            println!(
                "{:28} {outcome} {reason}",
                text(item, "path").rsplit('/').next().unwrap_or_default()
            );
        }
        let named = |ending: &str| text(item, "path").ends_with(ending);
        ensure!(
            !named(".zip") || reason == "unsupported_type",
            "an archive was taken for a scan: {item}"
        );
        let is_bomb = named(".ofd") && text(item, "path").contains("/bombs/");
        ensure!(
            !is_bomb || outcome == "rejected" && text(item, "detail").contains("OFD"),
            "a bomb that is an OFD is not rejected as one: {item}"
        );
    }
    let bomb = items
        .iter()
        .find(|item| text(item, "path").ends_with("/pdf-inside-4gib.pdf/zeros.pdf"));
    let bomb = bomb.context("the file that unpacks to four gibibytes has no line")?;
    ensure!(
        ["out_of_memory", "too_large", "unreadable"].contains(&text(bomb, "reason")),
        "a bomb inside a file is not refused by name: {bomb}"
    );
    println!("{table:?}");
    Ok(())
}

/// The good files are their customer's, and the one with a page that never ends is whole but for that page.
fn the_good_ones_are_filed(archive: &TestArchive, report: &Value) -> Result<()> {
    let mut mixed = None;
    for item in list(report, "items")? {
        if !text(item, "path").contains("/good/") {
            continue;
        }
        ensure!(
            text(item, "outcome") == "filed" && text(item, "customer_code") == "KH-0001",
            "a good file is not filed right: {item}"
        );
        if text(item, "path").ends_with("/mixed.pdf") {
            mixed = Some(item);
        }
    }
    let mixed = mixed.context("mixed.pdf is not in the report")?;
    ensure!(
        text(mixed, "reason") == "page_failed" && text(mixed, "detail").starts_with("page 2:"),
        "the failed page is not said: {mixed}"
    );
    let shown = archive.json(&["show", text(mixed, "document_id"), "--json"])?;
    let states: Vec<&str> = list(&shown, "pages")?.iter().map(|page| text(page, "state")).collect();
    ensure!(
        states == ["read", "failed", "read"],
        "the pages of mixed.pdf are {states:?}"
    );
    Ok(())
}

fn workers_kept_their_bounds(report: &Value) -> Result<()> {
    let workers = &report["workers"];
    let (decode, read) = (
        number(workers, "decode_peak_bytes")?,
        number(workers, "read_peak_bytes")?,
    );
    println!(
        "decode worker at most {} MiB, read worker at most {} MiB, {} workers lost, {:.1} s",
        decode >> 20,
        read >> 20,
        workers["lost"],
        report["seconds"].as_f64().unwrap_or_default()
    );
    ensure!(
        decode <= DECODE_BYTES_MAX + DECODE_BYTES_SLACK,
        "a decode worker held {decode} bytes"
    );
    ensure!(read <= READ_BYTES_MAX, "a read worker held {read} bytes");
    Ok(())
}
