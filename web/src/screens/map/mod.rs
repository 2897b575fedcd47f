//! The map of a room: where a place is, how full its neighbours are, and when the room will be full.

mod sample;

use super::shell::{Here, Shell};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::Seat,
    },
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Html,
};
use records::places::LocationKind;
use services::map::{self, DrawnMap, MapBox};

pub const SUBJECT: Subject = Subject {
    name: "map",
    rail: None,
    routes,
    words: "map",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new().view("/locations/{code}/map", view)
}

#[derive(Template)]
#[template(path = "map.html")]
pub struct MapView {
    pub t: Text,
    pub shell: Shell,
    pub code: String,
    pub name: String,
    pub url: String,
    pub width: i64,
    pub height: i64,
    pub marks: Vec<MapMark>,
    /// What is looked for, and where to open the shelving; empty for none.
    pub found: String,
    pub open_at: String,
    /// Kind and code of each step from the outside in.
    pub way: Vec<(String, String)>,
    pub forecast: String,
}

/// A drawn place.
#[derive(Debug, Clone)]
pub struct MapMark {
    pub url: String,
    pub label: String,
    /// Read aloud, and shown when pointed at.
    pub said: String,
    pub x: i64,
    pub y: i64,
    pub w: i64,
    pub h: i64,
    pub class: String,
}

/// `GET /locations/{code}/map`
pub async fn view(State(web): State<Web>, seat: Seat, Path(code): Path<String>) -> Result<Html<String>> {
    let room = map::room_of(&web.archive, &seat.asker, &code).await?;
    let room = room.ok_or(WebError::NotFound)?;
    let drawn = map::drawn(&web.archive, &seat.asker, &room, &code).await?;
    let drawn = drawn.ok_or(WebError::NotFound)?;
    let shell = web.shell(&seat, Here("locations")).await?;
    Ok(Html(shown(seat.t, shell, drawn).render()?))
}

fn shown(t: Text, shell: Shell, drawn: DrawnMap) -> MapView {
    let forecast = drawn.forecast;
    let open_at = drawn.way.iter().find(|(kind, _)| *kind == LocationKind::Column);
    MapView {
        t,
        shell,
        url: address::location(&drawn.code),
        found: drawn.way.last().map(|(_, code)| code.clone()).unwrap_or_default(),
        open_at: open_at.map(|(_, code)| code.clone()).unwrap_or_default(),
        way: drawn
            .way
            .iter()
            .map(|(kind, code)| (t.word("location-kind", kind.as_str()), code.clone()))
            .collect(),
        forecast: t.fill(
            match forecast.full_in_months {
                Some(_) => "map-forecast",
                None => "map-forecast-none",
            },
            &[
                ("places", &forecast.places),
                ("empty", &forecast.empty),
                ("papers", &forecast.papers),
                ("month", &format!("{:.1}", forecast.papers_a_month).as_str()),
                (
                    "months",
                    &format!("{:.0}", forecast.full_in_months.unwrap_or(0.0)).as_str(),
                ),
            ],
        ),
        marks: drawn.boxes.into_iter().map(|one| mark(t, one)).collect(),
        code: drawn.code,
        name: drawn.name,
        width: drawn.width,
        height: drawn.height,
    }
}

fn mark(t: Text, one: MapBox) -> MapMark {
    let shade = one
        .shade
        .map_or_else(|| "around".to_owned(), |shade| format!("shade-{shade}"));
    MapMark {
        url: address::location(&one.code),
        said: t.fill(
            "map-place",
            &[
                ("code", &one.code.as_str()),
                ("papers", &one.papers),
                ("boxes", &one.containers),
            ],
        ),
        class: if one.is_found { format!("{shade} found") } else { shade },
        label: one.label,
        x: one.x,
        y: one.y,
        w: one.w,
        h: one.h,
    }
}
