//! The one loop from an open scan to its pages, for deliveries and for reading again.
//!
//! The next page is decoded while the pages before it are being read. Waiting goes in one direction only: a
//! page is decoded first, and only then takes a permit for its bitmap, held until it is read. A decode that
//! loses its worker queues for another one, and the holder of such a worker must never wait for a permit that this page
//! holds.

use reading::layout::PageReading;
use reading::media::MediaType;
use reading::order::typed;
use reading::page::{BesidePages, DecodedPage};
use reading::page_images::{ImageMaker, ImageRequest};
use reading::read::ReadHow;
use reading::reason::{PoolError, Refusal};
use reading::worker::{FileTakenOut, OpenScan, Pool, ScanPage};
use records::ids::Fingerprint;
use std::fs::File;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Why reading stopped without a result.
#[derive(Debug, thiserror::Error)]
pub enum PagesStopped {
    #[error("stopped")]
    Cancelled,
    #[error(transparent)]
    Workers(PoolError),
    #[error(transparent)]
    Record(#[from] records::Error),
}

/// Reads pages with the workers of one pool. Clones share the permits for bitmaps.
#[derive(Clone)]
pub struct PageReader {
    pool: Pool,
    /// Permits for page bitmaps that are decoded and not yet read.
    ahead: Arc<Semaphore>,
    /// Makes images of large pages while their bitmaps are in memory.
    images: Option<ImageMaker>,
}

/// A scan that is open in a decode worker.
pub struct OpenedScan {
    open: OpenScan,
    scan: Fingerprint,
    media: MediaType,
}

impl OpenedScan {
    /// Pages the scan claims to have.
    pub fn pages(&self) -> u32 {
        self.open.pages()
    }

    /// What it holds besides its pages.
    pub fn beside(&self) -> &BesidePages {
        self.open.beside()
    }

    /// Takes out a file inside it.
    ///
    /// # Errors
    /// As of the pool.
    pub async fn inside(&mut self, at: u32) -> Result<FileTakenOut, PoolError> {
        self.open.inside(at).await
    }
}

/// How a page is requested.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub how: ReadHow,
    /// It is read even where the text that came with it is trusted.
    pub read_anyway: bool,
}

/// What became of a page.
#[derive(Debug)]
pub enum PageOutcome {
    /// Its text came with it.
    Delivered(DecodedPage),
    Read(DecodedPage, PageReading),
    Failed {
        /// The page where it could be decoded: then a picture of it can be shown.
        decoded: Option<Box<DecodedPage>>,
        refusal: Refusal,
    },
}

/// Pages that are being read, each under the key by which the caller knows it.
pub struct UnderWay<K>(JoinSet<(K, DecodedPage, Result<PageReading, PoolError>)>);

impl<K: Send + 'static> Default for UnderWay<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Send + 'static> UnderWay<K> {
    pub fn new() -> UnderWay<K> {
        UnderWay(JoinSet::new())
    }

    /// A page that is done by now, if there is one.
    pub fn try_next(&mut self) -> Option<Result<(K, PageOutcome), PagesStopped>> {
        self.0.try_join_next().map(outcome)
    }

    /// The next page that is done; `None` when none is under way.
    pub async fn next(&mut self) -> Option<Result<(K, PageOutcome), PagesStopped>> {
        self.0.join_next().await.map(outcome)
    }
}

type Joined<K> = Result<(K, DecodedPage, Result<PageReading, PoolError>), tokio::task::JoinError>;

fn outcome<K>(joined: Joined<K>) -> Result<(K, PageOutcome), PagesStopped> {
    // A task ends badly only when the runtime goes down with it.
    let (key, page, result) = joined.map_err(|_| PagesStopped::Cancelled)?;
    match result {
        // What shows nothing because its image could not be decoded is not blank.
        Ok(reading) if reading.blank && !page.is_rest && !page.lost.is_empty() => {
            let refusal = Refusal::new(Reason::PageFailed, DetailCode::ImageNotDecoded);
            let decoded = Some(Box::new(page));
            Ok((key, PageOutcome::Failed { decoded, refusal }))
        }
        Ok(mut reading) => {
            let size = (page.width, page.height);
            typed(&mut reading.text.lines, &page.fields, size, reading.turn);
            Ok((key, PageOutcome::Read(page, reading)))
        }
        Err(PoolError::Refused(refusal)) => {
            let decoded = Some(Box::new(page));
            Ok((key, PageOutcome::Failed { decoded, refusal }))
        }
        Err(unavailable) => Err(PagesStopped::Workers(unavailable)),
    }
}

impl PageReader {
    /// With room for so many bitmaps that wait to be read.
    pub fn new(pool: Pool, bitmaps: usize, images: Option<ImageMaker>) -> PageReader {
        let ahead = Arc::new(Semaphore::new(bitmaps.max(1)));
        PageReader { pool, ahead, images }
    }

    /// Opens a scan. The inner error is about the scan.
    ///
    /// # Errors
    /// When there are no workers.
    pub async fn open(
        &self,
        file: File,
        scan: Fingerprint,
        media: MediaType,
    ) -> Result<Result<OpenedScan, Refusal>, PagesStopped> {
        match self.pool.open(file, media).await {
            Ok(open) => Ok(Ok(OpenedScan { open, scan, media })),
            Err(PoolError::Refused(refusal)) => Ok(Err(refusal)),
            Err(unavailable) => Err(PagesStopped::Workers(unavailable)),
        }
    }

    /// Decodes a page. `None`: it has to be read, which goes on under way.
    ///
    /// # Errors
    /// When there are no workers.
    pub async fn page<K: Send + 'static>(
        &self,
        opened: &mut OpenedScan,
        index: u32,
        wanted: Wanted,
        key: K,
        under_way: &mut UnderWay<K>,
    ) -> Result<Option<(K, PageOutcome)>, PagesStopped> {
        match opened.open.page_to_read(index, wanted.read_anyway).await {
            Ok(ScanPage {
                page,
                bitmap: Some(bitmap),
            }) => {
                // Only now, see above.
                let place = self.ahead.clone().acquire_owned().await;
                let place = place.map_err(|_| PagesStopped::Cancelled)?;
                let pool = self.pool.clone();
                let large = self.images.clone().filter(|images| images.is_large(&bitmap));
                let (scan, media) = (opened.scan, opened.media);
                let how = match page.is_rest {
                    // The text that came with the page says how it lies.
                    true => ReadHow {
                        turn: Some(page.turn),
                        ..wanted.how
                    },
                    false => wanted.how,
                };
                under_way.0.spawn(async move {
                    let result = pool.read_as(&bitmap, how).await;
                    if let (Some(images), Ok(reading)) = (large, &result) {
                        images
                            .make_from(&bitmap, image_request(scan, media, index, reading))
                            .await;
                    }
                    drop((bitmap, place));
                    (key, page, result)
                });
                Ok(None)
            }
            Ok(ScanPage { page, bitmap: None }) => Ok(Some((key, PageOutcome::Delivered(page)))),
            Err(PoolError::Refused(refusal)) => Ok(Some((key, PageOutcome::Failed { decoded: None, refusal }))),
            Err(unavailable) => Err(PagesStopped::Workers(unavailable)),
        }
    }
}

/// The image of a page that was just read, in its own width.
fn image_request(scan: Fingerprint, media: MediaType, scan_index: u32, reading: &PageReading) -> ImageRequest {
    ImageRequest {
        scan,
        media,
        scan_index,
        turn: reading.turn,
        width: reading.width,
        page_width: reading.width,
    }
}
