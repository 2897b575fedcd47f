//! PDF pages through pdfium: what a page is made of, its text layer, its pixels.
//!
//! A page that is one scanned image is drawn at that image's own resolution, which gives its own
//! pixels with rotation, masks, colour spaces and annotations already right; drawing costs less
//! than the checks that extracting the raw image would need.

use super::claims::PdfClaims;
use super::drawing::draw;
use super::frame::Frame;
use super::page_text::TextOfPage;
use super::rescue::Rescue;
use super::survey::survey;
use super::{gbk, pdf_text, read_all};
use crate::bitmap::Bitmap;
use crate::layout::{PixelArea, Turn};
use crate::limits::ScanLimits;
use crate::page::{BesidePages, DecodedPage, PageMarks, PageOrigin, TextVerdict, ViewRequest};
use crate::reason::Refusal;
use pdfium_render::prelude::*;
use std::cell::OnceCell;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Files up to this size are read into memory at once; larger ones piece by piece.
const IN_MEMORY_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Pages of fewer objects are searched for images that are not there: pdfium leaves out what it does not find.
const FEW_OBJECTS: usize = 12;

/// Larger files are read into memory where there are files inside, so far.
const CLAIMS_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Letters of the name of a file inside.
const INSIDE_NAME_CHARS_MAX: usize = 120;

/// The bytes of a file, held once by all who look into them.
struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// An open PDF.
pub(super) struct PdfScan<'d> {
    document: PdfDocument<'d>,
    pages: u32,
    /// The end of the file is missing; pdfium shows what is lost as white paper.
    cut: bool,
    /// None for a page that was never a file of its own.
    file: Option<File>,
    /// What `hayro` finds in the file; used when pdfium has trouble with a page.
    rescue: OnceCell<Option<Rescue>>,
    /// What the file says of itself; of files that are in memory.
    claims: Option<PdfClaims>,
    /// The same of a larger file, read when it is asked for.
    large_claims: OnceCell<Option<PdfClaims>>,
}

impl<'d> PdfScan<'d> {
    pub fn open(pdfium: &'d Pdfium, mut file: File, bytes: u64, limits: &ScanLimits) -> Result<PdfScan<'d>, Refusal> {
        let ended = has_end(&mut file, bytes);
        let unreadable = |e: std::io::Error| Refusal::of_system(Reason::Unreadable, e);
        let whole = file.try_clone().map_err(unreadable)?;
        let mut claims = None;
        let opened = if bytes <= IN_MEMORY_BYTES_MAX {
            let bytes = Arc::new(read_all(&mut file, limits)?);
            claims = Some(PdfClaims::of(bytes.clone()));
            pdfium.load_pdf_from_reader(Cursor::new(SharedBytes(bytes)), None)
        } else {
            pdfium.load_pdf_from_reader(file, None)
        };
        PdfScan::of_opened(opened, ended, limits).map(|scan| PdfScan {
            file: Some(whole),
            claims,
            ..scan
        })
    }

    /// A file that this program has made.
    pub fn of_bytes(pdfium: &'d Pdfium, bytes: Vec<u8>, limits: &ScanLimits) -> Result<PdfScan<'d>, Refusal> {
        PdfScan::of_opened(pdfium.load_pdf_from_byte_vec(bytes, None), true, limits)
    }

    fn of_opened(
        opened: Result<PdfDocument<'d>, PdfiumError>,
        ended: bool,
        limits: &ScanLimits,
    ) -> Result<PdfScan<'d>, Refusal> {
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
            file: None,
            rescue: OnceCell::new(),
            claims: None,
            large_claims: OnceCell::new(),
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
            let mut file = self.file.as_ref()?.try_clone().ok()?;
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

    /// What the file holds besides its pages.
    pub fn beside(&self, limits: &ScanLimits) -> BesidePages {
        let files = self.own_claims().map_or(&[][..], PdfClaims::files_inside);
        let attachments = files.len() as u32;
        let form = self.document.form().map(PdfForm::form_type);
        BesidePages {
            attached: listed_names(files.iter().map(|file| file.name.as_str()), limits),
            attachments,
            is_portfolio: attachments > 0 && self.own_claims().is_some_and(PdfClaims::is_portfolio),
            is_dynamic_form: form == Some(PdfFormType::XfaFull),
            said: Vec::new(),
        }
    }

    /// The bytes of a file inside it.
    pub fn inside(&self, at: u32, limits: &ScanLimits) -> Result<Vec<u8>, Refusal> {
        let lacks = || Refusal::new(Reason::Unreadable, DetailCode::FileInsideDamaged);
        let claims = self.own_claims().ok_or_else(lacks)?;
        claims.bytes_inside(at as usize, limits.inside_bytes_max)
    }

    /// What the file says of itself. One that is not in memory is read for it where pdfium knows of files inside.
    fn own_claims(&self) -> Option<&PdfClaims> {
        let read = || {
            let has_files = !self.document.attachments().is_empty();
            let mut file = self.file.as_ref().filter(|_| has_files)?.try_clone().ok()?;
            file.rewind().ok()?;
            let mut bytes = Vec::new();
            file.take(CLAIMS_BYTES_MAX).read_to_end(&mut bytes).ok()?;
            Some(PdfClaims::of(Arc::new(bytes)))
        };
        let read = || self.large_claims.get_or_init(read).as_ref();
        self.claims.as_ref().or_else(read)
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
        let mut survey = survey(&page);
        survey.layers = self.claims.as_ref().is_some_and(PdfClaims::has_layers);
        survey.needs_look |= survey.layers;
        let empty = survey.objects == 0 && !survey.annotations;
        // pdfium shows a page whose content or image is lost as white paper, as if it were blank.
        let lost = match (self.cut, &self.claims) {
            (true, _) => self.rescued(limits).and_then(|rescue| rescue.loss(index)),
            (false, Some(claims)) if survey.objects < FEW_OBJECTS => claims.loss(index, self.pages),
            (false, _) => None,
        };
        let gone = (self.cut && empty).then_some(DetailCode::ContentLostWithEnd);
        if let Some(detail) = lost.or(gone).filter(|_| self.cut || empty) {
            return Err(Refusal::new(Reason::PageFailed, detail));
        }
        let mut raw = pdf_text::characters(&page, survey.turned, limits);
        gbk::decode(&mut raw);
        let layer = TextOfPage::of(&page, raw, &survey, read_anyway, limits)?;
        let (mut decoded, bitmap) = layer.page(index, &page, &survey, limits)?;
        if lost.is_some() {
            decoded.lost.push(PixelArea {
                x: 0.0,
                y: 0.0,
                w: decoded.width as f32,
                h: decoded.height as f32,
            });
        }
        Ok((decoded, bitmap))
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

/// The names of files inside that are listed: of as many as may be taken out.
pub(super) fn listed_names<'n>(names: impl Iterator<Item = &'n str>, limits: &ScanLimits) -> Vec<String> {
    let short = |name: &str| name.chars().take(INSIDE_NAME_CHARS_MAX).collect();
    names.take(limits.inside_files_max as usize).map(short).collect()
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
        turn: Turn::None,
        hidden: None,
        is_rest: false,
        lost: Vec::new(),
        fields: Vec::new(),
    };
    (page, Some(bitmap))
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
