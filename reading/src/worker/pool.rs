//! The pool of workers: leases, deadlines, restarts with back-off, recycling.
//!
//! Decode workers, read workers and the workers reserved for viewers are separate crews, so that
//! somebody who looks at a page never waits behind an import. Workers start when first needed. The
//! spare worker runs at the lowest priority, for what nobody waits for.

use super::messages::{
    DecodeReply, DecodeRequest, DecodedPage, PictureHeader, ReadReply, ReadRequest, ViewKind, ViewRequest,
};
use super::process::{CallError, Worker, WorkerCommand};
use crate::bitmap::{SharedBitmap, read_sealed};
use crate::layout::PageReading;
use crate::limits::{PoolLimits, WorkerLimits};
use crate::media::MediaType;
use crate::read::ReadHow;
use crate::reason::{PoolError, Reason, Refusal};
use std::collections::VecDeque;
use std::fs::File;
use std::os::fd::{AsFd, AsRawFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of the encoded pictures of one request.
const PICTURE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The lowest priority there is.
const NICENESS_MOST: i32 = 19;
/// How many times the usual time the spare worker may take.
const SPARE_PATIENCE: u32 = 15;

/// What a pool is made of.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// `dossier worker decode`
    pub decode: WorkerCommand,
    /// `dossier worker read`
    pub read: WorkerCommand,
    pub decode_workers: usize,
    pub read_workers: usize,
    /// Decode workers kept for viewers.
    pub view_workers: usize,
    pub limits: PoolLimits,
}

/// What the pool has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStatus {
    /// The largest resident size of any decode worker, in bytes.
    pub decode_resident_peak: u64,
    /// The largest resident size of any read worker, in bytes.
    pub read_resident_peak: u64,
    /// Processor time of all decode workers while they answered.
    pub decode_processor_time: Duration,
    /// Processor time of all read workers while they answered.
    pub read_processor_time: Duration,
    /// Workers that ended without being asked to, or were killed for time or memory.
    pub deaths: u64,
}

/// A cheap handle on the workers. They end with the last handle.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    limits: PoolLimits,
    decode: Arc<Crew>,
    read: Arc<Crew>,
    view: Arc<Crew>,
    spare: Arc<Crew>,
}

/// A page as it came from the decode worker, with its bitmap where it has to be read.
#[derive(Debug)]
pub struct ScanPage {
    pub page: DecodedPage,
    pub bitmap: Option<SharedBitmap>,
}

/// A picture for a screen.
#[derive(Clone, Debug, PartialEq)]
pub struct PagePicture {
    pub kind: ViewKind,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

impl Pool {
    pub fn new(config: PoolConfig) -> Pool {
        let limits = config.limits;
        let crew = |role, command, worker_limits, places: usize| {
            Arc::new(Crew {
                role,
                lowest_priority: role == Role::Spare,
                command,
                limits: worker_limits,
                pool: limits,
                places: Arc::new(Semaphore::new(places.max(1))),
                idle: Mutex::new(Vec::new()),
                deaths: Mutex::new(VecDeque::new()),
                death_count: AtomicU64::new(0),
                resident_peak: AtomicU64::new(0),
                processor_ms: AtomicU64::new(0),
            })
        };
        let decode = config.decode.clone();
        // At the lowest priority a page takes as long as the others leave it no core.
        let patient = WorkerLimits {
            open_time: limits.decode.open_time.saturating_mul(SPARE_PATIENCE),
            page_time: limits.decode.page_time.saturating_mul(SPARE_PATIENCE),
            ..limits.decode
        };
        Pool {
            inner: Arc::new(Inner {
                limits,
                decode: crew(Role::Decode, config.decode, limits.decode, config.decode_workers),
                read: crew(Role::Read, config.read, limits.read, config.read_workers),
                view: crew(Role::Decode, decode.clone(), limits.decode, config.view_workers),
                spare: crew(Role::Spare, decode, patient, 1),
            }),
        }
    }

    /// Opens a scan in a decode worker, which stays leased until the `OpenScan` is dropped.
    ///
    /// # Errors
    /// `Refused` is about this scan, `Unavailable` about this machine.
    pub async fn open(&self, scan: File, media: MediaType) -> Result<OpenScan, PoolError> {
        let crew = self.inner.decode.clone();
        OpenScan::open(crew, self.inner.limits, scan, media).await
    }

    /// Reads a page bitmap.
    ///
    /// # Errors
    /// As `open`; the refusal is about this page.
    pub async fn read(&self, bitmap: &SharedBitmap) -> Result<PageReading, PoolError> {
        self.read_as(bitmap, ReadHow::default()).await
    }

    /// Reads a page bitmap in a way that somebody asks for.
    ///
    /// # Errors
    /// As `read`.
    pub async fn read_as(&self, bitmap: &SharedBitmap, how: ReadHow) -> Result<PageReading, PoolError> {
        let crew = &self.inner.read;
        let request = ReadRequest {
            bitmap: bitmap.header(),
            how,
        };
        let time = crew.limits.page_time_for(request.bitmap.pixels());
        let mut kills = 0;
        loop {
            let mut lease = crew.take().await?;
            match lease.ask::<_, ReadReply>(&request, Some(bitmap.file()), time).await {
                Ok((ReadReply::Read(reading), _)) => return Ok(reading),
                Ok((ReadReply::Refused(refusal), _)) => return Err(refusal.into()),
                Ok((ReadReply::Ready { .. }, _)) => {
                    lease.condemn();
                    return Err(out_of_turn());
                }
                Err(error) => {
                    kills += 1;
                    give_up(&error, kills, self.inner.limits.kills_per_scan_max)?;
                }
            }
        }
    }

    /// Pictures of a page for a screen, from a worker kept for viewers.
    ///
    /// # Errors
    /// As `open`.
    pub async fn view(
        &self,
        scan: File,
        media: MediaType,
        index: u32,
        request: ViewRequest,
    ) -> Result<Vec<PagePicture>, PoolError> {
        let crew = self.inner.view.clone();
        let mut open = OpenScan::open(crew, self.inner.limits, scan, media).await?;
        open.view(index, request).await
    }

    /// Opens a scan in the spare worker, to make pictures that nobody waits for.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_to_spare(&self, scan: File, media: MediaType) -> Result<OpenScan, PoolError> {
        OpenScan::open(self.inner.spare.clone(), self.inner.limits, scan, media).await
    }

    /// Pictures of a page whose bitmap is in hand, from a worker kept for viewers.
    ///
    /// # Errors
    /// As `read`.
    pub async fn shrink(&self, bitmap: &SharedBitmap, request: ViewRequest) -> Result<Vec<PagePicture>, PoolError> {
        let crew = &self.inner.view;
        let request = DecodeRequest::Shrink {
            bitmap: bitmap.header(),
            request,
            limits: self.inner.limits.scan,
        };
        let mut lease = crew.take().await?;
        let asked = lease.ask::<_, DecodeReply>(&request, Some(bitmap.file()), crew.limits.page_time);
        match asked.await {
            Ok((DecodeReply::View { pictures: headers }, Some(file))) => pictures(&headers, &file).ok_or_else(|| {
                lease.condemn();
                out_of_turn()
            }),
            Ok((DecodeReply::Refused(refusal), _)) => Err(refusal.into()),
            Ok(_) => {
                lease.condemn();
                Err(out_of_turn())
            }
            Err(error) => Err(Refusal::new(Reason::PageFailed, error.to_string()).into()),
        }
    }

    /// Ends the spare worker; it is started again when there is something to do.
    pub fn rest(&self) {
        lock(&self.inner.spare.idle).clear();
    }

    /// Starts one worker of each crew and ends it again: whether this machine can read at all.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), PoolError> {
        drop(self.inner.decode.take().await?);
        drop(self.inner.read.take().await?);
        Ok(())
    }

    pub fn status(&self) -> PoolStatus {
        let Inner {
            decode,
            read,
            view,
            spare,
            ..
        } = &*self.inner;
        let peak = |c: &Crew| c.resident_peak.load(Ordering::Relaxed);
        let time = |c: &Crew| Duration::from_millis(c.processor_ms.load(Ordering::Relaxed));
        let deaths = |c: &Crew| c.death_count.load(Ordering::Relaxed);
        PoolStatus {
            decode_resident_peak: peak(decode).max(peak(view)).max(peak(spare)),
            read_resident_peak: peak(read),
            decode_processor_time: time(decode) + time(view) + time(spare),
            read_processor_time: time(read),
            deaths: deaths(decode) + deaths(read) + deaths(view) + deaths(spare),
        }
    }
}

/// A scan that is open in a worker. A page that kills its worker is that page's failure: the scan
/// is opened again in a fresh one for the next.
pub struct OpenScan {
    crew: Arc<Crew>,
    pool: PoolLimits,
    scan: File,
    media: MediaType,
    lease: Option<Lease>,
    pages: u32,
    recovered: bool,
    spent: Duration,
    failed_in_a_row: u32,
}

impl OpenScan {
    async fn open(crew: Arc<Crew>, pool: PoolLimits, scan: File, media: MediaType) -> Result<OpenScan, PoolError> {
        let spent = Duration::ZERO;
        let (lease, pages, recovered, failed_in_a_row) = (None, 0, false, 0);
        let mut open = OpenScan {
            crew,
            pool,
            scan,
            media,
            lease,
            pages,
            recovered,
            spent,
            failed_in_a_row,
        };
        open.reopen().await?;
        Ok(open)
    }

    /// Pages the scan claims to have, at most the limit. A page exists only once it was decoded.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// The file is damaged and what could be saved of it is served.
    pub fn recovered(&self) -> bool {
        self.recovered
    }

    /// The process that holds the scan, for logs and for tests that kill it.
    pub fn worker_pid(&self) -> Option<u32> {
        self.lease.as_ref()?.worker.as_ref().map(Worker::pid)
    }

    /// Decodes a page, counted from 0.
    ///
    /// # Errors
    /// `Refused`: this page failed, the next may not. After `failed_pages_in_a_row_max` failures
    /// or `document_time` every further page is refused at once.
    pub async fn page(&mut self, index: u32) -> Result<ScanPage, PoolError> {
        self.page_to_read(index, false).await
    }

    /// Decodes a page, counted from 0; with `read_anyway` its bitmap comes along whatever text it brings.
    ///
    /// # Errors
    /// As `page`.
    pub async fn page_to_read(&mut self, index: u32, read_anyway: bool) -> Result<ScanPage, PoolError> {
        if self.spent > self.crew.limits.document_time {
            let detail = format!("the scan took more than {:?}", self.crew.limits.document_time);
            return Err(Refusal::new(Reason::TimedOut, detail).into());
        }
        let rows = self.pool.scan.failed_pages_in_a_row_max;
        if self.failed_in_a_row >= rows {
            let detail = format!("{rows} pages before it failed too");
            return Err(Refusal::new(Reason::PageFailed, detail).into());
        }
        let began = Instant::now();
        let result = self.try_page(index, read_anyway).await;
        self.spent += began.elapsed();
        match &result {
            Err(PoolError::Refused(_)) => self.failed_in_a_row += 1,
            _ => self.failed_in_a_row = 0,
        }
        result
    }

    async fn try_page(&mut self, index: u32, read_anyway: bool) -> Result<ScanPage, PoolError> {
        let (reply, file) = self.ask(&DecodeRequest::Page { index, read_anyway }).await?;
        let DecodeReply::Page { page, bitmap } = reply else {
            return Err(self.confused());
        };
        let pixels_max = self.pool.scan.page_pixels_max;
        let bitmap = match (bitmap, file) {
            (None, _) => None,
            (Some(header), Some(file)) => match SharedBitmap::from_file(header, file, pixels_max) {
                Ok(bitmap) => Some(bitmap),
                Err(_) => return Err(self.confused()),
            },
            (Some(_), None) => return Err(self.confused()),
        };
        Ok(ScanPage { page, bitmap })
    }

    /// Pictures of a page for screens, in the order of the request.
    ///
    /// # Errors
    /// As `page`.
    pub async fn view(&mut self, index: u32, request: ViewRequest) -> Result<Vec<PagePicture>, PoolError> {
        let wanted = request.widths.len();
        let (reply, file) = self.ask(&DecodeRequest::View { index, request }).await?;
        let (DecodeReply::View { pictures: headers }, Some(file)) = (reply, file) else {
            return Err(self.confused());
        };
        if headers.len() != wanted {
            return Err(self.confused());
        }
        pictures(&headers, &file).ok_or_else(|| self.confused())
    }

    async fn ask(&mut self, request: &DecodeRequest) -> Result<(DecodeReply, Option<std::os::fd::OwnedFd>), PoolError> {
        let time = self.crew.limits.page_time;
        let mut kills = 0;
        loop {
            let lease = match self.lease.as_mut() {
                Some(lease) => lease,
                None => self.reopen().await?,
            };
            match lease.ask::<_, DecodeReply>(request, None, time).await {
                Ok((DecodeReply::Refused(refusal), _)) => return Err(refusal.into()),
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    self.lease = None;
                    kills += 1;
                    give_up(&error, kills, self.pool.kills_per_scan_max)?;
                }
            }
        }
    }

    /// Opens the scan in a worker that has nothing else open.
    async fn reopen(&mut self) -> Result<&mut Lease, PoolError> {
        self.lease = None;
        let request = DecodeRequest::Open {
            media: self.media,
            limits: self.pool.scan,
        };
        let time = self.crew.limits.open_time;
        let mut kills = 0;
        loop {
            // A fresh description: its own offset, and read-only whatever the given one was.
            let path = format!("/proc/self/fd/{}", self.scan.as_raw_fd());
            let scan =
                File::open(path).map_err(|e| Refusal::new(Reason::Unreadable, format!("cannot be opened: {e}")))?;
            let mut lease = self.crew.take().await?;
            match lease.ask::<_, DecodeReply>(&request, Some(scan.as_fd()), time).await {
                Ok((DecodeReply::Opened { pages, recovered }, _)) => {
                    self.pages = pages.min(self.pool.scan.pages_max);
                    self.recovered = recovered;
                    return Ok(self.lease.insert(lease));
                }
                Ok((DecodeReply::Refused(refusal), _)) => return Err(refusal.into()),
                Ok(_) => {
                    lease.condemn();
                    return Err(out_of_turn());
                }
                Err(error) => {
                    kills += 1;
                    give_up(&error, kills, self.pool.kills_per_scan_max)?;
                }
            }
        }
    }

    fn confused(&mut self) -> PoolError {
        if let Some(mut lease) = self.lease.take() {
            lease.condemn();
        }
        out_of_turn()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Decode,
    Read,
    /// Decodes what nobody waits for.
    Spare,
}

/// Workers of one kind.
struct Crew {
    role: Role,
    /// Takes only the processor time that nobody else wants.
    lowest_priority: bool,
    command: WorkerCommand,
    limits: WorkerLimits,
    pool: PoolLimits,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Worker>>,
    deaths: Mutex<VecDeque<Instant>>,
    death_count: AtomicU64,
    resident_peak: AtomicU64,
    processor_ms: AtomicU64,
}

impl Crew {
    /// An idle worker or a fresh one, as soon as there is a place.
    async fn take(self: &Arc<Self>) -> Result<Lease, PoolError> {
        let unavailable = |what: String| PoolError::Unavailable(what);
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(|e| unavailable(e.to_string()))?;
        let idle = lock(&self.idle).pop();
        let worker = match idle {
            Some(worker) => worker,
            None => {
                self.back_off().await;
                match self.start().await {
                    Ok(worker) => worker,
                    Err(error) => {
                        self.note_death();
                        return Err(unavailable(error.to_string()));
                    }
                }
            }
        };
        Ok(Lease {
            crew: self.clone(),
            worker: Some(worker),
            _place: place,
        })
    }

    async fn start(&self) -> Result<Worker, CallError> {
        let mut worker = Worker::start(&self.command, &self.limits).await?;
        let sandbox = match self.role {
            Role::Decode | Role::Spare => match worker.ready().await? {
                DecodeReply::Ready { sandbox } => Some(sandbox),
                _ => None,
            },
            Role::Read => match worker.ready().await? {
                ReadReply::Ready { sandbox } => Some(sandbox),
                _ => None,
            },
        };
        let Some(sandbox) = sandbox else {
            return Err(CallError::Died("it spoke out of turn".to_owned()));
        };
        if self.lowest_priority {
            // Best effort: where it is not allowed the worker is merely less polite.
            let pid = i32::try_from(worker.pid())
                .ok()
                .and_then(rustix::process::Pid::from_raw);
            let _ = rustix::process::setpriority_process(pid, NICENESS_MOST);
        }
        tracing::debug!(role = ?self.role, pid = worker.pid(), sandbox, "worker ready");
        Ok(worker)
    }

    /// Waits when workers die faster than they should, so that a poisonous batch cannot turn the
    /// machine into a restart storm.
    async fn back_off(&self) {
        let recent = {
            let mut deaths = lock(&self.deaths);
            while deaths.front().is_some_and(|d| d.elapsed() > self.pool.death_window) {
                deaths.pop_front();
            }
            deaths.len()
        };
        let Some(beyond) = recent.checked_sub(self.pool.deaths_max) else {
            return;
        };
        let delay = self.pool.restart_delay * (1u32 << beyond.min(6));
        tracing::warn!(role = ?self.role, recent, ?delay, "workers die often, waiting");
        tokio::time::sleep(delay).await;
    }

    fn note_death(&self) {
        self.death_count.fetch_add(1, Ordering::Relaxed);
        lock(&self.deaths).push_back(Instant::now());
    }
}

/// A worker in use. Goes back to its crew when dropped, if it is still good.
struct Lease {
    crew: Arc<Crew>,
    worker: Option<Worker>,
    _place: OwnedSemaphorePermit,
}

impl Lease {
    async fn ask<Q: serde::Serialize, R: serde::de::DeserializeOwned>(
        &mut self,
        request: &Q,
        file: Option<std::os::fd::BorrowedFd<'_>>,
        time: Duration,
    ) -> Result<(R, Option<std::os::fd::OwnedFd>), CallError> {
        let Some(worker) = self.worker.as_mut() else {
            return Err(CallError::Died("it was killed before".to_owned()));
        };
        let before = worker.processor_time;
        let answer = worker.ask(request, file, time).await;
        let used = worker.processor_time.saturating_sub(before).as_millis() as u64;
        self.crew.processor_ms.fetch_add(used, Ordering::Relaxed);
        self.crew
            .resident_peak
            .fetch_max(worker.resident_peak, Ordering::Relaxed);
        if let Err(error) = &answer {
            tracing::warn!(role = ?self.crew.role, pid = worker.pid(), %error, "worker lost");
            self.condemn();
        }
        answer
    }

    /// Kills the worker.
    fn condemn(&mut self) {
        if self.worker.take().is_some() {
            self.crew.note_death();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take().filter(Worker::reusable) {
            lock(&self.crew.idle).push(worker);
        }
    }
}

/// Whether a lost worker means that this scan or page is given up, and with which reason. Too much
/// memory is; being killed or stopped may have come from outside and gets a second try.
fn give_up(error: &CallError, kills: u32, kills_max: u32) -> Result<(), PoolError> {
    let reason = match error {
        CallError::OutOfMemory(_) => Reason::OutOfMemory,
        _ if kills < kills_max => return Ok(()),
        CallError::TimedOut(_) => Reason::TimedOut,
        CallError::Died(_) | CallError::Confused(_) => Reason::PageFailed,
        CallError::NotStarted(e) => return Err(PoolError::Unavailable(e.to_string())),
    };
    Err(Refusal::new(reason, error.to_string()).into())
}

/// What lies one after the other in the file; `None` when it is not as the headers say.
fn pictures(headers: &[PictureHeader], file: &std::os::fd::OwnedFd) -> Option<Vec<PagePicture>> {
    let lengths = headers.iter().map(|header| header.bytes);
    let length = lengths.fold(0u64, u64::saturating_add);
    if length > PICTURE_BYTES_MAX {
        return None;
    }
    let bytes = read_sealed(file, length).ok()?;
    let mut rest = &bytes[..];
    headers
        .iter()
        .map(|header| {
            let (own, others) = rest.split_at_checked(usize::try_from(header.bytes).ok()?)?;
            rest = others;
            Some(PagePicture {
                kind: header.kind,
                width: header.width,
                height: header.height,
                bytes: own.to_vec(),
            })
        })
        .collect()
}

fn out_of_turn() -> PoolError {
    Refusal::new(Reason::PageFailed, "the worker answered something else").into()
}

/// The data behind these locks is valid at every point where a panic could leave it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
