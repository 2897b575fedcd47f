//! Pages of documents and what was read on them.
//!
//! A page is (scan, index in the scan) with a turn; it can be reordered or withdrawn without touching the scan.
//! Coordinates are pixels of the upright page image, whose size the page states.

mod corrections;
mod layer;
pub mod looks;
mod reading;
pub mod reread;
pub(crate) mod sql;

pub use corrections::{Correction, PageFrame};
pub use layer::{CharBox, TextLayer, TextLine};
pub use reading::{CONFIDENCE_LOW, Reading};
use vocabulary::{FactKind, detail::Detail};
pub use vocabulary::{PageState, ReadingFlag};

use crate::{Asker, Moment, ids::Fingerprint, page_images::PageImageRequest, privacy};

/// Something read out of the text, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub page_number: u32,
    pub kind: FactKind,
    /// As it stands on the page.
    pub text: String,
    /// As it compares.
    pub value: String,
    pub area: Area,
    /// Positions in the page's text, in `char`s.
    pub char_start: u32,
    pub char_end: u32,
    /// Which rule found it: `gb32100`, `gb11643`, `pattern:account_number` ...
    pub rule: String,
    /// 0 to 1.
    pub confidence: f64,
}

impl Fact {
    /// Whether the other is the same evidence: the same value of the same kind on the same page.
    pub fn says_the_same(&self, other: &Fact) -> bool {
        let of = |fact: &Fact| (fact.page_number, fact.kind, crate::fold::name(&fact.value));
        of(self) == of(other)
    }

    /// The rule of a sum in words beside which another sum stands in digits: one of them was read or written wrong.
    pub const SUMS_DIFFER: &'static str = "amount:capital_differs";
}

/// Masks personal numbers in facts unless the asker may see them.
pub(crate) fn mask_facts(asker: &Asker, facts: &mut [Fact]) {
    if !asker.sees_personal_numbers() {
        mask_every_fact(facts);
    }
}

/// Masks personal numbers in facts for everybody.
pub(crate) fn mask_every_fact(facts: &mut [Fact]) {
    for fact in facts.iter_mut().filter(|fact| fact.kind.is_personal()) {
        fact.text = privacy::mask_number(&fact.text);
        fact.value = privacy::mask_number(&fact.value);
    }
}

/// A rectangle in pixels of the upright page image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Area {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

impl Area {
    /// The smallest rectangle around both.
    pub fn union(self, other: Area) -> Area {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Area {
            x,
            y,
            w: (self.x + self.w).max(other.x + other.w) - x,
            h: (self.y + self.h).max(other.y + other.h) - y,
        }
    }
}

/// Where there is ink and no text, or text that should not be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRegion {
    pub area: Area,
    /// `ink_without_text`, `handwriting`, `low_confidence`.
    pub reason: String,
}

/// How a page was read.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTextLayer {
    /// `pp-ocrv6-small`, `pdf-text`, `none`.
    pub engine: String,
    pub engine_version: String,
    pub parameters: String,
    /// Mean confidence over characters, 0 to 1.
    pub confidence: f64,
    pub layer: TextLayer,
}

/// A page as ingest hands it over.
#[derive(Debug, Clone)]
pub struct NewPage {
    /// Which of the deposit's scans, from 0.
    pub scan: usize,
    /// Position of the page in that scan file, from 0.
    pub scan_index: u32,
    /// Clockwise turn that makes the page upright: 0, 90, 180, 270 degrees.
    pub turn: u16,
    /// Size of the upright page image in pixels (born-digital pages at 200 dpi).
    pub width: u32,
    pub height: u32,
    pub state: PageState,
    /// Why, for a failed page.
    pub failure: Option<Detail>,
    pub unread_regions: Vec<UnreadRegion>,
    /// The text to be searched. A second layer (a lying text layer of the PDF) is kept beside it.
    pub text: Option<NewTextLayer>,
    pub other_text: Option<NewTextLayer>,
}

impl NewPage {
    /// Why the page is to be checked, if it is.
    pub fn reading(&self) -> Reading {
        Reading::of(
            self.state,
            &self.unread_regions,
            self.text.as_ref().map(|text| text.confidence),
        )
    }
}

/// A page as a person sees it.
#[derive(Debug, Clone)]
pub struct Page {
    pub uid: i64,
    pub number: u32,
    pub scan: Fingerprint,
    pub media_type: String,
    pub scan_index: u32,
    pub turn: u16,
    pub width: u32,
    pub height: u32,
    pub state: PageState,
    pub failure: Option<Detail>,
    pub unread_regions: Vec<UnreadRegion>,
    /// Why the page is to be checked, if it is.
    pub reading: Reading,
    /// Who has reviewed it, and when; empty until then and after it was read again.
    pub seen_by: String,
    pub seen_at: Option<Moment>,
}

impl Page {
    pub fn frame(&self) -> PageFrame {
        PageFrame {
            turn: self.turn,
            width: self.width,
            height: self.height,
        }
    }
}

/// A page as it is shown, for whoever makes its images ready.
#[derive(Debug, Clone)]
pub struct PageToShow {
    pub document_uid: i64,
    /// The image in the page's own width.
    pub image: PageImageRequest,
}

/// The text of a page with where it came from.
#[derive(Debug, Clone)]
pub struct PageText {
    pub engine: String,
    pub engine_version: String,
    pub parameters: String,
    pub confidence: f64,
    pub created_at: Moment,
    /// As it is searched: with corrections.
    pub layer: TextLayer,
    /// How many corrections it has.
    pub corrections: usize,
}

/// One of the texts of a page, as lists show it.
#[derive(Debug, Clone)]
pub struct LayerRow {
    pub uid: i64,
    pub page_number: u32,
    pub engine: String,
    pub engine_version: String,
    pub parameters: String,
    pub confidence: f64,
    pub characters: i64,
    pub turn: u16,
    pub created_at: Moment,
    /// The one that is searched and shown.
    pub chosen: bool,
}
