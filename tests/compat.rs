//! Archives that former versions of the program wrote are opened, migrated and compared with what those versions
//! answered. `tests/compat/write_archive.py` says how each was written.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Test;
use crate::archive::{Database, TestArchive, list, text};
use crate::patience::{InTime, ended_within, put_down};
use crate::postgres;

pub const TESTS: &[Test] = &[
    ("compat::schema_3_on_sqlite", schema_3_on_sqlite),
    ("compat::schema_3_on_postgres", schema_3_on_postgres),
    (
        "compat::a_killed_migration_leaves_the_old_archive",
        a_killed_migration_leaves_the_old_archive,
    ),
];

/// Moments after the start at which a migration is killed, in milliseconds: before, while and after it runs.
const KILLED_AFTER_MS: [u64; 8] = [2, 5, 8, 12, 17, 25, 40, 80];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat")
}

fn schema_3_on_sqlite() -> Result<()> {
    let archive = TestArchive::nothing(Database::Sqlite)?;
    unpack(&archive, "schema-3-sqlite")?;
    compare(&archive, "schema-3-sqlite")?;
    let copy = archive.data().join("records.sqlite.schema-3");
    ensure!(
        copy.exists(),
        "no copy of the older database was kept at {}",
        copy.display()
    );
    Ok(())
}

fn schema_3_on_postgres() -> Result<()> {
    let unpacked = TestArchive::nothing(Database::Sqlite)?;
    unpack(&unpacked, "schema-3-postgres")?;
    let dump = unpacked.data().join("dump.sql");
    let archive = TestArchive::on_database(postgres::database_of(&dump)?)?;
    unpack(&archive, "schema-3-postgres")?;
    compare(&archive, "schema-3-postgres")
}

fn a_killed_migration_leaves_the_old_archive() -> Result<()> {
    let mut killed = 0;
    for after_ms in KILLED_AFTER_MS {
        let archive = TestArchive::nothing(Database::Sqlite)?;
        unpack(&archive, "schema-3-sqlite")?;
        let mut process = archive
            .command(&["verify", "--json"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        killed += usize::from(!ends_within(&mut process, Duration::from_millis(after_ms))?);
        let verified = archive.json(&["verify", "--full", "--json"])?;
        ensure!(verified["ok"] == true, "killed after {after_ms} ms: {verified}");
        archive.ok(&["audit", "verify"])?;
    }
    ensure!(killed > 0, "every migration had ended before it was to be killed");
    Ok(())
}

/// Waits for a process at most this long and kills it then; whether it had ended by itself.
fn ends_within(process: &mut std::process::Child, most: Duration) -> Result<bool> {
    let in_time = ended_within(process, most)?.is_some();
    if !in_time {
        put_down(process);
    }
    Ok(in_time)
}

fn unpack(archive: &TestArchive, name: &str) -> Result<()> {
    let packed = folder().join(format!("{name}.tar.gz"));
    let into = archive.data();
    std::fs::create_dir_all(&into)?;
    let unpacked = Command::new("tar")
        .arg("-xzf")
        .arg(&packed)
        .arg("-C")
        .arg(&into)
        .args(["--strip-components=1", "--no-same-owner"])
        .output_in_time()
        .context("tar")?;
    ensure!(
        unpacked.status.success(),
        "{}: {}",
        packed.display(),
        String::from_utf8_lossy(&unpacked.stderr)
    );
    Ok(())
}

/// Everything that the former version answered is answered now; fields may have been added.
fn compare(archive: &TestArchive, name: &str) -> Result<()> {
    let former: Value = serde_json::from_slice(&std::fs::read(folder().join(format!("{name}.json")))?)?;
    let of = |part: &str| -> Result<Vec<(String, Value)>> {
        let part = former[part]
            .as_object()
            .with_context(|| format!("{name} has no {part}"))?;
        Ok(part.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
    };
    for (code, was) in of("customers")? {
        let now = archive.json(&["customers", "show", &code, "--json"])?;
        contains(&now, &was).with_context(|| format!("customer {code}"))?;
    }
    for (code, was) in of("places")? {
        let now = archive.json(&["locate", &code, "--json"])?;
        contains(&now, &was).with_context(|| format!("place {code}"))?;
    }
    for (id, was) in of("documents")? {
        let now = archive.json(&["show", &id, "--json"])?;
        contains(&now, &was).with_context(|| format!("document {id}"))?;
    }
    for (query, was) in of("searches")? {
        let now = archive.json(&["search", &query, "--limit", "100", "--json"])?;
        ensure!(
            now["total"] == was["total"],
            "{query}: {} hits, {} before",
            now["total"],
            was["total"]
        );
        ensure!(
            ids(&now)? == ids(&was)?,
            "{query}: other documents are found than before"
        );
    }
    for (batch, was) in of("batches")? {
        let now = archive.json(&["batches", &batch, "--json"])?;
        ensure!(lines(&now)? == lines(&was)?, "batch {batch}: other lines than before");
    }
    let verified = archive.json(&["verify", "--full", "--json"])?;
    ensure!(
        verified["ok"] == true && verified["documents"] == former["verify"]["documents"],
        "verify: {verified}"
    );
    archive.ok(&["audit", "verify"])?;
    Ok(())
}

fn ids(found: &Value) -> Result<Vec<&str>> {
    Ok(list(found, "hits")?
        .iter()
        .map(|hit| text(hit, "document_id"))
        .collect())
}

/// Path, outcome and reason of each file of a batch; what is ignored has a list of its own since schema 4.
fn lines(batch: &Value) -> Result<Vec<[&str; 3]>> {
    let items = batch["items"]
        .as_array()
        .or_else(|| batch["report"]["items"].as_array());
    let items = items.with_context(|| format!("a batch without items: {batch}"))?;
    let mut lines: Vec<_> = items
        .iter()
        .filter(|item| text(item, "outcome") != "ignored")
        .map(|item| [text(item, "path"), text(item, "outcome"), text(item, "reason")])
        .collect();
    lines.sort_unstable();
    Ok(lines)
}

/// Words of a former version that this one says in another way, by the name of their field.
const SAID_ANOTHER_WAY: [&str; 3] = ["detail", "link_detail", "took_ms"];

fn contains(now: &Value, was: &Value) -> Result<()> {
    match (now, was) {
        (Value::Object(now), Value::Object(was)) => {
            for (key, was) in was.iter().filter(|(key, _)| !SAID_ANOTHER_WAY.contains(&key.as_str())) {
                let now = now.get(key).with_context(|| format!("`{key}` is gone"))?;
                contains(now, was).with_context(|| key.clone())?;
            }
        }
        (Value::Array(now), Value::Array(was)) => {
            ensure!(now.len() == was.len(), "{} entries, {} before", now.len(), was.len());
            for (at, (now, was)) in now.iter().zip(was).enumerate() {
                contains(now, was).with_context(|| format!("entry {at}"))?;
            }
        }
        _ => ensure!(now == was, "{now} now, {was} before"),
    }
    Ok(())
}
