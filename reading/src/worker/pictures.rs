//! Encoded pictures for screens, as they come from a worker: one after the other in a sealed memory file.

use super::messages::PictureHeader;
use crate::bitmap::read_sealed;
use crate::page::ViewKind;

/// Bytes of the encoded pictures of one request.
const PICTURE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A picture for a screen.
#[derive(Clone, Debug, PartialEq)]
pub struct PagePicture {
    pub kind: ViewKind,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// The pictures one after the other in the file; `None` when the headers do not fit.
pub(super) fn pictures(headers: &[PictureHeader], file: &std::os::fd::OwnedFd) -> Option<Vec<PagePicture>> {
    let lengths = headers.iter().map(|header| header.bytes);
    let length = lengths.fold(0u64, u64::saturating_add);
    if length > PICTURE_BYTES_MAX {
        return None;
    }
    let bytes = read_sealed(file, length).ok()?;
    let mut rest = &bytes[..];
    headers
        .iter()
        .map(|header| {
            let (own, others) = rest.split_at_checked(usize::try_from(header.bytes).ok()?)?;
            rest = others;
            Some(PagePicture {
                kind: header.kind,
                width: header.width,
                height: header.height,
                bytes: own.to_vec(),
            })
        })
        .collect()
}
