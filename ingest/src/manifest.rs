//! What a delivery states about itself: manifests, and folders named after customers.
//!
//! A manifest is read, checked line by line and queried by path. A line or a cell that cannot be used
//! is reported as a problem, never a reason to stop. Refuses to know the record: codes are plain text
//! here, and linking finds out whether they exist.

mod known;
mod line;
mod paths;
mod told;

pub use known::{Contradiction, KnownFacts, ManifestEntry, ManifestSource};

use line::read_entry;
use records::batches::{MANIFEST_COLUMNS, cell_faults, not_used};
use records::fold;
use records::tables::{Lines, TableError, TableLimits, arrange_forgiving};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use told::{LinePlace, Speaks, Told};
use unicode_normalization::UnicodeNormalization;
use vocabulary::detail::{Detail, DetailCode};

/// Something in a manifest that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestProblem {
    pub manifest: String,
    pub line: u64,
    /// What is wrong and what was done about it.
    pub detail: Detail,
}

/// Why a manifest cannot be used at all. Nothing is filed then: without it, papers would be filed
/// differently from what the deliverer meant.
#[derive(Debug, thiserror::Error)]
#[error("manifest {path} cannot be used: {cause}; correct it or take it away, then run again")]
pub struct ManifestError {
    pub path: String,
    pub cause: ManifestFault,
}

#[derive(Debug, thiserror::Error)]
pub enum ManifestFault {
    #[error(transparent)]
    Table(#[from] TableError),
    /// What the system says of the file.
    #[error("{0}")]
    Unreadable(String),
}

/// One manifest, with the folder that its paths start from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    pub file: PathBuf,
    folder: PathBuf,
    entries: Vec<ManifestEntry>,
    by_path: HashMap<Vec<u8>, usize>,
    /// By a form that forgives case and the two ways of writing accents; `None` when two entries share it.
    by_forgiving: HashMap<String, Option<usize>>,
    pub problems: Vec<ManifestProblem>,
}

/// All manifests of a delivery.
#[derive(Clone, Debug, Default)]
pub struct Manifests {
    all: Vec<Manifest>,
    /// What the words for kinds mean in this archive.
    kinds: HashMap<String, String>,
}

/// Why files belong together by what manifests say.
#[derive(Clone, Copy, Debug)]
pub enum AnnouncedGroup<'m> {
    /// Its own line says nothing of others.
    Alone,
    /// Files with this word in this manifest.
    Declared(&'m Path, &'m str),
    /// Files in the folder that this line names.
    Folder(&'m Path, u64),
}

/// An entry, and how it applies to a file.
#[derive(Clone, Copy, Debug)]
struct Named<'m> {
    manifest: &'m Manifest,
    entry: &'m ManifestEntry,
    /// The entry names a folder above the file, which makes all files in it one document.
    by_folder: bool,
}

impl<'m> Named<'m> {
    fn key(&self) -> (&'m Path, u64) {
        (self.manifest.file.as_path(), self.entry.line)
    }

    fn place(&self) -> LinePlace {
        LinePlace {
            manifest: crate::walk::shown(&self.manifest.file),
            line: self.entry.line,
        }
    }
}

impl Manifests {
    pub fn new(manifests: Vec<Manifest>) -> Manifests {
        Manifests {
            all: manifests,
            kinds: HashMap::new(),
        }
    }

    /// Number of things that the manifests announce, each once; `None` without a manifest.
    pub fn announced(&self) -> Option<i64> {
        let paths: HashSet<String> = self.paths().map(|path| forgiving(&path)).collect();
        (!self.all.is_empty()).then_some(paths.len() as i64)
    }

    pub fn problems(&self) -> impl Iterator<Item = &ManifestProblem> {
        self.all.iter().flat_map(|manifest| &manifest.problems)
    }

    /// Learns what the words for kinds mean, and notes the lines whose kind the archive does not have.
    pub fn check_kinds(&mut self, meaning: impl Fn(&str) -> Option<String>) {
        let words = self.all.iter().flat_map(|manifest| &manifest.entries);
        self.kinds = words
            .filter_map(|entry| Some((entry.known.kind.clone(), meaning(&entry.known.kind)?)))
            .collect();
        let kinds = &self.kinds;
        for manifest in &mut self.all {
            let name = crate::walk::shown(&manifest.file);
            let is_unknown = |kind: &str| !kind.is_empty() && !kinds.contains_key(kind);
            let unknown = manifest.entries.iter().filter(|entry| is_unknown(&entry.known.kind));
            let problems: Vec<ManifestProblem> = unknown
                .map(|entry| ManifestProblem {
                    manifest: name.clone(),
                    line: entry.line,
                    detail: DetailCode::ManifestKindUnknown.with(entry.known.kind.as_str()),
                })
                .collect();
            manifest.problems.extend(problems);
            manifest.problems.sort_by_key(|problem| problem.line);
        }
    }

    /// The lines that speak of a file: those of the nearest manifest first, in each its own line and then those of its
    /// folders, the nearest first.
    fn lines(&self, path: &Path) -> Vec<Named<'_>> {
        let mut manifests: Vec<&Manifest> = self.all.iter().filter(|m| path.starts_with(&m.folder)).collect();
        manifests.sort_by_key(|m| std::cmp::Reverse(m.folder.components().count()));
        manifests.iter().flat_map(|manifest| manifest.lines(path)).collect()
    }

    /// What a file belongs to; `None` when no line speaks of it. The nearest manifest decides, and where it has a line of
    /// the file that names no document, another manifest may.
    pub fn grouping(&self, path: &Path) -> Option<AnnouncedGroup<'_>> {
        let lines = self.lines(path);
        let first = lines.first()?;
        let of_file = || lines.iter().filter(|line| !line.by_folder);
        let declared = match first.by_folder {
            true => Some(first),
            false => of_file().find(|line| !line.entry.document.is_empty()),
        };
        let Some(line) = declared else {
            return Some(AnnouncedGroup::Alone);
        };
        let manifest = line.manifest.file.as_path();
        Some(match line.entry.document.as_str() {
            "" => AnnouncedGroup::Folder(manifest, line.entry.line),
            document => AnnouncedGroup::Declared(manifest, document),
        })
    }

    /// The place of a file among those of its document.
    pub fn sequence(&self, path: &Path) -> Option<i64> {
        self.lines(path).iter().find_map(|line| line.entry.sequence)
    }

    /// What all lines together say of the document made of these files, in their order.
    pub fn told(&self, files: &[PathBuf]) -> KnownFacts {
        let mut lines: Vec<(usize, Named<'_>)> = Vec::new();
        let mut seen: HashSet<(&Path, u64)> = HashSet::new();
        for (at, file) in files.iter().enumerate() {
            let new = self.lines(file).into_iter();
            lines.extend(new.filter(|line| seen.insert(line.key())).map(|line| (at, line)));
        }
        // A line of a file says more of it than one of its folder.
        lines.sort_by_key(|(_, line)| line.by_folder);
        let Some((_, first)) = lines.first().copied() else {
            return KnownFacts::default();
        };
        let same_kind = |one: &str, other: &str| {
            let meant = |word: &str| self.kinds.get(word).cloned();
            one == other || meant(one).is_some_and(|kind| meant(other) == Some(kind))
        };
        let mut told = Told::new(first.entry.known.clone(), first.place(), &same_kind);
        let own: HashSet<&Path> = lines
            .iter()
            .filter(|(_, line)| !line.by_folder)
            .map(|(_, line)| line.key().0)
            .collect();
        for (at, line) in lines.iter().skip(1) {
            let speaks = match line.by_folder {
                false if *at == 0 => Speaks::OfIt,
                false => Speaks::OfPart,
                true if own.contains(line.key().0) => Speaks::InGeneral,
                true => Speaks::OfPart,
            };
            told.add(&line.entry.known, speaks, line.place());
        }
        told.known
    }

    /// Announced things of which no file came, as the manifests write them, each once. `is_put_away` says of a path
    /// whether an earlier run has taken it away.
    pub fn missing<'p>(
        &self,
        came: impl Iterator<Item = &'p Path>,
        is_put_away: impl Fn(&Path) -> bool,
    ) -> Vec<String> {
        let mut used: HashSet<(usize, u64)> = HashSet::new();
        for path in came {
            for (at, manifest) in self.all.iter().enumerate() {
                // A file uses up its own line and the lines of every folder above it.
                let mut up = Some(path);
                while let Some(here) = up.filter(|p| p.starts_with(&manifest.folder)) {
                    if let Some(entry) = manifest.entry_at(here) {
                        used.insert((at, entry.line));
                    }
                    up = here.parent();
                }
            }
        }
        let mut said: HashSet<String> = HashSet::new();
        let mut missing = Vec::new();
        for (at, manifest) in self.all.iter().enumerate() {
            for entry in manifest
                .entries
                .iter()
                .filter(|entry| !used.contains(&(at, entry.line)))
            {
                let path = manifest.folder.join(&entry.path);
                if !is_put_away(&path) && said.insert(forgiving(&path)) {
                    missing.push(entry.written.clone());
                }
            }
        }
        missing
    }
}

impl Manifest {
    /// Reads a manifest of these lines. Its paths are relative to its folder.
    ///
    /// # Errors
    /// When it is no table, or has no column of paths.
    pub fn read(
        file: &Path,
        lines: Result<Lines, TableError>,
        limits: &TableLimits,
    ) -> Result<Manifest, ManifestError> {
        let name = crate::walk::shown(file);
        let failed = |cause: TableError| ManifestError {
            path: name.clone(),
            cause: cause.into(),
        };
        let short = file
            .file_name()
            .map(|n| crate::walk::shown(Path::new(n)))
            .unwrap_or_default();
        let mut manifest = Manifest {
            file: file.to_owned(),
            folder: file.parent().unwrap_or(Path::new("/")).to_owned(),
            ..Manifest::default()
        };
        let problem = |line, detail: Detail| ManifestProblem {
            manifest: name.clone(),
            line,
            detail,
        };
        let table = lines.and_then(|lines| arrange_forgiving(lines, MANIFEST_COLUMNS, limits));
        let (table, broken) = table.map_err(failed)?;
        let broken = broken
            .into_iter()
            .map(|line| problem(line, not_used(DetailCode::ManifestCellsExceedHeader.alone())));
        manifest.problems.extend(broken);
        let mut shared: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in &table.rows {
            let mut problems = cell_faults(row);
            let entry = read_entry(row, &short, &mut problems);
            manifest
                .problems
                .extend(problems.into_iter().map(|detail| problem(row.line, detail)));
            let Some((entry, path)) = entry else { continue };
            let exact = path.as_os_str().as_bytes().to_vec();
            if let Some(former) = manifest.by_path.get(&exact) {
                let detail = manifest.entries[*former].said_again(&entry);
                manifest.problems.push(problem(row.line, detail));
                continue;
            }
            if !entry.document.is_empty() {
                let codes = shared.entry(entry.document.clone()).or_default();
                for code in &entry.known.customer_codes {
                    let folded = fold::code(code);
                    if !codes.iter().any(|known| fold::code(known) == folded) {
                        codes.push(code.clone());
                    }
                }
            }
            let at = manifest.entries.len();
            manifest.by_path.insert(exact, at);
            let slot = manifest.by_forgiving.entry(forgiving(&path));
            slot.and_modify(|known| *known = None).or_insert(Some(at));
            manifest.entries.push(entry);
        }
        manifest.share_customers(&shared);
        Ok(manifest)
    }

    /// Every file of a document must know all customers that any of its lines names.
    fn share_customers(&mut self, shared: &BTreeMap<String, Vec<String>>) {
        let name = crate::walk::shown(&self.file);
        for entry in self.entries.iter_mut().filter(|e| !e.document.is_empty()) {
            let codes = &shared[&entry.document];
            if codes.len() > 1 {
                self.problems.push(ManifestProblem {
                    manifest: name.clone(),
                    line: entry.line,
                    detail: DetailCode::ManifestCustomersDiffer
                        .with(entry.document.as_str())
                        .with(codes.join(", ")),
                });
            }
            entry.known.customer_codes.clone_from(codes);
        }
    }

    /// The line of a path, then those of the folders above it.
    fn lines(&self, path: &Path) -> impl Iterator<Item = Named<'_>> {
        let named = |(at, path): (usize, &Path)| {
            Some(Named {
                manifest: self,
                entry: self.entry_at(path)?,
                by_folder: at > 0,
            })
        };
        let above = path.ancestors().enumerate();
        let lines: Vec<Named<'_>> = above
            .take_while(|(_, folder)| folder.starts_with(&self.folder))
            .filter_map(named)
            .collect();
        lines.into_iter()
    }

    fn entry_at(&self, path: &Path) -> Option<&ManifestEntry> {
        let relative = path.strip_prefix(&self.folder).ok()?;
        let at = match self.by_path.get(relative.as_os_str().as_bytes()) {
            Some(at) => *at,
            None => (*self.by_forgiving.get(&forgiving(relative))?)?,
        };
        self.entries.get(at)
    }
}

/// The customer a folder is named after: `KH-0008`, `KH-0008_name`, `KH-0008 name`; of all folders below
/// the root the one nearest to the file comes first. Candidates only: linking finds out whether such a
/// customer exists.
pub fn folder_codes(root: &Path, path: &Path) -> Vec<String> {
    let Some(folder) = path.parent() else { return Vec::new() };
    let mut codes = Vec::new();
    for part in folder.ancestors().take_while(|f| f.starts_with(root)) {
        let Some(name) = part.file_name().and_then(OsStr::to_str) else {
            continue;
        };
        codes.push(name.to_owned());
        if let Some(at) = name.find([' ', '_', '\u{3000}', '（', '(', '＿']) {
            codes.push(name[..at].to_owned());
        }
    }
    codes.retain(|code| !code.trim().is_empty());
    codes
}

/// A form of a path in which case and composed or decomposed accents do not count.
fn forgiving(path: &Path) -> String {
    path.to_string_lossy().nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::SecurityLevel;
    use records::batches::StatedPaper;
    use records::documents::{CopyState, Medium, Particulars};
    use records::tables::TableRequest;

    fn read(text: &str) -> Manifest {
        of_bytes("/in/manifest.csv", text.as_bytes()).expect("a manifest")
    }

    fn of_bytes(path: &str, bytes: &[u8]) -> Result<Manifest, ManifestError> {
        let limits = TableLimits::default();
        let lines = records::tables::cells(bytes, &TableRequest::of(MANIFEST_COLUMNS, limits));
        Manifest::read(Path::new(path), lines, &limits)
    }

    fn codes(manifests: &Manifests, path: &str) -> Option<(Vec<String>, bool)> {
        let grouping = manifests.grouping(Path::new(path))?;
        let known = manifests.told(&[PathBuf::from(path)]);
        Some((known.customer_codes, matches!(grouping, AnnouncedGroup::Folder(..))))
    }

    #[test]
    fn paths_are_found_however_they_are_written() {
        let manifest = read("路径,客户代码,片区\n合同\\A.pdf,K1,东\n./b.tif,K2,\nxx,K3,\n");
        assert_eq!(manifest.problems, []);
        assert_eq!(
            manifest.entries[0].known.attributes,
            [("片区".to_owned(), "东".to_owned())]
        );
        let all = Manifests::new(vec![manifest]);
        let check = |path: &str, code: &str, by_folder: bool| {
            assert_eq!(codes(&all, path), Some((vec![code.to_owned()], by_folder)), "{path}");
        };
        check("/in/合同/A.pdf", "K1", false);
        check("/in/合同/a.PDF", "K1", false);
        check("/in/b.tif", "K2", false);
        check("/in/xx/1.jpg", "K3", true);
        check("/in/xx/y/2.jpg", "K3", true);
        assert_eq!(codes(&all, "/in/c.tif"), None);
        assert_eq!(codes(&all, "/other/b.tif"), None);
        let came = ["/in/b.tif", "/in/xx/1.jpg"].map(Path::new);
        assert_eq!(all.missing(came.into_iter(), |_| false), ["合同\\A.pdf"]);
        let away = |path: &Path| path == Path::new("/in/合同/A.pdf");
        assert!(
            all.missing([].into_iter(), away)
                .iter()
                .all(|path| !path.contains("A.pdf"))
        );
        assert_eq!(all.announced(), Some(3));
    }

    #[test]
    fn particulars_of_the_paper_are_read() {
        let manifest = read(
            "路径,部门,机构,载体,份数,正副本,印章,表单编号,保管期限,原件\n\
             a.pdf,信贷部,西湖营业厅,照片,3,副本,公章；合同专用章,qms-pm-31301,30年,复印件\n\
             b.pdf,,,石头,0,,,,,\n\
             c.pdf,,,电子,,,,,,\n",
        );
        let known = &manifest.entries[0].known;
        let more = &known.particulars;
        assert_eq!(
            (known.department.as_str(), known.site.as_str(), known.paper),
            ("信贷部", "西湖营业厅", StatedPaper::Is(CopyState::Copy))
        );
        assert_eq!((more.medium, more.copies), (Medium::Photograph, 3));
        assert_eq!(more.seals, ["公章", "合同专用章"]);
        assert_eq!(
            (more.form_code.as_str(), more.retention_class.as_str()),
            ("qms-pm-31301", "30年")
        );
        assert!(known.attributes.is_empty(), "{:?}", known.attributes);
        // What cannot be used is left out and said.
        assert_eq!(manifest.entries[1].known.particulars, Particulars::default());
        assert_eq!(manifest.problems.len(), 2, "{:?}", manifest.problems);
        assert_eq!(
            manifest.entries[2].known.paper,
            StatedPaper::None,
            "what is digital has no paper"
        );
    }

    fn nested(outer: &str, inner: &str) -> Manifests {
        let inner = of_bytes("/in/sub/manifest.csv", inner.as_bytes());
        let mut all = Manifests::new(vec![read(outer), inner.expect("a manifest")]);
        all.check_kinds(|kind| ["合同", "contract"].contains(&kind).then(|| "contract".to_owned()));
        all
    }

    /// What is told of a file below `/in`, and what contradicts.
    fn told(all: &Manifests, files: &[&str]) -> (KnownFacts, Vec<String>) {
        let files: Vec<PathBuf> = files.iter().map(|file| Path::new("/in").join(file)).collect();
        let known = all.told(&files);
        let said = known.contradictions.iter();
        let said = said.map(|c| format!("{}:{} {}", c.manifest, c.line, c.field.as_str()));
        let said = said.collect();
        (known, said)
    }

    #[test]
    fn every_manifest_above_speaks_and_the_nearest_first() {
        let all = nested(
            "path,customer_code,title,location_code,片区\nsub/a.pdf,OUT,外,A-1,东\nsub/b.pdf,OUT,,,\n",
            "path,customer_code,kind,title\na.pdf,,合同,内\n",
        );
        let (a, said) = told(&all, &["sub/a.pdf"]);
        assert_eq!(a.customer_codes, ["OUT"]);
        assert_eq!(
            (a.kind.as_str(), a.title.as_str(), a.location_code.as_str()),
            ("合同", "内", "A-1")
        );
        assert_eq!(a.attributes, [("片区".to_owned(), "东".to_owned())]);
        assert_eq!(said, ["/in/manifest.csv:2 title"]);
        assert_eq!(told(&all, &["sub/b.pdf"]).0.customer_codes, ["OUT"]);
        let came = [Path::new("/in/sub/a.pdf")];
        assert_eq!(all.missing(came.into_iter(), |_| false), ["sub/b.pdf"]);
        assert_eq!(all.announced(), Some(2), "a.pdf is one thing, whoever names it");
        assert_eq!(all.missing([].into_iter(), |_| false).len(), 2);
    }

    #[test]
    fn manifests_that_differ_ask_a_person() {
        let check = |outer: &str, inner: &str, said: &[&str]| {
            let header = "path,customer_code,kind,location_code,security_level,page_count,original\n";
            let all = nested(&format!("{header}{outer}\n"), &format!("{header}{inner}\n"));
            let (known, found) = told(&all, &["sub/a.pdf"]);
            assert_eq!(found, said, "{outer} and {inner}");
            known
        };
        let known = check("sub/a.pdf,OUT,,,,,", "a.pdf,IN,,,,,", &["/in/manifest.csv:2 customer"]);
        assert_eq!(known.customer_codes, ["IN", "OUT"]);
        check("sub/a.pdf,in,contract,a-1,,,", "a.pdf,IN,合同,A-1,,,", &[]);
        let known = check(
            "sub/a.pdf,,合同,A-2,3,5,复印件",
            "a.pdf,,其他,A-1,1,4,原件",
            &[
                "/in/manifest.csv:2 kind",
                "/in/manifest.csv:2 place",
                "/in/manifest.csv:2 pages_declared",
                "/in/manifest.csv:2 copy_state",
                "/in/manifest.csv:2 security_level",
            ],
        );
        assert_eq!(known.location_code, "A-1");
        assert_eq!(
            known.security_level,
            Some(SecurityLevel::Secret),
            "the higher one holds meanwhile"
        );
        // A folder as a whole is of the customer, one file in it of another: in one list that is meant so.
        check("sub,OUT,,A-2,,,", "a.pdf,IN,,,,,", &["/in/manifest.csv:2 customer"]);
        let one = nested(
            "path,customer_code,location_code\nsub,OUT,A-2\nsub/a.pdf,IN,\n",
            "path\n",
        );
        let (known, said) = told(&one, &["sub/a.pdf"]);
        assert_eq!(
            (known.customer_codes, known.location_code, said),
            (vec!["IN".to_owned()], "A-2".to_owned(), vec![])
        );
    }

    #[test]
    fn the_lines_of_all_files_of_a_document_count() {
        let all = nested(
            "path,document,title,location_code,page_count\n1.jpg,D,合同,,1\n2.jpg,D,附件,A-1,1\n",
            "path\n",
        );
        let (known, said) = told(&all, &["1.jpg", "2.jpg"]);
        assert_eq!((known.title.as_str(), known.location_code.as_str()), ("合同", "A-1"));
        assert_eq!(known.attributes, [("title_as_delivered".to_owned(), "附件".to_owned())]);
        assert!(said.is_empty(), "{said:?}");
        // Which files are one document may stand in the outer list alone.
        let all = nested(
            "path,document\nsub/a.jpg,D\nsub/b.jpg,D\n",
            "path,title\na.jpg,甲\nb.jpg,乙\n",
        );
        for file in ["/in/sub/a.jpg", "/in/sub/b.jpg"] {
            assert!(matches!(
                all.grouping(Path::new(file)),
                Some(AnnouncedGroup::Declared(_, "D"))
            ));
        }
    }

    #[test]
    fn bad_lines_are_told_and_the_rest_is_used() {
        let manifest = read(
            "path,date,security_level,page_count,original\n\
             a.pdf,yesterday,9,many,half\n\
             ../b.pdf,,,,\n\
             c.pdf,2024,1,3,原件,too,many\n\
             a.pdf,,,,\n\
             d.pdf,2024-05,2,3,复印件\n",
        );
        let lines: Vec<u64> = manifest.problems.iter().map(|p| p.line).collect();
        assert_eq!(lines, [4, 2, 2, 2, 2, 3, 5]);
        let codes: Vec<&str> = manifest.problems.iter().map(|p| p.detail.code.as_str()).collect();
        assert_eq!(
            codes,
            [
                "manifest_line_not_used",
                "manifest_date_unusable",
                "manifest_number_unusable",
                "manifest_level_unknown",
                "manifest_original_unknown",
                "manifest_line_not_used",
                "manifest_line_not_used",
            ]
        );
        assert_eq!(manifest.entries.len(), 2);
        let (a, d) = (&manifest.entries[0].known, &manifest.entries[1].known);
        assert_eq!(
            (a.date.as_str(), a.page_count, a.paper),
            ("", None, StatedPaper::NotStated)
        );
        assert_eq!(a.security_level, Some(SecurityLevel::Secret));
        assert_eq!(d.date.as_str(), "2024-05");
        assert_eq!(d.paper, StatedPaper::Is(CopyState::Copy));
        assert_eq!((d.source.file.as_str(), d.source.line), ("manifest.csv", 6));
    }

    #[test]
    fn a_cell_that_a_spreadsheet_has_spoilt_is_left_out_and_told() {
        let manifest = read("path,customer_code,title\na.pdf,6.22202E+18,合同\nb.pdf,1-Mar,#REF!\n");
        let told: Vec<(u64, &str)> = manifest
            .problems
            .iter()
            .map(|p| (p.line, p.detail.code.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (2, "manifest_cell_fault"),
                (3, "manifest_cell_fault"),
                (3, "manifest_cell_fault")
            ]
        );
        for entry in &manifest.entries {
            assert!(
                entry.known.customer_codes.is_empty(),
                "{:?}",
                entry.known.customer_codes
            );
        }
        let open = of_bytes("/in/m.csv", b"path,title,kind\na.pdf,\"x,y\nb.pdf,z,w\n");
        let said = open.expect_err("is refused").to_string();
        assert!(
            said.contains("line 2, cell 2") && said.contains("correct it or take it away"),
            "{said}"
        );
    }

    #[test]
    fn a_path_of_two_customers_is_for_a_person() {
        let manifest = read("path,customer_code\na.pdf,E-1\na.pdf,E-2\na.pdf,e-1\nb.pdf,\nb.pdf,E-3\n");
        let codes: Vec<&str> = manifest.problems.iter().map(|p| p.detail.code.as_str()).collect();
        assert_eq!(
            codes,
            [
                "manifest_path_of_several",
                "manifest_line_not_used",
                "manifest_line_not_used"
            ]
        );
        assert_eq!(manifest.entries[0].known.customer_codes, ["E-1", "E-2"]);
        assert_eq!(
            manifest.entries[1].known.customer_codes,
            ["E-3"],
            "nothing announced is lost"
        );
    }

    #[test]
    fn a_kind_that_there_is_not_is_told() {
        let mut all = Manifests::new(vec![read("path,kind\na.pdf,合同\nb.pdf,合同x\nc.pdf,\n")]);
        all.check_kinds(|kind| (kind == "合同").then(|| "contract".to_owned()));
        let lines: Vec<(u64, &str)> = all.problems().map(|p| (p.line, p.detail.code.as_str())).collect();
        assert_eq!(lines, [(3, "manifest_kind_unknown")]);
    }

    #[test]
    fn lines_of_a_document_must_agree() {
        let manifest =
            read("path,document,sequence,customer_code\n1.jpg,D,1,k-1\n2.jpg,D,2,K-1\n3.jpg,E,1,A\n4.jpg,E,2,B\n");
        assert_eq!(manifest.problems.len(), 2);
        assert_eq!(manifest.entries[1].known.customer_codes, ["k-1"]);
        assert_eq!(manifest.entries[2].known.customer_codes, ["A", "B"]);
    }

    #[test]
    fn a_manifest_without_paths_is_refused() {
        let read = of_bytes("/m.csv", b"a,b\n1,2\n");
        assert!(read.is_err_and(|e| e.to_string().contains("correct it or take it away")));
    }

    #[test]
    fn folders_may_be_named_after_customers() {
        let codes = |path: &str| folder_codes(Path::new("/in"), Path::new(path));
        assert_eq!(codes("/in/申请/KH-0008/a.pdf"), ["KH-0008", "申请", "in"]);
        assert_eq!(codes("/in/KH-8_某公司/a.pdf"), ["KH-8_某公司", "KH-8", "in"]);
        assert_eq!(codes("/in/KH-8 某公司/a.pdf"), ["KH-8 某公司", "KH-8", "in"]);
    }
}
