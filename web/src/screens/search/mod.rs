//! Search: find the page. The address holds the whole question, so a view can be reloaded, kept and sent on.

mod facets;
mod field_offers;
mod hits;
mod known;
mod lesson;
mod offer;
mod offers;
mod results;
mod sample;
mod saved;

pub use facets::{Facet, FacetValue, FilterChip, write_filter};
pub use hits::{HitGroup, HitView};
pub use lesson::{NoHits, QueryPart};
pub use offer::{Offer, OffersView};
pub use offers::offers;
use results::Results;
pub use results::query_fault;
pub use saved::{OwnSearches, SavedRow, clear_recent, delete, rename, save, undelete};

use super::{
    parts::ViewLink,
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    export::{self, Format},
    http::{address, error::Result, who::Seat},
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{Html, IntoResponse, Redirect, Response},
};
use index::QueryField;
use records::ids::SavedSearchId;
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "search",
    rail: Some(rail::entry("/search", "search", "way-search")),
    routes,
    words: "search",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/search", search)
        .part("/search.csv", csv)
        .part("/search.xlsx", xlsx)
        .form("/searches", save)
        .form("/searches/recent/clear", clear_recent)
        .form("/searches/{id}/rename", rename)
        .form("/searches/{id}/delete", delete)
        .form("/searches/{id}/undelete", undelete)
        .part("/offers", offers)
        .asked("q=a")
}

#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchView {
    pub t: Text,
    pub shell: Shell,
    pub query: String,
    pub sort: String,
    /// Places and customers that are called what was typed.
    pub known: Vec<ViewLink>,
    pub chips: Vec<FilterChip>,
    pub total: String,
    /// The same search to its end, where it stopped before.
    pub count_all: Option<String>,
    pub orders: Vec<Order>,
    pub facets: Vec<Facet>,
    /// Counting stopped before the end, and so did the counts beside the facets.
    pub facets_capped: bool,
    /// What is wrong with the query and where.
    pub faults: Vec<String>,
    pub groups: Vec<HitGroup>,
    /// What was found only with one misread character, apart from the rest.
    pub near: Option<NearHits>,
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
    pub exports: Vec<ViewLink>,
}

#[derive(Debug, Clone)]
pub struct NearHits {
    pub note: String,
    /// Unfolded where hardly anything was found exactly.
    pub open: bool,
    pub groups: Vec<HitGroup>,
}

#[derive(Debug, Clone)]
pub struct Order {
    pub url: String,
    pub label: String,
    pub chosen: bool,
}

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
    fn narrowed(&self, t: Text, field: QueryField, value: &str) -> String {
        let filter = facets::write_filter(t, field, value);
        self.with(format!("{} {filter}", self.q.trim()).trim(), 0)
    }
}

/// What the script of the search field says of a text that was sent, in `x-part`.
const SENT: &[u8] = b"sent";
/// Where that text leads instead of to hits.
const LEADS_TO: &str = "x-leads-to";

/// `GET /search`
pub async fn search(
    State(web): State<Web>,
    seat: Seat,
    headers: HeaderMap,
    Query(asked): Query<SearchAddress>,
) -> Result<Response> {
    let t = seat.t;
    let typed = asked.q.trim().to_owned();
    // A code goes to its place, but only when it was sent and not while it is being typed.
    let part = headers.get("x-part").map(|part| part.as_bytes());
    let is_being_typed = part.is_some_and(|part| part != SENT);
    if !is_being_typed
        && asked.after == 0
        && !typed.is_empty()
        && let Some(target) = known::leads_to(&web, &seat, &typed).await?
    {
        return Ok(match part {
            // A script must be told; it would follow a redirect without knowing.
            Some(_) => [(LEADS_TO, target)].into_response(),
            None => Redirect::to(&target).into_response(),
        });
    }
    let results = if typed.is_empty() {
        Results::default()
    } else {
        results::results_of(&web, &seat, &asked, !is_being_typed).await?
    };
    let shell = Shell {
        query: typed.clone(),
        focus_find: true,
        notice: notice_of(t, &asked.said),
        lag: results.lag.clone(),
        ..web.shell(&seat, Here("search")).await?
    };
    let own = saved::own_searches(&web, &seat, &typed).await?;
    Ok(Html(view_of(shell, &asked, own, results, t).render()?).into_response())
}

fn view_of(shell: Shell, asked: &SearchAddress, own: OwnSearches, results: Results, t: Text) -> SearchView {
    let Results {
        lag: _,
        known,
        chips,
        total,
        count_all,
        orders,
        facets,
        facets_capped,
        faults,
        groups,
        near,
        near_more,
        hits_shown,
        next_window,
        no_hits,
        exports,
    } = results;
    let typed = asked.q.trim();
    let undo = SavedSearchId::parse(&asked.undo)
        .ok()
        .filter(|_| asked.said == "deleted");
    SearchView {
        t,
        shell,
        own,
        query: typed.to_owned(),
        sort: asked.sort.clone(),
        first_window: (asked.after > 0).then(|| asked.with(typed, 0)),
        undo: undo.map(|id| format!("/searches/{id}/undelete")),
        known,
        chips,
        total,
        count_all,
        orders,
        facets,
        facets_capped,
        faults,
        groups,
        near,
        near_more,
        hits_shown,
        next_window,
        no_hits,
        exports,
    }
}

fn notice_of(t: Text, said: &str) -> Option<ShellNotice> {
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
    Some(ShellNotice { tone, text: t.say(key) })
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
