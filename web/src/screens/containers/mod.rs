//! Boxes, binders and bags: registered, listed, moved, changed. What is in one is shown by the view of its place.

mod sample;

use super::{
    document::{PlacementLine, placements_of},
    locations::labels,
    parts::Choice,
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Fields, Posted, Seat},
    },
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect, Response},
};
use records::{
    Role, SecurityLevel,
    places::{
        BOX_SIZES_MM, CodeLookup, Container, ContainerDraft, ContainerKind, FillShown, PlaceUse, PlacingOrder,
        ThingToPlace,
    },
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "containers",
    rail: None,
    routes,
    words: "containers",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/containers", containers)
        .form("/containers", add)
        .part("/containers/labels.pdf", print_labels)
        .form("/containers/{serial}/place", place)
        .form("/containers/{serial}/edit", edit)
}

#[derive(Template)]
#[template(path = "containers.html")]
pub struct ContainersView {
    pub t: Text,
    pub shell: Shell,
    pub total: u64,
    pub begins: String,
    pub retired: bool,
    /// Whether the reader may register one.
    pub works: bool,
    pub form: ContainerForm,
    pub labels_url: String,
    pub rows: Vec<ContainerLine>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct ContainerLine {
    pub url: String,
    pub serial: String,
    pub kind: String,
    pub title: String,
    pub size_mm: String,
    pub stands_in: String,
    pub location: String,
    /// Said of one out of use; else empty.
    pub retired: String,
}

/// The fields of a container in a form.
#[derive(Debug, Clone, Default)]
pub struct ContainerForm {
    pub kinds: Vec<Choice>,
    pub title: String,
    pub size_mm: String,
    pub sizes: Vec<i64>,
    pub pieces_max: String,
    pub levels: Vec<Choice>,
}

/// What the view of a place shows of a container besides.
#[derive(Debug, Clone)]
pub struct ContainerPart {
    pub serial_url: String,
    pub about: String,
    pub stands_in: String,
    pub stands_in_url: String,
    /// Empty for those who do not fill it.
    pub fill: String,
    pub moves: i64,
    pub version: i64,
    pub form: ContainerForm,
    pub states: Vec<Choice>,
    pub chain: Vec<PlacementLine>,
}

#[derive(Debug, Default, Deserialize)]
pub struct ContainersAddress {
    #[serde(default)]
    begins: String,
    #[serde(default)]
    retired: bool,
    #[serde(default)]
    after: String,
}

/// `GET /containers`
pub async fn containers(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<ContainersAddress>,
) -> Result<Html<String>> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let (begins, retired) = (asked.begins.trim(), asked.retired);
    let found = web
        .archive
        .containers(&seat.asker, begins, retired, &asked.after, limit + 1)
        .await?;
    let total = web.archive.containers_total(&seat.asker, begins, retired).await?;
    let (rows, goes_on) = api_types::window(found, limit);
    let last = rows
        .last()
        .map(|container| container.serial.clone())
        .unwrap_or_default();
    let next = || {
        let retired = if retired { "true" } else { "" };
        address::with_query(
            "/containers",
            &[("begins", begins), ("retired", retired), ("after", &last)],
        )
    };
    let view = ContainersView {
        t,
        shell: web.shell(&seat, Here("locations")).await?,
        total: super::parts::count(total),
        works: seat.asker.has(Role::Archivist),
        form: form(&web, t, None),
        next_window: goes_on.then(next),
        labels_url: address::with_query("/containers/labels.pdf", &[("begins", begins)]),
        rows: rows.into_iter().map(|container| line(t, container)).collect(),
        begins: begins.to_owned(),
        retired,
    };
    Ok(Html(view.render()?))
}

/// `GET /containers/labels.pdf`
pub async fn print_labels(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<ContainersAddress>,
) -> Result<Response> {
    labels::of_containers(&web, &seat.asker, seat.t, asked.begins.trim()).await
}

/// `POST /containers`
pub async fn add(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (serial, inside) = (fields.text("serial")?, fields.text("in")?);
    let draft = draft(&mut fields)?;
    fields.done()?;
    let added = web.archive.container_add(&seat.asker, &serial, &draft, &inside).await?;
    web.wrote(&seat.asker).await?;
    Ok(to(&added.serial, "container-added"))
}

/// `POST /containers/{serial}/edit`
pub async fn edit(State(web): State<Web>, Path(serial): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (version, state, why) = (
        number(&mut fields, "version")?,
        fields.text("state")?,
        fields.text("why")?,
    );
    let draft = ContainerDraft {
        state: Some(PlaceUse::parse(&state).map_err(records::Error::from)?),
        why,
        ..draft(&mut fields)?
    };
    fields.done()?;
    let version = version.ok_or_else(|| WebError::invalid("version", "is the number that the form came with"))?;
    let changed = web
        .archive
        .container_change(&seat.asker, &serial, version, &draft)
        .await?;
    web.wrote(&seat.asker).await?;
    Ok(to(&changed.serial, "container-changed"))
}

/// `POST /containers/{serial}/place`: the container stands there from now on, if nobody has moved it meanwhile.
pub async fn place(State(web): State<Web>, Path(serial): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (place, moves) = (fields.text("to")?, number(&mut fields, "moves")?);
    fields.done()?;
    let order = PlacingOrder {
        things: vec![ThingToPlace {
            named: serial.clone(),
            moves,
        }],
        label: place.trim().to_owned(),
        to: place,
        slip: String::new(),
    };
    services::placements::place(&web.archive, &seat.asker, &order, false).await?;
    web.wrote(&seat.asker).await?;
    Ok(to(&serial, "container-moved"))
}

fn to(serial: &str, said: &str) -> Redirect {
    Redirect::to(&address::with_query(&address::location(serial), &[("said", said)]))
}

/// What was done to a container.
pub fn notice(t: Text, said: &str) -> Option<ShellNotice> {
    matches!(said, "container-added" | "container-changed" | "container-moved").then(|| ShellNotice {
        tone: "good",
        text: t.say(said),
    })
}

/// A whole number, or nothing where nothing was typed.
fn number(fields: &mut Fields, name: &'static str) -> Result<Option<i64>> {
    let text = fields.text(name)?;
    match text.trim() {
        "" => Ok(None),
        text => Ok(Some(
            text.parse().map_err(|_| WebError::invalid(name, "is a whole number"))?,
        )),
    }
}

fn draft(fields: &mut Fields) -> Result<ContainerDraft> {
    let kind = ContainerKind::parse(&fields.text("kind")?).map_err(records::Error::from)?;
    let level = SecurityLevel::parse(&fields.text("security_level_max")?).map_err(records::Error::from)?;
    Ok(ContainerDraft {
        kind: Some(kind),
        title: Some(fields.text("title")?),
        size_mm: Some(number(fields, "size_mm")?),
        pieces_max: Some(number(fields, "pieces_max")?),
        security_level_max: Some(level),
        ..ContainerDraft::default()
    })
}

/// What the view of a place shows of the container of this serial.
///
/// # Errors
/// When the record does not answer.
pub async fn part(web: &Web, seat: &Seat, uid: Option<i64>, serial: &str) -> Result<Option<ContainerPart>> {
    let t = seat.t;
    let container = match uid {
        Some(_) => web.archive.container(&seat.asker, serial).await?,
        None => None,
    };
    let Some(container) = container else {
        return Ok(None);
    };
    let fill = match (
        seat.asker.has(Role::Archivist),
        web.archive.locate(&seat.asker, serial).await?,
    ) {
        (true, CodeLookup::Container(place)) => {
            filled(t, container.size_mm, web.archive.fill_of(&seat.asker, &place).await?)
        }
        _ => String::new(),
    };
    let chain = placements_of(web, seat, serial).await?;
    Ok(Some(shown(web, t, container, fill, chain)))
}

fn shown(web: &Web, t: Text, container: Container, fill: String, chain: Vec<PlacementLine>) -> ContainerPart {
    let states = PlaceUse::ALL.iter().map(|state| Choice {
        value: state.as_str().to_owned(),
        label: state.name(t.0).to_owned(),
        chosen: *state == container.state,
    });
    ContainerPart {
        serial_url: address::encode(&container.serial),
        about: t.word("container-kind", container.kind.as_str()),
        stands_in_url: address::location(&container.stands_in),
        fill,
        moves: container.moves,
        version: container.version,
        form: form(web, t, Some(&container)),
        states: states.collect(),
        stands_in: container.stands_in,
        chain,
    }
}

fn filled(t: Text, size: Option<i64>, fill: FillShown) -> String {
    match size {
        Some(size) => t.fill(
            "container-fill",
            &[("used", &fill.used_mm), ("size", &size), ("pieces", &fill.pieces)],
        ),
        None => t.with("container-fill-pieces", "pieces", fill.pieces),
    }
}

fn form(web: &Web, t: Text, container: Option<&Container>) -> ContainerForm {
    let own = container.map_or(ContainerKind::Box, |container| container.kind);
    let kinds = ContainerKind::ALL.iter().map(|kind| Choice {
        value: kind.as_str().to_owned(),
        label: kind.name(t.0).to_owned(),
        chosen: *kind == own,
    });
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let level = container.map_or(SecurityLevel::Secret, |container| container.security_level_max);
    ContainerForm {
        kinds: kinds.collect(),
        title: container.map(|container| container.title.clone()).unwrap_or_default(),
        size_mm: number(container.and_then(|container| container.size_mm)),
        sizes: BOX_SIZES_MM.to_vec(),
        pieces_max: number(container.and_then(|container| container.pieces_max)),
        levels: web.level_choices(t, level),
    }
}

fn line(t: Text, container: Container) -> ContainerLine {
    ContainerLine {
        url: address::location(&container.serial),
        kind: t.word("container-kind", container.kind.as_str()),
        title: container.title,
        size_mm: container.size_mm.map_or_else(String::new, |size| size.to_string()),
        stands_in: container.stands_in,
        location: container.location_code,
        retired: match container.state {
            PlaceUse::Retired => PlaceUse::Retired.name(t.0).to_owned(),
            PlaceUse::InUse => String::new(),
        },
        serial: container.serial,
    }
}
