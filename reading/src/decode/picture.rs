//! Pictures for screens: JPEG for gray and colour, PNG with few grays for black and white.

use crate::bitmap::{Bitmap, Channels};
use crate::layout::Turn;
use crate::limits::ScanLimits;
use crate::page::{ViewKind, ViewRequest};
use crate::reason::Refusal;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// JPEG quality of pictures: text stays sharp, an A4 page at 1,200 pixels is about 150 kB.
const JPEG_QUALITY: u8 = 82;

/// An encoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub kind: ViewKind,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// Scales down to each of the wanted widths, turns and encodes. In the order of the request.
///
/// # Errors
/// When a picture cannot be encoded.
pub fn pictures(bitmap: Bitmap, request: &ViewRequest, limits: &ScanLimits) -> Result<Vec<Picture>, Refusal> {
    let bilevel = bitmap.header().bilevel;
    let (upright_w, upright_h) = request.turn.size(bitmap.width(), bitmap.height());
    let side_max = f64::from(limits.view_side_max);
    let (w, h) = (f64::from(upright_w), f64::from(upright_h));
    let mut widths: Vec<(usize, u32)> = request.widths.iter().copied().enumerate().collect();
    widths.sort_by_key(|(_, width)| std::cmp::Reverse(*width));
    let mut done = Vec::with_capacity(widths.len());
    // Each is made from the one before: only the first looks at every pixel of a large drawing. Scaled first, turned
    // afterwards: turning costs by the pixel.
    let mut source = bitmap;
    for (at, wanted) in widths {
        let scale = (f64::from(wanted.max(1)) / w)
            .min(side_max / w)
            .min(side_max / h)
            .min(1.0);
        let width = ((w * scale).round() as u32).max(1);
        let height = ((h * scale).round() as u32).max(1);
        let (scaled_w, scaled_h) = request.turn.size(width, height);
        if (scaled_w, scaled_h) != (source.width(), source.height()) {
            source = source.resized(scaled_w, scaled_h);
        }
        let picture = match request.turn {
            Turn::None => encode(&source, bilevel)?,
            turn => encode(&source.clone().turned(turn), bilevel)?,
        };
        done.push((at, picture));
    }
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, picture)| picture).collect())
}

fn encode(picture: &Bitmap, bilevel: bool) -> Result<Picture, Refusal> {
    let (width, height) = (picture.width(), picture.height());
    let failed = |e: String| Refusal::new(Reason::PageFailed, DetailCode::EncodingFailed.with(e));
    let (kind, bytes) = if bilevel {
        (ViewKind::Png, few_grays(picture).map_err(|e| failed(e.to_string()))?)
    } else {
        let mut bytes = Vec::new();
        let colour = match picture.channels() {
            Channels::Gray => ExtendedColorType::L8,
            Channels::Rgb => ExtendedColorType::Rgb8,
        };
        JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
            .encode(picture.data(), picture.width(), picture.height(), colour)
            .map_err(|e| failed(e.to_string()))?;
        (ViewKind::Jpeg, bytes)
    };
    Ok(Picture {
        kind,
        width,
        height,
        bytes,
    })
}

/// A PNG of 16 grays (2 when nothing was scaled): black-and-white text compresses far better this
/// way than as JPEG and keeps clean edges.
fn few_grays(picture: &Bitmap) -> Result<Vec<u8>, png::EncodingError> {
    let pure = picture.data().iter().all(|&v| v == 0 || v == 255);
    let (depth, bits) = if pure {
        (png::BitDepth::One, 1)
    } else {
        (png::BitDepth::Four, 4)
    };
    let per_byte = 8 / bits;
    let width = picture.width() as usize;
    let mut packed = Vec::with_capacity(width.div_ceil(per_byte) * picture.height() as usize);
    for row in picture.data().chunks_exact(width) {
        for group in row.chunks(per_byte) {
            let mut byte = 0u8;
            for (i, value) in group.iter().enumerate() {
                byte |= (value >> (8 - bits)) << (8 - bits * (i + 1));
            }
            packed.push(byte);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&packed)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    fn check(bitmap: Bitmap, request: ViewRequest) -> (ViewKind, u32, u32) {
        let picture = pictures(bitmap, &request, &ScanLimits::default())
            .expect("pictures")
            .remove(0);
        let decoded = image::load_from_memory(&picture.bytes).expect("decodes");
        assert_eq!((decoded.width(), decoded.height()), (picture.width, picture.height));
        (picture.kind, picture.width, picture.height)
    }

    #[test]
    fn gray_is_jpeg_and_black_and_white_is_png() {
        let request = ViewRequest {
            widths: vec![50],
            turn: Turn::None,
        };
        let gray = Bitmap::filled(100, 200, 130).simplified();
        assert_eq!(check(gray, request.clone()), (ViewKind::Jpeg, 50, 100));
        let white = Bitmap::filled(100, 200, 255).simplified();
        assert_eq!(check(white, request), (ViewKind::Png, 50, 100));
    }

    #[test]
    fn a_picture_is_turned_and_never_enlarged() {
        let request = ViewRequest {
            widths: vec![5_000],
            turn: Turn::Quarter,
        };
        let gray = Bitmap::filled(100, 200, 130);
        assert_eq!(check(gray, request), (ViewKind::Jpeg, 200, 100));
    }

    #[test]
    fn several_widths_come_in_the_order_asked_for() {
        let request = ViewRequest {
            widths: vec![24, 80, 50],
            turn: Turn::Quarter,
        };
        let black_and_white = Bitmap::filled(200, 100, 0).simplified();
        let made = pictures(black_and_white, &request, &ScanLimits::default()).expect("pictures");
        let sizes: Vec<_> = made.iter().map(|p| (p.kind, p.width, p.height)).collect();
        let png = ViewKind::Png;
        assert_eq!(sizes, [(png, 24, 48), (png, 80, 160), (png, 50, 100)]);
    }
}
