//! The way of a paper into the record, on one screen.
//!
//! ```text
//! walk -> group -> identify -> render -> recognise -> cut -> extract -> link -> deposit
//! ```
//!
//! Each stage is a plain function from one type to the next, in its own file. Walking and grouping
//! happen once for a delivery (`run`), everything up to cutting once for each unit of files, the rest once for each
//! document that it was cut into.

use crate::announced::{self, StatedLocation};
use crate::cut::{Declared, Part, cut};
use crate::deposit::{self, Findings, Prepared, PreparedDocument};
use crate::extract::{FactPage, NumberFinders, extract};
use crate::group::Unit;
use crate::identify::{self, Staged, StagedFile};
use crate::link::{self, NameRegister, Statements};
use crate::manifest::{KnownFacts, folder_codes};
use crate::pages::{PageMeans, PagesStopped, ReadPage, read_pages};
use reading::cancel::Cancel;
use reading::reason::Refusal;
use records::System;
use records::customers::CustomerKey;
use records::documents::{Announcement, Fact, Link};
use records::kinds::Kinds;
use records::places::Location;
use records::settings::ArchiveSettings;
use std::sync::Arc;
use vocabulary::Reason;
use vocabulary::detail::{Detail, DetailCode};

/// Everything that the stages of one run share.
pub struct Pipeline {
    pub system: System,
    pub means: PageMeans,
    pub settings: Arc<ArchiveSettings>,
    pub kinds: Kinds,
    pub rules: NumberFinders,
    pub names: NameRegister,
    /// For every document that no manifest assigns to a customer.
    pub customer: Option<CustomerKey>,
    /// For every document that no manifest gives a place.
    pub location: Option<Location>,
}

/// A unit whose files are in staging.
pub struct StagedUnit {
    pub unit: Unit,
    pub files: Vec<StagedFile>,
    /// For each file, whether its bytes are in the archive already.
    pub known: Vec<bool>,
}

/// A unit that is not taken: for each file what was wrong, its digest and size.
pub struct RejectedUnit {
    pub unit: Unit,
    pub refusals: Vec<(Refusal, String)>,
}

impl Pipeline {
    /// identify: digests and types while the files are copied into staging.
    ///
    /// # Errors
    /// When the vault or the database fails, which is about the machine.
    pub async fn identify(self: &Arc<Self>, mut unit: Unit) -> records::Result<Result<StagedUnit, RejectedUnit>> {
        let walked = std::mem::take(&mut unit.files);
        let (pipeline, incomplete) = (self.clone(), unit.incomplete.clone());
        let staged = tokio::task::spawn_blocking(move || {
            let vault = pipeline.system.vault();
            let stage = |file| identify::stage(vault, file, &pipeline.means.limits);
            walked.into_iter().map(stage).collect::<records::Result<Vec<Staged>>>()
        })
        .await
        .map_err(|_| records::RefusedBecause::Interrupted {
            work: "copying into staging".to_owned(),
        })??;
        let broken = staged.iter().find_map(|staged| match staged {
            Staged::Rejected { file, refusal, .. } => {
                let detail = DetailCode::FileOfDocument
                    .with(file.shown())
                    .with(refusal.detail.clone());
                Some(Refusal::new(refusal.reason, detail))
            }
            Staged::Ready(_) => None,
        });
        if let Some(whole) = broken.or(incomplete) {
            let mut refusals = Vec::new();
            for staged in staged {
                let (file, refusal, sha256) = match staged {
                    Staged::Ready(StagedFile { file, scan, .. }) => (file, whole.clone(), scan.fingerprint.hex()),
                    Staged::Rejected { file, refusal, sha256 } => (file, refusal, sha256),
                };
                unit.files.push(file);
                refusals.push((refusal, sha256));
            }
            return Ok(Err(RejectedUnit { unit, refusals }));
        }
        let mut files = Vec::new();
        let mut known = Vec::new();
        for staged in staged {
            let Staged::Ready(file) = staged else { continue };
            let path = crate::walk::raw(&file.file.path());
            let bytes = i64::try_from(file.scan.bytes).unwrap_or(i64::MAX);
            let line = self.system.duplicate_line(file.scan.fingerprint, &path, bytes).await?;
            known.push(line.is_some());
            unit.files.push(file.file.clone());
            files.push(file);
        }
        Ok(Ok(StagedUnit { unit, files, known }))
    }

    /// render to deposit: everything between the staged scan and the transaction.
    ///
    /// # Errors
    /// When there are no workers, the database fails or the run was cancelled.
    pub async fn read(
        &self,
        staged: StagedUnit,
        cancel: &Cancel,
        on_page: impl Fn(u32, u32),
    ) -> Result<Result<Prepared, RejectedUnit>, PagesStopped> {
        let StagedUnit { unit, files, .. } = staged;
        let pages = read_pages(&self.means, &files, cancel, on_page).await?;
        let pages = match pages {
            Ok(pages) => pages,
            Err(refusal) => {
                let refusals = files
                    .iter()
                    .map(|f| (refusal.clone(), f.scan.fingerprint.hex()))
                    .collect();
                return Ok(Err(RejectedUnit { unit, refusals }));
            }
        };
        let (attached, elsewhere) = (pages.noted(), pages.elsewhere());
        let declared = match files.len() {
            1 => Declared::OneFile,
            _ => Declared::SeveralFiles,
        };
        let mut stack = cut(pages.pages, declared);
        if stack.parts.is_empty() {
            let refusal = Refusal::new(Reason::OnlyCoverSheets, DetailCode::OnlySheets.with(stack.sheets));
            let refusals = files.iter().map(|f| (refusal.clone(), f.scan.fingerprint.hex()));
            return Ok(Err(RejectedUnit {
                refusals: refusals.collect(),
                unit,
            }));
        }
        let noted = stack.noted().into_iter().chain(attached);
        let noted = noted.reduce(|all, next| all.and(Some(next)));
        let mut documents = Vec::with_capacity(stack.parts.len());
        let whole = WholeUnit {
            statements: self.statements(&unit).await?,
            name: deposit::name_of(&unit),
            digest: self.announcement(&unit).await?.digest,
            documents: stack.parts.len(),
            elsewhere,
        };
        for (part, number) in stack.parts.drain(..).zip(1..) {
            documents.push(self.document(&unit, &whole, part, number).await?);
        }
        Ok(Ok(deposit::prepare(&unit.known, files, documents, noted.as_ref())))
    }

    /// extract and link: one document of a unit.
    async fn document(
        &self,
        unit: &Unit,
        whole: &WholeUnit,
        mut part: Part,
        number: usize,
    ) -> records::Result<PreparedDocument> {
        let sheets = fact_pages(&part.pages);
        let mut extract = extract(&sheets, &self.rules);
        let statements = whole.statements.clone().with_sheet(&self.system, &part.sheet).await?;
        let found = link::look_up(&self.system, &extract.facts, &self.settings).await?;
        let mut link = link::decide(&statements, &extract.facts, &found);
        if matches!(link, Link::Review { .. }) {
            // Nothing says it for certain: names that stand anywhere propose.
            let named = self.names.on_pages(&sheets).await?;
            let is_new = |fact: &Fact| !extract.facts.iter().any(|known| known.says_the_same(fact));
            let named: Vec<Fact> = named.into_iter().filter(is_new).collect();
            if !named.is_empty() {
                extract.facts.extend(named);
                let found = link::look_up(&self.system, &extract.facts, &self.settings).await?;
                link = link::decide(&statements, &extract.facts, &found);
            }
        }
        let mut known = match whole.documents {
            1 => unit.known.clone(),
            _ => unit.known.clone().of_stack(),
        };
        let mut questions = std::mem::take(&mut part.questions);
        questions.extend(known.follow(&part.sheet, &self.kinds));
        let location = self.stated_location(&known).await?;
        for question in questions {
            link = link::in_question(link, link::reason::COVER_SHEET, question);
        }
        link = link::asked_of_lists(link, &unit.known);
        for what in &whole.elsewhere {
            link = link::in_question(link, link::reason::PAGES_ELSEWHERE, what.clone());
        }
        let name = match whole.documents {
            1 => whole.name.clone(),
            _ => format!("{} ({number})", whole.name),
        };
        let mut said = announced::announcement(&known, &self.kinds, &statements, &location);
        // The same list said again is told by what it says, whatever lies between the papers.
        said.digest.clone_from(&whole.digest);
        let findings = Findings {
            said,
            part,
            known,
            extract,
            link,
            location,
            name,
        };
        Ok(deposit::document(findings, &self.kinds, &self.settings))
    }

    /// Statements of people about the customer of a unit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn statements(&self, unit: &Unit) -> records::Result<Statements> {
        let folders = match unit.files.first() {
            Some(file) => folder_codes(&file.root, &file.path()),
            None => Vec::new(),
        };
        link::statements(&self.system, &unit.known, self.customer.as_ref(), &folders).await
    }

    /// Everything that people state of a unit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn announcement(&self, unit: &Unit) -> records::Result<Announcement> {
        let statements = self.statements(unit).await?;
        let location = self.stated_location(&unit.known).await?;
        Ok(announced::announcement(
            &unit.known,
            &self.kinds,
            &statements,
            &location,
        ))
    }

    pub async fn stated_location(&self, known: &KnownFacts) -> records::Result<StatedLocation> {
        let code = &known.location_code;
        if code.is_empty() {
            return Ok(self
                .location
                .clone()
                .map_or(StatedLocation::NotStated, StatedLocation::Known));
        }
        let found = self.system.location_by_code(code).await?;
        Ok(StatedLocation::of(code, found))
    }
}

/// What the documents of a unit share.
struct WholeUnit {
    statements: Statements,
    /// As its file or files are called.
    name: String,
    /// Of what was announced.
    digest: String,
    documents: usize,
    /// What is not on its pages.
    elsewhere: Vec<Detail>,
}

/// The pages as they are searched for facts.
fn fact_pages(pages: &[ReadPage]) -> Vec<FactPage<'_>> {
    static EMPTY: records::pages::TextLayer = records::pages::TextLayer { lines: Vec::new() };
    let mut searched = Vec::with_capacity(pages.len());
    for (page, number) in pages.iter().zip(1..) {
        searched.push(FactPage {
            number,
            layer: page.page.text.as_ref().map_or(&EMPTY, |text| &text.layer),
            seals: &page.seals,
            repaired: &page.repaired,
        });
    }
    searched
}
