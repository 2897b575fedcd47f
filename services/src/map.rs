//! A map of a room: its places laid out as they stand. Racks are rows of the plan, columns stand side by side, shelves one
//! above the other, slots side by side; the darker a place, the more papers lie there.

use crate::Result;
use api_types::maps::{MapForecastJson, MapJson, MapPlaceJson, MapStepJson};
use records::{
    Archive, Asker,
    places::{CodeLookup, Forecast, LocationKind, MapPlace},
};
use std::{collections::HashMap, fmt::Write};

/// The drawn size of an innermost place.
const SLOT: (i64, i64) = (26, 18);
const GAP: i64 = 3;
/// Room for the label of a place that has others inside it.
const HEAD: i64 = 14;
/// Shades from empty to the fullest.
pub const SHADES: i64 = 5;

/// A drawn place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapBox {
    pub code: String,
    pub name: String,
    /// What tells it from its neighbours: the last part of its code.
    pub label: String,
    pub x: i64,
    pub y: i64,
    pub w: i64,
    pub h: i64,
    /// 0 for empty to [`SHADES`] for the fullest; `None` for what has places inside it.
    pub shade: Option<i64>,
    pub papers: i64,
    pub containers: i64,
    /// It is what is looked for, or around it.
    pub is_found: bool,
}

/// A map as it is drawn.
#[derive(Debug, Clone)]
pub struct DrawnMap {
    pub code: String,
    pub name: String,
    pub width: i64,
    pub height: i64,
    /// What is outside comes first.
    pub boxes: Vec<MapBox>,
    /// From the outside in to what is looked for: kind and code of each.
    pub way: Vec<(LocationKind, String)>,
    pub forecast: Forecast,
}

/// The map of the room, or whatever place, that a code means; `found` is marked in it. Of a slot the map of its room is
/// drawn, with the slot marked. `None` where the code means no place.
///
/// # Errors
/// When the record does not answer.
pub async fn drawn(archive: &Archive, asker: &Asker, code: &str, found: &str) -> Result<Option<DrawnMap>> {
    let CodeLookup::Location(place) = archive.locate(asker, code).await? else {
        return Ok(None);
    };
    let Some(location) = place.location else {
        return Ok(None);
    };
    let map = archive.place_map(asker, &location).await?;
    let found = match archive.locate(asker, found).await? {
        CodeLookup::Location(found) | CodeLookup::Container(found) => found.location.map(|found| found.uid),
        _ => None,
    };
    let tree = PlaceTree::of(&map.places, found);
    let mut boxes = Vec::with_capacity(map.places.len());
    let (mut width, mut height) = (0, 0);
    if let Some(root) = map.places.first() {
        (width, height) = tree.size(root.uid, 0);
        tree.draw(root.uid, (0, 0), &mut boxes);
    }
    Ok(Some(DrawnMap {
        code: location.code,
        name: location.name,
        width,
        height,
        boxes,
        way: tree.way(),
        forecast: map.forecast(),
    }))
}

/// The code of the room around a place: what a map is drawn of.
///
/// # Errors
/// When the record does not answer.
pub async fn room_of(archive: &Archive, asker: &Asker, code: &str) -> Result<Option<String>> {
    let place = match archive.locate(asker, code).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => place,
        CodeLookup::Ambiguous(_) | CodeLookup::None => return Ok(None),
    };
    let Some(location) = &place.location else {
        return Ok(None);
    };
    for step in place.path.iter().rev() {
        if let CodeLookup::Location(around) = archive.locate(asker, &step.code).await?
            && around
                .location
                .as_ref()
                .is_some_and(|around| around.kind == LocationKind::Room)
        {
            return Ok(Some(around.code.clone()));
        }
    }
    let outermost = place.path.first().map(|step| step.code.clone());
    Ok(Some(outermost.unwrap_or_else(|| location.code.clone())))
}

struct PlaceTree<'m> {
    places: HashMap<i64, &'m MapPlace>,
    children: HashMap<i64, Vec<i64>>,
    /// What is looked for, and everything around it.
    found: Vec<i64>,
    most: i64,
}

impl<'m> PlaceTree<'m> {
    fn of(places: &'m [MapPlace], found: Option<i64>) -> Self {
        let known: HashMap<i64, &MapPlace> = places.iter().map(|place| (place.uid, place)).collect();
        let mut children: HashMap<i64, Vec<i64>> = HashMap::new();
        for place in places.iter().skip(1) {
            children.entry(place.parent_uid).or_default().push(place.uid);
        }
        let mut around = Vec::new();
        let mut at = found.and_then(|uid| known.get(&uid));
        while let Some(place) = at {
            around.push(place.uid);
            at = known.get(&place.parent_uid).filter(|parent| parent.uid != place.uid);
        }
        around.reverse();
        Self {
            most: places.iter().map(|place| place.papers).max().unwrap_or(0),
            places: known,
            children,
            found: around,
        }
    }

    fn inside(&self, uid: i64) -> &[i64] {
        self.children.get(&uid).map_or(&[], Vec::as_slice)
    }

    /// Whether what is inside a place stands side by side, and not one above the other.
    fn side_by_side(&self, uid: i64) -> bool {
        let kind = self.places.get(&uid).map(|place| &place.kind);
        matches!(
            kind,
            Some(LocationKind::Rack | LocationKind::Shelf | LocationKind::Slot)
        )
    }

    fn size(&self, uid: i64, depth: usize) -> (i64, i64) {
        let inside = self.inside(uid);
        if inside.is_empty() || depth > DEPTH_MAX {
            return SLOT;
        }
        let sizes = inside.iter().map(|child| self.size(*child, depth + 1));
        let (w, h) = match self.side_by_side(uid) {
            true => sizes.fold((0, 0), |(w, h), (cw, ch)| (w + cw + GAP, h.max(ch))),
            false => sizes.fold((0, 0), |(w, h), (cw, ch)| (w.max(cw), h + ch + GAP)),
        };
        (w + 2 * GAP, h + HEAD + 2 * GAP)
    }

    fn draw(&self, uid: i64, (x, y): (i64, i64), boxes: &mut Vec<MapBox>) {
        let Some(place) = self.places.get(&uid) else { return };
        let (w, h) = self.size(uid, 0);
        let inside = self.inside(uid);
        boxes.push(MapBox {
            code: place.code.clone(),
            name: place.name.clone(),
            label: place.code.rsplit('-').next().unwrap_or_default().to_owned(),
            x,
            y,
            w,
            h,
            shade: inside.is_empty().then(|| self.shade(place)),
            papers: place.papers,
            containers: place.containers,
            is_found: self.found.contains(&uid),
        });
        let (mut at_x, mut at_y) = (x + GAP, y + HEAD);
        for child in inside {
            self.draw(*child, (at_x, at_y), boxes);
            let (cw, ch) = self.size(*child, 0);
            match self.side_by_side(uid) {
                true => at_x += cw + GAP,
                false => at_y += ch + GAP,
            }
        }
    }

    fn shade(&self, place: &MapPlace) -> i64 {
        match (place.papers, place.containers) {
            (0, 0) => 0,
            (papers, _) => (papers * SHADES / self.most.max(1)).clamp(1, SHADES),
        }
    }

    fn way(&self) -> Vec<(LocationKind, String)> {
        let steps = self.found.iter().skip(1).filter_map(|uid| self.places.get(uid));
        steps.map(|place| (place.kind.clone(), place.code.clone())).collect()
    }
}

/// Deeper trees are drawn as one place.
const DEPTH_MAX: usize = 8;

/// The map as a file of its own, for paper.
pub fn svg(map: &DrawnMap) -> String {
    const FILLS: [&str; 6] = ["#ffffff", "#e3ecf5", "#bcd2e8", "#8db2d8", "#5a8cc2", "#2f639c"];
    let (w, h) = (map.width + 2, map.height + 2);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-1 -1 {w} {h}\" width=\"{w}\" height=\"{h}\" font-family=\"sans-serif\" font-size=\"9\">"
    );
    for one in &map.boxes {
        let fill = one
            .shade
            .map_or("none", |shade| FILLS[usize::try_from(shade).unwrap_or(0).min(5)]);
        let (stroke, wide) = if one.is_found { ("#c2410c", 2) } else { ("#888888", 1) };
        let _ = write!(
            svg,
            "<g><title>{} {}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{wide}\"/>",
            escaped(&one.code),
            one.papers,
            one.x,
            one.y,
            one.w,
            one.h
        );
        let (x, y) = (one.x + 3, one.y + 11);
        let ink = if one.shade.is_some_and(|shade| shade >= 4) {
            "#ffffff"
        } else {
            "#222222"
        };
        let _ = write!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" fill=\"{ink}\">{}</text></g>",
            escaped(&one.label)
        );
    }
    svg.push_str("</svg>");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The same as programs read it.
pub fn json(map: DrawnMap) -> MapJson {
    let DrawnMap {
        code,
        name,
        width,
        height,
        boxes,
        way,
        forecast,
    } = map;
    let place = |one: MapBox| MapPlaceJson {
        code: one.code,
        name: one.name,
        x: one.x,
        y: one.y,
        w: one.w,
        h: one.h,
        papers: one.papers,
        containers: one.containers,
        shade: one.shade,
        found: one.is_found,
    };
    let step = |(kind, code): (LocationKind, String)| MapStepJson {
        kind: kind.as_str().to_owned(),
        code,
    };
    let Forecast {
        places,
        empty,
        papers,
        papers_a_month,
        full_in_months,
    } = forecast;
    MapJson {
        code,
        name,
        width,
        height,
        places: boxes.into_iter().map(place).collect(),
        way: way.into_iter().map(step).collect(),
        forecast: MapForecastJson {
            places,
            empty,
            papers,
            papers_a_month,
            full_in_months,
        },
    }
}
