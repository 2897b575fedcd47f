//! Moves a source to the folder of finished files after its commit, where one is set.

use std::fs;
use std::path::{Path, PathBuf};

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
