//! Search: find the page.

use super::{
    parts::{self, Badge, Link, Piece, Thumb},
    shell::{Here, Shell},
};
use crate::{
    address,
    answers::{self, FoundDocument},
    error::Result,
    images,
    state::Web,
    text::Text,
    who::Seat,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{Html, IntoResponse, Redirect, Response},
};
use index::{Facets, Field, Freshness, QueryError, SearchRequest, Snippet, Sorting};
use records::{audit::EventDraft, documents::DocumentState, kinds::Kinds, locations::CodeLookup};
use serde::Deserialize;
use std::time::Instant;

#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchView {
    pub t: Text,
    pub shell: Shell,
    pub query: String,
    pub chips: Vec<Chip>,
    pub total: String,
    pub orders: Vec<Order>,
    pub facets: Vec<Facet>,
    /// What is wrong with the query and where.
    pub faults: Vec<String>,
    pub sections: Vec<Section>,
    pub hits_shown: usize,
    pub next_window: Option<String>,
    pub no_hits: Option<NoHits>,
}

/// A part of the query as it was understood.
#[derive(Debug, Clone)]
pub struct Chip {
    pub field: String,
    pub text: String,
    pub without: String,
    pub wrong: bool,
}

#[derive(Debug, Clone)]
pub struct Order {
    pub url: String,
    pub label: String,
    pub chosen: bool,
}

#[derive(Debug, Clone)]
pub struct Facet {
    pub label: String,
    pub values: Vec<FacetValue>,
}

#[derive(Debug, Clone)]
pub struct FacetValue {
    pub url: String,
    pub label: String,
    pub count: u64,
    pub chosen: bool,
}

/// Exact hits first; what was found only with a reading error stands apart under its note.
#[derive(Debug, Clone)]
pub struct Section {
    pub note: Option<String>,
    pub groups: Vec<Group>,
}

/// Hits of one dossier.
#[derive(Debug, Clone)]
pub struct Group {
    pub customer_code: String,
    pub customer_name: String,
    pub customer_url: String,
    pub dossier_no: String,
    pub hits: Vec<Hit>,
}

#[derive(Debug, Clone)]
pub struct Hit {
    pub url: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub page: u32,
    pub page_text: String,
    pub snippet: Vec<Piece>,
    pub location_code: String,
    pub location_url: String,
    pub state: Badge,
    pub warning: String,
    pub thumb: Option<Thumb>,
}

/// Nothing was found: which part of the query is to blame, and what would find something.
#[derive(Debug, Clone, Default)]
pub struct NoHits {
    pub parts: Vec<QueryPart>,
    pub loosen: Vec<Link>,
}

#[derive(Debug, Clone)]
pub struct QueryPart {
    pub text: String,
    pub count: u64,
}

#[derive(Template)]
#[template(path = "offers.html")]
pub struct OffersView {
    pub offers: Vec<Offer>,
}

#[derive(Debug, Clone)]
pub struct Offer {
    pub what: String,
    pub name: String,
    pub more: String,
    pub url: String,
    /// Filled where a customer is asked for.
    pub customer_code: String,
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct SearchAddress {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    after: usize,
}

impl SearchAddress {
    fn with(&self, query: &str, sort: &str, after: usize) -> String {
        let after = if after == 0 { String::new() } else { after.to_string() };
        address::with_query("/search", &[("q", query), ("sort", sort), ("after", &after)])
    }

    fn sorting(&self) -> Sorting {
        match self.sort.as_str() {
            "newest" => Sorting::NewestFirst,
            "oldest" => Sorting::OldestFirst,
            _ => Sorting::Relevance,
        }
    }
}

/// Parts of a query that are looked up one by one when the whole finds nothing.
const BLAMED_PARTS_MAX: usize = 6;
/// Below this mean confidence a page is said to be hard to read.
const CONFIDENCE_LOW: f64 = 0.8;
/// Characters before the first mark of a snippet.
const LEAD_CHARACTERS: usize = 12;
const FACET_VALUES_MAX: usize = 12;

/// `GET /search`
pub async fn search(
    State(web): State<Web>,
    seat: Seat,
    headers: HeaderMap,
    Query(asked): Query<SearchAddress>,
) -> Result<Response> {
    let typed = asked.q.trim().to_owned();
    // Something shaped like a code goes there, but only when it was sent and not while it is being typed.
    let is_part = headers.contains_key("x-part");
    if !is_part
        && asked.after == 0
        && let Some(target) = place_of(&web, &seat, &typed).await?
    {
        return Ok(Redirect::to(&target).into_response());
    }
    let mut shell = web.shell(&seat, Here::Search).await?;
    shell.query.clone_from(&typed);
    shell.focus_find = true;
    let mut view = SearchView {
        t: seat.t,
        shell,
        query: typed.clone(),
        chips: Vec::new(),
        total: String::new(),
        orders: Vec::new(),
        facets: Vec::new(),
        faults: Vec::new(),
        sections: Vec::new(),
        hits_shown: 0,
        next_window: None,
        no_hits: None,
    };
    if !typed.is_empty() {
        fill(&web, &seat, &asked, &typed, &mut view).await?;
    }
    Ok(Html(view.render()?).into_response())
}

async fn place_of(web: &Web, seat: &Seat, typed: &str) -> Result<Option<String>> {
    let shaped = typed.contains('-') && typed.chars().count() <= 40 && !typed.contains([' ', '"', ':', '：', '*', '|']);
    if !shaped {
        return Ok(None);
    }
    Ok(match web.archive.locate(&seat.asker, typed).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => Some(address::location(&place.code)),
        CodeLookup::Ambiguous(_) | CodeLookup::None => None,
    })
}

async fn fill(web: &Web, seat: &Seat, asked: &SearchAddress, typed: &str, view: &mut SearchView) -> Result<()> {
    let t = seat.t;
    let limit = web.config.limits.hits_default;
    let request = SearchRequest {
        query: typed.to_owned(),
        sorting: asked.sorting(),
        offset: asked.after,
        limit,
        exact_total: false,
    };
    if let Some(Freshness::Behind(_)) = web.catch_up(&seat.asker).await {
        view.shell.lag = Some(t.say("lag"));
    }
    let began = Instant::now();
    let answer = match web.finder.search(&seat.asker, &request).await {
        Ok(answer) => answer,
        Err(index::Error::Query(fault)) => {
            view.faults.push(fault_text(t, &fault));
            return Ok(());
        }
        Err(cause) => return Err(cause.into()),
    };
    web.metrics.searches.note(began.elapsed());
    let kinds = web.archive.kinds(&seat.asker).await?;
    view.chips = answer
        .query
        .chips()
        .into_iter()
        .map(|chip| chip_of(t, chip, asked))
        .collect();
    view.faults = answer
        .query
        .notices
        .iter()
        .map(|notice| {
            t.with(
                &format!("notice-{}", notice.code.as_str().replace('_', "-")),
                "text",
                &notice.text,
            )
        })
        .collect();
    let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    let key = if answer.total_is_exact {
        "search-total"
    } else {
        "search-total-many"
    };
    view.total = t.fill(
        key,
        &[("total", &answer.total), ("pages", &answer.total_pages), ("ms", &took)],
    );
    view.orders = [
        ("", "order-relevance"),
        ("newest", "order-newest"),
        ("oldest", "order-oldest"),
    ]
    .map(|(sort, key)| Order {
        url: asked.with(typed, sort, 0),
        label: t.say(key),
        chosen: asked.sort == sort,
    })
    .into();
    view.facets = facets_of(t, &answer.facets, &kinds, &answer.query, asked, typed);
    let (total, parts) = (answer.total, answer.query.clone());
    let documents = answers::found(&web.archive, &seat.asker, answer.documents).await?;
    let near = answers::found(&web.archive, &seat.asker, answer.near).await?;
    view.hits_shown = documents.len() + near.len();
    if asked.after + documents.len() < total {
        view.next_window = Some(asked.with(typed, &asked.sort, asked.after + limit));
    }
    let found_exactly = !documents.is_empty();
    for (note, found) in [(None, documents), (Some(t.say("approximate-note")), near)] {
        if !found.is_empty() {
            view.sections.push(Section {
                note,
                groups: groups_of(t, found, &kinds, typed),
            });
        }
    }
    if !found_exactly && asked.after == 0 {
        view.no_hits = Some(blame(web, seat, asked, &parts).await?);
    }
    let event = EventDraft::new("search.ran", "search", "").detail(format!("documents={total}"));
    web.archive.note_read(&seat.asker, event).await?;
    Ok(())
}

fn fault_text(t: Text, fault: &QueryError) -> String {
    match fault {
        QueryError::TooLong { limit, .. } => t.n("query-too-long", limit),
        QueryError::TooManyConditions { limit } => t.n("query-too-many-conditions", limit),
        QueryError::BrokenDate { text, .. } => t.with("query-broken-date", "text", text),
        QueryError::BrokenSecurity { text, .. } => t.with("query-broken-security", "text", text),
    }
}

fn chip_of(t: Text, chip: index::Chip, asked: &SearchAddress) -> Chip {
    let field = chip
        .field
        .map(|field| {
            if t.is_chinese() {
                field.chinese()
            } else {
                field.english()
            }
        })
        .unwrap_or_default();
    let shown = match chip.field {
        Some(_) => chip
            .text
            .split_once([':', '：'])
            .map_or(chip.text.as_str(), |(_, value)| value)
            .to_owned(),
        None => chip.text.clone(),
    };
    Chip {
        field: if chip.negated && !field.is_empty() {
            format!("-{field}")
        } else {
            field.to_owned()
        },
        text: shown,
        without: asked.with(&chip.without, &asked.sort, 0),
        wrong: false,
    }
}

fn facets_of(
    t: Text,
    found: &Facets,
    kinds: &Kinds,
    query: &index::Query,
    asked: &SearchAddress,
    typed: &str,
) -> Vec<Facet> {
    let facet = |label: &str, field: Field, values: &[(String, usize)], name: &dyn Fn(&str) -> String| {
        let chosen: Vec<_> = query
            .values_of(field)
            .iter()
            .map(|(value, _)| (*value).to_owned())
            .collect();
        let values: Vec<_> = values
            .iter()
            .filter(|(value, _)| !value.is_empty())
            .take(FACET_VALUES_MAX)
            .map(|(value, count)| {
                let label = name(value);
                // People read the query, so it says what the facet says, where that means the same.
                let says_the_same = field == Field::Kind || index::fields::parse_states(&label) == [value.as_str()];
                let filter = index::grammar::write_filter(field, if says_the_same { &label } else { value });
                let is_chosen = chosen.iter().any(|one| *one == label || one == value);
                let query = if is_chosen {
                    typed.replace(&filter, "").trim().to_owned()
                } else {
                    format!("{typed} {filter}")
                };
                FacetValue {
                    url: asked.with(&query, &asked.sort, 0),
                    label,
                    count: *count as u64,
                    chosen: is_chosen,
                }
            })
            .collect();
        (!values.is_empty()).then(|| Facet {
            label: t.say(label),
            values,
        })
    };
    // The state facet counts documents in review too; the word "filed" would only say that the others are not.
    let originals: Vec<_> = found
        .state
        .iter()
        .filter(|(state, _)| state != DocumentState::Filed.as_str())
        .cloned()
        .collect();
    [
        facet("facet-kind", Field::Kind, &found.kind, &|code| {
            kinds.name(code, t.lang()).to_owned()
        }),
        facet("facet-state", Field::State, &originals, &|state| t.word("state", state)),
        facet("facet-year", Field::Date, &found.year, &str::to_owned),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn groups_of(t: Text, found: Vec<FoundDocument>, kinds: &Kinds, typed: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for document in found {
        let row = &document.row;
        let group = match groups
            .iter_mut()
            .find(|group| group.customer_code == row.customer_code && !row.customer_code.is_empty())
        {
            Some(group) => group,
            None => {
                groups.push(Group {
                    customer_url: address::customer(&row.customer_code),
                    customer_code: row.customer_code.clone(),
                    customer_name: row.customer_name.clone(),
                    dossier_no: row.dossier_no.clone(),
                    hits: Vec::new(),
                });
                groups.last_mut().expect("one was pushed on the line before")
            }
        };
        group.hits.push(hit_of(t, document, kinds, typed));
    }
    groups
}

fn hit_of(t: Text, found: FoundDocument, kinds: &Kinds, typed: &str) -> Hit {
    let FoundDocument { row, hit, pages } = found;
    let kind = answers::kind_name(kinds, &row.kind, t.lang()).to_owned();
    let first = hit.pages.first();
    let number = first.map_or(0, |page| page.number);
    let page = number.to_string();
    let thumb = pages.iter().find(|page| page.page.number == number).map(|page| Thumb {
        image: images::page_address(&row.id, &page.page, images::PREVIEW),
        width: i64::from(page.page.width),
        height: i64::from(page.page.height),
        marks: parts::marks("0", &page.areas),
    });
    let warning = match pages.iter().find(|page| page.page.number == number) {
        Some(page) if !page.page.unread_regions.is_empty() => t.say("partly-read"),
        Some(page) if page.confidence.is_some_and(|confidence| confidence < CONFIDENCE_LOW) => t.say("low-confidence"),
        _ => String::new(),
    };
    Hit {
        url: address::with_query(
            &address::document(row.id.as_str()),
            &[("page", if number == 0 { "" } else { &page }), ("q", typed)],
        ),
        title: parts::title_of(t, &row, &kind),
        number: row.number.clone(),
        date: row.date.clone(),
        page: number,
        page_text: if hit.pages_hit > 1 {
            t.fill("hit-pages", &[("page", &number), ("n", &hit.pages_hit)])
        } else {
            t.with("page-of", "page", number)
        },
        snippet: first.map(|page| pieces(&page.snippet)).unwrap_or_default(),
        location_url: address::location(&row.place.location_code),
        location_code: row.place.location_code.clone(),
        state: Badge::of_original(t, row.place.state),
        warning,
        thumb,
        kind,
    }
}

/// A snippet as runs of marked and unmarked text, on one line.
fn pieces(snippet: &Snippet) -> Vec<Piece> {
    let characters: Vec<char> = snippet.text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    let mut pieces = Vec::new();
    // One line is shown, so the first mark must stand near its beginning.
    let mut at = snippet
        .marks
        .first()
        .map_or(0, |mark| mark.start.saturating_sub(LEAD_CHARACTERS));
    let run = |from: usize, until: usize| {
        characters
            .get(from..until)
            .unwrap_or_default()
            .iter()
            .collect::<String>()
    };
    if snippet.cut_before || at > 0 {
        pieces.push(Piece {
            text: "…".to_owned(),
            marked: false,
        });
    }
    for mark in &snippet.marks {
        if mark.start > at {
            pieces.push(Piece {
                text: run(at, mark.start),
                marked: false,
            });
        }
        pieces.push(Piece {
            text: run(mark.start.max(at), mark.end),
            marked: true,
        });
        at = mark.end.max(at);
    }
    if at < characters.len() {
        pieces.push(Piece {
            text: run(at, characters.len()),
            marked: false,
        });
    }
    if snippet.cut_after {
        pieces.push(Piece {
            text: "…".to_owned(),
            marked: false,
        });
    }
    pieces
}

/// Which part of the query found nothing, and what would find something.
async fn blame(web: &Web, seat: &Seat, asked: &SearchAddress, query: &index::Query) -> Result<NoHits> {
    let t = seat.t;
    let mut lesson = NoHits::default();
    let positive: Vec<_> = query.clauses.iter().filter(|clause| !clause.negated).collect();
    for clause in positive.iter().take(BLAMED_PARTS_MAX) {
        let request = SearchRequest {
            query: clause.written.clone(),
            limit: 0,
            ..SearchRequest::default()
        };
        let count = match web.finder.search(&seat.asker, &request).await {
            Ok(answer) => answer.total_pages,
            Err(index::Error::Query(_)) => 0,
            Err(cause) => return Err(cause.into()),
        };
        lesson.parts.push(QueryPart {
            text: clause.written.clone(),
            count: count as u64,
        });
        if positive.len() > 1 && count == 0 {
            let rest: Vec<_> = query
                .clauses
                .iter()
                .filter(|other| !std::ptr::eq(*other, *clause))
                .map(|other| other.written.as_str())
                .collect();
            lesson.loosen.push(Link {
                url: asked.with(&rest.join(" "), "", 0),
                label: t.with("loosen-drop", "text", &clause.written),
            });
        }
    }
    let typed = asked.q.trim();
    if typed.contains(['"', '“', '”']) {
        let plain = typed.replace(['"', '“', '”'], " ");
        lesson.loosen.push(Link {
            url: asked.with(plain.trim(), "", 0),
            label: t.say("loosen-unquote"),
        });
    }
    Ok(lesson)
}

#[derive(Debug, Deserialize)]
pub struct OffersAddress {
    #[serde(default)]
    q: String,
    #[serde(default, rename = "for")]
    purpose: String,
}

const OFFERED_CUSTOMERS: usize = 6;
const OFFERED_LOCATIONS: usize = 4;

/// `GET /offers`: customers, places and numbers for what has been typed so far.
pub async fn offers(State(web): State<Web>, seat: Seat, Query(asked): Query<OffersAddress>) -> Result<Html<String>> {
    let (t, typed) = (seat.t, asked.q.trim());
    let mut offers = Vec::new();
    if typed.is_empty() || typed.chars().count() > web.config.limits.query_characters_max {
        return Ok(Html(String::new()));
    }
    for row in super::customers::matching(&web, &seat, typed, OFFERED_CUSTOMERS).await? {
        offers.push(Offer {
            what: t.say("offer-customer"),
            name: row.name,
            url: address::customer(&row.code),
            customer_code: if asked.purpose == "customer" {
                row.code.clone()
            } else {
                String::new()
            },
            more: row.code,
        });
    }
    if asked.purpose != "customer" {
        for place in web
            .archive
            .locations_suggest(&seat.asker, typed, OFFERED_LOCATIONS)
            .await?
        {
            offers.push(Offer {
                what: t.say("offer-location"),
                url: address::location(&place.code),
                name: place.name,
                more: place.code,
                customer_code: String::new(),
            });
        }
        if typed.chars().count() >= 4
            && let Some(document) = web.archive.document(&seat.asker, typed).await?
        {
            offers.push(Offer {
                what: t.say("offer-number"),
                url: address::document(document.row.id.as_str()),
                name: document.row.title,
                more: document.row.number,
                customer_code: String::new(),
            });
        }
    }
    Ok(Html(OffersView { offers }.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_become_runs() {
        let snippet = Snippet {
            text: "本合同服务费用\n总额".into(),
            marks: vec![3..6, 8..9],
            cut_before: true,
            cut_after: false,
        };
        let runs: Vec<_> = pieces(&snippet)
            .into_iter()
            .map(|piece| (piece.text, piece.marked))
            .collect();
        let expected = [
            ("…", false),
            ("本合同", false),
            ("服务费", true),
            ("用 ", false),
            ("总", true),
            ("额", false),
        ];
        assert_eq!(runs, expected.map(|(text, marked)| (text.to_owned(), marked)));
    }
}
