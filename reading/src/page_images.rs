//! Page images for screens, made by the workers reserved for viewers, with a cache on disk.
//!
//! The widths that screens ask for first are made together: decoding the page is what costs. They can be made ahead of
//! time, and, for large pages, from the bitmap while the page is read. Refuses to know where scans are kept: the caller
//! of an image also says how to open its scan.

mod cache;

use crate::bitmap::SharedBitmap;
use crate::layout::Turn;
use crate::media::MediaType;
use crate::page::{ViewKind, ViewRequest};
use crate::reason::PoolError;
use crate::worker::{PagePicture, Pool};
use cache::Cache;
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use vocabulary::ids::Fingerprint;

/// One page image. Everything that decides its bytes is in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRequest {
    pub scan: Fingerprint,
    pub media: MediaType,
    /// Position of the page in the scan file, from 0.
    pub scan_index: u32,
    pub turn: Turn,
    /// Width in pixels, after the turn.
    pub width: u32,
    /// Width of the page itself: nothing wider is made of it.
    pub page_width: u32,
}

/// An encoded page image.
#[derive(Clone, Debug)]
pub struct Image {
    pub kind: ViewKind,
    pub width: u32,
    pub height: u32,
    pub bytes: Arc<[u8]>,
}

/// Bounds on the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageImageLimits {
    /// Bytes of all images kept on disk.
    pub cache_bytes_max: u64,
    /// Bytes up to which images made ahead may fill the cache.
    pub ready_bytes_max: u64,
    /// Widest image, in pixels.
    pub width_max: u32,
    /// Pixels from which the images of a page are made while it is read: its bitmap is in memory then, and decoding it
    /// again would take long. An A3 sheet at 300 dpi has 17 million.
    pub large_page_pixels: u64,
    /// Widths that screens ask for first; they are made together.
    pub ready_widths: [u32; 3],
}

impl PageImageLimits {
    /// For a cache of this many bytes.
    pub fn for_bytes(cache_bytes_max: u64, ready_widths: [u32; 3]) -> PageImageLimits {
        PageImageLimits {
            cache_bytes_max,
            ready_bytes_max: cache_bytes_max / 4 * 3,
            width_max: 8_000,
            large_page_pixels: 18_000_000,
            ready_widths,
        }
    }
}

/// Makes page images and keeps them.
#[derive(Clone)]
pub struct ImageMaker {
    inner: Arc<PageImagesState>,
}

struct PageImagesState {
    pool: Pool,
    cache: Cache,
    limits: PageImageLimits,
    /// Pages of which images are being made: who wants one of the same page waits for them.
    making: Mutex<HashMap<PageKey, Weak<tokio::sync::Mutex<()>>>>,
}

/// A page of a scan, upright.
type PageKey = (Fingerprint, u32, u16);

impl ImageMaker {
    /// Adopts the content of the cache folder; creates it when missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(pool: Pool, cache_folder: PathBuf, limits: PageImageLimits) -> io::Result<ImageMaker> {
        let cache = Cache::new(cache_folder, limits.cache_bytes_max)?;
        Ok(ImageMaker {
            inner: Arc::new(PageImagesState {
                pool,
                cache,
                limits,
                making: Mutex::new(HashMap::new()),
            }),
        })
    }

    /// Whether a page is so large that its images are made while it is read.
    pub fn is_large(&self, bitmap: &SharedBitmap) -> bool {
        bitmap.header().pixels() >= self.inner.limits.large_page_pixels
    }

    /// Makes the images of a page from its bitmap. A failure is only logged: the images are then made on
    /// request.
    pub async fn make_from(&self, bitmap: &SharedBitmap, page: ImageRequest) {
        let inner = &self.inner;
        let wanted = inner.missing(&page);
        if wanted.is_empty() || self.has_enough() {
            return;
        }
        let request = view_of(&wanted, page.turn);
        match inner.pool.shrink(bitmap, request).await {
            Ok(pictures) => inner.clone().keep(wanted, pictures).await,
            Err(error) => tracing::debug!(%error, scan = %page.scan, "page_images.not_made"),
        }
    }

    /// Makes the missing images of one scan at idle priority. The scan is opened only when something is
    /// missing.
    pub async fn make_spare<E>(&self, pages: Vec<ImageRequest>, open: impl FnOnce() -> Result<File, E>) {
        let inner = &self.inner;
        let missing: Vec<(ImageRequest, Vec<ImageRequest>)> = pages
            .into_iter()
            .map(|page| {
                let mut missing = inner.missing(&page);
                // An expected image has its own width; a page only made ahead has the width of the page view.
                if page.width < page.page_width && !missing.contains(&page) && !inner.cache.has(&page) {
                    missing.push(page.clone());
                }
                (page, missing)
            })
            .filter(|(_, missing)| !missing.is_empty())
            .collect();
        let Some((first, _)) = missing.first() else { return };
        let Ok(file) = open() else { return };
        let mut open = match inner.pool.open_to_spare(file, first.media).await {
            Ok(open) => open,
            Err(error) => {
                tracing::debug!(%error, scan = %first.scan, "page_images.not_made");
                return;
            }
        };
        for (page, wanted) in missing {
            match open.view(page.scan_index, view_of(&wanted, page.turn)).await {
                Ok(pictures) => inner.clone().keep(wanted, pictures).await,
                Err(error) => tracing::debug!(%error, scan = %page.scan, "page_images.not_made"),
            }
        }
    }

    /// Whether previews fill the cache as far as they may. A cache that cannot be looked at is full.
    pub fn has_enough(&self) -> bool {
        let bytes = self.inner.cache.bytes();
        bytes.map_or(true, |bytes| bytes >= self.inner.limits.ready_bytes_max)
    }

    /// Lets the worker that makes images ready go.
    pub fn rest(&self) {
        self.inner.pool.rest();
    }

    /// The image, from the cache or made now; `open` opens the scan when it has to be made.
    ///
    /// # Errors
    /// What prevents it, as words for a log.
    pub async fn image<E: std::fmt::Display>(
        &self,
        mut request: ImageRequest,
        open: impl FnOnce() -> Result<File, E>,
    ) -> Result<Image, String> {
        let inner = &self.inner;
        request.width = request.width.clamp(1, inner.limits.width_max);
        if let Some(image) = inner.cache.get(&request).await {
            return Ok(image);
        }
        let place = inner.place(&request);
        let _place = place.lock().await;
        // Somebody else may have made it meanwhile.
        if let Some(image) = inner.cache.get(&request).await {
            return Ok(image);
        }
        let file = open().map_err(|error| error.to_string())?;
        // What screens ask for first comes along: the page is decoded only once.
        let mut wanted = vec![request.clone()];
        wanted.extend(
            inner
                .missing(&request)
                .into_iter()
                .filter(|image| image.width != request.width),
        );
        let view = view_of(&wanted, request.turn);
        let made = inner.pool.view(file, request.media, request.scan_index, view).await;
        let pictures = made.map_err(|error| match error {
            PoolError::Refused(refusal) => refusal.to_string(),
            PoolError::Unavailable(_) => error.to_string(),
        })?;
        let image = pictures.first().map(image_of).ok_or("no picture was made")?;
        // The caller gets the image whether or not it could be cached.
        inner.clone().keep(wanted, pictures).await;
        Ok(image)
    }
}

impl PageImagesState {
    /// The images of a page that screens ask for first and that are not there.
    fn missing(&self, page: &ImageRequest) -> Vec<ImageRequest> {
        let mut widths: Vec<u32> = self
            .limits
            .ready_widths
            .iter()
            .map(|width| (*width).min(page.page_width.max(1)))
            .collect();
        widths.dedup();
        let images = widths.into_iter().map(|width| ImageRequest { width, ..page.clone() });
        images.filter(|image| !self.cache.has(image)).collect()
    }

    async fn keep(self: Arc<Self>, wanted: Vec<ImageRequest>, pictures: Vec<PagePicture>) {
        let keep = move || {
            for (request, picture) in wanted.iter().zip(&pictures) {
                if let Err(error) = self.cache.keep(request, &image_of(picture)) {
                    tracing::warn!(%error, "a page image could not be kept in the cache");
                    return;
                }
            }
        };
        // A task ends badly only when the runtime goes down with it.
        let _ = tokio::task::spawn_blocking(keep).await;
    }

    /// The lock of those who want images of the same page.
    fn place(&self, request: &ImageRequest) -> Arc<tokio::sync::Mutex<()>> {
        let key = (request.scan, request.scan_index, request.turn.degrees());
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = making.get(&key).and_then(Weak::upgrade) {
            return place;
        }
        making.retain(|_, place| place.strong_count() > 0);
        let place = Arc::new(tokio::sync::Mutex::new(()));
        making.insert(key, Arc::downgrade(&place));
        place
    }
}

fn view_of(wanted: &[ImageRequest], turn: Turn) -> ViewRequest {
    ViewRequest {
        widths: wanted.iter().map(|image| image.width).collect(),
        turn,
    }
}

fn image_of(picture: &PagePicture) -> Image {
    Image {
        kind: picture.kind,
        width: picture.width,
        height: picture.height,
        bytes: picture.bytes.as_slice().into(),
    }
}
