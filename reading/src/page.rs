//! A page between file and text: what decoding found, and which pictures of it are requested.

use crate::layout::{LayoutText, PixelArea, Turn};
use serde::{Deserialize, Serialize};
use vocabulary::detail::Detail;

/// Where the pixels of a page come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageOrigin {
    /// Drawn from text and lines; coordinates at `born_digital_dpi`.
    BornDigital,
    /// The one image that covers the page of a PDF, in its own pixels.
    EmbeddedImage,
    /// A PDF page drawn at `render_dpi` because it has to be read.
    Rendered,
    /// An image file, in its own pixels.
    Raster,
}

/// What is thought of the text layer that came with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextVerdict {
    /// There is none.
    Absent,
    /// It is taken as the text of the page.
    Trusted,
    /// It is not what the page shows (wrong character map); the page is read.
    Garbled,
    /// It does not hold all that the page shows; the rest is read and put between its lines.
    Partial,
    /// Another program's OCR made it; the page is read again, both are kept.
    Recognised,
}

/// What a page bears for machines, besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageMarks {
    /// The contents of its QR codes.
    pub codes: Vec<String>,
    /// There is a code that could not be read.
    pub unread: bool,
    /// The bars of a separator sheet (Patch-T).
    pub separator: bool,
}

/// A page as decoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecodedPage {
    pub index: u32,
    /// Size in pixels of the page as decoded; reading may turn it once more.
    pub width: u32,
    pub height: u32,
    pub dpi: Option<f32>,
    pub origin: PageOrigin,
    /// The text layer that came with the page, whatever the verdict.
    pub text: Option<LayoutText>,
    pub verdict: TextVerdict,
    pub marks: PageMarks,
    /// The clockwise turn that makes its text level; the text has its places on the page turned so.
    pub turn: Turn,
    /// Text of the layer that nothing on the page shows, kept apart from the other.
    pub hidden: Option<LayoutText>,
    /// Only what the text does not hold has to be read: the bitmap shows nothing else.
    pub is_rest: bool,
    /// Where images are that could not be decoded whole.
    pub lost: Vec<PixelArea>,
    /// What was typed into its form fields, where the page is read.
    pub fields: Vec<FilledField>,
}

/// The value of a form field, in pixels of the page as decoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FilledField {
    pub area: PixelArea,
    pub value: String,
}

/// What a scan holds besides its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BesidePages {
    /// Names of the files inside it, the first ones; each is taken out by its place here.
    pub attached: Vec<String>,
    /// How many there are.
    pub attachments: u32,
    /// Its papers are the attached files; its pages only say so.
    pub is_portfolio: bool,
    /// A dynamic form, which programs for such forms make up; its pages only ask for one.
    pub is_dynamic_form: bool,
    /// What is to be told of it, such as a signature that does not fit.
    pub said: Vec<Detail>,
}

/// How pictures for screens are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewRequest {
    /// Pixels, one picture for each; a picture is never larger than the page's own pixels. Decoding is what costs, so
    /// a caller that needs several requests them together.
    pub widths: Vec<u32>,
    /// The turn that reading found.
    pub turn: Turn,
}

impl ViewRequest {
    /// The width that decides how finely the page is drawn.
    pub fn widest(&self) -> u32 {
        self.widths.iter().copied().max().unwrap_or(1).max(1)
    }
}

/// How a picture is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewKind {
    Jpeg,
    Png,
}

impl ViewKind {
    pub fn media_type(self) -> &'static str {
        match self {
            ViewKind::Jpeg => "image/jpeg",
            ViewKind::Png => "image/png",
        }
    }
}
