//! Finding the files of a delivery, in a stable natural order.
//!
//! Nothing is skipped silently: every file that is not read is in the result with its reason.
//! Names are bytes; a name that is not UTF-8 is kept as it is and shown escaped. Refuses to open
//! files: only their directory entries are known here.

use reading::reason::Refusal;
use records::batches::RawPath;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use vocabulary::Reason;
use vocabulary::detail::{Detail, DetailCode};
use walkdir::{DirEntry, WalkDir};

/// Bounds on a delivery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkLimits {
    /// Folders in folders.
    pub depth_max: usize,
    /// Entries of all kinds.
    pub entries_max: usize,
    /// A file that changed more recently than this is not settled.
    pub settle_time: Duration,
}

impl Default for WalkLimits {
    fn default() -> Self {
        WalkLimits {
            depth_max: 32,
            entries_max: 2_000_000,
            settle_time: Duration::ZERO,
        }
    }
}

/// A file that may be a scan.
#[derive(Clone, Debug, PartialEq)]
pub struct Walked {
    /// The root it was found under, as given.
    pub root: PathBuf,
    /// Where it is below the root; empty when the root is the file itself.
    pub relative: PathBuf,
    pub bytes: u64,
    pub modified: Option<SystemTime>,
}

impl Walked {
    /// The path to open.
    pub fn path(&self) -> PathBuf {
        if self.relative.as_os_str().is_empty() {
            return self.root.clone();
        }
        self.root.join(&self.relative)
    }

    /// The path as people see it.
    pub fn shown(&self) -> String {
        shown(&self.path())
    }
}

/// A path as the record keeps it.
pub fn raw(path: &Path) -> RawPath {
    RawPath(path.as_os_str().as_bytes().to_vec())
}

/// A rejected entry, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct NotTaken {
    pub path: PathBuf,
    pub refusal: Refusal,
}

/// Why something does not count as delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// The list of the delivery itself.
    Manifest,
    /// What operating systems leave in folders.
    Litter,
}

/// Everything below the roots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Walk {
    pub files: Vec<Walked>,
    pub rejected: Vec<NotTaken>,
    pub ignored: Vec<(PathBuf, Ignored)>,
}

/// Files below a root that are not part of a delivery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outside {
    /// A manifest with a name of its own.
    pub manifest: Option<PathBuf>,
    /// Folders that are not entered: the vault, the folder of processed sources.
    pub folders: Vec<PathBuf>,
}

/// Where a path leads, however it was written: without `..`, without links above it, without a `/` at its end. What is
/// not there yet stays as it is named; a link to a file stays a link, which is no delivery.
pub fn settled(path: &Path) -> PathBuf {
    if path.is_dir()
        && let Ok(real) = path.canonicalize()
    {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => settled(parent).join(name),
        _ => path.to_owned(),
    }
}

/// The roots of a delivery, each once: a folder that was named twice or that lies in another one is named by that one
/// already.
pub fn distinct_roots(paths: &[PathBuf]) -> Vec<PathBuf> {
    let settled: Vec<PathBuf> = paths.iter().map(|path| settled(path)).collect();
    let mut roots: Vec<PathBuf> = Vec::with_capacity(settled.len());
    for path in &settled {
        let is_inside = settled.iter().any(|other| other != path && path.starts_with(other));
        if !is_inside && !roots.contains(path) {
            roots.push(path.clone());
        }
    }
    roots
}

/// Walks the roots in the order given; a file below two of them is found once. `now` decides what
/// is settled.
pub fn walk(roots: &[PathBuf], outside: &Outside, now: SystemTime, limits: &WalkLimits) -> Walk {
    let mut found = Walk::default();
    for root in roots {
        walk_root(root, outside, now, limits, &mut found);
    }
    if roots.len() > 1 {
        let mut seen = HashSet::new();
        found.files.retain(|file| seen.insert(file.path()));
        found.rejected.retain(|not_taken| seen.insert(not_taken.path.clone()));
        found.ignored.retain(|(path, _)| seen.insert(path.clone()));
    }
    found
}

fn walk_root(root: &Path, outside: &Outside, now: SystemTime, limits: &WalkLimits, found: &mut Walk) {
    // A root that links to a folder means the folder; a link to a file stays a link.
    let entries = WalkDir::new(root)
        .follow_links(false)
        .follow_root_links(root.is_dir())
        .max_depth(limits.depth_max)
        .sort_by(|a, b| natural_order(a.file_name(), b.file_name()))
        .into_iter()
        .filter_entry(|entry| !outside.folders.iter().any(|folder| folder == entry.path()));
    for entry in entries {
        if found.files.len() + found.rejected.len() + found.ignored.len() >= limits.entries_max {
            let detail = DetailCode::FilesMax.with(limits.entries_max);
            reject(found, root.to_owned(), Reason::TooLarge, detail);
            return;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                let reason = match error.io_error().map(std::io::Error::kind) {
                    Some(std::io::ErrorKind::PermissionDenied) => Reason::PermissionDenied,
                    _ => Reason::Unreadable,
                };
                reject(found, path, reason, Detail::of_system(error));
                continue;
            }
        };
        look_at(root, &entry, outside, now, limits, found);
    }
}

/// What one entry of a folder is to the delivery.
fn look_at(root: &Path, entry: &DirEntry, outside: &Outside, now: SystemTime, limits: &WalkLimits, found: &mut Walk) {
    let path = entry.path().to_owned();
    let kind = entry.file_type();
    if kind.is_dir() {
        if entry.depth() == limits.depth_max {
            let detail = DetailCode::FoldersTooDeep.with(limits.depth_max);
            reject(found, path, Reason::TooLarge, detail);
        }
        return;
    }
    if outside.manifest.as_deref() == Some(path.as_path()) {
        found.ignored.push((path, Ignored::Manifest));
        return;
    }
    if let Some(why) = ignored(entry.file_name()) {
        found.ignored.push((path, why));
        return;
    }
    if kind.is_symlink() {
        reject(found, path, Reason::Symlink, DetailCode::SymbolicLink.alone());
        return;
    }
    if !kind.is_file() {
        let what = if kind.is_fifo() {
            DetailCode::Pipe
        } else if kind.is_socket() {
            DetailCode::Socket
        } else {
            DetailCode::Device
        };
        reject(found, path, Reason::SpecialFile, what.alone());
        return;
    }
    let data = match entry.metadata() {
        Ok(data) => data,
        Err(error) => {
            reject(found, path, Reason::Unreadable, Detail::of_system(error));
            return;
        }
    };
    if let Some(detail) = unsettled(&data, now, limits) {
        reject(found, path, Reason::NotSettled, detail);
        return;
    }
    let relative = path.strip_prefix(root).map(Path::to_owned).unwrap_or_default();
    found.files.push(Walked {
        root: root.to_owned(),
        relative,
        bytes: data.len(),
        modified: data.modified().ok(),
    });
}

fn reject(found: &mut Walk, path: PathBuf, reason: Reason, detail: Detail) {
    found.rejected.push(NotTaken {
        path,
        refusal: Refusal::new(reason, detail),
    });
}

/// A file that something may still be writing. A time in the future is a clock that is wrong, not
/// a file that is not ready.
fn unsettled(data: &Metadata, now: SystemTime, limits: &WalkLimits) -> Option<Detail> {
    let age = now.duration_since(data.modified().ok()?).ok()?;
    (age < limits.settle_time).then(|| DetailCode::ChangedAgo.with(age.as_millis()))
}

/// Whether a file of this name is no delivery.
pub fn ignored(name: &OsStr) -> Option<Ignored> {
    let lower = name.to_string_lossy().to_lowercase();
    match lower.as_str() {
        "manifest.csv" | "manifest.xlsx" => Some(Ignored::Manifest),
        "thumbs.db" | "ehthumbs.db" | "desktop.ini" | ".ds_store" | ".directory" => Some(Ignored::Litter),
        // macOS writes a shadow file beside each file on foreign disks, office programs a lock.
        _ if lower.starts_with("._") || lower.starts_with("~$") || lower.starts_with(".~lock.") => {
            Some(Ignored::Litter)
        }
        _ => None,
    }
}

/// Order in which people number files: runs of digits by value, the rest by bytes; ties by bytes.
pub fn natural_order(a: &OsStr, b: &OsStr) -> Ordering {
    let (mut x, mut y) = (a.as_bytes(), b.as_bytes());
    loop {
        match (x.first(), y.first()) {
            (None, None) => return a.as_bytes().cmp(b.as_bytes()),
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(p), Some(q)) if p.is_ascii_digit() && q.is_ascii_digit() => {
                let (dx, rest_x) = digits(x);
                let (dy, rest_y) = digits(y);
                let order = dx.len().cmp(&dy.len()).then_with(|| dx.cmp(dy));
                if order != Ordering::Equal {
                    return order;
                }
                (x, y) = (rest_x, rest_y);
            }
            (Some(p), Some(q)) => {
                let order = p.to_ascii_lowercase().cmp(&q.to_ascii_lowercase());
                if order != Ordering::Equal {
                    return order;
                }
                (x, y) = (&x[1..], &y[1..]);
            }
        }
    }
}

/// The leading digits without leading zeros, and what follows.
fn digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|b| !b.is_ascii_digit()).unwrap_or(bytes.len());
    let (run, rest) = bytes.split_at(end);
    let zeros = run.iter().take_while(|b| **b == b'0').count();
    (&run[zeros..], rest)
}

/// The order of the walk between two paths: natural, name by name.
pub fn path_order(a: &Path, b: &Path) -> Ordering {
    let (mut x, mut y) = (a.components(), b.components());
    loop {
        match (x.next(), y.next()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(p), Some(q)) => match natural_order(p.as_os_str(), q.as_os_str()) {
                Ordering::Equal => {}
                order => return order,
            },
        }
    }
}

/// A path as people see it, see [`records::scans::display_path`].
pub fn shown(path: &Path) -> String {
    records::scans::display_path(path.as_os_str().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const LATER: Duration = Duration::from_secs(3_600);
    const SETTLE: Duration = Duration::from_secs(2);

    /// Walks as if it were this much later than the last change of the first root.
    fn walk_all(roots: &[PathBuf], later: Duration, settle_time: Duration) -> Walk {
        let changed = fs::metadata(&roots[0])
            .and_then(|data| data.modified())
            .expect("a time");
        let limits = WalkLimits {
            settle_time,
            ..WalkLimits::default()
        };
        walk(roots, &Outside::default(), changed + later, &limits)
    }

    fn names(files: &[Walked]) -> Vec<String> {
        files.iter().map(|f| shown(&f.relative)).collect()
    }

    #[test]
    fn files_come_in_the_order_people_number_them() {
        let root = tempfile::tempdir().expect("a folder");
        for name in ["p10.tif", "p9.tif", "p1.tif", "b/p2.tif", "Thumbs.db", "b/manifest.csv"] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
            fs::write(path, b"x").expect("a file");
        }
        let found = walk_all(&[root.path().to_owned()], LATER, SETTLE);
        assert_eq!(names(&found.files), ["b/p2.tif", "p1.tif", "p9.tif", "p10.tif"]);
        let ignored: Vec<Ignored> = found.ignored.iter().map(|i| i.1).collect();
        assert_eq!(ignored, [Ignored::Manifest, Ignored::Litter]);
        assert!(found.rejected.is_empty());
    }

    #[test]
    fn links_pipes_and_files_in_the_making_are_named_with_their_reason() {
        let root = tempfile::tempdir().expect("a folder");
        fs::write(root.path().join("scan.pdf"), b"x").expect("a file");
        std::os::unix::fs::symlink("/etc/passwd", root.path().join("link.pdf")).expect("a link");
        let pipe = root.path().join("pipe.pdf");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        let made = rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0);
        made.expect("a pipe");
        let roots = [root.path().to_owned()];
        let found = walk_all(&roots, Duration::ZERO, SETTLE);
        let reasons: Vec<Reason> = found.rejected.iter().map(|r| r.refusal.reason).collect();
        assert_eq!(reasons, [Reason::Symlink, Reason::SpecialFile, Reason::NotSettled]);
        let found = walk_all(&roots, LATER, SETTLE);
        assert_eq!(names(&found.files), ["scan.pdf"]);
    }

    #[test]
    fn a_root_may_be_a_file_and_may_be_missing() {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("one.pdf");
        fs::write(&file, b"x").expect("a file");
        let roots = [file.clone(), root.path().join("gone")];
        let found = walk_all(&roots, LATER, SETTLE);
        assert_eq!(found.files.len(), 1);
        assert_eq!(found.files[0].path(), file);
        assert_eq!(found.rejected.len(), 1);
    }

    #[test]
    fn a_root_is_one_root_however_it_is_written() {
        let root = tempfile::tempdir().expect("a folder");
        let root = settled(root.path());
        fs::create_dir_all(root.join("a/b")).expect("a folder");
        fs::write(root.join("a/b/1.tif"), b"x").expect("a file");
        std::os::unix::fs::symlink(root.join("a"), root.join("link")).expect("a link");
        std::os::unix::fs::symlink(root.join("a/b/1.tif"), root.join("one.tif")).expect("a link");
        let check = |paths: &[&str], expected: &[&str]| {
            let written = |path: &&str| PathBuf::from(format!("{}/{path}", root.display()));
            let found = distinct_roots(&paths.iter().map(written).collect::<Vec<_>>());
            let expected: Vec<PathBuf> = expected.iter().map(|path| root.join(path)).collect();
            assert_eq!(found, expected, "{paths:?}");
        };
        check(&["a", "a/", "a/../a", "a/./b/..", "link", "link/"], &["a"]);
        check(&["a/b", "a"], &["a"]);
        check(&["a", "a/b/1.tif"], &["a"]);
        check(&["a/b", "c/../d"], &["a/b", "c/../d"]);
        check(&["one.tif"], &["one.tif"]);
        let raw = |path: &Path| path.as_os_str().as_bytes().to_vec();
        assert_eq!(raw(&settled(&root.join("a/"))), raw(&root.join("a")));
    }

    #[test]
    fn a_file_below_two_roots_is_found_once() {
        let root = tempfile::tempdir().expect("a folder");
        let inner = root.path().join("b");
        fs::create_dir(&inner).expect("a folder");
        fs::write(inner.join("1.pdf"), b"x").expect("a file");
        let roots = [root.path().to_owned(), inner];
        assert_eq!(walk_all(&roots, LATER, SETTLE).files.len(), 1);
    }

    #[test]
    fn what_is_outside_is_not_entered() {
        let root = tempfile::tempdir().expect("a folder");
        for name in ["vault/ab", "list.csv", "a.pdf"] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("below the root")).expect("a folder");
            fs::write(path, b"x").expect("a file");
        }
        let outside = Outside {
            manifest: Some(root.path().join("list.csv")),
            folders: vec![root.path().join("vault")],
        };
        let roots = [root.path().to_owned()];
        let found = walk(&roots, &outside, SystemTime::UNIX_EPOCH, &WalkLimits::default());
        assert_eq!(names(&found.files), ["a.pdf"]);
        assert_eq!(found.ignored, [(root.path().join("list.csv"), Ignored::Manifest)]);
    }

    #[test]
    fn paths_are_ordered_name_by_name() {
        let order = |a: &str, b: &str| path_order(Path::new(a), Path::new(b));
        assert_eq!(order("/a/b/2", "/a/b/10"), Ordering::Less);
        assert_eq!(order("/a/b-1/x", "/a/b/y"), Ordering::Greater);
        assert_eq!(order("/a", "/a/b"), Ordering::Less);
        assert_eq!(order("/a", "/a"), Ordering::Equal);
    }

    #[test]
    fn natural_order_is_total() {
        let mut names = ["2", "10", "02", "1a", "1", "a", "B"].map(OsStr::new);
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(
            names.map(|n| n.to_string_lossy().into_owned()),
            ["1", "1a", "02", "2", "10", "a", "B"]
        );
    }
}
