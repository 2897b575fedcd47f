//! A document with its pages.

use crate::codes::{code, code_or_empty, codes, level_number, original_state_code};
use crate::{
    detail::{self, DetailCodeJson},
    holdings::{NamedCustomerJson, named_customer},
    original_state, pictures,
};
use records::{
    documents::{Document, DocumentScan, Enclosure, Particulars},
    ids::DocumentId,
    pages::{Page, PageText},
};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use vocabulary::{CopyState, Counterpart, DocumentState, LinkBasis, Medium, PageState, ReadingFlag, Reason};

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ShowJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub customer_code: String,
    pub customer_name: String,
    pub dossier_no: String,
    pub location_code: String,
    #[schema(schema_with = original_state_code)]
    pub original_state: String,
    /// Digest of the first scan file.
    pub scan_sha256: String,
    pub pages: Vec<PageJson>,
    pub number: String,
    pub date: String,
    #[schema(schema_with = code::<DocumentState>)]
    pub state: String,
    #[schema(schema_with = code::<LinkBasis>)]
    pub link_basis: String,
    #[schema(schema_with = code_or_empty::<Reason>)]
    pub review_reason: String,
    pub version: i64,
    /// How often its paper was put somewhere; send it as `version` when it is put somewhere else.
    pub place_version: i64,
    pub scans: Vec<ScanJson>,
    /// Further customers that it names.
    pub also_names: Vec<NamedCustomerJson>,
    pub valid_from: String,
    /// `9999-12-31` for without end.
    pub valid_until: String,
    pub pages_declared: Option<i64>,
    #[schema(schema_with = code::<Medium>)]
    pub medium: String,
    #[schema(schema_with = code::<CopyState>)]
    pub copy_state: String,
    pub verified_by: String,
    pub verified_on: String,
    #[schema(schema_with = code_or_empty::<Counterpart>)]
    pub counterpart: String,
    pub copies: i64,
    pub seals: Vec<String>,
    pub form_code: String,
    /// 0 to 3.
    #[schema(schema_with = level_number)]
    pub security_level: i64,
    pub department: String,
    pub site: String,
    pub retention_class: String,
    /// The asker sees it by a grant alone.
    pub by_grant: bool,
    /// Documents in whose files it came: a portfolio, or a paper with others attached.
    pub came_in: Vec<EnclosureJson>,
    /// Documents that came in its own file.
    pub brings: Vec<EnclosureJson>,
}

/// A document that came in the file of another, or in whose file another came.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnclosureJson {
    pub document_id: String,
    pub title: String,
    pub number: String,
    pub kind: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ScanJson {
    pub sha256: String,
    pub bytes: i64,
    pub media_type: String,
    /// As it came, as people read it.
    pub path: String,
    /// The bytes of the path in hexadecimal digits, where it is not UTF-8; `null` where `path` is the path itself.
    pub path_hex: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PageJson {
    pub number: u32,
    pub width: u32,
    pub height: u32,
    pub turn: u16,
    pub text: String,
    pub lines: Vec<LineJson>,
    #[schema(schema_with = code::<PageState>)]
    pub state: String,
    pub failure: String,
    pub failure_code: Option<DetailCodeJson>,
    pub engine: String,
    pub engine_version: String,
    /// Mean confidence over the characters, 0 to 1; `null` without text.
    pub confidence: Option<f64>,
    /// Why the page asks for a look: `ink_without_text`, `handwriting`, `low_confidence`, `failed`.
    #[schema(schema_with = codes::<ReadingFlag>)]
    pub reading: Vec<String>,
    /// How many lines people have typed.
    pub corrections: usize,
    /// Pictures of the page from the smallest; each address names everything that decides the bytes.
    pub images: Vec<ImageJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LineJson {
    pub text: String,
    pub confidence: f32,
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ImageJson {
    pub width: u32,
    pub url: String,
}

/// Some pages of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct PagesJson {
    pub document_id: String,
    pub items: Vec<PageJson>,
    /// Pages of the document.
    pub total: i64,
    /// Send it as `after` for the next window; `null` where this is the last.
    pub next: Option<String>,
}

/// A document after a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionJson {
    pub document_id: String,
    pub version: i64,
}

/// Where the original of a document lies now.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacedJson {
    pub document_id: String,
    pub location_code: String,
    /// How often the paper was put somewhere by now.
    pub place_version: i64,
}

/// A document whole, with the text of its pages.
pub fn show(document: Document, texts: Vec<(u32, PageText)>) -> ShowJson {
    let Document {
        row,
        review_reason,
        pages,
        scans,
        named,
        validity,
        particulars,
        department,
        site,
        by_grant,
        came_in,
        brings,
        // Shown by the view; scripts have not asked for them yet.
        link_detail: _,
        sealed: _,
        attributes: _,
        batch_id: _,
        batch_name: _,
        facts: _,
    } = document;
    ShowJson {
        original_state: original_state(&row).to_owned(),
        scan_sha256: scans.first().map(|scan| scan.sha256.clone()).unwrap_or_default(),
        pages: pages_json(&row.id, pages, texts),
        document_id: row.id.to_string(),
        title: row.title,
        kind: row.kind,
        customer_code: row.customer_code,
        customer_name: row.customer_name,
        dossier_no: row.dossier_no,
        location_code: row.place.location_code,
        number: row.number,
        date: row.date,
        state: row.state.as_str().to_owned(),
        link_basis: row.link_basis.as_str().to_owned(),
        review_reason,
        version: row.version,
        place_version: row.place.moves,
        also_names: named.into_iter().map(named_customer).collect(),
        valid_from: validity.from.to_string(),
        valid_until: validity.until.as_str().to_owned(),
        pages_declared: row.pages_declared,
        copy_state: row.copy_state.as_str().to_owned(),
        security_level: row.security_level.number(),
        department,
        site,
        by_grant,
        came_in: enclosures_json(came_in),
        brings: enclosures_json(brings),
        scans: scans.into_iter().map(scan_json).collect(),
        ..said_of_paper(particulars)
    }
}

/// What is stated of the paper itself.
fn said_of_paper(particulars: Particulars) -> ShowJson {
    let Particulars {
        medium,
        verified_by,
        verified_on,
        counterpart,
        copies,
        seals,
        form_code,
        retention_class,
    } = particulars;
    ShowJson {
        medium: medium.as_str().to_owned(),
        verified_by,
        verified_on: verified_on.to_string(),
        counterpart: counterpart.map_or_else(String::new, |said| said.as_str().to_owned()),
        copies,
        seals,
        form_code,
        retention_class,
        ..ShowJson::default()
    }
}

fn enclosures_json(enclosures: Vec<Enclosure>) -> Vec<EnclosureJson> {
    let json = |enclosure: Enclosure| {
        let Enclosure {
            id,
            title,
            number,
            kind,
        } = enclosure;
        EnclosureJson {
            document_id: id.to_string(),
            title,
            number,
            kind,
        }
    };
    enclosures.into_iter().map(json).collect()
}

fn scan_json(scan: DocumentScan) -> ScanJson {
    let DocumentScan {
        sha256,
        bytes,
        media_type,
        path,
    } = scan;
    ScanJson {
        sha256,
        bytes,
        media_type,
        path_hex: path.bytes_in_hex(),
        path: path.shown(),
    }
}

fn pages_json(document: &DocumentId, pages: Vec<Page>, texts: Vec<(u32, PageText)>) -> Vec<PageJson> {
    let mut texts: HashMap<u32, PageText> = texts.into_iter().collect();
    let json = |page: Page| {
        let text = texts.remove(&page.number);
        page_json(document, page, text)
    };
    pages.into_iter().map(json).collect()
}

/// One page with its text.
pub fn page_json(document: &DocumentId, page: Page, text: Option<PageText>) -> PageJson {
    let confidence = text.as_ref().map(|text| text.confidence);
    let (engine, engine_version, corrections, layer) = text
        .map(|text| (text.engine, text.engine_version, text.corrections, text.layer))
        .unwrap_or_default();
    let images = pictures::all_addresses(document, &page)
        .into_iter()
        .map(|(width, url)| ImageJson { width, url });
    PageJson {
        images: images.collect(),
        number: page.number,
        width: page.width,
        height: page.height,
        turn: page.turn,
        text: layer.text(),
        lines: layer
            .lines
            .into_iter()
            .map(|line| LineJson {
                confidence: line.confidence,
                x: line.area.x,
                y: line.area.y,
                w: line.area.w,
                h: line.area.h,
                text: line.text,
            })
            .collect(),
        state: page.state.as_str().to_owned(),
        failure: detail::text(page.failure.as_ref()),
        failure_code: detail::code(page.failure.as_ref()),
        reading: page.reading.flags().map(|flag| flag.as_str().to_owned()).collect(),
        engine,
        engine_version,
        confidence,
        corrections,
    }
}
