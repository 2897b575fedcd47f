//! OFD (GB/T 33190), the Chinese format of electronic invoices and licences: a ZIP of descriptions in XML.
//!
//! Each page is written as a small PDF in memory and takes the way of those, so that its text is compared with its ink,
//! and drawn and read, by the same machinery. What cannot be decoded is a loss of its page, never blank paper.

mod book;
mod der;
mod font_table;
mod fonts;
mod geometry;
mod glyphs;
mod images;
mod markup;
mod package;
mod paint;
mod pdf_file;
mod resources;
mod signatures;
mod sm3;

use super::frame::Frame;
use super::pdf::PdfScan;
use crate::bitmap::Bitmap;
use crate::layout::Turn;
use crate::limits::ScanLimits;
use crate::page::{BesidePages, DecodedPage, ViewRequest};
use crate::reason::Refusal;
use book::{Book, OfdDocument, PagePlace, area_of};
use geometry::{Matrix, PageBox};
use markup::Element;
use package::{Package, folder_of};
use paint::{Ground, Painter, Scene};
use pdfium_render::prelude::Pdfium;
use signatures::Stamp;
use std::fs::File;
use std::io::Cursor;
use std::rc::Rc;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Stamps and annotations drawn on one page.
const NOTES_MAX: usize = 2_000;
/// The scope of a page's own package; those of stamps follow.
const OWN_SCOPE: usize = 0;

/// An open OFD.
pub(super) struct OfdScan<'d> {
    pdfium: &'d Pdfium,
    package: Package,
    book: Book,
}

/// A page as a PDF.
struct DrawnPage {
    bytes: Vec<u8>,
    /// Where pictures are lost, in points.
    lost: Vec<[f32; 4]>,
    /// Width and height in points.
    size: (f32, f32),
}

impl<'d> OfdScan<'d> {
    pub fn open(pdfium: &'d Pdfium, file: File, limits: &ScanLimits) -> Result<OfdScan<'d>, Refusal> {
        let mut package = Package::open(Box::new(file))?;
        let book = Book::open(&mut package, limits)?;
        Ok(OfdScan { pdfium, package, book })
    }

    pub fn pages(&self) -> u32 {
        self.book.pages.len() as u32
    }

    /// What the file holds besides its pages, and what its signatures came to.
    pub fn beside(&self, limits: &ScanLimits) -> BesidePages {
        let attached = || self.book.documents.iter().flat_map(|document| &document.attached);
        BesidePages {
            attached: super::pdf::listed_names(attached().map(|file| file.name.as_str()), limits),
            attachments: attached().count() as u32,
            said: self
                .book
                .documents
                .iter()
                .flat_map(|document| document.signed.said.clone())
                .collect(),
            ..BesidePages::default()
        }
    }

    /// The bytes of a file attached to it.
    pub fn inside(&mut self, at: u32) -> Result<Vec<u8>, Refusal> {
        let mut attached = self.book.documents.iter().flat_map(|document| &document.attached);
        let lacks = || Refusal::new(Reason::Unreadable, DetailCode::FileInsideDamaged);
        let file = attached.nth(at as usize).ok_or_else(lacks)?;
        self.package.begin_page();
        self.package.bytes(&file.path)
    }

    pub fn page(
        &mut self,
        index: u32,
        read_anyway: bool,
        limits: &ScanLimits,
    ) -> Result<(DecodedPage, Option<Bitmap>), Refusal> {
        let drawn = self.drawn(index)?;
        let mut scan = PdfScan::of_bytes(self.pdfium, drawn.bytes, limits)?;
        let (mut page, bitmap) = scan.page(0, read_anyway, limits)?;
        page.index = index;
        let frame = Frame {
            bounds: [0.0, 0.0, drawn.size.0, drawn.size.1],
            rotation: Turn::None,
            width: page.width,
            height: page.height,
        };
        page.lost.extend(drawn.lost.iter().map(|rect| frame.area(*rect)));
        Ok((page, bitmap))
    }

    pub fn view(&mut self, index: u32, request: &ViewRequest, limits: &ScanLimits) -> Result<Bitmap, Refusal> {
        let drawn = self.drawn(index)?;
        PdfScan::of_bytes(self.pdfium, drawn.bytes, limits)?.view(0, request, limits)
    }

    fn drawn(&mut self, index: u32) -> Result<DrawnPage, Refusal> {
        self.package.begin_page();
        let (document, id, path) = match self.book.pages.get(index as usize) {
            Some(PagePlace::Of { document, id, path }) => (*document, id, path),
            Some(PagePlace::Lost(refusal)) => return Err(failed(refusal)),
            None => return Err(Refusal::new(Reason::PageFailed, DetailCode::NoPages)),
        };
        let document = &self.book.documents[document];
        let package = &mut self.package;
        let page = package.element(path).map_err(|refusal| failed(&refusal))?;
        let area = page.child("Area").and_then(area_of).unwrap_or(document.area);
        let mut painter = Painter::new(&area)?;
        let ground = Painter::ground(&area);
        let mut scene = Scene {
            resources: document.resources_of(package, &page, folder_of(path)),
            package,
            scope: OWN_SCOPE,
        };
        sheet(&mut painter, &mut scene, document, &page, &ground)?;
        if let Some(notes) = document.notes.get(id) {
            annotations(&mut painter, &mut scene, notes, &ground)?;
        }
        for stamp in document
            .signed
            .stamps
            .iter()
            .filter(|stamp| stamp.page == *id)
            .take(NOTES_MAX)
        {
            stamped(&mut painter, &mut scene, stamp, &ground)?;
        }
        let (bytes, lost) = painter.finish();
        let points = |side: f64| (side * geometry::POINTS) as f32;
        Ok(DrawnPage {
            bytes,
            lost,
            size: (points(area.w), points(area.h)),
        })
    }
}

/// Why a page is lost.
fn failed(refusal: &Refusal) -> Refusal {
    let reason = match refusal.reason {
        Reason::TooLarge => Reason::TooLarge,
        _ => Reason::PageFailed,
    };
    Refusal::new(reason, refusal.detail.clone())
}

/// The page itself, between its templates.
fn sheet(
    painter: &mut Painter,
    scene: &mut Scene<'_>,
    document: &OfdDocument,
    page: &Element,
    ground: &Ground,
) -> Result<(), Refusal> {
    let mut templates = Vec::new();
    for used in page.named("Template") {
        let path = used
            .attribute("TemplateID")
            .and_then(|id| document.templates.get(id.trim()));
        let Some(path) = path else { continue };
        // What can be drawn of a page is kept, and the rest is a loss of it.
        let Ok(template) = scene.package.element(path) else {
            painter.lose_page();
            continue;
        };
        let resources = document.resources_of(scene.package, &template, folder_of(path));
        templates.push((used.attribute("ZOrder") == Some("Foreground"), template, resources));
    }
    let own = scene.resources.clone();
    let drawn = |painter: &mut Painter, is_front: bool, scene: &mut Scene<'_>| {
        for (_, template, resources) in templates.iter().filter(|(front, ..)| *front == is_front) {
            scene.resources = resources.clone();
            content(painter, scene, template, ground)?;
        }
        scene.resources = own.clone();
        Ok(())
    };
    drawn(painter, false, scene)?;
    content(painter, scene, page, ground)?;
    drawn(painter, true, scene)
}

/// The layers of a page or template from the lowest up.
fn content(painter: &mut Painter, scene: &mut Scene<'_>, page: &Element, ground: &Ground) -> Result<(), Refusal> {
    let Some(content) = page.child("Content") else {
        return Ok(());
    };
    let rank = |layer: &Element| match (layer.name.as_str(), layer.attribute("Type")) {
        ("Layer", Some("Background")) => 0,
        ("Layer", Some("Foreground")) => 2,
        _ => 1,
    };
    let mut layers: Vec<&Element> = content.children.iter().collect();
    layers.sort_by_key(|layer| rank(layer));
    let mut ordered = Element::default();
    ordered.children.extend(layers.into_iter().cloned());
    painter.block(scene, &ordered, ground)
}

/// Annotations as they appear.
fn annotations(painter: &mut Painter, scene: &mut Scene<'_>, path: &str, ground: &Ground) -> Result<(), Refusal> {
    let Ok(notes) = scene.package.element(path) else {
        painter.lose_page();
        return Ok(());
    };
    for note in notes.named("Annot").take(NOTES_MAX) {
        if !note.is("Visible", true) || note.attribute("Type") == Some("Link") {
            continue;
        }
        for appearance in note.named("Appearance") {
            let area = appearance.attribute("Boundary").and_then(PageBox::read);
            let moved = area.map_or(Matrix::SAME, |area| Matrix::moved(area.x, area.y));
            painter.block(scene, appearance, &ground.at(&moved))?;
        }
    }
    Ok(())
}

/// The stamp of a signature: a picture, or an OFD of its own.
fn stamped(painter: &mut Painter, scene: &mut Scene<'_>, stamp: &Stamp, ground: &Ground) -> Result<(), Refusal> {
    let moved = Matrix::moved(stamp.area.x, stamp.area.y);
    let corner = moved.then(&ground.matrix);
    painter.as_ink();
    if let Some(clip) = &stamp.clip {
        painter.clip_to(clip, &corner);
    }
    let sized = Matrix([stamp.area.w, 0.0, 0.0, stamp.area.h, 0.0, 0.0]);
    let whole = ground.at(&sized.then(&moved));
    let picture = scene.package.bytes(&stamp.picture).ok();
    match picture.and_then(|bytes| signatures::picture_of(&bytes)) {
        Some((kind, bytes)) if kind == "ofd" => drawing_of_stamp(painter, scene.scope, bytes, &whole)?,
        Some((_, bytes)) => {
            let picture = painter.put(&bytes);
            painter.place(picture, &whole);
        }
        // A signature without a picture shows nothing.
        None => {}
    }
    if stamp.clip.is_some() {
        painter.unclip();
    }
    painter.unclip();
    Ok(())
}

/// Draws the first page of a package onto the square from 0 to 1.
fn drawing_of_stamp(painter: &mut Painter, scope: usize, bytes: Vec<u8>, ground: &Ground) -> Result<(), Refusal> {
    let opened = Package::open(Box::new(Cursor::new(bytes))).and_then(|mut package| {
        let book = Book::open(&mut package, &ScanLimits::default())?;
        Ok((package, book))
    });
    let Ok((mut package, book)) = opened else {
        painter.place(None, ground);
        return Ok(());
    };
    let Some(PagePlace::Of { document, path, .. }) = book.pages.first() else {
        painter.place(None, ground);
        return Ok(());
    };
    let document = &book.documents[*document];
    let Ok(page) = package.element(path) else {
        painter.place(None, ground);
        return Ok(());
    };
    let area = page.child("Area").and_then(area_of).unwrap_or(document.area);
    let fitted = Matrix([1.0 / area.w, 0.0, 0.0, 1.0 / area.h, -area.x / area.w, -area.y / area.h]);
    let mut scene = Scene {
        resources: Rc::clone(&document.resources),
        package: &mut package,
        scope: scope + 1 + painter.fonts.len(),
    };
    sheet(painter, &mut scene, document, &page, &ground.at(&fitted))
}
