//! What each line of a locations table would do, before anything is written.

use super::stored::{StoredPlace, by_codes};
use crate::{
    Result,
    imports::{
        EmptyCells,
        fields::{self, LinesOfCodes, Stated, Values},
        merge::{Merged, merge},
    },
    places::{
        LocationCode, LocationKind, PlaceUse,
        fields::{LOCATION_FIELDS, at},
    },
    tables::{LineProblem, TableRow},
};
use sqlx::AnyConnection;
use std::collections::HashSet;
use vocabulary::CapacityUnit;

/// One place against the record.
#[derive(Debug)]
pub(crate) struct PlannedPlace {
    /// 0 for a place that no line states and that must be there for another to be in it.
    pub line: u64,
    pub code: LocationCode,
    pub stored: Option<StoredPlace>,
    pub merged: Merged,
}

/// Reads the lines of a table; what cannot be read becomes a problem.
pub(super) fn read_lines(rows: &[TableRow], problems: &mut Vec<LineProblem>) -> Vec<Stated> {
    fields::read_lines(&LOCATION_FIELDS, rows, &mut LinesOfCodes::new(), folded, problems)
}

fn folded(code: &str) -> String {
    LocationCode::parse(code).map_or_else(|_| String::new(), |code| code.folded().to_owned())
}

/// Compares lines with the record. What stands around a new place and is not there comes first, so that writing in this
/// order always finds the parent.
pub(super) async fn plan(
    connection: &mut AnyConnection,
    lines: Vec<Stated>,
    empty_cells: EmptyCells,
) -> Result<Vec<PlannedPlace>> {
    let mut wanted: Vec<(LocationCode, Stated)> = Vec::with_capacity(lines.len());
    for stated in lines {
        wanted.push((LocationCode::parse(stated.get(at("code")))?, stated));
    }
    let mut stated_codes: HashSet<String> = wanted.iter().map(|(code, _)| code.folded().to_owned()).collect();
    let mut around: Vec<LocationCode> = Vec::new();
    for parent in wanted.iter().flat_map(|(code, _)| code.parents()) {
        if stated_codes.insert(parent.folded().to_owned()) {
            around.push(parent);
        }
    }
    let codes: Vec<String> = stated_codes.into_iter().collect();
    let mut known = by_codes(connection, &codes).await?;
    let mut planned: Vec<PlannedPlace> = around
        .into_iter()
        .filter(|code| !known.contains_key(code.folded()))
        .map(|code| one(code, Stated::default(), None, empty_cells))
        .collect();
    for (code, stated) in wanted {
        let stored = known.remove(code.folded());
        planned.push(one(code, stated, stored, empty_cells));
    }
    planned.sort_by_key(|item| item.code.depth());
    Ok(planned)
}

fn one(code: LocationCode, mut stated: Stated, stored: Option<StoredPlace>, empty_cells: EmptyCells) -> PlannedPlace {
    stated.fields.resize(LOCATION_FIELDS.len(), None);
    let written = match &stored {
        Some(stored) => stored.values.get(at("code")).to_owned(),
        None => code.as_str().to_owned(),
    };
    stated.fields[at("code")] = Some(written);
    let empty = Values::empty(LOCATION_FIELDS.len());
    let before = stored.as_ref().map_or(&empty, |stored| &stored.values);
    if stored.is_none() {
        let usual_kind = LocationKind::at_depth(code.depth());
        let usual = [
            ("kind", usual_kind.as_str()),
            ("security_level_max", "3"),
            ("state", PlaceUse::InUse.as_str()),
            ("capacity_unit", CapacityUnit::Millimetres.as_str()),
        ];
        for (name, usual) in usual {
            let place = &mut stated.fields[at(name)];
            if place.as_deref().unwrap_or_default().is_empty() {
                *place = Some(usual.to_owned());
            }
        }
    }
    let mut merged = merge(&LOCATION_FIELDS, before, &stated, empty_cells, |field| field.shape);
    for cell in &mut merged.empty {
        merged.after.get(at("code")).clone_into(&mut cell.code);
    }
    PlannedPlace {
        line: stated.line,
        code,
        stored,
        merged,
    }
}
