//! Papers added by hand: files that come over the network in pieces, wait in staging until they are whole, and then
//! go the way of every delivery. The record knows what was announced; how much of a file has come is its length.

mod files;
pub(crate) mod sql;
mod states;

pub use vocabulary::UploadState;
use vocabulary::{Bilingual, both};

use crate::{Asker, Error, Field, Moment, Result, SecurityLevel, ids::UploadId};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

/// Jobs that take uploads whose last byte has come.
pub(crate) const JOB_KIND: &str = "ingest.upload";

/// Attempts after which an upload has failed; each goes on where the one before ended.
pub(crate) const ATTEMPTS_MAX: i64 = 5;

/// Bounds on one upload.
#[derive(Debug, Clone, Copy)]
pub struct UploadLimits {
    pub files_max: usize,
    pub file_bytes_max: i64,
    /// One piece is held in memory.
    pub piece_bytes_max: usize,
    pub name_bytes_max: usize,
    pub depth_max: usize,
    /// Uploads of one person that are open at once.
    pub open_max: i64,
    /// Days after which an upload that was not handed over is given up.
    pub days_open_max: i64,
}

impl UploadLimits {
    pub const DEFAULT: Self = Self {
        files_max: 20_000,
        file_bytes_max: 8 << 30,
        piece_bytes_max: 8 << 20,
        name_bytes_max: 240,
        depth_max: 16,
        open_max: 50,
        days_open_max: 7,
    };
}

/// What somebody wants to add, and what is known of all of it.
#[derive(Debug, Clone, Default)]
pub struct UploadDraft {
    /// Of the batch; empty: when and by whom it was begun.
    pub name: String,
    /// Code or alias; empty when every paper says for itself.
    pub customer: String,
    pub location: String,
    /// Code or name of a kind.
    pub kind: String,
    pub security_level: Option<SecurityLevel>,
    pub files: Vec<UploadFileDraft>,
}

#[derive(Debug, Clone, Default)]
pub struct UploadFileDraft {
    /// As the browser names it, folders included.
    pub name: String,
    pub bytes: i64,
    /// Files with the same word here are the pages of one document, in their order.
    pub document: String,
}

/// An upload as whoever began it sees it.
#[derive(Debug, Clone)]
pub struct Upload {
    pub id: UploadId,
    pub state: UploadState,
    pub name: String,
    pub by: String,
    pub created_at: Moment,
    pub customer_code: String,
    pub location_code: String,
    pub kind: String,
    pub security_level: Option<SecurityLevel>,
    /// Id of the batch it became; empty until then.
    pub batch: String,
    /// Why it could not be taken in.
    pub problem: String,
    pub files: Vec<UploadFile>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadFile {
    /// Counted from 1.
    pub number: i64,
    /// Below the folder of the upload, with names that are safe.
    pub path: String,
    pub bytes: i64,
    pub document: String,
    /// Bytes that have come.
    pub received: i64,
}

impl Upload {
    pub fn is_whole(&self) -> bool {
        self.files.iter().all(|file| file.received == file.bytes)
    }
}

/// An upload for the worker that takes it in.
#[derive(Debug)]
pub struct UploadTask {
    pub upload: Upload,
    /// The files stand in here, under [`UploadTask::FILES`].
    pub folder: PathBuf,
    /// In whose name it is done; `None` when the account is locked by now.
    pub asker: Option<Asker>,
}

impl UploadTask {
    pub const FILES: &'static str = "files";
}

/// A path below the folder of an upload, whatever a browser or an attacker calls it: no way up, no root, no control
/// characters, no name that another file has already.
fn safe_path(name: &str, limits: &UploadLimits) -> Result<String> {
    let wrong = |reason: Bilingual| Error::invalid(Field::FileName, name.chars().take(80).collect::<String>(), reason);
    let parts: Vec<String> = name
        .split(['/', '\\'])
        .map(|part| {
            part.chars()
                .map(|c| if c.is_control() { '_' } else { c })
                .collect::<String>()
        })
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty() && part != ".")
        .collect();
    if parts.iter().any(|part| part == "..") {
        return Err(wrong(both!("it leads out of its folder", "它指到文件夹外面去了")));
    }
    if parts.is_empty() || parts.len() > limits.depth_max {
        return Err(wrong(both!(
            "a file has a name, and folders in few folders",
            "文件要有名称，文件夹不能套得太深"
        )));
    }
    if parts.iter().any(|part| part.len() > limits.name_bytes_max) {
        return Err(wrong(both!(
            "a name has at most 240 bytes; leave the file out or rename it",
            "名称最多 240 字节；请移除这个文件，或改短名称"
        )));
    }
    Ok(parts.join("/"))
}

/// Paths of one upload: each once, however many files are called the same.
#[derive(Default)]
struct Paths {
    /// Without case, since not every disk tells it.
    taken: HashSet<String>,
    /// The number that the next file of this name gets.
    next: HashMap<String, u64>,
}

impl Paths {
    /// The path, or with a number where another file of the upload is called so already.
    fn unlike(&mut self, path: String) -> String {
        let folded = path.to_lowercase();
        if self.taken.insert(folded.clone()) {
            return path;
        }
        let (stem, ending) = match path.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') && !stem.is_empty() => {
                (stem.to_owned(), format!(".{ending}"))
            }
            _ => (path, String::new()),
        };
        let number = self.next.entry(folded).or_insert(2);
        loop {
            let next = format!("{stem} ({number}){ending}");
            *number += 1;
            if self.taken.insert(next.to_lowercase()) {
                return next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_below_their_folder() {
        let limits = UploadLimits::DEFAULT;
        let safe = |name: &str| safe_path(name, &limits).ok();
        assert_eq!(safe("合同.pdf").as_deref(), Some("合同.pdf"));
        assert_eq!(safe("/etc/passwd").as_deref(), Some("etc/passwd"));
        assert_eq!(safe("2024\\合同\\1.jpg").as_deref(), Some("2024/合同/1.jpg"));
        assert_eq!(safe("a\nb\u{0}.pdf").as_deref(), Some("a_b_.pdf"));
        for wrong in ["", "/", "..", "a/../../b", "..\\b", &"x".repeat(300), &"a/".repeat(40)] {
            assert_eq!(safe(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn two_files_never_share_a_name() {
        let mut paths = Paths::default();
        let mut next = |path: &str| paths.unlike(path.to_owned());
        assert_eq!(next("a.pdf"), "a.pdf");
        assert_eq!(next("A.pdf"), "A (2).pdf");
        assert_eq!(next("a.pdf"), "a (3).pdf");
        assert_eq!(next("b"), "b");
        assert_eq!(next("b (2)"), "b (2)");
        assert_eq!(next("b"), "b (3)");
    }

    #[test]
    fn twenty_thousand_files_of_one_name_are_told_apart_at_once() {
        let mut paths = Paths::default();
        let named: HashSet<String> = (0..20_000).map(|_| paths.unlike("扫描.pdf".to_owned())).collect();
        assert_eq!(named.len(), 20_000);
        // Each name was tried once: the next one follows the last.
        assert_eq!(paths.next.get("扫描.pdf"), Some(&20_001));
    }
}
