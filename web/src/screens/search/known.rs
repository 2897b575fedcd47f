//! What a typed or scanned text names: a place, a container, a customer. Said before any hits, because an empty list
//! beside a known name would mislead.

use super::offers::customers_offered;
use crate::{
    http::{address, error::Result, who::Seat},
    screens::parts::ViewLink,
    state::Web,
};
use records::{fold, places::CodeLookup};

/// Characters of the longest code, a check character and typed spaces included.
const CODE_CHARACTERS_MAX: usize = 80;

/// Where an Enter leads instead of to hits: the place or container of this code, in whatever spelling. Words without a
/// digit or a dash, and digits alone, are searched for; a place of that name is still said.
pub(super) async fn leads_to(web: &Web, seat: &Seat, typed: &str) -> Result<Option<String>> {
    let folded = fold::code(typed);
    let has_digit = folded.chars().any(|c| c.is_ascii_digit());
    let only_digits = folded.chars().all(|c| c.is_ascii_digit());
    if only_digits || !(has_digit || folded.contains('-')) {
        return Ok(None);
    }
    Ok(match looked_up(web, seat, typed).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => Some(address::location(&place.code)),
        CodeLookup::Ambiguous(_) | CodeLookup::None => None,
    })
}

/// What the text names besides the pages it stands on; customers only where no page was found.
pub(super) async fn known(web: &Web, seat: &Seat, typed: &str, nothing_found: bool) -> Result<Vec<ViewLink>> {
    let t = seat.t;
    let place = |code: &str, label: String| ViewLink {
        url: address::location(code),
        label,
    };
    let mut known = match looked_up(web, seat, typed).await? {
        CodeLookup::Location(found) | CodeLookup::Container(found) => {
            vec![place(&found.code, t.with("known-place", "code", &found.code))]
        }
        CodeLookup::Ambiguous(codes) => codes
            .iter()
            .map(|code| place(code, t.with("known-place-perhaps", "code", code)))
            .collect(),
        CodeLookup::None => Vec::new(),
    };
    if nothing_found && !typed.contains([':', '：']) {
        let customers = customers_offered(web, seat, typed, false).await?;
        known.extend(customers.into_iter().map(|offer| ViewLink {
            label: t.fill("known-customer", &[("name", &offer.name), ("code", &offer.more)]),
            url: offer.url,
        }));
    }
    Ok(known)
}

async fn looked_up(web: &Web, seat: &Seat, typed: &str) -> Result<CodeLookup> {
    if typed.chars().count() > CODE_CHARACTERS_MAX || typed.contains(['"', '“', ':', '：', '*', '|']) {
        return Ok(CodeLookup::None);
    }
    Ok(web.archive.locate(&seat.asker, typed).await?)
}
