//! Pictures whose last marker is missing: kept where every pixel is there all the same.

use std::hash::{DefaultHasher, Hasher};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

const JPEG_END: [u8; 2] = [0xFF, 0xD9];
const PNG_HEAD: usize = 8;
/// A chunk of PNG without data: its length, its name and its check sum.
const PNG_END: [u8; 12] = [0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82];
/// Bytes of pixel data in place of the end.
const FILLING_BYTES: usize = 4_096;
/// Pixels above which no second look is taken.
const PIXELS_MAX: usize = 120_000_000;

/// Whether a JPEG has its end marker after the first scan of pixels. The decoder would fill what
/// is missing with gray, and nobody would notice that half a page is not there.
pub(super) fn jpeg_has_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker]) = bytes.get(at..at + 2) {
        match marker {
            // Start of scan: pixel data follow, in which FF is always escaped.
            0xDA => return has_end(&bytes[at..]),
            0xD9 => return true,
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => match bytes.get(at + 2..at + 4) {
                Some(length) => at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]])),
                None => return false,
            },
        }
    }
    // Not in order; the decoder will say what is wrong.
    has_end(bytes)
}

fn has_end(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == JPEG_END)
}

/// A JPEG without its end marker, with it; none where pixels are missing. That shows when other data stand where the end
/// should: what was complete does not read them.
pub(super) fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let data = bytes.strip_suffix(&[0xFF]).unwrap_or(bytes);
    if !is_refined(data) {
        return None;
    }
    let whole = [data, &JPEG_END].concat();
    let filling = |at: usize| (at.wrapping_mul(2_654_435_761) >> 7) as u8 & 0x7F;
    let filled: Vec<u8> = data
        .iter()
        .copied()
        .chain((1..=FILLING_BYTES).map(filling))
        .chain(JPEG_END)
        .collect();
    let same = pixels(&whole)? == pixels(&filled)?;
    same.then_some(whole)
}

/// A digest of the pixels.
fn pixels(bytes: &[u8]) -> Option<u64> {
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    if width.saturating_mul(height) > PIXELS_MAX {
        return None;
    }
    let mut digest = DefaultHasher::new();
    digest.write(&decoder.decode().ok()?);
    Some(digest.finish())
}

/// Whether the scans of a progressive JPEG hold every part of every colour; a file may end between two of them.
fn is_refined(bytes: &[u8]) -> bool {
    let (mut at, mut progressive, mut colours) = (2, false, 0);
    // For each colour the frequencies that were written to the last bit.
    let mut done: Vec<(u8, u64)> = Vec::new();
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some(body) = bytes.get(at + 4..at + 2 + length.max(2)) else {
            return false;
        };
        at += 2 + length.max(2);
        match marker {
            0xC2 => {
                progressive = true;
                colours = body.get(5).copied().unwrap_or(0);
            }
            0xDA => {
                let count = usize::from(body.first().copied().unwrap_or(0));
                let Some(&[first, last, bits]) = body.get(1 + 2 * count..4 + 2 * count) else {
                    return false;
                };
                let written = (first..=last.min(63)).fold(0u64, |sum, at| sum | 1 << at);
                for colour in body[1..].chunks(2).take(count).filter(|_| bits & 0x0F == 0) {
                    match done.iter_mut().find(|(known, _)| *known == colour[0]) {
                        Some((_, frequencies)) => *frequencies |= written,
                        None => done.push((colour[0], written)),
                    }
                }
                // Over the pixel data to the next marker.
                let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7 | 0xFF);
                match bytes[at..].windows(2).position(is_marker) {
                    Some(next) => at += next,
                    None => break,
                }
            }
            _ => {}
        }
    }
    !progressive || done.len() == usize::from(colours) && done.iter().all(|(_, frequencies)| *frequencies == u64::MAX)
}

/// A PNG without its end, with it; none where it has one. Whether pixels are missing is for the decoder to say.
pub(super) fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut at = PNG_HEAD;
    while let Some(head) = bytes.get(at..at + 8) {
        if &head[4..] == b"IEND" {
            return None;
        }
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let next = at.saturating_add(12).saturating_add(length);
        if next > bytes.len() {
            // The last chunk is cut: as long as what there is of it.
            let data = &bytes[at + 8..bytes.len().min(at + 8 + length)];
            let mut whole = bytes[..at].to_vec();
            whole.extend((data.len() as u32).to_be_bytes());
            let named = [&head[4..], data].concat();
            whole.extend_from_slice(&named);
            whole.extend(check_sum(&named).to_be_bytes());
            whole.extend(PNG_END);
            return Some(whole);
        }
        at = next;
    }
    Some([&bytes[..at.min(bytes.len())], &PNG_END].concat())
}

/// The check sum of PNG (CRC-32 of ISO 3309).
fn check_sum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        let shift = |sum: u32| if sum & 1 == 1 { 0xEDB8_8320 ^ sum >> 1 } else { sum >> 1 };
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| shift(sum))
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::{ExtendedColorType, ImageEncoder};

    fn noise(count: usize) -> Vec<u8> {
        (1..=count)
            .map(|at: usize| (at.wrapping_mul(2_246_822_519) >> 9) as u8)
            .collect()
    }

    #[test]
    fn a_jpeg_that_lacks_only_its_marker_is_whole_and_one_that_lacks_pixels_is_not() {
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes)
            .encode(&noise(64 * 64 * 3), 64, 64, ExtendedColorType::Rgb8)
            .expect("encodes");
        let whole = bytes.len();
        assert!(jpeg_has_end(&bytes) && !jpeg_has_end(&bytes[..whole - 1]));
        for cut in [whole - 2, whole - 1] {
            assert_eq!(
                jpeg(&bytes[..cut]).as_deref(),
                Some(&bytes[..]),
                "cut at {cut} of {whole}"
            );
        }
        for cut in [whole - 40, whole / 2, whole - whole / 50] {
            assert_eq!(jpeg(&bytes[..cut]), None, "cut at {cut} of {whole}");
        }
    }

    #[test]
    fn a_progressive_jpeg_needs_all_its_scans() {
        let bytes = include_bytes!("../../tests/formats/progressive.jpg");
        assert!(jpeg_has_end(bytes) && is_refined(bytes));
        let last = bytes.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).expect("a scan");
        assert!(!is_refined(&bytes[..last]));
        assert_eq!(jpeg(&bytes[..last]), None);
        assert!(jpeg(&bytes[..bytes.len() - 2]).is_some());
    }

    #[test]
    fn a_png_that_lacks_its_end_is_given_one() {
        let mut bytes = Vec::new();
        image::codecs::png::PngEncoder::new(&mut bytes)
            .write_image(&noise(50 * 50), 50, 50, ExtendedColorType::L8)
            .expect("encodes");
        assert_eq!(png(&bytes), None);
        for missing in [12, 11, 5] {
            assert_eq!(
                png(&bytes[..bytes.len() - missing]).as_deref(),
                Some(&bytes[..]),
                "{missing} missing"
            );
        }
        // Within the check sum of the last chunk of pixels.
        assert_eq!(png(&bytes[..bytes.len() - 14]).as_deref(), Some(&bytes[..]));
        let half = png(&bytes[..bytes.len() / 2]).expect("an end");
        assert!(image::load_from_memory(&half).is_err());
    }
}
