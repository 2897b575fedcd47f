//! What a delivery states about itself: manifests, and folders named after customers.
//!
//! A manifest is read, checked line by line and queried by path. A line or a cell that cannot be used
//! is reported as a problem, never a reason to stop. Refuses to know the record: codes are plain text
//! here, and linking finds out whether they exist.

mod known;
mod line;

pub use known::{KnownFacts, ManifestEntry, ManifestSource, StatedPaper};
pub use line::MANIFEST_COLUMNS;

use line::{cell_faults, not_used, read_entry};
use records::fold;
use records::tables::{Lines, TableError, TableLimits, arrange_forgiving};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
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
pub struct Manifests(Vec<Manifest>);

/// An entry, and how it applies to a file.
#[derive(Clone, Copy, Debug)]
pub struct Named<'m> {
    pub manifest: &'m Manifest,
    pub entry: &'m ManifestEntry,
    /// The entry names a folder above the file, which makes all files in it one document.
    pub by_folder: bool,
}

impl Manifests {
    pub fn new(manifests: Vec<Manifest>) -> Manifests {
        Manifests(manifests)
    }

    /// Number of lines of all manifests; `None` without a manifest.
    pub fn announced(&self) -> Option<i64> {
        let lines = self.0.iter().map(|m| m.entries.len() as i64).sum();
        (!self.0.is_empty()).then_some(lines)
    }

    pub fn problems(&self) -> impl Iterator<Item = &ManifestProblem> {
        self.0.iter().flat_map(|manifest| &manifest.problems)
    }

    /// Notes the lines whose kind the archive does not have.
    pub fn check_kinds(&mut self, is_known: impl Fn(&str) -> bool) {
        for manifest in &mut self.0 {
            let name = crate::walk::shown(&manifest.file);
            let unknown = manifest.entries.iter().filter(|entry| {
                let kind = entry.known.kind.as_str();
                !kind.is_empty() && !is_known(kind)
            });
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

    /// The line that applies to a file: its own, else that of the nearest folder; of several manifests
    /// the one whose folder is nearest.
    pub fn named(&self, path: &Path) -> Option<Named<'_>> {
        let mut manifests: Vec<&Manifest> = self.0.iter().filter(|m| path.starts_with(&m.folder)).collect();
        manifests.sort_by_key(|m| std::cmp::Reverse(m.folder.components().count()));
        manifests.iter().find_map(|manifest| manifest.named(path))
    }

    /// Announced paths for which no file came, as the manifests write them.
    pub fn missing<'p>(&self, came: impl Iterator<Item = &'p Path>) -> Vec<String> {
        let mut used: HashSet<(usize, u64)> = HashSet::new();
        for path in came {
            for (at, manifest) in self.0.iter().enumerate() {
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
        let unused = |(at, manifest): (usize, &Manifest)| {
            let lines = manifest.entries.iter().filter(|e| !used.contains(&(at, e.line)));
            lines.map(|e| e.written.clone()).collect::<Vec<_>>()
        };
        self.0.iter().enumerate().flat_map(unused).collect()
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

    fn named(&self, path: &Path) -> Option<Named<'_>> {
        if let Some(entry) = self.entry_at(path) {
            return Some(Named {
                manifest: self,
                entry,
                by_folder: false,
            });
        }
        path.ancestors()
            .skip(1)
            .take_while(|folder| folder.starts_with(&self.folder))
            .find_map(|folder| self.entry_at(folder))
            .map(|entry| Named {
                manifest: self,
                entry,
                by_folder: true,
            })
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
        let named = manifests.named(Path::new(path))?;
        Some((named.entry.known.customer_codes.clone(), named.by_folder))
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
        assert_eq!(all.missing(came.into_iter()), ["合同\\A.pdf"]);
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

    #[test]
    fn the_nearest_manifest_speaks() {
        let outer = read("path,customer_code\nsub/a.pdf,OUT\nsub/b.pdf,OUT\n");
        let inner = of_bytes("/in/sub/manifest.csv", b"path,customer_code\na.pdf,IN\n");
        let all = Manifests::new(vec![outer, inner.expect("a manifest")]);
        assert_eq!(codes(&all, "/in/sub/a.pdf"), Some((vec!["IN".to_owned()], false)));
        assert_eq!(codes(&all, "/in/sub/b.pdf"), Some((vec!["OUT".to_owned()], false)));
        assert_eq!(all.missing([Path::new("/in/sub/a.pdf")].into_iter()), ["sub/b.pdf"]);
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
        all.check_kinds(|kind| kind == "合同");
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
