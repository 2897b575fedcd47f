//! A scan open in a decode worker, reopened in another when it loses the worker.

use super::crew::{BorrowedWorker, Crew, give_up, out_of_turn};
use super::messages::{DecodeReply, DecodeRequest};
use super::pictures::{PagePicture, pictures};
use super::process::Worker;
use crate::bitmap::{SharedBitmap, check_sealed};
use crate::limits::PoolLimits;
use crate::media::MediaType;
use crate::page::{BesidePages, DecodedPage, ViewRequest};
use crate::reason::{PoolError, Refusal};
use std::fs::File;
use std::os::fd::{AsFd, AsRawFd};
use std::sync::Arc;
use std::time::Duration;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// A page as it came from the decode worker, with its bitmap where it has to be read.
#[derive(Debug)]
pub struct ScanPage {
    pub page: DecodedPage,
    pub bitmap: Option<SharedBitmap>,
}

/// A file that was inside a scan.
#[derive(Debug)]
pub enum FileTakenOut {
    /// In memory, and nobody writes to it any more.
    Read { media: MediaType, bytes: u64, file: File },
    /// Of a format that is not read.
    NotRead,
}

/// A scan that is open in a worker. A page that kills its worker is that page's failure: the scan
/// is opened again in a fresh one for the next.
pub struct OpenScan {
    crew: Arc<Crew>,
    pool: PoolLimits,
    scan: File,
    media: MediaType,
    lease: Option<BorrowedWorker>,
    pages: u32,
    recovered: bool,
    beside: BesidePages,
    /// Processor time that its pages have cost.
    spent: Duration,
    failed_in_a_row: u32,
}

impl OpenScan {
    pub(super) async fn open(
        crew: Arc<Crew>,
        pool: PoolLimits,
        scan: File,
        media: MediaType,
    ) -> Result<OpenScan, PoolError> {
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
            beside: BesidePages::default(),
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

    /// What it holds besides its pages.
    pub fn beside(&self) -> &BesidePages {
        &self.beside
    }

    /// The process that holds the scan, for logs and for tests that kill it.
    pub fn worker_pid(&self) -> Option<u32> {
        self.lease.as_ref()?.worker().map(Worker::pid)
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
            let time = self.crew.limits.document_time;
            let detail = DetailCode::ScanTookLonger.with(format!("{time:?}"));
            return Err(Refusal::new(Reason::TimedOut, detail).into());
        }
        let rows = self.pool.scan.failed_pages_in_a_row_max;
        if self.failed_in_a_row >= rows {
            let detail = DetailCode::PagesBeforeFailed.with(rows);
            return Err(Refusal::new(Reason::PageFailed, detail).into());
        }
        let result = self.try_page(index, read_anyway).await;
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

    /// Takes out a file inside the scan, by its place among those that `beside` names.
    ///
    /// # Errors
    /// `Refused`: this one cannot be had, the next may be.
    pub async fn inside(&mut self, at: u32) -> Result<FileTakenOut, PoolError> {
        let (reply, file) = self.ask(&DecodeRequest::Inside { at }).await?;
        let DecodeReply::Inside { media, bytes } = reply else {
            return Err(self.confused());
        };
        match (media, file) {
            (None, None) => Ok(FileTakenOut::NotRead),
            (Some(media), Some(file)) => {
                if check_sealed(&file, bytes).is_err() || bytes > self.pool.scan.inside_bytes_max {
                    return Err(self.confused());
                }
                let file = File::from(file);
                Ok(FileTakenOut::Read { media, bytes, file })
            }
            _ => Err(self.confused()),
        }
    }

    async fn ask(&mut self, request: &DecodeRequest) -> Result<(DecodeReply, Option<std::os::fd::OwnedFd>), PoolError> {
        let time = self.crew.limits.page_time;
        let mut kills = 0;
        loop {
            let lease = match self.lease.as_mut() {
                Some(lease) => lease,
                None => self.reopen().await?,
            };
            let before = lease.used;
            let answer = lease.ask::<_, DecodeReply>(request, None, time).await;
            let used = lease.used.saturating_sub(before);
            self.spent += used;
            match answer {
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
    async fn reopen(&mut self) -> Result<&mut BorrowedWorker, PoolError> {
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
            let scan = File::open(path)
                .map_err(|e| Refusal::new(Reason::Unreadable, DetailCode::CannotBeOpened.with(e.to_string())))?;
            let mut lease = self.crew.take().await?;
            match lease.ask::<_, DecodeReply>(&request, Some(scan.as_fd()), time).await {
                Ok((
                    DecodeReply::Opened {
                        pages,
                        recovered,
                        beside,
                    },
                    _,
                )) => {
                    self.pages = pages.min(self.pool.scan.pages_max);
                    self.beside = beside;
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
