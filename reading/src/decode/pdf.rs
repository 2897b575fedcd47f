//! PDF pages through pdfium: what a page is made of, its text layer, its pixels.
//!
//! A page that is one scanned image is drawn at that image's own resolution, which gives its own
//! pixels with rotation, masks, colour spaces and annotations already right; drawing costs less
//! than the checks that extracting the raw image would need.

use super::frame::Frame;
use super::rescue::Rescue;
use super::survey::{judge, survey};
use super::{marks_of, pdf_text, read_all};
use crate::bitmap::{Bitmap, BitmapHeader, Channels};
use crate::layout::LayoutText;
use crate::limits::ScanLimits;
use crate::page::{DecodedPage, PageMarks, PageOrigin, TextVerdict, ViewRequest};
use crate::reason::Refusal;
use pdfium_render::prelude::*;
use std::cell::OnceCell;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Files up to this size are read into memory at once; larger ones piece by piece.
const IN_MEMORY_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// An open PDF.
pub(super) struct PdfScan<'d> {
    document: PdfDocument<'d>,
    pages: u32,
    /// The end of the file is missing; pdfium shows what is lost as white paper.
    cut: bool,
    file: File,
    /// What `hayro` finds in the file; used when pdfium has trouble with a page.
    rescue: OnceCell<Option<Rescue>>,
}

impl<'d> PdfScan<'d> {
    pub fn open(pdfium: &'d Pdfium, mut file: File, bytes: u64, limits: &ScanLimits) -> Result<PdfScan<'d>, Refusal> {
        let ended = has_end(&mut file, bytes);
        let unreadable = |e: std::io::Error| Refusal::of_system(Reason::Unreadable, e);
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
            return Err(Refusal::new(reason, DetailCode::PdfWithoutPages));
        }
        let pages = u32::try_from(claimed).unwrap_or(u32::MAX);
        if pages > limits.pages_max {
            let detail = DetailCode::PagesAllowed.with(pages).with(limits.pages_max);
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
            let gone = (self.cut && empty).then_some(DetailCode::ContentLostWithEnd);
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
        let text = (!lines.is_empty()).then_some(LayoutText { lines });
        let bitmap = if read {
            Some(draw(&page, &frame, dpi, survey.colourless)?)
        } else {
            None
        };
        // A sheet of the program that was never printed; its code stands beneath it in letters.
        let is_sheet = bitmap.is_none() && text.as_ref().is_some_and(names_sheet);
        let marks = match is_sheet {
            true => marks_of(&draw(&page, &frame, dpi, survey.colourless)?),
            false => PageMarks::default(),
        };
        let page = DecodedPage {
            index,
            width: frame.width,
            height: frame.height,
            dpi: Some(dpi),
            origin,
            text,
            verdict,
            marks,
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
        let failed = |_| {
            Refusal::new(
                Reason::PageFailed,
                DetailCode::PageNumberDamaged.with(u64::from(index) + 1),
            )
        };
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
        marks: PageMarks::default(),
    };
    (page, Some(bitmap))
}

/// Whether the text of a page names the code of a cover or separator sheet.
fn names_sheet(text: &LayoutText) -> bool {
    text.lines
        .iter()
        .any(|line| line.text.contains(vocabulary::SHEET_CODE_PREFIX))
}

/// The page as pixels of the frame. A page without colour is drawn in gray: a third of the memory,
/// which is what makes large drawings possible.
fn draw(page: &PdfPage<'_>, frame: &Frame, dpi: f32, colourless: bool) -> Result<Bitmap, Refusal> {
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

/// Whether the end marker is near the end.
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
            (Reason::Encrypted, DetailCode::PdfWantsPassword)
        }
        PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::SecurityError) => {
            (Reason::Encrypted, DetailCode::PdfProtected)
        }
        _ if !ended => (Reason::Truncated, DetailCode::PdfWithoutEnd),
        _ => (Reason::Unreadable, DetailCode::PdfDamaged),
    };
    Refusal::new(reason, detail)
}
