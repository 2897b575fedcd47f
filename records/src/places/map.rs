//! What a map of a room is drawn from: every place inside it, with what lies there.

use vocabulary::LocationKind;

/// Places that one map holds at most.
pub const MAP_PLACES_MAX: usize = 20_000;

/// A place of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapPlace {
    pub uid: i64,
    pub parent_uid: i64,
    pub code: String,
    pub name: String,
    pub kind: LocationKind,
    /// Papers that the asker may see, directly here and in the containers that stand here.
    pub papers: i64,
    /// Containers that stand here.
    pub containers: i64,
}

/// A room, or any place, with everything inside it in shelf order; the place itself comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceMap {
    pub places: Vec<MapPlace>,
    /// Papers that came to these places within the months that [`PlaceMap::forecast`] looks back at.
    pub came: i64,
}

/// Months of intake from which room is foreseen.
pub const FORECAST_MONTHS: i64 = 6;

/// When the places will be full, if things go on as they did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// Innermost places, and how many of them are empty.
    pub places: i64,
    pub empty: i64,
    pub papers: i64,
    pub papers_a_month: f64,
    /// `None` where nothing came, or nothing says how much a place takes.
    pub full_in_months: Option<f64>,
}

impl PlaceMap {
    /// Places without places inside them.
    pub fn innermost(&self) -> impl Iterator<Item = &MapPlace> {
        let parents: std::collections::HashSet<i64> = self.places.iter().map(|place| place.parent_uid).collect();
        self.places.iter().filter(move |place| !parents.contains(&place.uid))
    }

    /// The empty places take as many papers as the others hold on average, and papers come as they came in the last months.
    pub fn forecast(&self) -> Forecast {
        let (mut places, mut empty, mut papers) = (0, 0, 0);
        for place in self.innermost() {
            places += 1;
            papers += place.papers;
            if place.papers == 0 && place.containers == 0 {
                empty += 1;
            }
        }
        let taken = places - empty;
        let papers_a_month = self.came as f64 / FORECAST_MONTHS as f64;
        let full_in_months = (self.came > 0 && taken > 0 && papers > 0)
            .then(|| empty as f64 * (papers as f64 / taken as f64) / papers_a_month);
        Forecast {
            places,
            empty,
            papers,
            papers_a_month,
            full_in_months,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(uid: i64, parent_uid: i64, papers: i64) -> MapPlace {
        MapPlace {
            uid,
            parent_uid,
            code: format!("K-{uid}"),
            name: String::new(),
            kind: LocationKind::Slot,
            papers,
            containers: 0,
        }
    }

    #[test]
    fn room_is_foreseen_from_what_came() {
        let places = vec![
            place(1, 0, 0),
            place(2, 1, 10),
            place(3, 1, 20),
            place(4, 1, 0),
            place(5, 1, 0),
        ];
        let forecast = PlaceMap {
            places: places.clone(),
            came: 30,
        }
        .forecast();
        assert_eq!((forecast.places, forecast.empty, forecast.papers), (4, 2, 30));
        // Two empty places take fifteen papers each, and five come in a month.
        assert_eq!((forecast.papers_a_month, forecast.full_in_months), (5.0, Some(6.0)));
        assert_eq!(PlaceMap { places, came: 0 }.forecast().full_in_months, None);
    }
}
