//! What fields offer that ask for one thing: a place with the room that is left there, a kind in its group.

use super::offer::{OFFERED_LOCATIONS, Offer};
use crate::{
    http::{address, error::Result, who::Seat},
    screens::parts,
    state::Web,
    text::Text,
};
use records::{
    Role, fold,
    kinds::{DocumentKind, KindGroup},
    places::{CapacityUnit, CodeLookup, Location},
};

/// Places whose code begins so, with what stands there and how much more would fit.
pub(super) async fn places(web: &Web, seat: &Seat, typed: &str) -> Result<Vec<Offer>> {
    let found = web
        .archive
        .locations_suggest(&seat.asker, typed, OFFERED_LOCATIONS)
        .await?;
    let mut offers = Vec::with_capacity(found.len());
    for place in found {
        let room = room_at(web, seat, &place).await?;
        offers.push(Offer {
            what: seat.t.say("offer-location"),
            url: address::location(&place.code),
            name: [place.name.as_str(), &room]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            fills: place.code.clone(),
            more: place.code,
        });
    }
    Ok(offers)
}

/// What stands at a place and inside it, and what still fits where it has a capacity.
pub(super) async fn room_at(web: &Web, seat: &Seat, place: &Location) -> Result<String> {
    let t = seat.t;
    let (CodeLookup::Location(at) | CodeLookup::Container(at)) = web.archive.locate(&seat.asker, &place.code).await?
    else {
        return Ok(String::new());
    };
    let stands = parts::documents(t, web.archive.location_contents_total(&seat.asker, &at).await?);
    let Some(capacity) = place.capacity.filter(|_| seat.asker.has(Role::Archivist)) else {
        return Ok(stands);
    };
    let fill = web.archive.fill_of(&seat.asker, &at).await?;
    let (used, free) = match place.capacity_unit {
        CapacityUnit::Millimetres => (fill.used_mm, "place-free-mm"),
        CapacityUnit::Pieces => (fill.pieces, "place-free"),
    };
    Ok(match capacity > used {
        true => format!("{stands} · {}", t.n(free, parts::count(capacity - used))),
        false => format!("{stands} · {}", t.say("place-full")),
    })
}

/// Kinds whose name, code or title words hold what was typed, the best first; with nothing typed all, group by group.
pub(super) async fn kinds(web: &Web, seat: &Seat, typed: &str) -> Result<Vec<Offer>> {
    let t = seat.t;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let wanted = fold::name(typed);
    let mut fitting: Vec<_> = kinds
        .all()
        .iter()
        .filter(|kind| kind.active)
        .filter_map(|kind| Some((worth(t, kind, &wanted)?, kind)))
        .collect();
    fitting.sort_by_key(|(worth, kind)| (*worth, place_of(kind.group)));
    Ok(fitting
        .into_iter()
        .map(|(_, kind)| Offer {
            what: kind.group.name(t.0).to_owned(),
            name: kind.name(t.lang()).to_owned(),
            more: kind.code.clone(),
            fills: kind.name(t.lang()).to_owned(),
            url: address::with_query("/search", &[("q", &kind.code)]),
        })
        .collect())
}

fn place_of(group: KindGroup) -> usize {
    KindGroup::ALL.iter().position(|own| *own == group).unwrap_or(0)
}

/// Smaller is better; `None` does not fit.
fn worth(t: Text, kind: &DocumentKind, wanted: &str) -> Option<usize> {
    let names = [
        kind.name(t.lang()),
        kind.name_zh.as_str(),
        kind.name_en.as_str(),
        kind.code.as_str(),
    ];
    let named = names.iter().filter_map(|name| {
        let name = fold::name(name);
        name.find(wanted).map(|at| at.min(1) + usize::from(name != wanted))
    });
    let by_word = kind.title_patterns.iter().any(|word| fold::name(word).contains(wanted));
    let group = fold::name(kind.group.name(t.0));
    match wanted.is_empty() {
        true => Some(0),
        false => named
            .min()
            .or(by_word.then_some(3))
            .or(group.contains(wanted).then_some(4)),
    }
}
