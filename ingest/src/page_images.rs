//! Page images for screens, made by the workers that are kept for viewers, with a cache on disk.
//!
//! The widths that screens ask for first are made together: decoding the page is what costs. They are
//! made ahead of time (`ready`), and where a large page is in hand anyway while it is read.

mod cache;
mod ready;

pub use ready::{Readier, ReadyLimits};

use cache::Cache;
use reading::bitmap::SharedBitmap;
use reading::layout::Turn;
use reading::media::MediaType;
use reading::reason::PoolError;
use reading::worker::{PagePicture, Pool, ViewRequest};
use records::System;
use records::ids::Fingerprint;
use records::page_images::{PageImage, PageImageError, PageImageFuture, PageImageRequest, PageImages, READY_WIDTHS};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::mpsc;

/// Bounds on the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageImageLimits {
    /// Bytes of all images kept on disk.
    pub cache_bytes_max: u64,
    /// Bytes up to which images that nobody has asked for may fill the cache.
    pub ready_bytes_max: u64,
    /// Widest image, in pixels.
    pub width_max: u32,
    /// Pixels from which on the images of a page are made while it is read: its bitmap is in hand then, and decoding it
    /// again would take long. An A3 sheet at 300 dpi has 17 million.
    pub large_page_pixels: u64,
    /// Images that are expected to be asked for and not made yet.
    pub expected_max: usize,
}

impl PageImageLimits {
    /// For a cache of so many bytes.
    pub fn for_bytes(cache_bytes_max: u64) -> PageImageLimits {
        PageImageLimits {
            cache_bytes_max,
            ready_bytes_max: cache_bytes_max / 4 * 3,
            width_max: 8_000,
            large_page_pixels: 18_000_000,
            expected_max: 16,
        }
    }
}

/// Serves page images from the vault.
#[derive(Clone)]
pub struct WorkerPageImages {
    inner: Arc<Inner>,
}

struct Inner {
    system: System,
    pool: Pool,
    cache: Cache,
    limits: PageImageLimits,
    /// Pages of which images are being made: who wants one of the same page waits for them.
    making: Mutex<HashMap<PageKey, Weak<tokio::sync::Mutex<()>>>>,
    expect: mpsc::Sender<PageImageRequest>,
    expected: Mutex<Option<mpsc::Receiver<PageImageRequest>>>,
}

/// A page of a scan, upright.
type PageKey = (Fingerprint, u32, u16);

impl WorkerPageImages {
    /// Takes over what lies in the cache folder; makes the folder when it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(
        system: System,
        pool: Pool,
        cache_folder: PathBuf,
        limits: PageImageLimits,
    ) -> records::Result<WorkerPageImages> {
        let failed = records::Error::io(cache_folder.clone());
        let cache = Cache::new(cache_folder, limits.cache_bytes_max).map_err(failed)?;
        let (expect, expected) = mpsc::channel(limits.expected_max.max(1));
        Ok(WorkerPageImages {
            inner: Arc::new(Inner {
                system,
                pool,
                cache,
                limits,
                making: Mutex::new(HashMap::new()),
                expect,
                expected: Mutex::new(Some(expected)),
            }),
        })
    }

    /// Who makes images ready before they are asked for. There is one; whoever comes second gets none.
    pub fn readier(&self, limits: ReadyLimits) -> Option<Readier> {
        let expected = self
            .inner
            .expected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()?;
        Some(Readier::new(self.inner.system.clone(), self.clone(), expected, limits))
    }

    /// Whether a page is so large that its images are made while it is read.
    pub(crate) fn is_large(&self, bitmap: &SharedBitmap) -> bool {
        bitmap.header().pixels() >= self.inner.limits.large_page_pixels
    }

    /// Makes the images of a page whose bitmap is in hand. What goes wrong is only said: they are made when they are
    /// asked for.
    pub(crate) async fn make_from(&self, bitmap: &SharedBitmap, page: PageImageRequest) {
        let inner = &self.inner;
        let Some(turn) = Turn::from_degrees(i64::from(page.turn)) else {
            return;
        };
        let wanted = inner.missing(&page);
        if wanted.is_empty() || self.has_enough() {
            return;
        }
        let request = ViewRequest {
            widths: wanted.iter().map(|image| image.width).collect(),
            turn,
        };
        match inner.pool.shrink(bitmap, request).await {
            Ok(pictures) => inner.clone().keep(wanted, pictures).await,
            Err(error) => tracing::debug!(%error, scan = %page.scan, "page_images.not_made"),
        }
    }

    /// Makes what is missing of pages of one scan, where nobody waits for it.
    async fn make_spare(&self, pages: Vec<PageImageRequest>) {
        let inner = &self.inner;
        let missing: Vec<(PageImageRequest, Vec<PageImageRequest>)> = pages
            .into_iter()
            .map(|page| {
                let mut missing = inner.missing(&page);
                // What is expected has a width of its own; a page that is only made ready has that of the page.
                if page.width < page.page_width && !missing.contains(&page) && !inner.cache.has(&page) {
                    missing.push(page.clone());
                }
                (page, missing)
            })
            .filter(|(_, missing)| !missing.is_empty())
            .collect();
        let Some((first, _)) = missing.first() else { return };
        let Some(media) = MediaType::from_name(&first.media_type) else {
            return;
        };
        let Ok(file) = inner.system.vault().open_scan(first.scan) else {
            return;
        };
        let mut open = match inner.pool.open_to_spare(file, media).await {
            Ok(open) => open,
            Err(error) => {
                tracing::debug!(%error, scan = %first.scan, "page_images.not_made");
                return;
            }
        };
        for (page, wanted) in missing {
            let Some(turn) = Turn::from_degrees(i64::from(page.turn)) else {
                continue;
            };
            let request = ViewRequest {
                widths: wanted.iter().map(|image| image.width).collect(),
                turn,
            };
            match open.view(page.scan_index, request).await {
                Ok(pictures) => inner.clone().keep(wanted, pictures).await,
                Err(error) => tracing::debug!(%error, scan = %page.scan, "page_images.not_made"),
            }
        }
    }

    /// Whether previews fill the cache as far as they may. A cache that cannot be looked at is full.
    fn has_enough(&self) -> bool {
        let bytes = self.inner.cache.bytes();
        bytes.map_or(true, |bytes| bytes >= self.inner.limits.ready_bytes_max)
    }

    /// Lets the worker that makes images ready go.
    fn rest(&self) {
        self.inner.pool.rest();
    }
}

impl PageImages for WorkerPageImages {
    fn page_image(&self, request: PageImageRequest) -> PageImageFuture<'_> {
        let inner = self.inner.clone();
        Box::pin(async move { inner.page_image(request).await })
    }

    fn expect(&self, requests: Vec<PageImageRequest>) {
        for request in requests {
            // Where more is expected than can be made the rest is made when it is asked for.
            let _ = self.inner.expect.try_send(request);
        }
    }
}

impl Inner {
    async fn page_image(self: Arc<Self>, mut request: PageImageRequest) -> Result<PageImage, PageImageError> {
        request.width = request.width.clamp(1, self.limits.width_max);
        let (scan, scan_index) = (request.scan, request.scan_index);
        let failed = |reason: String| PageImageError {
            scan,
            scan_index,
            reason,
        };
        if let Some(image) = self.cache.get(&request).await {
            return Ok(image);
        }
        let turn = Turn::from_degrees(i64::from(request.turn))
            .ok_or_else(|| failed(format!("a page is not turned by {} degrees", request.turn)))?;
        let media = MediaType::from_name(&request.media_type)
            .ok_or_else(|| failed(format!("{} is no type that is read", request.media_type)))?;
        let place = self.place(&request);
        let _place = place.lock().await;
        // Somebody else may have made it meanwhile.
        if let Some(image) = self.cache.get(&request).await {
            return Ok(image);
        }
        let file = self
            .system
            .vault()
            .open_scan(request.scan)
            .map_err(|e| failed(e.to_string()))?;
        // What screens ask for first comes along: the page is decoded only once.
        let mut wanted = vec![request.clone()];
        wanted.extend(
            self.missing(&request)
                .into_iter()
                .filter(|image| image.width != request.width),
        );
        let view = ViewRequest {
            widths: wanted.iter().map(|image| image.width).collect(),
            turn,
        };
        let pictures = self.pool.view(file, media, scan_index, view).await.map_err(|error| {
            failed(match error {
                PoolError::Refused(refusal) => refusal.to_string(),
                PoolError::Unavailable(_) => error.to_string(),
            })
        })?;
        let image = pictures
            .first()
            .map(image_of)
            .ok_or_else(|| failed("no picture was made".to_owned()))?;
        // Whoever asked gets the image whether or not it could be kept.
        self.keep(wanted, pictures).await;
        Ok(image)
    }

    /// The images of a page that screens ask for first and that are not there.
    fn missing(&self, page: &PageImageRequest) -> Vec<PageImageRequest> {
        let mut widths: Vec<u32> = READY_WIDTHS
            .iter()
            .map(|width| (*width).min(page.page_width.max(1)))
            .collect();
        widths.dedup();
        let images = widths
            .into_iter()
            .map(|width| PageImageRequest { width, ..page.clone() });
        images.filter(|image| !self.cache.has(image)).collect()
    }

    async fn keep(self: Arc<Self>, wanted: Vec<PageImageRequest>, pictures: Vec<PagePicture>) {
        let keep = move || {
            for (request, picture) in wanted.iter().zip(&pictures) {
                if let Err(error) = self.cache.keep(request, picture.kind, &image_of(picture)) {
                    tracing::warn!(%error, "a page image could not be kept in the cache");
                    return;
                }
            }
        };
        // A task ends badly only when the runtime goes down with it.
        let _ = tokio::task::spawn_blocking(keep).await;
    }

    /// The lock of those who want images of the same page.
    fn place(&self, request: &PageImageRequest) -> Arc<tokio::sync::Mutex<()>> {
        let key = (request.scan, request.scan_index, request.turn);
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

fn image_of(picture: &PagePicture) -> PageImage {
    PageImage {
        media_type: picture.kind.media_type(),
        width: picture.width,
        height: picture.height,
        bytes: picture.bytes.as_slice().into(),
    }
}
