//! What becomes of the text layer of a page: taken as it is, kept apart where nothing shows it, or completed by reading
//! what the page shows besides.

use super::drawing::draw;
use super::fields;
use super::frame::Frame;
use super::look::{self, look};
use super::marks::marks_of;
use super::pdf_lines::{TextSheet, common_turn, lines};
use super::pdf_text::RawChar;
use super::survey::{Survey, judge};
use super::unended;
use crate::bitmap::Bitmap;
use crate::layout::{LayoutText, PixelArea, Turn};
use crate::limits::ScanLimits;
use crate::page::{DecodedPage, PageMarks, PageOrigin, TextVerdict};
use crate::reason::Refusal;
use pdfium_render::prelude::*;

/// Images of a page whose bytes are looked at, the first ones.
const IMAGES_MAX: usize = 64;
/// Points that an image must be wide and high to hold something to read.
const IMAGE_SIDE_MIN: f32 = 24.0;

/// The text of a page, judged.
pub(super) struct TextOfPage {
    raw: Vec<RawChar>,
    verdict: TextVerdict,
    /// The page is read.
    read: bool,
    /// Only what the text does not hold is read.
    is_rest: bool,
    /// The images that show nothing, where the page was looked at.
    empty: Option<Vec<usize>>,
}

impl TextOfPage {
    /// Judges the layer, and looks at the page where it holds more than plain text. Afterwards the page is drawn without
    /// the text that is taken as it is.
    pub fn of(
        page: &PdfPage<'_>,
        mut raw: Vec<RawChar>,
        survey: &Survey,
        read_anyway: bool,
        limits: &ScanLimits,
    ) -> Result<TextOfPage, Refusal> {
        let mut verdict = judge(&raw, survey);
        let is_text = matches!(verdict, TextVerdict::Trusted | TextVerdict::Partial);
        let (mut is_rest, mut empty) = (false, None);
        if is_text && survey.needs_look && !read_anyway {
            let sight = look(page, &mut raw, survey, limits)?;
            let seen = raw.iter().any(|c| !c.hidden && !c.value.is_whitespace());
            is_rest = sight.has_rest && seen;
            empty = Some(sight.empty_images);
            verdict = match (sight.has_rest, seen) {
                (false, _) => TextVerdict::Trusted,
                (true, true) => TextVerdict::Partial,
                (true, false) => TextVerdict::Recognised,
            };
        }
        let read = match verdict {
            TextVerdict::Trusted => read_anyway,
            // A page with nothing on it is blank and needs no reading.
            TextVerdict::Absent => survey.objects > 0 || survey.annotations,
            _ => true,
        };
        Ok(TextOfPage {
            raw,
            verdict,
            read,
            is_rest,
            empty,
        })
    }

    /// The page with its text, and its pixels where it is read.
    pub fn page(
        self,
        index: u32,
        page: &PdfPage<'_>,
        survey: &Survey,
        limits: &ScanLimits,
    ) -> Result<(DecodedPage, Option<Bitmap>), Refusal> {
        let (origin, dpi) = match (self.read, survey.cover_dpi) {
            (true, Some(own)) => (PageOrigin::EmbeddedImage, own),
            (true, None) if !self.is_rest => (PageOrigin::Rendered, limits.render_dpi as f32),
            // Pictures on a written page are read as finely as they are.
            (true, None) => (PageOrigin::BornDigital, fine_dpi(survey, limits)),
            _ => (PageOrigin::BornDigital, limits.born_digital_dpi as f32),
        };
        let (frame, dpi) = Frame::of(page, dpi, limits)?;
        let delivered = self.is_rest || !self.read;
        let sheet = TextSheet {
            frame: &frame,
            turn: if delivered {
                common_turn(&self.raw, &frame)
            } else {
                Turn::None
            },
            rules: &survey.rules,
        };
        let (hidden, shown): (Vec<RawChar>, Vec<RawChar>) =
            self.raw.iter().copied().partition(|c| delivered && c.hidden);
        let text_of = |raw: &[RawChar]| {
            let lines = lines(raw, &sheet);
            (!lines.is_empty()).then_some(LayoutText { lines })
        };
        let (text, hidden) = (text_of(&shown), text_of(&hidden));
        // A sheet of the program that was never printed; its code stands beneath it in letters.
        let is_sheet = delivered && text.as_ref().is_some_and(names_sheet);
        let drawn = if self.read || is_sheet {
            Some(draw(page, &frame, dpi, survey.colourless)?)
        } else {
            None
        };
        let marks = match &drawn {
            Some(drawn) if is_sheet => marks_of(drawn),
            _ => PageMarks::default(),
        };
        let of_drawn = || drawn.as_ref().map(|drawn| look::empty_images(drawn, &frame, survey));
        let empty = self.empty.clone().or_else(of_drawn);
        let bitmap = drawn.filter(|_| self.read && !is_sheet);
        let decoded = DecodedPage {
            index,
            width: frame.width,
            height: frame.height,
            dpi: Some(dpi),
            origin,
            text,
            verdict: self.verdict,
            marks,
            turn: sheet.turn,
            hidden,
            is_rest: self.is_rest && !is_sheet,
            lost: lost_images(page, survey, &frame, empty.as_deref()),
            fields: match self.read && survey.annotations {
                true => fields::values(page, &frame),
                false => Vec::new(),
            },
        };
        Ok((decoded, bitmap))
    }
}

/// The resolution in which pictures on a written page are read.
fn fine_dpi(survey: &Survey, limits: &ScanLimits) -> f32 {
    let (least, most) = (limits.born_digital_dpi as f32, limits.render_dpi as f32);
    survey.image_dpi.unwrap_or(least).clamp(least, most.max(least))
}

/// Whether the text of a page names the code of a cover or separator sheet.
fn names_sheet(text: &LayoutText) -> bool {
    text.lines
        .iter()
        .any(|line| line.text.contains(vocabulary::SHEET_CODE_PREFIX))
}

/// The places of images that could not be decoded whole: cut off, garbage, or gone.
fn lost_images(page: &PdfPage<'_>, survey: &Survey, frame: &Frame, empty: Option<&[usize]>) -> Vec<PixelArea> {
    let is_lost = |at: usize| {
        let (number, rect) = survey.images[at];
        if rect[2] - rect[0] < IMAGE_SIDE_MIN || rect[3] - rect[1] < IMAGE_SIDE_MIN {
            return None;
        }
        let object = page.objects().get(number).ok()?;
        let image = object.as_image_object()?;
        let is_empty = empty.is_some_and(|empty| empty.contains(&at));
        let lost = is_cut(image) || is_empty && image.get_raw_bitmap().is_err();
        lost.then(|| frame.area(rect))
    };
    (0..survey.images.len().min(IMAGES_MAX)).filter_map(is_lost).collect()
}

/// A JPEG that ends before its pixels do, or an image without bytes.
fn is_cut(image: &PdfPageImageObject<'_>) -> bool {
    let Ok(bytes) = image.get_raw_image_data() else {
        return true;
    };
    let is_jpeg = image.filters().get(0).is_ok_and(|filter| filter.name() == "DCTDecode");
    bytes.is_empty() || is_jpeg && !unended::jpeg_has_end(&bytes) && unended::jpeg(&bytes).is_none()
}
