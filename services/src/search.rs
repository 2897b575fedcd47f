//! Searching: what full text finds is asked for once more in the record, which checks the rights again.

use crate::{Error, Result};
use api_types::detail;
use api_types::search::{FacetJson, FacetsJson, FoundDocument, FoundPage, HitJson, SearchJson, hit};
use index::{DocumentHit, Facets, FullText, Query, QueryNotice, SearchAnswer, SearchRequest, Sorting};
use records::{
    Archive, Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    documents::DocumentRow,
    kinds::Kinds,
    pages::{Page, PageText},
};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use vocabulary::both;
use vocabulary::detail::Detail;
use vocabulary::{CopyState, DocumentState, Language, List, OriginalState, ReadingFlag};

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

/// The words with which scripts name an order; the empty one is by relevance.
pub fn sorting_words() -> impl Iterator<Item = &'static str> {
    ["relevance"].into_iter().chain(SORTINGS.iter().map(|(name, _)| *name))
}

/// The order that a script names.
///
/// # Errors
/// When it is none of ours.
pub fn sorting_named(name: &str) -> Result<Sorting> {
    sorting(name).ok_or_else(|| {
        let known: Vec<_> = SORTINGS.iter().skip(1).map(|(name, _)| *name).collect();
        Error::invalid(
            "sort",
            both!(
                "`{name}` is none of relevance, {}",
                "“{name}”不是排序方式；可以写 relevance, {}",
                known.join(", ")
            ),
        )
    })
}

/// One window of what was found, with every right checked again.
pub struct SearchFound {
    pub query: Query,
    pub documents: Vec<FoundDocument>,
    /// Documents in which a word stands with one other character.
    pub near: Vec<FoundDocument>,
    pub near_goes_on: bool,
    pub total: usize,
    pub total_pages: usize,
    pub total_is_exact: bool,
    pub facets: Facets,
    /// How long full text took.
    pub took: Duration,
}

/// Runs a search.
///
/// # Errors
/// When the query cannot be read, or full text or record do not answer.
pub async fn find(archive: &Archive, finder: &FullText, asker: &Asker, request: &SearchRequest) -> Result<SearchFound> {
    archive.note_lookup(asker, &request.query, "search").await?;
    let began = Instant::now();
    let SearchAnswer {
        query,
        documents,
        total,
        total_pages,
        total_is_exact,
        facets,
        near,
        near_goes_on,
        // Lists of documents; whether the total is exact says why a search stopped.
        dossiers: _,
        total_dossiers: _,
        stopped: _,
    } = finder.search(asker, request).await?;
    let took = began.elapsed();
    Ok(SearchFound {
        query,
        documents: found(archive, asker, documents).await?,
        near: found(archive, asker, near).await?,
        near_goes_on,
        total,
        total_pages,
        total_is_exact,
        facets,
        took,
    })
}

/// The first documents of a search that its event names.
const FIRST_NAMED: usize = 5;

/// The event of a search: how much was found, the first documents that were shown, and what was asked.
pub fn ran(query: &str, found: &SearchFound) -> EventDraft {
    let documents = found.documents.iter().chain(&found.near);
    let first: Vec<_> = documents
        .take(FIRST_NAMED)
        .map(|document| document.row.id.as_str())
        .collect();
    EventDraft::new(AuditAction::SearchRan, AuditObject::Search, "")
        .detail(format!("documents={} first={}", found.total, first.join(",")))
        .query(query)
}

/// Runs a search for a script and notes it in the trail.
///
/// # Errors
/// As [`find`].
pub async fn search(
    archive: &Archive,
    finder: &FullText,
    asker: &Asker,
    request: SearchRequest,
    language: &str,
) -> Result<SearchJson> {
    let began = Instant::now();
    let found = find(archive, finder, asker, &request).await?;
    let kinds = archive.kinds(asker).await?;
    archive.note_read(asker, ran(&request.query, &found)).await?;
    let shown = request.offset.saturating_add(found.documents.len());
    let next = (found.total > shown && !found.documents.is_empty()).then_some(shown);
    let mut answer = as_json(request.query, found, &kinds, language, began.elapsed());
    answer.next = next;
    Ok(answer)
}

fn as_json(query: String, found: SearchFound, kinds: &Kinds, language: &str, took: Duration) -> SearchJson {
    let SearchFound {
        query: understood,
        documents,
        near,
        near_goes_on,
        total,
        total_pages: _,
        total_is_exact,
        facets,
        took: _,
    } = found;
    let hits = |documents: Vec<FoundDocument>| documents.into_iter().map(hit).collect::<Vec<HitJson>>();
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
    let spoken = Language::parse(language).unwrap_or(Language::Chinese);
    let notices: Vec<Detail> = understood.notices.iter().map(QueryNotice::detail).collect();
    SearchJson {
        query,
        total,
        total_is_exact,
        took_ms: (took.as_secs_f64() * 1e5).round() / 100.0,
        hits: hits(documents),
        next: None,
        facets: FacetsJson {
            kind: facet(facets.kind, &|code| kinds.name(code, language).to_owned()),
            year: facet(facets.year, &str::to_owned),
            state: facet(facets.state, &|code| {
                named(&[DocumentState::LIST, OriginalState::LIST], code, spoken)
            }),
            reading: facet(facets.reading, &|code| named(&[ReadingFlag::LIST], code, spoken)),
            words: facets
                .keywords
                .into_iter()
                .map(|(word, values)| {
                    let column = word.line().column;
                    let lists: &[List] = if column == "copy" { &[CopyState::LIST] } else { &[] };
                    (column.to_owned(), facet(values, &|code| named(lists, code, spoken)))
                })
                .collect(),
        },
        near: hits(near),
        near_goes_on,
        notices: notices.iter().map(|notice| notice.text(spoken)).collect(),
        notice_codes: notices.iter().filter_map(|notice| detail::code(Some(notice))).collect(),
    }
}

/// The name of a code of these lists; what is none of them is a word of the archive itself.
fn named(lists: &[List], code: &str, language: Language) -> String {
    let words = lists.iter().flat_map(|list| list.words);
    let word = words.into_iter().find(|word| word.code == code);
    word.map_or(code, |word| word.name(language)).to_owned()
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
