//! Labels of places, for the command line and for screens.

use crate::Result;
use print::{Fonts, LabelData, LabelSheet, PrintError, check_character, location_labels};
use records::{
    Archive, Asker,
    places::{CodeLookup, ContentItem, LocationCode},
};
use std::collections::HashMap;
use vocabulary::fold;

/// Labels for this place and those within it; where there is no such place, for those whose code begins so.
///
/// # Errors
/// When the record does not answer.
pub async fn of_places(archive: &Archive, asker: &Asker, code: &str) -> Result<Vec<LabelData>> {
    let all = archive.locations(asker, "", usize::MAX).await?;
    // A code that is a place means it and what is within; K1 would else take K10 along.
    let meant = LocationCode::parse(code).ok();
    let is_at = |own: &LocationCode| meant.as_ref().is_some_and(|meant| own.folded() == meant.folded());
    let codes: Vec<LocationCode> = all
        .iter()
        .map(|place| LocationCode::parse(&place.code))
        .collect::<Result<_, _>>()?;
    let is_place = codes.iter().any(is_at);
    let beginning = fold::code(code);
    let names: HashMap<&str, &str> = all
        .iter()
        .map(|place| (place.code.as_str(), place.name.as_str()))
        .collect();
    let mut labels = Vec::new();
    for (place, own) in all.iter().zip(&codes) {
        let is_wanted = match is_place {
            true => is_at(own) || own.parents().iter().any(is_at),
            false => fold::code(&place.code).starts_with(&beginning),
        };
        if !is_wanted {
            continue;
        }
        let path: Vec<_> = own
            .parents()
            .iter()
            .map(|parent| {
                names
                    .get(parent.as_str())
                    .copied()
                    .filter(|name| !name.is_empty())
                    .unwrap_or(parent.as_str())
                    .to_owned()
            })
            .collect();
        labels.push(LabelData {
            code: place.code.clone(),
            name: place.name.clone(),
            path: path.join(" › "),
            note: String::new(),
            barcode: false,
            check: None,
        });
    }
    Ok(labels)
}

/// Containers of one sheet of labels at most.
const CONTAINERS_MAX: usize = 2_000;
/// Documents of a container that its first and last number are looked for among.
const HELD_MAX: usize = 5_000;

/// Labels for containers whose serial begins so: serial, what it is called, first to last number in it, and how thick it
/// is. Names of customers are not on the outside of a box.
///
/// # Errors
/// When the record does not answer.
pub async fn of_containers(archive: &Archive, asker: &Asker, begins: &str) -> Result<Vec<LabelData>> {
    let found = archive.containers(asker, begins, false, "", CONTAINERS_MAX).await?;
    let mut labels = Vec::with_capacity(found.len());
    for container in found {
        let range = match archive.locate(asker, &container.serial).await? {
            CodeLookup::Container(place) => range(archive.location_contents(asker, &place, 0, HELD_MAX).await?),
            _ => String::new(),
        };
        labels.push(LabelData {
            check: check_character(&container.serial),
            name: container.title,
            path: range,
            note: container.size_mm.map_or_else(String::new, |size| format!("{size} mm")),
            barcode: true,
            code: container.serial,
        });
    }
    Ok(labels)
}

/// First to last number of what is in a container: of dossiers, else of documents.
fn range(items: Vec<ContentItem>) -> String {
    let number = |item: ContentItem| match item.dossier_no.is_empty() {
        true => item.number,
        false => item.dossier_no,
    };
    let mut numbers: Vec<String> = items
        .into_iter()
        .map(number)
        .filter(|number| !number.is_empty())
        .collect();
    numbers.sort_by_key(|number| fold::natural_key(number));
    match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) if first == last => first.clone(),
        (Some(first), Some(last)) => format!("{first} – {last}"),
        _ => String::new(),
    }
}

/// The labels on plain A4, with frames to cut along.
///
/// # Errors
/// When there is none, there are too many, or no font has a character of them.
pub fn sheet(labels: &[LabelData], fonts: &Fonts) -> Result<Vec<u8>, PrintError> {
    let sheet = LabelSheet {
        frames: true,
        ..LabelSheet::a4_grid(2, 8, 8.0)
    };
    location_labels(labels, &sheet, fonts)
}
