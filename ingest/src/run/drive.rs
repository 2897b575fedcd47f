//! The work of a batch: files are staged ahead, read by all workers at once, and written to the
//! record in the order of the walk, several documents in one transaction.
//!
//! The order makes the result independent of which worker was faster: of two files with the same
//! bytes the first in the plan is the document and the other its duplicate.

mod writing;

use super::patience::full;
use super::plan::Plan;
use super::{Error, Progress, Request, Run, RunEvent};
use crate::deposit::Prepared;
use crate::group::Unit;
use crate::link;
use crate::pages::PagesStopped;
use crate::pipeline::{Pipeline, RejectedUnit, StagedUnit, Watch};
use crate::report::BatchLines;
use crate::walk::{Walked, raw};
use reading::cancel::Cancel;
use records::Moment;
use records::batches::{BatchLine, OpenBatch, Outcome};
use records::documents::KnownScan;
use records::ids::Fingerprint;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use vocabulary::Bilingual;
use vocabulary::detail::Detail;
use writing::Pending;

/// What a run has done of its batch.
pub(super) struct Driven {
    pub ledger: BatchLines,
    /// `false`: cancelled before the end.
    pub is_finished: bool,
    /// Files that are still to be done.
    pub left: usize,
}

/// Does everything the batch has not recorded yet.
pub(super) async fn drive(
    run: &Run,
    request: &Request,
    plan: &Plan,
    batch: &OpenBatch,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Driven, Error> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let mut driver = Driver {
        run,
        request,
        batch,
        progress,
        cancel,
        pipeline: plan.pipeline.clone(),
        ledger: BatchLines::default(),
        units: VecDeque::new(),
        tasks: JoinSet::new(),
        staging: Arc::new(Semaphore::new(run.limits.staging_max.max(1))),
        staged: BTreeMap::new(),
        ready: BTreeMap::new(),
        owners: HashMap::new(),
        begun: 0,
        next_staged: 0,
        next_ready: 0,
        pending: Vec::new(),
        pending_since: None,
        sender,
        done: 0,
        found: 0,
        pages: 0,
        given_up: false,
    };
    driver.take_up(plan);
    driver.record(plan.other_lines().collect()).await?;
    driver.work(receiver).await?;
    let is_finished = driver.next_ready == driver.begun && driver.units.is_empty() && !driver.given_up;
    let left = match is_finished {
        true => 0,
        false => driver.found.saturating_sub(driver.done),
    };
    Ok(Driven {
        ledger: driver.ledger,
        is_finished,
        left,
    })
}

/// The result of a task.
enum Done {
    Staged(usize, records::Result<Result<StagedUnit, RejectedUnit>>),
    /// The run was cancelled while the disk was full.
    GivenUp,
    Read(usize, Result<Result<Prepared, RejectedUnit>, PagesStopped>),
}

/// A unit whose turn to be written may come.
enum WritableUnit {
    Prepared(Box<Prepared>),
    Rejected(RejectedUnit),
    /// All its bytes are known: whether it is a duplicate is decided when its turn comes.
    SeenBefore(StagedUnit),
}

/// A progress message of a task.
enum TaskProgress {
    Began(Arc<str>),
    Page(Arc<str>, u32, u32),
    /// The disk is full.
    Full(Bilingual),
}

struct Driver<'r> {
    run: &'r Run,
    request: &'r Request,
    batch: &'r OpenBatch,
    progress: &'r dyn Progress,
    cancel: &'r Cancel,
    pipeline: Arc<Pipeline>,
    ledger: BatchLines,
    units: VecDeque<Unit>,
    tasks: JoinSet<Done>,
    staging: Arc<Semaphore>,
    staged: BTreeMap<usize, Result<StagedUnit, RejectedUnit>>,
    ready: BTreeMap<usize, WritableUnit>,
    /// The first unit of the walk that has these bytes.
    owners: HashMap<Fingerprint, usize>,
    begun: usize,
    next_staged: usize,
    next_ready: usize,
    pending: Vec<Pending>,
    pending_since: Option<Instant>,
    sender: mpsc::UnboundedSender<TaskProgress>,
    done: usize,
    found: usize,
    pages: i64,
    /// The run was stopped while something could not be written; the next one does it again.
    given_up: bool,
}

impl Driver<'_> {
    /// Takes over the lines an interrupted run has recorded; the rest is to be done. A rejected file
    /// is retried.
    fn take_up(&mut self, plan: &Plan) {
        for line in &self.batch.recorded {
            self.ledger.put(line.clone());
        }
        let is_done = |file: &Walked| {
            self.ledger
                .get(&raw(&file.path()))
                .is_some_and(|line| line.outcome != Outcome::Rejected && !has_changed(file, line, self.batch.since))
        };
        let (done, open): (Vec<&Unit>, Vec<&Unit>) = plan.units.iter().partition(|unit| unit.files.iter().all(is_done));
        for file in done.iter().flat_map(|unit| &unit.files) {
            // The run that recorded it may have died before it put the source away.
            self.put_away(file);
        }
        self.units = open.into_iter().cloned().collect();
        let again = self
            .units
            .iter()
            .flat_map(|unit| &unit.files)
            .map(|file| raw(&file.path()));
        for path in again.chain(plan.rejected.iter().map(|not_taken| raw(&not_taken.path))) {
            let is_rejected = |line: &BatchLine| line.outcome == Outcome::Rejected;
            if self.ledger.get(&path).is_some_and(is_rejected) {
                self.ledger.forget(&path);
            }
        }
        self.found = plan.rejected.len();
        self.found += self.units.iter().map(|unit| unit.files.len()).sum::<usize>();
        self.progress.event(RunEvent::Found { files: self.found });
    }

    async fn work(&mut self, mut receiver: mpsc::UnboundedReceiver<TaskProgress>) -> Result<(), Error> {
        loop {
            self.begin();
            self.write_ready().await?;
            let idle = self.tasks.is_empty();
            let full = self.pending.len() >= self.run.limits.deposits_max;
            if idle
                || full
                || self
                    .pending_since
                    .is_some_and(|since| since.elapsed() >= self.run.limits.deposit_delay)
            {
                self.flush().await?;
            }
            if idle && (self.units.is_empty() || self.cancel.is_cancelled()) {
                return Ok(());
            }
            let flush_at = self.pending_since.map(|since| since + self.run.limits.deposit_delay);
            tokio::select! {
                Some(done) = self.tasks.join_next() => match done {
                    Ok(done) => self.take(done)?,
                    // A task that panicked is a fault of this program; nothing of its unit is
                    // recorded, so the next run does it again.
                    Err(error) => return Err(records::Error::from(records::RefusedBecause::Interrupted { work: format!("a stage ({error})") }).into()),
                },
                Some(progress) = receiver.recv() => self.pass_on(progress),
                () = async { tokio::time::sleep_until(flush_at.unwrap_or_else(Instant::now)).await }, if flush_at.is_some() => {}
            }
        }
    }

    /// Stages further units, as many as may be ahead of what is written.
    fn begin(&mut self) {
        while !self.cancel.is_cancelled()
            && self.begun - self.next_ready < self.run.limits.units_ahead_max.max(1)
            && let Some(unit) = self.units.pop_front()
        {
            let at = self.begun;
            self.begun += 1;
            let (pipeline, staging) = (self.pipeline.clone(), self.staging.clone());
            let (sender, cancel, retry) = (
                self.sender.clone(),
                self.cancel.clone(),
                self.run.limits.full_disk_retry,
            );
            self.tasks.spawn(async move {
                // The semaphore is never closed.
                let _place = staging.acquire_owned().await;
                loop {
                    match pipeline.identify(unit.clone()).await {
                        Err(error) if error.is_full() => {
                            // Nobody listens any more when the run ends; that is no error.
                            let _ = sender.send(TaskProgress::Full(full(&error)));
                            tokio::select! {
                                () = tokio::time::sleep(retry) => {}
                                () = cancel.cancelled() => return Done::GivenUp,
                            }
                        }
                        staged => return Done::Staged(at, staged),
                    }
                }
            });
        }
    }

    fn take(&mut self, done: Done) -> Result<(), Error> {
        match done {
            Done::Staged(at, Ok(staged)) => {
                self.staged.insert(at, staged);
                while let Some(staged) = self.staged.remove(&self.next_staged) {
                    let at = self.next_staged;
                    self.next_staged += 1;
                    self.sort(at, staged);
                }
                Ok(())
            }
            Done::Staged(_, Err(error)) => Err(error.into()),
            Done::GivenUp => Ok(()),
            Done::Read(at, Ok(Ok(prepared))) => {
                self.ready.insert(at, WritableUnit::Prepared(Box::new(prepared)));
                Ok(())
            }
            Done::Read(at, Ok(Err(rejected))) => {
                self.ready.insert(at, WritableUnit::Rejected(rejected));
                Ok(())
            }
            Done::Read(_, Err(PagesStopped::Cancelled)) => Ok(()),
            Done::Read(_, Err(PagesStopped::Workers(error))) => Err(Error::Workers(error)),
            Done::Read(_, Err(PagesStopped::Record(error))) => Err(error.into()),
        }
    }

    /// In the order of the walk: the first unit with given bytes is read, later ones wait.
    fn sort(&mut self, at: usize, staged: Result<StagedUnit, RejectedUnit>) {
        let staged = match staged {
            Ok(staged) => staged,
            Err(rejected) => {
                self.ready.insert(at, WritableUnit::Rejected(rejected));
                return;
            }
        };
        let mut seen = !staged.files.is_empty();
        for (file, known) in staged.files.iter().zip(&staged.known) {
            let owner = *self.owners.entry(file.scan.fingerprint).or_insert(at);
            seen &= *known || owner != at;
        }
        if seen {
            self.ready.insert(at, WritableUnit::SeenBefore(staged));
        } else {
            self.read(at, staged, Plain);
        }
    }

    /// Starts reading a unit.
    fn read(&mut self, at: usize, staged: StagedUnit, as_known: impl AsKnown) {
        let (pipeline, cancel, sender) = (self.pipeline.clone(), self.cancel.clone(), self.sender.clone());
        let path: Arc<str> = staged.files.first().map_or_else(String::new, |f| f.file.shown()).into();
        self.tasks.spawn(async move {
            // Nobody listens any more when the run ends; that is no error.
            let _ = sender.send(TaskProgress::Began(path.clone()));
            let watch = Watch {
                cancel: &cancel,
                on_page: &|page, of| {
                    let _ = sender.send(TaskProgress::Page(path.clone(), page, of));
                },
                on_full: &|error| {
                    let _ = sender.send(TaskProgress::Full(full(error)));
                },
            };
            let read = pipeline.read(staged, watch).await;
            match read {
                Ok(Ok(prepared)) => Done::Read(at, Ok(Ok(as_known.apply(prepared)))),
                other => Done::Read(at, other),
            }
        });
    }

    fn pass_on(&self, progress: TaskProgress) {
        match progress {
            TaskProgress::Began(path) => self.progress.event(RunEvent::FileBegan { path: &path }),
            TaskProgress::Full(why) => self.progress.event(RunEvent::Waiting { why: &why }),
            TaskProgress::Page(path, page, of) => {
                self.progress.event(RunEvent::PageRead { path: &path, page, of });
            }
        }
    }
}

/// Whether a file has other bytes than those that were taken. Only one that was written or put there after the batch
/// began is read for it: the system keeps that time itself, whatever time the file claims.
fn has_changed(file: &Walked, taken: &BatchLine, since: Moment) -> bool {
    if taken.bytes != file.bytes as i64 {
        return true;
    }
    let path = file.path();
    let since_s = since.micros().div_euclid(1_000_000);
    if std::fs::metadata(&path).is_ok_and(|facts| facts.ctime() < since_s) {
        return false;
    }
    digest(&path).is_none_or(|digest| digest != taken.sha256)
}

/// The SHA-256 of a file; `None` where it cannot be read.
fn digest(path: &Path) -> Option<String> {
    let mut file = std::fs::File::open(path).ok()?;
    let mut is_whole = true;
    let parts = std::iter::from_fn(|| {
        let mut part = vec![0; 1 << 20];
        let read = file.read(&mut part).map_err(|_| is_whole = false).unwrap_or(0);
        part.truncate(read);
        (read > 0).then_some(part)
    });
    let digest = Fingerprint::of_parts(parts);
    is_whole.then(|| digest.hex())
}

/// How to file a document whose bytes may be known.
trait AsKnown: Send + 'static {
    fn apply(self, prepared: Prepared) -> Prepared;
}

/// The same bytes again are a duplicate.
struct Plain;

impl AsKnown for Plain {
    fn apply(self, prepared: Prepared) -> Prepared {
        prepared
    }
}

/// The delivery says something else of the bytes than their document: a person decides.
struct Contradicted {
    differences: Detail,
    other_customer: bool,
}

impl Contradicted {
    fn by(differences: Vec<Detail>, other_customer: bool) -> Option<Contradicted> {
        let differences = differences.into_iter().reduce(|all, next| all.and(Some(next)))?;
        Some(Contradicted {
            differences,
            other_customer,
        })
    }
}

impl AsKnown for Contradicted {
    fn apply(self, mut prepared: Prepared) -> Prepared {
        for document in &mut prepared.documents {
            let differences = self.differences.clone();
            document.link = link::contradicted(document.link.clone(), differences, self.other_customer);
        }
        prepared.known_scan = KnownScan::IsReviewed;
        prepared
    }
}
