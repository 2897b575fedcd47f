//! What a PDF says of itself that pdfium does not tell: layers that can be switched off, and what its pages draw that is
//! not there.

use super::inside::{FileInside, bytes_inside, files_inside};
use super::rescue::{loss, quietly};
use crate::reason::Refusal;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::Dict;
use std::cell::OnceCell;
use std::sync::Arc;
use vocabulary::Reason;
use vocabulary::detail::DetailCode;

/// A file as its bytes describe it; parsed only where the question needs it.
pub(super) struct PdfClaims {
    bytes: Arc<Vec<u8>>,
    has_layers: bool,
    parsed: OnceCell<Option<Pdf>>,
    inside: OnceCell<Vec<FileInside>>,
}

impl PdfClaims {
    pub fn of(bytes: Arc<Vec<u8>>) -> PdfClaims {
        let mut claims = PdfClaims {
            bytes,
            has_layers: false,
            parsed: OnceCell::new(),
            inside: OnceCell::new(),
        };
        let names = |name: &[u8]| claims.bytes.windows(name.len()).any(|part| part == name);
        // The catalogue may be packed in a stream of objects.
        claims.has_layers = names(b"/OCProperties")
            || names(b"/ObjStm") && claims.pdf().is_some_and(|pdf| pdf.xref().has_optional_content_groups());
        claims
    }

    /// Text of a layer that is switched off is on no page.
    pub fn has_layers(&self) -> bool {
        self.has_layers
    }

    /// The files inside it.
    pub fn files_inside(&self) -> &[FileInside] {
        let list = || {
            let names = |name: &[u8]| self.bytes.windows(name.len()).any(|part| part == name);
            // The lists may be packed in a stream of objects.
            let pdf = (names(b"/EF") || names(b"/ObjStm")).then(|| self.pdf()).flatten();
            pdf.map(files_inside).unwrap_or_default()
        };
        self.inside.get_or_init(list)
    }

    /// The bytes of one of them.
    pub fn bytes_inside(&self, at: usize, bytes_max: u64) -> Result<Vec<u8>, Refusal> {
        let lacks = || Refusal::new(Reason::Unreadable, DetailCode::FileInsideDamaged);
        let file = self.files_inside().get(at).ok_or_else(lacks)?;
        bytes_inside(self.pdf().ok_or_else(lacks)?, file, bytes_max)
    }

    /// Whether the papers are the files inside it.
    pub fn is_portfolio(&self) -> bool {
        let is_so = |pdf: &Pdf| {
            let catalogue = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
            catalogue.is_some_and(|catalogue| catalogue.contains_key("Collection"))
        };
        self.pdf().is_some_and(|pdf| quietly(|| is_so(pdf)).unwrap_or(false))
    }

    /// What is lost of a page, if anything is. `pages` is how many pdfium counts.
    pub fn loss(&self, index: u32, pages: u32) -> Option<DetailCode> {
        let found = self.pdf()?.pages();
        let page = found.get(index as usize).filter(|_| found.len() == pages as usize)?;
        quietly(|| loss(page)).flatten()
    }

    fn pdf(&self) -> Option<&Pdf> {
        let parse = || quietly(|| Pdf::new(self.bytes.clone()).ok()).flatten();
        self.parsed.get_or_init(parse).as_ref()
    }
}
