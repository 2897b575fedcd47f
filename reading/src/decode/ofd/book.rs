//! What an OFD is made of: its documents with their pages, templates, annotations, signatures and attached files.

use super::geometry::PageBox;
use super::markup::Element;
use super::package::{Package, folder_of, resolved};
use super::resources::Resources;
use super::signatures::{Signed, signed};
use crate::limits::ScanLimits;
use crate::reason::Refusal;
use std::collections::HashMap;
use std::rc::Rc;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// Documents in one file.
const DOCUMENTS_MAX: usize = 1_000;
/// A sheet of A4 in millimetres, for documents that do not say how large their pages are.
const A4: PageBox = PageBox {
    x: 0.0,
    y: 0.0,
    w: 210.0,
    h: 297.0,
};
/// Where the root of every OFD lies.
const ROOT: &str = "OFD.xml";

/// All documents of a file, and their pages one after the other.
pub(super) struct Book {
    pub documents: Vec<OfdDocument>,
    pub pages: Vec<PagePlace>,
}

/// A page: of which document, and where it is described; or why its document could not be read.
pub(super) enum PagePlace {
    Of { document: usize, id: String, path: String },
    Lost(Refusal),
}

/// One document.
pub(super) struct OfdDocument {
    pub resources: Rc<Resources>,
    pub area: PageBox,
    /// Paths of the templates by id.
    pub templates: HashMap<String, String>,
    /// Paths of the annotations by page.
    pub notes: HashMap<String, String>,
    pub signed: Signed,
    pub attached: Vec<AttachedFile>,
}

/// A file attached to a document.
pub(super) struct AttachedFile {
    pub name: String,
    pub path: String,
}

impl Book {
    pub fn open(package: &mut Package, limits: &ScanLimits) -> Result<Book, Refusal> {
        let root = package.element(ROOT)?;
        if root.child("Encryptions").is_some() || package.has("Encryptions.xml") && root.child("DocBody").is_none() {
            return Err(Refusal::new(Reason::Encrypted, DetailCode::OfdEncrypted));
        }
        let mut book = Book {
            documents: Vec::new(),
            pages: Vec::new(),
        };
        for body in root.named("DocBody").take(DOCUMENTS_MAX) {
            if let Err(refusal) = book.add(package, body) {
                book.pages.push(PagePlace::Lost(refusal));
            }
        }
        let is_page = |page: &PagePlace| matches!(page, PagePlace::Of { .. });
        if !book.pages.iter().any(is_page) {
            let lost = book.pages.into_iter().find_map(|page| match page {
                PagePlace::Lost(refusal) => Some(refusal),
                PagePlace::Of { .. } => None,
            });
            let none = || Refusal::new(Reason::Unreadable, DetailCode::OfdWithoutPages);
            return Err(lost.unwrap_or_else(none));
        }
        if book.pages.len() > limits.pages_max as usize {
            let detail = DetailCode::PagesAllowed.with(book.pages.len()).with(limits.pages_max);
            return Err(Refusal::new(Reason::TooManyPages, detail));
        }
        Ok(book)
    }

    fn add(&mut self, package: &mut Package, body: &Element) -> Result<(), Refusal> {
        let without = || Refusal::new(Reason::Unreadable, DetailCode::OfdWithoutPages);
        let path = body
            .said("DocRoot")
            .and_then(|path| resolved("", path))
            .ok_or_else(without)?;
        let folder = folder_of(&path).to_owned();
        let root = package.element(&path)?;
        let place = |said: &str| resolved(&folder, said);
        let common = root.child("CommonData");
        let mut resources = Resources::default();
        for file in common.into_iter().flat_map(|common| &common.children) {
            if matches!(file.name.as_str(), "PublicRes" | "DocumentRes")
                && let Some(path) = place(&file.text)
            {
                resources.add(package, &path);
            }
        }
        let named = |list: &mut dyn Iterator<Item = &Element>| {
            let of = |element: &Element| Some((id_of(element)?, place(element.attribute("BaseLoc")?)?));
            list.filter_map(of).collect::<Vec<(String, String)>>()
        };
        let templates = common.map(|common| named(&mut common.named("TemplatePage")));
        let pages = root.child("Pages").map(|pages| named(&mut pages.named("Page")));
        let signed = body.said("Signatures").and_then(|path| resolved("", path));
        let document = self.documents.len();
        self.documents.push(OfdDocument {
            resources: Rc::new(resources),
            area: common
                .and_then(|common| area_of(common.child("PageArea")?))
                .unwrap_or(A4),
            templates: templates.unwrap_or_default().into_iter().collect(),
            notes: annotations(package, root.said("Annotations").and_then(place)),
            signed: signed.map(|path| self::signed(package, &path)).unwrap_or_default(),
            attached: attached(package, root.said("Attachments").and_then(place)),
        });
        let pages = pages.unwrap_or_default();
        let place = |(id, path)| PagePlace::Of { document, id, path };
        self.pages.extend(pages.into_iter().map(place));
        Ok(())
    }
}

impl OfdDocument {
    /// Where a page is described, its own resources among those of its document.
    pub fn resources_of(&self, package: &mut Package, page: &Element, folder: &str) -> Rc<Resources> {
        let own: Vec<String> = page
            .named("PageRes")
            .filter_map(|res| resolved(folder, &res.text))
            .collect();
        if own.is_empty() {
            return self.resources.clone();
        }
        let mut resources = (*self.resources).clone();
        own.iter().for_each(|path| resources.add(package, path));
        Rc::new(resources)
    }
}

pub(super) fn id_of(element: &Element) -> Option<String> {
    Some(element.attribute("ID")?.trim().to_owned())
}

/// The box of a page or of all pages.
pub(super) fn area_of(element: &Element) -> Option<PageBox> {
    let area = PageBox::read(element.said("PhysicalBox")?)?;
    (area.w > 0.0 && area.h > 0.0).then_some(area)
}

fn annotations(package: &mut Package, path: Option<String>) -> HashMap<String, String> {
    let Some(path) = path else { return HashMap::new() };
    let Ok(root) = package.element(&path) else {
        return HashMap::new();
    };
    let of_page = |page: &Element| {
        let id = page.attribute("PageID")?.trim().to_owned();
        Some((id, resolved(folder_of(&path), page.said("FileLoc")?)?))
    };
    root.named("Page").filter_map(of_page).collect()
}

fn attached(package: &mut Package, path: Option<String>) -> Vec<AttachedFile> {
    let Some(path) = path else { return Vec::new() };
    let Ok(root) = package.element(&path) else {
        return Vec::new();
    };
    let of_file = |file: &Element| {
        let inside = resolved(folder_of(&path), file.said("FileLoc")?)?;
        let last = inside.rsplit('/').next().unwrap_or(&inside);
        let name = file.attribute("Name").filter(|name| !name.trim().is_empty());
        Some(AttachedFile {
            name: name.unwrap_or(last).trim().to_owned(),
            path: inside,
        })
    };
    let mut found: Vec<AttachedFile> = root.named("Attachment").filter_map(of_file).collect();
    found.retain(|file| package.has(&file.path));
    found
}
