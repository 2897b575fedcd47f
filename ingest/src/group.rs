//! Which files make one document: by the manifest, by folder, or by a running number in the name.
//!
//! Pure: works on names. Refuses to read manifests (their columns come in as values) and to guess:
//! without a declaration or a setting every file is a document.

use crate::walk::{Walked, natural_order};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the manifest says about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The `document` column: files of the same manifest with the same value are one document.
    pub document: String,
    /// The `sequence` column.
    pub sequence: Option<i64>,
}

/// Settings of grouping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupRules {
    /// Names that differ only in a running number are one document.
    pub running_numbers: RunningNumbers,
    /// A folder that holds only images, all numbered, is one document.
    pub image_folders: ImageFolders,
}

/// Whether names with a running number are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunningNumbers {
    #[default]
    Apart,
    Together,
}

/// Whether a folder of page images is put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImageFolders {
    #[default]
    Apart,
    Together,
}

/// Files that make one document, in page order.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub files: Vec<Walked>,
    /// Why they belong together.
    pub by: GroupedBy,
}

/// Why files belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupedBy {
    /// One file.
    Alone,
    Manifest,
    RunningNumber,
    ImageFolder,
}

/// Puts the files into groups, in the order of their first file. `declared` answers for a file
/// with the manifest it is named in and what that says.
pub fn group(
    files: Vec<Walked>,
    declared: impl Fn(&Walked) -> Option<(PathBuf, Declared)>,
    rules: GroupRules,
) -> Vec<Group> {
    let folders = match rules.image_folders {
        ImageFolders::Together => image_folders(&files),
        ImageFolders::Apart => BTreeMap::new(),
    };
    let mut groups: Vec<(Option<Key>, Group)> = Vec::new();
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for file in files {
        let path = file.path();
        let key = match declared(&file) {
            Some((manifest, d)) if !d.document.is_empty() => {
                Some(Key::Declared(manifest, d.document))
            }
            _ => key_of_name(&path, rules, &folders),
        };
        let at = key.as_ref().and_then(|k| known.get(k).copied());
        match at {
            Some(at) => groups[at].1.files.push(file),
            None => {
                let by = key.as_ref().map_or(GroupedBy::Alone, Key::by);
                if let Some(key) = &key {
                    known.insert(key.clone(), groups.len());
                }
                groups.push((key, Group { files: vec![file], by }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| finished(group, &declared)).collect()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Declared(PathBuf, String),
    Numbered(PathBuf, Vec<u8>, Vec<u8>),
    Folder(PathBuf),
}

impl Key {
    fn by(&self) -> GroupedBy {
        match self {
            Key::Declared(..) => GroupedBy::Manifest,
            Key::Numbered(..) => GroupedBy::RunningNumber,
            Key::Folder(..) => GroupedBy::ImageFolder,
        }
    }
}

/// Page order within a group: by declared sequence, then by name.
fn finished(
    mut group: Group,
    declared: &impl Fn(&Walked) -> Option<(PathBuf, Declared)>,
) -> Group {
    if group.files.len() == 1 && group.by != GroupedBy::Manifest {
        group.by = GroupedBy::Alone;
        return group;
    }
    group.files.sort_by(|a, b| {
        let sequence = |f: &Walked| declared(f).and_then(|(_, d)| d.sequence).unwrap_or(i64::MAX);
        let name = |f: &Walked| f.path().into_os_string();
        sequence(a).cmp(&sequence(b)).then_with(|| natural_order(&name(a), &name(b)))
    });
    group
}

fn key_of_name(
    path: &Path,
    rules: GroupRules,
    folders: &BTreeMap<PathBuf, bool>,
) -> Option<Key> {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    if folders.get(&folder) == Some(&true) {
        return Some(Key::Folder(folder));
    }
    if rules.running_numbers == RunningNumbers::Apart || !is_page_image(path) {
        return None;
    }
    let (stem, _) = numbered_stem(path)?;
    let extension = path.extension().map(|e| e.as_encoded_bytes().to_ascii_lowercase());
    Some(Key::Numbered(folder, stem.to_vec(), extension.unwrap_or_default()))
}

/// Folders in which every file is a numbered page image; at least two of them.
fn image_folders(files: &[Walked]) -> BTreeMap<PathBuf, bool> {
    let mut counts: BTreeMap<PathBuf, (usize, usize)> = BTreeMap::new();
    for file in files {
        let path = file.path();
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let count = counts.entry(folder).or_default();
        count.0 += 1;
        let numbered = numbered_stem(&path).is_some_and(|(stem, _)| is_page_word(stem));
        count.1 += usize::from(is_page_image(&path) && numbered);
    }
    counts.into_iter().map(|(folder, (all, pages))| (folder, all == pages && all > 1)).collect()
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

/// Whether what stands before the number says "page" or nothing.
fn is_page_word(stem: &[u8]) -> bool {
    let text = String::from_utf8_lossy(stem).to_lowercase();
    let word = text.trim_end_matches(['-', '_', ' ', '.']);
    matches!(word, "" | "p" | "page" | "img" | "image" | "scan" | "第" | "页" | "扫描" | "图像")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Walked {
        Walked { root: "/in".into(), relative: path.into(), bytes: 1, modified: None }
    }

    fn check(paths: &[&str], rules: GroupRules, expected: &[&[&str]]) {
        let groups = group(paths.iter().map(|p| file(p)).collect(), |_| None, rules);
        let got: Vec<Vec<String>> = groups
            .iter()
            .map(|g| g.files.iter().map(|f| f.relative.display().to_string()).collect())
            .collect();
        assert_eq!(got, expected);
    }

    const NUMBERS: GroupRules = GroupRules {
        running_numbers: RunningNumbers::Together,
        image_folders: ImageFolders::Apart,
    };
    const FOLDERS: GroupRules = GroupRules {
        running_numbers: RunningNumbers::Apart,
        image_folders: ImageFolders::Together,
    };

    #[test]
    fn without_a_setting_every_file_is_a_document() {
        check(&["a-1.jpg", "a-2.jpg"], GroupRules::default(), &[&["a-1.jpg"], &["a-2.jpg"]]);
    }

    #[test]
    fn running_numbers_join_images_of_one_name_and_folder() {
        check(
            &["a-1.jpg", "a-10.jpg", "a-2.jpg", "b-1.jpg", "c.pdf", "d/a-3.jpg", "e1.pdf"],
            NUMBERS,
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
    fn a_folder_of_numbered_images_is_a_document() {
        check(
            &["x/2.tif", "x/1.tif", "y/1.tif", "y/notes.tif"],
            FOLDERS,
            &[&["x/1.tif", "x/2.tif"], &["y/1.tif"], &["y/notes.tif"]],
        );
    }

    #[test]
    fn the_manifest_goes_before_names() {
        let files = ["b.jpg", "a.jpg", "a-1.jpg", "a-2.jpg"].map(file).to_vec();
        let declared = |f: &Walked| {
            let sequence = match f.relative.to_str() {
                Some("a.jpg") => 2,
                Some("b.jpg") => 1,
                _ => return None,
            };
            let document = "D1".to_owned();
            Some((PathBuf::from("/in/manifest.csv"), Declared { document, sequence: Some(sequence) }))
        };
        let groups = group(files, declared, NUMBERS);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].by, GroupedBy::Manifest);
        let names: Vec<_> = groups[0].files.iter().map(|f| f.relative.clone()).collect();
        assert_eq!(names, [PathBuf::from("b.jpg"), PathBuf::from("a.jpg")]);
        assert_eq!(groups[1].by, GroupedBy::RunningNumber);
    }
}
