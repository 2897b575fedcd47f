//! What parent and workers say to each other.
//!
//! Everything from a worker is checked by the parent before it is believed: lengths against the
//! limits, bitmaps against their seals.

use crate::bitmap::BitmapHeader;
use crate::layout::{PageReading, PageText, Turn};
use crate::limits::ScanLimits;
use crate::media::MediaType;
use crate::read::ReadHow;
use crate::reason::Refusal;
use serde::{Deserialize, Serialize};

/// To a decode worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum DecodeRequest {
    /// The scan comes along as a read-only file descriptor; an open one is closed first.
    Open {
        media: MediaType,
        limits: ScanLimits,
    },
    /// Text layer and, where it has to be read, the bitmap.
    Page {
        index: u32,
        /// The bitmap is wanted even where the text that came with the page is trusted.
        read_anyway: bool,
    },
    /// Pictures for screens.
    View {
        index: u32,
        request: ViewRequest,
    },
    /// Pictures for screens of a page that was decoded before. The bitmap comes along as a sealed memory file.
    Shrink {
        bitmap: BitmapHeader,
        request: ViewRequest,
        limits: ScanLimits,
    },
    Close,
}

/// From a decode worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum DecodeReply {
    Ready {
        sandbox: String,
    },
    /// The scan can be read; the number is what it claims, bounded by the limit.
    Opened {
        pages: u32,
        recovered: bool,
    },
    /// The bitmap, if any, comes along as a sealed memory file.
    Page {
        page: DecodedPage,
        bitmap: Option<BitmapHeader>,
    },
    /// The encoded pictures come along one after the other in a sealed memory file.
    View {
        pictures: Vec<PictureHeader>,
    },
    Closed,
    Refused(Refusal),
}

/// To a read worker. The bitmap comes along as a sealed memory file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadRequest {
    pub bitmap: BitmapHeader,
    pub how: ReadHow,
}

/// From a read worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ReadReply {
    Ready { sandbox: String },
    Read(PageReading),
    Refused(Refusal),
}

/// Where the pixels of a page come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageOrigin {
    /// Drawn from text and lines; coordinates at `born_digital_dpi`.
    BornDigital,
    /// The one image that covers the page of a PDF, in its own pixels.
    EmbeddedImage,
    /// A PDF page drawn at `render_dpi` because it has to be read.
    Rendered,
    /// An image file, in its own pixels.
    Raster,
}

/// What is thought of the text layer that came with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextVerdict {
    /// There is none.
    Absent,
    /// It is taken as the text of the page.
    Trusted,
    /// It is not what the page shows (wrong character map); the page is read.
    Garbled,
    /// It covers only a small part of what the page shows; the page is read, both are kept.
    Partial,
    /// It was made by somebody's OCR; the page is read again, both are kept.
    Recognised,
}

/// A page as decoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecodedPage {
    pub index: u32,
    /// Size in pixels of the page as decoded; reading may turn it once more.
    pub width: u32,
    pub height: u32,
    pub dpi: Option<f32>,
    pub origin: PageOrigin,
    /// The text layer that came with the page, whatever the verdict.
    pub text: Option<PageText>,
    pub verdict: TextVerdict,
}

/// How pictures for screens are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewRequest {
    /// Pixels, one picture for each; a picture is never larger than the page's own pixels. Decoding is what costs, so
    /// whoever wants several asks for them at once.
    pub widths: Vec<u32>,
    /// The turn that reading found.
    pub turn: Turn,
}

impl ViewRequest {
    /// The width that decides how finely the page is drawn.
    pub fn widest(&self) -> u32 {
        self.widths.iter().copied().max().unwrap_or(1).max(1)
    }
}

/// An encoded picture without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PictureHeader {
    pub kind: ViewKind,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}

/// How a picture is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewKind {
    Jpeg,
    Png,
}

impl ViewKind {
    pub fn media_type(self) -> &'static str {
        match self {
            ViewKind::Jpeg => "image/jpeg",
            ViewKind::Png => "image/png",
        }
    }
}
