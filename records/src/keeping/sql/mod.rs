//! Checks of keeping and repairs in the database.

mod checks;
mod due;
mod repairs;
mod rules;

use super::KeepingLimits;
use crate::{
    Asker, Error, Field, PartialDate, Result, Role, Thing, fold,
    places::{
        PlaceKind,
        sql::resolve::{Resolution, resolve_in},
    },
    store::sql::Change,
};
use vocabulary::both;

/// Those who look after the holdings, and those who look over their shoulders.
fn require_reading(asker: &Asker) -> Result<()> {
    match asker.has(Role::Archivist) || asker.has(Role::Auditor) {
        true => Ok(()),
        false => Err(Error::Forbidden {
            needed: Role::Archivist.as_str(),
        }),
    }
}

/// Words of one line.
fn words(field: Field, text: &str) -> Result<String> {
    let text: String = fold::storable(text)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let text = text.trim().to_owned();
    match text.chars().count() > KeepingLimits::WORDS_MAX {
        true => {
            let reason = both!("it has at most 500 characters", "最多 500 个字符");
            Err(Error::invalid(field, text.chars().take(40).collect::<String>(), reason))
        }
        false => Ok(text),
    }
}

/// A date, or nothing.
fn date(text: &str) -> Result<String> {
    match text.trim() {
        "" => Ok(String::new()),
        text => Ok(PartialDate::parse(text)?.as_str().to_owned()),
    }
}

/// Uid and code of the location that a text means.
async fn location_of(change: &mut Change, text: &str) -> Result<(i64, String)> {
    match resolve_in(change.connection(), text).await? {
        Resolution::One(place) if place.kind == PlaceKind::Location => Ok((place.uid, place.code)),
        Resolution::Several(codes) => {
            let codes = codes.join(", ");
            let reason = both!(
                "it may be {codes}; write it with its dashes",
                "可能是 {codes}；请连同横线一起写"
            );
            Err(Error::invalid(Field::LocationCode, text, reason))
        }
        _ => Err(Error::Absent {
            what: Thing::Location,
            id: text.to_owned(),
        }),
    }
}
