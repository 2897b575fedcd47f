//! Damaged PDFs: pages recovered with `hayro`, which searches the bytes for
//! objects where pdfium gives up.
//!
//! A page that is lost, or whose image is cut off, is a failed page with a reason: half a page that
//! looks whole would be believed. Text layers are not taken from damaged files; pages are drawn and
//! read.

use super::unended;
use crate::bitmap::{Bitmap, BitmapHeader, Channels};
use crate::limits::ScanLimits;
use crate::reason::Refusal;
use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{Filter, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Files up to this size are searched; they have to be in memory whole.
const BYTES_MAX: usize = 200 * 1024 * 1024;
/// Page trees are a few levels deep.
const DEPTH_MAX: usize = 30;
/// Side of the drawn page in pixels that the rasteriser can count.
const SIDE_MAX: f32 = 32_000.0;
/// Resolutions of images that are drawn as they are.
const DPI: std::ops::RangeInclusive<f32> = 100.0..=600.0;

/// A catalogue for a file that has lost its own. Its page tree has no leaves, upon which the pages
/// are searched for one by one.
const HEAD: &[u8] = b"\n99999998 0 obj\n<</Type/Catalog/Pages 99999999 0 R>>\nendobj\n\
    99999999 0 obj\n<</Type/Pages>>\nendobj\ntrailer\n<</Root 99999998 0 R>>\n%%EOF\n";

/// A damaged PDF as far as it can be read.
pub(super) struct Rescue {
    pdf: Pdf,
    /// The found page at each position; none for a lost page.
    places: Vec<Option<usize>>,
}

impl Rescue {
    /// Searches the file. `cut` says that its end is missing. None when not a single page is left.
    pub fn open(bytes: Vec<u8>, cut: bool, limits: &ScanLimits) -> Option<Rescue> {
        if bytes.len() > BYTES_MAX {
            return None;
        }
        let bytes = Arc::new(bytes);
        let pdf = match quietly(|| Pdf::new(bytes.clone()).ok()).flatten() {
            Some(pdf) => pdf,
            None => {
                let headed = [bytes.as_slice(), HEAD].concat();
                drop(bytes);
                quietly(|| Pdf::new(headed).ok()).flatten()?
            }
        };
        let places = quietly(|| places(&pdf, cut, limits))?;
        if places.len() > limits.pages_max as usize {
            return None;
        }
        let rescue = Rescue { pdf, places };
        let left = (0..rescue.pages()).any(|index| rescue.loss(index).is_none());
        left.then_some(rescue)
    }

    pub fn pages(&self) -> u32 {
        self.places.len() as u32
    }

    /// What is lost of a page, if anything is.
    pub fn loss(&self, index: u32) -> Option<DetailCode> {
        let Some(page) = self.page(index) else {
            return Some(DetailCode::PageLost);
        };
        quietly(|| loss(page)).unwrap_or(Some(DetailCode::PageDamaged))
    }

    /// The page drawn, white where nothing is, with its resolution.
    pub fn bitmap(&self, index: u32, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
        let failed = |what: DetailCode| Refusal::new(Reason::PageFailed, what);
        if let Some(lost) = self.loss(index) {
            return Err(failed(lost));
        }
        let page = self.page(index).ok_or_else(|| failed(DetailCode::NoSuchPage))?;
        let drawn = quietly(|| draw(page, limits)).unwrap_or_else(|| Err(failed(DetailCode::PageNotDrawn)))?;
        if drawn.header().bilevel && drawn.data().iter().all(|&v| v == 255) {
            return Err(failed(DetailCode::NothingSaved));
        }
        Ok(drawn)
    }

    fn page(&self, index: u32) -> Option<&Page<'_>> {
        let at = (*self.places.get(index as usize)?)?;
        self.pdf.pages().get(at)
    }
}

/// The places of the pages in the order of the page tree; without a tree, in the order found.
fn places(pdf: &Pdf, cut: bool, limits: &ScanLimits) -> Vec<Option<usize>> {
    let ids: Vec<Option<ObjectIdentifier>> = pdf.pages().iter().map(|page| page.raw().obj_id()).collect();
    let dicts = || {
        let all = pdf.objects().into_iter().take(limits.pages_max as usize * 20);
        all.filter_map(Object::into_dict)
    };
    let roots = dicts().filter(|dict| is_tree(dict) && !dict.contains_key("Parent"));
    let trees = roots.map(|root| {
        let mut tree = Tree {
            pdf,
            most: limits.pages_max as usize + 1,
            kids: Vec::new(),
            seen: Vec::new(),
        };
        tree.walk(&root, 0);
        let place = |id: &Option<ObjectIdentifier>| {
            let id = (*id)?;
            ids.iter().position(|known| *known == Some(id))
        };
        tree.kids.iter().map(place).collect::<Vec<Option<usize>>>()
    });
    // Old versions of a tree may remain in the file; a tree that names none of the pages found is ignored.
    let fullest = trees.max_by_key(|places| places.iter().flatten().count());
    if let Some(places) = fullest.filter(|places| places.iter().any(Option::is_some)) {
        return places;
    }
    let mut places: Vec<Option<usize>> = (0..ids.len()).map(Some).collect();
    if cut {
        // How many pages were in the missing part is unknown; one page represents them.
        places.push(None);
    }
    places
}

/// The leaves of a page tree, in order, whether they are there or not.
struct Tree<'a> {
    pdf: &'a Pdf,
    most: usize,
    kids: Vec<Option<ObjectIdentifier>>,
    seen: Vec<ObjectIdentifier>,
}

impl Tree<'_> {
    fn walk(&mut self, node: &Dict<'_>, depth: usize) {
        let Some(kids) = node.get::<Array<'_>>("Kids").filter(|_| depth < DEPTH_MAX) else {
            return;
        };
        for kid in kids.raw_iter() {
            if self.kids.len() >= self.most {
                return;
            }
            let MaybeRef::Ref(reference) = kid else { continue };
            let id: ObjectIdentifier = reference.into();
            if self.seen.contains(&id) {
                continue;
            }
            self.seen.push(id);
            match self.pdf.xref().get::<Dict<'_>>(id) {
                Some(dict) if is_tree(&dict) => self.walk(&dict, depth + 1),
                Some(_) => self.kids.push(Some(id)),
                None => self.kids.push(None),
            }
        }
    }
}

fn is_tree(dict: &Dict<'_>) -> bool {
    dict.get::<Name<'_>>("Type").is_some_and(|name| &*name == b"Pages")
}

/// Whether content or an image of the page is gone.
pub(super) fn loss(page: &Page<'_>) -> Option<DetailCode> {
    if page.raw().contains_key("Contents") && page.page_stream().is_none() {
        return Some(DetailCode::ContentLost);
    }
    let objects = &page.resources().x_objects;
    let is_there = |name: &[u8]| objects.get::<Stream<'_>>(name).is_some();
    if page
        .page_stream()
        .is_some_and(|content| !drawn_names(content).all(is_there))
    {
        return Some(DetailCode::ImageLost);
    }
    for name in objects.keys() {
        let Some(stream) = objects.get::<Stream<'_>>(&*name) else {
            return Some(DetailCode::ImageLost);
        };
        if is_image(&stream) && is_cut(&stream) {
            return Some(DetailCode::ImageCutOff);
        }
    }
    None
}

/// The names of what the content of a page draws from beside it.
fn drawn_names(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let words = || content.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let drawn = words().zip(words().skip(1)).filter(|(_, next)| *next == b"Do");
    drawn.filter_map(|(word, _)| {
        word.rsplit(|b| *b == b'/')
            .next()
            .filter(|name| name.len() < word.len())
    })
}

fn is_image(stream: &Stream<'_>) -> bool {
    let kind = stream.dict().get::<Name<'_>>("Subtype");
    kind.is_some_and(|name| &*name == b"Image")
}

/// A stream that is shorter than it says, or a JPEG without its end.
fn is_cut(stream: &Stream<'_>) -> bool {
    let raw = stream.raw_data();
    let stated = stream.dict().get::<u32>("Length").unwrap_or(0) as usize;
    let jpeg = stream.filters().first() == Some(&Filter::DctDecode);
    let ended = !jpeg || unended::jpeg_has_end(&raw) || unended::jpeg(&raw).is_some();
    // A few bytes more or less are slips of writers, not damage.
    !ended || raw.len() + 16 < stated
}

/// The resolution of the one image of the page, if it has just one.
fn own_dpi(page: &Page<'_>, width: f32, height: f32) -> Option<f32> {
    let objects = &page.resources().x_objects;
    let mut images = objects
        .keys()
        .filter_map(|name| objects.get::<Stream<'_>>(&*name))
        .filter(is_image);
    let (first, None) = (images.next()?, images.next()) else {
        return None;
    };
    let side = |key: &str| first.dict().get::<u32>(key).map(|v| v as f32);
    let (w, h) = (side("Width")?, side("Height")?);
    let dpi = w.max(h) / width.max(height) * 72.0;
    DPI.contains(&dpi).then_some(dpi)
}

fn draw(page: &Page<'_>, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
    let failed = |what: DetailCode| Refusal::new(Reason::PageFailed, what);
    let (width, height) = page.render_dimensions();
    if !(width > 0.0 && height > 0.0 && width.is_finite() && height.is_finite()) {
        return Err(failed(DetailCode::PageWithoutSize));
    }
    let dpi = own_dpi(page, width, height).unwrap_or(limits.render_dpi as f32);
    let by_pixels = (limits.page_pixels_max as f32 / (width * height)).sqrt() * 0.999;
    let by_side = SIDE_MAX / width.max(height);
    let scale = (dpi / 72.0).min(by_pixels).min(by_side);
    // The rasteriser cuts sides to whole pixels.
    if width * scale < 1.0 || height * scale < 1.0 {
        return Err(failed(DetailCode::PageWithoutSize));
    }
    let lost = Arc::new(AtomicBool::new(false));
    let seen = lost.clone();
    let settings = InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::ImageDecodeFailure) {
                seen.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    };
    let size = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let pixmap = render(page, &RenderCache::new(), &settings, &RenderSettings::default(), &size);
    if lost.load(Ordering::Relaxed) {
        return Err(failed(DetailCode::ImageNotDecoded));
    }
    let (w, h) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let data = pixmap
        .data_as_u8_slice()
        .chunks_exact(4)
        .flat_map(|p| [p[0], p[1], p[2]])
        .collect();
    let header = BitmapHeader {
        width: w,
        height: h,
        channels: Channels::Rgb,
        dpi: Some(scale * 72.0),
        bilevel: false,
    };
    Ok(Bitmap::new(header, data)
        .ok_or_else(|| failed(DetailCode::PageNotDrawn))?
        .simplified())
}

/// Hostile files reach corners where a library panics; that is a page that failed, not a worker.
pub(super) fn quietly<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_draws_is_named_before_the_operator() {
        let content = b"q 1 0 0 1 0 0 cm /Im0 Do Q\nq/Fm1 Do Q (Do) Tj Do";
        assert_eq!(drawn_names(content).collect::<Vec<_>>(), [b"Im0", b"Fm1"]);
    }
}
