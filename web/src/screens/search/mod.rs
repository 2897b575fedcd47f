//! Search: find the page. The address holds the whole question, so a view can be reloaded, kept and sent on.

mod facets;
mod hits;
mod lesson;
mod offers;
mod saved;

pub use facets::{Chip, Facet, FacetValue, write_filter};
pub use hits::{Group, Hit};
pub use lesson::{NoHits, QueryPart};
pub use offers::{Offer, OffersView, offers};
pub use saved::{OwnSearches, SavedRow, clear_recent, delete, rename, save, undelete};

use super::{
    parts::Link,
    shell::{Here, Notice, Shell},
};
use crate::{
    export::{self, Format},
    http::{address, error::Result, who::Seat},
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{Html, IntoResponse, Redirect, Response},
};
use index::{Field, Freshness, QueryError, SearchRequest};
use records::{audit::EventDraft, ids::SavedSearchId, places::CodeLookup};
use serde::Deserialize;
use std::time::Instant;

#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchView {
    pub t: Text,
    pub shell: Shell,
    pub query: String,
    pub sort: String,
    pub chips: Vec<Chip>,
    pub total: String,
    /// The same search to its end, where it stopped before.
    pub count_all: Option<String>,
    pub orders: Vec<Order>,
    pub facets: Vec<Facet>,
    /// Counting stopped before the end, and so did the counts beside the facets.
    pub facets_capped: bool,
    /// What is wrong with the query and where.
    pub faults: Vec<String>,
    pub groups: Vec<Group>,
    /// What was found only with one misread character, apart from the rest.
    pub near: Option<Near>,
    /// Where more of them are to be had, fetched once the exact hits stand there.
    pub near_more: Option<String>,
    pub hits_shown: usize,
    pub next_window: Option<String>,
    /// The list from its beginning, for a window further down.
    pub first_window: Option<String>,
    pub no_hits: Option<NoHits>,
    pub own: OwnSearches,
    /// A deletion that can be taken back: where the form is sent to.
    pub undo: Option<String>,
    /// The list as a file; empty without hits.
    pub exports: Vec<Link>,
}

#[derive(Debug, Clone)]
pub struct Near {
    pub note: String,
    /// Unfolded where hardly anything was found exactly.
    pub open: bool,
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone)]
pub struct Order {
    pub url: String,
    pub label: String,
    pub chosen: bool,
}

/// With fewer exact hits than this the doubtful ones are unfolded.
const NEAR_OPEN_BELOW: usize = 10;

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct SearchAddress {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub sort: String,
    #[serde(default)]
    pub after: usize,
    /// `1`: also every page on which the word stands with one misread character.
    #[serde(default)]
    pub near: String,
    /// `1`: count to the end, however long it takes.
    #[serde(default)]
    pub all: String,
    /// What was just done with an own search.
    #[serde(default)]
    said: String,
    #[serde(default)]
    undo: String,
}

impl SearchAddress {
    fn with(&self, query: &str, after: usize) -> String {
        self.sorted(query, &self.sort, after)
    }

    fn sorted(&self, query: &str, sort: &str, after: usize) -> String {
        let after = if after == 0 { String::new() } else { after.to_string() };
        let all = if query == self.q.trim() { self.all.as_str() } else { "" };
        address::with_query(
            "/search",
            &[("q", query), ("sort", sort), ("all", all), ("after", &after)],
        )
    }

    /// The same search with one more condition.
    fn narrowed(&self, t: Text, field: Field, value: &str) -> String {
        let filter = facets::write_filter(t, field, value);
        self.with(format!("{} {filter}", self.q.trim()).trim(), 0)
    }
}

/// `GET /search`
pub async fn search(
    State(web): State<Web>,
    seat: Seat,
    headers: HeaderMap,
    Query(asked): Query<SearchAddress>,
) -> Result<Response> {
    let t = seat.t;
    let typed = asked.q.trim().to_owned();
    // Something shaped like a code goes there, but only when it was sent and not while it is being typed.
    let is_being_typed = headers.contains_key("x-part");
    if !is_being_typed
        && asked.after == 0
        && let Some(target) = place_of(&web, &seat, &typed).await?
    {
        return Ok(Redirect::to(&target).into_response());
    }
    let mut shell = web.shell(&seat, Here::Search).await?;
    shell.query.clone_from(&typed);
    shell.focus_find = true;
    shell.notice = notice_of(t, &asked.said);
    let mut view = SearchView {
        t,
        shell,
        query: typed.clone(),
        sort: asked.sort.clone(),
        chips: Vec::new(),
        total: String::new(),
        count_all: None,
        orders: Vec::new(),
        facets: Vec::new(),
        facets_capped: false,
        faults: Vec::new(),
        groups: Vec::new(),
        near: None,
        near_more: None,
        hits_shown: 0,
        next_window: None,
        first_window: (asked.after > 0).then(|| asked.with(&typed, 0)),
        no_hits: None,
        own: saved::own_searches(&web, &seat, &typed).await?,
        undo: SavedSearchId::parse(&asked.undo)
            .ok()
            .filter(|_| asked.said == "deleted")
            .map(|id| format!("/searches/{id}/undelete")),
        exports: Vec::new(),
    };
    if !typed.is_empty() {
        fill(&web, &seat, &asked, !is_being_typed, &mut view).await?;
    }
    Ok(Html(view.render()?).into_response())
}

fn notice_of(t: Text, said: &str) -> Option<Notice> {
    let (tone, key) = match said {
        "saved" => ("good", "saved-search-saved"),
        "renamed" => ("good", "saved-search-renamed"),
        "deleted" => ("good", "saved-search-deleted"),
        "undeleted" => ("good", "saved-search-undeleted"),
        "sealed" => ("good", "document-sealed"),
        "cleared" => ("good", "recent-searches-cleared"),
        "name-taken" => ("warn", "saved-search-name-taken"),
        "name-wrong" => ("warn", "saved-search-name-wrong"),
        "too-many-saved" => ("warn", "saved-search-too-many"),
        _ => return None,
    };
    Some(Notice { tone, text: t.say(key) })
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

async fn fill(web: &Web, seat: &Seat, asked: &SearchAddress, sent: bool, view: &mut SearchView) -> Result<()> {
    let t = seat.t;
    let typed = asked.q.trim();
    let limit = web.config.limits.hits_default;
    let request = SearchRequest {
        query: typed.to_owned(),
        sorting: services::search::sorting(&asked.sort).unwrap_or_default(),
        offset: asked.after,
        limit,
        exact_total: asked.all == "1",
        near: if asked.near == "1" {
            index::Near::Always
        } else {
            index::Near::Never
        },
        ..SearchRequest::default()
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
    let chips = answer.query.chips().into_iter();
    view.chips = chips.map(|chip| facets::chip_of(t, chip, asked)).collect();
    view.faults = answer
        .query
        .notices
        .iter()
        .map(|notice| notice_text(t, notice))
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
    if !answer.total_is_exact {
        view.count_all = Some(format!("{}&all=1", asked.with(typed, 0)));
    }
    view.orders = services::search::SORTINGS
        .iter()
        .map(|(name, _)| Order {
            url: asked.sorted(typed, name, 0),
            label: t.say(if name.is_empty() {
                "order-relevance"
            } else {
                order_key(name)
            }),
            chosen: asked.sort == *name,
        })
        .collect();
    view.facets = facets::facets_of(t, &answer.facets, answer.total_is_exact, &kinds, &answer.query, asked);
    view.facets_capped = !answer.total_is_exact;
    let (total, parts) = (answer.total, answer.query.clone());
    let documents = services::search::found(&web.archive, &seat.asker, answer.documents).await?;
    let near = services::search::found(&web.archive, &seat.asker, answer.near).await?;
    view.hits_shown = documents.len() + near.len();
    if asked.after + limit < total {
        view.next_window = Some(asked.with(typed, asked.after + limit));
    }
    if !documents.is_empty() {
        view.exports = [("csv", "CSV"), ("xlsx", "Excel")]
            .map(|(format, label)| Link {
                url: address::with_query(&format!("/search.{format}"), &[("q", typed), ("sort", &asked.sort)]),
                label: label.to_owned(),
            })
            .into();
    }
    let found_exactly = !documents.is_empty();
    view.groups = hits::groups_of(t, documents, &kinds, asked);
    if !near.is_empty() {
        let key = if answer.near_goes_on {
            "approximate-some"
        } else {
            "approximate-note"
        };
        view.near = Some(Near {
            note: t.n(key, near.len()),
            open: total < NEAR_OPEN_BELOW,
            groups: hits::groups_of(t, near, &kinds, asked),
        });
    }
    if answer.near_goes_on && asked.near != "1" {
        view.near_more = Some(format!("{}&near=1", asked.with(typed, 0)));
    }
    if !found_exactly && asked.after == 0 {
        view.no_hits = Some(lesson::blame(web, seat, asked, &parts).await?);
    }
    let event = EventDraft::new("search.ran", "search", "").detail(format!("documents={total}"));
    let remembered = (sent && asked.after == 0).then_some(typed);
    web.archive.note_search(&seat.asker, event, remembered).await?;
    Ok(())
}

/// `GET /search.csv`: the whole list that the view shows a window of.
pub async fn csv(State(web): State<Web>, seat: Seat, Query(asked): Query<SearchAddress>) -> Result<Response> {
    exported(&web, &seat, &asked, Format::Csv).await
}

/// `GET /search.xlsx`
pub async fn xlsx(State(web): State<Web>, seat: Seat, Query(asked): Query<SearchAddress>) -> Result<Response> {
    exported(&web, &seat, &asked, Format::Xlsx).await
}

async fn exported(web: &Web, seat: &Seat, asked: &SearchAddress, format: Format) -> Result<Response> {
    let sorting = services::search::sorting(&asked.sort).unwrap_or_default();
    export::hits(web, &seat.asker, seat.t, asked.q.trim(), sorting, format).await
}

fn order_key(name: &str) -> &'static str {
    match name {
        "newest" => "order-newest",
        "oldest" => "order-oldest",
        _ => "order-location",
    }
}

/// What is wrong, and at which character.
fn fault_text(t: Text, fault: &QueryError) -> String {
    let text = match fault {
        QueryError::TooLong { limit, .. } => t.n("query-too-long", limit),
        QueryError::TooManyConditions { limit } => t.n("query-too-many-conditions", limit),
        QueryError::TooBroad { limit } => t.n("query-too-broad", limit),
        QueryError::BrokenDate { text, .. } => t.with("query-broken-date", "text", text),
        QueryError::BrokenSecurity { text, .. } => t.with("query-broken-security", "text", text),
    };
    match fault.place() {
        Some((at, _)) => t.fill("query-fault-at", &[("what", &text), ("at", &(at + 1))]),
        None => text,
    }
}

fn notice_text(t: Text, notice: &index::Notice) -> String {
    let key = format!("notice-{}", notice.code.as_str().replace('_', "-"));
    t.with(&key, "text", &notice.text)
}
