//! The map of a room, as scripts see it.

use serde::Serialize;
use utoipa::ToSchema;

/// A room with everything inside it, laid out in units of a drawing.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapJson {
    pub code: String,
    pub name: String,
    pub width: i64,
    pub height: i64,
    /// What is outside comes first.
    pub places: Vec<MapPlaceJson>,
    /// The way to what was looked for, from the outside in: of mobile shelving the column is what is opened.
    pub way: Vec<MapStepJson>,
    pub forecast: MapForecastJson,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MapPlaceJson {
    pub code: String,
    pub name: String,
    pub x: i64,
    pub y: i64,
    pub w: i64,
    pub h: i64,
    /// Papers that the caller may see.
    pub papers: i64,
    pub containers: i64,
    /// 0 for empty to 5 for the fullest of the map; `null` for what has places inside it.
    pub shade: Option<i64>,
    /// It is what was looked for, or around it.
    pub found: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MapStepJson {
    /// Kind of the place: `rack`, `column`, `shelf`, `slot`, or a word of an older archive.
    pub kind: String,
    pub code: String,
}

/// When the places will be full, if things go on as they did in the last six months.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapForecastJson {
    /// Innermost places, and how many of them are empty.
    pub places: i64,
    pub empty: i64,
    pub papers: i64,
    pub papers_a_month: f64,
    /// `null` where nothing says so.
    pub full_in_months: Option<f64>,
}
