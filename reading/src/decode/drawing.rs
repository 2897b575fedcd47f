//! A PDF page drawn by pdfium.

use super::frame::Frame;
use crate::bitmap::{Bitmap, BitmapHeader, Channels};
use crate::reason::Refusal;
use pdfium_render::prelude::*;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// The page as pixels of the frame. A page without colour is drawn in gray: a third of the memory,
/// which is what makes large drawings possible.
pub(super) fn draw(page: &PdfPage<'_>, frame: &Frame, dpi: f32, colourless: bool) -> Result<Bitmap, Refusal> {
    let failed = || Refusal::new(Reason::PageFailed, DetailCode::PageNotDrawn);
    let (format, channels) = if colourless {
        (PdfBitmapFormat::Gray, Channels::Gray)
    } else {
        (PdfBitmapFormat::BGR, Channels::Rgb)
    };
    let config = PdfRenderConfig::new()
        .set_fixed_size(frame.width as i32, frame.height as i32)
        .set_format(format)
        // With the other order pdfium leaves gray bitmaps white.
        .set_reverse_byte_order(!colourless);
    let (width, height) = (frame.width, frame.height);
    let row = width as usize * channels.count();
    // pdfium pads rows to four bytes. It draws into our memory, so that a large page is there once. The byte order is
    // already red, green, blue: pdfium-render asks for it by default.
    let stride = row.next_multiple_of(4);
    let mut data = vec![0u8; stride * height as usize];
    let (Ok(across), Ok(down)) = (i32::try_from(width), i32::try_from(height)) else {
        return Err(failed());
    };
    let mut target = PdfBitmap::from_bytes(across, down, format, &mut data).map_err(|_| failed())?;
    page.render_into_bitmap_with_config(&mut target, &config)
        .map_err(|_| failed())?;
    drop(target);
    if stride > row {
        for y in 1..height as usize {
            data.copy_within(y * stride..y * stride + row, y * row);
        }
        data.truncate(row * height as usize);
    }
    let header = BitmapHeader {
        width,
        height,
        channels,
        dpi: Some(dpi),
        bilevel: false,
    };
    Ok(Bitmap::new(header, data).ok_or_else(failed)?.simplified())
}
