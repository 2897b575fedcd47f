//! `kill -9` in the middle of an ingest, again and again, then a run to the end: the archive must be what an
//! uninterrupted run leaves, judged by a checker that shares no code with the program.
//!
//! When to kill is decided by what has happened, not by the clock: the kernel reports every file that leaves the
//! staging folder, and the n-th of them is the signal.

use anyhow::{Context, Result, bail, ensure};
use rustix::fs::inotify;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Sender, channel};

use crate::Test;
use crate::archive::{Database, TestArchive, check, demo_folder, engines, path};
use crate::demo::{compare, demo};
use crate::patience::{RUN_MAX, ended};

pub const TESTS: &[Test] = &[(
    "interrupted::killed_and_resumed_equals_uninterrupted",
    killed_and_resumed_equals_uninterrupted,
)];

/// After how many further files each run is killed. Steps that differ hit different points of the pipeline.
const KILLS: [usize; 7] = [1, 2, 3, 5, 1, 4, 7];

fn killed_and_resumed_equals_uninterrupted() -> Result<()> {
    engines()?;
    let archive = TestArchive::with_tables(Database::Sqlite)?;
    kill_and_resume(&archive)
}

fn kill_and_resume(archive: &TestArchive) -> Result<()> {
    let source = demo_folder().join("scans");
    let mut killed = 0;
    for after in KILLS {
        if ingest_until(archive, &source, after)? {
            killed += 1;
            check(archive, &source, None, &["--unfinished"]).context(format!("after kill number {killed}"))?;
        }
    }
    ensure!(
        killed >= 3,
        "only {killed} of {} runs could be killed before they ended",
        KILLS.len()
    );
    let report = archive.ingest(&source, 2)?;
    compare(&report).context("the report of the resumed run")?;

    let resumed = archive.beside("resumed.json");
    check(
        archive,
        &source,
        Some(&resumed),
        &["--expected", path(&demo_folder().join("expected.json"))?],
    )?;
    let whole = archive.beside("whole.json");
    check(&demo()?.archive, &source, Some(&whole), &[])?;
    let (resumed, whole) = (std::fs::read_to_string(resumed)?, std::fs::read_to_string(whole)?);
    if resumed != whole {
        let line = resumed
            .lines()
            .zip(whole.lines())
            .position(|(a, b)| a != b)
            .unwrap_or(0);
        let around = |text: &str| {
            text.lines()
                .skip(line.saturating_sub(12))
                .take(16)
                .collect::<Vec<_>>()
                .join("\n")
        };
        anyhow::bail!(
            "killed {killed} times and resumed, the archive differs from an uninterrupted run at line {line} of the report:\n--- resumed\n{}\n--- uninterrupted\n{}",
            around(&resumed),
            around(&whole)
        );
    }
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "verify after kills: {verified}");
    println!("killed {killed} times: 0 lost, 0 doubled, 0 half-filed");
    Ok(())
}

enum Happened {
    Left,
    Ended(bool),
}

/// Starts an ingest and kills it when `after` files have left staging. False when it came to its end before that.
fn ingest_until(archive: &TestArchive, source: &Path, after: usize) -> Result<bool> {
    let staging = archive.data().join("staging");
    std::fs::create_dir_all(&staging)?;
    let watch = inotify::init(inotify::CreateFlags::CLOEXEC)?;
    inotify::add_watch(&watch, &staging, inotify::WatchFlags::CREATE)?;
    for entry in std::fs::read_dir(&staging)?.flatten().filter(|e| e.path().is_dir()) {
        inotify::add_watch(&watch, entry.path(), LEAVING)?;
    }
    let mut command = archive.command(&["ingest", path(source)?, "--json"]);
    let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let pid = rustix::process::Pid::from_child(&process);
    let (sender, happened) = channel();
    report_end(process, sender.clone());
    report_leaving(watch, staging, sender);
    let mut left = 0;
    let mut killed = false;
    while let Ok(event) = happened.recv_timeout(RUN_MAX) {
        match event {
            Happened::Left => left += 1,
            Happened::Ended(by_signal) => return Ok(by_signal),
        }
        if left == after && !killed {
            rustix::process::kill_process(pid, rustix::process::Signal::KILL)?;
            killed = true;
        }
    }
    // Neither a file nor the end of the run came.
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
    bail!("the run did not end within {} s", RUN_MAX.as_secs())
}

const LEAVING: inotify::WatchFlags = inotify::WatchFlags::MOVED_FROM.union(inotify::WatchFlags::DELETE);

fn report_end(mut process: Child, sender: Sender<Happened>) {
    use std::os::unix::process::ExitStatusExt;
    std::thread::spawn(move || {
        let by_signal = ended(&mut process).is_ok_and(|status| status.signal().is_some());
        let _ = sender.send(Happened::Ended(by_signal));
    });
}

/// Each process stages in a folder of its own below `staging`, which is watched as soon as it appears. Removing the
/// test's folder ends the thread: the watches go, and with them the reads.
fn report_leaving(watch: OwnedFd, staging: std::path::PathBuf, sender: Sender<Happened>) {
    std::thread::spawn(move || {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = inotify::Reader::new(&watch, &mut buffer);
        while let Ok(event) = reader.next() {
            let flags = event.events();
            if flags.contains(inotify::ReadFlags::CREATE) {
                if let Some(name) = event.file_name().and_then(|n| n.to_str().ok()) {
                    // A folder that has gone again is no matter.
                    let _ = inotify::add_watch(&watch, staging.join(name), LEAVING);
                }
            } else if flags.intersects(inotify::ReadFlags::MOVED_FROM | inotify::ReadFlags::DELETE)
                && sender.send(Happened::Left).is_err()
            {
                return;
            }
            if flags.contains(inotify::ReadFlags::IGNORED) && !staging.exists() {
                return;
            }
        }
    });
}
