//! The formats that are read, told apart by content.
//!
//! Never looks at the name: contractors deliver PDFs as `.tif` and JPEGs as `.pdf`.

use crate::unread::is_pdf_within;
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
    /// The first frame.
    Gif,
    Ofd,
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
            MediaType::Gif => "image/gif",
            MediaType::Ofd => "application/ofd",
        }
    }

    /// The type with this registered name.
    pub fn from_name(name: &str) -> Option<MediaType> {
        use MediaType::*;
        [Pdf, Tiff, Jpeg, Png, Bmp, WebP, Gif, Ofd]
            .into_iter()
            .find(|m| m.name() == name)
    }

    /// Can hold more than one page.
    pub fn has_pages(self) -> bool {
        matches!(self, MediaType::Pdf | MediaType::Tiff | MediaType::Ofd)
    }
}

/// Bytes from the start that decide the type. PDF readers accept a header within the first 1,024.
pub const HEAD_BYTES: usize = 1_024;

/// Bytes of each end of a file that are looked through for its format.
pub const ENDS_BYTES: usize = 1 << 16;

/// With which every ZIP begins that has files.
const ZIP: &[u8] = b"PK\x03\x04";
/// The root of every OFD, by name.
const OFD_ROOT: &[u8] = b"OFD.xml";

/// Whether a ZIP is an OFD: the first or the last bytes name its root, before its content or in the list of its files.
pub fn is_ofd(start: &[u8], end: &[u8]) -> bool {
    start.starts_with(ZIP) && (names_root(start) || names_root(end))
}

fn names_root(bytes: &[u8]) -> bool {
    let length = OFD_ROOT.len();
    // How far before the name an entry begins, with which bytes, and where the length of the name stands.
    let entries: [(usize, &[u8], usize); 2] = [(30, ZIP, 26), (46, b"PK\x01\x02", 28)];
    let is_entry = |at: usize| {
        entries.iter().any(|(before, mark, place)| {
            let Some(from) = at.checked_sub(*before) else {
                return false;
            };
            bytes[from..].starts_with(mark)
                && usize::from(bytes[from + place]) == length
                && bytes[from + place + 1] == 0
        })
    };
    let mut places = bytes.windows(length).enumerate();
    places.any(|(at, name)| name.eq_ignore_ascii_case(OFD_ROOT) && is_entry(at))
}

/// The type by the first bytes. Of a ZIP `is_ofd` has the last word, of a PDF that does not begin with its header
/// `unread::is_pdf_within`.
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
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return Some(MediaType::Gif);
    }
    // A ZIP that has the root of an OFD among its files; whether it does is told by its ends.
    if head.starts_with(ZIP) {
        return Some(MediaType::Ofd);
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

/// The type of bytes that are in memory, both ends of them looked at; none where they are not read.
pub fn media_of(bytes: &[u8]) -> Option<MediaType> {
    let media = media_type(&bytes[..bytes.len().min(HEAD_BYTES)])?;
    let start = &bytes[..bytes.len().min(ENDS_BYTES)];
    let end = &bytes[bytes.len().saturating_sub(ENDS_BYTES)..];
    is_what_it_seems(media, start, end).then_some(media)
}

/// Whether both ends of a file bear out what its first bytes say.
pub fn is_what_it_seems(media: MediaType, start: &[u8], end: &[u8]) -> bool {
    match media {
        MediaType::Pdf => is_pdf_within(start, end),
        MediaType::Ofd => is_ofd(start, end),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_is_an_ofd_where_its_root_is_one_of_its_files() {
        let entry = |name: &[u8]| {
            let mut bytes = b"PK\x03\x04".to_vec();
            bytes.resize(26, 0);
            bytes.extend([name.len() as u8, 0, 0, 0]);
            bytes.extend(name);
            bytes
        };
        assert!(is_ofd(&entry(b"OFD.xml"), b""));
        assert!(!is_ofd(&entry(b"a/OFD.xml"), b""));
        assert!(!is_ofd(&entry(b"note that names OFD.xml"), b"OFD.xml"));
        assert!(!is_ofd(b"OFD.xml", &entry(b"OFD.xml")));
    }
}
