//! What a typed or scanned text names: a place, a container, a customer. Said before any hits, because an empty list
//! beside a known name would mislead.

use super::offers::customers_offered;
use crate::{
    http::{address, error::Result, who::Seat},
    screens::parts::ViewLink,
    state::Web,
    text::Text,
};
use records::{fold, places::CodeLookup};
use services::meant::MeantRecord;
use vocabulary::{SheetCode, codes::MeantKind};

/// Characters of the longest code, a check character and typed spaces included.
const CODE_CHARACTERS_MAX: usize = 80;
/// Papers with the same number that are named.
const KNOWN_MAX: usize = 5;

/// Where an Enter leads instead of to hits: the place or container of this code, in whatever spelling. Words without a
/// digit or a dash, and digits alone, are searched for; a place of that name is still said.
pub(super) async fn leads_to(web: &Web, seat: &Seat, typed: &str) -> Result<Option<String>> {
    let folded = fold::code(typed);
    let has_digit = folded.chars().any(|c| c.is_ascii_digit());
    let only_digits = folded.chars().all(|c| c.is_ascii_digit());
    if let Some(SheetCode::Customer(_) | SheetCode::Dossier(_)) = SheetCode::parse(typed) {
        let customer = web.archive.customer(&seat.asker, typed).await?;
        return Ok(customer.map(|customer| address::customer(&customer.code)));
    }
    if only_digits || !(has_digit || folded.contains('-')) {
        return Ok(None);
    }
    if !is_plain(typed) {
        return Ok(None);
    }
    Ok(match web.archive.locate(&seat.asker, typed).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => Some(address::location(&place.code)),
        CodeLookup::Ambiguous(_) | CodeLookup::None => None,
    })
}

/// What the text names besides the pages it stands on: what has it as its code, number or name always, and customers that
/// it fits only where no page was found.
pub(super) async fn known(web: &Web, seat: &Seat, typed: &str, nothing_found: bool) -> Result<Vec<ViewLink>> {
    if !is_plain(typed) {
        return Ok(Vec::new());
    }
    let t = seat.t;
    let mut named = services::meant::by_code(&web.archive, &seat.asker, typed, KNOWN_MAX).await?;
    let places = named.iter().filter(|one| one.kind == MeantKind::Location).count();
    // A number on a paper finds the paper itself.
    named.retain(|one| one.kind != MeantKind::Document || nothing_found);
    let mut known: Vec<_> = named.iter().map(|one| link(t, one, places > 1)).collect();
    if known.is_empty() && nothing_found {
        let customers = customers_offered(web, seat, typed, false).await?;
        known.extend(customers.into_iter().map(|offer| ViewLink {
            label: t.fill("known-customer", &[("name", &offer.name), ("code", &offer.more)]),
            url: offer.url,
        }));
    }
    Ok(known)
}

fn link(t: Text, one: &MeantRecord, perhaps: bool) -> ViewLink {
    let key = match one.kind {
        MeantKind::Customer => "known-customer",
        MeantKind::Document => "known-document",
        MeantKind::Location | MeantKind::Container if perhaps => "known-place-perhaps",
        MeantKind::Location | MeantKind::Container => "known-place",
    };
    ViewLink {
        url: address::of_meant(one),
        label: t.fill(key, &[("name", &one.name), ("code", &one.code)]),
    }
}

/// A query says more than the name of something.
fn is_plain(typed: &str) -> bool {
    let is_sheet = SheetCode::parse(typed).is_some();
    typed.chars().count() <= CODE_CHARACTERS_MAX && (is_sheet || !typed.contains(['"', '“', ':', '：', '*', '|']))
}
