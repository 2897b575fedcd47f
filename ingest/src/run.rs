//! A run over a delivery: the request, its progress events, its report.
//!
//! `plan` determines the work, `drive` does it. A run can be stopped or killed at any
//! point and started again: recorded files stay, the rest is done. Refuses to know settings
//! files, the terminal and the index.

mod drive;
mod dry_run;
mod patience;
mod plan;
mod put_away;

use crate::link::reason;
use crate::manifest::{ManifestError, ManifestProblem};
use crate::report;
use crate::walk::{WalkLimits, raw};
use api_types::batches::{IngestItemJson, IngestJson, ManifestProblemJson};
use patience::patiently;
use plan::Plan;
use reading::cancel::Cancel;
use reading::limits::ScanLimits;
use reading::page_images::ImageMaker;
use reading::reason::{PoolError, Refusal};
use reading::worker::Pool;
use records::System;
use records::batches::{BatchLine, NewBatch, Outcome};
use records::tables::TableLimits;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};
use vocabulary::Reason;

/// Bounds on a run.
#[derive(Clone, Copy, Debug)]
pub struct RunLimits {
    pub scan: ScanLimits,
    pub walk: WalkLimits,
    pub manifest: TableLimits,
    /// Read workers of the pool; twice as many bitmaps may wait for them.
    pub readers: usize,
    /// Units that are staged and not yet in the record. Bounds the room in staging and the memory.
    pub units_ahead_max: usize,
    /// Units that are copied into staging at the same time.
    pub staging_max: usize,
    /// Documents of one transaction.
    pub deposits_max: usize,
    /// How long a finished document waits for others before it is written.
    pub deposit_delay: Duration,
    /// How often to look whether a full disk has room again.
    pub full_disk_retry: Duration,
}

impl Default for RunLimits {
    fn default() -> Self {
        RunLimits {
            scan: ScanLimits::default(),
            walk: WalkLimits::default(),
            manifest: TableLimits {
                rows_max: 2_000_000,
                ..TableLimits::default()
            },
            readers: 2,
            units_ahead_max: 256,
            staging_max: 4,
            deposits_max: 32,
            deposit_delay: Duration::from_millis(200),
            full_disk_retry: Duration::from_secs(5),
        }
    }
}

/// What to ingest, and as whom.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Absolute paths of folders or files.
    pub roots: Vec<PathBuf>,
    /// A manifest besides those in the folders.
    pub manifest: Option<PathBuf>,
    /// Customer of every document that no manifest assigns: a code or alias.
    pub customer: Option<String>,
    /// Location of every document that no manifest gives a place.
    pub location: Option<String>,
    /// Empty: named after the first root.
    pub batch_name: String,
    /// Who is asking, for the audit trail.
    pub actor: String,
    /// Files that changed more recently than this are not settled.
    pub settle: Duration,
    /// Where sources go after the commit; `None` leaves them where they are.
    pub done_folder: Option<PathBuf>,
}

/// Progress of a run.
#[derive(Debug)]
pub enum RunEvent<'a> {
    BatchBegan {
        batch: &'a str,
        resumed: bool,
        recorded: usize,
    },
    /// Files this run will process.
    Found {
        files: usize,
    },
    FileBegan {
        path: &'a str,
    },
    /// `page` pages of `of` that are known so far.
    PageRead {
        path: &'a str,
        page: u32,
        of: u32,
    },
    FileEnded {
        item: &'a IngestItemJson,
        done: usize,
        found: usize,
        pages: i64,
    },
    ManifestProblem(&'a ManifestProblem),
    /// The run waits for something that a person can change; it goes on by itself.
    Waiting {
        why: &'a str,
    },
    BatchEnded {
        report: &'a IngestJson,
    },
}

/// A listener of a run.
pub trait Progress: Send + Sync {
    fn event(&self, event: RunEvent<'_>);
}

/// Nobody listens.
impl Progress for () {
    fn event(&self, _: RunEvent<'_>) {}
}

/// Why a run could not go on. What is recorded stays; run again to go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no file or folder {0}; check the path")]
    RootMissing(String),
    #[error("there is no customer `{0}`; import it with `dossier customers import` or check the code")]
    UnknownCustomer(String),
    #[error("there is no location `{0}`; import it with `dossier locations import` or check the code")]
    UnknownLocation(String),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Workers(PoolError),
    #[error(transparent)]
    Record(#[from] records::Error),
}

impl Error {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Error::RootMissing(_) => "root_missing",
            Error::UnknownCustomer(_) => reason::CUSTOMER_UNKNOWN,
            Error::UnknownLocation(_) => reason::LOCATION_UNKNOWN,
            Error::Manifest(_) => "manifest_unusable",
            Error::Workers(_) => "worker_unavailable",
            Error::Record(error) => error.code(),
        }
    }
}

/// Ingests deliveries into one archive with one pool of workers.
#[derive(Clone)]
pub struct Run {
    system: System,
    pool: Pool,
    limits: RunLimits,
    images: Option<ImageMaker>,
}

impl Run {
    pub fn new(system: System, pool: Pool, limits: RunLimits) -> Run {
        let images = None;
        Run {
            system,
            pool,
            limits,
            images,
        }
    }

    /// Makes the images of large pages while their bitmaps are in memory.
    #[must_use]
    pub fn with_images(mut self, images: ImageMaker) -> Run {
        self.images = Some(images);
        self
    }

    /// One batch over the roots; goes on with the unfinished one over the same roots.
    ///
    /// # Errors
    /// Faults of the request, the machine or the record. Faults of a file are in
    /// the report.
    pub async fn ingest(
        &self,
        request: &Request,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<IngestJson, Error> {
        let plan = self.plan(request).await?;
        self.batch(request, plan, progress, cancel).await
    }

    /// A batch for each wave of settled files, until cancelled. A finished source is not
    /// taken again until it changes.
    ///
    /// # Errors
    /// As `ingest`.
    pub async fn watch(
        &self,
        request: &Request,
        every: Duration,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let mut seen: HashMap<PathBuf, (u64, Option<SystemTime>)> = HashMap::new();
        let mut refused: HashSet<PathBuf> = HashSet::new();
        while !cancel.is_cancelled() {
            let mut plan = self.plan(request).await?;
            plan.keep(|file| seen.get(&file.path()) != Some(&(file.bytes, file.modified)));
            plan.rejected.retain(|not_taken| {
                not_taken.refusal.reason != Reason::NotSettled && !refused.contains(&not_taken.path)
            });
            if plan.units.is_empty() && plan.rejected.is_empty() {
                tokio::select! {
                    () = tokio::time::sleep(every) => {}
                    () = cancel.cancelled() => {}
                }
                continue;
            }
            // Files that a manifest announces may come with a later wave.
            plan.awaits_more = true;
            let files = plan.units.iter().flat_map(|unit| &unit.files);
            let done: Vec<_> = files.map(|f| (f.path(), (f.bytes, f.modified))).collect();
            refused.extend(plan.rejected.iter().map(|not_taken| not_taken.path.clone()));
            let report = self.batch(request, plan, progress, cancel).await?;
            if !report.interrupted {
                seen.extend(done);
            }
        }
        Ok(())
    }

    async fn batch(
        &self,
        request: &Request,
        plan: Plan,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<IngestJson, Error> {
        let began = Instant::now();
        for problem in plan.manifests.problems() {
            progress.event(RunEvent::ManifestProblem(problem));
        }
        let announced = plan.manifests.announced();
        let name = match request.batch_name.as_str() {
            "" => plan::batch_name(&request.roots),
            name => name.to_owned(),
        };
        let roots = request.roots.iter().map(|root| raw(root)).collect();
        let new = NewBatch {
            name,
            roots,
            actor: request.actor.clone(),
            announced,
        };
        let batch = patiently(&self.limits, progress, cancel, || self.system.batch_begin(&new)).await?;
        let Some(batch) = batch else {
            return Ok(IngestJson {
                interrupted: true,
                ..IngestJson::default()
            });
        };
        progress.event(RunEvent::BatchBegan {
            batch: batch.id.as_str(),
            resumed: batch.resumed,
            recorded: batch.recorded.len(),
        });
        let problems: Vec<ManifestProblemJson> = plan.manifests.problems().map(report::manifest_problem).collect();
        let outcome = drive::drive(self, request, &plan, &batch, progress, cancel).await;
        let busy = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        let worked = || self.system.batch_worked(batch.uid, busy);
        patiently(&self.limits, progress, cancel, worked).await?;
        let (ledger, finished) = outcome?;
        let mut report = ledger.report(batch.id.as_str(), began.elapsed().as_secs_f64());
        report.manifest_problems = Some(problems);
        report.workers = Some(report::workers(self.pool.status()));
        report.interrupted = !finished;
        if finished {
            if !plan.awaits_more {
                report.missing_from_delivery = plan.missing(&ledger, request.done_folder.as_deref());
            }
            let missing = &report.missing_from_delivery;
            let finish = || self.system.batch_finish(batch.uid, &request.actor, missing, announced);
            report.interrupted = patiently(&self.limits, progress, cancel, finish).await?.is_none();
        }
        progress.event(RunEvent::BatchEnded { report: &report });
        Ok(report)
    }
}

/// The line of a file that is not taken.
fn rejected_line(line: BatchLine, refusal: &Refusal, sha256: String) -> BatchLine {
    BatchLine {
        outcome: Outcome::Rejected,
        reason: refusal.reason.as_str().to_owned(),
        detail: Some(refusal.as_detail()),
        sha256,
        ..line
    }
}

#[cfg(test)]
mod tests;
