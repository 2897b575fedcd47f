//! The vault on a local disk, and the order of writing that survives kill -9 and a power cut: copy into staging while
//! hashing, fsync, rename to `ab/cd/<sha256>` without replacing, sync the folder. Only then may the database refer to
//! the scan.
//!
//! Each process stages in a folder of its own, which it holds locked. Folders whose lock is free are left-overs of
//! processes that died, and are emptied by the next process.

use crate::{Environment, Error, RefusedBecause, Result, ids::Fingerprint};
use rustix::fs::{FlockOperation, RenameFlags};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Space reserved for the database and the full text: nothing is staged below this, or below one part in
/// `FREE_SHARE_MIN` of a small file system.
const FREE_BYTES_MIN: u64 = 2 << 30;
const FREE_SHARE_MIN: u64 = 20;

/// The folder in staging that all processes share.
const UPLOADS: &str = "uploads";

/// The file of a vault that says of which archive it is.
const MARK: &str = "ARCHIVE";

/// The store of scan files.
#[derive(Clone)]
pub struct Vault(Arc<VaultState>);

struct VaultState {
    root: PathBuf,
    staging: PathBuf,
    /// Held for as long as this process may have files in its staging folder.
    _lock: File,
    next: AtomicU64,
}

/// A staged scan: hashed and synced, not yet in the vault. Dropping it removes it.
pub struct StagedScan {
    vault: Arc<VaultState>,
    path: PathBuf,
    kept: bool,
    pub fingerprint: Fingerprint,
    pub bytes: u64,
}

impl Vault {
    /// The archive to which the scans in a folder belong; none where nothing was ever kept there.
    pub(crate) fn mark(root: &Path) -> Result<Option<String>> {
        let mark = root.join(MARK);
        match fs::read_to_string(&mark) {
            Ok(found) => Ok(Some(found.trim().to_owned())),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::io(mark)(cause)),
        }
    }

    /// Opens or creates the vault and takes a staging folder.
    ///
    /// # Errors
    /// [`Error::Refused`] when the vault belongs to another archive than the database; [`Error::Io`] otherwise.
    pub fn open(root: &Path, staging: &Path, archive_id: &str, environment: &Environment) -> Result<Self> {
        make_folder(root)?;
        make_folder(staging)?;
        match Self::mark(root)? {
            Some(found) if found == archive_id => {}
            Some(found) => {
                return Err(RefusedBecause::OtherArchive {
                    vault: root.display().to_string(),
                    found,
                    archive: archive_id.to_owned(),
                }
                .into());
            }
            None => {
                let mark = root.join(MARK);
                write_synced(&mark, archive_id.as_bytes()).map_err(Error::io(&mark))?;
                sync_folder(root)?;
            }
        }
        sweep(staging)?;
        let own = staging.join(environment.uuid_v7());
        make_folder(&own)?;
        let lock_path = own.join("LOCK");
        let lock = File::create(&lock_path).map_err(Error::io(&lock_path))?;
        rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive)
            .map_err(|cause| Error::io(&lock_path)(cause.into()))?;
        Ok(Self(Arc::new(VaultState {
            root: root.to_owned(),
            staging: own,
            _lock: lock,
            next: AtomicU64::new(0),
        })))
    }

    /// Copies a scan into staging while hashing it, and syncs the copy.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::is_full`] tells a full disk, after which the copy is already removed.
    pub fn stage(&self, mut scan: impl Read) -> Result<StagedScan> {
        self.room()?;
        let path = self
            .0
            .staging
            .join(self.0.next.fetch_add(1, Ordering::Relaxed).to_string());
        let mut staged = StagedScan {
            vault: self.0.clone(),
            path,
            kept: false,
            fingerprint: Fingerprint([0; 32]),
            bytes: 0,
        };
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o440)
            .open(&staged.path)
            .map_err(Error::io(&staged.path))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 256 << 10];
        loop {
            let count = match scan.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(cause) => return Err(Error::io("(scan)")(cause)),
            };
            hash.update(&buffer[..count]);
            file.write_all(&buffer[..count]).map_err(Error::io(&staged.path))?;
            staged.bytes += count as u64;
        }
        file.sync_all().map_err(Error::io(&staged.path))?;
        staged.fingerprint = Fingerprint(hash.finalize().into());
        Ok(staged)
    }

    /// Where files wait that come over the network; [`sweep`] passes it over, since it belongs to no process.
    pub(crate) fn uploads(&self) -> PathBuf {
        self.0.staging.with_file_name(UPLOADS)
    }

    /// Refuses while the file system has less room than the database and the full text need to go on.
    fn room(&self) -> Result<()> {
        self.room_for(0)
    }

    /// Bytes that are free on the disk of the vault, and those that it has.
    pub(crate) fn disk(&self) -> Result<(u64, u64)> {
        let failed = |cause: rustix::io::Errno| Error::io(&self.0.root)(cause.into());
        let disk = rustix::fs::statvfs(&self.0.root).map_err(failed)?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        Ok((bytes(disk.f_bavail), bytes(disk.f_blocks)))
    }

    /// Whether so many bytes leave the space that database and full text need.
    pub(crate) fn room_for(&self, wanted: u64) -> Result<()> {
        let (free, total) = self.disk()?;
        let floor = FREE_BYTES_MIN.min(total / FREE_SHARE_MIN);
        if free >= floor.saturating_add(wanted) {
            return Ok(());
        }
        let what = format!("less than {} MiB are free", floor >> 20);
        let full = std::io::Error::new(std::io::ErrorKind::StorageFull, what);
        Err(Error::io(&self.0.root)(full))
    }

    /// The path of a scan, whether or not it exists; [`Vault::open_scan`] says which.
    pub fn path_of(&self, fingerprint: Fingerprint) -> PathBuf {
        self.0.path_of(fingerprint)
    }

    pub fn open_scan(&self, fingerprint: Fingerprint) -> Result<File> {
        let path = self.path_of(fingerprint);
        File::open(&path).map_err(Error::io(path))
    }

    pub fn root(&self) -> &Path {
        &self.0.root
    }

    /// Whether the stored bytes still have their fingerprint.
    pub fn is_sound(&self, fingerprint: Fingerprint) -> Result<bool> {
        let path = self.path_of(fingerprint);
        let mut file = File::open(&path).map_err(Error::io(&path))?;
        let mut hash = Sha256::new();
        std::io::copy(&mut file, &mut HashWriter(&mut hash)).map_err(Error::io(&path))?;
        Ok(Fingerprint(hash.finalize().into()) == fingerprint)
    }

    /// Every scan in the vault with its size, in order of fingerprint.
    pub fn scans(&self) -> Result<Vec<(Fingerprint, u64)>> {
        let mut found = Vec::new();
        for first in folders(&self.0.root)? {
            for second in folders(&first)? {
                for entry in fs::read_dir(&second).map_err(Error::io(&second))? {
                    let entry = entry.map_err(Error::io(&second))?;
                    if let Ok(fingerprint) = Fingerprint::parse(&entry.file_name().to_string_lossy()) {
                        let size = entry.metadata().map_err(Error::io(entry.path()))?.len();
                        found.push((fingerprint, size));
                    }
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

impl VaultState {
    fn path_of(&self, fingerprint: Fingerprint) -> PathBuf {
        let name = fingerprint.hex();
        self.root.join(&name[..2]).join(&name[2..4]).join(&name)
    }
}

impl StagedScan {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Moves the scan into the vault and syncs its folder. After this the database may refer to it.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Refused`] when other bytes already lie under the same fingerprint.
    pub fn keep(mut self) -> Result<Fingerprint> {
        let target = self.vault.path_of(self.fingerprint);
        let folder = target.parent().expect("a vault path has a folder").to_owned();
        let outer = folder.parent().expect("a vault folder has a folder").to_owned();
        if !folder.exists() {
            if !outer.exists() {
                make_folder(&outer)?;
                sync_folder(&self.vault.root)?;
            }
            make_folder(&folder)?;
            sync_folder(&outer)?;
        }
        match rustix::fs::renameat_with(
            rustix::fs::CWD,
            &self.path,
            rustix::fs::CWD,
            &target,
            RenameFlags::NOREPLACE,
        ) {
            Ok(()) => self.kept = true,
            Err(rustix::io::Errno::EXIST) => {
                let size = fs::metadata(&target).map_err(Error::io(&target))?.len();
                if size != self.bytes {
                    return Err(RefusedBecause::ScanDiffers {
                        scan: target.display().to_string(),
                        found: size,
                        expected: self.bytes,
                    }
                    .into());
                }
            }
            Err(cause) => return Err(Error::io(&target)(cause.into())),
        }
        // Also for a file that was there before: its writer may have died before this step.
        sync_folder(&folder)?;
        Ok(self.fingerprint)
    }
}

impl Drop for StagedScan {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed now is swept by the next process.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Drop for VaultState {
    fn drop(&mut self) {
        // What cannot be removed now is swept by the next process.
        let _ = clear(&self.staging);
    }
}

struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(Error::io(path))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(Error::io(path))
}

fn sync_folder(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::io(path))
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn folders(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(Error::io(path))? {
        let entry = entry.map_err(Error::io(path))?;
        if entry.file_type().map_err(Error::io(entry.path()))?.is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Removes staging folders whose owner is gone.
fn sweep(staging: &Path) -> Result<()> {
    for folder in folders(staging)?
        .into_iter()
        .filter(|folder| !folder.ends_with(UPLOADS))
    {
        let free = match File::open(folder.join("LOCK")) {
            Ok(lock) => rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok(),
            // Its owner died between creating folder and lock, or is creating them right now; after an hour it is the
            // former.
            Err(_) => fs::metadata(&folder)
                .and_then(|meta| meta.modified())
                .is_ok_and(|at| at.elapsed().is_ok_and(|age| age.as_secs() > 3600)),
        };
        if free {
            clear(&folder)?;
        }
    }
    Ok(())
}

/// Removes a staging folder, its lock last: a process that dies halfway leaves a folder whose free lock shows that
/// its owner is gone.
fn clear(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let entry = entry.map_err(Error::io(folder))?;
        if entry.file_name() != "LOCK" {
            fs::remove_file(entry.path()).map_err(Error::io(entry.path()))?;
        }
    }
    fs::remove_dir_all(folder).map_err(Error::io(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Moment, Random};

    struct Fixed;
    impl Clock for Fixed {
        fn now(&self) -> Moment {
            Moment::from_micros(1)
        }
    }
    struct Counting(AtomicU64);
    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            let value = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            for (byte, value) in bytes.iter_mut().rev().zip(value.iter().rev()) {
                *byte = *value;
            }
        }
    }

    #[test]
    fn keeps_once_and_sweeps_the_dead() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let environment = Environment {
            clock: Arc::new(Fixed),
            random: Arc::new(Counting(AtomicU64::new(1))),
        };
        let (root, staging) = (folder.path().join("vault"), folder.path().join("staging"));
        let vault = Vault::open(&root, &staging, "a", &environment).expect("opens");
        assert!(
            Vault::open(&root, &staging, "b", &environment).is_err(),
            "another archive"
        );
        for _ in 0..2 {
            let staged = vault.stage(&b"paper"[..]).expect("stages");
            assert_eq!(staged.fingerprint, Fingerprint::of(b"paper"));
            staged.keep().expect("keeps");
        }
        drop(vault.stage(&b"given up"[..]).expect("stages"));
        assert_eq!(vault.scans().expect("lists"), [(Fingerprint::of(b"paper"), 5)]);
        assert!(vault.is_sound(Fingerprint::of(b"paper")).expect("reads"));
        let dead = staging.join("dead");
        fs::create_dir(&dead).expect("a folder");
        fs::write(dead.join("LOCK"), "").expect("a lock");
        let again = Vault::open(&root, &staging, "a", &environment).expect("opens");
        assert!(!dead.exists());
        assert_eq!(folders(&staging).expect("lists").len(), 2, "the living keep theirs");
        drop((vault, again));
    }
}
