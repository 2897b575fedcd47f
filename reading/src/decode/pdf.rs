//! PDF pages through pdfium: what a page is made of, its text layer, its pixels.
//!
//! A page that is one scanned image is drawn at that image's own resolution, which gives its own
//! pixels with rotation, masks, colour spaces and annotations already right; drawing costs less
//! than the checks that extracting the raw image would need.

use super::rescue::Rescue;
use super::{gate, pdf_text, read_all};
use crate::bitmap::{Bitmap, BitmapHeader, Channels};
use crate::layout::{Area, PageText, Turn};
use crate::limits::ScanLimits;
use crate::reason::{Reason, Refusal};
use crate::worker::{DecodedPage, PageOrigin, TextVerdict, ViewRequest};
use pdfium_render::prelude::*;
use std::cell::OnceCell;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Files up to this size are read into memory at once; larger ones piece by piece.
const IN_MEMORY_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Objects of a page that are looked at to know what it is made of.
const OBJECTS_MAX: usize = 20_000;
/// Share of the page an image must cover to be the page.
const COVER_SHARE: f32 = 0.85;
/// Share of the page under images from which its text is more likely in them.
const IMAGE_SHARE: f32 = 0.5;
/// Visible characters with which a page full of images still counts as written.
const WRITTEN_CHARS_MIN: usize = 300;
/// Resolutions of scans that are drawn as they are.
const OWN_DPI_MAX: f32 = 600.0;

/// An open PDF.
pub(super) struct PdfScan<'d> {
    document: PdfDocument<'d>,
    pages: u32,
    /// The end of the file is missing; pdfium shows what is lost as white paper.
    cut: bool,
    file: File,
    /// What `hayro` finds in the file; looked at when pdfium has trouble with a page.
    rescue: OnceCell<Option<Rescue>>,
}

/// The box of a page and how it becomes pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    /// Visible box in points, before the page's own rotation: left, bottom, right, top.
    pub bounds: [f32; 4],
    pub rotation: Turn,
    /// Size of the upright page in pixels.
    pub width: u32,
    pub height: u32,
}

/// What a page is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Survey {
    objects: usize,
    /// Share of the page under images, at most 1.
    image_share: f32,
    /// Dots per inch of the one image that covers the page.
    cover_dpi: Option<f32>,
    annotations: bool,
    /// Nothing but images without colour is on the page.
    colourless: bool,
}

impl<'d> PdfScan<'d> {
    pub fn open(pdfium: &'d Pdfium, mut file: File, bytes: u64, limits: &ScanLimits) -> Result<PdfScan<'d>, Refusal> {
        let ended = has_end(&mut file, bytes);
        let unreadable = |e: std::io::Error| Refusal::new(Reason::Unreadable, e.to_string());
        let whole = file.try_clone().map_err(unreadable)?;
        let opened = if bytes <= IN_MEMORY_BYTES_MAX {
            pdfium.load_pdf_from_byte_vec(read_all(&mut file, limits)?, None)
        } else {
            pdfium.load_pdf_from_reader(file, None)
        };
        let document = opened.map_err(|error| refusal(&error, ended))?;
        let claimed = document.pages().len();
        if claimed <= 0 {
            let reason = if ended { Reason::Unreadable } else { Reason::Truncated };
            return Err(Refusal::new(reason, "the PDF has no pages"));
        }
        let pages = u32::try_from(claimed).unwrap_or(u32::MAX);
        if pages > limits.pages_max {
            let detail = format!("{pages} pages, {} are allowed", limits.pages_max);
            return Err(Refusal::new(Reason::TooManyPages, detail));
        }
        Ok(PdfScan {
            document,
            pages,
            cut: !ended,
            file: whole,
            rescue: OnceCell::new(),
        })
    }

    /// What can be had of a file that pdfium refuses.
    pub fn rescue(mut file: File, bytes: u64, limits: &ScanLimits) -> Option<Rescue> {
        let ended = has_end(&mut file, bytes);
        Rescue::open(read_all(&mut file, limits).ok()?, !ended, limits)
    }

    /// Whether the file is damaged and what could be saved of it is served.
    pub fn recovered(&self) -> bool {
        self.cut || self.rescue.get().is_some_and(Option::is_some)
    }

    fn rescued(&self, limits: &ScanLimits) -> Option<&Rescue> {
        let search = || {
            let mut file = self.file.try_clone().ok()?;
            file.rewind().ok()?;
            Rescue::open(read_all(&mut file, limits).ok()?, self.cut, limits)
        };
        // Pages must be the same ones by number, or the wrong page would be shown.
        self.rescue
            .get_or_init(search)
            .as_ref()
            .filter(|rescue| rescue.pages() == self.pages)
    }

    pub fn pages(&self) -> u32 {
        self.pages
    }

    pub fn page(
        &mut self,
        index: u32,
        read_anyway: bool,
        limits: &ScanLimits,
    ) -> Result<(DecodedPage, Option<Bitmap>), Refusal> {
        let page = match self.load(index) {
            Ok(page) => page,
            Err(refusal) => {
                let rescue = self.rescued(limits).ok_or(refusal)?;
                return Ok(rescued_page(index, rescue.bitmap(index, limits)?));
            }
        };
        let survey = survey(&page);
        let empty = survey.objects == 0 && !survey.annotations;
        if self.cut || empty {
            // pdfium shows a page whose content or image is lost as white paper, as if it were blank.
            let lost = self.rescued(limits).and_then(|rescue| rescue.loss(index));
            let gone = (self.cut && empty).then_some("the content of the page is lost with the end of the file");
            if let Some(detail) = lost.or(gone) {
                return Err(Refusal::new(Reason::PageFailed, detail));
            }
        }
        let raw = pdf_text::characters(&page, limits);
        let verdict = judge(&raw, &survey);
        let read = match verdict {
            TextVerdict::Trusted => read_anyway,
            // A page with nothing on it is blank and needs no reading.
            TextVerdict::Absent => survey.objects > 0 || survey.annotations,
            _ => true,
        };
        let (origin, dpi) = match (read, survey.cover_dpi) {
            (false, _) => (PageOrigin::BornDigital, limits.born_digital_dpi as f32),
            (true, Some(own)) => (PageOrigin::EmbeddedImage, own),
            (true, None) => (PageOrigin::Rendered, limits.render_dpi as f32),
        };
        let (frame, dpi) = Frame::of(&page, dpi, limits)?;
        let lines = pdf_text::lines(&raw, &frame);
        let text = (!lines.is_empty()).then_some(PageText { lines });
        let bitmap = if read {
            Some(draw(&page, &frame, dpi, survey.colourless)?)
        } else {
            None
        };
        let page = DecodedPage {
            index,
            width: frame.width,
            height: frame.height,
            dpi: Some(dpi),
            origin,
            text,
            verdict,
        };
        Ok((page, bitmap))
    }

    /// The page drawn about as wide as wanted.
    pub fn view(&mut self, index: u32, request: &ViewRequest, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
        let page = match self.load(index) {
            Ok(page) => page,
            Err(refusal) => return self.rescued(limits).ok_or(refusal)?.bitmap(index, limits),
        };
        let survey = survey(&page);
        let (frame, dpi) = Frame::of(&page, survey.cover_dpi.unwrap_or(600.0), limits)?;
        let (upright_width, _) = request.turn.size(frame.width, frame.height);
        let wanted = request.widest().clamp(1, limits.view_side_max);
        let share = wanted as f32 / upright_width as f32;
        let frame = if share < 1.0 {
            // Scans are drawn at twice the size and then scaled with a better filter.
            let share = if survey.cover_dpi.is_some() {
                (share * 2.0).min(1.0)
            } else {
                share
            };
            frame.scaled(share)
        } else {
            frame
        };
        draw(&page, &frame, dpi, survey.colourless)
    }

    fn load(&self, index: u32) -> Result<PdfPage<'d>, Refusal> {
        let failed = |_| Refusal::new(Reason::PageFailed, format!("page {} is damaged", index + 1));
        self.document.pages().get(index as i32).map_err(failed)
    }
}

/// A page of a damaged file: drawn, to be read whatever text it claims.
pub(super) fn rescued_page(index: u32, bitmap: Bitmap) -> (DecodedPage, Option<Bitmap>) {
    let header = bitmap.header();
    let page = DecodedPage {
        index,
        width: header.width,
        height: header.height,
        dpi: header.dpi,
        origin: PageOrigin::Rendered,
        text: None,
        verdict: TextVerdict::Absent,
    };
    (page, Some(bitmap))
}

impl Frame {
    /// The frame of a page at so many dots per inch, or at fewer where the limit demands it.
    fn of(page: &PdfPage<'_>, dpi: f32, limits: &ScanLimits) -> Result<(Frame, f32), Refusal> {
        let bad = || Refusal::new(Reason::PageFailed, "the page has no usable size");
        let boundary = page.boundaries().bounding().map_err(|_| bad())?.bounds;
        let bounds = [boundary.left(), boundary.bottom(), boundary.right(), boundary.top()].map(|p| p.value);
        let rotation = match page.rotation().unwrap_or(PdfPageRenderRotation::None) {
            PdfPageRenderRotation::None => Turn::None,
            PdfPageRenderRotation::Degrees90 => Turn::Quarter,
            PdfPageRenderRotation::Degrees180 => Turn::Half,
            PdfPageRenderRotation::Degrees270 => Turn::ThreeQuarters,
        };
        let (w, h) = (page.width().value, page.height().value);
        let sized = bounds[2] > bounds[0] && bounds[3] > bounds[1] && w > 0.0 && h > 0.0;
        if !sized || !w.is_finite() || !h.is_finite() {
            return Err(bad());
        }
        let by_pixels = (limits.page_pixels_max as f64 / (f64::from(w) * f64::from(h))).sqrt();
        let by_side = 60_000.0 / f64::from(w.max(h));
        let scale = (f64::from(dpi) / 72.0).min(by_pixels * 0.999).min(by_side);
        let pixels = |points: f32| ((f64::from(points) * scale).round() as u32).max(1);
        let frame = Frame {
            bounds,
            rotation,
            width: pixels(w),
            height: pixels(h),
        };
        Ok((frame, (scale * 72.0) as f32))
    }

    fn scaled(self, share: f32) -> Frame {
        let scale = |v: u32| ((v as f32 * share).round() as u32).max(1);
        Frame {
            width: scale(self.width),
            height: scale(self.height),
            ..self
        }
    }

    /// A rectangle in points (left, bottom, right, top) in pixels of the upright page.
    pub fn area(&self, rect: [f32; 4]) -> Area {
        let [l, b, r, t] = self.bounds;
        let (across, along) = (r - l, t - b);
        // Distances from the left and top edges of the unrotated box, as shares of it.
        let (x0, x1) = ((rect[0] - l) / across, (rect[2] - l) / across);
        let (y0, y1) = ((t - rect[3]) / along, (t - rect[1]) / along);
        let (x0, x1, y0, y1) = match self.rotation {
            Turn::None => (x0, x1, y0, y1),
            Turn::Quarter => (1.0 - y1, 1.0 - y0, x0, x1),
            Turn::Half => (1.0 - x1, 1.0 - x0, 1.0 - y1, 1.0 - y0),
            Turn::ThreeQuarters => (y0, y1, 1.0 - x1, 1.0 - x0),
        };
        let (w, h) = (self.width as f32, self.height as f32);
        Area {
            x: x0 * w,
            y: y0 * h,
            w: (x1 - x0) * w,
            h: (y1 - y0) * h,
        }
    }
}

/// What is thought of the text layer.
fn judge(raw: &[pdf_text::RawChar], survey: &Survey) -> TextVerdict {
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

fn survey(page: &PdfPage<'_>) -> Survey {
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
            // Text of somebody's OCR is invisible; anything else may be coloured.
            let hidden = |text: &PdfPageTextObject<'_>| matches!(text.render_mode(), PdfPageTextRenderMode::Invisible);
            colourless &= object.as_text_object().is_some_and(hidden);
            if let Some(form) = object.as_x_object_form_object() {
                // Some writers put the scan into a form. What lies in it is as large as the form.
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

/// The page as pixels of the frame. A page without colour is drawn in gray: a third of the memory,
/// which is what makes large drawings possible.
fn draw(page: &PdfPage<'_>, frame: &Frame, dpi: f32, colourless: bool) -> Result<Bitmap, Refusal> {
    let failed = || Refusal::new(Reason::PageFailed, "the page could not be drawn");
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

/// Whether the end marker stands near the end.
fn has_end(file: &mut File, bytes: u64) -> bool {
    let mut tail = Vec::new();
    let from = bytes.saturating_sub(2_048);
    let read = file
        .seek(SeekFrom::Start(from))
        .and_then(|_| file.by_ref().take(2_048).read_to_end(&mut tail))
        .and_then(|_| file.rewind());
    read.is_ok() && tail.windows(5).any(|w| w == b"%%EOF")
}

fn refusal(error: &PdfiumError, ended: bool) -> Refusal {
    let (reason, detail) = match error {
        PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::PasswordError) => {
            (Reason::Encrypted, "the PDF wants a password")
        }
        PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::SecurityError) => {
            (Reason::Encrypted, "the PDF is protected in a way that is not known")
        }
        _ if !ended => (Reason::Truncated, "the PDF has no end"),
        _ => (Reason::Unreadable, "the PDF is damaged"),
    };
    Refusal::new(reason, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_follow_the_rotation_of_the_page() {
        let frame = |rotation, width, height| Frame {
            bounds: [10.0, 10.0, 110.0, 210.0],
            rotation,
            width,
            height,
        };
        // A mark in the top left corner of the unrotated page, 10 x 20 points.
        let mark = [10.0, 190.0, 20.0, 210.0];
        let check = |rotation, w, h, expected: [f32; 4]| {
            let a = frame(rotation, w, h).area(mark);
            let got = [a.x, a.y, a.w, a.h];
            let near = got.iter().zip(expected).all(|(g, e)| (g - e).abs() < 0.01);
            assert!(near, "{rotation:?}: {got:?}");
        };
        check(Turn::None, 100, 200, [0.0, 0.0, 10.0, 20.0]);
        check(Turn::Quarter, 200, 100, [180.0, 0.0, 20.0, 10.0]);
        check(Turn::Half, 100, 200, [90.0, 180.0, 10.0, 20.0]);
        check(Turn::ThreeQuarters, 200, 100, [0.0, 90.0, 20.0, 10.0]);
    }
}
