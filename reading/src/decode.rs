//! Scans to pages: PDF, TIFF and image files into bounded bitmaps and text layers.
//!
//! Runs only inside decode workers. Trusts nothing a file states about itself: sizes are compared
//! with the limits before a buffer is allocated, a page exists once it is decoded. Refuses to know
//! paths, and what the pages are for.

mod claims;
mod drawing;
mod fax;
mod fields;
mod frame;
mod gate;
mod gbk;
mod inside;
mod look;
mod marks;
mod ofd;
mod old_jpeg;
mod page_text;
mod pdf;
mod pdf_lines;
mod pdf_text;
mod picture;
mod radicals;
mod raster;
mod rescue;
mod restated;
mod rules;
mod survey;
mod tiff;
mod tiff_directory;
mod tiff_samples;
mod unended;

pub use marks::marks_of;
pub use picture::{Picture, pictures};

use crate::bitmap::Bitmap;
use crate::engines::Engines;
use crate::limits::ScanLimits;
use crate::media::MediaType;
use crate::page::{BesidePages, DecodedPage, ViewRequest};
use crate::reason::Refusal;
use pdfium_render::prelude::Pdfium;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// The libraries that decoding needs, loaded.
pub struct Decoder {
    pdfium: Pdfium,
}

/// Why the decoder could not be loaded.
#[derive(Debug, thiserror::Error)]
#[error("engine_damaged: libpdfium could not be loaded: {0}; run `dossier setup`")]
pub struct DecoderError(String);

impl Decoder {
    /// Loads libpdfium.
    ///
    /// # Errors
    /// When the library is damaged or for another machine.
    pub fn load(engines: &Engines) -> Result<Decoder, DecoderError> {
        let bindings = Pdfium::bind_to_library(engines.pdfium()).map_err(|e| DecoderError(format!("{e:?}")))?;
        Ok(Decoder {
            pdfium: Pdfium::new(bindings),
        })
    }

    /// Opens a scan.
    ///
    /// # Errors
    /// The reason why it cannot be read, with what was found.
    pub fn open(&self, mut file: File, media: MediaType, limits: &ScanLimits) -> Result<ScanDecoder<'_>, Refusal> {
        let unreadable = |e: std::io::Error| Refusal::of_system(Reason::Unreadable, e);
        let bytes = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
        file.rewind().map_err(unreadable)?;
        if bytes == 0 {
            return Err(Refusal::new(Reason::Empty, DetailCode::NoBytes));
        }
        if bytes > limits.file_bytes_max {
            let detail = DetailCode::BytesAllowed.with(bytes).with(limits.file_bytes_max);
            return Err(Refusal::new(Reason::TooLarge, detail));
        }
        let source = match media {
            MediaType::Pdf => {
                let again = file.try_clone().map_err(unreadable)?;
                match pdf::PdfScan::open(&self.pdfium, file, bytes, limits) {
                    Ok(scan) => ScanFormat::Pdf(Box::new(scan)),
                    Err(refusal) if matches!(refusal.reason, Reason::Unreadable | Reason::Truncated) => {
                        ScanFormat::Rescued(pdf::PdfScan::rescue(again, bytes, limits).ok_or(refusal)?)
                    }
                    Err(refusal) => return Err(refusal),
                }
            }
            MediaType::Ofd => ScanFormat::Ofd(Box::new(ofd::OfdScan::open(&self.pdfium, file, limits)?)),
            MediaType::Tiff => ScanFormat::Tiff(Box::new(tiff::TiffScan::open(file, limits)?)),
            MediaType::Jpeg | MediaType::Png | MediaType::Bmp | MediaType::WebP | MediaType::Gif => {
                ScanFormat::Raster(raster::RasterScan::open(file, media, limits)?)
            }
        };
        Ok(ScanDecoder {
            source,
            limits: *limits,
        })
    }
}

/// An open scan.
pub struct ScanDecoder<'d> {
    source: ScanFormat<'d>,
    limits: ScanLimits,
}

enum ScanFormat<'d> {
    Pdf(Box<pdf::PdfScan<'d>>),
    /// A PDF that pdfium refuses.
    Rescued(rescue::Rescue),
    Ofd(Box<ofd::OfdScan<'d>>),
    Tiff(Box<tiff::TiffScan>),
    Raster(raster::RasterScan),
}

impl ScanDecoder<'_> {
    /// Pages it claims to have.
    pub fn pages(&self) -> u32 {
        match &self.source {
            ScanFormat::Pdf(scan) => scan.pages(),
            ScanFormat::Rescued(scan) => scan.pages(),
            ScanFormat::Ofd(scan) => scan.pages(),
            ScanFormat::Tiff(scan) => scan.pages(),
            ScanFormat::Raster(_) => 1,
        }
    }

    /// The file is damaged and what could be saved of it is served.
    pub fn recovered(&self) -> bool {
        match &self.source {
            ScanFormat::Pdf(scan) => scan.recovered(),
            ScanFormat::Rescued(_) => true,
            ScanFormat::Ofd(_) | ScanFormat::Tiff(_) | ScanFormat::Raster(_) => false,
        }
    }

    /// What it holds besides its pages.
    pub fn beside(&self) -> BesidePages {
        match &self.source {
            ScanFormat::Pdf(scan) => scan.beside(&self.limits),
            ScanFormat::Ofd(scan) => scan.beside(&self.limits),
            ScanFormat::Rescued(_) | ScanFormat::Tiff(_) | ScanFormat::Raster(_) => BesidePages::default(),
        }
    }

    /// The bytes of a file inside it, by its place among those that `beside` names.
    ///
    /// # Errors
    /// Why it cannot be taken out.
    pub fn inside(&mut self, at: u32) -> Result<Vec<u8>, Refusal> {
        match &mut self.source {
            ScanFormat::Pdf(scan) => scan.inside(at, &self.limits),
            ScanFormat::Ofd(scan) => scan.inside(at),
            ScanFormat::Rescued(_) | ScanFormat::Tiff(_) | ScanFormat::Raster(_) => {
                Err(Refusal::new(Reason::Unreadable, DetailCode::FileInsideDamaged))
            }
        }
    }

    /// Text layer and, where the page has to be read or `read_anyway` says so, its bitmap.
    ///
    /// # Errors
    /// Why this page cannot be decoded.
    pub fn page(&mut self, index: u32, read_anyway: bool) -> Result<(DecodedPage, Option<Bitmap>), Refusal> {
        self.check_index(index)?;
        let (mut page, bitmap) = match &mut self.source {
            ScanFormat::Pdf(scan) => scan.page(index, read_anyway, &self.limits)?,
            ScanFormat::Ofd(scan) => scan.page(index, read_anyway, &self.limits)?,
            ScanFormat::Rescued(scan) => pdf::rescued_page(index, scan.bitmap(index, &self.limits)?),
            ScanFormat::Tiff(scan) => whole_page(index, scan.bitmap(index, &self.limits)?),
            ScanFormat::Raster(scan) => whole_page(index, scan.bitmap(&self.limits)?),
        };
        if let Some(bitmap) = &bitmap {
            page.marks = marks_of(bitmap);
        }
        Ok((page, bitmap))
    }

    /// Pictures for screens.
    ///
    /// # Errors
    /// Why this page cannot be decoded.
    pub fn view(&mut self, index: u32, request: &ViewRequest) -> Result<Vec<Picture>, Refusal> {
        self.check_index(index)?;
        let bitmap = match &mut self.source {
            ScanFormat::Pdf(scan) => scan.view(index, request, &self.limits)?,
            ScanFormat::Ofd(scan) => scan.view(index, request, &self.limits)?,
            ScanFormat::Rescued(scan) => scan.bitmap(index, &self.limits)?,
            ScanFormat::Tiff(scan) => scan.bitmap(index, &self.limits)?,
            ScanFormat::Raster(scan) => scan.bitmap(&self.limits)?,
        };
        pictures(bitmap, request, &self.limits)
    }

    fn check_index(&self, index: u32) -> Result<(), Refusal> {
        if index < self.pages() {
            return Ok(());
        }
        let detail = DetailCode::PageOfPages.with(u64::from(index) + 1).with(self.pages());
        Err(Refusal::new(Reason::PageFailed, detail))
    }
}

/// An image that is a page.
fn whole_page(index: u32, bitmap: Bitmap) -> (DecodedPage, Option<Bitmap>) {
    use crate::page::{PageMarks, PageOrigin, TextVerdict};
    let header = bitmap.header();
    let page = DecodedPage {
        index,
        width: header.width,
        height: header.height,
        dpi: header.dpi,
        origin: PageOrigin::Raster,
        text: None,
        verdict: TextVerdict::Absent,
        marks: PageMarks::default(),
        turn: crate::layout::Turn::None,
        hidden: None,
        is_rest: false,
        lost: Vec::new(),
        fields: Vec::new(),
    };
    (page, Some(bitmap))
}

/// Refuses a bitmap beyond the limit before a buffer is made for it.
fn check_pixels(width: u64, height: u64, limits: &ScanLimits) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::new(Reason::Unreadable, DetailCode::ImageWithoutPixels));
    }
    if width.saturating_mul(height) > limits.page_pixels_max {
        let detail = DetailCode::PixelsAllowed
            .with(width)
            .with(height)
            .with(limits.page_pixels_max);
        return Err(Refusal::new(Reason::TooLarge, detail));
    }
    Ok(())
}

/// All bytes of a file that is within the limit.
fn read_all(file: &mut File, limits: &ScanLimits) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let done = file.take(limits.file_bytes_max).read_to_end(&mut bytes);
    done.map_err(|e| Refusal::of_system(Reason::Unreadable, e))?;
    Ok(bytes)
}
