//! The texts of a document before and after it was read again, and what they say of it.

use crate::deposit::kind_of;
use crate::extract::{Extract, FactPage, NumberFinders, extract};
use crate::pages::ReadPage;
use records::documents::Described;
use records::kinds::Kinds;
use records::pages::{PageFrame, TextLayer};
use std::ops::Range;

/// The description of a document from these texts, and everything found in them.
pub(super) fn describe(texts: &[SearchablePage], rules: &NumberFinders, kinds: &Kinds) -> (Described, Extract) {
    let sheets: Vec<FactPage<'_>> = texts.iter().map(SearchablePage::searched).collect();
    let extract = extract(&sheets, rules);
    let heading = &extract.heading;
    let first = texts.first().map(|text| text.layer.text()).unwrap_or_default();
    let named = heading.candidates.iter().find(|line| kinds.by_title(line).is_some());
    let title = named.unwrap_or(&heading.title);
    let kind = kind_of(kinds, title, extract.kind_by_content, &first);
    let described = Described {
        kind: kind.map(|kind| kind.code.clone()).unwrap_or_default(),
        title: title.clone(),
        number: heading.number.clone(),
        date: heading.date.clone(),
        validity: extract.validity.clone(),
    };
    (described, extract)
}

/// How sure the lines were, by their letters; 0 where there are none.
pub(super) fn sureness(texts: &[SearchablePage]) -> f32 {
    let lines = texts.iter().flat_map(|text| &text.layer.lines);
    let (sum, count) = lines.fold((0.0, 0.0), |(sum, count), line| {
        let letters = line.text.chars().count() as f32;
        (sum + line.confidence * letters, count + letters)
    });
    if count > 0.0 { sum / count } else { 0.0 }
}

/// A page as it is searched for facts.
pub(super) struct SearchablePage {
    pub number: u32,
    layer: TextLayer,
    seals: Vec<usize>,
    repaired: Vec<Range<usize>>,
    pub is_new: bool,
}

impl SearchablePage {
    pub fn searched(&self) -> FactPage<'_> {
        FactPage {
            number: self.number,
            layer: &self.layer,
            seals: &self.seals,
            repaired: &self.repaired,
        }
    }

    pub fn of(number: u32, read: &ReadPage, corrections: &[records::pages::Correction]) -> SearchablePage {
        let page = &read.page;
        let layer = page.text.as_ref().map(|text| text.layer.clone()).unwrap_or_default();
        if corrections.is_empty() {
            return SearchablePage {
                number,
                layer,
                seals: read.seals.clone(),
                repaired: read.repaired.clone(),
                is_new: true,
            };
        }
        // Typed text is certain; where lines moved, seals and repairs are no longer known.
        let frame = PageFrame {
            turn: page.turn,
            width: page.width,
            height: page.height,
        };
        SearchablePage {
            is_new: true,
            ..SearchablePage::known(number, layer.corrected(frame, corrections))
        }
    }

    pub fn known(number: u32, layer: TextLayer) -> SearchablePage {
        SearchablePage {
            number,
            layer,
            seals: Vec::new(),
            repaired: Vec::new(),
            is_new: false,
        }
    }
}
