//! What a search finds, with the places on the pages.

use crate::codes::{code, original_state_code};
use crate::detail::DetailCodeJson;
use crate::{original_state, pictures};
use index::DocumentHit;
use records::{
    documents::DocumentRow,
    pages::{Area, Page},
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vocabulary::LinkBasis;

#[derive(Debug, Serialize, ToSchema)]
pub struct SearchJson {
    pub query: String,
    pub total: usize,
    pub total_is_exact: bool,
    pub took_ms: f64,
    pub hits: Vec<HitJson>,
    /// `offset` to go on with, when there are more.
    pub next: Option<usize>,
    pub facets: FacetsJson,
    /// Documents in which a word stands with one other character; without being
    /// asked for only where exact hits are few.
    pub near: Vec<HitJson>,
    /// There may be more of those; `near=true` looks further.
    pub near_goes_on: bool,
    /// What of the query was not understood, and what to do, in sentences of the archive's language.
    pub notices: Vec<String>,
    /// The same as codes with arguments.
    pub notice_codes: Vec<DetailCodeJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HitJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub customer_code: String,
    pub customer_name: String,
    pub dossier_no: String,
    pub location_code: String,
    #[schema(schema_with = original_state_code)]
    pub original_state: String,
    pub page: u32,
    pub pages_hit: usize,
    pub snippet: String,
    pub boxes: Vec<BoxJson>,
    pub number: String,
    pub date: String,
    /// Why it is this customer's, or `nobody` where a person has said that it belongs to no customer.
    #[schema(schema_with = code::<LinkBasis>)]
    pub link_basis: String,
    /// Address of the picture of that page; empty where no page was found.
    pub page_image: String,
}

/// A box in pixels of the upright page image, whose size the answer to `show` names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoxJson {
    pub page: u32,
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct FacetsJson {
    pub kind: Vec<FacetJson>,
    pub year: Vec<FacetJson>,
    pub state: Vec<FacetJson>,
    /// Documents of which a page that was found was not read well, by reason.
    pub reading: Vec<FacetJson>,
    /// Words of the record by their name: `department`, `site`, `copy`.
    pub words: BTreeMap<String, Vec<FacetJson>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FacetJson {
    pub value: String,
    pub label: String,
    pub count: usize,
}

/// A document that was found, checked once more against the record, with what its pages show.
pub struct FoundDocument {
    pub row: DocumentRow,
    pub hit: DocumentHit,
    /// Pages of the hit with the areas of its marks.
    pub pages: Vec<FoundPage>,
}

pub struct FoundPage {
    pub page: Page,
    pub areas: Vec<Area>,
    /// Mean confidence of the reading, 0 to 1; `None` without text.
    pub confidence: Option<f64>,
}

/// A document that was found.
pub fn hit(found: FoundDocument) -> HitJson {
    let FoundDocument { row, hit, pages } = found;
    let first = hit.pages.first();
    let image = pages
        .first()
        .map(|found| pictures::preview_address(&row.id, &found.page));
    HitJson {
        page_image: image.unwrap_or_default(),
        page: first.map_or(0, |page| page.number),
        pages_hit: hit.pages_hit,
        snippet: first.map(|page| page.snippet.text.clone()).unwrap_or_default(),
        boxes: pages
            .iter()
            .flat_map(|page| page.areas.iter().map(|area| boxed(page.page.number, *area)))
            .collect(),
        original_state: original_state(&row).to_owned(),
        document_id: row.id.to_string(),
        title: row.title,
        kind: row.kind,
        customer_code: row.customer_code,
        customer_name: row.customer_name,
        dossier_no: row.dossier_no,
        location_code: row.place.location_code,
        number: row.number,
        date: row.date,
        link_basis: row.link_basis.as_str().to_owned(),
    }
}

fn boxed(page: u32, area: Area) -> BoxJson {
    let Area { x, y, w, h } = area;
    BoxJson { page, x, y, w, h }
}
