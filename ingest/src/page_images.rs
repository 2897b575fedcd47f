//! Page images of the archive: `reading` makes them, the scans come from the vault, the record says which pages are new.
//!
//! The implementation of the narrow trait `records::page_images::PageImages`; `src` hands it to the screens.

mod ready;

pub use ready::{Readier, ReadyLimits};

use reading::layout::Turn;
use reading::media::MediaType;
use reading::page_images::{ImageMaker, ImageRequest, PageImageLimits};
use reading::worker::Pool;
use records::System;
use records::page_images::{PageImage, PageImageError, PageImageFuture, PageImageRequest, PageImages, READY_WIDTHS};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// Images that will probably be requested and are not made yet.
const EXPECTED_MAX: usize = 16;

/// Serves page images from the vault.
#[derive(Clone)]
pub struct WorkerPageImages {
    system: System,
    maker: ImageMaker,
    expect: mpsc::Sender<PageImageRequest>,
    expected: Arc<Mutex<Option<mpsc::Receiver<PageImageRequest>>>>,
}

impl WorkerPageImages {
    /// Adopts the content of the cache folder, which may grow to this many bytes; creates it when missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(
        system: System,
        pool: Pool,
        cache_folder: PathBuf,
        cache_bytes_max: u64,
    ) -> records::Result<WorkerPageImages> {
        let limits = PageImageLimits::for_bytes(cache_bytes_max, READY_WIDTHS);
        let maker = ImageMaker::new(pool, cache_folder.clone(), limits).map_err(records::Error::io(cache_folder))?;
        let (expect, expected) = mpsc::channel(EXPECTED_MAX);
        Ok(WorkerPageImages {
            system,
            maker,
            expect,
            expected: Arc::new(Mutex::new(Some(expected))),
        })
    }

    /// The maker of images, for callers that hold the bitmap of a page.
    pub fn maker(&self) -> &ImageMaker {
        &self.maker
    }

    /// The maker of images ahead of requests. There is one; a second caller gets none.
    pub fn readier(&self, limits: ReadyLimits) -> Option<Readier> {
        let expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(Readier::new(self.system.clone(), self.clone(), expected, limits))
    }

    /// Makes the missing images of one scan at idle priority.
    async fn make_spare(&self, pages: Vec<PageImageRequest>) {
        let Some(scan) = pages.first().map(|page| page.scan) else {
            return;
        };
        let pages = pages.iter().filter_map(|page| request_of(page).ok()).collect();
        self.maker
            .make_spare(pages, || self.system.vault().open_scan(scan))
            .await;
    }

    async fn made(&self, request: &PageImageRequest) -> Result<PageImage, String> {
        let image = self
            .maker
            .image(request_of(request)?, || self.system.vault().open_scan(request.scan))
            .await?;
        Ok(PageImage {
            media_type: image.kind.media_type(),
            width: image.width,
            height: image.height,
            bytes: image.bytes,
        })
    }
}

impl PageImages for WorkerPageImages {
    fn page_image(&self, request: PageImageRequest) -> PageImageFuture<'_> {
        Box::pin(async move {
            self.made(&request).await.map_err(|reason| PageImageError {
                scan: request.scan,
                scan_index: request.scan_index,
                reason,
            })
        })
    }

    fn expect(&self, requests: Vec<PageImageRequest>) {
        for request in requests {
            // Where more is expected than can be made, the rest is made on request.
            let _ = self.expect.try_send(request);
        }
    }
}

/// The request as the room reading takes it.
fn request_of(page: &PageImageRequest) -> Result<ImageRequest, String> {
    Ok(ImageRequest {
        scan: page.scan,
        media: MediaType::from_name(&page.media_type)
            .ok_or_else(|| format!("{} is no type that is read", page.media_type))?,
        scan_index: page.scan_index,
        turn: Turn::from_degrees(i64::from(page.turn))
            .ok_or_else(|| format!("a page is not turned by {} degrees", page.turn))?,
        width: page.width,
        page_width: page.page_width,
    })
}
