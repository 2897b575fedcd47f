//! From read pages and link decisions to the input of the record: the documents of a unit, its scans, its lines.
//!
//! Pure. Statements of people take precedence over what was read, and what was read over the name of the file.

use crate::announced::{StatedLocation, as_delivered};
use crate::cut::Part;
use crate::extract::Extract;
use crate::group::{GroupedBy, Unit};
use crate::identify::StagedFile;
use crate::link::{in_question, reason};
use crate::manifest::KnownFacts;
use crate::pages::ReadPage;
use crate::report::line;
use crate::walk::{Walked, raw};
use records::batches::StatedPaper;
use records::batches::{BatchLine, Outcome};
use records::documents::{Announcement, CopyState, Deposit, KnownScan, Link, NewDocument, NewOriginal, NewScan};
use records::ids::Fingerprint;
use records::kinds::{DocumentKind, Kinds};
use records::pages::PageState;
use records::settings::ArchiveSettings;
use std::path::Path;
use vocabulary::Reason;
use vocabulary::detail::{Detail, DetailCode};

/// Documents ready to be filed: those of one unit.
pub struct Prepared {
    pub files: Vec<StagedFile>,
    pub documents: Vec<NewDocument>,
    /// One for each file, in order.
    pub lines: Vec<BatchLine>,
    pub known_scan: KnownScan,
    /// What was inside its files and makes documents of its own, the outer before the inner.
    pub inside: Vec<EnclosedFile>,
    /// What was inside and cannot be taken.
    pub not_taken: Vec<BatchLine>,
}

/// A file that was inside another.
pub struct EnclosedFile {
    pub file: Walked,
    pub fingerprint: Fingerprint,
    /// In which it was: a file of the unit, or one of those inside.
    pub of: InsideOf,
    /// Its place there.
    pub at: u32,
    /// The file while it is in staging.
    pub staged: Option<StagedFile>,
    /// None where its bytes are known.
    pub documents: Vec<NewDocument>,
    pub line: BatchLine,
}

/// In which file another was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsideOf {
    /// The file of this number of the unit.
    Unit(usize),
    /// The one of this number among those inside.
    Inside(usize),
}

/// The results of the stages before, for one document.
pub struct Findings {
    pub said: Announcement,
    pub part: Part,
    /// What people say of it, with what its cover sheet says.
    pub known: KnownFacts,
    pub extract: Extract,
    pub link: Link,
    pub location: StatedLocation,
    /// Its name without a title, as its file is called.
    pub name: String,
}

/// A document, with what its line says.
pub struct PreparedDocument {
    pub document: NewDocument,
    pub location_code: String,
}

/// Puts a document together.
pub fn document(findings: Findings, kinds: &Kinds, settings: &ArchiveSettings) -> PreparedDocument {
    let Findings {
        said,
        part,
        known,
        extract,
        link,
        location,
        name,
    } = findings;
    let pages = part.pages;
    let heading = extract.heading;
    // Among what could be the title, a line that names a kind is the likelier one.
    let named = heading.candidates.iter().find(|line| kinds.by_title(line).is_some());
    let heading_title = named.unwrap_or(&heading.title);
    let title = first_said([&known.title, heading_title, &name]);
    let kind = kind_said_or_read(&known, kinds, &title, extract.kind_by_content, &pages);
    let attributes = as_delivered(&known, kinds, &location);
    let security_level = known
        .security_level
        .or(kind.map(|kind| kind.security_level))
        .unwrap_or(settings.security_level_default);
    let born_digital = pages.iter().all(|page| page.born_digital);
    let original = original(known.paper, &location, born_digital);
    let mut particulars = known.particulars;
    if let Some(kind) = kind.filter(|_| particulars.retention_class.is_empty()) {
        particulars.retention_class.clone_from(&kind.retention_class);
    }
    let location_code = location.code().to_owned();
    let document = NewDocument {
        link,
        kind: kind.map(|kind| kind.code.clone()).unwrap_or_default(),
        title,
        number: first_said([&known.number, &heading.number, ""]),
        date: if known.date.is_empty() {
            heading.date
        } else {
            known.date
        },
        validity: extract.validity,
        pages_declared: known.page_count,
        copy_state: copy_state(known.paper),
        security_level,
        department: known.department,
        site: known.site,
        particulars,
        attributes,
        pages: pages.into_iter().map(|page| page.page).collect(),
        facts: extract.facts,
        original,
        stated: said.stated(),
        announced: said.digest,
    };
    PreparedDocument {
        document,
        location_code,
    }
}

/// Puts the documents of a unit together, with `noted` on the line of its file.
pub fn prepare(
    known: &KnownFacts,
    files: Vec<StagedFile>,
    documents: Vec<PreparedDocument>,
    noted: Option<&Detail>,
) -> Prepared {
    let mut lines = lines_of(&files, &documents, noted);
    let pages: usize = documents.iter().map(|prepared| prepared.document.pages.len()).sum();
    if let Some(first) = lines.first_mut() {
        let differ = pages_differ(known, i64::try_from(pages).unwrap_or(i64::MAX));
        let all = first.detail.take().into_iter().chain(differ);
        first.detail = all.reduce(|all, next| all.and(Some(next)));
    }
    Prepared {
        files,
        documents: documents.into_iter().map(|prepared| prepared.document).collect(),
        lines,
        known_scan: KnownScan::IsDuplicate,
        inside: Vec::new(),
        not_taken: Vec::new(),
    }
}

/// What is to be said when another number of pages was declared than came.
pub fn pages_differ(known: &KnownFacts, scanned: i64) -> Option<Detail> {
    let declared = known.page_count.filter(|declared| *declared != scanned)?;
    Some(DetailCode::PagesDiffer.with(declared).with(scanned))
}

/// One line for each file, in order. Where its documents differ in place or kind, it names none.
fn lines_of(files: &[StagedFile], documents: &[PreparedDocument], noted: Option<&Detail>) -> Vec<BatchLine> {
    let same = |of: fn(&PreparedDocument) -> &str| match documents {
        [first, others @ ..] if others.iter().all(|other| of(other) == of(first)) => of(first).to_owned(),
        _ => String::new(),
    };
    let location_code = same(|prepared| &prepared.location_code);
    let kind = same(|prepared| &prepared.document.kind);
    let line_of = |(scan, file): (usize, &StagedFile)| {
        let failures = with_failures(line(raw(&file.file.path()), Outcome::Filed), documents, scan);
        let pages = documents.iter().flat_map(|prepared| &prepared.document.pages);
        BatchLine {
            sha256: file.scan.fingerprint.hex(),
            bytes: i64::try_from(file.scan.bytes).unwrap_or(i64::MAX),
            location_code: location_code.clone(),
            kind: kind.clone(),
            pages: pages.filter(|page| page.scan == scan).count() as i64,
            detail: match noted {
                Some(noted) => Some(noted.clone().and(failures.detail.clone())),
                None => failures.detail.clone(),
            },
            ..failures
        }
    };
    files.iter().enumerate().map(line_of).collect()
}

/// A kind stated by a person takes precedence over the text; a word that names no kind is ignored.
fn kind_said_or_read<'k>(
    known: &KnownFacts,
    kinds: &'k Kinds,
    title: &str,
    by_content: Option<&str>,
    pages: &[ReadPage],
) -> Option<&'k DocumentKind> {
    if !known.kind.is_empty() {
        return kinds.resolve(&known.kind);
    }
    let first = pages.first().and_then(|page| page.page.text.as_ref());
    let text = first.map(|text| text.layer.text()).unwrap_or_default();
    kind_of(kinds, title, by_content, &text)
}

/// The kind of a paper by its title, by its form, by the words that the archive has
/// recorded for it. Two that fit equally are none.
pub fn kind_of<'k>(kinds: &'k Kinds, title: &str, by_content: Option<&str>, text: &str) -> Option<&'k DocumentKind> {
    let usual = || kinds.get(by_content?).filter(|kind| kind.active);
    kinds
        .by_title(title)
        .or_else(usual)
        .or_else(|| kinds.judge("", text).kind())
}

impl Prepared {
    /// The input of the record, what was inside behind what it was in. The documents are copied, because a full disk makes
    /// a second try necessary and the first consumes them.
    pub fn deposits(&mut self, all: &mut Vec<Deposit>) {
        let own = all.len();
        all.push(Deposit {
            scans: std::mem::take(&mut self.files).into_iter().map(new_scan).collect(),
            documents: self.documents.clone(),
            lines: self.lines.clone(),
            not_taken: self.not_taken.clone(),
            known_scan: self.known_scan,
            came_in: None,
        });
        for inside in &mut self.inside {
            all.push(Deposit {
                scans: inside.staged.take().into_iter().map(new_scan).collect(),
                documents: inside.documents.clone(),
                lines: vec![inside.line.clone()],
                not_taken: Vec::new(),
                known_scan: KnownScan::IsDuplicate,
                came_in: Some(match inside.of {
                    InsideOf::Unit(_) => own,
                    InsideOf::Inside(number) => own + 1 + number,
                }),
            });
        }
    }
}

fn new_scan(file: StagedFile) -> NewScan {
    NewScan {
        media_type: file.media.name().to_owned(),
        path: raw(&file.file.path()),
        staged: file.scan,
    }
}

/// A document whose location is unknown or out of use waits for a person, with its customer as the proposal.
pub fn with_location(link: Link, location: &StatedLocation) -> Link {
    let (why, what) = match location {
        StatedLocation::Unknown(code) => (
            reason::LOCATION_UNKNOWN,
            DetailCode::LocationUnknown.with(code.as_str()),
        ),
        StatedLocation::Retired(code) => (
            reason::LOCATION_RETIRED,
            DetailCode::LocationRetired.with(code.as_str()),
        ),
        StatedLocation::NotStated | StatedLocation::Known(_) => return link,
    };
    in_question(link, why, what)
}

fn copy_state(paper: StatedPaper) -> CopyState {
    match paper {
        StatedPaper::Is(state) => state,
        StatedPaper::NotStated | StatedPaper::None => CopyState::Unknown,
    }
}

fn original(paper: StatedPaper, location: &StatedLocation, born_digital: bool) -> NewOriginal {
    match (paper, location) {
        (StatedPaper::None, _) => NewOriginal::None,
        (_, StatedLocation::Known(location)) => NewOriginal::Paper {
            location_uid: Some(location.uid),
        },
        // A file that was never scanned, and no statement that there is paper.
        (StatedPaper::NotStated, StatedLocation::NotStated) if born_digital => NewOriginal::None,
        _ => NewOriginal::Paper { location_uid: None },
    }
}

fn with_failures(mut line: BatchLine, documents: &[PreparedDocument], scan: usize) -> BatchLine {
    let pages = documents
        .iter()
        .flat_map(|prepared| prepared.document.pages.iter().enumerate());
    let mut failed = pages
        .filter(|(_, page)| page.scan == scan && page.state == PageState::Failed)
        .map(|(at, page)| (at + 1, &page.failure));
    if let Some((number, failure)) = failed.next() {
        line.reason = Reason::PageFailed.as_str().to_owned();
        let failure = failure.clone().unwrap_or_else(|| DetailCode::PageDamaged.alone());
        line.detail = Some(match failed.count() {
            0 => DetailCode::PageFailed.with(number).with(failure),
            more => DetailCode::PagesFailed.with(number).with(failure).with(more),
        });
    }
    line
}

fn first_said(texts: [&str; 3]) -> String {
    texts
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// Its name in the delivery: of the file, of the folder, or the common part of the names.
pub fn name_of(unit: &Unit) -> String {
    let Some(file) = unit.files.first() else {
        return String::new();
    };
    let path = file.path();
    let stem = path
        .file_stem()
        .map(|stem| crate::walk::shown(Path::new(stem)))
        .unwrap_or_default();
    if unit.by == GroupedBy::Alone || unit.files.len() < 2 {
        return stem;
    }
    let shared = stem
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches(['-', '_', ' ', '.']);
    if shared.is_empty() {
        let folder = path.parent().and_then(Path::file_name);
        return folder
            .map(|name| crate::walk::shown(Path::new(name)))
            .unwrap_or_default();
    }
    shared.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_what_people_say_it_is() {
        let on_paper = NewOriginal::Paper { location_uid: None };
        let check = |paper, born_digital, expected| {
            assert_eq!(original(paper, &StatedLocation::NotStated, born_digital), expected);
        };
        check(StatedPaper::NotStated, false, on_paper);
        check(StatedPaper::NotStated, true, NewOriginal::None);
        check(StatedPaper::Is(CopyState::Original), true, on_paper);
        check(StatedPaper::None, false, NewOriginal::None);
    }

    #[test]
    fn a_document_has_a_name_whatever_happens() {
        let check = |paths: &[&str], by, expected: &str| {
            let files = paths
                .iter()
                .map(|path| Walked {
                    root: "/in".into(),
                    relative: path.into(),
                    bytes: 1,
                    modified: None,
                })
                .collect();
            let unit = Unit {
                files,
                by,
                known: KnownFacts::default(),
                incomplete: None,
            };
            assert_eq!(name_of(&unit), expected);
        };
        check(&["a/合同 1.pdf"], GroupedBy::Alone, "合同 1");
        check(&["a/HT-1_001.jpg", "a/HT-1_002.jpg"], GroupedBy::Manifest, "HT-1");
        check(&["合同/001.jpg", "合同/002.jpg"], GroupedBy::Manifest, "合同");
    }
}
