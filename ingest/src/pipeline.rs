//! The way of a paper into the record, on one screen.
//!
//! ```text
//! walk -> group -> identify -> render -> recognise -> extract -> link -> deposit
//! ```
//!
//! Each stage is a plain function from one type to the next, in its own file. Walking and grouping
//! happen once for a delivery (`run`), the rest once for each document. Splitting a stack at its
//! cover sheets will be between recognise and extract.

use crate::announced::{self, StatedLocation};
use crate::deposit::{self, Findings, Prepared};
use crate::extract::{FactPage, NumberFinders, extract};
use crate::group::Unit;
use crate::identify::{self, Staged, StagedFile};
use crate::link::{self, Statements};
use crate::manifest::folder_codes;
use crate::pages::{PageMeans, PagesStopped, read_pages};
use reading::cancel::Cancel;
use reading::reason::Refusal;
use records::System;
use records::customers::CustomerKey;
use records::documents::Announcement;
use records::kinds::Kinds;
use records::places::Location;
use records::settings::ArchiveSettings;
use std::sync::Arc;
use vocabulary::detail::DetailCode;

/// Everything that the stages of one run share.
pub struct Pipeline {
    pub system: System,
    pub means: PageMeans,
    pub settings: Arc<ArchiveSettings>,
    pub kinds: Kinds,
    pub rules: NumberFinders,
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
        let extract = {
            let empty = records::pages::TextLayer::default();
            let fact_pages: Vec<FactPage<'_>> = pages
                .iter()
                .zip(1..)
                .map(|(page, number)| FactPage {
                    number,
                    layer: page.page.text.as_ref().map_or(&empty, |text| &text.layer),
                    seals: &page.seals,
                    repaired: &page.repaired,
                })
                .collect();
            extract(&fact_pages, &self.rules)
        };
        let statements = self.statements(&unit).await?;
        let found = link::look_up(&self.system, &extract.facts, &self.settings).await?;
        let link = link::decide(&statements, &extract.facts, &found);
        let location = self.stated_location(&unit).await?;
        let said = announced::announcement(&unit.known, &self.kinds, &statements, &location);
        let findings = Findings {
            said,
            pages,
            extract,
            link,
            location,
        };
        Ok(Ok(deposit::prepare(
            &unit,
            files,
            findings,
            &self.kinds,
            &self.settings,
        )))
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
        let location = self.stated_location(unit).await?;
        Ok(announced::announcement(
            &unit.known,
            &self.kinds,
            &statements,
            &location,
        ))
    }

    pub async fn stated_location(&self, unit: &Unit) -> records::Result<StatedLocation> {
        let code = &unit.known.location_code;
        if code.is_empty() {
            return Ok(self
                .location
                .clone()
                .map_or(StatedLocation::NotStated, StatedLocation::Known));
        }
        let found = self.system.location_by_code(code).await?;
        Ok(found.map_or_else(|| StatedLocation::Unknown(code.clone()), StatedLocation::Known))
    }
}
