//! Which files make one document: by the manifest, by a folder it names, or by a running number in
//! the name.
//!
//! Pure: works on names and on what manifests say. Refuses to guess: without a declaration or a
//! setting every file is a document.

use crate::manifest::{AnnouncedGroup, KnownFacts, Manifests};
use crate::walk::{NotTaken, Walked, natural_order, shown};
use reading::reason::Refusal;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use vocabulary::detail::DetailCode;

/// Whether names that differ only in a running number are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunningNumbers {
    #[default]
    Apart,
    Together,
}

/// Files that make one document, in page order, with what was known of it before.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub files: Vec<Walked>,
    /// Why they belong together.
    pub by: GroupedBy,
    pub known: KnownFacts,
    /// A file of this document that was not taken by the walk: then none is, because a document
    /// that lacks a page would be filed a second time when the page comes.
    pub incomplete: Option<Refusal>,
}

/// Why files belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupedBy {
    /// One file.
    Alone,
    Manifest,
    RunningNumber,
}

/// Puts the files into units, in the order of their first file.
pub fn group(
    files: Vec<Walked>,
    not_taken: &[NotTaken],
    manifests: &Manifests,
    running_numbers: RunningNumbers,
) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut at_key: BTreeMap<GroupKey, usize> = BTreeMap::new();
    for file in files {
        let key = key_of(&file.path(), manifests, running_numbers);
        match key.as_ref().and_then(|key| at_key.get(key)) {
            Some(at) => units[*at].files.push(file),
            None => {
                let by = key.as_ref().map_or(GroupedBy::Alone, GroupKey::by);
                if let Some(key) = key {
                    at_key.insert(key, units.len());
                }
                let known = KnownFacts::default();
                units.push(Unit {
                    files: vec![file],
                    by,
                    known,
                    incomplete: None,
                });
            }
        }
    }
    for refused in not_taken {
        let key = key_of(&refused.path, manifests, running_numbers);
        if let Some(at) = key.and_then(|key| at_key.get(&key).copied()) {
            let detail = DetailCode::FileOfDocument
                .with(shown(&refused.path))
                .with(refused.refusal.detail.clone());
            let refusal = Refusal::new(refused.refusal.reason, detail);
            units[at].incomplete.get_or_insert(refusal);
        }
    }
    for unit in &mut units {
        finish(unit, manifests);
    }
    units
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum GroupKey {
    /// By manifest and word.
    Declared(PathBuf, String),
    /// By manifest and the line that names the folder.
    Folder(PathBuf, u64),
    /// By folder, name before the number, extension.
    Numbered(PathBuf, Vec<u8>, Vec<u8>),
}

impl GroupKey {
    fn by(&self) -> GroupedBy {
        match self {
            GroupKey::Declared(..) | GroupKey::Folder(..) => GroupedBy::Manifest,
            GroupKey::Numbered(..) => GroupedBy::RunningNumber,
        }
    }
}

fn key_of(path: &Path, manifests: &Manifests, running_numbers: RunningNumbers) -> Option<GroupKey> {
    if let Some(grouping) = manifests.grouping(path) {
        return match grouping {
            AnnouncedGroup::Alone => None,
            AnnouncedGroup::Folder(manifest, line) => Some(GroupKey::Folder(manifest.to_owned(), line)),
            AnnouncedGroup::Declared(manifest, document) => {
                Some(GroupKey::Declared(manifest.to_owned(), document.to_owned()))
            }
        };
    }
    if running_numbers == RunningNumbers::Apart || !is_page_image(path) {
        return None;
    }
    let (stem, _) = numbered_stem(path)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let extension = path.extension().map(|e| e.as_encoded_bytes().to_ascii_lowercase());
    Some(GroupKey::Numbered(folder, stem.to_vec(), extension.unwrap_or_default()))
}

/// Puts the pages in order, by declared sequence, then by name, and takes over what is known.
fn finish(unit: &mut Unit, manifests: &Manifests) {
    if unit.files.len() == 1 && unit.by == GroupedBy::RunningNumber {
        unit.by = GroupedBy::Alone;
    }
    let sequence = |file: &Walked| manifests.sequence(&file.path()).unwrap_or(i64::MAX);
    unit.files.sort_by(|a, b| {
        let name = |file: &Walked| file.path().into_os_string();
        sequence(a)
            .cmp(&sequence(b))
            .then_with(|| natural_order(&name(a), &name(b)))
    });
    let files: Vec<PathBuf> = unit.files.iter().map(Walked::path).collect();
    unit.known = manifests.told(&files);
}

/// Formats in which contractors deliver single pages. By name: the content is looked at later,
/// and a file of another kind is rejected by itself.
fn is_page_image(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    ["jpg", "jpeg", "tif", "tiff", "png", "bmp", "webp"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// The name before its last run of digits, if the name ends with one, and the digits.
fn numbered_stem(path: &Path) -> Option<(&[u8], &[u8])> {
    let stem = path.file_stem()?.as_encoded_bytes();
    let end = stem.iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |i| i + 1);
    (end < stem.len() && stem.len() - end <= 6).then(|| stem.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Manifest;
    use records::batches::MANIFEST_COLUMNS;
    use records::tables::{self, TableLimits, TableRequest};
    use vocabulary::Reason;

    fn file(path: &str) -> Walked {
        Walked {
            root: "/in".into(),
            relative: path.into(),
            bytes: 1,
            modified: None,
        }
    }

    fn manifests(text: &str) -> Manifests {
        let path = Path::new("/in/manifest.csv");
        let limits = TableLimits::default();
        let lines = tables::cells(text.as_bytes(), &TableRequest::of(MANIFEST_COLUMNS, limits));
        let read = Manifest::read(path, lines, &limits);
        Manifests::new(vec![read.expect("a manifest")])
    }

    fn check(paths: &[&str], manifest: &str, rule: RunningNumbers, expected: &[&[&str]]) {
        let manifests = match manifest {
            "" => Manifests::default(),
            text => manifests(text),
        };
        let files = paths.iter().map(|path| file(path)).collect();
        let units = group(files, &[], &manifests, rule);
        let got: Vec<Vec<String>> = units
            .iter()
            .map(|unit| unit.files.iter().map(|f| f.relative.display().to_string()).collect())
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn without_a_setting_every_file_is_a_document() {
        check(
            &["a-1.jpg", "a-2.jpg"],
            "",
            RunningNumbers::Apart,
            &[&["a-1.jpg"], &["a-2.jpg"]],
        );
    }

    #[test]
    fn running_numbers_join_images_of_one_name_and_folder() {
        check(
            &[
                "a-1.jpg",
                "a-10.jpg",
                "a-2.jpg",
                "b-1.jpg",
                "c.pdf",
                "d/a-3.jpg",
                "e1.pdf",
            ],
            "",
            RunningNumbers::Together,
            &[
                &["a-1.jpg", "a-2.jpg", "a-10.jpg"],
                &["b-1.jpg"],
                &["c.pdf"],
                &["d/a-3.jpg"],
                &["e1.pdf"],
            ],
        );
    }

    #[test]
    fn the_manifest_goes_before_names() {
        check(
            &[
                "a-1.jpg", "a-2.jpg", "a-3.jpg", "b.jpg", "c.jpg", "x/1.tif", "x/2.tif", "y/1.tif",
            ],
            "path,document,sequence\nc.jpg,D,1\nb.jpg,D,2\na-3.jpg,,\nx,,\n",
            RunningNumbers::Together,
            &[
                &["a-1.jpg", "a-2.jpg"],
                &["a-3.jpg"],
                &["c.jpg", "b.jpg"],
                &["x/1.tif", "x/2.tif"],
                &["y/1.tif"],
            ],
        );
    }

    #[test]
    fn a_document_that_lacks_a_file_waits_for_it() {
        let manifests = manifests("path,document\n1.jpg,D\n2.jpg,D\n3.jpg,\n");
        let refusal = Refusal::new(Reason::Symlink, DetailCode::SymbolicLink);
        let not_taken = [NotTaken {
            path: "/in/2.jpg".into(),
            refusal,
        }];
        let files = vec![file("1.jpg"), file("3.jpg")];
        let units = group(files, &not_taken, &manifests, RunningNumbers::Apart);
        let reasons: Vec<_> = units.iter().map(|u| u.incomplete.as_ref().map(|r| r.reason)).collect();
        assert_eq!(reasons, [Some(Reason::Symlink), None]);
    }
}
