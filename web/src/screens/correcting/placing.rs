//! The paper of a document is put somewhere: a code that leads nowhere is said beside the field with what is near, and the
//! last move is taken back with one button.

use super::way_back::WayBack;
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    state::Web,
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{
    Error, RefusedBecause, Role,
    documents::Document,
    ids::DocumentId,
    places::{CodeLookup, OriginalState, ProposedPlace},
};

/// The form that takes the last move back.
#[derive(Debug, Clone)]
pub struct PutBack {
    pub url: String,
    pub moves: i64,
    /// What was done.
    pub text: String,
}

/// Places that come near a code which leads nowhere.
const NEAR_MAX: usize = 3;

pub fn put_back_of(t: Text, document: &Document, said: &str) -> Option<PutBack> {
    let place = &document.row.place;
    (said == "placed").then(|| PutBack {
        url: format!("{}/place/undo", address::document(document.row.id.as_str())),
        moves: place.moves,
        text: t.with(
            "document-placed",
            "code",
            match place.container.is_empty() {
                true => &place.location_code,
                false => &place.container,
            },
        ),
    })
}

/// Why the paper was not put where somebody wanted it; empty when nothing was wrong.
///
/// # Errors
/// When the record does not answer.
pub async fn fault_of(web: &Web, seat: &Seat, document: &Document, said: &str, typed: &str) -> Result<String> {
    let t = seat.t;
    Ok(match said {
        "place-unknown" => {
            let near = near(web, seat, typed).await?;
            let fault = t.with("place-fault-unknown", "code", typed);
            match near.is_empty() {
                true => fault,
                false => format!("{fault} {}", t.with("place-near", "codes", near)),
            }
        }
        "place-several" => match web.archive.locate(&seat.asker, typed).await? {
            CodeLookup::Ambiguous(codes) => t.with("place-near", "codes", codes.join(&t.say("list-separator"))),
            _ => t.with("place-fault-unknown", "code", typed),
        },
        "place-moved" => t.with("place-fault-moved", "code", &document.row.place.location_code),
        "place-level" => t.with("place-fault-level", "code", typed),
        "place-retired" => t.with("place-fault-retired", "code", typed),
        "place-whole" => t.with("place-fault-whole", "code", typed),
        "place-full" => t.with("place-fault-full", "code", typed),
        "place-safe" => t.with("place-fault-safe", "code", typed),
        _ => String::new(),
    })
}

/// A place that is proposed for a paper.
#[derive(Debug, Clone)]
pub struct ProposedLine {
    pub code: String,
    /// Why, and how much is free.
    pub why: String,
}

/// Places that would take a thing, for those who put it away.
///
/// # Errors
/// When the record does not answer.
pub async fn proposed_for(web: &Web, seat: &Seat, thing: &str) -> Result<Vec<ProposedLine>> {
    let t = seat.t;
    let line = |place: ProposedPlace| {
        let why = t.word("proposed", place.why.as_str());
        ProposedLine {
            code: place.code,
            why: match place.free_mm {
                Some(free) => format!("{why} · {}", t.with("proposed-free", "mm", free)),
                None => why,
            },
        }
    };
    let places = web.archive.place_proposals(&seat.asker, thing).await?;
    Ok(places.into_iter().map(line).collect())
}

/// The same of a document whose paper is to be shelved.
///
/// # Errors
/// When the record does not answer.
pub async fn proposed_of(web: &Web, seat: &Seat, document: &Document) -> Result<Vec<ProposedLine>> {
    let waits = document.row.place.state == Some(OriginalState::ToBeShelved);
    match waits && seat.asker.has(Role::Archivist) {
        true => proposed_for(web, seat, document.row.id.as_str()).await,
        false => Ok(Vec::new()),
    }
}

/// Codes that begin as this one does, as far as one does.
pub async fn near(web: &Web, seat: &Seat, typed: &str) -> Result<String> {
    let mut begins: Vec<char> = typed.trim().chars().collect();
    while begins.len() > 1 {
        begins.pop();
        let begin: String = begins.iter().collect();
        let found = web.archive.locations_suggest(&seat.asker, &begin, NEAR_MAX).await?;
        if !found.is_empty() {
            let codes: Vec<_> = found.into_iter().map(|place| place.code).collect();
            return Ok(codes.join(&seat.t.say("list-separator")));
        }
    }
    Ok(String::new())
}

/// `POST /documents/{id}/place`: the original lies at this location or in this container from now on.
pub async fn place(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let (place, moves) = (fields.text("place")?, fields.maybe("moves")?);
    let way = WayBack::read(&mut fields)?;
    fields.done()?;
    let moves = moves.map(|text| text.parse().map_err(|_| WebError::invalid("moves", "is a number")));
    let placed = services::documents::place(&web.archive, &seat.asker, &id, moves.transpose()?, &place).await;
    let said = outcome(placed.map(|_| "placed"))?;
    answer(&web, &seat, &id, (way, said), &place).await
}

/// `POST /documents/{id}/place/undo`
pub async fn put_back(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let moves = fields.text("moves")?;
    fields.done()?;
    let moves = moves.parse().map_err(|_| WebError::invalid("moves", "is a number"))?;
    let back = services::documents::put_back(&web.archive, &seat.asker, &id, moves).await;
    let said = outcome(back.map(|_| "put-back"))?;
    answer(&web, &seat, &id, (WayBack::Document, said), "").await
}

/// What is said of it, for what a person can put right beside the field.
pub fn outcome(done: Result<&'static str, services::Error>) -> Result<&'static str> {
    match done {
        Ok(said) => Ok(said),
        Err(services::Error::Records(cause)) => match cause {
            Error::Refused(RefusedBecause::PlaceUnknown { .. }) => Ok("place-unknown"),
            Error::Refused(RefusedBecause::PlaceFull { .. }) => Ok("place-full"),
            Error::Refused(RefusedBecause::PlaceKind { kind, .. }) if kind == "outside_safe" => Ok("place-safe"),
            Error::Refused(RefusedBecause::PlaceKind { .. }) => Ok("place-whole"),
            Error::Invalid { .. } => Ok("place-several"),
            Error::Conflict { .. } => Ok("place-moved"),
            Error::Refused(RefusedBecause::PlaceLevelTooLow { .. }) => Ok("place-level"),
            Error::Refused(RefusedBecause::PlaceOutOfUse { .. }) => Ok("place-retired"),
            cause => Err(cause.into()),
        },
        Err(cause) => Err(cause.into()),
    }
}

async fn answer(
    web: &Web,
    seat: &Seat,
    id: &DocumentId,
    (way, said): (WayBack, &str),
    typed: &str,
) -> Result<Redirect> {
    let is_done = matches!(said, "placed" | "put-back");
    if is_done {
        web.wrote(&seat.asker).await?;
    }
    let typed = if is_done { "" } else { typed };
    Ok(Redirect::to(&way.address(id, said, typed)))
}
