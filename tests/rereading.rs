//! Reading again, from outside: one document and one batch, killed in the middle, with a correction that stays and an
//! index that follows.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::mem::MaybeUninit;
use std::path::Path;
use std::process::Stdio;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::archive::{
    Database, Ran, TestArchive, copy_folder, demo_folder, engines, list, number, path, program, text,
};
use crate::patience::{InTime, PATIENCE, put_down};
use crate::serving::{Api, Serving};
use crate::{Test, skip};

pub const TESTS: &[Test] = &[
    ("rereading::corrections_stay_and_the_index_follows", corrections_stay),
    ("rereading::a_killed_rereading_is_taken_again", killed_and_taken_again),
    ("rereading::two_engines_read_a_page", two_engines_read_a_page),
    ("rereading::kinds_are_a_file", kinds_are_a_file),
];

/// The engine file that not every installation has.
const SECOND: &str = "PP-OCRv5_rec_mobile.onnx";

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
    let batch = list(&batches, "items")?.first().context("a batch")?.clone();
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

/// The second recogniser is loaded by a worker that may open nothing any more; a clear page is read by both alike, so
/// that nobody is asked to look.
fn two_engines_read_a_page() -> Result<()> {
    let archive = filed()?;
    let setup = Ran::of("setup".to_owned(), program().arg("setup").output_in_time()?).expect(0)?;
    let there = setup
        .out
        .lines()
        .any(|line| line.contains(SECOND) && !line.contains("missing"));
    if !there {
        return skip("the second recogniser could not be fetched by `dossier setup`");
    }
    let folder = setup
        .out
        .lines()
        .find_map(|line| line.strip_prefix("the engines are in "));
    let folder = folder.context("where the engines are")?.to_owned();

    let document = documents(&archive)?.first().context("a document")?.clone();
    let before = page(&archive, &document)?;
    ensure!(
        text(&before, "engine_version").ends_with(" + PP-OCRv5-mobile"),
        "the text does not say that a second network was at hand: {before}"
    );
    let told = archive
        .run(&["reread", &document, "--second-opinion", "--json"])?
        .json()?;
    ensure!(
        number(&told, "done")? == 1 && number(&told, "pages_failed")? == 0,
        "{told}"
    );
    let after = page(&archive, &document)?;
    ensure!(
        text(&after, "engine") == "PP-OCRv6-small + PP-OCRv5-mobile",
        "read by {}",
        text(&after, "engine")
    );
    let letters = |page: &Value| {
        text(page, "text")
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    ensure!(letters(&before) == letters(&after), "{before}\n{after}");
    ensure!(before["state"] == after["state"], "{after}");

    // An installation without it says so before anything is ordered.
    let without = archive.beside("engines");
    copy_folder(Path::new(&folder), &without)?;
    std::fs::remove_file(without.join(SECOND))?;
    let mut command = archive.command(&["reread", &document, "--second-opinion"]);
    let ran = Ran::of(
        "reread".to_owned(),
        command.env("DOSSIER_ENGINES", &without).output_in_time()?,
    )
    .expect(1)?;
    ensure!(
        ran.said().contains(SECOND) && ran.said().contains("dossier setup"),
        "{}",
        ran.said()
    );
    Ok(())
}

/// When a process that reads again is killed, told by what it writes: every transaction is one or more writes to the log
/// of the database. Before the job is taken, while the page is read, right before the text is changed, right after.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// At this write.
    Write(u32),
    /// After so many writes, when nothing has been written for a while: a worker reads.
    Quiet(u32),
}

const MOMENTS: [Moment; 13] = [
    Moment::Write(1),
    Moment::Write(3),
    Moment::Write(6),
    Moment::Write(9),
    Moment::Quiet(3),
    Moment::Write(12),
    Moment::Write(15),
    Moment::Quiet(9),
    Moment::Write(18),
    Moment::Write(22),
    Moment::Write(27),
    Moment::Write(34),
    Moment::Write(45),
];

/// A job is taken so often before it counts as what kills its workers.
const KILLS_TO_FAIL: i64 = 4;

fn killed_and_taken_again() -> Result<()> {
    let archive = filed()?;
    let ids = documents(&archive)?;
    let before: Vec<Value> = ids.iter().map(|id| page(&archive, id)).collect::<Result<_>>()?;
    let is_as_before = |when: &str| -> Result<()> {
        for (id, before) in ids.iter().zip(&before) {
            let now = page(&archive, id)?;
            let (now, before) = (text(&now, "text"), text(before, "text"));
            ensure!(
                now == before,
                "{when}: the page is not what it was:\n{now}\nand was:\n{before}"
            );
        }
        Ok(())
    };

    let mut killed = 0;
    for (n, moment) in MOMENTS.into_iter().enumerate() {
        // Two ways that read the same, so that each order has something to change.
        let way: &[&str] = if n % 2 == 0 { &["--force-ocr"] } else { &["--turn", "0"] };
        let mut process = archive
            .command(&[&["reread", &ids[n % ids.len()]], way].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        killed += u32::from(came(&archive.data(), process.id(), moment)?);
        put_down(&mut process);
        is_as_before(&format!("killed at {moment:?}"))?;
        let verified = archive.json(&["verify", "--json"])?;
        ensure!(verified["ok"] == true, "killed at {moment:?}: {verified}");
    }
    ensure!(
        killed >= 6,
        "only {killed} of {} moments came before the end",
        MOMENTS.len()
    );

    // Whoever comes next takes what is left, once the leases of the dead are over: nothing is lost, nothing doubled.
    let told = archive.run(&["reread", &ids[0], "--force-ocr", "--json"])?.json()?;
    ensure!(
        number(&told, "documents")? == 1 && number(&told, "done")? == 1,
        "{told}"
    );
    is_as_before("at the end")?;
    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    let orders = api.get("/rereads", &[])?;
    serving.stop()?;
    // On a slow machine leases of the dead end while others are being killed: a job that was taken and killed as often
    // as it may be has failed, and nothing else has.
    let mut failed = 0;
    for order in list(&orders, "items")? {
        let (done, given_up) = (number(order, "done")?, number(order, "failed")?);
        ensure!(
            done + given_up == number(order, "documents")? && number(order, "pages")? == done,
            "an order was not done to its end, or twice: {order}"
        );
        failed += given_up;
    }
    ensure!(
        failed * KILLS_TO_FAIL <= MOMENTS.len() as i64,
        "{failed} jobs failed by {} kills",
        MOMENTS.len()
    );
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify: {verified}");
    let trail = archive.ok(&["audit", "verify"])?;
    ensure!(trail.code == Some(0), "{}", trail.said());
    Ok(())
}

/// Waits for a moment of a process, told by the writes to the log of the database in this folder. `false` when the
/// process ended before.
fn came(folder: &Path, pid: u32, moment: Moment) -> Result<bool> {
    /// As long as nothing is written for so long, a page is being read.
    const QUIET: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 300_000_000,
    };
    let silent_max = Timespec {
        tv_sec: i64::try_from(PATIENCE.as_secs())?,
        tv_nsec: 0,
    };
    let (wanted, then_quiet) = match moment {
        Moment::Write(writes) => (writes, false),
        Moment::Quiet(writes) => (writes, true),
    };
    let process = i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .context("a process id")?;
    let ended = pidfd_open(process, PidfdFlags::empty())?;
    let changes = inotify::init(inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC)?;
    inotify::add_watch(&changes, folder, inotify::WatchFlags::MODIFY)?;
    let mut space = [MaybeUninit::uninit(); 4_096];
    let mut writes = 0;
    loop {
        let mut either = [PollFd::new(&changes, PollFlags::IN), PollFd::new(&ended, PollFlags::IN)];
        let wants_quiet = then_quiet && writes >= wanted;
        let most = if wants_quiet { QUIET } else { silent_max };
        if poll(&mut either, Some(&most))? == 0 {
            ensure!(wants_quiet, "nothing was written within {} s", PATIENCE.as_secs());
            return Ok(true);
        }
        if !either[1].revents().is_empty() {
            return Ok(false);
        }
        let mut told = inotify::Reader::new(&changes, &mut space);
        loop {
            match told.next() {
                Ok(event) => {
                    let of_log = event.file_name().is_some_and(|name| name.to_bytes().ends_with(b"-wal"));
                    writes += u32::from(of_log);
                }
                Err(rustix::io::Errno::AGAIN) => break,
                Err(error) => return Err(error.into()),
            }
        }
        if !then_quiet && writes >= wanted {
            return Ok(true);
        }
    }
}

fn kinds_are_a_file() -> Result<()> {
    let archive = TestArchive::new(Database::Sqlite)?;
    let file = archive.beside("kinds.tsv");
    archive.ok(&["kinds", "export", path(&file)?])?;
    let report = archive.json(&["kinds", "import", path(&file)?, "--json"])?;
    ensure!(
        number(&report, "unchanged")? == 135 && number(&report, "changed")? == 0,
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
