//! The trait through which screens get page images from scans, at a width.
//!
//! `web` asks, `src` wires the decode workers of `reading` behind it, and neither knows the other.

use crate::ids::Fingerprint;
use std::{future::Future, pin::Pin, sync::Arc};

/// One page image to be made. It holds everything that determines its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageImageRequest {
    pub scan: Fingerprint,
    pub media_type: String,
    /// Position of the page in the scan file, from 0.
    pub scan_index: u32,
    /// Clockwise turn in degrees that makes the page upright: 0, 90, 180, 270.
    pub turn: u16,
    /// Width of the answer in pixels, after the turn. Never larger than the scan itself is worth.
    pub width: u32,
    /// Width of the page itself: nothing wider is made of it.
    pub page_width: u32,
}

/// Widths that screens ask for first, in pixels: in a strip of thumbnails, beside a hit, on a page. These are made
/// ahead.
pub const READY_WIDTHS: [u32; 3] = [240, 800, 1200];

#[derive(Debug, Clone)]
pub struct PageImage {
    /// `image/jpeg`, or `image/png` for 1-bit pages.
    pub media_type: &'static str,
    pub width: u32,
    pub height: u32,
    pub bytes: Arc<[u8]>,
}

#[derive(Debug, Clone, thiserror::Error)]
#[error("page {scan_index} of scan {scan} cannot be shown: {reason}")]
pub struct PageImageError {
    pub scan: Fingerprint,
    pub scan_index: u32,
    pub reason: String,
}

pub type PageImageFuture<'a> = Pin<Box<dyn Future<Output = Result<PageImage, PageImageError>> + Send + 'a>>;

pub trait PageImages: Send + Sync {
    fn page_image(&self, request: PageImageRequest) -> PageImageFuture<'_>;

    /// Hints at images that will probably be needed next; they are made at idle priority, or not at all.
    fn expect(&self, requests: Vec<PageImageRequest>);
}
