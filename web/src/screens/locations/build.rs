//! Shelving by its counts: "room K2: 6 racks of 5 columns of 6 shelves" becomes a table of places that is tried first.

use super::{Here, SUBJECT};
use crate::{
    http::{
        error::{Final, Result},
        who::{Fields, Posted, Seat},
    },
    screens::{imports::try_text, parts::Choice, shell::Shell},
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use records::{
    Role,
    imports::Register,
    places::{GridFault, GridLevel, LocationKind, PlaceGrid, PlaceNumbering},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "build.html")]
pub struct BuildView {
    pub t: Text,
    pub shell: Shell,
    pub code: String,
    pub code_wrong: String,
    pub name: String,
    pub levels: Vec<BuildLevel>,
    pub levels_wrong: String,
    pub capacity: String,
    pub capacity_wrong: String,
    pub keeper: String,
}

/// So many places of a kind, as it is typed.
#[derive(Debug, Clone)]
pub struct BuildLevel {
    pub name: String,
    pub label: String,
    pub count: String,
    pub numberings: Vec<Choice>,
}

#[derive(Debug, Default, Deserialize)]
pub struct BuildAddress {
    /// What it is built in, when one comes from there.
    #[serde(default)]
    code: String,
}

/// `GET /locations/build`
pub async fn build(State(web): State<Web>, seat: Seat, Query(asked): Query<BuildAddress>) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let typed = Typed {
        code: asked.code,
        ..Typed::default()
    };
    Ok(Html(view(&web, &seat, typed).await?.render()?))
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    code: String,
    name: String,
    /// Count and numbering of each level.
    levels: Vec<(String, String)>,
    capacity: String,
    keeper: String,
    wrong: Option<Wrong>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Grid(GridFault),
    Count,
    Capacity,
}

async fn view(web: &Web, seat: &Seat, typed: Typed) -> Result<BuildView> {
    let t = seat.t;
    let levels = PlaceGrid::USUAL.iter().enumerate().map(|(at, (kind, usual))| {
        let (count, numbering) = typed.levels.get(at).cloned().unwrap_or_default();
        let chosen = PlaceNumbering::from_code(&numbering).unwrap_or(*usual);
        BuildLevel {
            name: kind.as_str().to_owned(),
            label: kind.name(t.0).to_owned(),
            count,
            numberings: PlaceNumbering::ALL
                .map(|numbering| Choice {
                    value: numbering.as_str().to_owned(),
                    label: numbering.name(t.0).to_owned(),
                    chosen: numbering == chosen,
                })
                .into(),
        }
    });
    let most = PlaceGrid::PLACES_MAX;
    Ok(BuildView {
        t,
        shell: web.shell(seat, Here(SUBJECT.name)).await?,
        code_wrong: match typed.wrong {
            Some(Wrong::Grid(GridFault::Code)) => t.say("fault-location-code"),
            _ => String::new(),
        },
        levels_wrong: match typed.wrong {
            Some(Wrong::Count) => t.say("build-wrong-count"),
            Some(Wrong::Grid(GridFault::Nothing)) => t.say("build-wrong-nothing"),
            Some(Wrong::Grid(GridFault::TooMany)) => t.with("build-wrong-many", "most", t.number(most)),
            _ => String::new(),
        },
        capacity_wrong: match typed.wrong {
            Some(Wrong::Capacity) => t.say("fault-capacity"),
            _ => String::new(),
        },
        code: typed.code,
        name: typed.name,
        levels: levels.collect(),
        capacity: typed.capacity,
        keeper: typed.keeper,
    })
}

/// `POST /locations/build`: the places as a table, tried; the form again where they cannot be.
pub async fn try_build(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    seat.asker.require(Role::Archivist)?;
    let mut typed = read(&mut fields)?;
    fields.done()?;
    match table(&typed) {
        Ok(table) => {
            let name = seat.t.with("build-table", "code", typed.code.trim());
            try_text(&web, &seat, Register::Locations, name, table).await
        }
        Err(wrong) => {
            typed.wrong = Some(wrong);
            let view = view(&web, &seat, typed).await?;
            let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(view.render()?)).into_response();
            response.extensions_mut().insert(Final);
            Ok(response)
        }
    }
}

fn read(fields: &mut Fields) -> Result<Typed> {
    let mut typed = Typed {
        code: fields.text("code")?,
        name: fields.text("name")?,
        capacity: fields.text("capacity")?,
        keeper: fields.text("keeper")?,
        ..Typed::default()
    };
    for (kind, _) in &PlaceGrid::USUAL {
        let name = kind.as_str();
        let numbering = fields.text(&format!("{name}_numbering"))?;
        typed.levels.push((fields.text(name)?, numbering));
    }
    Ok(typed)
}

fn table(typed: &Typed) -> Result<String, Wrong> {
    let number = |text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse::<u32>().map(Some),
    };
    let capacity = number(&typed.capacity).map_err(|_| Wrong::Capacity)?;
    let mut levels = Vec::new();
    for ((kind, usual), (count, numbering)) in PlaceGrid::USUAL.into_iter().zip(&typed.levels) {
        let count = number(count).map_err(|_| Wrong::Count)?.unwrap_or(0);
        levels.push(GridLevel {
            kind,
            count: usize::try_from(count).unwrap_or(usize::MAX),
            numbering: PlaceNumbering::from_code(numbering).unwrap_or(usual),
        });
    }
    let grid = PlaceGrid {
        code: typed.code.trim().to_owned(),
        name: typed.name.clone(),
        levels,
        capacity: capacity.map(i64::from),
        keeper: typed.keeper.clone(),
    };
    grid.table().map_err(Wrong::Grid)
}

pub(super) fn sample(t: Text, shell: Shell) -> BuildView {
    let level = |kind: &LocationKind, count: &str, numbering: PlaceNumbering| BuildLevel {
        name: kind.as_str().to_owned(),
        label: kind.name(t.0).to_owned(),
        count: count.into(),
        numberings: vec![Choice {
            value: numbering.as_str().into(),
            label: numbering.name(t.0).into(),
            chosen: true,
        }],
    };
    let counts = ["6", "5", "6", ""];
    let levels = PlaceGrid::USUAL.iter().zip(counts);
    BuildView {
        t,
        shell,
        code: "K2".into(),
        code_wrong: String::new(),
        name: "二号库".into(),
        levels: levels
            .map(|((kind, numbering), count)| level(kind, count, *numbering))
            .collect(),
        levels_wrong: t.with("build-wrong-many", "most", "15 000"),
        capacity: "40".into(),
        capacity_wrong: String::new(),
        keeper: "林静".into(),
    }
}
