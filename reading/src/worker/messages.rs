//! Messages between parent and workers.
//!
//! The parent validates everything from a worker: lengths against the
//! limits, bitmaps against their seals.

use crate::bitmap::BitmapHeader;
use crate::layout::PageReading;
use crate::limits::ScanLimits;
use crate::media::MediaType;
use crate::page::{BesidePages, DecodedPage, ViewKind, ViewRequest};
use crate::read::ReadHow;
use crate::reason::Refusal;
use serde::{Deserialize, Serialize};
use vocabulary::detail::Detail;

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
    /// A file inside it, by its place among those that were named.
    Inside {
        at: u32,
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
        beside: BesidePages,
    },
    /// The bitmap, if any, comes along as a sealed memory file.
    Page {
        page: DecodedPage,
        bitmap: Option<BitmapHeader>,
    },
    /// The file comes along in a sealed memory file where it is of a format that is read.
    Inside {
        media: Option<MediaType>,
        bytes: u64,
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
    Ready {
        sandbox: String,
        /// Why another runtime than the one for this processor runs the networks.
        instead: Option<Detail>,
    },
    /// It cannot read on this machine, and ends.
    NotReady(Detail),
    Read(PageReading),
    Refused(Refusal),
}

/// An encoded picture without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PictureHeader {
    pub kind: ViewKind,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}
