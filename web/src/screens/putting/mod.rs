//! Put papers away, label after label: a place and then its papers, or papers and then their place, by a gun, a camera or by
//! hand in one field. The last ones stand below with their undo. The address holds what was scanned so far.

mod boxes;
mod sample;

use super::{
    correcting::placing::{ProposedLine, near, outcome, proposed_for},
    parts,
    shell::{Here, Shell},
};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::{Html, Redirect},
};
use records::{Role, documents::DocumentRow, ids::DocumentId};
use serde::Deserialize;
use services::meant::{self, MeantRecord};
use vocabulary::codes::MeantKind;

pub const SUBJECT: Subject = Subject {
    name: "putting",
    rail: Some(rail::entry("/put-away", "put-away", "put-away").for_those(rail::archivists)),
    routes,
    words: "places",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/put-away", view)
        .form("/put-away", scan)
        .form("/put-away/undo", undo)
        .form("/put-away/undo-box", boxes::undo)
}

/// So many papers may wait for their place.
const WAITING_MAX: usize = 50;
/// So many moves stand in the list.
const DONE_MAX: usize = 10;

#[derive(Template)]
#[template(path = "put_away.html")]
pub struct PutAwayView {
    pub t: Text,
    pub shell: Shell,
    /// Where the next paper goes; empty before a place was scanned.
    pub place: String,
    pub place_url: String,
    pub place_name: String,
    /// Papers that wait for their place.
    pub waiting: Vec<PaperLine>,
    /// Places that would take the first of them.
    pub proposed: Vec<ProposedLine>,
    pub done: Vec<PaperLine>,
    pub fault: String,
    /// What was typed when it was wrong.
    pub typed: String,
    /// What was done, said aloud to those who hear it.
    pub said: String,
    /// What the forms hand on.
    pub places: String,
    pub things: String,
    pub last: String,
    pub boxed: String,
    /// Of the container that was put somewhere just now; empty where none was.
    pub act: String,
}

#[derive(Debug, Clone)]
pub struct PaperLine {
    pub url: String,
    pub title: String,
    pub number: String,
    pub customer: String,
    pub location: String,
    /// For the form that takes the move back; empty where it was moved since.
    pub id: String,
    pub moves: i64,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct PutAwayAddress {
    #[serde(default)]
    place: String,
    /// Ids of papers that wait.
    #[serde(default)]
    things: String,
    /// Papers that were put away, the newest first, each with how often it was moved by then: `ID.3`.
    #[serde(default)]
    last: String,
    #[serde(default)]
    said: String,
    #[serde(default)]
    typed: String,
    /// Serial of the container that was scanned just before: a location after it is where the container goes.
    #[serde(default)]
    boxed: String,
    /// By which the last move of a container is taken back.
    #[serde(default)]
    act: String,
}

/// `GET /put-away`
pub async fn view(State(web): State<Web>, seat: Seat, Query(asked): Query<PutAwayAddress>) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let t = seat.t;
    let at = place_of(&web, &seat, &asked.place).await?;
    let waiting = papers(&web, &seat, &ids(&asked.things)).await?;
    let proposed = match waiting.first() {
        Some(first) => proposed_for(&web, &seat, first.id.as_str()).await?,
        None => Vec::new(),
    };
    let last = moves(&asked.last);
    let done_ids: Vec<_> = last.iter().map(|(id, _)| id.clone()).collect();
    let done = papers(&web, &seat, &done_ids).await?;
    let said = match (asked.said.as_str(), done.first()) {
        ("placed", Some(row)) => t.with("document-placed", "code", place_shown(row)),
        ("box-placed", _) => t.with("put-away-box-placed", "code", &asked.place),
        ("put-back", _) => t.say("document-put-back"),
        _ => String::new(),
    };
    let lines = done.into_iter().map(|row| {
        let was = last
            .iter()
            .find(|(id, _)| *id == row.id)
            .map_or(-1, |(_, moves)| *moves);
        line(t, row, Some(was))
    });
    let view = PutAwayView {
        t,
        shell: web.shell(&seat, Here("putting")).await?,
        fault: fault(&web, &seat, &asked).await?,
        place_url: at.as_ref().map(address::of_meant).unwrap_or_default(),
        place: at.as_ref().map(|at| at.code.clone()).unwrap_or_default(),
        place_name: at.map(|at| at.name).unwrap_or_default(),
        things: asked.things,
        places: asked.place,
        last: asked.last,
        boxed: asked.boxed,
        act: asked.act,
        typed: asked.typed,
        proposed,
        waiting: waiting.into_iter().map(|row| line(t, row, None)).collect(),
        done: lines.collect(),
        said,
    };
    Ok(Html(view.render()?))
}

/// `POST /put-away`: one label, of a place or of a paper.
pub async fn scan(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let mut asked = PutAwayAddress {
        typed: fields.text("label")?.trim().to_owned(),
        place: fields.text("place")?,
        things: fields.text("things")?,
        last: fields.text("last")?,
        boxed: fields.text("boxed")?,
        ..PutAwayAddress::default()
    };
    fields.done()?;
    seat.asker.require_writing(Role::Archivist)?;
    let found = meant::by_code(&web.archive, &seat.asker, &asked.typed, 2).await?;
    let place = found
        .iter()
        .find(|one| matches!(one.kind, MeantKind::Location | MeantKind::Container));
    let mut papers = found.iter().filter(|one| one.kind == MeantKind::Document);
    let boxed = std::mem::take(&mut asked.boxed);
    let said = match (place, papers.next(), papers.next()) {
        (Some(place), ..) if place.kind == MeantKind::Location && !boxed.is_empty() => {
            boxes::put(&web, &seat, &mut asked, &boxed, &place.code).await?
        }
        (Some(place), ..) => arrive(&web, &seat, &mut asked, place).await?,
        (None, Some(_), Some(_)) => "paper-several",
        (None, Some(paper), None) if asked.place.is_empty() => wait(&mut asked, &paper.key),
        (None, Some(paper), None) => {
            let code = asked.place.clone();
            put(&web, &seat, &mut asked, &paper.key, &code).await?
        }
        (None, None, _) => "label-unknown",
    };
    Ok(back(asked, said))
}

/// A place was scanned: what waits goes there, and the next papers too.
async fn arrive(web: &Web, seat: &Seat, asked: &mut PutAwayAddress, place: &MeantRecord) -> Result<&'static str> {
    let takes = web.archive.place_of_paper(&seat.asker, &place.code).await;
    match outcome(takes.map(|_| "").map_err(services::Error::from))? {
        "" => asked.place = place.code.clone(),
        fault => return Ok(fault),
    }
    if place.kind == MeantKind::Container && asked.things.is_empty() {
        asked.boxed.clone_from(&place.code);
    }
    let mut said = "";
    let mut left = Vec::new();
    for id in ids(&asked.things) {
        match put(web, seat, asked, id.as_str(), &place.code).await? {
            "placed" if said.is_empty() || said == "placed" => said = "placed",
            "placed" => {}
            fault => {
                said = fault;
                left.push(id.to_string());
            }
        }
    }
    asked.things = left.join(",");
    Ok(said)
}

fn wait(asked: &mut PutAwayAddress, id: &str) -> &'static str {
    let mut waiting: Vec<_> = ids(&asked.things).into_iter().map(|id| id.to_string()).collect();
    if waiting.len() >= WAITING_MAX {
        return "too-many-wait";
    }
    if waiting.iter().all(|own| own != id) {
        waiting.push(id.to_owned());
    }
    asked.things = waiting.join(",");
    "waits"
}

async fn put(web: &Web, seat: &Seat, asked: &mut PutAwayAddress, id: &str, place: &str) -> Result<&'static str> {
    let id = DocumentId::parse(id)?;
    let placed = services::documents::place(&web.archive, &seat.asker, &id, None, place).await;
    let moves_now = placed.as_ref().map_or(0, |placed| placed.place_version);
    let said = outcome(placed.map(|_| "placed"))?;
    if said == "placed" {
        web.wrote(&seat.asker).await?;
        let mut last = vec![(id.clone(), moves_now)];
        last.extend(moves(&asked.last).into_iter().filter(|(own, _)| *own != id));
        asked.last = written(&last);
    }
    Ok(said)
}

/// `POST /put-away/undo`
pub async fn undo(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&fields.text("id")?)?;
    let count = fields.text("moves")?;
    let mut asked = PutAwayAddress {
        place: fields.text("place")?,
        things: fields.text("things")?,
        last: fields.text("last")?,
        ..PutAwayAddress::default()
    };
    fields.done()?;
    let count = count.parse().map_err(|_| WebError::invalid("moves", "is a number"))?;
    let done = services::documents::put_back(&web.archive, &seat.asker, &id, count).await;
    let said = outcome(done.map(|_| "put-back"))?;
    if said == "put-back" {
        web.wrote(&seat.asker).await?;
        let mut last = moves(&asked.last);
        last.retain(|(own, _)| *own != id);
        asked.last = written(&last);
    }
    Ok(back(asked, said))
}

/// What was typed is kept only where it was wrong.
fn back(asked: PutAwayAddress, said: &str) -> Redirect {
    let is_wrong = !matches!(said, "" | "placed" | "box-placed" | "put-back" | "waits");
    let typed = if is_wrong { asked.typed.as_str() } else { "" };
    Redirect::to(&address::with_query(
        "/put-away",
        &[
            ("place", &asked.place),
            ("things", &asked.things),
            ("last", &asked.last),
            ("said", said),
            ("typed", typed),
            ("boxed", &asked.boxed),
            ("act", &asked.act),
        ],
    ))
}

async fn place_of(web: &Web, seat: &Seat, code: &str) -> Result<Option<MeantRecord>> {
    if code.is_empty() {
        return Ok(None);
    }
    let found = meant::by_code(&web.archive, &seat.asker, code, 1).await?;
    Ok(found
        .into_iter()
        .find(|one| matches!(one.kind, MeantKind::Location | MeantKind::Container)))
}

async fn fault(web: &Web, seat: &Seat, asked: &PutAwayAddress) -> Result<String> {
    let t = seat.t;
    let typed = asked.typed.as_str();
    Ok(match asked.said.as_str() {
        "label-unknown" => {
            let near = near(web, seat, typed).await?;
            let fault = t.with("put-away-unknown", "code", typed);
            match near.is_empty() {
                true => fault,
                false => format!("{fault} {}", t.with("place-near", "codes", near)),
            }
        }
        "paper-several" => t.with("put-away-several", "code", typed),
        "too-many-wait" => t.n("put-away-too-many", WAITING_MAX),
        "place-whole" => t.with("place-fault-whole", "code", typed),
        "place-full" => t.with("place-fault-full", "code", &asked.place),
        "place-safe" => t.with("place-fault-safe", "code", &asked.place),
        "place-level" => t.with("place-fault-level", "code", &asked.place),
        "place-retired" => t.with("place-fault-retired", "code", &asked.place),
        "place-unknown" | "place-several" => t.with("place-fault-unknown", "code", &asked.place),
        "place-moved" => t.say("put-away-moved"),
        _ => String::new(),
    })
}

fn ids(text: &str) -> Vec<DocumentId> {
    let known = text.split(',').filter_map(|id| DocumentId::parse(id).ok());
    known.take(WAITING_MAX).collect()
}

fn moves(text: &str) -> Vec<(DocumentId, i64)> {
    text.split(',')
        .filter_map(|one| {
            let (id, moves) = one.split_once('.')?;
            Some((DocumentId::parse(id).ok()?, moves.parse().ok()?))
        })
        .take(DONE_MAX)
        .collect()
}

fn written(last: &[(DocumentId, i64)]) -> String {
    let each: Vec<_> = last
        .iter()
        .take(DONE_MAX)
        .map(|(id, moves)| format!("{id}.{moves}"))
        .collect();
    each.join(",")
}

/// The papers in this order, without those that the asker may not see.
async fn papers(web: &Web, seat: &Seat, ids: &[DocumentId]) -> Result<Vec<DocumentRow>> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(web.archive.documents_by_key(&seat.asker, id.as_str(), 1).await?);
    }
    Ok(rows)
}

fn place_shown(row: &DocumentRow) -> &str {
    match row.place.container.is_empty() {
        true => &row.place.location_code,
        false => &row.place.container,
    }
}

/// One paper; `was` is how often it had been moved when it stood in the list of what was done.
fn line(t: Text, row: DocumentRow, was: Option<i64>) -> PaperLine {
    let can_go_back = was == Some(row.place.moves);
    PaperLine {
        url: address::document(row.id.as_str()),
        title: parts::title_of(t, &row, ""),
        location: place_shown(&row).to_owned(),
        moves: row.place.moves,
        id: if can_go_back { row.id.to_string() } else { String::new() },
        number: row.number,
        customer: row.customer_name,
    }
}
