//! Image files of one page: JPEG, PNG, BMP, WebP, and of GIF the first frame.

use super::{check_pixels, read_all, unended};
use crate::bitmap::{Bitmap, BitmapHeader, Channels};
use crate::layout::Turn;
use crate::limits::ScanLimits;
use crate::media::MediaType;
use crate::reason::Refusal;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};
use std::error::Error;
use std::fs::File;
use std::io::{Cursor, ErrorKind};
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// An open image file. Kept as bytes: decoding again is cheaper than holding the pixels.
pub(super) struct RasterScan {
    bytes: Vec<u8>,
    format: ImageFormat,
    /// Its end is missing; pixels may be missing as well.
    is_cut: bool,
}

impl RasterScan {
    /// Reads the file and looks at its header.
    pub fn open(mut file: File, media: MediaType, limits: &ScanLimits) -> Result<RasterScan, Refusal> {
        let mut bytes = read_all(&mut file, limits)?;
        let format = match media {
            MediaType::Png => ImageFormat::Png,
            MediaType::Bmp => ImageFormat::Bmp,
            MediaType::WebP => ImageFormat::WebP,
            MediaType::Gif => ImageFormat::Gif,
            _ => ImageFormat::Jpeg,
        };
        if format == ImageFormat::Jpeg && !unended::jpeg_has_end(&bytes) {
            let without_end = || Refusal::new(Reason::Truncated, DetailCode::JpegWithoutEnd);
            bytes = unended::jpeg(&bytes).ok_or_else(without_end)?;
        }
        let mended = unended::png(&bytes).filter(|_| format == ImageFormat::Png);
        let is_cut = mended.is_some();
        if format == ImageFormat::WebP && !webp_is_whole(&bytes) {
            return Err(Refusal::new(Reason::Truncated, DetailCode::WebpEndsEarly));
        }
        let bytes = mended.unwrap_or(bytes);
        RasterScan { bytes, format, is_cut }.checked(limits)
    }

    /// A JPEG taken out of another file.
    pub fn of_jpeg(bytes: Vec<u8>, limits: &ScanLimits) -> Result<RasterScan, Refusal> {
        let format = ImageFormat::Jpeg;
        let is_cut = false;
        RasterScan { bytes, format, is_cut }.checked(limits)
    }

    fn checked(self, limits: &ScanLimits) -> Result<RasterScan, Refusal> {
        let (width, height) = self.decoder(limits)?.dimensions();
        check_pixels(u64::from(width), u64::from(height), limits)?;
        Ok(self)
    }

    /// The pixels, upright by what the camera noted.
    pub fn bitmap(&self, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
        let mut decoder = self.decoder(limits)?;
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        if self.format == ImageFormat::Jpeg && has_plain_cmyk(&self.bytes) {
            return Ok(oriented(self.plain_cmyk(limits)?.simplified(), orientation));
        }
        let image = DynamicImage::from_decoder(decoder).map_err(|error| match refusal(error) {
            Refusal { reason: _, detail } if self.is_cut => Refusal::new(Reason::Truncated, detail),
            refused => refused,
        })?;
        let mut bitmap =
            from_dynamic(image).ok_or_else(|| Refusal::new(Reason::Unreadable, DetailCode::ImageWithoutPixels))?;
        bitmap.set_dpi(dots_per_inch(&self.bytes, self.format));
        Ok(oriented(bitmap.simplified(), orientation))
    }

    /// A JPEG of inks as they are. The usual decoder takes every four inks for inverted, as Adobe
    /// writes them, and would show white letters on white.
    fn plain_cmyk(&self, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
        use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
        let unreadable = |e: &dyn std::fmt::Display| Refusal::of_system(Reason::Unreadable, e);
        let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::CMYK);
        let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(&self.bytes[..]), options);
        decoder.decode_headers().map_err(|e| unreadable(&e))?;
        let (width, height) = decoder.dimensions().unwrap_or((0, 0));
        check_pixels(width as u64, height as u64, limits)?;
        let inks = decoder.decode().map_err(|e| unreadable(&e))?;
        let data = inks
            .chunks_exact(4)
            .flat_map(|p| from_cmyk(p[0], p[1], p[2], p[3]))
            .collect();
        let header = BitmapHeader {
            width: width as u32,
            height: height as u32,
            channels: Channels::Rgb,
            dpi: dots_per_inch(&self.bytes, self.format),
            bilevel: false,
        };
        Bitmap::new(header, data).ok_or_else(|| Refusal::new(Reason::Unreadable, DetailCode::ImageLacksRows))
    }

    fn decoder(&self, limits: &ScanLimits) -> Result<impl ImageDecoder + '_, Refusal> {
        let mut reader = ImageReader::with_format(Cursor::new(&self.bytes), self.format);
        let mut bounds = image::Limits::no_limits();
        // 16-bit RGBA is the largest sample layout: 8 bytes for each pixel.
        bounds.max_alloc = Some(limits.page_pixels_max.saturating_mul(8));
        reader.limits(bounds);
        reader.into_decoder().map_err(refusal)
    }
}

/// Applies an EXIF orientation.
pub(super) fn oriented(bitmap: Bitmap, orientation: Orientation) -> Bitmap {
    match orientation {
        Orientation::NoTransforms => bitmap,
        Orientation::Rotate90 => bitmap.turned(Turn::Quarter),
        Orientation::Rotate180 => bitmap.turned(Turn::Half),
        Orientation::Rotate270 => bitmap.turned(Turn::ThreeQuarters),
        Orientation::FlipHorizontal => bitmap.mirrored(),
        Orientation::FlipVertical => bitmap.turned(Turn::Half).mirrored(),
        Orientation::Rotate90FlipH => bitmap.turned(Turn::Quarter).mirrored(),
        Orientation::Rotate270FlipH => bitmap.turned(Turn::ThreeQuarters).mirrored(),
    }
}

/// Eight bits, gray or RGB, transparency on white.
pub(super) fn from_dynamic(image: DynamicImage) -> Option<Bitmap> {
    let (width, height) = (image.width(), image.height());
    let (channels, data) = match image {
        DynamicImage::ImageLuma8(gray) => (Channels::Gray, gray.into_raw()),
        DynamicImage::ImageRgb8(rgb) => (Channels::Rgb, rgb.into_raw()),
        DynamicImage::ImageLuma16(gray) => (
            Channels::Gray,
            gray.into_raw().into_iter().map(|v| (v >> 8) as u8).collect(),
        ),
        DynamicImage::ImageRgb16(rgb) => (
            Channels::Rgb,
            rgb.into_raw().into_iter().map(|v| (v >> 8) as u8).collect(),
        ),
        DynamicImage::ImageLumaA8(gray) => (
            Channels::Gray,
            gray.as_raw().chunks_exact(2).map(|p| on_white(p[0], p[1])).collect(),
        ),
        other => {
            let rgba = other.into_rgba8();
            let blend = |p: &[u8]| [on_white(p[0], p[3]), on_white(p[1], p[3]), on_white(p[2], p[3])];
            (Channels::Rgb, rgba.as_raw().chunks_exact(4).flat_map(blend).collect())
        }
    };
    Bitmap::new(
        BitmapHeader {
            width,
            height,
            channels,
            dpi: None,
            bilevel: false,
        },
        data,
    )
}

/// A sample over white paper.
pub(super) fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// CMYK without a profile to gray or RGB; good enough to read, and that is all it is for.
pub(super) fn from_cmyk(c: u8, m: u8, y: u8, k: u8) -> [u8; 3] {
    let ink = |v: u8| ((255 - u32::from(v)) * (255 - u32::from(k)) / 255) as u8;
    [ink(c), ink(m), ink(y)]
}

/// What an error of a decoder means to the person who delivered the file.
fn refusal(error: ImageError) -> Refusal {
    let reason = match &error {
        ImageError::Limits(_) => Reason::TooLarge,
        ImageError::Unsupported(_) => Reason::UnsupportedType,
        _ if ended_early(&error) => Reason::Truncated,
        _ => Reason::Unreadable,
    };
    Refusal::of_system(reason, error.to_string().trim_end_matches('.'))
}

/// Whether the bytes ended before the image did: as an error of reading, or as the error of the JPEG decoder, which has
/// kinds of its own.
fn ended_early(error: &ImageError) -> bool {
    use zune_jpeg::errors::DecodeErrors;
    if let ImageError::IoError(cause) = error {
        return cause.kind() == ErrorKind::UnexpectedEof;
    }
    match error.source().and_then(|cause| cause.downcast_ref()) {
        Some(DecodeErrors::ExhaustedData) => true,
        Some(DecodeErrors::IoErrors(cause)) => cause.is_recoverable_eof(),
        _ => false,
    }
}

/// Whether a JPEG has four colours and no word of Adobe about them.
fn has_plain_cmyk(bytes: &[u8]) -> bool {
    let mut at = 2;
    let mut adobe = false;
    while let Some(&[0xFF, marker]) = bytes.get(at..at + 2) {
        let Some(length) = bytes.get(at + 2..at + 4) else {
            return false;
        };
        match marker {
            0xEE => adobe |= bytes.get(at + 4..at + 9) == Some(b"Adobe"),
            // Start of frame: its tenth byte counts the colours.
            0xC0..=0xC2 => return !adobe && bytes.get(at + 9) == Some(&4),
            0xDA => return false,
            _ => {}
        }
        at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
    }
    false
}

/// Whether a WebP has as many bytes as its RIFF header states; the decoder reports a cut one as damaged.
fn webp_is_whole(bytes: &[u8]) -> bool {
    let stated = bytes.get(4..8).and_then(|size| <[u8; 4]>::try_from(size).ok());
    stated.is_some_and(|size| bytes.len() as u64 >= 8 + u64::from(u32::from_le_bytes(size)))
}

/// The resolution the file states, where it is one that a scan can have.
fn dots_per_inch(bytes: &[u8], format: ImageFormat) -> Option<f32> {
    let be16 = |at: usize| Some(f32::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])));
    let dpi = match format {
        ImageFormat::Jpeg if bytes.get(6..11) == Some(b"JFIF\0") => {
            let per = be16(14)?;
            match bytes.get(13)? {
                1 => per,
                2 => per * 2.54,
                _ => return None,
            }
        }
        ImageFormat::Png => {
            let head = &bytes[..bytes.len().min(4096)];
            let at = head.windows(4).position(|w| w == b"pHYs")? + 4;
            let field = head.get(at..at + 9)?;
            if field[8] != 1 {
                return None;
            }
            u32::from_be_bytes([field[0], field[1], field[2], field[3]]) as f32 * 0.0254
        }
        _ => return None,
    };
    // 72 and 96 are what programs write that do not know.
    (100.0..=2400.0).contains(&dpi).then_some(dpi)
}

/// Whether a row of samples has ink, for tests of other formats.
#[cfg(test)]
pub(super) fn darkest(bitmap: &Bitmap) -> u8 {
    match bitmap.channels() {
        Channels::Gray => bitmap.data().iter().copied().min().unwrap_or(255),
        Channels::Rgb => bitmap
            .data()
            .chunks_exact(3)
            .map(crate::bitmap::luminance)
            .min()
            .unwrap_or(255),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ExtendedColorType, ImageEncoder};

    fn png(data: &[u8], side: u32, colour: ExtendedColorType) -> Vec<u8> {
        let mut bytes = Vec::new();
        image::codecs::png::PngEncoder::new(&mut bytes)
            .write_image(data, side, side, colour)
            .expect("encodes");
        bytes
    }

    fn decode(bytes: &[u8], media: MediaType) -> Result<Bitmap, Reason> {
        decode_within(bytes, media, 10_000)
    }

    fn decode_within(bytes: &[u8], media: MediaType, page_pixels_max: u64) -> Result<Bitmap, Reason> {
        let mut file = tempfile::tempfile().expect("a file");
        std::io::Write::write_all(&mut file, bytes).expect("written");
        std::io::Seek::rewind(&mut file).expect("rewound");
        let limits = ScanLimits {
            page_pixels_max,
            ..ScanLimits::default()
        };
        let scan = RasterScan::open(file, media, &limits).map_err(|r| r.reason)?;
        scan.bitmap(&limits).map_err(|r| r.reason)
    }

    #[test]
    fn sixteen_bits_and_transparency_become_eight_bits_on_white() {
        let deep = png(&[0x12; 8], 2, ExtendedColorType::L16);
        assert_eq!(decode(&deep, MediaType::Png).map(|b| b.data()[0]), Ok(0x12));
        let clear = png(&[0; 16], 2, ExtendedColorType::Rgba8);
        assert_eq!(decode(&clear, MediaType::Png).map(|b| darkest(&b)), Ok(255));
    }

    #[test]
    fn a_cut_file_is_truncated_and_a_large_one_too_large() {
        let whole = png(&[7; 300], 10, ExtendedColorType::Rgb8);
        assert_eq!(
            decode(&whole[..whole.len() / 2], MediaType::Png),
            Err(Reason::Truncated)
        );
        let check = |bytes: &[u8], media| {
            let half = &bytes[..bytes.len() / 2];
            assert_eq!(decode_within(half, media, 10_000_000), Err(Reason::Truncated));
        };
        check(include_bytes!("../../tests/formats/bilevel.bmp"), MediaType::Bmp);
        check(include_bytes!("../../tests/formats/colour.webp"), MediaType::WebP);
        let large = png(&[7; 101 * 101], 101, ExtendedColorType::L8);
        assert_eq!(decode(&large, MediaType::Png), Err(Reason::TooLarge));
        let mut jpeg = Vec::new();
        JpegEncoder::new(&mut jpeg)
            .encode(&[9; 100], 10, 10, ExtendedColorType::L8)
            .expect("ok");
        assert!(decode(&jpeg, MediaType::Jpeg).is_ok());
        assert!(
            decode(&jpeg[..jpeg.len() - 2], MediaType::Jpeg).is_ok(),
            "every pixel is there"
        );
        assert_eq!(decode(&jpeg[..jpeg.len() - 9], MediaType::Jpeg), Err(Reason::Truncated));
        assert!(
            decode(&whole[..whole.len() - 12], MediaType::Png).is_ok(),
            "every pixel is there"
        );
    }

    use image::codecs::jpeg::JpegEncoder;

    #[test]
    fn cmyk_black_is_black_and_no_ink_is_white() {
        assert_eq!(from_cmyk(0, 0, 0, 255), [0, 0, 0]);
        assert_eq!(from_cmyk(0, 0, 0, 0), [255, 255, 255]);
        assert_eq!(from_cmyk(0, 255, 255, 0), [255, 0, 0]);
    }
}
