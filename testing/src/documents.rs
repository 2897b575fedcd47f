//! Builders of what ingest hands over: layers of text, pages, documents, links, batch lines.
//!
//! Each gives the plainest value; a test changes the fields it is about.

use records::{
    PartialDate, SecurityLevel,
    batches::{BatchLine, Outcome, RawPath},
    documents::{Candidate, CopyState, Fact, FactKind, Link, LinkBasis, NewDocument, NewOriginal},
    pages::{Area, CharBox, NewPage, NewTextLayer, PageState, TextLayer, TextLine},
};
use vocabulary::detail::DetailCode;

/// Where the first character of a [`layer`] stands, and how far apart lines and characters are, in pixels.
const LEFT: u32 = 340;
const TOP: u32 = 300;
const LINE_STEP: u32 = 90;
const CHARACTER_STEP: u32 = 50;

/// A layer of text with characters of 50 pixels from the left edge 340, one line for each line of `text`.
pub fn layer(text: &str) -> TextLayer {
    let lines = text.lines().enumerate().map(|(at, text)| {
        let characters = text.chars().count() as u32;
        TextLine {
            text: text.to_owned(),
            area: Area {
                x: LEFT,
                y: TOP + LINE_STEP * at as u32,
                w: CHARACTER_STEP * characters,
                h: CHARACTER_STEP,
            },
            slope: 0.0,
            confidence: 0.98,
            chars: (0..characters)
                .map(|n| CharBox {
                    x: LEFT + CHARACTER_STEP * n,
                    w: CHARACTER_STEP - 2,
                    confidence: 0.98,
                })
                .collect(),
        }
    });
    TextLayer { lines: lines.collect() }
}

/// An A4 page at 300 dpi that was read.
pub fn page(layer: TextLayer) -> NewPage {
    NewPage {
        state: PageState::Read,
        text: Some(NewTextLayer {
            engine: "pp-ocrv6-small".to_owned(),
            engine_version: "1".to_owned(),
            parameters: String::new(),
            confidence: 0.97,
            layer,
        }),
        ..blank_page()
    }
}

pub fn blank_page() -> NewPage {
    NewPage {
        scan: 0,
        scan_index: 0,
        turn: 0,
        width: 2480,
        height: 3508,
        state: PageState::Blank,
        failure: None,
        unread_regions: Vec::new(),
        text: None,
        other_text: None,
    }
}

/// A document without number, date or facts, internal, whose paper is still to be shelved.
pub fn document(link: Link, title: &str, kind: &str, pages: Vec<NewPage>) -> NewDocument {
    NewDocument {
        link,
        kind: kind.to_owned(),
        title: title.to_owned(),
        number: String::new(),
        date: PartialDate::default(),
        validity: Default::default(),
        pages_declared: None,
        copy_state: CopyState::Original,
        security_level: SecurityLevel::INTERNAL,
        department: String::new(),
        site: String::new(),
        particulars: Default::default(),
        attributes: Vec::new(),
        pages,
        facts: Vec::new(),
        original: NewOriginal::Paper { location_uid: None },
        stated: String::new(),
        announced: String::new(),
    }
}

/// The line of a file before the deposit says what became of it.
pub fn batch_line(path: &RawPath, documents: &[NewDocument]) -> BatchLine {
    BatchLine {
        path: path.clone(),
        outcome: Outcome::Rejected,
        reason: String::new(),
        detail: None,
        sha256: String::new(),
        bytes: 0,
        document_ids: Vec::new(),
        customer_code: String::new(),
        location_code: String::new(),
        kind: documents
            .first()
            .map_or_else(String::new, |document| document.kind.clone()),
        pages: documents.iter().map(|document| document.pages.len()).sum::<usize>() as i64,
    }
}

pub fn certain(customer_uid: i64) -> Link {
    Link::Certain {
        customer_uid,
        basis: LinkBasis::Manifest,
        detail: DetailCode::NamedByManifest
            .with("manifest.csv")
            .with(2_u32)
            .with("KH-0001"),
    }
}

/// In review between these customers, each with its confidence; the first fact speaks for the first, and so on.
pub fn in_review(candidates: &[(i64, f64)]) -> Link {
    let candidates = candidates
        .iter()
        .enumerate()
        .map(|(at, (customer_uid, confidence))| Candidate {
            customer_uid: *customer_uid,
            basis: LinkBasis::Phone,
            confidence: *confidence,
            evidence: vec![at],
        })
        .collect();
    Link::Review {
        reason: "customer_ambiguous".to_owned(),
        detail: DetailCode::CustomersFit.with(2_u32),
        candidates,
    }
}

/// A fact on page 1.
pub fn fact(kind: FactKind, text: &str, area: Area) -> Fact {
    Fact {
        page_number: 1,
        kind,
        text: text.to_owned(),
        value: text.to_owned(),
        area,
        char_start: 0,
        char_end: text.chars().count() as u32,
        rule: "pattern".to_owned(),
        confidence: 0.95,
    }
}
