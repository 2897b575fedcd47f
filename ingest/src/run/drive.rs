//! The work of a batch: files are staged ahead, read by all workers at once, and written to the
//! record in the order of the walk, several documents in one transaction.
//!
//! The order makes the result independent of which worker was faster: of two files with the same
//! bytes the first in the walk is the document and the other its duplicate.

use super::{Error, Event, Progress, Request, Run, RunLimits, rejected_line};
use crate::deposit::{self, Prepared};
use crate::group::Unit;
use crate::identify::{self, Staged, StagedFile};
use crate::link;
use crate::pages::Stop;
use crate::pipeline::{Pipeline, RejectedUnit, StagedUnit};
use crate::report::{Item, Ledger, line};
use crate::run::plan::Plan;
use crate::walk::{Walked, raw};
use reading::cancel::Cancel;
use reading::reason::{Reason, Refusal};
use records::batches::{BatchLine, Deposit, KnownScan, OpenBatch, Outcome};
use records::ids::Fingerprint;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Files of one name that lie in the folder of what is done.
const SAME_NAME_MAX: u32 = 9_999;

/// Does everything that the batch has not recorded yet. `false` beside the lines: it was cancelled.
pub(super) async fn drive(
    run: &Run,
    request: &Request,
    plan: &Plan,
    batch: &OpenBatch,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<(Ledger, bool), Error> {
    let (told, telling) = mpsc::unbounded_channel();
    let mut driver = Driver {
        run,
        request,
        batch,
        progress,
        cancel,
        pipeline: plan.pipeline.clone(),
        ledger: Ledger::default(),
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
        told,
        done: 0,
        found: 0,
        pages: 0,
    };
    driver.take_up(plan);
    driver.record(plan.other_lines().collect()).await?;
    driver.work(telling).await?;
    let finished = driver.next_ready == driver.begun && driver.units.is_empty();
    Ok((driver.ledger, finished))
}

/// What a task has to say when it ends.
enum Done {
    Staged(usize, records::Result<Result<StagedUnit, RejectedUnit>>),
    /// The run was cancelled while the disk was full.
    GivenUp,
    Read(usize, Result<Result<Prepared, RejectedUnit>, Stop>),
}

/// A unit whose turn to be written may come.
enum Ready {
    Prepared(Box<Prepared>),
    Rejected(RejectedUnit),
    /// All its bytes were seen before: whether it is a duplicate is known when its turn comes.
    SeenBefore(StagedUnit),
}

/// Something that a task tells while it works.
enum Told {
    Began(Arc<str>),
    Page(Arc<str>, u32, u32),
    /// The disk is full.
    Full(String),
}

/// A document that waits for its transaction, with what is needed to try again.
struct Pending {
    prepared: Prepared,
    walked: Vec<Walked>,
    fingerprints: Vec<Fingerprint>,
}

struct Driver<'r> {
    run: &'r Run,
    request: &'r Request,
    batch: &'r OpenBatch,
    progress: &'r dyn Progress,
    cancel: &'r Cancel,
    pipeline: Arc<Pipeline>,
    ledger: Ledger,
    units: VecDeque<Unit>,
    tasks: JoinSet<Done>,
    staging: Arc<Semaphore>,
    staged: BTreeMap<usize, Result<StagedUnit, RejectedUnit>>,
    ready: BTreeMap<usize, Ready>,
    /// The first unit of the walk that has these bytes.
    owners: HashMap<Fingerprint, usize>,
    begun: usize,
    next_staged: usize,
    next_ready: usize,
    pending: Vec<Pending>,
    pending_since: Option<Instant>,
    told: mpsc::UnboundedSender<Told>,
    done: usize,
    found: usize,
    pages: i64,
}

impl Driver<'_> {
    /// Takes over what an interrupted run has recorded; the rest is to be done. What was rejected
    /// is tried again.
    fn take_up(&mut self, plan: &Plan) {
        for line in &self.batch.recorded {
            self.ledger.put(line.clone());
        }
        let is_done = |file: &Walked| {
            self.ledger
                .get(&raw(&file.path()))
                .is_some_and(|line| line.outcome != Outcome::Rejected && line.bytes == file.bytes as i64)
        };
        let (done, open): (Vec<&Unit>, Vec<&Unit>) = plan.units.iter().partition(|unit| unit.files.iter().all(is_done));
        for file in done.iter().flat_map(|unit| &unit.files) {
            // The run that recorded it may have died before it put the source away.
            self.put_away(file);
        }
        self.units = open.into_iter().cloned().collect();
        self.found = plan.rejected.len();
        self.found += self.units.iter().map(|unit| unit.files.len()).sum::<usize>();
        self.progress.event(Event::Found { files: self.found });
    }

    async fn work(&mut self, mut telling: mpsc::UnboundedReceiver<Told>) -> Result<(), Error> {
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
                    Ok(done) => self.take(done).await?,
                    // A task that panicked is a fault of this program; nothing of its unit is
                    // recorded, so the next run does it again.
                    Err(error) => return Err(records::Error::Refused(format!("a stage failed: {error}; run again")).into()),
                },
                Some(told) = telling.recv() => self.tell(told),
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
            let (told, cancel, retry) = (self.told.clone(), self.cancel.clone(), self.run.limits.full_disk_retry);
            self.tasks.spawn(async move {
                // The semaphore is never closed.
                let _place = staging.acquire_owned().await;
                loop {
                    match pipeline.identify(unit.clone()).await {
                        Err(error) if error.is_full() => {
                            // Nobody listens any more when the run ends; that is no error.
                            let _ = told.send(Told::Full(full(&error)));
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

    async fn take(&mut self, done: Done) -> Result<(), Error> {
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
                self.ready.insert(at, Ready::Prepared(Box::new(prepared)));
                Ok(())
            }
            Done::Read(at, Ok(Err(rejected))) => {
                self.ready.insert(at, Ready::Rejected(rejected));
                Ok(())
            }
            Done::Read(_, Err(Stop::Cancelled)) => Ok(()),
            Done::Read(_, Err(Stop::Workers(error))) => Err(Error::Workers(error)),
            Done::Read(_, Err(Stop::Record(error))) => Err(error.into()),
        }
    }

    /// In the order of the walk: who has bytes first is read, who has them again waits.
    fn sort(&mut self, at: usize, staged: Result<StagedUnit, RejectedUnit>) {
        let staged = match staged {
            Ok(staged) => staged,
            Err(rejected) => {
                self.ready.insert(at, Ready::Rejected(rejected));
                return;
            }
        };
        let mut seen = !staged.files.is_empty();
        for (file, known) in staged.files.iter().zip(&staged.known) {
            let owner = *self.owners.entry(file.scan.fingerprint).or_insert(at);
            seen &= *known || owner != at;
        }
        if seen {
            self.ready.insert(at, Ready::SeenBefore(staged));
        } else {
            self.read(at, staged, Plain);
        }
    }

    /// Has a unit read.
    fn read(&mut self, at: usize, staged: StagedUnit, as_known: impl AsKnown) {
        let (pipeline, cancel, told) = (self.pipeline.clone(), self.cancel.clone(), self.told.clone());
        let path: Arc<str> = staged.files.first().map_or_else(String::new, |f| f.file.shown()).into();
        self.tasks.spawn(async move {
            // Nobody listens any more when the run ends; that is no error.
            let _ = told.send(Told::Began(path.clone()));
            let page = |page, of| {
                let _ = told.send(Told::Page(path.clone(), page, of));
            };
            let read = pipeline.read(staged, &cancel, page).await;
            match read {
                Ok(Ok(prepared)) => Done::Read(at, Ok(Ok(as_known.apply(prepared)))),
                other => Done::Read(at, other),
            }
        });
    }

    /// Passes on what is ready, in the order of the walk.
    async fn write_ready(&mut self) -> Result<(), Error> {
        while let Some(ready) = self.ready.remove(&self.next_ready) {
            match ready {
                Ready::Prepared(prepared) => {
                    let walked = prepared.files.iter().map(|f| f.file.clone()).collect();
                    let fingerprints = prepared.files.iter().map(|f| f.scan.fingerprint).collect();
                    self.pending.push(Pending {
                        prepared: *prepared,
                        walked,
                        fingerprints,
                    });
                    self.pending_since.get_or_insert_with(Instant::now);
                    if self.pending.len() >= self.run.limits.deposits_max {
                        self.flush().await?;
                    }
                }
                Ready::Rejected(rejected) => {
                    let refusals = rejected.refusals.iter().zip(&rejected.unit.files);
                    let lines = refusals.map(|((refusal, sha256), file)| refused_line(file, refusal, sha256.clone()));
                    self.record(lines.collect()).await?;
                }
                Ready::SeenBefore(staged) => {
                    self.flush().await?;
                    if let Some(again) = self.settle(staged).await? {
                        let at = self.next_ready;
                        match again {
                            (staged, None) => self.read(at, staged, Plain),
                            (staged, Some(other)) => self.read(at, staged, other),
                        }
                        // Its turn is kept until it is read.
                        return Ok(());
                    }
                }
            }
            self.next_ready += 1;
        }
        Ok(())
    }

    /// What becomes of a unit whose bytes were seen before, now that those before it are written:
    /// its lines are recorded, or it has to be read after all.
    async fn settle(&mut self, staged: StagedUnit) -> Result<Option<(StagedUnit, Option<OtherCustomer>)>, Error> {
        let mut lines = Vec::new();
        for file in &staged.files {
            let bytes = i64::try_from(file.scan.bytes).unwrap_or(i64::MAX);
            let path = raw(&file.file.path());
            let line = self
                .run
                .system
                .duplicate_line(file.scan.fingerprint, &path, bytes)
                .await?;
            lines.extend(line);
        }
        // The first was rejected: its double gets the same chance.
        if lines.len() < staged.files.len() {
            return Ok(Some((staged, None)));
        }
        let said = self.pipeline.statements(&staged.unit).await?;
        let first = lines
            .first()
            .map(|l| (l.customer_code.clone(), l.document_ids.first().cloned()));
        if let (Some(customer), Some((code, Some(document)))) = (link::stated_customer(&said), first)
            && !code.is_empty()
            && !link::same_code(&code, &customer.code)
            // An earlier run may have asked the same question already.
            && !self.is_with(&staged, customer.uid).await?
        {
            let other = OtherCustomer {
                first_document: document,
                first_customer: code,
            };
            return Ok(Some((staged, Some(other))));
        }
        self.record(lines).await?;
        for file in &staged.files {
            self.put_away(&file.file);
        }
        Ok(None)
    }

    /// Whether every scan of the unit is part of a document that is this customer's or proposed to be.
    async fn is_with(&self, staged: &StagedUnit, customer_uid: i64) -> Result<bool, Error> {
        for file in &staged.files {
            if !self
                .run
                .system
                .scan_is_with(file.scan.fingerprint, customer_uid)
                .await?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes the documents that wait, in one transaction.
    async fn flush(&mut self) -> Result<(), Error> {
        self.pending_since = None;
        while !self.pending.is_empty() {
            let deposits: Vec<Deposit> = self.pending.iter_mut().map(Pending::deposit).collect();
            let written = self
                .run
                .system
                .deposit(self.batch.uid, &self.request.actor, deposits)
                .await;
            match written {
                Ok(deposited) => {
                    for pending in std::mem::take(&mut self.pending) {
                        for file in &pending.walked {
                            self.put_away(file);
                        }
                    }
                    for line in deposited.into_iter().flat_map(|d| d.lines) {
                        self.note(line);
                    }
                }
                Err(error) if error.is_full() => {
                    if !wait_for_room(&self.run.limits, self.progress, self.cancel, &error).await {
                        // Nothing of them is recorded; the next run does them again.
                        self.pending.clear();
                        return Ok(());
                    }
                    self.stage_again().await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Copies the sources of waiting documents into staging once more, because the first copies
    /// went with the transaction that failed.
    async fn stage_again(&mut self) -> Result<(), Error> {
        for mut pending in std::mem::take(&mut self.pending) {
            let mut refusal = None;
            for (file, fingerprint) in pending.walked.iter().zip(&pending.fingerprints) {
                let stage = || {
                    let (pipeline, file) = (self.pipeline.clone(), file.clone());
                    async move { stage_one(pipeline, file).await }
                };
                match patiently(&self.run.limits, self.progress, self.cancel, stage).await? {
                    None => return Ok(()),
                    Some(Staged::Ready(staged)) if staged.scan.fingerprint == *fingerprint => {
                        pending.prepared.files.push(staged);
                    }
                    Some(_) => {
                        let detail = "it changed while the disk was full";
                        refusal = Some(Refusal::new(Reason::ChangedWhileReading, detail));
                    }
                }
            }
            match refusal {
                None => self.pending.push(pending),
                Some(refusal) => {
                    let lines = pending.walked.iter().map(|f| refused_line(f, &refusal, String::new()));
                    self.record(lines.collect()).await?;
                }
            }
        }
        Ok(())
    }

    /// Records lines of files that make no document.
    async fn record(&mut self, lines: Vec<BatchLine>) -> Result<(), Error> {
        if lines.is_empty() {
            return Ok(());
        }
        let (uid, actor) = (self.batch.uid, self.request.actor.as_str());
        let record = || self.run.system.batch_record(uid, actor, &lines);
        if patiently(&self.run.limits, self.progress, self.cancel, record)
            .await?
            .is_none()
        {
            return Ok(());
        }
        for line in lines {
            self.note(line);
        }
        Ok(())
    }

    /// Takes a recorded line into the account and tells it.
    fn note(&mut self, line: BatchLine) {
        if line.outcome != Outcome::Ignored {
            self.done += 1;
            if matches!(line.outcome, Outcome::Filed | Outcome::NeedsReview) {
                self.pages += line.pages;
            }
            let (done, found, pages) = (self.done, self.found.max(self.done), self.pages);
            self.progress.event(Event::FileEnded {
                item: &Item::of(&line),
                done,
                found,
                pages,
            });
        }
        self.ledger.put(line);
    }

    fn tell(&self, told: Told) {
        match told {
            Told::Began(path) => self.progress.event(Event::FileBegan { path: &path }),
            Told::Full(why) => self.progress.event(Event::Waiting { why: &why }),
            Told::Page(path, page, of) => {
                self.progress.event(Event::PageRead { path: &path, page, of });
            }
        }
    }

    /// Moves a source away after its commit, when that is wanted. A source that cannot be moved
    /// stays: the next run finds a duplicate.
    fn put_away(&self, file: &Walked) {
        let Some(done) = &self.request.done_folder else { return };
        let inside = match file.relative.as_os_str().is_empty() {
            true => file.root.file_name().map(Path::new).unwrap_or(&file.root),
            false => &file.relative,
        };
        if let Err(error) = move_without_replacing(&file.path(), &done.join(inside)) {
            tracing::warn!(path = file.shown(), %error, "a source could not be put away");
            let why = format!("{} could not be put away: {error}; it stays where it is", file.shown());
            self.progress.event(Event::Waiting { why: &why });
        }
    }
}

impl Pending {
    fn deposit(&mut self) -> Deposit {
        let files: Vec<StagedFile> = std::mem::take(&mut self.prepared.files);
        let Prepared {
            document,
            lines,
            known_scan,
            ..
        } = &self.prepared;
        Prepared::deposit(document, lines, *known_scan, files)
    }
}

/// How a document is filed whose bytes may be known.
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

/// The manifest says that the bytes are another customer's: a person decides.
struct OtherCustomer {
    first_document: String,
    first_customer: String,
}

impl AsKnown for OtherCustomer {
    fn apply(self, mut prepared: Prepared) -> Prepared {
        let link = prepared.document.link;
        prepared.document.link = deposit::same_scan(link, &self.first_document, &self.first_customer);
        prepared.known_scan = KnownScan::IsReviewed;
        prepared
    }
}

async fn stage_one(pipeline: Arc<Pipeline>, file: Walked) -> records::Result<Staged> {
    tokio::task::spawn_blocking(move || identify::stage(pipeline.system.vault(), file, &pipeline.means.limits))
        .await
        .map_err(|_| records::Error::Refused("copying into staging was interrupted; run again".to_owned()))?
}

fn refused_line(file: &Walked, refusal: &Refusal, sha256: String) -> BatchLine {
    let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
    let line = BatchLine {
        bytes,
        ..line(raw(&file.path()), Outcome::Rejected)
    };
    rejected_line(line, &refusal.to_string(), refusal.reason, sha256)
}

/// Does something that a full disk may prevent, and waits for room as long as it must. `None`: the
/// run was cancelled while it waited.
pub(super) async fn patiently<T, F>(
    limits: &RunLimits,
    progress: &dyn Progress,
    cancel: &Cancel,
    mut work: impl FnMut() -> F,
) -> Result<Option<T>, records::Error>
where
    F: Future<Output = records::Result<T>>,
{
    loop {
        match work().await {
            Err(error) if error.is_full() => {
                if !wait_for_room(limits, progress, cancel, &error).await {
                    return Ok(None);
                }
            }
            result => return result.map(Some),
        }
    }
}

/// Nothing tells when a disk has room again, so it is tried again after a while. `false`: cancelled.
async fn wait_for_room(limits: &RunLimits, progress: &dyn Progress, cancel: &Cancel, error: &records::Error) -> bool {
    progress.event(Event::Waiting { why: &full(error) });
    tokio::select! {
        () = tokio::time::sleep(limits.full_disk_retry) => true,
        () = cancel.cancelled() => false,
    }
}

fn full(error: &records::Error) -> String {
    format!("{error}; there is no room left: free some space, the import then goes on by itself")
}

/// Moves a file; where another one of its name lies already it gets a number, as scanners begin anew
/// every day.
fn move_without_replacing(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let here = rustix::fs::CWD;
    let move_to = |to: &Path| rustix::fs::renameat_with(here, from, here, to, rustix::fs::RenameFlags::NOREPLACE);
    let mut moved = move_to(to);
    for number in 2..=SAME_NAME_MAX {
        if moved != Err(rustix::io::Errno::EXIST) {
            break;
        }
        moved = move_to(&numbered(to, number));
    }
    moved?;
    for folder in [to.parent(), from.parent()].into_iter().flatten() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// `scan.pdf` as `scan (2).pdf`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!(" ({number})"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
