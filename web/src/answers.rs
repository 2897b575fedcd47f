//! The shapes that scripts rely on (DESIGN section 5), made for whoever asks: the REST API and the command line call
//! the same functions, so that they can never differ. Fields may be added, never renamed.

use crate::error::Result;
use index::{DocumentHit, FullText, SearchAnswer, SearchRequest, Sorting};
use records::{
    Archive, Asker,
    batches::{BatchLine, BatchRow, Outcome},
    documents::{Document, DocumentRow},
    ids::BatchId,
    kinds::Kinds,
    locations::{CodeLookup, ContentItem, Place},
    pages::{Area, Page, PageText},
    scans::{Problem, VerifyReport},
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

#[derive(Debug, Serialize, ToSchema)]
pub struct ShowJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub customer_code: String,
    pub customer_name: String,
    pub dossier_no: String,
    pub location_code: String,
    pub original_state: String,
    /// Digest of the first scan file.
    pub scan_sha256: String,
    pub pages: Vec<PageJson>,
    pub number: String,
    pub date: String,
    pub state: String,
    pub link_basis: String,
    pub review_reason: String,
    pub version: i64,
    pub scans: Vec<ScanJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ScanJson {
    pub sha256: String,
    pub bytes: i64,
    pub media_type: String,
    pub path: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PageJson {
    pub number: u32,
    pub width: u32,
    pub height: u32,
    pub turn: u16,
    pub text: String,
    pub lines: Vec<LineJson>,
    pub state: String,
    pub failure: String,
    pub engine: String,
    pub engine_version: String,
    /// Mean confidence over the characters, 0 to 1; `null` without text.
    pub confidence: Option<f64>,
    /// Why the page asks for a look: `ink_without_text`, `handwriting`, `low_confidence`, `failed`.
    pub reading: Vec<String>,
    /// How many lines people have typed.
    pub corrections: usize,
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
pub struct LocateJson {
    pub code: String,
    pub path: Vec<StepJson>,
    pub items: Vec<ItemJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StepJson {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ItemJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub customer_code: String,
    pub customer_name: String,
    pub container: String,
    pub location_code: String,
    pub original_state: String,
    pub pages: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IngestJson {
    pub batch: String,
    pub found: i64,
    pub filed: i64,
    pub needs_review: i64,
    pub duplicate: i64,
    pub rejected: i64,
    pub ignored: Vec<String>,
    pub missing_from_delivery: Vec<String>,
    pub pages: i64,
    pub seconds: f64,
    pub items: Vec<IngestItemJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IngestItemJson {
    pub path: String,
    pub outcome: String,
    pub reason: String,
    pub document_id: Option<String>,
    pub documents: Vec<String>,
    pub customer_code: String,
    pub location_code: String,
    pub kind: String,
    pub pages: i64,
    pub detail: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VerifyJson {
    pub ok: bool,
    pub documents: i64,
    pub scans: i64,
    pub problems: Vec<ProblemJson>,
    /// Nothing wrong, but worth knowing.
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemJson {
    pub kind: String,
    pub object: String,
    pub detail: String,
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

/// The word for a document without paper.
pub const NO_ORIGINAL: &str = "none";

/// Rows of a location's content that one answer holds.
const ITEMS_MAX: usize = 100_000;
const LINES_MAX: usize = 1_000_000;

pub fn original_state(row: &DocumentRow) -> &'static str {
    row.place.state.map_or(NO_ORIGINAL, |state| state.as_str())
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
    HitJson {
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

/// A document whole, with the text of its pages; `None` when there is none that the asker may see.
///
/// # Errors
/// When the record does not answer.
pub async fn show(archive: &Archive, asker: &Asker, key: &str) -> Result<Option<ShowJson>> {
    let Some(document) = archive.document(asker, key).await? else {
        return Ok(None);
    };
    let texts = archive.page_texts(asker, &document.row.id).await?;
    Ok(Some(shown(document, texts)))
}

fn shown(document: Document, texts: Vec<(u32, PageText)>) -> ShowJson {
    let mut texts: HashMap<u32, PageText> = texts.into_iter().collect();
    let state = original_state(&document.row).to_owned();
    let Document {
        row,
        link_basis,
        review_reason,
        pages,
        scans,
        ..
    } = document;
    ShowJson {
        original_state: state,
        scan_sha256: scans.first().map(|scan| scan.sha256.clone()).unwrap_or_default(),
        pages: pages
            .into_iter()
            .map(|page| {
                let text = texts.remove(&page.number);
                page_json(page, text)
            })
            .collect(),
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
        link_basis: link_basis.as_str().to_owned(),
        review_reason,
        version: row.version,
        scans: scans
            .into_iter()
            .map(|scan| ScanJson {
                sha256: scan.sha256,
                bytes: scan.bytes,
                media_type: scan.media_type,
                path: scan.path,
            })
            .collect(),
    }
}

fn page_json(page: Page, text: Option<PageText>) -> PageJson {
    let confidence = text.as_ref().map(|text| text.confidence);
    let (engine, engine_version, corrections, layer) = text
        .map(|text| (text.engine, text.engine_version, text.corrections, text.layer))
        .unwrap_or_default();
    PageJson {
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
        failure: page.failure,
        reading: page.reading.flags().map(|flag| flag.as_str().to_owned()).collect(),
        engine,
        engine_version,
        confidence,
        corrections,
    }
}

/// What a code led to.
pub enum Located {
    Place(LocateJson),
    /// A code without its dashes that fits several places.
    Ambiguous(Vec<String>),
    None,
}

/// # Errors
/// When the record does not answer.
pub async fn locate(archive: &Archive, asker: &Asker, code: &str) -> Result<Located> {
    let place = match archive.locate(asker, code).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => place,
        CodeLookup::Ambiguous(codes) => return Ok(Located::Ambiguous(codes)),
        CodeLookup::None => return Ok(Located::None),
    };
    let items = archive.location_contents(asker, &place, 0, ITEMS_MAX).await?;
    let Place { code, path, .. } = *place;
    Ok(Located::Place(LocateJson {
        code,
        path: path
            .into_iter()
            .map(|step| StepJson {
                code: step.code,
                name: step.name,
            })
            .collect(),
        items: items.into_iter().map(item).collect(),
    }))
}

fn item(item: ContentItem) -> ItemJson {
    ItemJson {
        document_id: item.document_id,
        title: item.title,
        kind: item.kind,
        customer_code: item.customer_code,
        customer_name: item.customer_name,
        container: item.container,
        location_code: item.location_code,
        original_state: item.original_state.as_str().to_owned(),
        pages: item.pages,
    }
}

/// The report of a batch; `None` when there is none.
///
/// # Errors
/// When the asker may not read batches, or the record does not answer.
pub async fn ingest_report(archive: &Archive, asker: &Asker, id: &BatchId) -> Result<Option<IngestJson>> {
    let Some(batch) = archive.batch(asker, id).await? else {
        return Ok(None);
    };
    let lines = archive.batch_lines(asker, id, None, 0, LINES_MAX).await?;
    Ok(Some(report(batch, lines.into_iter().map(|(_, line)| line))))
}

/// A report from its parts, for a batch that has just ended.
pub fn report(batch: BatchRow, lines: impl Iterator<Item = BatchLine>) -> IngestJson {
    let (ignored, counted): (Vec<_>, Vec<_>) = lines.partition(|line| line.outcome == Outcome::Ignored);
    IngestJson {
        found: batch.found(),
        batch: batch.id.to_string(),
        filed: batch.filed,
        needs_review: batch.needs_review,
        duplicate: batch.duplicate,
        rejected: batch.rejected,
        ignored: ignored.iter().map(|line| line.path.shown()).collect(),
        missing_from_delivery: batch.missing,
        pages: batch.pages,
        seconds: batch.busy_us as f64 / 1e6,
        items: counted.into_iter().map(ingest_item).collect(),
    }
}

fn ingest_item(line: BatchLine) -> IngestItemJson {
    let BatchLine {
        path,
        outcome,
        reason,
        detail,
        sha256: _,
        bytes: _,
        document_ids,
        customer_code,
        location_code,
        kind,
        pages,
    } = line;
    IngestItemJson {
        path: path.shown(),
        outcome: outcome.as_str().to_owned(),
        reason,
        document_id: document_ids.first().cloned(),
        documents: document_ids,
        customer_code,
        location_code,
        kind,
        pages,
        detail,
    }
}

/// What a check of vault and record found.
pub fn verified(report: VerifyReport) -> VerifyJson {
    let VerifyReport {
        documents,
        scans,
        problems,
        notes,
    } = report;
    let problem = |Problem { kind, object, detail }: Problem| ProblemJson {
        kind: kind.to_owned(),
        object,
        detail,
    };
    VerifyJson {
        ok: problems.is_empty(),
        documents,
        scans,
        problems: problems.into_iter().map(problem).collect(),
        notes,
    }
}

/// The name of a kind on a screen, or of an unknown one nothing.
pub fn kind_name<'a>(kinds: &'a Kinds, code: &'a str, language: &str) -> &'a str {
    if code.is_empty() {
        ""
    } else {
        kinds.name(code, language)
    }
}
