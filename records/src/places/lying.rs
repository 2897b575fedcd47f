//! What may lie where, as one table: kind of thing by kind of place.

use super::LocationKind;
use vocabulary::ContainerKind;

/// A thing by what decides where it may lie. A bound volume is paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LyingThing {
    Paper,
    Container(ContainerKind),
}

/// Where a thing may lie, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LyingPlace {
    Location(LocationKind),
    Container(ContainerKind),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MayLie {
    Lie,
    /// Only where no places are inside: a cabinet without shelves of its own.
    LieUndivided,
    Not,
}

use MayLie::{Lie, LieUndivided, Not};

/// Paper, box, binder, bag.
type MayLieRow = [MayLie; 4];

const LOCATIONS: [(LocationKind, MayLieRow); 8] = [
    (LocationKind::Site, [Not, Not, Not, Not]),
    (LocationKind::Room, [Not, LieUndivided, Not, Not]),
    (
        LocationKind::Rack,
        [LieUndivided, LieUndivided, LieUndivided, LieUndivided],
    ),
    (LocationKind::Column, [Lie, Lie, Lie, Lie]),
    (LocationKind::Shelf, [Lie, Lie, Lie, Lie]),
    (LocationKind::Slot, [Lie, Lie, Lie, Lie]),
    (LocationKind::Safe, [Lie, Lie, Lie, Lie]),
    (LocationKind::ReadingTable, [Lie, Lie, Lie, Lie]),
];

const CONTAINERS: [(ContainerKind, MayLieRow); 3] = [
    (ContainerKind::Box, [Lie, Lie, Lie, Lie]),
    (ContainerKind::Binder, [Lie, Not, Not, Lie]),
    (ContainerKind::Bag, [Lie, Not, Not, Not]),
];

/// A kind that an older archive has written its own way takes everything, as it did.
const OWN_KIND: MayLieRow = [Lie, Lie, Lie, Lie];

/// Whether this kind of thing may lie in this kind of place; `divided` where there are places inside it.
pub(crate) fn may_lie(thing: LyingThing, place: &LyingPlace, divided: bool) -> bool {
    let row = match place {
        LyingPlace::Location(kind) => LOCATIONS
            .iter()
            .find(|(own, _)| own == kind)
            .map_or(OWN_KIND, |(_, row)| *row),
        LyingPlace::Container(kind) => CONTAINERS
            .iter()
            .find(|(own, _)| own == kind)
            .map_or(OWN_KIND, |(_, row)| *row),
    };
    let [paper, in_box, in_binder, in_bag] = row;
    let may = match thing {
        LyingThing::Paper => paper,
        LyingThing::Container(ContainerKind::Box) => in_box,
        LyingThing::Container(ContainerKind::Binder) => in_binder,
        LyingThing::Container(ContainerKind::Bag) => in_bag,
    };
    match may {
        Lie => true,
        LieUndivided => !divided,
        Not => false,
    }
}

impl LyingThing {
    /// The word of a refusal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Container(kind) => kind.as_str(),
        }
    }
}

impl LyingPlace {
    /// The word of a refusal.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Location(kind) => kind.as_str(),
            Self::Container(kind) => kind.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_place_says_what_may_lie_there() {
        for kind in LocationKind::KNOWN {
            assert!(LOCATIONS.iter().any(|(own, _)| *own == kind), "{kind:?}");
        }
        for kind in ContainerKind::ALL {
            assert!(CONTAINERS.iter().any(|(own, _)| *own == kind), "{kind:?}");
        }
        let paper = |kind, divided| may_lie(LyingThing::Paper, &LyingPlace::Location(kind), divided);
        assert!(!paper(LocationKind::Room, false) && !paper(LocationKind::Site, false));
        assert!(!paper(LocationKind::Rack, true) && paper(LocationKind::Rack, false));
        assert!(paper(LocationKind::Slot, false) && paper(LocationKind::Shelf, true));
        let inside = |thing, place| may_lie(LyingThing::Container(thing), &LyingPlace::Container(place), false);
        assert!(inside(ContainerKind::Bag, ContainerKind::Box) && !inside(ContainerKind::Box, ContainerKind::Bag));
    }
}
