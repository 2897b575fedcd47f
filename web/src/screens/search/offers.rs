//! Suggestions while somebody types: their own searches, kinds, customers, numbers, places. Each is computed from what
//! the asker may see, so that a suggestion says nothing that a search would not.

use super::{
    facets::write_filter,
    field_offers,
    offer::{OFFERED_LOCATIONS, Offer, OffersView},
};
use crate::{
    http::{address, error::Result, who::Seat},
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use index::QueryField;
use records::{
    audit::{AuditAction, AuditObject, EventDraft},
    fold,
    kinds::Kinds,
    searches::SavedSearch,
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct OffersAddress {
    #[serde(default)]
    q: String,
    #[serde(default, rename = "for")]
    purpose: String,
}

const OFFERED_SAVED: usize = 3;
const OFFERED_RECENT: usize = 3;
/// With nothing typed, a person's own searches are all there is to offer.
const OFFERED_OWN_AT_FIRST: usize = 6;
const OFFERED_KINDS: usize = 3;
const OFFERED_CUSTOMERS: usize = 6;
const OFFERED_NUMBERS: usize = 3;
/// Characters from which a number is offered; shorter beginnings fit too many.
const NUMBER_CHARACTERS_MIN: usize = 3;

/// `GET /offers`: customers, places, numbers, kinds and own searches for what has been typed so far.
pub async fn offers(State(web): State<Web>, seat: Seat, Query(asked): Query<OffersAddress>) -> Result<Html<String>> {
    let typed = asked.q.trim();
    if typed.chars().count() > web.config.limits.query_characters_max {
        return Ok(Html(String::new()));
    }
    let fields = match asked.purpose.as_str() {
        "place" => Some(field_offers::places(&web, &seat, typed).await?),
        "kind" => Some(field_offers::kinds(&web, &seat, typed).await?),
        _ => None,
    };
    if let Some(offers) = fields {
        return Ok(Html(OffersView { offers }.render()?));
    }
    let mut offers = Vec::new();
    let wants_customer = asked.purpose == "customer";
    if !wants_customer {
        offers.extend(own_searches(&web, &seat, typed).await?);
    }
    if !typed.is_empty() {
        if !wants_customer {
            let kinds = web.archive.kinds(&seat.asker).await?;
            offers.extend(kinds_offered(seat.t, &kinds, typed));
        }
        offers.extend(customers_offered(&web, &seat, typed, wants_customer).await?);
        if !wants_customer {
            offers.extend(numbers_offered(&web, &seat, typed).await?);
            offers.extend(locations_offered(&web, &seat, typed).await?);
        }
    }
    Ok(Html(OffersView { offers }.render()?))
}

/// Searches of this person that hold what was typed; with nothing typed, all of them up to a few.
async fn own_searches(web: &Web, seat: &Seat, typed: &str) -> Result<Vec<Offer>> {
    let t = seat.t;
    let wanted = fold::name(typed);
    let holds = |text: &str| fold::name(text).contains(&wanted);
    let (saved_max, recent_max) = match typed {
        "" => (OFFERED_OWN_AT_FIRST, OFFERED_OWN_AT_FIRST),
        _ => (OFFERED_SAVED, OFFERED_RECENT),
    };
    let saved = web.archive.searches_saved(&seat.asker).await?;
    let recent = web
        .archive
        .searches_recent(&seat.asker, records::searches::OwnSearchLimits::RECENT_MAX)
        .await?;
    let mut offers: Vec<_> = saved
        .iter()
        .filter(|search| holds(&search.name) || holds(&search.query))
        .take(saved_max)
        .map(|search| Offer {
            what: t.say("offer-saved"),
            name: search.name.clone(),
            more: search.query.clone(),
            url: saved_url(search),
            ..Offer::default()
        })
        .collect();
    let recent = recent
        .into_iter()
        .filter(|query| query != typed && holds(query) && saved.iter().all(|search| search.query != *query))
        .take(recent_max);
    offers.extend(recent.map(|query| Offer {
        what: t.say("offer-recent"),
        url: address::with_query("/search", &[("q", &query)]),
        name: query,
        ..Offer::default()
    }));
    Ok(offers)
}

pub fn saved_url(search: &SavedSearch) -> String {
    address::with_query("/search", &[("q", &search.query), ("sort", &search.sorting)])
}

/// Kinds whose name holds the last word that was typed; taking one narrows the rest of the query to it.
fn kinds_offered(t: Text, kinds: &Kinds, typed: &str) -> Vec<Offer> {
    let (before, last) = typed.rsplit_once(char::is_whitespace).unwrap_or(("", typed));
    let wanted = fold::name(last);
    if wanted.is_empty() || last.contains([':', '：', '"', '“']) {
        return Vec::new();
    }
    let mut fitting: Vec<_> = kinds
        .all()
        .iter()
        .filter(|kind| kind.active)
        .filter_map(|kind| {
            let name = fold::name(kind.name(t.lang()));
            name.find(&wanted).map(|at| ((at, name.len()), kind))
        })
        .collect();
    fitting.sort_by_key(|(rank, _)| *rank);
    fitting
        .into_iter()
        .take(OFFERED_KINDS)
        .map(|(_, kind)| {
            let filter = write_filter(t, QueryField::Kind, kind.name(t.lang()));
            let query = format!("{before} {filter}");
            Offer {
                what: t.say("offer-kind"),
                name: kind.name(t.lang()).to_owned(),
                url: address::with_query("/search", &[("q", query.trim())]),
                more: filter,
                ..Offer::default()
            }
        })
        .collect()
}

pub(super) async fn customers_offered(web: &Web, seat: &Seat, typed: &str, with_code: bool) -> Result<Vec<Offer>> {
    let (rows, _) = services::customers::fitting(
        &web.archive,
        Some(&web.finder),
        &seat.asker,
        typed,
        OFFERED_CUSTOMERS,
        "offers",
    )
    .await?;
    let mut offers = Vec::with_capacity(rows.len());
    for row in &rows {
        let namesakes = rows
            .iter()
            .filter(|other| fold::name(&other.name) == fold::name(&row.name));
        let apart = match namesakes.count() {
            1 => String::new(),
            _ => apart(web, seat, &row.code).await?,
        };
        offers.push(Offer {
            what: seat.t.say("offer-customer"),
            name: match apart.is_empty() {
                true => row.name.clone(),
                false => format!("{} · {apart}", row.name),
            },
            url: address::customer(&row.code),
            fills: if with_code { row.code.clone() } else { String::new() },
            more: row.code.clone(),
        });
    }
    Ok(offers)
}

/// What tells a customer from those of the same name: the address, and a number of its holder, masked.
async fn apart(web: &Web, seat: &Seat, code: &str) -> Result<String> {
    let Some(customer) = web.archive.customer(&seat.asker, code).await? else {
        return Ok(String::new());
    };
    let address = customer.facts.iter().find(|(field, _)| field.name() == "address");
    let address = address.map(|(_, address)| address.clone());
    let mut present = customer.parties.iter().filter(|party| party.ends_on.is_empty());
    let number = present.find_map(|party| party.identifiers.first());
    let number = number.map(|(_, masked)| masked.clone());
    let said: Vec<String> = address
        .into_iter()
        .chain(number)
        .filter(|text| !text.is_empty())
        .collect();
    Ok(said.join(" · "))
}

async fn numbers_offered(web: &Web, seat: &Seat, typed: &str) -> Result<Vec<Offer>> {
    if typed.chars().count() < NUMBER_CHARACTERS_MIN {
        return Ok(Vec::new());
    }
    let rows = web
        .archive
        .documents_numbered(&seat.asker, typed, OFFERED_NUMBERS)
        .await?;
    if !rows.is_empty() {
        let first: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
        let event = EventDraft::new(AuditAction::SearchRan, AuditObject::Search, "")
            .detail(format!("documents={} first={} in=offers", rows.len(), first.join(",")))
            .query(typed);
        web.archive.note_reading(&seat.asker, event).await?;
    }
    Ok(rows
        .into_iter()
        .map(|row| Offer {
            what: seat.t.say("offer-number"),
            url: address::document(row.id.as_str()),
            name: row.title,
            more: row.number,
            ..Offer::default()
        })
        .collect())
}

async fn locations_offered(web: &Web, seat: &Seat, typed: &str) -> Result<Vec<Offer>> {
    let places = web
        .archive
        .locations_suggest(&seat.asker, typed, OFFERED_LOCATIONS)
        .await?;
    Ok(places
        .into_iter()
        .map(|place| Offer {
            what: seat.t.say("offer-location"),
            url: address::location(&place.code),
            name: place.name,
            more: place.code,
            ..Offer::default()
        })
        .collect())
}
