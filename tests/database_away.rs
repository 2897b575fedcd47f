//! A database that goes away while scans are taken in: the run says so, waits, loses nothing, and goes on when it is back.

use anyhow::{Result, bail, ensure};
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use testing::Cluster;

use crate::archive::{TestArchive, engines, list, number, path};
use crate::disk_full::{Arrivals, Ended, interrupt, letters};
use crate::patience::{Lines, ended, until};
use crate::{Test, skip};

pub const TESTS: &[Test] = &[
    (
        "database_away::an_import_goes_on_when_it_is_back",
        an_import_goes_on_when_it_is_back,
    ),
    (
        "database_away::watching_goes_on_when_it_is_back",
        watching_goes_on_when_it_is_back,
    ),
    ("database_away::waiting_can_be_stopped", waiting_can_be_stopped),
];

const FILES: usize = 90;

/// A cluster of this test's own, which may crash, and an archive on it.
fn own() -> Result<(Cluster, TestArchive)> {
    engines()?;
    let cluster = match Cluster::start(None) {
        Ok(cluster) => cluster,
        Err(why) => return skip(why),
    };
    let url = said(cluster.new_database())?;
    let archive = TestArchive::on_database(url)?;
    archive.ok(&["init"])?;
    Ok((cluster, archive))
}

fn said<T>(result: Result<T, String>) -> Result<T> {
    match result {
        Ok(value) => Ok(value),
        Err(why) => bail!("the cluster of this test: {why}"),
    }
}

fn an_import_goes_on_when_it_is_back() -> Result<()> {
    let (mut cluster, archive) = own()?;
    let source = archive.beside("source");
    fs::create_dir(&source)?;
    for n in 0..FILES {
        fs::write(
            source.join(format!("{}.pdf", letters(n))),
            crate::names::page_of_text(n),
        )?;
    }
    let mut ingest = archive
        .command(&["ingest", path(&source)?, "--json"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = Lines::of(&mut ingest)?;
    let mut ingest = Ended(ingest);
    until("some of the files are filed", || {
        let found = archive.json(&["search", &crate::names::word(0), "--json"])?;
        Ok((!list(&found, "hits")?.is_empty()).then_some(()))
    })?;
    said(cluster.crash())?;
    let line = lines.up_to("waiting:")?;
    ensure!(line.contains("the database does not answer"), "{line}");
    said(cluster.again())?;
    let status = ended(&mut ingest.0)?;
    ensure!(status.success(), "the import did not go on: {status}");
    let report = archive.ingest(&source, 0)?;
    ensure!(
        number(&report, "duplicate")? == i64::try_from(FILES)?,
        "not everything was filed, or something twice: {report}"
    );
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(verified["ok"] == true, "{verified}");
    Ok(())
}

/// A folder that is watched, with its first file in it.
struct Watch {
    source: PathBuf,
    arrivals: Arrivals,
    lines: Lines,
    program: Ended,
}

impl Watch {
    fn begin(archive: &TestArchive) -> Result<Watch> {
        let (source, done) = (archive.beside("inbox"), archive.beside("done"));
        fs::create_dir(&source)?;
        fs::create_dir(&done)?;
        let arrivals = Arrivals::watch(&done)?;
        let mut program = archive
            .command(&["ingest", path(&source)?, "--watch", "--done", path(&done)?])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let lines = Lines::of(&mut program)?;
        fs::write(source.join("first.pdf"), crate::names::page_of_text(1))?;
        Ok(Watch {
            source,
            arrivals,
            lines,
            program: Ended(program),
        })
    }
}

fn watching_goes_on_when_it_is_back() -> Result<()> {
    let (mut cluster, archive) = own()?;
    let mut watch = Watch::begin(&archive)?;
    ensure!(watch.arrivals.next()? == "first.pdf", "another file was put away first");
    said(cluster.crash())?;
    let line = watch.lines.up_to("waiting:")?;
    ensure!(line.contains("the database does not answer"), "{line}");
    fs::write(watch.source.join("second.pdf"), crate::names::page_of_text(2))?;
    said(cluster.again())?;
    ensure!(watch.arrivals.next()? == "second.pdf", "another file was put away");
    interrupt(&watch.program.0)?;
    let status = ended(&mut watch.program.0)?;
    ensure!(status.success(), "watching did not end well: {status}");
    for n in [1, 2] {
        let found = archive.json(&["search", &crate::names::word(n), "--json"])?;
        ensure!(list(&found, "hits")?.len() == 1, "{found}");
    }
    Ok(())
}

fn waiting_can_be_stopped() -> Result<()> {
    let (mut cluster, archive) = own()?;
    let mut watch = Watch::begin(&archive)?;
    watch.arrivals.next()?;
    said(cluster.crash())?;
    watch.lines.up_to("waiting:")?;
    interrupt(&watch.program.0)?;
    let status = ended(&mut watch.program.0)?;
    ensure!(
        status.success(),
        "a watch that was stopped between two deliveries: {status}"
    );
    said(cluster.again())?;
    let found = archive.json(&["search", &crate::names::word(1), "--json"])?;
    ensure!(list(&found, "hits")?.len() == 1, "{found}");
    Ok(())
}
