//! The pool of workers: leases, deadlines, restarts with back-off, recycling.
//!
//! Decode workers, read workers and the workers reserved for viewers are separate crews, so that
//! a viewer never waits behind an import. Workers start when first needed. The
//! spare worker runs at the lowest priority, for work made ahead.

use super::crew::{Crew, CrewTask, give_up, lock, out_of_turn};
use super::messages::{DecodeReply, DecodeRequest, ReadReply, ReadRequest};
use super::open_scan::OpenScan;
use super::pictures::{PagePicture, pictures};
use super::process::{Worker, WorkerCommand};
use crate::bitmap::SharedBitmap;
use crate::layout::PageReading;
use crate::limits::{PoolLimits, WorkerLimits};
use crate::media::MediaType;
use crate::page::ViewRequest;
use crate::read::ReadHow;
use crate::reason::{PoolError, Refusal};
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use vocabulary::Reason;
use vocabulary::detail::Detail;

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
    /// Workers that crashed, or were killed for time or memory.
    pub deaths: u64,
}

/// A cheap handle on the workers. They end with the last handle.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<PoolState>,
}

struct PoolState {
    limits: PoolLimits,
    decode: Arc<Crew>,
    read: Arc<Crew>,
    view: Arc<Crew>,
    spare: Arc<Crew>,
}

impl Pool {
    pub fn new(config: PoolConfig) -> Pool {
        let limits = config.limits;
        let crew =
            |role, command, worker_limits, places| Arc::new(Crew::new(role, command, worker_limits, limits, places));
        let decode = config.decode.clone();
        // At the lowest priority a page takes as long as the others leave it no core.
        let patient = WorkerLimits {
            open_time: limits.decode.open_time.saturating_mul(SPARE_PATIENCE),
            page_time: limits.decode.page_time.saturating_mul(SPARE_PATIENCE),
            ..limits.decode
        };
        Pool {
            inner: Arc::new(PoolState {
                limits,
                decode: crew(CrewTask::Decode, config.decode, limits.decode, config.decode_workers),
                read: crew(CrewTask::Read, config.read, limits.read, config.read_workers),
                view: crew(CrewTask::Decode, decode.clone(), limits.decode, config.view_workers),
                spare: crew(CrewTask::Spare, decode, patient, 1),
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

    /// Reads a page bitmap in the requested way.
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
            let mut lease = match kills {
                0 => crew.take().await?,
                _ => crew.take_alone().await?,
            };
            match lease.ask::<_, ReadReply>(&request, Some(bitmap.file()), time).await {
                Ok((ReadReply::Read(reading), _)) => return Ok(reading),
                Ok((ReadReply::Refused(refusal), _)) => return Err(refusal.into()),
                Ok((ReadReply::Ready { .. } | ReadReply::NotReady(_), _)) => {
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

    /// Opens a scan in the spare worker, to make pictures ahead.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_to_spare(&self, scan: File, media: MediaType) -> Result<OpenScan, PoolError> {
        OpenScan::open(self.inner.spare.clone(), self.inner.limits, scan, media).await
    }

    /// Pictures of a page from its bitmap, made by a worker kept for viewers.
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
            Err(error) => Err(Refusal::new(Reason::PageFailed, error.detail()).into()),
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

    /// Starts a read worker and ends it again: why another runtime than the one for this processor reads, if one does.
    ///
    /// # Errors
    /// Why pages cannot be read at all.
    pub async fn read_instead(&self) -> Result<Option<Detail>, PoolError> {
        drop(self.inner.read.take().await?);
        Ok(self.inner.read.instead.get().cloned())
    }

    /// The process of a read worker that waits for work, for tests that stop it.
    pub fn idle_reader(&self) -> Option<u32> {
        lock(&self.inner.read.idle).last().map(Worker::pid)
    }

    pub fn status(&self) -> PoolStatus {
        let PoolState {
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
