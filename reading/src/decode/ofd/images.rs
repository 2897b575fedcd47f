//! The pictures of a page in its PDF. JPEG goes in as it is; others as their pixels, transparency apart.

use super::pdf_file::{ObjectNumber, PdfFile};
use crate::decode::rescue::quietly;
use crate::decode::unended;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader};
use std::io::Cursor;

/// Pixels of one picture. A0 at 200 dpi is 62 million; pages are seldom larger than A3.
const PIXELS_MAX: u64 = 45_000_000;
const JBIG2: &[u8] = b"\x97JB2\r\n\x1A\n";

/// Puts a picture into the file. None where it cannot be decoded, or is too large.
pub(super) fn put(file: &mut PdfFile, bytes: &[u8]) -> Option<ObjectNumber> {
    if bytes.starts_with(JBIG2) {
        return quietly(|| bilevel(file, bytes)).flatten();
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let format = reader.format()?;
    let mut bounds = image::Limits::no_limits();
    bounds.max_alloc = Some(PIXELS_MAX * 8);
    reader.limits(bounds);
    let decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    check(width, height)?;
    if format == ImageFormat::Jpeg {
        let colours = match decoder.original_color_type() {
            ExtendedColorType::L8 => Some("/DeviceGray"),
            ExtendedColorType::Rgb8 => Some("/DeviceRGB"),
            _ => None,
        };
        if let Some(colours) = colours.filter(|_| unended::jpeg_has_end(bytes) && !file.is_full(bytes.len())) {
            let entries = format!("{}/Filter/DCTDecode", described(width, height, colours, 8));
            return Some(file.stream(&entries, bytes));
        }
    }
    pixels(file, DynamicImage::from_decoder(decoder).ok()?)
}

fn check(width: u32, height: u32) -> Option<()> {
    let pixels = u64::from(width) * u64::from(height);
    (pixels > 0 && pixels <= PIXELS_MAX).then_some(())
}

fn described(width: u32, height: u32, colours: &str, bits: u8) -> String {
    format!("/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace{colours}/BitsPerComponent {bits}")
}

fn pixels(file: &mut PdfFile, picture: DynamicImage) -> Option<ObjectNumber> {
    let (width, height) = (picture.width(), picture.height());
    let size = width as usize * height as usize * 4;
    if file.is_full(size) {
        return None;
    }
    let mut entries = String::new();
    if picture.color().has_alpha() {
        let alpha: Vec<u8> = picture.to_rgba8().pixels().map(|pixel| pixel.0[3]).collect();
        if alpha.iter().any(|alpha| *alpha < u8::MAX) {
            let mask = file.stream(&described(width, height, "/DeviceGray", 8), &alpha);
            entries = format!("/SMask {mask}");
        }
    }
    let (colours, data) = if picture.color().has_color() {
        ("/DeviceRGB", picture.into_rgb8().into_raw())
    } else {
        ("/DeviceGray", picture.into_luma8().into_raw())
    };
    Some(file.stream(&(described(width, height, colours, 8) + &entries), &data))
}

/// The rows of a picture in black and white, a bit for each pixel.
#[derive(Default)]
struct BilevelRows {
    data: Vec<u8>,
    bits: u8,
    held: u8,
}

impl hayro_jbig2::Decoder for BilevelRows {
    fn push_pixel(&mut self, black: bool) {
        self.held = self.held << 1 | u8::from(!black);
        self.bits += 1;
        if self.bits == 8 {
            self.data.push(self.held);
            (self.held, self.bits) = (0, 0);
        }
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        for _ in 0..chunk_count * 8 {
            self.push_pixel(black);
        }
    }

    fn next_line(&mut self) {
        while self.bits > 0 {
            self.push_pixel(false);
        }
    }
}

fn bilevel(file: &mut PdfFile, bytes: &[u8]) -> Option<ObjectNumber> {
    let settings = hayro_jbig2::DecodeSettings::default();
    let parsed = hayro_jbig2::File::new(bytes, &settings).ok()?;
    let page = parsed.page(0)?;
    let (width, height) = (page.width(), page.height());
    check(width, height)?;
    let mut rows = BilevelRows::default();
    page.decode(&mut rows).ok()?;
    let whole = (width as usize).div_ceil(8) * height as usize;
    if rows.data.len() < whole || file.is_full(whole) {
        return None;
    }
    Some(file.stream(&described(width, height, "/DeviceGray", 1), &rows.data[..whole]))
}
