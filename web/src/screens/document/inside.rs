//! The pages of a document: their images, marks and text, and where words stand on them.

use crate::{
    http::{
        address,
        error::{Result, WebError},
        images,
        who::Seat,
    },
    screens::parts::{self, LineOfText, PageMark, PageSheet},
    state::Web,
};
use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    response::Html,
};
use records::{
    audit::{AuditAction, AuditObject, EventDraft},
    documents::Document,
    ids::DocumentId,
    pages::{Area, PageState, PageText},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use vocabulary::ReadingFlag;

/// The lines of one page, fetched when the page comes near.
#[derive(Template)]
#[template(path = "page_text.html")]
pub struct PageTextView {
    pub lines: Vec<LineOfText>,
}

/// Pages with the marks of the query that led here, and how many hits there are. Only the page the reader lands on
/// brings its text along.
pub(super) async fn sheets_of(
    web: &Web,
    seat: &Seat,
    document: &Document,
    query: &str,
    start_page: u32,
) -> Result<(Vec<PageSheet>, usize)> {
    let (asker, id) = (&seat.asker, &document.row.id);
    let mut marks: HashMap<u32, Vec<PageMark>> = HashMap::new();
    let mut count = 0;
    for (number, hits) in found_in(web, seat, document, query).await? {
        let here = marks.entry(number).or_default();
        for areas in hits {
            here.extend(parts::marks(&count.to_string(), &areas));
            count += 1;
        }
    }
    let mut first_text = web.archive.page_text(asker, id, start_page).await?;
    let sheets = document
        .pages
        .iter()
        .map(|page| {
            let (image, srcset, small) = images::page_addresses(id, page);
            let lines = if page.number == start_page {
                first_text.take().map(|text| parts::lines_of(text.layer))
            } else {
                None
            };
            // What was read with doubt was read all the same.
            let unread = page
                .unread_regions
                .iter()
                .any(|region| region.reason != ReadingFlag::LowConfidence.as_str());
            let doubts: Vec<PageMark> = page
                .unread_regions
                .iter()
                .flat_map(|region| parts::marks(&region.reason, &[region.area]))
                .collect();
            PageSheet {
                number: page.number,
                width: i64::from(page.width),
                height: i64::from(page.height),
                image,
                srcset,
                small,
                text_url: format!("{}/pages/{}/text", address::document(id.as_str()), page.number),
                lines: lines.unwrap_or_default(),
                marks: marks.remove(&page.number).unwrap_or_default(),
                remark: match page.state {
                    PageState::Failed => seat.t.say("page-failed"),
                    PageState::Blank => seat.t.say("page-blank"),
                    PageState::Read if unread => seat.t.say("partly-read"),
                    PageState::Read if !doubts.is_empty() => seat.t.say("low-confidence"),
                    PageState::Read => String::new(),
                },
                doubts,
            }
        })
        .collect();
    Ok((sheets, count))
}

/// Pages whose texts are read by one statement.
const PAGES_AT_ONCE: usize = 200;

/// The areas of each hit of a query in a document, page by page: an area for each line that a hit touches.
async fn found_in(web: &Web, seat: &Seat, document: &Document, query: &str) -> Result<Vec<(u32, Vec<Vec<Area>>)>> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let pages = match web.finder.find_in_document(&seat.asker, document.row.uid, query).await {
        Ok(pages) => pages,
        // A page can be read without its marks.
        Err(index::Error::Query(_) | index::Error::Rebuilding { .. }) => Vec::new(),
        Err(cause) => return Err(cause.into()),
    };
    // Many pages at a time: a word of the form stands on every page of a long document.
    let uids: Vec<i64> = pages.iter().map(|page| page.page_uid).collect();
    let mut texts: HashMap<i64, PageText> = HashMap::with_capacity(pages.len());
    for uids in uids.chunks(PAGES_AT_ONCE) {
        let read = web.archive.pages_by_uid(&seat.asker, uids).await?;
        texts.extend(read.into_iter().filter_map(|(page, text)| Some((page.uid, text?))));
    }
    let mut found = Vec::with_capacity(pages.len());
    for page in pages {
        if let Some(text) = texts.get(&page.page_uid) {
            let ranges = page.ranges.iter();
            let hits = ranges.map(|range| text.layer.areas_of(range.start, range.end));
            found.push((page.number, hits.collect()));
        }
    }
    Ok(found)
}

/// A hit of the search inside one document, as the viewer draws it.
#[derive(Debug, Serialize)]
pub struct HitInside {
    page: u32,
    /// x, y, w, h in pixels of the upright page, one for each line that the hit touches.
    boxes: Vec<[u32; 4]>,
}

#[derive(Debug, Default, Deserialize)]
pub struct FindAddress {
    #[serde(default)]
    q: String,
}

/// `GET /documents/{id}/find`: where words stand inside a document, folded like every search, across line breaks.
pub async fn find(
    State(web): State<Web>,
    seat: Seat,
    Path(key): Path<String>,
    Query(asked): Query<FindAddress>,
) -> Result<Json<Vec<HitInside>>> {
    let document = web
        .archive
        .document(&seat.asker, &key)
        .await?
        .ok_or(WebError::NotFound)?;
    let words: String = asked.q.chars().take(web.config.limits.query_characters_max).collect();
    // Inside a document people look for what they typed, not for what a query language makes of it.
    let words: String = words.chars().filter(|c| *c != '"').collect();
    let query = if words.trim().is_empty() {
        String::new()
    } else {
        format!("\"{}\"", words.trim())
    };
    let found = found_in(&web, &seat, &document, &query).await?;
    if !query.is_empty() {
        let event = EventDraft::new(AuditAction::SearchRan, AuditObject::Document, document.row.id.as_str())
            .detail(format!("pages={}", found.len()))
            .query(words.trim());
        web.archive.note_reading(&seat.asker, event).await?;
    }
    let boxes = |areas: Vec<Area>| areas.into_iter().map(|Area { x, y, w, h }| [x, y, w, h]).collect();
    Ok(Json(
        found
            .into_iter()
            .flat_map(|(page, hits)| {
                hits.into_iter().map(move |areas| HitInside {
                    page,
                    boxes: boxes(areas),
                })
            })
            .collect(),
    ))
}

/// `GET /documents/{id}/pages/{number}/text`
pub async fn page_text(
    State(web): State<Web>,
    seat: Seat,
    Path((id, number)): Path<(String, u32)>,
) -> Result<Html<String>> {
    let id = DocumentId::parse(&id)?;
    web.archive
        .page(&seat.asker, &id, number)
        .await?
        .ok_or(WebError::NotFound)?;
    images::note_page(&web, &seat.asker, &id, number, "text").await?;
    let text = web.archive.page_text(&seat.asker, &id, number).await?;
    let lines = text.map(|text| parts::lines_of(text.layer)).unwrap_or_default();
    Ok(Html(PageTextView { lines }.render()?))
}
