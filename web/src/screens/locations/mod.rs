//! Location: what stands here, in shelf order.

mod build;
pub(crate) mod labels;
mod sample;

use super::{
    containers::{self, ContainerPart},
    lists,
    parts::{self, Badge, Crumb, ViewLink},
    shell::{Here, Shell},
};
use crate::{
    http::{
        address,
        error::{Final, Result},
        who::Seat,
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Role,
    audit::{AuditAction, AuditObject, EventDraft},
    keeping::KeepingKind,
    kinds::Kinds,
    places::{CodeLookup, ContentItem, Location, LocationRow, Place, PlaceUse},
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "locations",
    rail: Some(rail::entry("/locations", "locations", "way-locations")),
    routes,
    words: "places",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/locations", locations)
        .view("/locations/build", build::build)
        .form("/locations/build", build::try_build)
        .part("/locations/labels.pdf", labels::all)
        .part("/locations/{code}/labels.pdf", labels::of_place)
        .view("/locations/{code}", location)
}

/// Characters shown of a code that leads nowhere.
const SHOWN_MAX: usize = 60;

#[derive(Template)]
#[template(path = "location.html")]
pub struct LocationView {
    pub t: Text,
    pub shell: Shell,
    /// Empty on the view of all locations.
    pub code: String,
    pub name: String,
    pub kind: String,
    pub fill: String,
    pub keeper: String,
    /// Said of a place out of use; else empty.
    pub retired: String,
    /// Columns that the archive has added itself.
    pub attributes: Vec<(String, String)>,
    /// Whether the reader may add and import; where this place is changed.
    pub works: bool,
    pub labels_url: String,
    /// The desk at which papers are put here.
    pub put_url: String,
    pub exports: Vec<ViewLink>,
    pub edit_url: Option<String>,
    /// What a box, binder or bag shows besides.
    pub boxed: Option<ContainerPart>,
    pub path: Vec<Crumb>,
    pub up_url: Option<String>,
    pub fault: Option<String>,
    /// What an incomplete or ambiguous code may mean.
    pub choices: Vec<Child>,
    pub children: Vec<Child>,
    /// On the view of all locations: the outermost places and what is directly inside.
    pub rooms: Vec<Room>,
    pub contents_total: String,
    pub rows: Vec<ContentRow>,
    /// Who prints it and when, for the head of the paper.
    pub printed: String,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Child {
    pub url: String,
    pub code: String,
    pub name: String,
    pub count_text: String,
}

#[derive(Debug, Clone)]
pub struct Room {
    pub room: Child,
    pub inside: Vec<Child>,
}

#[derive(Debug, Clone)]
pub struct ContentRow {
    pub url: String,
    pub place: String,
    pub container: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    pub customer_url: String,
    pub kind: String,
    /// Scanned, and how many it should have where that is another number.
    pub pages: String,
    pub state: Badge,
}

#[derive(Debug, Default, Deserialize)]
pub struct LocationsAddress {
    /// What was typed or scanned.
    #[serde(default)]
    code: String,
    #[serde(default)]
    after: usize,
    /// What was done before.
    #[serde(default)]
    said: String,
}

/// `GET /locations`: all rooms, or where a typed or scanned code leads.
pub async fn locations(State(web): State<Web>, seat: Seat, Query(asked): Query<LocationsAddress>) -> Result<Response> {
    let typed = asked.code.trim();
    if !typed.is_empty() {
        return look_up(&web, &seat, typed).await;
    }
    let mut rooms = Vec::new();
    for room in web.archive.location_children(&seat.asker, None).await? {
        let inside = match room.children {
            0 => Vec::new(),
            _ => web.archive.location_children(&seat.asker, Some(&room.location)).await?,
        };
        rooms.push(Room {
            inside: inside.into_iter().map(|row| child(seat.t, row)).collect(),
            room: child(seat.t, room),
        });
    }
    let shell = web.shell(&seat, Here("locations")).await?;
    let mut view = all_places(seat.t, shell, rooms, Vec::new(), None);
    view.works = seat.asker.has(Role::Archivist);
    Ok(Html(view.render()?).into_response())
}

async fn look_up(web: &Web, seat: &Seat, typed: &str) -> Result<Response> {
    let t = seat.t;
    let shell = web.shell(seat, Here("locations")).await?;
    let (status, view) = match web.archive.locate(&seat.asker, typed).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => {
            return Ok(Redirect::to(&address::location(&place.code)).into_response());
        }
        CodeLookup::Ambiguous(codes) => {
            let choices = codes.into_iter().map(|code| Child {
                url: address::location(&code),
                code,
                name: String::new(),
                count_text: String::new(),
            });
            (
                StatusCode::OK,
                all_places(t, shell, Vec::new(), choices.collect(), None),
            )
        }
        CodeLookup::None => {
            // Every field understands what every other does: the code of a customer opens its dossier.
            let meant = services::meant::by_code(&web.archive, &seat.asker, typed, 2).await?;
            if let [only] = meant.as_slice() {
                return Ok(Redirect::to(&address::of_meant(only)).into_response());
            }
            let shown: String = typed.chars().take(SHOWN_MAX).collect();
            let fault = t.with("location-not-found", "code", shown);
            let rooms = web.archive.location_children(&seat.asker, None).await?;
            let rooms = rooms.into_iter().map(|row| Room {
                room: child(t, row),
                inside: Vec::new(),
            });
            (
                StatusCode::NOT_FOUND,
                all_places(t, shell, rooms.collect(), Vec::new(), Some(fault)),
            )
        }
    };
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// `GET /locations/{code}`
pub async fn location(
    State(web): State<Web>,
    seat: Seat,
    Path(code): Path<String>,
    Query(asked): Query<LocationsAddress>,
) -> Result<Response> {
    let t = seat.t;
    let place = match web.archive.locate(&seat.asker, &code).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => *place,
        CodeLookup::Ambiguous(_) | CodeLookup::None => return look_up(&web, &seat, &code).await,
    };
    let limit = web.config.limits.rows;
    let items = web
        .archive
        .location_contents(&seat.asker, &place, asked.after, limit + 1)
        .await?;
    let total = web.archive.location_contents_total(&seat.asker, &place).await?;
    let viewed = EventDraft::new(AuditAction::LocationViewed, AuditObject::Location, place.code.as_str());
    web.archive.note_read(&seat.asker, viewed).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let children = match (&place.container_uid, &place.location) {
        (None, Some(location)) => web.archive.location_children(&seat.asker, Some(location)).await?,
        _ => Vec::new(),
    };
    let (rows, goes_on) = api_types::window(items, limit);
    let next_window = goes_on.then(|| format!("{}?after={}", address::location(&place.code), asked.after + limit));
    let Place {
        code,
        name,
        mut path,
        location,
        container_uid,
    } = place;
    path.pop();
    let (above, works) = (path.last(), seat.asker.has(Role::Archivist));
    let boxed = containers::part(&web, &seat, container_uid, &code).await?;
    let location = location.filter(|_| container_uid.is_none());
    let said = |say: fn(Text, &Location) -> String| location.as_ref().map(|location| say(t, location));
    let mut shell = web.shell(&seat, Here("locations")).await?;
    shell.notice = containers::notice(t, &asked.said);
    let view = LocationView {
        printed: web.printed(&seat),
        t,
        shell,
        up_url: Some(above.map_or_else(|| "/locations".to_owned(), |step| address::location(&step.code))),
        boxed,
        path: parts::crumbs(path),
        kind: said(|t, location| location.kind.name(t.0).to_owned()).unwrap_or_else(|| t.say("container")),
        works,
        labels_url: format!("{}/labels.pdf", address::location(&code)),
        put_url: address::with_query("/put-away", &[("place", &code)]),
        exports: lists::exports_of_place(t, &code),
        edit_url: (works && location.is_some()).then(|| format!("{}/edit", address::location(&code))),
        fill: fill_or_seen(&web, &seat, location.as_ref(), &code).await?,
        name,
        code,
        retired: said(retired).unwrap_or_default(),
        attributes: told_of(&web, &seat, location.as_ref()).await?,
        keeper: said(|_, location| location.keeper.clone()).unwrap_or_default(),
        fault: None,
        choices: Vec::new(),
        rooms: Vec::new(),
        children: children.into_iter().map(|row| child(t, row)).collect(),
        contents_total: parts::documents(t, total),
        rows: rows.into_iter().map(|item| content_row(t, &kinds, item)).collect(),
        next_window,
    };
    Ok(Html(view.render()?).into_response())
}

/// How much a place holds; of a box, when somebody who counted saw it.
async fn fill_or_seen(web: &Web, seat: &Seat, location: Option<&Location>, code: &str) -> Result<String> {
    match location {
        Some(location) => Ok(fill(seat.t, location)),
        None => parts::last_seen(web, seat, code).await,
    }
}

fn fill(t: Text, location: &Location) -> String {
    location
        .capacity
        .map(|capacity| t.n("capacity", capacity))
        .unwrap_or_default()
}

/// Said of a place out of use; else empty.
fn retired(t: Text, location: &Location) -> String {
    match location.state {
        PlaceUse::Retired => PlaceUse::Retired.name(t.0).to_owned(),
        PlaceUse::InUse => String::new(),
    }
}

/// The columns that the archive has added itself; for those who keep the rooms, when the place was last checked.
async fn told_of(web: &Web, seat: &Seat, location: Option<&Location>) -> Result<Vec<(String, String)>> {
    let Some(location) = location else {
        return Ok(Vec::new());
    };
    let mut told: Vec<(String, String)> = location.attributes.clone().into_iter().collect();
    if seat.asker.has(Role::Archivist) || seat.asker.has(Role::Auditor) {
        let last = web
            .archive
            .keeping_last(&seat.asker, &location.code, KeepingKind::Room)
            .await?;
        told.extend(last.map(|at| (seat.t.say("check-last"), web.local(at))));
    }
    Ok(told)
}

/// The view of all locations, or of what a code may mean and why it leads nowhere.
fn all_places(t: Text, shell: Shell, rooms: Vec<Room>, choices: Vec<Child>, fault: Option<String>) -> LocationView {
    LocationView {
        printed: String::new(),
        t,
        shell,
        rooms,
        choices,
        fault,
        code: String::new(),
        name: String::new(),
        kind: String::new(),
        fill: String::new(),
        keeper: String::new(),
        retired: String::new(),
        attributes: Vec::new(),
        works: false,
        labels_url: String::new(),
        put_url: String::new(),
        exports: lists::exports(t, vocabulary::RecordList::Locations),
        edit_url: None,
        boxed: None,
        path: Vec::new(),
        up_url: None,
        children: Vec::new(),
        contents_total: String::new(),
        rows: Vec::new(),
        next_window: None,
    }
}

fn child(t: Text, row: LocationRow) -> Child {
    let LocationRow {
        location,
        documents,
        children: _,
    } = row;
    Child {
        url: address::location(&location.code),
        code: location.code,
        name: location.name,
        count_text: match documents.rows {
            0 => String::new(),
            _ => parts::documents(t, documents),
        },
    }
}

fn content_row(t: Text, kinds: &Kinds, item: ContentItem) -> ContentRow {
    let kind = services::kind_name(kinds, &item.kind, t.lang()).to_owned();
    ContentRow {
        url: address::document(&item.document_id),
        place: item.location_code,
        container: item.container,
        title: match (item.title.is_empty(), kind.is_empty()) {
            (false, _) => item.title,
            (true, false) => kind.clone(),
            (true, true) => t.say("document-untitled"),
        },
        customer_url: if item.customer_code.is_empty() {
            String::new()
        } else {
            address::customer(&item.customer_code)
        },
        customer_name: match item.customer_code.as_str() {
            "" => parts::no_customer(t, item.link_basis),
            _ => item.customer_name,
        },
        customer_code: item.customer_code,
        kind,
        pages: match item.pages_declared {
            Some(declared) if declared != item.pages => format!("{} / {}", t.number(item.pages), t.number(declared)),
            _ => t.number(item.pages),
        },
        number: item.number,
        date: item.date,
        state: Badge::of_original(t, Some(item.original_state)),
    }
}
