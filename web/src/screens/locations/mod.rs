//! Location: what stands here, in shelf order.

use super::{
    parts::{self, Badge, Crumb},
    shell::{Here, Shell},
};
use crate::{
    http::{address, error::Result, who::Seat},
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    audit::EventDraft,
    kinds::Kinds,
    places::{CodeLookup, ContentItem, LocationRow, Place},
};
use serde::Deserialize;

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
    pub customer_code: String,
    pub customer_name: String,
    pub customer_url: String,
    pub kind: String,
    pub pages: u64,
    pub state: Badge,
}

#[derive(Debug, Default, Deserialize)]
pub struct LocationsAddress {
    /// What was typed or scanned.
    #[serde(default)]
    code: String,
    #[serde(default)]
    after: usize,
}

/// `GET /locations`: all rooms, or where a typed or scanned code leads.
pub async fn locations(State(web): State<Web>, seat: Seat, Query(asked): Query<LocationsAddress>) -> Result<Response> {
    let typed = asked.code.trim();
    if !typed.is_empty() {
        return look_up(&web, &seat, typed).await;
    }
    let mut view = empty(&web, &seat).await?;
    for room in web.archive.location_children(&seat.asker, None).await? {
        let inside = match room.children {
            0 => Vec::new(),
            _ => web.archive.location_children(&seat.asker, Some(&room.location)).await?,
        };
        view.rooms.push(Room {
            inside: inside.into_iter().map(|row| child(seat.t, row)).collect(),
            room: child(seat.t, room),
        });
    }
    Ok(Html(view.render()?).into_response())
}

async fn look_up(web: &Web, seat: &Seat, typed: &str) -> Result<Response> {
    let mut view = empty(web, seat).await?;
    match web.archive.locate(&seat.asker, typed).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => {
            return Ok(Redirect::to(&address::location(&place.code)).into_response());
        }
        CodeLookup::Ambiguous(codes) => {
            view.choices = codes
                .into_iter()
                .map(|code| Child {
                    url: address::location(&code),
                    code,
                    name: String::new(),
                    count_text: String::new(),
                })
                .collect();
        }
        CodeLookup::None => {
            let shown: String = typed.chars().take(60).collect();
            view.fault = Some(seat.t.with("location-not-found", "code", shown));
        }
    }
    if view.choices.is_empty() {
        let rooms = web.archive.location_children(&seat.asker, None).await?;
        view.rooms = rooms
            .into_iter()
            .map(|row| Room {
                room: child(seat.t, row),
                inside: Vec::new(),
            })
            .collect();
    }
    let status = if view.fault.is_some() {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    let mut response = (status, Html(view.render()?)).into_response();
    response.extensions_mut().insert(crate::http::guard::Final);
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
    let total = parts::count(web.archive.location_contents_count(&seat.asker, &place).await?);
    web.archive
        .note_read(
            &seat.asker,
            EventDraft::new("location.viewed", "location", place.code.as_str()),
        )
        .await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let children = match (&place.container_uid, &place.location) {
        (None, Some(location)) => web.archive.location_children(&seat.asker, Some(location)).await?,
        _ => Vec::new(),
    };
    let mut view = empty(&web, &seat).await?;
    view.next_window =
        (items.len() > limit).then(|| format!("{}?after={}", address::location(&place.code), asked.after + limit));
    view.rows = items
        .into_iter()
        .take(limit)
        .map(|item| content_row(t, &kinds, item))
        .collect();
    view.contents_total = t.n("count-documents", total);
    view.children = children.into_iter().map(|row| child(t, row)).collect();
    let Place {
        code,
        name,
        kind,
        mut path,
        location,
        container_uid,
    } = place;
    path.pop();
    view.up_url = Some(
        path.last()
            .map_or_else(|| "/locations".to_owned(), |step| address::location(&step.code)),
    );
    view.path = parts::crumbs(path);
    view.kind = if container_uid.is_some() {
        t.say("container")
    } else {
        t.word("location-kind", &kind)
    };
    view.name = name;
    view.code = code;
    if let Some(location) = location.filter(|_| container_uid.is_none()) {
        view.fill = location
            .capacity
            .map(|capacity| t.n("capacity", capacity))
            .unwrap_or_default();
        view.keeper = location.keeper;
    }
    Ok(Html(view.render()?).into_response())
}

async fn empty(web: &Web, seat: &Seat) -> Result<LocationView> {
    Ok(LocationView {
        t: seat.t,
        shell: web.shell(seat, Here::Locations).await?,
        code: String::new(),
        name: String::new(),
        kind: String::new(),
        fill: String::new(),
        keeper: String::new(),
        path: Vec::new(),
        up_url: None,
        fault: None,
        choices: Vec::new(),
        children: Vec::new(),
        rooms: Vec::new(),
        contents_total: String::new(),
        rows: Vec::new(),
        next_window: None,
    })
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
        count_text: if documents == 0 {
            String::new()
        } else {
            t.n("count-documents", documents)
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
        customer_code: item.customer_code,
        customer_name: item.customer_name,
        kind,
        pages: parts::count(item.pages),
        state: Badge::of_original(t, Some(item.original_state)),
    }
}
