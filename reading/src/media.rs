//! The formats that are read, told apart by content.
//!
//! Never looks at the name: contractors deliver PDFs as `.tif` and JPEGs as `.pdf`.

use serde::{Deserialize, Serialize};

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MediaType {
    Pdf,
    Tiff,
    Jpeg,
    Png,
    Bmp,
    WebP,
}

impl MediaType {
    /// The registered name.
    pub fn name(self) -> &'static str {
        match self {
            MediaType::Pdf => "application/pdf",
            MediaType::Tiff => "image/tiff",
            MediaType::Jpeg => "image/jpeg",
            MediaType::Png => "image/png",
            MediaType::Bmp => "image/bmp",
            MediaType::WebP => "image/webp",
        }
    }

    /// The type with this registered name.
    pub fn from_name(name: &str) -> Option<MediaType> {
        use MediaType::*;
        [Pdf, Tiff, Jpeg, Png, Bmp, WebP].into_iter().find(|m| m.name() == name)
    }

    /// Can hold more than one page.
    pub fn has_pages(self) -> bool {
        matches!(self, MediaType::Pdf | MediaType::Tiff)
    }
}

/// Bytes from the start that decide the type. PDF readers accept a header within the first 1,024.
pub const HEAD_BYTES: usize = 1_024;

/// The type by the first bytes.
pub fn media_type(head: &[u8]) -> Option<MediaType> {
    const TIFF: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
    if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some(MediaType::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(MediaType::Png);
    }
    if TIFF.iter().any(|magic| head.starts_with(magic)) {
        return Some(MediaType::Tiff);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some(MediaType::WebP);
    }
    // "BM" alone is two letters of many texts: the reserved words must be zero and the header size
    // one that exists.
    let bmp_header = |h: &[u8]| {
        let size = u32::from_le_bytes([h[14], h[15], h[16], h[17]]);
        h[6..10] == [0; 4] && matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
    };
    if head.starts_with(b"BM") && head.len() >= 18 && bmp_header(head) {
        return Some(MediaType::Bmp);
    }
    let window = &head[..head.len().min(HEAD_BYTES)];
    window.windows(5).any(|w| w == b"%PDF-").then_some(MediaType::Pdf)
}
