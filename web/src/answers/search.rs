//! What a search finds, with the places on the pages.

use super::original_state;
use crate::http::{error::Result, images};
use index::{DocumentHit, FullText, SearchAnswer, SearchRequest, Sorting};
use records::{
    Archive, Asker,
    documents::DocumentRow,
    pages::{Area, Page, PageText},
};
use serde::Serialize;
use std::{collections::HashMap, time::Instant};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct SearchJson {
    pub query: String,
    pub total: usize,
    pub total_is_exact: bool,
    pub took_ms: f64,
    pub hits: Vec<HitJson>,
    pub facets: FacetsJson,
    /// Documents in which a word stands with one other character; without being
    /// asked for only where exact hits are few.
    pub near: Vec<HitJson>,
    /// There may be more of those; `near=true` looks further.
    pub near_goes_on: bool,
    /// What of the query was not understood, in words.
    pub notices: Vec<String>,
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
    pub original_state: String,
    pub page: u32,
    pub pages_hit: usize,
    pub snippet: String,
    pub boxes: Vec<BoxJson>,
    pub number: String,
    pub date: String,
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
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FacetJson {
    pub value: String,
    pub label: String,
    pub count: usize,
}

/// The orders of a list of hits by the word that stands in addresses; the empty one is by relevance.
pub const SORTINGS: &[(&str, Sorting)] = &[
    ("", Sorting::Relevance),
    ("newest", Sorting::NewestFirst),
    ("oldest", Sorting::OldestFirst),
    ("location", Sorting::Location),
];

pub fn sorting(name: &str) -> Option<Sorting> {
    let name = if name == "relevance" { "" } else { name };
    SORTINGS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, sorting)| *sorting)
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

/// Hits with their rows and boxes. What the asker may not see is not among them, even if full text lags behind.
///
/// # Errors
/// When the record does not answer.
pub async fn found(archive: &Archive, asker: &Asker, hits: Vec<DocumentHit>) -> Result<Vec<FoundDocument>> {
    let uids: Vec<i64> = hits.iter().map(|hit| hit.document_uid).collect();
    let page_uids: Vec<i64> = hits
        .iter()
        .flat_map(|hit| &hit.pages)
        .map(|page| page.page_uid)
        .filter(|uid| *uid != 0)
        .collect();
    let (rows, pages) = futures::try_join!(
        archive.documents_by_uid(asker, &uids),
        archive.pages_by_uid(asker, &page_uids)
    )?;
    let mut rows: HashMap<i64, DocumentRow> = rows.into_iter().map(|row| (row.uid, row)).collect();
    let mut pages: HashMap<i64, (Page, Option<PageText>)> =
        pages.into_iter().map(|(page, text)| (page.uid, (page, text))).collect();
    let found = hits.into_iter().filter_map(|hit| {
        let row = rows.remove(&hit.document_uid)?;
        let pages = hit.pages.iter().filter_map(|hit| {
            let (page, text) = pages.remove(&hit.page_uid)?;
            let areas = text.iter().flat_map(|text| {
                hit.ranges
                    .iter()
                    .flat_map(|range| text.layer.areas_of(range.start, range.end))
            });
            Some(FoundPage {
                areas: areas.collect(),
                confidence: text.as_ref().map(|text| text.confidence),
                page,
            })
        });
        Some(FoundDocument {
            pages: pages.collect(),
            row,
            hit,
        })
    });
    Ok(found.collect())
}

/// # Errors
/// When the query cannot be read, or full text or record do not answer.
pub async fn search(
    archive: &Archive,
    finder: &FullText,
    asker: &Asker,
    request: SearchRequest,
    language: &str,
) -> Result<SearchJson> {
    let began = Instant::now();
    let SearchAnswer {
        query,
        documents,
        total,
        total_pages: _,
        total_is_exact,
        facets,
        near,
        near_goes_on,
        // The answer of this door lists documents and says itself whether its total is exact.
        dossiers: _,
        total_dossiers: _,
        stopped: _,
    } = finder.search(asker, &request).await?;
    let kinds = archive.kinds(asker).await?;
    let hits = found(archive, asker, documents).await?.into_iter().map(hit).collect();
    let near = found(archive, asker, near).await?.into_iter().map(hit).collect();
    let facet = |values: Vec<(String, usize)>, label: &dyn Fn(&str) -> String| {
        values
            .into_iter()
            .map(|(value, count)| FacetJson {
                label: label(&value),
                value,
                count,
            })
            .collect()
    };
    Ok(SearchJson {
        query: request.query,
        total,
        total_is_exact,
        took_ms: (began.elapsed().as_secs_f64() * 1e5).round() / 100.0,
        hits,
        facets: FacetsJson {
            kind: facet(facets.kind, &|code| kinds.name(code, language).to_owned()),
            year: facet(facets.year, &str::to_owned),
            state: facet(facets.state, &str::to_owned),
            reading: facet(facets.reading, &str::to_owned),
        },
        near,
        near_goes_on,
        notices: query
            .notices
            .iter()
            .map(|notice| format!("{}: {}", notice.code.as_str(), notice.text))
            .collect(),
    })
}

fn hit(found: FoundDocument) -> HitJson {
    let FoundDocument { row, hit, pages } = found;
    let first = hit.pages.first();
    let image = pages.first().map(|found| images::preview_address(&row.id, &found.page));
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
    }
}

fn boxed(page: u32, area: Area) -> BoxJson {
    let Area { x, y, w, h } = area;
    BoxJson { page, x, y, w, h }
}
