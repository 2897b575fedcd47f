//! What a PDF page is made of, and whether its text layer can be trusted.

use super::{gate, pdf_text, rules};
use crate::page::TextVerdict;
use pdfium_render::prelude::*;

/// Objects of a page inspected to know what it is made of.
const OBJECTS_MAX: usize = 20_000;
/// Texts of fonts that are not in the file whose places are kept.
const BORROWED_MAX: usize = 1_000;
/// Share of the page an image must cover to be the page.
const COVER_SHARE: f32 = 0.85;
/// Share of the page under images from which its text is more likely in them.
const IMAGE_SHARE: f32 = 0.5;
/// Visible characters with which a page full of images still counts as written.
const WRITTEN_CHARS_MIN: usize = 300;
/// Colour from which text may not be seen on white paper, and opacity up to which.
const PALE: u8 = 200;
const PALE_ALPHA: u8 = 60;
/// How much text may lean and be level: rise over length.
const LEAN: f32 = 0.03;
/// Resolutions of scans that are drawn as they are.
const OWN_DPI_MAX: f32 = 600.0;

/// What a page is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    pub objects: usize,
    /// Share of the page under images, at most 1.
    pub image_share: f32,
    /// Dots per inch of the one image that covers the page.
    pub cover_dpi: Option<f32>,
    /// Dots per inch of the finest image.
    pub image_dpi: Option<f32>,
    /// Annotations that a print of the page shows.
    pub annotations: bool,
    /// Nothing but images without colour is on the page.
    pub colourless: bool,
    /// Text may be turned.
    pub turned: bool,
    /// There is more than plain text and ruling lines, so that the text is compared with the ink of the page.
    pub needs_look: bool,
    /// The file has layers that can be switched off.
    pub layers: bool,
    /// Places in points of the plain text whose font is not in the file: drawn with a font of the machine, if it has one.
    pub borrowed_fonts: Vec<[f32; 4]>,
    /// Ruling lines in points: left, bottom, right, top.
    pub rules: Vec<[f32; 4]>,
    /// The images, each with its place in points and its number among the objects.
    pub images: Vec<(usize, [f32; 4])>,
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
        annotations: page.annotations().iter().any(|note| is_printed(note.annotation_type())),
        ..Survey::default()
    };
    survey.needs_look = survey.annotations;
    let Ok(boundary) = page.boundaries().bounding() else {
        return survey;
    };
    let (w, h) = (boundary.bounds.width().value, boundary.bounds.height().value);
    let mut colourless = !survey.annotations;
    let mut share = 0.0f32;
    for (at, object) in page.objects().iter().take(OBJECTS_MAX).enumerate() {
        survey.objects += 1;
        let covered = |object: &PdfPageObject<'_>| match object.bounds() {
            Ok(bounds) => {
                let share = (bounds.width().value / w).clamp(0.0, 1.0) * (bounds.height().value / h).clamp(0.0, 1.0);
                if share.is_finite() { share } else { 0.0 }
            }
            Err(_) => 0.0,
        };
        if let Some(image) = object.as_image_object() {
            survey.needs_look = true;
            colourless &= is_gray(image);
            share += covered(&object);
            let Ok(bounds) = object.bounds() else { continue };
            let (across, along) = (bounds.width().value, bounds.height().value);
            let (left, bottom) = (bounds.left().value, bounds.bottom().value);
            survey.images.push((at, [left, bottom, left + across, bottom + along]));
            let dpi = own_dpi(image, across, along);
            survey.image_dpi = survey.image_dpi.into_iter().chain(dpi).reduce(f32::max);
            if across / w >= COVER_SHARE && along / h >= COVER_SHARE {
                survey.cover_dpi = dpi;
            }
        } else if let Some(text) = object.as_text_object() {
            // Text of an OCR program is invisible; anything else may be coloured.
            colourless &= matches!(text.render_mode(), PdfPageTextRenderMode::Invisible);
            survey.turned |= is_turned(text);
            let unseen = may_be_unseen(text);
            survey.needs_look |= unseen;
            let may_borrow = !unseen && survey.borrowed_fonts.len() < BORROWED_MAX;
            if may_borrow && text.font().is_embedded().is_ok_and(|embedded| !embedded) {
                survey.borrowed_fonts.extend(object.bounds().ok().map(|b| sides(&b)));
            }
        } else {
            colourless = false;
            match (object.as_path_object(), object.as_x_object_form_object()) {
                (Some(path), _) => survey.needs_look |= !rules::take(path, &mut survey.rules),
                (_, Some(form)) => {
                    survey.turned = true;
                    survey.needs_look = true;
                    // Some writers put the scan into a form. What is in it is as large as the form.
                    let mut inside = form.iter().take(OBJECTS_MAX);
                    if inside.any(|o| o.as_image_object().is_some()) {
                        share += covered(&object);
                    }
                }
                _ => survey.needs_look = true,
            }
        }
    }
    survey.needs_look |= survey.turned;
    survey.colourless = colourless && !survey.images.is_empty();
    survey.image_share = share.min(1.0);
    if survey.images.len() != 1 {
        survey.cover_dpi = None;
    }
    survey
}

/// Left, bottom, right, top.
fn sides(bounds: &PdfQuadPoints) -> [f32; 4] {
    [bounds.left(), bounds.bottom(), bounds.right(), bounds.top()].map(|side| side.value)
}

/// Whether a print of the page shows annotations of this kind.
fn is_printed(kind: PdfPageAnnotationType) -> bool {
    use PdfPageAnnotationType as Kind;
    !matches!(
        kind,
        Kind::Unknown
            | Kind::Text
            | Kind::Link
            | Kind::Popup
            | Kind::FileAttachment
            | Kind::Sound
            | Kind::Movie
            | Kind::ThreeD
            | Kind::RichMedia
    )
}

fn is_gray(image: &PdfPageImageObject<'_>) -> bool {
    image.bits_per_pixel().is_ok_and(|bits| bits <= 8)
        && matches!(
            image.color_space(),
            Ok(PdfColorSpace::DeviceGray | PdfColorSpace::CalibratedCIEGray)
        )
}

fn is_turned(text: &PdfPageTextObject<'_>) -> bool {
    text.matrix().is_ok_and(|m| m.a() <= 0.0 || m.b().abs() > m.a() * LEAN)
}

/// Text that is drawn in no usual way, or so pale that white paper may not show it.
fn may_be_unseen(text: &PdfPageTextObject<'_>) -> bool {
    use PdfPageTextRenderMode as Mode;
    let is_plain = matches!(
        text.render_mode(),
        Mode::FilledUnstroked | Mode::StrokedUnfilled | Mode::FilledThenStroked
    );
    let is_pale = |c: PdfColor| c.alpha() < PALE_ALPHA || c.red().min(c.green()).min(c.blue()) > PALE;
    !is_plain || text.fill_color().is_ok_and(is_pale)
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
