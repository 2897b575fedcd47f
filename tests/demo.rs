//! The bundled scans through the real pipeline: what becomes of each file, and what a second run makes of it.

use anyhow::{Result, ensure};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::Test;
use crate::archive::{Database, TestArchive, check, demo_folder, expected, list, number, relative, text};
use crate::patience::InTime;
use crate::serving::Serving;

pub const TESTS: &[Test] = &[
    ("demo::the_checker_sees_planted_faults", the_checker_sees_planted_faults),
    ("demo::every_file_ends_as_it_must", every_file_ends_as_it_must),
    ("demo::the_checker_finds_nothing_wrong", the_checker_finds_nothing_wrong),
    (
        "demo::a_second_run_files_nothing_again",
        a_second_run_files_nothing_again,
    ),
    (
        "demo::a_location_shows_what_stands_there",
        a_location_shows_what_stands_there,
    ),
    (
        "demo::lookalike_customers_are_kept_apart",
        lookalike_customers_are_kept_apart,
    ),
    (
        "demo::the_demo_command_serves_and_serves_again",
        the_demo_command_serves_and_serves_again,
    ),
    ("demo::strangers_see_nothing", strangers_see_nothing),
];

/// The sample archive on SQLite, ingested once for all tests that only read it.
pub struct Demo {
    pub archive: TestArchive,
    pub report: Value,
}

static DEMO: Mutex<Option<Arc<Demo>>> = Mutex::new(None);

pub fn demo() -> Result<Arc<Demo>> {
    let mut slot = DEMO.lock().expect("no test panics while it holds the sample archive");
    if let Some(demo) = slot.as_ref() {
        return Ok(demo.clone());
    }
    crate::archive::engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let report = archive.ingest(&demo_folder().join("scans"), 2)?;
    let demo = Arc::new(Demo { archive, report });
    *slot = Some(demo.clone());
    Ok(demo)
}

/// Statics are not dropped: main removes the folder of the sample archive.
pub fn put_away() {
    if let Ok(mut slot) = DEMO.lock() {
        slot.take();
    }
}

/// Compares an ingest report with expected.json, file by file, and says all that differs at once.
pub fn compare(report: &Value) -> Result<()> {
    let expected = expected()?;
    let root = demo_folder().join("scans");
    let mut wrong = Vec::new();
    for key in ["found", "filed", "needs_review", "duplicate", "rejected", "pages"] {
        if number(report, key)? != number(&expected, key)? {
            wrong.push(format!("{key}: {} instead of {}", report[key], expected[key]));
        }
    }
    for file in list(&expected, "files")? {
        let path = text(file, "path");
        let Some(item) = list(report, "items")?
            .iter()
            .find(|i| relative(text(i, "path"), &root) == path)
        else {
            wrong.push(format!("{path}: not in the report"));
            continue;
        };
        if item["outcome"] != file["outcome"] {
            wrong.push(format!(
                "{path}: {} ({}) instead of {}",
                item["outcome"], item["reason"], file["outcome"]
            ));
            continue;
        }
        if file["reason"]
            .as_array()
            .is_some_and(|reasons| !reasons.contains(&item["reason"]))
        {
            wrong.push(format!(
                "{path}: the reason is {} instead of {}",
                item["reason"], file["reason"]
            ));
        }
        if file["outcome"] == "filed" {
            for key in ["customer_code", "location_code"] {
                if text(item, key) != text(file, key) {
                    wrong.push(format!("{path}: {key} is {} instead of {}", item[key], file[key]));
                }
            }
            if !file["kind"].is_null() && item["kind"] != file["kind"] {
                wrong.push(format!("{path}: kind is {} instead of {}", item["kind"], file["kind"]));
            }
        }
        if matches!(text(file, "outcome"), "filed" | "needs_review") && text(item, "document_id").is_empty() {
            wrong.push(format!("{path}: no document_id"));
        }
    }
    let missing = report["missing_from_delivery"].to_string();
    for path in list(&expected, "missing_from_delivery")? {
        if !missing.contains(path.as_str().unwrap_or_default()) {
            wrong.push(format!("missing_from_delivery does not name {path}: {missing}"));
        }
    }
    ensure!(
        wrong.is_empty(),
        "{} differences from demo/expected.json:\n  {}",
        wrong.len(),
        wrong.join("\n  ")
    );
    Ok(())
}

fn every_file_ends_as_it_must() -> Result<()> {
    let demo = demo()?;
    compare(&demo.report)?;
    // The four images of one contract are one document.
    let parts: Vec<&Value> = list(&demo.report, "items")?
        .iter()
        .filter(|i| text(i, "path").contains("SG-2022-0015_"))
        .collect();
    ensure!(
        parts.len() == 4,
        "the contract delivered page by page has {} items",
        parts.len()
    );
    ensure!(
        parts.iter().all(|p| p["document_id"] == parts[0]["document_id"]),
        "the pages of one contract became several documents: {parts:?}"
    );
    let shown = demo.archive.json(&["show", text(parts[0], "document_id"), "--json"])?;
    ensure!(
        list(&shown, "pages")?.len() == 4,
        "the contract delivered page by page has {} pages",
        list(&shown, "pages")?.len()
    );
    ensure!(
        text(&list(&shown, "pages")?[0], "text").contains("建设工程施工合同"),
        "its first page is not the cover"
    );
    Ok(())
}

/// A checker that cannot fail proves nothing: seventeen planted faults, each must be named.
fn the_checker_sees_planted_faults() -> Result<()> {
    let house = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = std::process::Command::new("python3");
    command.arg("-B").arg(house.join("tests/python/test_check_archive.py"));
    let output = match command.arg(house.join("records/src/migrations")).output_in_time() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return crate::skip("python3 is missing; install it with `apt-get install python3`");
        }
        Err(error) => return Err(error.into()),
    };
    crate::archive::Ran::of("test_check_archive.py".into(), output).expect(0)?;
    Ok(())
}

fn the_checker_finds_nothing_wrong() -> Result<()> {
    let demo = demo()?;
    let expected = demo_folder().join("expected.json");
    check(
        &demo.archive,
        &demo_folder().join("scans"),
        None,
        &["--expected", crate::archive::path(&expected)?],
    )?;
    let verified = demo.archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify is not content: {verified}");
    Ok(())
}

fn a_second_run_files_nothing_again() -> Result<()> {
    let demo = demo()?;
    let archive = TestArchive::copy_of(&demo.archive)?;
    let before = archive.json(&["verify", "--json"])?;
    let again = archive.ingest(&demo_folder().join("scans"), 2)?;
    let expected = expected()?;
    let rejected = number(&expected, "rejected")?;
    ensure!(
        number(&again, "found")? == number(&expected, "found")?,
        "the second run found {} files",
        again["found"]
    );
    ensure!(
        number(&again, "rejected")? == rejected,
        "the second run rejected {} files instead of trying {rejected} again",
        again["rejected"]
    );
    ensure!(
        number(&again, "filed")? == 0 && number(&again, "needs_review")? == 0,
        "the second run filed again: {} filed, {} to review",
        again["filed"],
        again["needs_review"]
    );
    ensure!(
        number(&again, "duplicate")? == number(&expected, "found")? - rejected,
        "the second run counts {} duplicates",
        again["duplicate"]
    );
    let after = archive.json(&["verify", "--json"])?;
    ensure!(
        before["documents"] == after["documents"] && before["scans"] == after["scans"],
        "the second run changed the holdings: {before} to {after}"
    );
    check(&archive, &demo_folder().join("scans"), None, &[])?;
    Ok(())
}

fn a_location_shows_what_stands_there() -> Result<()> {
    let demo = demo()?;
    let expected = expected()?;
    // Forgiving input: lower case and full width lead to the same slot.
    for code in ["K1-01-A-1-01", "k1-01-a-1-01", "Ｋ1－01－A－1－01"] {
        let found = demo.archive.json(&["locate", code, "--json"])?;
        ensure!(
            text(&found, "code") == "K1-01-A-1-01",
            "`locate {code}` names {}",
            found["code"]
        );
        let titles: Vec<&str> = list(&found, "items")?
            .iter()
            .map(|i| text(i, "customer_code"))
            .collect();
        let wanted = list(&expected, "files")?
            .iter()
            .filter(|f| text(f, "location_code") == "K1-01-A-1-01")
            .count();
        ensure!(
            titles.len() == wanted,
            "`locate {code}` shows {titles:?}, {wanted} documents stand there"
        );
        ensure!(
            list(&found, "path")?.iter().any(|p| text(p, "code") == "K1-01-A"),
            "the way to {code} lacks K1-01-A: {}",
            found["path"]
        );
    }
    let found = demo.archive.json(&["locate", "三楼-A柜-02", "--json"])?;
    ensure!(!list(&found, "items")?.is_empty(), "nothing stands in 三楼-A柜-02");
    Ok(())
}

fn lookalike_customers_are_kept_apart() -> Result<()> {
    let demo = demo()?;
    for (name, code) in [("智汇信息", "KH-0001"), ("智惠信息", "KH-0002")] {
        let found = demo.archive.json(&["search", name, "--json"])?;
        let hits = list(&found, "hits")?;
        ensure!(!hits.is_empty(), "nothing is found for {name}");
        let other = if code == "KH-0001" { "KH-0002" } else { "KH-0001" };
        ensure!(
            hits.iter().all(|h| text(h, "customer_code") != other),
            "{name} finds papers of {other}: {}",
            found["hits"]
        );
    }
    Ok(())
}

/// `dossier demo` makes the archive and serves it at once; a second start serves the same one again.
fn the_demo_command_serves_and_serves_again() -> Result<()> {
    crate::archive::engines()?;
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let mut first = Serving::by(&archive, "demo", true)?;
    ensure!(first.anonymous("/livez")?.0 == 200, "the demo does not answer /livez");
    let (mut was_read, mut found_early) = (false, false);
    loop {
        let line = first.next_line(Duration::from_secs(600))?;
        if line.contains("the sample archive is complete") {
            break;
        }
        // It is served while it is being read: what is read is found.
        if !found_early && line.contains(" files, ") && !line.contains("files, 0 pages") {
            was_read = true;
            found_early = number(&archive.json(&["search", "公司", "--json"])?, "total")? > 0;
        }
    }
    ensure!(found_early || !was_read, "nothing was found before all was read");
    first.stop()?;
    let made = archive.json(&["verify", "--json"])?;
    let second = Serving::by(&archive, "demo", true)?;
    ensure!(
        second.anonymous("/readyz")?.0 == 200,
        "the second start of the demo is not ready"
    );
    second.stop()?;
    let again = archive.json(&["verify", "--json"])?;
    ensure!(
        number(&made, "documents")? > 0 && made["documents"] == again["documents"],
        "the second start made another archive: {made} then {again}"
    );
    // The program carries the bundled scans with it and lays them into the data folder.
    check(
        &archive,
        &archive.data().join("demo-scans"),
        None,
        &[
            "--expected",
            crate::archive::path(&demo_folder().join("expected.json"))?,
        ],
    )?;
    Ok(())
}

/// Without a session and without a token there is nothing: not a hit, not a page, not even whether something exists.
fn strangers_see_nothing() -> Result<()> {
    let demo = demo()?;
    let archive = TestArchive::copy_of(&demo.archive)?;
    let serving = Serving::start(&archive, false)?;
    let id = text(&list(&demo.report, "items")?[0], "document_id").to_owned();
    for path in [
        "/api/v1/search?q=%E5%90%88%E5%90%8C".to_owned(),
        format!("/api/v1/documents/{id}"),
        "/api/v1/locate?code=K1-01-A-1-01".to_owned(),
    ] {
        let (status, body) = serving.anonymous(&path)?;
        ensure!(status == 401, "{path} answers a stranger with {status}: {body}");
        ensure!(
            !body.contains("KH-0") && !body.contains("华宸"),
            "{path} tells a stranger: {body}"
        );
    }
    // Screens lead to the sign-in form and tell nothing either.
    for path in [
        "/".to_owned(),
        "/search?q=%E5%90%88%E5%90%8C".to_owned(),
        format!("/documents/{id}"),
        "/locations/K1-01-A-1-01".to_owned(),
    ] {
        let (_, body) = serving.anonymous(&path)?;
        ensure!(
            body.contains("password") && !body.contains("KH-0") && !body.contains("华宸"),
            "{path} shows a stranger:\n{body}"
        );
    }
    serving.stop()
}
