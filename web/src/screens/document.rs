//! Document: read and trust the page.

use super::{
    correcting::{Corrections, corrections_of},
    parts::{self, Badge, Crumb, Event, Fact, LineOfText, Mark, Reason, Sheet},
    shell::{Here, Shell},
};
use crate::{
    address, answers, details,
    error::{Result, WebError},
    images,
    state::Web,
    text::Text,
    who::Seat,
};
use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    response::Html,
};
use records::{
    Role,
    audit::EventDraft,
    documents::{Document, DocumentScan, DocumentState, LinkBasis, Until},
    ids::DocumentId,
    locations::CodeLookup,
    pages::{Area, PageState},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "document.html")]
pub struct DocumentView {
    pub t: Text,
    pub shell: Shell,
    /// The hits that led here.
    pub back_url: Option<String>,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub customer: Option<CustomerLink>,
    pub location_code: String,
    pub location_url: String,
    pub path: Vec<Crumb>,
    pub container: String,
    pub state: Badge,
    pub sheets: Vec<Sheet>,
    pub start_page: u32,
    /// Where the viewer asks for words inside this document.
    pub find_url: String,
    pub hit_count: usize,
    pub warnings: Vec<String>,
    pub reading: super::reading::ReadingBox,
    pub facts: Vec<Fact>,
    pub why_linked: Vec<Reason>,
    pub review_url: Option<String>,
    pub scans: Vec<ScanRow>,
    pub corrections: Option<Corrections>,
    pub history: Vec<Event>,
    pub history_open: bool,
}

#[derive(Debug, Clone)]
pub struct CustomerLink {
    pub name: String,
    pub code: String,
    pub url: String,
}

#[derive(Debug, Clone)]
pub struct ScanRow {
    pub url: String,
    pub name: String,
    pub size: String,
    pub media: String,
    pub digest: String,
}

impl ScanRow {
    pub fn digest_short(&self) -> String {
        let short: String = self.digest.chars().take(16).collect();
        format!("{short}…")
    }
}

/// The lines of one page, fetched when the page comes near.
#[derive(Template)]
#[template(path = "page_text.html")]
pub struct PageTextView {
    pub lines: Vec<LineOfText>,
}

#[derive(Debug, Default, Deserialize)]
pub struct DocumentAddress {
    #[serde(default)]
    page: u32,
    #[serde(default)]
    q: String,
}

/// Events of the history that one view shows.
const HISTORY_MAX: usize = 30;

/// `GET /documents/{key}`
pub async fn document(
    State(web): State<Web>,
    seat: Seat,
    Path(key): Path<String>,
    Query(asked): Query<DocumentAddress>,
) -> Result<Html<String>> {
    let t = seat.t;
    let document = web
        .archive
        .document(&seat.asker, &key)
        .await?
        .ok_or(WebError::NotFound)?;
    let id = document.row.id.clone();
    web.archive
        .note_read(&seat.asker, EventDraft::new("document.viewed", "document", id.as_str()))
        .await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let kind = answers::kind_name(&kinds, &document.row.kind, t.lang()).to_owned();
    let start_page = if document.pages.iter().any(|page| page.number == asked.page) {
        asked.page
    } else {
        document.pages.first().map_or(1, |page| page.number)
    };
    let (sheets, hit_count) = sheets_of(&web, &seat, &document, asked.q.trim(), start_page).await?;
    let history = web.archive.document_history(&seat.asker, &id, HISTORY_MAX).await?;
    let path = match document.row.place.location_code.as_str() {
        "" => Vec::new(),
        code => match web.archive.locate(&seat.asker, code).await? {
            CodeLookup::Location(place) => parts::crumbs(place.path),
            _ => Vec::new(),
        },
    };
    let mut shell = web.shell(&seat, Here::Search).await?;
    let query = asked.q.trim();
    let back_url = (!query.is_empty()).then(|| address::with_query("/search", &[("q", query)]));
    shell.query = query.to_owned();
    let warnings = warnings_of(t, &document);
    let row = &document.row;
    let view = DocumentView {
        t,
        shell,
        back_url,
        title: parts::title_of(t, row, &kind),
        number: row.number.clone(),
        date: row.date.clone(),
        customer: (!row.customer_code.is_empty()).then(|| CustomerLink {
            name: row.customer_name.clone(),
            url: address::customer(&row.customer_code),
            code: row.customer_code.clone(),
        }),
        location_url: address::location(&row.place.location_code),
        location_code: row.place.location_code.clone(),
        path,
        container: row.place.container.clone(),
        state: Badge::of_original(t, row.place.state),
        sheets,
        start_page,
        find_url: format!("{}/find", address::document(id.as_str())),
        hit_count,
        warnings,
        reading: super::reading::reading_box(&web, &seat, &document, start_page).await?,
        facts: facts_of(&web, t, &document, &kind),
        why_linked: why_linked(t, &document),
        review_url: (row.state == DocumentState::InReview && seat.asker.has(Role::Archivist))
            .then(|| format!("/review?after={}", row.uid - 1)),
        scans: document.scans.iter().map(|scan| scan_row(&id, scan)).collect(),
        history: history
            .into_iter()
            .map(|event| Event {
                at: web.local(event.at).get(..10).unwrap_or_default().to_owned(),
                at_full: web.local(event.at),
                text: t.word("event", &event.action),
                who: event.actor,
            })
            .collect(),
        history_open: false,
        corrections: corrections_of(t, &seat, &document, &kinds),
        kind,
    };
    Ok(Html(view.render()?))
}

/// Pages with the marks of the query that led here, and how many hits there are. Only the page the reader lands on
/// brings its text along.
async fn sheets_of(
    web: &Web,
    seat: &Seat,
    document: &Document,
    query: &str,
    start_page: u32,
) -> Result<(Vec<Sheet>, usize)> {
    let (asker, id) = (&seat.asker, &document.row.id);
    let mut marks: HashMap<u32, Vec<Mark>> = HashMap::new();
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
            let doubts: Vec<Mark> = page
                .unread_regions
                .iter()
                .flat_map(|region| parts::marks(&region.reason, &[region.area]))
                .collect();
            Sheet {
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
                    PageState::Read if !doubts.is_empty() => seat.t.say("partly-read"),
                    PageState::Read => String::new(),
                },
                doubts,
            }
        })
        .collect();
    Ok((sheets, count))
}

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
    let mut found = Vec::with_capacity(pages.len());
    for page in pages {
        let text = web
            .archive
            .page_text(&seat.asker, &document.row.id, page.number)
            .await?;
        if let Some(text) = text {
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

fn warnings_of(t: Text, document: &Document) -> Vec<String> {
    let mut warnings = Vec::new();
    match document.row.state {
        DocumentState::InReview => warnings.push(t.say("warning-needs-review")),
        DocumentState::Withdrawn => warnings.push(t.say("warning-withdrawn")),
        DocumentState::Filed => {}
    }
    for page in document.pages.iter().filter(|page| page.state == PageState::Failed) {
        warnings.push(t.fill(
            "warning-page-failed",
            &[("page", &page.number), ("reason", &details::said(t, &page.failure))],
        ));
    }
    let regions = document.pages.iter().flat_map(|page| &page.unread_regions);
    // Doubtful text was read all the same; the box on reading says where it stands.
    let unread = regions.filter(|region| region.reason != "low_confidence").count();
    if unread > 0 {
        warnings.push(t.n("warning-unread-ink", unread));
    }
    warnings
}

fn facts_of(web: &Web, t: Text, document: &Document, kind: &str) -> Vec<Fact> {
    let row = &document.row;
    let mut facts = Vec::new();
    let mut add = |key: &str, value: String, url: String, code: bool| {
        if !value.is_empty() {
            facts.push(Fact {
                label: t.say(key),
                value,
                url,
                code,
            });
        }
    };
    add("fact-kind", kind.to_owned(), String::new(), false);
    add("fact-number", row.number.clone(), String::new(), true);
    add("fact-date", row.date.clone(), String::new(), false);
    let pages = match row.pages_declared {
        Some(declared) if declared != row.pages_scanned => t.fill(
            "pages-of-declared",
            &[("scanned", &row.pages_scanned), ("declared", &declared)],
        ),
        _ => t.number(row.pages_scanned),
    };
    add("fact-pages", pages, String::new(), false);
    add(
        "fact-dossier",
        row.dossier_no.clone(),
        address::customer(&row.customer_code),
        true,
    );
    add(
        "fact-security",
        t.say(&format!("security-{}", row.security_level.number())),
        String::new(),
        false,
    );
    add(
        "fact-copy",
        t.word("copy", row.copy_state.as_str()),
        String::new(),
        false,
    );
    if !document.valid_until.is_empty() {
        let until = if document.valid_until == Until::UNLIMITED {
            t.say("valid-unlimited")
        } else {
            document.valid_until.clone()
        };
        add(
            "fact-valid",
            format!("{} – {until}", document.valid_from)
                .trim_start_matches(" – ")
                .to_owned(),
            String::new(),
            false,
        );
    }
    for (name, value) in &document.attributes {
        facts.push(Fact {
            label: name.clone(),
            value: value.clone(),
            url: String::new(),
            code: false,
        });
    }
    let mut add = |key: &str, value: String, url: String, code: bool| {
        if !value.is_empty() {
            facts.push(Fact {
                label: t.say(key),
                value,
                url,
                code,
            });
        }
    };
    add(
        "fact-batch",
        document.batch_name.clone(),
        format!("/batches/{}", address::encode(&document.batch_id)),
        false,
    );
    add("fact-filed", web.local(row.created_at), String::new(), false);
    add("fact-id", row.id.to_string(), String::new(), true);
    facts
}

fn why_linked(t: Text, document: &Document) -> Vec<Reason> {
    let reason = |text: String, words: &str, page: u32| Reason {
        text,
        words: words.to_owned(),
        page,
    };
    if document.row.state == DocumentState::InReview {
        return vec![reason(
            t.word("reason", &document.review_reason),
            &details::said(t, &document.link_detail),
            0,
        )];
    }
    let detail = document.link_detail.as_str();
    let basis = document.link_basis;
    let text = t.word("linked", basis.as_str());
    // Where the reason is a number on a page, the page is named and the number marked there.
    let stands_on_page = !matches!(
        basis,
        LinkBasis::Person
            | LinkBasis::Manifest
            | LinkBasis::CommandLine
            | LinkBasis::CoverSheet
            | LinkBasis::Folder
            | LinkBasis::None
    );
    let evidence = document
        .facts
        .iter()
        .filter(|_| stands_on_page && !detail.is_empty())
        .find(|fact| detail.contains(&fact.value) || detail.contains(&fact.text));
    vec![reason(
        text,
        &parts::words_of(t, detail),
        evidence.map_or(0, |fact| fact.page_number),
    )]
}

fn scan_row(id: &DocumentId, scan: &DocumentScan) -> ScanRow {
    let DocumentScan {
        sha256,
        bytes,
        media_type,
        path,
    } = scan;
    ScanRow {
        url: format!("{}/scans/{sha256}", address::document(id.as_str())),
        name: parts::short_path(path).to_owned(),
        size: size_text(*bytes),
        media: match media_type.as_str() {
            "application/pdf" => "PDF",
            "image/tiff" => "TIFF",
            "image/jpeg" => "JPEG",
            "image/png" => "PNG",
            "image/bmp" => "BMP",
            "image/webp" => "WebP",
            other => other,
        }
        .to_owned(),
        digest: sha256.clone(),
    }
}

/// Bytes for people: `812 B`, `64 KB`, `1.2 MB`.
fn size_text(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
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
    let text = web.archive.page_text(&seat.asker, &id, number).await?;
    let lines = text.map(|text| parts::lines_of(text.layer)).unwrap_or_default();
    Ok(Html(PageTextView { lines }.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let check = |bytes, expected: &str| assert_eq!(size_text(bytes), expected);
        check(812, "812 B");
        check(64_700, "64 KB");
        check(1_233_435, "1.2 MB");
    }
}
