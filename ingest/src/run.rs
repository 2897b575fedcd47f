//! A run over a delivery: the request, its progress events, its report.
//!
//! `plan` determines the work, `drive` does it. A run can be stopped or killed at any
//! point and started again: recorded files stay, the rest is done. Refuses to know settings
//! files, the terminal and the index.

mod drive;
mod dry_run;
mod error;
mod patience;
mod plan;
mod put_away;
mod said_later;
mod turn;
mod watch;

pub use error::Error;
use vocabulary::Bilingual;
pub use watch::Watched;

use crate::report;
use crate::walk::{WalkLimits, raw, shown};
use api_types::batches::{IngestItemJson, IngestJson};
use patience::patiently;
use plan::Plan;
use reading::cancel::Cancel;
use reading::limits::ScanLimits;
use reading::page_images::ImageMaker;
use reading::reason::Refusal;
use reading::worker::Pool;
use records::batches::{BatchLine, BatchRun, Begun, NewBatch, OpenBatch, Outcome, RawPath, Runner};
use records::tables::{TableLimits, reader::TableReader};
use records::{Archive, Asker, RefusedBecause, System};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

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
    /// How often a run renews its lease on the batch.
    pub heartbeat: Duration,
    /// How often a run that waits for its turn looks again.
    pub turn_retry: Duration,
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
            heartbeat: Duration::from_secs(15),
            turn_retry: Duration::from_secs(1),
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
    /// What to do while another run is at the same roots.
    pub when_held: WhenHeld,
    /// Files that changed more recently than this are not settled.
    pub settle: Duration,
    /// Where sources go after the commit; `None` leaves them where they are.
    pub done_folder: Option<PathBuf>,
}

/// What a run does that finds another at the same roots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenHeld {
    #[default]
    Leave,
    Wait,
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
    /// The run waits for something that a person can change; it goes on by itself.
    Waiting {
        why: &'a Bilingual,
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

/// Ingests deliveries into one archive with one pool of workers.
#[derive(Clone)]
pub struct Run {
    system: System,
    archive: Archive,
    /// In whose name it writes, and with whose sight it looks at what is there already.
    asker: Asker,
    pool: Pool,
    limits: RunLimits,
    images: Option<ImageMaker>,
    /// Reads manifests, which strangers have made.
    tables: Arc<dyn TableReader>,
}

impl Run {
    pub fn new(
        system: System,
        archive: Archive,
        asker: Asker,
        pool: Pool,
        tables: Arc<dyn TableReader>,
        limits: RunLimits,
    ) -> Run {
        let images = None;
        Run {
            system,
            archive,
            asker,
            pool,
            limits,
            images,
            tables,
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
        loop {
            let Some(mut plan) = self.planned(request, progress, cancel).await? else {
                return Ok(interrupted());
            };
            let came = match self.take_up_put_away(request, &mut plan).await {
                Ok(()) => self.batch(request, plan, progress, cancel).await,
                Err(error) => Err(error),
            };
            match came {
                // What was recorded stands; the rest is taken up again.
                Err(Error::Record(error)) if error.is_away() => {
                    if !self.wait_for_database(progress, cancel, &error).await {
                        return Ok(interrupted());
                    }
                }
                Err(error) => return Err(error),
                Ok(Came::Ended(report)) => return Ok(*report),
                Ok(Came::Held(run)) if request.when_held == WhenHeld::Leave => {
                    return Err(Error::Held(Box::new(run)));
                }
                Ok(Came::Held(_)) => {
                    if !turn::wait(&self.system, &request.raw_roots(), &self.limits, progress, cancel).await? {
                        return Ok(interrupted());
                    }
                }
            }
        }
    }

    async fn batch(
        &self,
        request: &Request,
        plan: Plan,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Came, Error> {
        let began = Instant::now();
        let new = NewBatch {
            name: match request.batch_name.as_str() {
                "" => plan::batch_name(&request.roots),
                name => name.to_owned(),
            },
            roots: request.raw_roots(),
            actor: self.asker.name().to_owned(),
            announced: plan.manifests.announced(),
            walked: plan.walked(),
            runner: Runner::of(std::process::id()),
        };
        let begin = || self.system.batch_begin(&new);
        let batch = match patiently(&self.limits, progress, cancel, begin).await? {
            None => return Ok(Came::Ended(Box::new(interrupted()))),
            Some(Begun::Held(run)) => return Ok(Came::Held(run)),
            Some(Begun::Open(batch)) => batch,
        };
        progress.event(RunEvent::BatchBegan {
            batch: batch.id.as_str(),
            resumed: batch.resumed,
            recorded: batch.recorded.len(),
        });
        let stop = Cancel::new();
        if cancel.is_cancelled() {
            stop.cancel();
        }
        let heartbeat = turn::Heartbeat::start(&self.system, &batch.lease, &self.limits, cancel, &stop);
        let ran = self.held(request, &plan, &batch, began, progress, &stop).await;
        let has_lost = heartbeat.has_lost();
        drop(heartbeat);
        match ran {
            Err(Error::Record(records::Error::Refused(RefusedBecause::BatchNotHeld {}))) => Err(Error::TakenOver),
            _ if has_lost => Err(Error::TakenOver),
            Ok(report) => {
                if report.interrupted {
                    self.system.batch_release(&batch.lease).await?;
                }
                progress.event(RunEvent::BatchEnded { report: &report });
                Ok(Came::Ended(Box::new(report)))
            }
            Err(error) => {
                if let Error::Record(away) = &error
                    && away.is_away()
                {
                    self.wait_for_database(progress, cancel, away).await;
                }
                // What stopped the run is said; where releasing fails too, the lease ends by itself.
                let _ = self.system.batch_release(&batch.lease).await;
                Err(error)
            }
        }
    }

    /// The work of a run that holds its batch.
    async fn held(
        &self,
        request: &Request,
        plan: &Plan,
        batch: &OpenBatch,
        began: Instant,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<IngestJson, Error> {
        let problems = plan.recorded_problems();
        let add = || {
            self.system
                .batch_problems_add(&batch.lease, self.asker.name(), &problems)
        };
        patiently(&self.limits, progress, cancel, add).await?;
        let outcome = drive::drive(self, request, plan, batch, progress, cancel).await;
        let busy = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        let worked = || self.system.batch_worked(&batch.lease, busy);
        patiently(&self.limits, progress, cancel, worked).await?;
        let drive::Driven {
            ledger,
            is_finished,
            left,
        } = outcome?;
        let mut report = ledger.report(batch.id.as_str(), began.elapsed().as_secs_f64());
        report.manifest_problems = Some(plan.problems.iter().map(report::manifest_problem).collect());
        report.workers = Some(report::workers(self.pool.status()));
        report.interrupted = !is_finished;
        report.left = i64::try_from(left).unwrap_or(i64::MAX);
        if is_finished {
            if !plan.awaits_more {
                report.missing_from_delivery = plan.missing(&ledger, request.done_folder.as_deref());
            }
            let (missing, announced) = (&report.missing_from_delivery, plan.manifests.announced());
            let finish = || {
                self.system
                    .batch_finish(&batch.lease, self.asker.name(), missing, announced)
            };
            report.interrupted = patiently(&self.limits, progress, cancel, finish).await?.is_none();
        }
        report.count_problems();
        Ok(report)
    }
}

/// What came of a batch that was to be run.
enum Came {
    Ended(Box<IngestJson>),
    /// Another run is at it.
    Held(BatchRun),
}

impl Request {
    /// # Errors
    /// A root that is not there.
    pub fn check_roots(&self) -> Result<(), Error> {
        for root in &self.roots {
            if std::fs::symlink_metadata(root).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
                return Err(Error::RootMissing(shown(root)));
            }
        }
        Ok(())
    }

    fn raw_roots(&self) -> Vec<RawPath> {
        self.roots.iter().map(|root| raw(root)).collect()
    }
}

/// Stopped before anything was begun.
fn interrupted() -> IngestJson {
    IngestJson {
        interrupted: true,
        ..IngestJson::default()
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
