//! A disk without room: the ingest says so, waits, files nothing by halves, and goes on when there is room again.
//! Beside it what else happens in a watched folder: sources are put away once they are in the record.

use anyhow::{Context, Result, ensure};
use rustix::fs::inotify;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::Write;
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use crate::archive::{Database, Ran, TestArchive, check, engines, files_below, list, number, path, text};
use crate::enclosed::{Held, holding};
use crate::patience::{self, InTime, Lines, PATIENCE, ended, put_down};
use crate::serving::{Api, Serving};
use crate::{Test, skip};

pub const TESTS: &[Test] = &[
    ("disk_full::a_full_disk_is_waited_out", a_full_disk_is_waited_out),
    (
        "disk_full::waiting_for_room_can_be_stopped",
        waiting_for_room_can_be_stopped,
    ),
    (
        "disk_full::a_write_without_room_loses_nothing",
        a_write_without_room_loses_nothing,
    ),
    ("disk_full::watched_sources_are_put_away", watched_sources_are_put_away),
    ("disk_full::an_upload_waits_for_room", an_upload_waits_for_room),
    ("disk_full::a_read_only_folder_is_said", a_read_only_folder_is_said),
];

/// Small enough to be filled at once, large enough for an empty archive.
const DISK_BYTES: u64 = 160 << 20;
const FILES: usize = 24;
const FILE_BYTES: usize = 1 << 20;

fn a_full_disk_is_waited_out() -> Result<()> {
    engines()?;
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let disk = Disk::mount(&archive)?;
    let source = sources(&archive)?;
    archive.ok(&["init"])?;
    archive.ok(&["search", "nothing"])?;
    let ballast = disk.fill(12 << 20)?;
    let (mut ingest, mut said) = start(&archive, &source)?;
    is_waiting(&mut said)?;
    // Now somebody takes the rest as well.
    let hog = disk.fill(0)?;
    fs::remove_file(hog)?;
    let found = archive.ok(&["search", "WORD0001", "--json"])?;
    ensure!(found.json()?["hits"].is_array(), "no answer while the disk is full");
    fs::remove_file(ballast)?;
    let status = ended(&mut ingest)?;
    ensure!(status.success(), "the ingest did not go on: {status}");
    let report = archive.ingest(&source, 0)?;
    ensure!(
        number(&report, "duplicate")? == i64::try_from(FILES)?,
        "not everything was filed when there was room: {report}"
    );
    check(&archive, &source, None, &[])?;
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify after a full disk: {verified}");
    Ok(())
}

fn waiting_for_room_can_be_stopped() -> Result<()> {
    engines()?;
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let disk = Disk::mount(&archive)?;
    let source = sources(&archive)?;
    archive.ok(&["init"])?;
    archive.ok(&["search", "nothing"])?;
    let ballast = disk.fill(12 << 20)?;
    let (mut ingest, mut said) = start(&archive, &source)?;
    is_waiting(&mut said)?;
    interrupt(&ingest)?;
    ended(&mut ingest)?;
    check(&archive, &source, None, &["--unfinished"])?;
    fs::remove_file(ballast)?;
    let report = archive.ingest(&source, 0)?;
    ensure!(
        number(&report, "found")? == i64::try_from(FILES)? && number(&report, "rejected")? == 0,
        "the batch did not go on: {report}"
    );
    check(&archive, &source, None, &[]).map(drop)
}

/// A disk that fills while files go up: the piece is refused by name, what came stays, and it goes on when there is room.
fn an_upload_waits_for_room() -> Result<()> {
    engines()?;
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let disk = Disk::mount(&archive)?;
    let source = sources(&archive)?;
    archive.ok(&["init"])?;
    let serving = Serving::start(&archive, false)?;
    let api = Api::open(&archive, &serving)?;
    let files: Vec<Vec<u8>> = files_below(&source)
        .iter()
        .take(4)
        .map(fs::read)
        .collect::<std::io::Result<_>>()?;
    let named = |(number, bytes): (usize, &Vec<u8>)| json!({ "name": format!("{}.pdf", letters(number)), "bytes": bytes.len() });
    let announced = json!({ "files": files.iter().enumerate().map(named).collect::<Vec<_>>() });
    let upload: Value = serde_json::from_str(&api.post("/uploads", &announced, 200)?)?;
    let own = format!("/uploads/{}", text(&upload, "id"));
    let address = |number: usize| format!("{own}/files/{}", upload["files"][number]["number"]);
    let send =
        |number: usize, from: usize| api.piece(&address(number), from, &files[number][from..], files[number].len());
    ensure!(send(0, 0)?.0 == 200, "the first file goes up");
    let ballast = disk.fill(0)?;
    let (status, said) = send(1, 0)?;
    ensure!(
        status == 507 && said["detail"].is_string(),
        "a full disk was answered with {status} {said}"
    );
    let (status, said) = api.piece(&address(2), 0, &files[2], files[2].len())?;
    ensure!(status == 507, "a full disk was answered with {status} {said}");
    api.post("/uploads", &announced, 507)?;
    fs::remove_file(ballast)?;
    let now = api.get(&own, &[])?;
    let received = |number: usize| usize::try_from(now["files"][number]["received"].as_u64().unwrap_or_default());
    ensure!(received(0)? == files[0].len(), "what came is gone: {now}");
    for number in 1..files.len() {
        let (status, said) = send(number, received(number)?)?;
        ensure!(
            status == 200,
            "with room again, file {number} was answered with {status} {said}"
        );
    }
    api.post(&format!("{own}/finish"), &json!({}), 200)?;
    let batch = patience::until("the upload is a batch", || {
        let now = api.get(&own, &[])?;
        Ok(now["batch"].as_str().map(ToOwned::to_owned))
    })?;
    let report = patience::until("the batch ends", || {
        let report = api.get(&format!("/batches/{batch}"), &[])?;
        Ok((report["state"] == "finished").then_some(report))
    })?;
    ensure!(
        number(&report, "found")? == i64::try_from(files.len())? && number(&report, "rejected")? == 0,
        "not everything was taken in: {report}"
    );
    serving.stop()?;
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify after a full disk: {verified}");
    Ok(())
}

/// A snapshot or a mounted backup: what is wrong is said by name, with what to do, and nothing is begun.
fn a_read_only_folder_is_said() -> Result<()> {
    let archive = TestArchive::nothing(Database::Sqlite)?;
    let _disk = Disk::mount(&archive)?;
    archive.ok(&["init"])?;
    let data = archive.data();
    let folder = path(&data)?;
    run("mount", &["-o", "remount,ro", folder])?;
    for words in [["search", "nothing"], ["show", "HT-1"], ["ingest", folder]] {
        let ran = archive.run(&words)?.expect(1)?;
        ensure!(
            ran.err.contains(&format!("the data folder {folder} is read-only")) && ran.err.contains("take a copy"),
            "{}",
            ran.err
        );
    }
    Ok(())
}

/// The n-th call of each thread says that there is no room, as a full disk does, until the run says that it waits. Then
/// there is room again, and it must go on by itself.
fn a_write_without_room_loses_nothing() -> Result<()> {
    engines()?;
    match Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "true"])
        .output_in_time()
    {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            return skip(format!(
                "strace may not trace here: {}",
                Ran::of(String::new(), output).said()
            ));
        }
        Err(_) => return skip("strace is missing; install it with `apt-get install strace`"),
    }
    let mut waited = 0;
    for (call, at) in [
        ("pwrite64", 12),
        ("pwrite64", 40),
        ("renameat2", 3),
        ("mkdir", 5),
        ("fsync", 7),
    ] {
        let archive = TestArchive::new(Database::Sqlite)?;
        let source = archive.beside("source");
        fs::create_dir(&source)?;
        for n in 0..12 {
            // Some hold another, which is copied into staging as well.
            let page = match n % 3 {
                0 => holding(
                    &crate::names::word(n),
                    Held::Attached,
                    &[("annex.pdf", crate::names::page_of_text(n + 12))],
                ),
                _ => crate::names::page_of_text(n),
            };
            fs::write(source.join(format!("{}.pdf", letters(n))), page)?;
        }
        archive.ok(&["search", "nothing"])?;
        let plain = archive.command(&["ingest", path(&source)?, "--json"]);
        // The tracer stands beside the program (-D), so that it can be taken away when it has done its harm.
        let mut ingest = Command::new("strace")
            .args([
                "-D",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &format!("trace={call}"),
                "-e",
            ])
            .arg(format!("inject={call}:error=ENOSPC:when={at}"))
            .arg(plain.get_program())
            .args(plain.get_args())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = Lines::of(&mut ingest)?;
        let mut said = String::new();
        while let Some(line) = lines.next()? {
            if line.contains("waiting:") {
                waited += 1;
                untrace(&ingest)?;
            }
            said.push_str(&line);
        }
        let words = format!("ingest with {call} {at} failing");
        let code = ended(&mut ingest)?.code();
        ensure!(!said.contains("panicked"), "{words}: {said}");
        // After a sync that failed nothing is known, so the database ends the run.
        ensure!(
            code == Some(0) || call == "fsync",
            "{words} ended with {code:?}: {said}"
        );
        let report = archive.ingest(&source, 0).context(words.clone())?;
        ensure!(
            [12, 16].contains(&number(&report, "found")?) && number(&report, "rejected")? == 0,
            "{words}: {report}"
        );
        for inside in [12, 15, 18, 21] {
            let found = archive.json(&["search", &crate::names::word(inside), "--json"])?;
            ensure!(
                list(&found, "hits")?.len() == 1,
                "{words}: what was inside is not there once: {found}"
            );
        }
        check(&archive, &source, None, &[]).context(words)?;
    }
    ensure!(waited > 0, "no call that failed made the ingest wait");
    println!("calls that failed made the ingest wait {waited} times");
    Ok(())
}

fn watched_sources_are_put_away() -> Result<()> {
    engines()?;
    let archive = TestArchive::new(Database::Sqlite)?;
    let (source, done) = (archive.beside("inbox"), archive.beside("done"));
    fs::create_dir(&source)?;
    fs::create_dir(&done)?;
    let put = |name: &str, n: usize| fs::write(source.join(name), crate::names::page_of_text(n));
    put("first.pdf", 1)?;
    put("broken.pdf", 2)?;
    fs::write(source.join("broken.pdf"), "not a scan")?;
    let arrivals = Arrivals::watch(&done)?;
    let words = ["ingest", path(&source)?, "--watch", "--done", path(&done)?];
    let watching = archive
        .command(&words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut watching = Ended(watching);
    ensure!(arrivals.next()? == "first.pdf", "another file was put away first");
    // The scanner begins anew with the same name, and somebody copies what is filed already.
    put("first.pdf", 3)?;
    put("copy.pdf", 1)?;
    let mut second = [arrivals.next()?, arrivals.next()?];
    second.sort_unstable();
    ensure!(second == ["copy.pdf", "first (2).pdf"], "put away as {second:?}");
    interrupt(&watching.0)?;
    let status = ended(&mut watching.0)?;
    ensure!(status.success(), "watching did not end well: {status}");
    let left: Vec<PathBuf> = files_below(&source);
    ensure!(
        left == [source.join("broken.pdf")],
        "what lies in the folder afterwards: {left:?}"
    );
    for n in [1, 3] {
        let found = archive.json(&["search", &crate::names::word(n), "--json"])?;
        ensure!(list(&found, "hits")?.len() == 1, "{found}");
    }
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify after watching: {verified}");
    Ok(())
}

/// Files whose bytes do not shrink, each with a page of text.
fn sources(archive: &TestArchive) -> Result<PathBuf> {
    let source = archive.beside("source");
    fs::create_dir(&source)?;
    let mut noise = 88_172_645_463_325_252_u64;
    for n in 0..FILES {
        let mut bytes = crate::names::page_of_text(n);
        // Marsaglia's xorshift.
        bytes.extend((0..FILE_BYTES / 8).flat_map(|_| {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            noise.to_le_bytes()
        }));
        bytes.extend(b"\n%%EOF\n");
        fs::write(source.join(format!("{}.pdf", letters(n))), bytes)?;
    }
    Ok(source)
}

/// Names without a number, because files whose names differ in one may be pages of the same document.
pub fn letters(n: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap_or(0));
    [letter(n / 26), letter(n)].into_iter().collect()
}

fn start(archive: &TestArchive, source: &Path) -> Result<(Child, Lines)> {
    let mut ingest = archive
        .command(&["ingest", path(source)?, "--json"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let said = Lines::of(&mut ingest)?;
    Ok((ingest, said))
}

fn is_waiting(said: &mut Lines) -> Result<()> {
    let line = said.up_to("waiting:")?;
    ensure!(line.contains("free some space"), "it does not say what to do: {line}");
    Ok(())
}

pub fn interrupt(process: &Child) -> Result<()> {
    let pid = rustix::process::Pid::from_child(process);
    Ok(rustix::process::kill_process(pid, rustix::process::Signal::INT)?)
}

/// Takes the tracer away from a program, if it still has one.
fn untrace(process: &Child) -> Result<()> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id()))?;
    let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:"));
    let tracer = tracer.and_then(|pid| pid.trim().parse().ok()).unwrap_or(0);
    match rustix::process::Pid::from_raw(tracer) {
        Some(tracer) => Ok(rustix::process::kill_process(tracer, rustix::process::Signal::KILL)?),
        None => Ok(()),
    }
}

/// A process that ends with the test.
pub struct Ended(pub Child);

impl Drop for Ended {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            put_down(&mut self.0);
        }
    }
}

/// Files that are moved into a folder.
pub struct Arrivals(Receiver<String>);

impl Arrivals {
    pub fn watch(folder: &Path) -> Result<Arrivals> {
        let watch = inotify::init(inotify::CreateFlags::CLOEXEC)?;
        inotify::add_watch(&watch, folder, inotify::WatchFlags::MOVED_TO)?;
        let (sender, arrivals) = channel();
        std::thread::spawn(move || {
            let mut buffer = [MaybeUninit::uninit(); 4096];
            let mut reader = inotify::Reader::new(&watch, &mut buffer);
            while let Ok(event) = reader.next() {
                let name = event.file_name().map(|name| name.to_string_lossy().into_owned());
                // The folder goes with the test, and nobody waits any more.
                if event.events().contains(inotify::ReadFlags::IGNORED)
                    || sender.send(name.unwrap_or_default()).is_err()
                {
                    return;
                }
            }
        });
        Ok(Arrivals(arrivals))
    }

    pub fn next(&self) -> Result<String> {
        self.0.recv_timeout(PATIENCE).context("nothing was put away")
    }
}

/// A file system of its own for the data folder.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Needs root and a loop device; where they are missing the test is skipped aloud.
    fn mount(archive: &TestArchive) -> Result<Disk> {
        let (image, folder) = (archive.beside("disk.img"), archive.data());
        File::create(&image)?.set_len(DISK_BYTES)?;
        fs::create_dir_all(&folder)?;
        run("mkfs.ext4", &["-q", "-F", "-m", "0", path(&image)?])?;
        run("mount", &["-o", "loop", path(&image)?, path(&folder)?])?;
        Ok(Disk { folder })
    }

    /// Takes all room but so many bytes.
    fn fill(&self, leave: u64) -> Result<PathBuf> {
        let space = rustix::fs::statvfs(&self.folder)?;
        let take = (space.f_bavail * space.f_frsize).saturating_sub(leave);
        let file = self.folder.join(format!("ballast-{leave}"));
        let mut ballast = File::create(&file)?;
        let block = vec![0xa5; 1 << 20];
        for _ in 0..take >> 20 {
            if let Err(error) = ballast.write_all(&block) {
                ensure!(error.kind() == std::io::ErrorKind::StorageFull, "{error}");
                break;
            }
        }
        ballast.sync_all()?;
        Ok(file)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, in case a process that is just ending still has a file open.
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}

fn run(program: &str, words: &[&str]) -> Result<()> {
    match Command::new(program).args(words).output_in_time() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => skip(format!(
            "{program} does not work here (root and loop devices are needed): {}",
            Ran::of(String::new(), output).said().trim()
        )),
        Err(_) => skip(format!("{program} is missing")),
    }
}
