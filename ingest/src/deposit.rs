//! From read pages and a link decision to the input of the record: one document, its scans, its lines.
//!
//! Pure. Statements of people take precedence over what was read, and what was read over the name of the file.

use crate::announced::{StatedLocation, as_delivered};
use crate::extract::Extract;
use crate::group::{GroupedBy, Unit};
use crate::identify::StagedFile;
use crate::link::reason;
use crate::manifest::{KnownFacts, StatedPaper};
use crate::pages::ReadPage;
use crate::report::line;
use crate::walk::raw;
use records::batches::{BatchLine, Outcome};
use records::documents::{
    Announcement, Candidate, CopyState, Deposit, KnownScan, Link, LinkBasis, NewDocument, NewOriginal, NewScan,
};
use records::kinds::{DocumentKind, Kinds};
use records::pages::PageState;
use records::settings::ArchiveSettings;
use std::path::Path;
use vocabulary::Reason;
use vocabulary::detail::{Detail, DetailCode};

/// A document ready to be filed.
pub struct Prepared {
    pub files: Vec<StagedFile>,
    pub document: NewDocument,
    /// One for each file, in order.
    pub lines: Vec<BatchLine>,
    pub known_scan: KnownScan,
}

/// The results of the stages before, for one unit.
pub struct Findings {
    pub said: Announcement,
    pub pages: Vec<ReadPage>,
    pub extract: Extract,
    pub link: Link,
    pub location: StatedLocation,
}

/// Puts a document together.
pub fn prepare(
    unit: &Unit,
    files: Vec<StagedFile>,
    findings: Findings,
    kinds: &Kinds,
    settings: &ArchiveSettings,
) -> Prepared {
    let Findings {
        said,
        pages,
        extract,
        link,
        location,
    } = findings;
    let known = &unit.known;
    let heading = extract.heading;
    // Among what could be the title, a line that names a kind is the likelier one.
    let named = heading.candidates.iter().find(|line| kinds.by_title(line).is_some());
    let heading_title = named.unwrap_or(&heading.title);
    let title = first_said([&known.title, heading_title, &name_of(unit)]);
    let kind = kind_said_or_read(known, kinds, &title, extract.kind_by_content, &pages);
    let attributes = as_delivered(known, kinds, &location);
    let security_level = known
        .security_level
        .or(kind.map(|kind| kind.security_level))
        .unwrap_or(settings.security_level_default);
    let born_digital = pages.iter().all(|page| page.born_digital);
    let original = original(known.paper, &location, born_digital);
    let mut particulars = known.particulars.clone();
    if let Some(kind) = kind.filter(|_| particulars.retention_class.is_empty()) {
        particulars.retention_class.clone_from(&kind.retention_class);
    }
    let kind = kind.map(|kind| kind.code.clone()).unwrap_or_default();
    let lines = lines_of(&files, &pages, &kind, location.code(), known);
    let document = NewDocument {
        link: with_location(link, &location),
        kind,
        title,
        number: first_said([&known.number, &heading.number, ""]),
        date: if known.date.is_empty() {
            heading.date
        } else {
            known.date.clone()
        },
        validity: extract.validity,
        pages_declared: known.page_count,
        copy_state: copy_state(known.paper),
        security_level,
        department: known.department.clone(),
        site: known.site.clone(),
        particulars,
        attributes,
        pages: pages.into_iter().map(|page| page.page).collect(),
        facts: extract.facts,
        original,
        stated: said.stated(),
        announced: said.digest.clone(),
    };
    Prepared {
        files,
        document,
        lines,
        known_scan: KnownScan::IsDuplicate,
    }
}

/// What is to be said when another number of pages was declared than came.
pub fn pages_differ(known: &KnownFacts, scanned: i64) -> Option<Detail> {
    let declared = known.page_count.filter(|declared| *declared != scanned)?;
    Some(DetailCode::PagesDiffer.with(declared).with(scanned))
}

/// One line for each file, in order.
fn lines_of(
    files: &[StagedFile],
    pages: &[ReadPage],
    kind: &str,
    location_code: &str,
    known: &KnownFacts,
) -> Vec<BatchLine> {
    let line_of = |(scan, file): (usize, &StagedFile)| BatchLine {
        sha256: file.scan.fingerprint.hex(),
        bytes: i64::try_from(file.scan.bytes).unwrap_or(i64::MAX),
        location_code: location_code.to_owned(),
        kind: kind.to_owned(),
        pages: pages.iter().filter(|page| page.page.scan == scan).count() as i64,
        ..with_failures(line(raw(&file.file.path()), Outcome::Filed), pages, scan)
    };
    let mut lines: Vec<BatchLine> = files.iter().enumerate().map(line_of).collect();
    if let Some(first) = lines.first_mut() {
        let differ = pages_differ(known, pages.len() as i64);
        first.detail = first
            .detail
            .take()
            .into_iter()
            .chain(differ)
            .reduce(|all, next| all.and(Some(next)));
    }
    lines
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
    /// The input of the record. The document is copied, because a full disk makes a second try
    /// necessary and the first consumes it.
    pub fn deposit(
        document: &NewDocument,
        lines: &[BatchLine],
        known_scan: KnownScan,
        files: Vec<StagedFile>,
    ) -> Deposit {
        let scans = files
            .into_iter()
            .map(|file| NewScan {
                media_type: file.media.name().to_owned(),
                path: raw(&file.file.path()),
                staged: file.scan,
            })
            .collect();
        Deposit {
            scans,
            documents: vec![document.clone()],
            lines: lines.to_vec(),
            known_scan,
        }
    }
}

/// A link that a person must settle because something else was said of the document made from the same bytes. A question
/// that the delivery raises by itself comes first.
pub fn contradicted(link: Link, differences: Detail, other_customer: bool) -> Link {
    match link {
        Link::Review {
            reason,
            detail,
            candidates,
        } if reason != reason::CUSTOMER_MISSING => Link::Review {
            reason,
            detail: if detail == differences {
                detail
            } else {
                detail.and(Some(differences))
            },
            candidates,
        },
        link => Link::Review {
            reason: match other_customer {
                true => reason::SAME_SCAN_OTHER_CUSTOMER.to_owned(),
                false => Reason::AnnouncedOtherwise.as_str().to_owned(),
            },
            detail: differences,
            candidates: candidates_of(link),
        },
    }
}

/// A document with an unknown location waits for a person, with its customer as the proposal.
pub fn with_location(link: Link, location: &StatedLocation) -> Link {
    let StatedLocation::Unknown(code) = location else {
        return link;
    };
    let what = DetailCode::LocationUnknown.with(code.as_str());
    match link {
        Link::Certain { .. } => Link::Review {
            reason: reason::LOCATION_UNKNOWN.to_owned(),
            detail: what,
            candidates: candidates_of(link),
        },
        Link::Review {
            reason,
            detail,
            candidates,
        } => Link::Review {
            reason,
            detail: detail.and(Some(what)),
            candidates,
        },
    }
}

fn candidates_of(link: Link) -> Vec<Candidate> {
    match link {
        Link::Certain {
            customer_uid, basis, ..
        } => {
            vec![Candidate {
                customer_uid,
                basis,
                confidence: certainty(basis),
                evidence: Vec::new(),
            }]
        }
        Link::Review { candidates, .. } => candidates,
    }
}

fn certainty(basis: LinkBasis) -> f64 {
    if basis <= LinkBasis::CommandLine { 1.0 } else { 0.95 }
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

fn with_failures(mut line: BatchLine, pages: &[ReadPage], scan: usize) -> BatchLine {
    let mut failed = pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.page.scan == scan && page.page.state == PageState::Failed)
        .map(|(at, page)| (at + 1, &page.page.failure));
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
fn name_of(unit: &Unit) -> String {
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
    use crate::walk::Walked;

    fn certain() -> Link {
        Link::Certain {
            customer_uid: 7,
            basis: LinkBasis::Manifest,
            detail: DetailCode::NamedOnCommandLine.alone(),
        }
    }

    #[test]
    fn an_unknown_shelf_is_for_a_person() {
        let unknown = StatedLocation::Unknown("K9".to_owned());
        let Link::Review { reason, candidates, .. } = with_location(certain(), &unknown) else {
            panic!("it must wait for a person");
        };
        assert_eq!((reason.as_str(), candidates[0].customer_uid), ("location_unknown", 7));
        assert_eq!(with_location(certain(), &StatedLocation::NotStated), certain());
    }

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
