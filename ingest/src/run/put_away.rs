//! Sources that are put away: moved to the folder of finished files after their commit, where one is set, and found there
//! again by the lists that name them where they came from.

use crate::group::{RunningNumbers, Unit, group};
use crate::manifest::Manifests;
use crate::walk::{Outside, WalkLimits, Walked, walk};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Files of one name in the folder of finished files.
const SAME_NAME_MAX: u32 = 9_999;

/// Moves a file; where one of its name exists already it gets a number, since scanners begin again
/// every day.
pub(super) fn move_without_replacing(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let here = rustix::fs::CWD;
    let move_to = |to: &Path| rustix::fs::renameat_with(here, from, here, to, rustix::fs::RenameFlags::NOREPLACE);
    let mut moved = move_to(to);
    for number in 2..=SAME_NAME_MAX {
        if moved != Err(rustix::io::Errno::EXIST) {
            break;
        }
        moved = move_to(&numbered(to, number));
    }
    moved?;
    for folder in [to.parent(), from.parent()].into_iter().flatten() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// A unit of files that lie in the folder of finished files, and are named by a list where they came from.
#[derive(Debug)]
pub(super) struct PutAway {
    pub unit: Unit,
    pub came_from: Vec<PathBuf>,
}

/// The units that lists still name and that an earlier run has put away.
pub(super) fn named_still(manifests: &Manifests, roots: &[PathBuf], done: &Path, limits: &WalkLimits) -> Vec<PutAway> {
    let mut lying: HashMap<PathBuf, Walked> = HashMap::new();
    let mut came: Vec<Walked> = Vec::new();
    for path in manifests.paths().filter(|path| fs::symlink_metadata(path).is_err()) {
        let below = roots
            .iter()
            .find_map(|root| Some((root, path.strip_prefix(root).ok()?)));
        let Some((root, below)) = below else { continue };
        let at = newest(done.join(inside(root, below)));
        for file in walk(&[at], &Outside::default(), SystemTime::UNIX_EPOCH, limits).files {
            let relative = match file.relative.as_os_str().is_empty() {
                true => below.to_owned(),
                false => below.join(&file.relative),
            };
            let from = Walked {
                root: root.clone(),
                relative,
                ..file.clone()
            };
            if lying.insert(from.path(), file).is_none() {
                came.push(from);
            }
        }
    }
    let as_lying = |unit: Unit| PutAway {
        came_from: unit.files.iter().map(Walked::path).collect(),
        unit: Unit {
            files: unit
                .files
                .iter()
                .filter_map(|file| lying.get(&file.path()).cloned())
                .collect(),
            ..unit
        },
    };
    let units = group(came, &[], manifests, RunningNumbers::Apart);
    units.into_iter().map(as_lying).collect()
}

/// The place of a source in the folder of finished files.
pub(super) fn inside<'p>(root: &'p Path, below: &'p Path) -> &'p Path {
    match below.as_os_str().is_empty() {
        true => root.file_name().map_or(root, Path::new),
        false => below,
    }
}

/// Of several files of one name that were put away one after the other, the one that came last.
fn newest(first: PathBuf) -> PathBuf {
    let again = (2..=SAME_NAME_MAX).map(|number| numbered(&first, number));
    let last = again.take_while(|path| path.is_file()).last();
    last.unwrap_or(first)
}

/// `scan.pdf` as `scan (2).pdf`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!(" ({number})"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
