//! What was inside the files of a unit becomes documents of the same unit: theirs is what people say of the whole, whose
//! paper they came in proposes its customer, and their lines stand below its path.

use super::{Pipeline, Watch, WholeUnit};
use crate::cut::Declared;
use crate::deposit::{self, EnclosedFile, InsideOf, PreparedDocument};
use crate::group::{GroupedBy, Unit};
use crate::identify::StagedFile;
use crate::inside::{RoomInside, TakenOut, ToldOfInside, left_inside};
use crate::manifest::KnownFacts;
use crate::pages::{PagesStopped, read_pages};
use crate::report::line;
use crate::walk::{Walked, raw};
use reading::page::BesidePages;
use reading::reason::Refusal;
use records::batches::StatedPaper;
use records::batches::{BatchLine, Outcome};
use records::documents::{Candidate, Link, LinkBasis};
use records::ids::Fingerprint;
use std::collections::{HashSet, VecDeque};
use vocabulary::detail::{Detail, DetailCode};

/// How sure it is that a paper belongs to the customer of the paper it came in.
const ENCLOSED_CONFIDENCE: f64 = 0.6;

/// The files inside a unit, on their way.
pub(super) struct Enclosed {
    /// What is told of the files of the unit.
    pub told: ToldOfInside,
    pub made: Vec<EnclosedFile>,
    pub not_taken: Vec<BatchLine>,
    waiting: VecDeque<Waiting>,
    room: RoomInside,
}

/// A file that was taken out and not yet read.
struct Waiting {
    file: StagedFile,
    of: InsideOf,
    at: u32,
    /// How deep it lies.
    depth: u32,
}

impl Enclosed {
    fn add(&mut self, found: TakenOut, of: InsideOf, depth: u32) {
        let damaged = found
            .damaged
            .iter()
            .map(|(file, refusal)| refused(file, refusal, String::new()));
        self.not_taken.extend(damaged);
        let waiting = found
            .taken
            .into_iter()
            .map(|(file, at)| Waiting { file, of, at, depth });
        self.waiting.extend(waiting);
    }
}

impl Pipeline {
    /// Takes out what is inside the files of a unit.
    pub(super) async fn enclosed(
        &self,
        unit: &Unit,
        files: &[StagedFile],
        beside: &[BesidePages],
        watch: Watch<'_>,
    ) -> Result<Enclosed, PagesStopped> {
        let mut enclosed = Enclosed {
            told: ToldOfInside::default(),
            made: Vec::new(),
            not_taken: Vec::new(),
            waiting: VecDeque::new(),
            room: RoomInside::of(&self.means),
        };
        debug_assert_eq!(unit.files.len(), files.len(), "each file of a unit is staged");
        for (number, (file, beside)) in files.iter().zip(beside).enumerate() {
            let told = self
                .take_out(&mut enclosed, file, beside, InsideOf::Unit(number), 0, watch)
                .await?;
            enclosed.told.noted.extend(told.noted);
            enclosed.told.asked.extend(told.asked);
        }
        Ok(enclosed)
    }

    async fn take_out(
        &self,
        enclosed: &mut Enclosed,
        file: &StagedFile,
        beside: &BesidePages,
        of: InsideOf,
        depth: u32,
        watch: Watch<'_>,
    ) -> Result<ToldOfInside, PagesStopped> {
        if !self.settings.take_out_files_inside {
            return Ok(left_inside(beside));
        }
        let taking = self.taking_out(watch);
        let found = taking.all_of(file, beside, depth, &mut enclosed.room).await?;
        let told = found.told(beside, &self.means);
        enclosed.add(found, of, depth + 1);
        Ok(told)
    }

    /// Makes documents of what was taken out, and of what is inside that.
    pub(super) async fn make_enclosed(
        &self,
        unit: &Unit,
        whole: &WholeUnit,
        outer: &[PreparedDocument],
        enclosed: &mut Enclosed,
        watch: Watch<'_>,
    ) -> Result<(), PagesStopped> {
        let known = said_of_enclosed(unit.known.clone());
        let of_outer = customer_of(outer);
        let mut seen: HashSet<Fingerprint> = HashSet::new();
        while let Some(Waiting { file, of, at, depth }) = enclosed.waiting.pop_front() {
            let came_in =
                DetailCode::CameIn.with(crate::walk::shown(file.file.path().parent().unwrap_or(&file.file.root)));
            let fingerprint = file.scan.fingerprint;
            let path = raw(&file.file.path());
            let bytes = i64::try_from(file.scan.bytes).unwrap_or(i64::MAX);
            let is_known =
                seen.contains(&fingerprint) || self.system.duplicate_line(fingerprint, &path, bytes).await?.is_some();
            let mut inside = EnclosedFile {
                line: line(path, Outcome::Filed),
                file: file.file.clone(),
                fingerprint,
                of,
                at,
                staged: None,
                documents: Vec::new(),
            };
            if is_known {
                inside.staged = Some(file);
                enclosed.made.push(inside);
                continue;
            }
            let scans = std::slice::from_ref(&file);
            let refusal = match read_pages(&self.means, scans, watch.cancel, &|_, _| {}).await? {
                Err(refusal) => Some(refusal),
                Ok(pages) => {
                    let number = InsideOf::Inside(enclosed.made.len());
                    let beside = pages.beside.first().cloned().unwrap_or_default();
                    let told = self.take_out(enclosed, &file, &beside, number, depth, watch).await?;
                    let own = WholeUnit {
                        statements: whole.statements.clone(),
                        name: name_of(&file.file),
                        digest: whole.digest.clone(),
                        elsewhere: [pages.elsewhere(), told.asked].concat(),
                        noted: [vec![came_in], pages.noted(), told.noted].concat(),
                        declared: Declared::OneFile,
                    };
                    match self.documents(&known, &own, pages.pages).await? {
                        Err(refusal) => Some(refusal),
                        Ok((documents, noted)) => {
                            self.finish(&mut inside, documents, noted.as_ref(), of_outer, file);
                            seen.insert(fingerprint);
                            enclosed.made.push(inside);
                            continue;
                        }
                    }
                }
            };
            if let Some(refusal) = refusal {
                enclosed
                    .not_taken
                    .push(refused(&inside.file, &refusal, fingerprint.hex()));
            }
        }
        Ok(())
    }

    fn finish(
        &self,
        inside: &mut EnclosedFile,
        documents: Vec<PreparedDocument>,
        noted: Option<&Detail>,
        of_outer: Option<i64>,
        file: StagedFile,
    ) {
        let prepared = deposit::prepare(&KnownFacts::default(), vec![file], documents, noted);
        inside.documents = prepared.documents;
        for document in &mut inside.documents {
            if let (Some(customer), Link::Review { candidates, .. }) = (of_outer, &mut document.link)
                && !candidates.iter().any(|known| known.customer_uid == customer)
            {
                candidates.push(Candidate {
                    customer_uid: customer,
                    basis: LinkBasis::Enclosing,
                    confidence: ENCLOSED_CONFIDENCE,
                    evidence: Vec::new(),
                });
            }
        }
        if let Some(line) = prepared.lines.into_iter().next() {
            inside.line = line;
        }
        inside.staged = prepared.files.into_iter().next();
    }
}

/// What people say of a paper holds for those in its file, but for what can be true of one only; they were never paper.
fn said_of_enclosed(known: KnownFacts) -> KnownFacts {
    let mut known = known.of_stack();
    known.attributes.clear();
    known.paper = StatedPaper::None;
    known.location_code = String::new();
    known.kind = String::new();
    known
}

/// The customer of the paper, where that is certain and one.
fn customer_of(documents: &[PreparedDocument]) -> Option<i64> {
    let certain = |document: &PreparedDocument| match document.document.link {
        Link::Certain { customer_uid, .. } => Some(customer_uid),
        Link::Review { .. } => None,
    };
    let first = certain(documents.first()?)?;
    documents
        .iter()
        .all(|other| certain(other) == Some(first))
        .then_some(first)
}

fn name_of(file: &Walked) -> String {
    deposit::name_of(&Unit {
        files: vec![file.clone()],
        by: GroupedBy::Alone,
        known: KnownFacts::default(),
        incomplete: None,
    })
}

fn refused(file: &Walked, refusal: &Refusal, sha256: String) -> BatchLine {
    BatchLine {
        bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        reason: refusal.reason.as_str().to_owned(),
        detail: Some(refusal.as_detail()),
        sha256,
        ..line(raw(&file.path()), Outcome::Rejected)
    }
}
