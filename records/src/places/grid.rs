//! Many places at once, as shelving is built: a room of racks of columns of shelves of slots. Makes the lines of a table
//! of places, so that they are tried, written and taken back as every import is.

use super::{LocationCode, LocationKind, PlaceNumbering, fields::LOCATION_COLUMNS};
use crate::tables;

/// Shelving that is described by its counts.
#[derive(Debug, Clone, Default)]
pub struct PlaceGrid {
    /// What all of it stands in, such as `K2`.
    pub code: String,
    /// Of that place; empty leaves it as it is.
    pub name: String,
    /// From the outside in; those without places are left out.
    pub levels: Vec<GridLevel>,
    /// Of each of the innermost places.
    pub capacity: Option<i64>,
    pub keeper: String,
}

/// So many places of one kind in each place around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridLevel {
    pub kind: LocationKind,
    pub count: usize,
    pub numbering: PlaceNumbering,
}

/// Why shelving cannot be made so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GridFault {
    /// What it stands in has no code that can be one.
    Code,
    /// There are no places in it.
    Nothing,
    /// There are more than [`PlaceGrid::PLACES_MAX`].
    TooMany,
}

/// The columns that it states, the first of [`LOCATION_COLUMNS`].
const COLUMNS: usize = 5;

impl PlaceGrid {
    pub const PLACES_MAX: usize = 15_000;
    /// The kinds of a room from the outside in, and how they are mostly numbered.
    pub const USUAL: [(LocationKind, PlaceNumbering); 4] = [
        (LocationKind::Rack, PlaceNumbering::TwoDigits),
        (LocationKind::Column, PlaceNumbering::Letters),
        (LocationKind::Shelf, PlaceNumbering::Digits),
        (LocationKind::Slot, PlaceNumbering::TwoDigits),
    ];

    pub fn usual_numbering(kind: &LocationKind) -> PlaceNumbering {
        let usual = Self::USUAL.iter().find(|(usual, _)| usual == kind);
        usual.map_or(PlaceNumbering::TwoDigits, |(_, numbering)| *numbering)
    }

    /// The table of these places, from the outside in, in shelf order.
    ///
    /// # Errors
    /// When they cannot be made so.
    pub fn table(&self) -> Result<String, GridFault> {
        let code = LocationCode::parse(&self.code).map_err(|_| GridFault::Code)?;
        let levels: Vec<&GridLevel> = self.levels.iter().filter(|level| level.count > 0).collect();
        if levels.is_empty() {
            return Err(GridFault::Nothing);
        }
        let mut lines = Vec::new();
        if !self.name.trim().is_empty() {
            let name = self.name.trim().to_owned();
            lines.push(vec![
                code.as_str().to_owned(),
                name,
                String::new(),
                String::new(),
                String::new(),
            ]);
        }
        self.fill(code.as_str(), &levels, &mut lines)?;
        let rules = LOCATION_COLUMNS.get(..COLUMNS).unwrap_or(LOCATION_COLUMNS);
        Ok(tables::as_text(rules, lines.into_iter()))
    }

    fn fill(&self, around: &str, levels: &[&GridLevel], lines: &mut Vec<Vec<String>>) -> Result<(), GridFault> {
        let Some((level, inside)) = levels.split_first() else {
            return Ok(());
        };
        for number in 1..=level.count {
            if lines.len() >= Self::PLACES_MAX {
                return Err(GridFault::TooMany);
            }
            let code = format!("{around}-{}", numbered(level.numbering, number));
            let capacity = self.capacity.filter(|_| inside.is_empty());
            lines.push(vec![
                code.clone(),
                String::new(),
                level.kind.as_str().to_owned(),
                capacity.map_or_else(String::new, |capacity| capacity.to_string()),
                self.keeper.trim().to_owned(),
            ]);
            self.fill(&code, inside, lines)?;
        }
        Ok(())
    }
}

/// The n-th name of a row, from 1. After Z comes AA.
fn numbered(numbering: PlaceNumbering, number: usize) -> String {
    match numbering {
        PlaceNumbering::TwoDigits => format!("{number:02}"),
        PlaceNumbering::Digits => number.to_string(),
        PlaceNumbering::Letters => {
            let (mut left, mut letters) = (number, String::new());
            while left > 0 {
                let at = (left - 1) % 26;
                letters.insert(0, char::from(b'A' + u8::try_from(at).unwrap_or(0)));
                left = (left - 1) / 26;
            }
            letters
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(kind: LocationKind, count: usize, numbering: PlaceNumbering) -> GridLevel {
        GridLevel { kind, count, numbering }
    }

    #[test]
    fn a_room_of_racks_of_columns_of_shelves() {
        let room = PlaceGrid {
            code: "k2".to_owned(),
            name: "二号库".to_owned(),
            levels: vec![
                level(LocationKind::Rack, 6, PlaceNumbering::TwoDigits),
                level(LocationKind::Column, 5, PlaceNumbering::Letters),
                level(LocationKind::Shelf, 6, PlaceNumbering::Digits),
                level(LocationKind::Slot, 0, PlaceNumbering::TwoDigits),
            ],
            capacity: Some(40),
            keeper: "林静".to_owned(),
        };
        let table = room.table().expect("it can be");
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 1 + 1 + 6 + 6 * 5 + 6 * 5 * 6);
        assert_eq!(lines[0], "code\tname\tkind\tcapacity\tkeeper");
        assert!(lines[1].ends_with("二号库\t\t\t"), "{}", lines[1]);
        assert!(lines[2].ends_with("-01\t\track\t\t林静"), "{}", lines[2]);
        assert!(
            lines
                .last()
                .is_some_and(|last| last.ends_with("-06-E-6\t\tshelf\t40\t林静")),
            "{lines:?}"
        );
    }

    #[test]
    fn what_cannot_be_built_is_said() {
        let room = |code: &str, count: usize| PlaceGrid {
            code: code.to_owned(),
            levels: vec![level(LocationKind::Rack, count, PlaceNumbering::Digits)],
            ..PlaceGrid::default()
        };
        assert_eq!(room("", 2).table(), Err(GridFault::Code));
        assert_eq!(room("K2", 0).table(), Err(GridFault::Nothing));
        assert_eq!(room("K2", PlaceGrid::PLACES_MAX + 1).table(), Err(GridFault::TooMany));
    }

    #[test]
    fn letters_go_on_after_z() {
        let named = |number| numbered(PlaceNumbering::Letters, number);
        assert_eq!([1, 26, 27, 52, 53].map(named), ["A", "Z", "AA", "AZ", "BA"]);
    }
}
