//! The text layer of a PDF page: its characters with place and direction.

use super::radicals;
use crate::limits::ScanLimits;
use pdfium_render::prelude::{PdfPage, PdfPageTextChar, PdfPageTextRenderMode};

/// Pages with more characters than this are checked for invisible text by sample.
const VISIBILITY_SAMPLES: usize = 64;

/// One character as pdfium gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawChar {
    pub value: char,
    /// Left, bottom, right, top in points; none for what pdfium made up (spaces, line ends).
    pub rect: Option<[f32; 4]>,
    /// Degrees clockwise by which it is turned on the page as the content stream draws it.
    pub angle: u16,
    pub invisible: bool,
    /// No ink carries it, as a look at the page showed.
    pub hidden: bool,
}

/// All characters of the layer, in the order of the content stream, up to the limit. `turned` says that some may be.
pub(super) fn characters(page: &PdfPage<'_>, turned: bool, limits: &ScanLimits) -> Vec<RawChar> {
    let Ok(text) = page.text() else { return Vec::new() };
    let chars = text.chars();
    let count = chars.len();
    let step = (count / VISIBILITY_SAMPLES).max(1);
    let mut out = Vec::with_capacity(count.min(1 << 16));
    let mut bytes = 0;
    let mut invisible = false;
    // Characters beyond U+FFFF come in two halves.
    let mut high: Option<(u32, Option<[f32; 4]>)> = None;
    for (i, char) in chars.iter().enumerate() {
        let code = char.unicode_value();
        let (value, rect) = match (code, high.take()) {
            (0xD800..=0xDBFF, _) => {
                high = Some((code, rect_of(&char)));
                continue;
            }
            (0xDC00..=0xDFFF, Some((first, rect))) => {
                let value = 0x1_0000 + ((first - 0xD800) << 10) + (code - 0xDC00);
                (char::from_u32(value), rect)
            }
            _ => (char::from_u32(code), rect_of(&char)),
        };
        let Some(value) = value else { continue };
        // U+0002, U+FFFE and U+FFFF stand for a hyphen at the end of a line.
        let value = if matches!(value, '\u{2}' | '\u{FFFE}' | '\u{FFFF}') {
            '-'
        } else {
            radicals::as_typed(value)
        };
        if i % step == 0 {
            invisible = matches!(char.render_mode(), Ok(PdfPageTextRenderMode::Invisible));
        }
        bytes += value.len_utf8();
        if bytes > limits.page_text_bytes_max {
            break;
        }
        let angle = if turned && rect.is_some() { angle_of(&char) } else { 0 };
        out.push(RawChar {
            value,
            rect,
            angle,
            invisible,
            hidden: false,
        });
    }
    out
}

fn rect_of(char: &PdfPageTextChar<'_>) -> Option<[f32; 4]> {
    let bounds = char.loose_bounds().ok()?;
    let rect = [bounds.left(), bounds.bottom(), bounds.right(), bounds.top()].map(|side| side.value);
    let sized = rect.iter().all(|v| v.is_finite()) && rect[2] > rect[0] && rect[3] > rect[1];
    sized.then_some(rect)
}

fn angle_of(char: &PdfPageTextChar<'_>) -> u16 {
    let degrees = char.angle_degrees().unwrap_or(0.0);
    (degrees.round() as i32).rem_euclid(360) as u16
}
