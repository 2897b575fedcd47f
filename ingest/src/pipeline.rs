//! The way of a paper into the record, on one screen.
//!
//! ```text
//! walk -> group -> identify -> render -> recognise -> cut -> extract -> link -> deposit
//! ```
//!
//! Each stage is a plain function from one type to the next, in its own file. Walking and grouping
//! happen once for a delivery (`run`), everything up to cutting once for each unit of files, the rest once for each
//! document that it was cut into. What was inside a file goes the same way from rendering on (`enclosed`).

mod enclosed;

use crate::announced::{self, StatedLocation};
use crate::cut::{Declared, Part, cut};
use crate::deposit::{self, Findings, Prepared, PreparedDocument};
use crate::extract::{FactPage, NumberFinders, extract};
use crate::group::Unit;
use crate::identify::{self, Staged, StagedFile};
use crate::inside::TakingOut;
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
use std::time::Duration;
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
    /// How often to look whether a full disk has room again.
    pub full_disk_retry: Duration,
}

/// A unit whose files are in staging.
pub struct StagedUnit {
    pub unit: Unit,
    pub files: Vec<StagedFile>,
    /// For each file, whether its bytes are in the archive already.
    pub known: Vec<bool>,
}

/// Who watches a unit being read: may stop it, and is told.
#[derive(Clone, Copy)]
pub struct Watch<'w> {
    pub cancel: &'w Cancel,
    /// Pages that are done, and of how many.
    pub on_page: &'w (dyn Fn(u32, u32) + Sync),
    /// The disk is full; it is waited for.
    pub on_full: &'w (dyn Fn(&records::Error) + Sync),
}

/// A unit that is not taken: for each file what was wrong, its digest and size.
pub struct RejectedUnit {
    pub unit: Unit,
    pub refusals: Vec<(Refusal, String)>,
}

impl Pipeline {
    /// What it takes to take files out of files.
    pub fn taking_out<'t>(&'t self, watch: Watch<'t>) -> TakingOut<'t> {
        TakingOut {
            means: &self.means,
            vault: self.system.vault(),
            cancel: watch.cancel,
            full_disk_retry: self.full_disk_retry,
            on_full: watch.on_full,
        }
    }

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
        watch: Watch<'_>,
    ) -> Result<Result<Prepared, RejectedUnit>, PagesStopped> {
        let StagedUnit { unit, files, .. } = staged;
        let refused = |unit: Unit, refusal: &Refusal, files: &[StagedFile]| {
            let refusals = files.iter().map(|f| (refusal.clone(), f.scan.fingerprint.hex()));
            let refusals = refusals.collect();
            Ok(Err(RejectedUnit { unit, refusals }))
        };
        let pages = match read_pages(&self.means, &files, watch.cancel, watch.on_page).await? {
            Ok(pages) => pages,
            Err(refusal) => return refused(unit, &refusal, &files),
        };
        let mut enclosed = self.enclosed(&unit, &files, &pages.beside, watch).await?;
        let declared = match files.len() {
            1 => Declared::OneFile,
            _ => Declared::SeveralFiles,
        };
        let whole = WholeUnit {
            statements: self.statements(&unit).await?,
            name: deposit::name_of(&unit),
            digest: self.announcement(&unit).await?.digest,
            elsewhere: [pages.elsewhere(), std::mem::take(&mut enclosed.told.asked)].concat(),
            noted: [pages.noted(), std::mem::take(&mut enclosed.told.noted)].concat(),
            declared,
        };
        let (documents, noted) = match self.documents(&unit.known, &whole, pages.pages).await? {
            Ok(documents) => documents,
            Err(refusal) => return refused(unit, &refusal, &files),
        };
        self.make_enclosed(&unit, &whole, &documents, &mut enclosed, watch)
            .await?;
        let mut prepared = deposit::prepare(&unit.known, files, documents, noted.as_ref());
        prepared.inside = enclosed.made;
        prepared.not_taken = enclosed.not_taken;
        Ok(Ok(prepared))
    }

    /// cut to link: the documents of a scan or of several, with what its line says besides.
    async fn documents(
        &self,
        known: &KnownFacts,
        whole: &WholeUnit,
        pages: Vec<ReadPage>,
    ) -> records::Result<Result<(Vec<PreparedDocument>, Option<Detail>), Refusal>> {
        let mut stack = cut(pages, whole.declared);
        if stack.parts.is_empty() {
            let refusal = Refusal::new(Reason::OnlyCoverSheets, DetailCode::OnlySheets.with(stack.sheets));
            return Ok(Err(refusal));
        }
        let noted = stack.noted().into_iter().chain(whole.noted.clone());
        let noted = noted.reduce(|all, next| all.and(Some(next)));
        let count = stack.parts.len();
        let mut documents = Vec::with_capacity(count);
        for (part, number) in stack.parts.drain(..).zip(1..) {
            documents.push(self.document(known, whole, part, (number, count)).await?);
        }
        Ok(Ok((documents, noted)))
    }

    /// extract and link: one document of a unit.
    async fn document(
        &self,
        stated: &KnownFacts,
        whole: &WholeUnit,
        mut part: Part,
        (number, count): (usize, usize),
    ) -> records::Result<PreparedDocument> {
        let sheets = fact_pages(&part.pages);
        let mut extract = extract(&sheets, &self.rules);
        let statements = whole.statements.clone().with_sheet(&self.system, &part.sheet).await?;
        let mut found = link::look_up(&self.system, &extract.facts, &self.settings).await?;
        let mut link = link::decide(&statements, &extract.facts, &found);
        if matches!(link, Link::Review { .. }) {
            // Nothing says it for certain: names that stand anywhere propose.
            let named = self.names.on_pages(&sheets).await?;
            let is_new = |fact: &Fact| !extract.facts.iter().any(|known| known.says_the_same(fact));
            let named: Vec<Fact> = named.into_iter().filter(is_new).collect();
            if !named.is_empty() {
                extract.facts.extend(named);
                found = link::look_up(&self.system, &extract.facts, &self.settings).await?;
                link = link::decide(&statements, &extract.facts, &found);
            }
        }
        let mut known = match count {
            1 => stated.clone(),
            _ => stated.clone().of_stack(),
        };
        let mut questions = std::mem::take(&mut part.questions);
        questions.extend(known.follow(&part.sheet, &self.kinds));
        let location = self.stated_location(&known).await?;
        for question in questions {
            link = link::in_question(link, link::reason::COVER_SHEET, question);
        }
        link = link::asked_of_lists(link, stated);
        for what in &whole.elsewhere {
            link = link::in_question(link, link::reason::PAGES_ELSEWHERE, what.clone());
        }
        let link = link::with_evidence(deposit::with_location(link, &location), &extract.facts, &found);
        let name = match count {
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
    /// What is not on its pages.
    elsewhere: Vec<Detail>,
    /// What is said of it beside its outcome.
    noted: Vec<Detail>,
    declared: Declared,
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
