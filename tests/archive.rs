//! A throw-away archive and the program run on it.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::ThreadId;
use tempfile::TempDir;

use crate::patience::InTime;
use crate::{postgres, skip};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A data folder of its own, and with PostgreSQL a database of its own. Dropping it checks that nothing was left behind.
pub struct TestArchive {
    folder: TempDir,
    database: Option<String>,
    /// The thread of its test.
    of: ThreadId,
}

/// What a run of the program gave back.
#[derive(Debug)]
pub struct Ran {
    pub words: String,
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(words: String, output: Output) -> Self {
        Self {
            words,
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Both streams, for messages that may stand on either.
    pub fn said(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    pub fn expect(self, code: i32) -> Result<Self> {
        ensure!(
            self.code == Some(code),
            "`dossier {}` ended with {:?} instead of {code}\n{}\n{}",
            self.words,
            self.code,
            self.out,
            self.err
        );
        Ok(self)
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.out).with_context(|| {
            format!(
                "`dossier {}` did not print JSON on standard output:\n{}\n{}",
                self.words, self.out, self.err
            )
        })
    }
}

impl TestArchive {
    /// An empty archive.
    pub fn new(database: Database) -> Result<Self> {
        let archive = Self::nothing(database)?;
        archive.ok(&["init"])?;
        Ok(archive)
    }

    /// A place for an archive, where none is yet.
    pub fn nothing(database: Database) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("dossier-test-").tempdir()?;
        let database = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(postgres::new_database()?),
        };
        let of = std::thread::current().id();
        Ok(Self { folder, database, of })
    }

    /// On a database that is there already.
    pub fn on_database(url: String) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("dossier-test-").tempdir()?;
        Ok(Self {
            folder,
            database: Some(url),
            of: std::thread::current().id(),
        })
    }

    /// A copy of a SQLite archive on which nothing is running.
    pub fn copy_of(other: &TestArchive) -> Result<Self> {
        ensure!(
            other.database.is_none(),
            "only the folder of an archive on SQLite holds all of it"
        );
        let copy = Self::nothing(Database::Sqlite)?;
        copy_folder(&other.data(), &copy.data())?;
        Ok(copy)
    }

    /// With the customers and locations of the sample archive.
    pub fn with_tables(database: Database) -> Result<Self> {
        let archive = Self::new(database)?;
        archive.ok(&["customers", "import", path(&demo_folder().join("customers.csv"))?])?;
        archive.ok(&["locations", "import", path(&demo_folder().join("locations.csv"))?])?;
        Ok(archive)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A place for files of the test beside the data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = program();
        command.arg("--data").arg(self.data());
        if let Some(url) = &self.database {
            command.arg("--database").arg(url);
        }
        command.args(words).stdin(Stdio::null());
        command
    }

    pub fn run(&self, words: &[&str]) -> Result<Ran> {
        Ok(Ran::of(
            words.join(" "),
            self.command(words)
                .output_in_time()
                .context("the program could not be started")?,
        ))
    }

    /// Runs and demands exit code 0.
    pub fn ok(&self, words: &[&str]) -> Result<Ran> {
        self.run(words)?.expect(0)
    }

    pub fn json(&self, words: &[&str]) -> Result<Value> {
        self.ok(words)?.json()
    }

    /// Ingests a folder and demands an exit code: 0 all taken, 2 some rejected.
    pub fn ingest(&self, folder: &Path, code: i32) -> Result<Value> {
        engines()?;
        self.run(&["ingest", path(folder)?, "--json"])?.expect(code)?.json()
    }
}

impl Drop for TestArchive {
    fn drop(&mut self) {
        let is_lock = |file: &PathBuf| {
            let name = file.file_name();
            name.is_some_and(|name| name.eq_ignore_ascii_case("lock") || name.eq_ignore_ascii_case(".lock"))
        };
        let mut left = files_below(&self.data().join("staging"));
        left.retain(|file| !is_lock(file));
        if let Some(first) = left.first() {
            let said = format!("{} files were left in staging, such as {}", left.len(), first.display());
            LEFT_BEHIND
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((self.of, said));
        }
    }
}

/// What archives had in staging when they were dropped, by the thread that made them. It is kept and not asserted on the
/// spot: a test that failed says first why, and a program that was put down leaves files there by right.
static LEFT_BEHIND: Mutex<Vec<(ThreadId, String)>> = Mutex::new(Vec::new());

/// Takes what the archives of this thread have left behind.
pub fn left_behind() -> Vec<String> {
    let mut all = LEFT_BEHIND.lock().unwrap_or_else(PoisonError::into_inner);
    let own = std::thread::current().id();
    let mine = all.extract_if(.., |(thread, _)| *thread == own);
    mine.map(|(_, said)| said).collect()
}

/// The program without an archive: settings of whoever runs the tests must not reach it.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
    command.env("LC_ALL", "C.UTF-8");
    for (name, _) in std::env::vars_os() {
        let keep = name == "DOSSIER_ENGINES";
        if name.to_string_lossy().starts_with("DOSSIER_") && !keep {
            command.env_remove(name);
        }
    }
    command
}

/// Sets the engines up once; where that cannot be done (no network, no pip), what needs them is skipped aloud.
pub fn engines() -> Result<()> {
    static READY: OnceLock<Result<(), String>> = OnceLock::new();
    let ready = READY.get_or_init(|| match program().arg("setup").stdin(Stdio::null()).output_in_time() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(Ran::of("setup".into(), output).said()),
        Err(error) => Err(error.to_string()),
    });
    match ready {
        Ok(()) => Ok(()),
        Err(why) => skip(format!(
            "the engines are missing and `dossier setup` could not fetch them: {}",
            why.trim()
        )),
    }
}

/// The folder with the bundled sample archive.
pub fn demo_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")
}

pub fn expected() -> Result<Value> {
    Ok(serde_json::from_str(&std::fs::read_to_string(
        demo_folder().join("expected.json"),
    )?)?)
}

pub fn path(path: &Path) -> Result<&str> {
    path.to_str().context("the paths of tests are UTF-8")
}

/// The path of an item of an ingest report as seen from the folder that was ingested.
pub fn relative(reported: &str, root: &Path) -> String {
    let reported = reported.replace('\\', "/");
    let root = root.to_string_lossy();
    if let Some(rest) = reported.strip_prefix(root.as_ref()) {
        return rest.trim_start_matches('/').to_owned();
    }
    reported
}

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

pub fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value[key]
        .as_array()
        .with_context(|| format!("`{key}` is not a list in {value}"))
}

pub fn number(value: &Value, key: &str) -> Result<i64> {
    value[key]
        .as_i64()
        .with_context(|| format!("`{key}` is not a number in {value}"))
}

/// Runs the independent checker, which is Python's standard library and nothing of ours.
pub fn check(archive: &TestArchive, source: &Path, report: Option<&Path>, more: &[&str]) -> Result<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/check_archive.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(script).arg(archive.data()).arg(source).args(more);
    if let Some(report) = report {
        command.arg("--report").arg(report);
    }
    let output = match command.output_in_time() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return skip("python3 is missing; install it with `apt-get install python3`");
        }
        Err(error) => return Err(error.into()),
    };
    let ran = Ran::of("check_archive.py".into(), output);
    if ran.code != Some(0) {
        bail!("the independent checker found violations:\n{}{}", ran.out, ran.err);
    }
    Ok(ran.out)
}

pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
