//! A room of two racks with a found slot.

use super::shown;
use crate::{screens::sample::shell, subject::Sample, text::Text};
use records::places::{Forecast, LocationKind};
use services::map::{DrawnMap, MapBox};

pub fn samples(t: Text) -> Vec<Sample> {
    let mut boxes = vec![drawn("K1", (0, 0, 200, 120), None, true)];
    for rack in 0..2 {
        boxes.push(drawn(
            &format!("K1-0{rack}"),
            (3, 14 + rack * 50, 190, 46),
            None,
            rack == 0,
        ));
        for slot in 0..6 {
            let at = (6 + slot * 29, 28 + rack * 50, 26, 18);
            boxes.push(drawn(
                &format!("K1-0{rack}-{slot}"),
                at,
                Some(slot),
                rack == 0 && slot == 2,
            ));
        }
    }
    let map = DrawnMap {
        code: "K1".into(),
        name: "一号库".into(),
        width: 200,
        height: 120,
        boxes,
        way: vec![
            (LocationKind::Rack, "K1-00".into()),
            (LocationKind::Column, "K1-00-A".into()),
            (LocationKind::Slot, "K1-00-2".into()),
        ],
        forecast: Forecast {
            places: 12,
            empty: 2,
            papers: 90,
            papers_a_month: 4.5,
            full_in_months: Some(4.0),
        },
    };
    vec![Sample::of("map", &shown(t, shell(t, "locations"), map))]
}

fn drawn(code: &str, (x, y, w, h): (i64, i64, i64, i64), shade: Option<i64>, is_found: bool) -> MapBox {
    MapBox {
        code: code.into(),
        name: String::new(),
        label: code.rsplit('-').next().unwrap_or_default().into(),
        x,
        y,
        w,
        h,
        shade: shade.map(|shade| shade.min(5)),
        papers: shade.unwrap_or(0) * 3,
        containers: 0,
        is_found,
    }
}
