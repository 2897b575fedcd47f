//! What a code means, and what should be there.

use crate::{Error, Result};
use api_types::locations::{LocateJson, located};
use records::{
    Archive, Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    places::CodeLookup,
};
use vocabulary::{Total, both};

/// Rows of a location's content that one answer holds.
const ITEMS_MAX: usize = 100_000;

/// What should be at a place, in shelf order; looking is an event of the trail.
///
/// # Errors
/// When the code leads nowhere or, without its dashes, to several places.
pub async fn locate(archive: &Archive, asker: &Asker, code: &str) -> Result<LocateJson> {
    let place = match archive.locate(asker, code).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => place,
        CodeLookup::Ambiguous(codes) => {
            let codes = codes.join(", ");
            return Err(Error::invalid(
                "code",
                both!(
                    "fits several places: {codes}; write one of them",
                    "可能是几个库位：{codes}；请写其中一个"
                ),
            ));
        }
        CodeLookup::None => return Err(Error::absent("location or container", code)),
    };
    let items = archive.location_contents(asker, &place, 0, ITEMS_MAX).await?;
    let total = match items.len() {
        whole if whole < ITEMS_MAX => Total::from(i64::try_from(whole).unwrap_or(i64::MAX)),
        _ => archive.location_contents_total(asker, &place).await?,
    };
    let answer = located(*place, items, total);
    let event = EventDraft::new(AuditAction::LocationViewed, AuditObject::Location, &answer.code);
    archive.note_read(asker, event).await?;
    Ok(answer)
}
