//! What a PDF page is made of, and whether its text layer can be trusted.

use super::{gate, pdf_text};
use crate::page::TextVerdict;
use pdfium_render::prelude::*;

/// Objects of a page inspected to know what it is made of.
const OBJECTS_MAX: usize = 20_000;
/// Share of the page an image must cover to be the page.
const COVER_SHARE: f32 = 0.85;
/// Share of the page under images from which its text is more likely in them.
const IMAGE_SHARE: f32 = 0.5;
/// Visible characters with which a page full of images still counts as written.
const WRITTEN_CHARS_MIN: usize = 300;
/// Resolutions of scans that are drawn as they are.
const OWN_DPI_MAX: f32 = 600.0;

/// What a page is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Survey {
    pub objects: usize,
    /// Share of the page under images, at most 1.
    pub image_share: f32,
    /// Dots per inch of the one image that covers the page.
    pub cover_dpi: Option<f32>,
    pub annotations: bool,
    /// Nothing but images without colour is on the page.
    pub colourless: bool,
}

/// What is thought of the text layer.
pub(super) fn judge(raw: &[pdf_text::RawChar], survey: &Survey) -> TextVerdict {
    let marks = || raw.iter().filter(|c| !c.value.is_whitespace());
    let count = marks().count();
    if count == 0 {
        return TextVerdict::Absent;
    }
    let text: String = raw.iter().map(|c| c.value).collect();
    if !gate::plausible(&text) {
        return TextVerdict::Garbled;
    }
    let hidden = marks().filter(|c| c.invisible).count();
    if hidden * 2 > count {
        return TextVerdict::Recognised;
    }
    if survey.image_share >= IMAGE_SHARE && count - hidden < WRITTEN_CHARS_MIN {
        return TextVerdict::Partial;
    }
    TextVerdict::Trusted
}

pub(super) fn survey(page: &PdfPage<'_>) -> Survey {
    let mut survey = Survey {
        annotations: !page.annotations().is_empty(),
        ..Survey::default()
    };
    let Ok(boundary) = page.boundaries().bounding() else {
        return survey;
    };
    let (w, h) = (boundary.bounds.width().value, boundary.bounds.height().value);
    let mut images = 0usize;
    let mut colourless = !survey.annotations;
    let mut share = 0.0f32;
    for object in page.objects().iter().take(OBJECTS_MAX) {
        survey.objects += 1;
        let Some(image) = object.as_image_object() else {
            // Text of an OCR program is invisible; anything else may be coloured.
            let hidden = |text: &PdfPageTextObject<'_>| matches!(text.render_mode(), PdfPageTextRenderMode::Invisible);
            colourless &= object.as_text_object().is_some_and(hidden);
            if let Some(form) = object.as_x_object_form_object() {
                // Some writers put the scan into a form. What is in it is as large as the form.
                let inside = form
                    .iter()
                    .take(OBJECTS_MAX)
                    .filter(|o| o.as_image_object().is_some())
                    .count();
                if let (true, Ok(bounds)) = (inside > 0, object.bounds()) {
                    let covered =
                        (bounds.width().value / w).clamp(0.0, 1.0) * (bounds.height().value / h).clamp(0.0, 1.0);
                    share += if covered.is_finite() { covered } else { 0.0 };
                }
            }
            continue;
        };
        images += 1;
        colourless &= image.bits_per_pixel().is_ok_and(|bits| bits <= 8)
            && matches!(
                image.color_space(),
                Ok(PdfColorSpace::DeviceGray | PdfColorSpace::CalibratedCIEGray)
            );
        let Ok(bounds) = object.bounds() else { continue };
        let (across, along) = (bounds.width().value / w, bounds.height().value / h);
        let covered = across.clamp(0.0, 1.0) * along.clamp(0.0, 1.0);
        if covered.is_finite() {
            share += covered;
        }
        if across >= COVER_SHARE && along >= COVER_SHARE {
            survey.cover_dpi = own_dpi(image, bounds.width().value, bounds.height().value);
        }
    }
    survey.colourless = colourless && images > 0;
    survey.image_share = share.min(1.0);
    if images != 1 {
        survey.cover_dpi = None;
    }
    survey
}

/// Resolution of an image placed at this size in points. The image may lie on its side.
fn own_dpi(image: &PdfPageImageObject<'_>, width: f32, height: f32) -> Option<f32> {
    let (pixels_w, pixels_h) = (image.width().ok()? as f32, image.height().ok()? as f32);
    let upright = (pixels_w > pixels_h) == (width > height);
    let (pixels_w, pixels_h) = if upright {
        (pixels_w, pixels_h)
    } else {
        (pixels_h, pixels_w)
    };
    let dpi = (pixels_w / width * 72.0).max(pixels_h / height * 72.0);
    (dpi.is_finite() && dpi >= 50.0).then_some(dpi.min(OWN_DPI_MAX))
}
