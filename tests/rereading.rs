//! Reading again, from outside: one document and one batch, killed in the middle, with a correction that stays and an
//! index that follows.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::Test;
use crate::archive::{Database, TestArchive, demo_folder, engines, list, number, path, text};
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[
    ("rereading::corrections_stay_and_the_index_follows", corrections_stay),
    ("rereading::a_killed_rereading_is_taken_again", killed_and_taken_again),
    ("rereading::kinds_are_a_file", kinds_are_a_file),
];

/// One small delivery: three scans of one page.
fn filed() -> Result<TestArchive> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = archive.beside("scans");
    std::fs::create_dir_all(&folder)?;
    for (name, from) in [
        ("一.jpg", "信函/来函-20250506.jpg"),
        ("二.jpg", "证照/不动产权证书.jpg"),
        ("三.jpg", "证照/授权委托书.jpg"),
    ] {
        std::fs::copy(demo_folder().join("scans").join(from), folder.join(name))?;
    }
    archive.ingest(&folder, 0)?;
    Ok(archive)
}

fn documents(archive: &TestArchive) -> Result<Vec<String>> {
    let batches = archive.json(&["batches", "--json"])?;
    let batch = batches
        .as_array()
        .and_then(|all| all.first())
        .context("a batch")?
        .clone();
    let items = archive.json(&["batches", text(&batch, "batch"), "--json"])?;
    let items = list(&items, "items")?.clone();
    items
        .iter()
        .map(|item| {
            Ok(list(item, "documents")?
                .first()
                .and_then(Value::as_str)
                .context("an id")?
                .to_owned())
        })
        .collect()
}

fn page(archive: &TestArchive, document: &str) -> Result<Value> {
    let shown = archive.json(&["show", document, "--json"])?;
    Ok(list(&shown, "pages")?.first().context("a page")?.clone())
}

fn corrections_stay() -> Result<()> {
    let archive = filed()?;
    let document = documents(&archive)?.first().context("a document")?.clone();
    let before = page(&archive, &document)?;
    let line = list(&before, "lines")?.first().context("a line")?.clone();
    let former = text(&line, "text").to_owned();

    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    let correct = json!({"line": 0, "former": former, "text": "更正过的这一行甲乙丙丁"});
    api.post(&format!("/documents/{document}/pages/1/correct"), &correct, 204)?;
    // The very next search finds it, and not what had been read.
    let found = api.search("更正过的这一行甲乙丙丁", 5)?;
    ensure!(number(&found, "total")? == 1, "the correction is not found: {found}");
    let again = json!({"line": 0, "former": former, "text": "x"});
    api.post(&format!("/documents/{document}/pages/1/correct"), &again, 409)?;

    // Another way of reading: the server takes the job, the command waits for it.
    let told = archive.json(&["reread", &document, "--fine", "--force-ocr", "--wait", "--json"])?;
    ensure!(
        number(&told, "done")? == 1 && number(&told, "pages_changed")? == 1,
        "{told}"
    );
    let after = page(&archive, &document)?;
    ensure!(
        text(&after, "text").contains("更正过的这一行甲乙丙丁"),
        "the correction is gone: {after}"
    );
    ensure!(number(&after, "corrections")? == 1, "{after}");
    let found = api.search("更正过的这一行甲乙丙丁", 5)?;
    ensure!(
        number(&found, "total")? == 1,
        "after re-reading the correction is not found: {found}"
    );
    serving.stop()?;

    // A turn that a person fixes wrongly gives another text: the index follows, the correction stays.
    let told = archive.run(&["reread", &document, "--turn", "180", "--json"])?.json()?;
    ensure!(number(&told, "pages_changed")? == 1, "{told}");
    let turned = page(&archive, &document)?;
    ensure!(turned["turn"] == 180, "the page was not turned: {}", turned["turn"]);
    let word: String = text(&after, "text")
        .lines()
        .nth(2)
        .unwrap_or_default()
        .chars()
        .take(8)
        .collect();
    let found = archive.json(&["search", &format!("\"{word}\""), "--json"])?;
    let there =
        |found: &Value| list(found, "hits").map(|hits| hits.iter().any(|hit| text(hit, "document_id") == document));
    ensure!(!there(&found)?, "the old text `{word}` is still found: {found}");
    let found = archive.json(&["search", "更正过的这一行甲乙丙丁", "--json"])?;
    ensure!(
        there(&found)?,
        "the correction is not found on the turned page: {found}"
    );

    // Back the right way: as before.
    archive.ok(&["reread", &document, "--turn", "0", "--json"])?;
    let found = archive.json(&["search", &format!("\"{word}\""), "--json"])?;
    ensure!(there(&found)?, "`{word}` is not found again: {found}");
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify: {verified}");
    Ok(())
}

fn killed_and_taken_again() -> Result<()> {
    let archive = filed()?;
    let batch = text(archive.json(&["batches", "--json"])?.get(0).context("a batch")?, "name").to_owned();
    let ids = documents(&archive)?;
    let before: Vec<Value> = ids.iter().map(|id| page(&archive, id)).collect::<Result<_>>()?;

    // Killed as soon as a worker process runs: a document is leased then, and nothing of it is written.
    let mut process = archive
        .command(&["reread", "--batch", &batch, "--fine", "--force-ocr"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    wait_for_child(process.id())?;
    process.kill()?;
    process.wait()?;
    for (id, before) in ids.iter().zip(&before) {
        let now = page(&archive, id)?;
        let (now, before) = (text(&now, "text"), text(before, "text"));
        ensure!(
            now == before,
            "a killed reading changed a page from `{before}` to `{now}`"
        );
    }

    // Whoever comes next takes what is left, once the lease of the dead is over: nothing is lost, nothing doubled.
    let told = archive.run(&["reread", &ids[0], "--force-ocr", "--json"])?.json()?;
    ensure!(number(&told, "documents")? == 1, "{told}");
    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    let orders = api.get("/rereads", &[])?;
    serving.stop()?;
    let orders = orders.as_array().context("a list")?.clone();
    let of_batch = orders
        .iter()
        .find(|order| text(order, "scope") == "batch")
        .context("the order of the batch")?;
    ensure!(
        number(of_batch, "done")? == number(of_batch, "documents")?,
        "the killed order was not done to its end: {of_batch}"
    );
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify: {verified}");
    let trail = archive.ok(&["audit", "verify"])?;
    ensure!(trail.code == Some(0), "{}", trail.said());
    Ok(())
}

/// Waits until the process has started a process of its own.
fn wait_for_child(pid: u32) -> Result<()> {
    let children = format!("/proc/{pid}/task/{pid}/children");
    for _ in 0..600 {
        let tasks = std::fs::read_dir(format!("/proc/{pid}/task"));
        let started = tasks.into_iter().flatten().flatten().any(|task| {
            std::fs::read_to_string(task.path().join("children")).is_ok_and(|list| !list.trim().is_empty())
        });
        if started {
            return Ok(());
        }
        ensure!(
            Path::new(&children).exists(),
            "the command ended before it could be killed"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    anyhow::bail!("no worker was started within half a minute")
}

fn kinds_are_a_file() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let file = archive.beside("kinds.tsv");
    archive.ok(&["kinds", "export", path(&file)?])?;
    let report = archive.json(&["kinds", "import", path(&file)?, "--json"])?;
    ensure!(
        number(&report, "unchanged")? == 132 && number(&report, "changed")? == 0,
        "{report}"
    );
    std::fs::write(
        &file,
        "代码,中文名,英文名,题名用词\nmeter_photo,电表照片,Meter photograph,电表照片\n坏,坏,bad,\n",
    )?;
    let report = archive
        .run(&["kinds", "import", path(&file)?, "--json"])?
        .expect(2)?
        .json()?;
    ensure!(
        report["refused"] == true && number(&report["problems"][0], "line")? == 3,
        "{report}"
    );
    let report = archive
        .run(&["kinds", "import", path(&file)?, "--skip-bad-lines", "--json"])?
        .expect(2)?
        .json()?;
    ensure!(number(&report, "added")? == 1, "{report}");
    let listed = archive.ok(&["kinds", "export"])?;
    ensure!(listed.out.contains("meter_photo\tother\t电表照片"), "{}", listed.out);
    Ok(())
}
