//! Deliveries from outside: two runs at once, a run that is interrupted, one that is killed and taken over, what is
//! announced of scans that are there already, problems that are told, and a trial that writes nothing.

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde_json::Value;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::Test;
use crate::archive::{
    Database, Ran, TestArchive, copy_folder, demo_folder, engines, files_below, list, number, path, text,
};
use crate::patience::{Lines, ended, output_of, until};
use crate::serving::{Api, Serving};

pub const TESTS: &[Test] = &[
    ("deliveries::two_runs_are_one_batch", two_runs_are_one_batch),
    ("deliveries::an_interruption_is_told", an_interruption_is_told),
    ("deliveries::a_killed_run_is_taken_over", a_killed_run_is_taken_over),
    ("deliveries::every_door_knows_who_is_gone", every_door_knows_who_is_gone),
    ("deliveries::other_bytes_are_read_again", other_bytes_are_read_again),
    ("deliveries::nothing_announced_is_lost", nothing_announced_is_lost),
    (
        "deliveries::a_list_is_followed_to_files_that_are_put_away",
        a_list_is_followed_to_files_that_are_put_away,
    ),
    ("deliveries::lists_in_every_folder_speak", lists_in_every_folder_speak),
    ("deliveries::problems_are_told_in_a_pipe", problems_are_told_in_a_pipe),
    ("deliveries::a_trial_writes_nothing", a_trial_writes_nothing),
    ("deliveries::a_watch_tells_what_it_did", a_watch_tells_what_it_did),
];

/// A folder of scans of the sample archive, small ones without a list.
fn delivery(archive: &TestArchive, name: &str, scans: &[&str]) -> Result<PathBuf> {
    let folder = archive.beside(name);
    std::fs::create_dir_all(&folder)?;
    for scan in scans {
        let from = demo_folder().join("scans").join(scan);
        std::fs::copy(&from, folder.join(from.file_name().context("a name")?))?;
    }
    Ok(folder)
}

const PICTURES: [&str; 5] = [
    "信函/来函-20250506.jpg",
    "信函/来函-20250519.png",
    "证照/授权委托书.jpg",
    "证照/不动产权证书.jpg",
    "证照/荣誉证书.png",
];

/// Starts an ingest and waits until it holds its batch; as a shell does, in a process group of its own.
fn begin(archive: &TestArchive, folder: &Path, words: &[&str]) -> Result<Child> {
    let mut process = archive
        .command(&[&["ingest", path(folder)?], words].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    until("the batch", || {
        if let Some(status) = process.try_wait()? {
            bail!("the run ended with {status} before it was seen");
        }
        Ok(batches(archive)?
            .iter()
            .any(|batch| text(batch, "state") == "running")
            .then_some(()))
    })?;
    Ok(process)
}

fn batches(archive: &TestArchive) -> Result<Vec<Value>> {
    let listed = archive.json(&["batches", "--json"])?;
    list(&listed, "items").cloned()
}

fn told_by(process: Child) -> Result<Ran> {
    Ok(Ran::of("ingest".to_owned(), output_of(process)?))
}

fn two_runs_are_one_batch() -> Result<()> {
    engines()?;
    for database in [Database::Sqlite, Database::Postgres] {
        let archive = TestArchive::with_tables(database)?;
        let folder = delivery(&archive, "race", &PICTURES)?;
        let first = begin(&archive, &folder, &[])?;
        let id = first.id();
        // However slow this machine is, the first run does not end before the others have come.
        let runner = rustix::process::Pid::from_child(&first);
        rustix::process::kill_process(runner, rustix::process::Signal::STOP)?;
        let second = archive.run(&["ingest", path(&folder)?])?.expect(75)?;
        ensure!(
            second.err.contains(&format!("process {id} on ")) && second.err.contains("--wait"),
            "the second run does not say who is at it: {}",
            second.err
        );
        let running = batches(&archive)?;
        ensure!(running[0]["run"]["process"] == id, "{}", running[0]);
        // A third one waits, and finds all of it there.
        rustix::process::kill_process(runner, rustix::process::Signal::CONT)?;
        let third = archive
            .run(&["ingest", path(&folder)?, "--wait", "--json"])?
            .expect(0)?;
        ensure!(third.err.contains("waiting: process"), "{}", third.err);
        ensure!(number(&third.json()?, "duplicate")? == 5, "{}", third.out);
        let first = told_by(first)?.expect(0)?;
        ensure!(first.out.contains("5 found = "), "{}", first.out);
        let kept = batches(&archive)?;
        ensure!(kept.len() == 2, "{} batches", kept.len());
        ensure!(
            number(&kept[1], "duplicate")? == 0 && number(&kept[1], "filed")? + number(&kept[1], "needs_review")? == 5,
            "the outcomes of the first run were replaced: {}",
            kept[1]
        );
        let verified = archive.json(&["verify", "--json"])?;
        ensure!(
            verified["ok"] == true && number(&verified, "documents")? == 5,
            "{verified}"
        );
    }
    Ok(())
}

fn an_interruption_is_told() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = delivery(&archive, "letters", &PICTURES)?;
    let run = begin(&archive, &folder, &[])?;
    // As Ctrl-C on a terminal does: to the whole group.
    kill_process_group(Pid::from_child(&run), Signal::INT)?;
    let run = told_by(run)?.expect(130)?;
    ensure!(
        run.out.contains(" of 5 done; run the same command again"),
        "{}{}",
        run.out,
        run.err
    );
    ensure!(
        !run.err.contains("worker lost"),
        "the signal reached the workers: {}",
        run.err
    );
    let batch = batches(&archive)?.remove(0);
    ensure!(
        text(&batch, "state") == "interrupted" && batch["walked"] == 5,
        "{batch}"
    );
    let shown = archive.ok(&["batches", text(&batch, "id")])?;
    ensure!(shown.out.contains(" of 5 done"), "{}", shown.out);
    let again = archive.run(&["ingest", path(&folder)?, "--json"])?.expect(0)?;
    ensure!(
        again.err.contains("going on with the unfinished batch"),
        "{}",
        again.err
    );
    let report = again.json()?;
    ensure!(
        report["batch"] == batch["id"] && number(&report, "found")? == 5,
        "{report}"
    );
    ensure!(
        report["interrupted"] == false && number(&report, "left")? == 0,
        "{report}"
    );
    Ok(())
}

fn a_killed_run_is_taken_over() -> Result<()> {
    engines()?;
    for database in [Database::Sqlite, Database::Postgres] {
        let archive = TestArchive::with_tables(database)?;
        let folder = delivery(&archive, "killed", &PICTURES)?;
        let mut run = begin(&archive, &folder, &[])?;
        kill_process(Pid::from_child(&run), Signal::KILL)?;
        // Nobody has waited for it yet: it shows as a process that has ended.
        let report = archive.run(&["ingest", path(&folder)?, "--json"])?.expect(0)?.json()?;
        ended(&mut run)?;
        let batches = batches(&archive)?;
        ensure!(batches.len() == 1 && batches[0]["id"] == report["batch"], "{batches:?}");
        ensure!(text(&batches[0], "state") == "finished", "{}", batches[0]);
        ensure!(
            number(&report, "filed")? + number(&report, "needs_review")? == 5,
            "{report}"
        );
    }
    Ok(())
}

/// Nothing stays `running` that nobody runs: a program that only looks says so as soon as the process is gone, whichever
/// way it is asked, and the next run need not wait.
fn every_door_knows_who_is_gone() -> Result<()> {
    engines()?;
    for database in [Database::Sqlite, Database::Postgres] {
        let archive = TestArchive::with_tables(database)?;
        let seen = doors_know_who_is_gone(&archive);
        if let Err(cause) = &seen {
            // A killed run leaves its staging folder to the next one, which the archive would complain of first.
            eprintln!("{cause:#}");
        }
        seen?;
    }
    Ok(())
}

fn doors_know_who_is_gone(archive: &TestArchive) -> Result<()> {
    let folder = delivery(archive, "gone", &PICTURES)?;
    let serving = Serving::start(archive, false)?;
    let api = Api::open(archive, &serving)?;
    let mut run = begin(archive, &folder, &[])?;
    // The list of the API, one batch there, the list of the command line; and who runs it, where a list says so.
    let seen = || -> Result<([String; 3], [Value; 2])> {
        let listed = api.get("/batches", &[])?;
        let listed = list(&listed, "items")?.first().context("a batch")?.clone();
        let one = api.get(&format!("/batches/{}", text(&listed, "id")), &[])?;
        let ours = batches(archive)?.remove(0);
        let states = [&listed, &one, &ours].map(|batch| text(batch, "state").to_owned());
        Ok((states, [&listed, &ours].map(|batch| batch["run"]["process"].clone())))
    };
    let (states, processes) = seen()?;
    ensure!(
        states == ["running"; 3] && processes == [run.id(), run.id()],
        "{states:?} {processes:?}"
    );
    kill_process(Pid::from_child(&run), Signal::KILL)?;
    ended(&mut run)?;
    let (states, processes) = seen()?;
    ensure!(
        states == ["interrupted"; 3] && processes == [Value::Null, Value::Null],
        "{states:?} {processes:?}"
    );
    serving.stop()?;
    archive.ok(&["ingest", path(&folder)?])?;
    ensure!(batches(archive)?.len() == 1, "the killed run was not gone on with");
    Ok(())
}

/// A file that gets other bytes of the same number between an interruption and the next run, and claims its old time.
fn other_bytes_are_read_again() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = delivery(&archive, "changed", &PICTURES)?;
    // What follows the end of a picture is no part of it.
    let padded = |file: &Path, with: u8| -> Result<()> {
        let mut bytes = std::fs::read(file)?;
        bytes.push(with);
        Ok(std::fs::write(file, bytes)?)
    };
    for file in files_below(&folder) {
        padded(&folder.join(file), b'a')?;
    }
    let mut run = begin(&archive, &folder, &["--workers", "1"])?;
    let id = text(&batches(&archive)?[0], "id").to_owned();
    let items = || -> Result<Vec<Value>> { Ok(list(&archive.json(&["batches", &id, "--json"])?, "items")?.clone()) };
    let taken = until("the first file", || Ok(items()?.first().cloned()))?;
    kill_process(Pid::from_child(&run), Signal::KILL)?;
    ended(&mut run)?;
    let done = items()?;
    ensure!(done.len() < PICTURES.len(), "nothing was left to do");

    let file = PathBuf::from(text(&taken, "path"));
    let then = std::fs::metadata(&file)?.modified()?;
    let mut bytes = std::fs::read(&file)?;
    if let Some(last) = bytes.last_mut() {
        *last = b'b';
    }
    std::fs::write(&file, bytes)?;
    std::fs::File::options().write(true).open(&file)?.set_modified(then)?;

    let report = archive.ingest(&folder, 0)?;
    ensure!(text(&report, "batch") == id, "another batch was begun: {report}");
    let of_file: Vec<&Value> = list(&report, "items")?
        .iter()
        .filter(|item| item["path"] == taken["path"])
        .collect();
    ensure!(
        of_file.len() == 2 && of_file[0]["document_id"] != of_file[1]["document_id"],
        "the other bytes were not read: {report}"
    );
    ensure!(number(&report, "found")? == 6, "{report}");
    for item in done {
        let kept = list(&report, "items")?
            .iter()
            .any(|now| now["document_id"] == item["document_id"]);
        ensure!(kept, "what was taken is no longer told: {item}");
    }
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(
        verified["ok"] == true && number(&verified, "documents")? == 6,
        "{verified}"
    );
    Ok(())
}

/// A scan that two names have, one of them announced.
fn twins(archive: &TestArchive, name: &str, copy: &str) -> Result<PathBuf> {
    let folder = archive.beside(name);
    std::fs::create_dir_all(folder.join("b"))?;
    let scan = demo_folder().join("scans/信函/停电检修通知.pdf");
    std::fs::copy(&scan, folder.join(copy))?;
    std::fs::copy(&scan, folder.join("b/FW-0088.pdf"))?;
    Ok(folder)
}

const ANNOUNCED: &str = "path,customer_code,title,location_code\nb/FW-0088.pdf,KH-0004,服务协议,K1-02-B-3-04\n";

fn item<'r>(report: &'r Value, ending: &str) -> Result<&'r Value> {
    let items = list(report, "items")?;
    let found = items.iter().find(|item| text(item, "path").ends_with(ending));
    found.with_context(|| format!("no {ending} in {report}"))
}

fn nothing_announced_is_lost() -> Result<()> {
    engines()?;
    // The announced file is the document, whatever the names.
    for copy in ["a_copy.pdf", "z_copy.pdf"] {
        let archive = TestArchive::with_tables(Database::Sqlite)?;
        let folder = twins(&archive, "twins", copy)?;
        std::fs::write(folder.join("manifest.csv"), ANNOUNCED)?;
        let report = archive.ingest(&folder, 0)?;
        ensure!(
            text(item(&report, "FW-0088.pdf")?, "outcome") == "filed",
            "{copy}: {report}"
        );
        ensure!(text(item(&report, copy)?, "outcome") == "duplicate", "{copy}: {report}");
        let there = archive.json(&["locate", "K1-02-B-3-04", "--json"])?;
        ensure!(list(&there, "items")?.len() == 1, "{copy}: {there}");
    }
    // The same in a later delivery: the table brings customer, title and place to what is there.
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = twins(&archive, "later", "a_copy.pdf")?;
    archive.ingest(&folder, 0)?;
    std::fs::write(folder.join("manifest.csv"), ANNOUNCED)?;
    let ran = archive.ok(&["ingest", path(&folder)?])?;
    ensure!(
        ran.out
            .contains("the place K1-02-B-3-04 was taken from what was announced"),
        "{}",
        ran.out
    );
    let there = archive.json(&["locate", "K1-02-B-3-04", "--json"])?;
    let filed = list(&there, "items")?.first().context("nothing was put there")?.clone();
    ensure!(
        text(&filed, "customer_code") == "KH-0004" && text(&filed, "title") == "服务协议",
        "{filed}"
    );
    let changed = archive.json(&["history", text(&filed, "document_id"), "--json"])?;
    ensure!(
        changed.to_string().contains("服务协议"),
        "the history is silent: {changed}"
    );
    // The same again says nothing new; another place is a question for a person.
    let again = archive.ingest(&folder, 0)?;
    ensure!(number(&again, "duplicate")? == 2, "{again}");
    std::fs::write(
        folder.join("manifest.csv"),
        ANNOUNCED.replace("K1-02-B-3-04", "K1-02-B-3-05"),
    )?;
    let asked = archive.ingest(&folder, 0)?;
    let asked = item(&asked, "FW-0088.pdf")?;
    ensure!(
        text(asked, "outcome") == "needs_review" && text(asked, "reason") == "announced_otherwise",
        "{asked}"
    );
    ensure!(text(asked, "detail").contains("K1-02-B-3-04"), "{asked}");
    let settled = archive.ingest(&folder, 0)?;
    ensure!(
        number(&settled, "duplicate")? == 2,
        "the question is asked twice: {settled}"
    );
    // On the command line too.
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = delivery(&archive, "one", &["信函/停电检修通知.pdf"])?;
    archive.ingest(&folder, 0)?;
    archive.ok(&[
        "ingest",
        path(&folder)?,
        "--customer",
        "KH-0003",
        "--location",
        "K1-01-A-1-02",
    ])?;
    let there = archive.json(&["locate", "K1-01-A-1-02", "--json"])?;
    ensure!(
        list(&there, "items")?
            .iter()
            .any(|item| text(item, "customer_code") == "KH-0003"),
        "{there}"
    );
    Ok(())
}

/// A list that is changed after `--done` has moved the files that it names: what it says now is brought to them where they
/// lie, they are not moved again, and the same list once more says nothing new.
fn a_list_is_followed_to_files_that_are_put_away() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = delivery(&archive, "inbox", &["信函/停电检修通知.pdf", "信函/来函-20250506.jpg"])?;
    let (done, written) = (archive.beside("done"), folder.join("manifest.csv"));
    let list_says = |lines: &str| std::fs::write(&written, format!("path,customer_code,location_code\n{lines}"));
    let words = ["ingest", path(&folder)?, "--done", path(&done)?, "--json"];
    list_says("停电检修通知.pdf,KH-0001,\n")?;
    let first = archive.json(&words)?;
    ensure!(number(&first, "found")? == 2, "{first}");
    let lying = files_below(&done);
    ensure!(
        lying.len() == 2 && files_below(&folder) == [written.clone()],
        "{lying:?}"
    );
    let unchanged = archive.json(&words)?;
    ensure!(
        number(&unchanged, "found")? == 0 && list(&unchanged, "missing_from_delivery")?.is_empty(),
        "{unchanged}"
    );

    // A place for the one, and one for the other, of which no list had said anything; both had been put away.
    list_says("停电检修通知.pdf,KH-0001,K1-01-A-1-02\n来函-20250506.jpg,,K1-01-A-1-02\n")?;
    let trial = archive.json(&[&words[..], &["--dry-run"]].concat())?;
    let changed = archive.json(&words)?;
    for report in [&trial, &changed] {
        ensure!(
            number(report, "found")? == 2 && number(report, "duplicate")? == 2,
            "{report}"
        );
    }
    let told = item(&changed, "停电检修通知.pdf")?;
    ensure!(
        text(told, "location_code") == "K1-01-A-1-02" && text(told, "path").starts_with(path(&done)?),
        "{told}"
    );
    ensure!(
        text(item(&changed, "来函-20250506.jpg")?, "location_code") == "K1-01-A-1-02",
        "{changed}"
    );
    let there = archive.json(&["locate", "K1-01-A-1-02", "--json"])?;
    ensure!(list(&there, "items")?.len() == 2, "{there}");
    ensure!(
        files_below(&done) == lying,
        "a file was moved again: {:?}",
        files_below(&done)
    );
    let again = archive.json(&words)?;
    ensure!(number(&again, "found")? == 0, "it was said twice: {again}");

    // Another customer is a question for a person, and a watch follows the list too.
    let mut watch = archive
        .command(&["ingest", path(&folder)?, "--done", path(&done)?, "--watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut lines = Lines::of_output(&mut watch)?;
    lines.up_to("watching ")?;
    list_says("停电检修通知.pdf,KH-0002,K1-01-A-1-02\n来函-20250506.jpg,,K1-01-A-1-02\n")?;
    let asked = lines.up_to("needs_review (same_scan_other_customer)");
    kill_process(Pid::from_child(&watch), Signal::TERM)?;
    ended(&mut watch)?;
    asked?;
    ensure!(
        files_below(&done) == lying,
        "a file was moved again: {:?}",
        files_below(&done)
    );
    let verified = archive.json(&["verify", "--json"])?;
    ensure!(verified["ok"] == true, "{verified}");
    Ok(())
}

/// A list in the upper folder and one in the lower: both speak, the nearer one first; where they differ a person decides.
/// The roots are named twice, and one within the other: each file is counted once.
fn lists_in_every_folder_speak() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = archive.beside("nested");
    let below = folder.join("sub");
    std::fs::create_dir_all(&below)?;
    for name in ["停电检修通知.pdf", "来函-20250506.jpg"] {
        std::fs::copy(demo_folder().join("scans/信函").join(name), below.join(name))?;
    }
    std::fs::write(
        folder.join("manifest.csv"),
        "path,customer_code,title,location_code,片区\n\
         sub/停电检修通知.pdf,KH-0004,停电检修通知,K1-02-B-3-04,东\n\
         sub/来函-20250506.jpg,KH-0003,客户来函,K1-01-A-1-02,\n\
         sub/没有.pdf,,,,\n",
    )?;
    std::fs::write(
        below.join("manifest.csv"),
        "path,title,department\n停电检修通知.pdf,,营销部\n来函-20250506.jpg,投诉信,\n",
    )?;
    let (twice, inside) = (format!("{}/sub/..", folder.display()), format!("{}/", below.display()));
    let words = ["ingest", path(&folder)?, &twice, &inside, "--json"];
    let trial = archive.run(&[&words[..], &["--dry-run"]].concat())?.expect(1)?.json()?;
    let report = archive.run(&words)?.expect(1)?.json()?;
    for report in [&trial, &report] {
        ensure!(number(report, "found")? == 2, "a file was counted twice: {report}");
        let asked = item(report, "来函-20250506.jpg")?;
        let got = (text(asked, "outcome"), text(asked, "reason"));
        ensure!(got == ("needs_review", "announced_otherwise"), "{asked}");
        for word in ["nested/manifest.csv:3", "sub/manifest.csv:3", "客户来函", "投诉信"] {
            ensure!(text(asked, "detail").contains(word), "nothing of {word}: {asked}");
        }
        ensure!(list(report, "manifest_problems")?.len() == 1, "{report}");
        ensure!(
            report["missing_from_delivery"] == serde_json::json!(["sub/没有.pdf"]),
            "{report}"
        );
    }
    let filed = item(&report, "停电检修通知.pdf")?;
    ensure!(
        text(filed, "outcome") == "filed" && text(filed, "customer_code") == "KH-0004",
        "{filed}"
    );
    let document = archive.json(&["show", text(filed, "document_id"), "--json"])?;
    let got = ["title", "department", "location_code"].map(|name| text(&document, name));
    ensure!(got == ["停电检修通知", "营销部", "K1-02-B-3-04"], "{document}");
    let batch = batches(&archive)?.remove(0);
    ensure!(batch["announced"] == 3, "what two lists name is one thing: {batch}");
    let kept = archive.ok(&["batches", text(&batch, "id")])?;
    ensure!(
        kept.out.contains("客户来函"),
        "the record does not say it: {}",
        kept.out
    );
    // Said again it is no new question; settled in the lists it is followed.
    let again = archive.run(&words)?.expect(1)?.json()?;
    ensure!(number(&again, "duplicate")? == 2, "{again}");
    Ok(())
}

const FAULTY: &str = "path,customer_code,kind,date,security_level,page_count,location_code\n\
    停电检修通知.pdf,KH-0001,合同x,2024/13/45,绝密,77,\n\
    gone.pdf,KH-0001,,,,,\n\
    停电检修通知.pdf,KH-0002,,,,,\n";

fn problems_are_told_in_a_pipe() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = delivery(&archive, "faulty", &["信函/停电检修通知.pdf"])?;
    std::fs::write(folder.join("manifest.csv"), FAULTY)?;
    let ran = archive.run(&["ingest", path(&folder)?])?.expect(1)?;
    let wanted = [
        "合同x",
        "2024/13/45",
        "绝密",
        "77 pages were declared",
        "announced and not found: gone.pdf",
        "line 4: line 2 gives the same path to another customer (KH-0001, KH-0002)",
        "needs_review (customer_ambiguous)",
    ];
    for word in wanted {
        ensure!(ran.out.contains(word), "nothing of `{word}`:\n{}{}", ran.out, ran.err);
    }
    let batch = batches(&archive)?.remove(0);
    let shown = archive.ok(&["batches", text(&batch, "id")])?;
    for word in wanted.iter().take(6) {
        ensure!(
            shown.out.contains(word),
            "the record says nothing of `{word}`:\n{}",
            shown.out
        );
    }
    let kept = archive.json(&["batches", text(&batch, "id"), "--json"])?;
    ensure!(list(&kept, "manifest_problems")?.len() == 4, "{kept}");
    ensure!(number(&kept, "problems")? == 6, "{kept}");
    Ok(())
}

fn a_trial_writes_nothing() -> Result<()> {
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = delivery(
        &archive,
        "trial",
        &[
            "信函/停电检修通知.pdf",
            "信函/来函-20250506.jpg",
            "信函/来函-20250611.pdf",
        ],
    )?;
    std::fs::write(
        folder.join("manifest.csv"),
        "path,customer_code,location_code\n停电检修通知.pdf,KH-0001,ZZ-99\n来函-20250506.jpg,KH-0002,\n",
    )?;
    let before = files_below(&archive.data());
    let audit = archive.json(&["history", "--json"])?;
    // No engines are wanted: nothing is read.
    let ran = archive
        .run(&["ingest", path(&folder)?, "--dry-run", "--engines", "/nowhere"])?
        .expect(1)?;
    for word in [
        "needs_review (location_unknown): ",
        "location `ZZ-99` is not in the archive",
        "must be read first: ",
        "3 found = 1 filed + 1 in review + 0 duplicate + 0 rejected + 1 that must be read first",
        "nothing was written",
        "1 problems: not everything came as it was announced",
    ] {
        ensure!(ran.out.contains(word), "nothing of `{word}`:\n{}{}", ran.out, ran.err);
    }
    ensure!(batches(&archive)?.is_empty(), "a trial made a batch");
    ensure!(files_below(&archive.data()) == before, "a trial left files");
    ensure!(
        archive.json(&["history", "--json"])? == audit,
        "a trial changed the record"
    );
    Ok(())
}

fn a_watch_tells_what_it_did() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    let folder = archive.beside("arrivals");
    std::fs::create_dir_all(&folder)?;
    let mut watch = archive
        .command(&["ingest", path(&folder)?, "--watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = Lines::of_output(&mut watch)?;
    let mut next = || lines.next()?.context("the watch has ended");
    ensure!(
        next()?.starts_with("watching "),
        "the watch does not say that it has begun"
    );
    copy_folder(&demo_folder().join("scans/补扫"), &folder)?;
    loop {
        let line = next()?;
        if line.contains("1 found = 1 filed") {
            break;
        }
        ensure!(!line.starts_with("watching ended"), "the file was not taken");
    }
    kill_process(Pid::from_child(&watch), Signal::TERM)?;
    ensure!(next()? == "watching ended: 1 files in 1 batches", "the end is not told");
    ensure!(
        ended(&mut watch)?.code() == Some(0),
        "a watch that is stopped between two deliveries ended as it should"
    );
    Ok(())
}
