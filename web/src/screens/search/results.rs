//! What a search shows: the list, the facets beside it, what is wrong with the query, and what to try instead.

use super::{Facet, FilterChip, HitGroup, NearHits, NoHits, Order, SearchAddress, facets, hits, known, lesson};
use crate::{
    http::{address, error::Result, who::Seat},
    screens::parts::ViewLink,
    state::Web,
    text::Text,
};
use index::{Freshness, QueryError, SearchRequest};
use services::search::{SORTINGS, SearchFound, sorting};

/// With fewer exact hits than this the doubtful ones are unfolded.
const NEAR_OPEN_BELOW: usize = 10;

/// What was found; nothing at all where nothing was asked.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub lag: Option<String>,
    pub known: Vec<ViewLink>,
    pub chips: Vec<FilterChip>,
    pub total: String,
    pub count_all: Option<String>,
    pub orders: Vec<Order>,
    pub facets: Vec<Facet>,
    pub facets_capped: bool,
    pub faults: Vec<String>,
    pub groups: Vec<HitGroup>,
    pub near: Option<NearHits>,
    pub near_more: Option<String>,
    pub hits_shown: usize,
    pub next_window: Option<String>,
    pub no_hits: Option<NoHits>,
    pub exports: Vec<ViewLink>,
}

/// Searches; what a person sent, and not what is being typed, is remembered among the recent searches.
pub(super) async fn results_of(web: &Web, seat: &Seat, asked: &SearchAddress, sent: bool) -> Result<Results> {
    let t = seat.t;
    let typed = asked.q.trim();
    let lag = match web.catch_up(&seat.asker).await {
        Some(Freshness::Behind(_)) => Some(t.say("lag")),
        _ => None,
    };
    let request = request_of(web, asked);
    let found = match services::search::find(&web.archive, &web.finder, &seat.asker, &request).await {
        Ok(found) => found,
        Err(services::Error::Index(index::Error::Query(fault))) => {
            return Ok(Results {
                lag,
                known: known::known(web, seat, typed, true).await?,
                faults: vec![query_fault(t, &fault)],
                ..Results::default()
            });
        }
        Err(cause) => return Err(cause.into()),
    };
    web.metrics.searches.note(found.took);
    let event = services::search::ran(typed, &found);
    let remembered = (sent && asked.after == 0).then_some(typed);
    web.archive.note_search(&seat.asker, event, remembered).await?;
    let no_hits = if found.documents.is_empty() && asked.after == 0 {
        Some(lesson::blame(web, seat, asked, &found.query).await?)
    } else {
        None
    };
    let known = match asked.after {
        0 => known::known(web, seat, typed, no_hits.is_some()).await?,
        _ => Vec::new(),
    };
    let kinds = web.archive.kinds(&seat.asker).await?;
    let chips = found.query.chips().into_iter();
    let notices = found.query.notices.iter();
    Ok(Results {
        lag,
        known,
        chips: chips.map(|chip| facets::chip_of(t, chip, asked)).collect(),
        faults: notices.map(|notice| notice_text(t, notice)).collect(),
        total: total_of(t, &found),
        count_all: (!found.total_is_exact).then(|| format!("{}&all=1", asked.with(typed, 0))),
        orders: orders_of(t, asked),
        facets: facets::facets_of(t, &found.facets, found.total_is_exact, &kinds, &found.query, asked),
        facets_capped: !found.total_is_exact,
        hits_shown: found.documents.len() + found.near.len(),
        next_window: (asked.after + request.limit < found.total)
            .then(|| asked.with(typed, asked.after + request.limit)),
        exports: if found.documents.is_empty() {
            Vec::new()
        } else {
            exports_of(asked)
        },
        near_more: (found.near_goes_on && asked.near != "1").then(|| format!("{}&near=1", asked.with(typed, 0))),
        near: (!found.near.is_empty()).then(|| NearHits {
            note: t.n(near_key(found.near_goes_on), found.near.len()),
            open: found.total < NEAR_OPEN_BELOW,
            groups: hits::groups_of(t, found.near, &kinds, asked),
        }),
        groups: hits::groups_of(t, found.documents, &kinds, asked),
        no_hits,
    })
}

fn request_of(web: &Web, asked: &SearchAddress) -> SearchRequest {
    SearchRequest {
        query: asked.q.trim().to_owned(),
        sorting: sorting(&asked.sort).unwrap_or_default(),
        offset: asked.after,
        limit: web.config.limits.hits_default,
        exact_total: asked.all == "1",
        near: if asked.near == "1" {
            index::NearMisses::Always
        } else {
            index::NearMisses::Never
        },
        ..SearchRequest::default()
    }
}

fn total_of(t: Text, found: &SearchFound) -> String {
    let took = u64::try_from(found.took.as_millis()).unwrap_or(u64::MAX).max(1);
    let key = if found.total_is_exact {
        "search-total"
    } else {
        "search-total-many"
    };
    t.fill(
        key,
        &[("total", &found.total), ("pages", &found.total_pages), ("ms", &took)],
    )
}

fn near_key(goes_on: bool) -> &'static str {
    if goes_on {
        "approximate-some"
    } else {
        "approximate-note"
    }
}

fn orders_of(t: Text, asked: &SearchAddress) -> Vec<Order> {
    let order = |name: &'static str| Order {
        url: asked.sorted(asked.q.trim(), name, 0),
        label: t.say(order_key(name)),
        chosen: asked.sort == name,
    };
    SORTINGS.iter().map(|(name, _)| order(name)).collect()
}

fn order_key(name: &str) -> &'static str {
    match name {
        "newest" => "order-newest",
        "oldest" => "order-oldest",
        "location" => "order-location",
        _ => "order-relevance",
    }
}

fn exports_of(asked: &SearchAddress) -> Vec<ViewLink> {
    let parts = [("q", asked.q.trim()), ("sort", asked.sort.as_str())];
    let file = |(format, label): (&str, &str)| ViewLink {
        url: address::with_query(&format!("/search.{format}"), &parts),
        label: label.to_owned(),
    };
    [("csv", "CSV"), ("xlsx", "Excel")].map(file).into()
}

/// What is wrong, and at which character.
pub fn query_fault(t: Text, fault: &QueryError) -> String {
    let text = match fault {
        QueryError::TooLong { limit, .. } => t.n("query-too-long", limit),
        QueryError::TooManyConditions { limit } => t.n("query-too-many-conditions", limit),
        QueryError::TooBroad { limit } => t.n("query-too-broad", limit),
        QueryError::BrokenDate { text, fault, .. } => {
            t.fill("query-broken-date", &[("text", text), ("fault", &fault.name(t.0))])
        }
        QueryError::BrokenSecurity { text, .. } => t.with("query-broken-security", "text", text),
    };
    match fault.place() {
        Some((at, _)) => t.fill("query-fault-at", &[("what", &text), ("at", &(at + 1))]),
        None => text,
    }
}

fn notice_text(t: Text, notice: &index::QueryNotice) -> String {
    notice.detail().text(t.0)
}
