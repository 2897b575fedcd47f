//! The walk from shelf to shelf, with a gun, a phone or by hand: one field, what is still expected here, the last scans with
//! their undo. The address holds where somebody stands.

use super::{url_of, walk_url};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    screens::{
        parts::{self, Badge},
        shell::{Here, Shell},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use records::{
    Error, RefusedBecause, Role,
    ids::StocktakeId,
    places::CodeLookup,
    stocktakes::{ScanDraft, ScannedLabel, ShelfStep, StocktakeLine, StocktakeVerdict},
};
use serde::Deserialize;
use vocabulary::ThingKind;

#[derive(Template)]
#[template(path = "stocktake_walk.html")]
pub struct WalkView {
    pub t: Text,
    pub shell: Shell,
    pub url: String,
    pub scope: String,
    /// Where somebody stands; empty before a place was scanned.
    pub at: String,
    pub at_name: String,
    pub seen: u64,
    pub waiting: Vec<WaitingLine>,
    pub waiting_total: u64,
    pub shelves: Vec<ShelfLink>,
    pub last: Vec<ScanLine>,
    pub typed: String,
    pub fault: String,
    /// What the last label was, said aloud.
    pub said: Option<Badge>,
    /// The next labels are of worn things.
    pub worn: bool,
    pub may_count: bool,
}

#[derive(Debug, Clone)]
pub struct WaitingLine {
    pub url: String,
    pub label: String,
    pub title: String,
    pub place: String,
    /// For the box that can be opened.
    pub open_url: String,
}

#[derive(Debug, Clone)]
pub struct ShelfLink {
    pub url: String,
    pub code: String,
    pub name: String,
    pub scanned: u64,
    pub expected: u64,
}

#[derive(Debug, Clone)]
pub struct ScanLine {
    pub scan: i64,
    pub label: String,
    pub title: String,
    pub at: String,
    pub belongs_at: String,
    pub verdict: Badge,
    pub worn: bool,
    pub open_url: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct WalkAddress {
    #[serde(default)]
    at: String,
    #[serde(default)]
    typed: String,
    /// Why the label was not taken.
    #[serde(default)]
    fault: String,
    #[serde(default)]
    worn: String,
    /// `1` after a scan: the newest is said aloud.
    #[serde(default)]
    scanned: String,
}

/// `GET /stocktakes/{id}/walk`
pub async fn walk(
    State(web): State<Web>,
    seat: Seat,
    Path(id): Path<String>,
    Query(asked): Query<WalkAddress>,
) -> Result<Html<String>> {
    let t = seat.t;
    let id = StocktakeId::parse(&id).map_err(|_| WebError::NotFound)?;
    let stocktake = web.archive.stocktake(&seat.asker, &id).await?;
    let shelf = match asked.at.as_str() {
        "" => None,
        at => web.archive.stocktake_shelf(&seat.asker, &id, at).await?,
    };
    let shelf = shelf.unwrap_or_default();
    let steps = web.archive.stocktake_walk(&seat.asker, &id, true).await?;
    let last = web.archive.stocktake_last_scans(&seat.asker, &id).await?;
    let newest = last.first().filter(|_| asked.scanned == "1");
    let view = WalkView {
        t,
        shell: web.shell(&seat, Here("stocktakes")).await?,
        url: url_of(id.as_str()),
        scope: stocktake.scope,
        said: newest.map(|scan| verdict_badge(t, scan.line.verdict)),
        at: shelf.at,
        at_name: shelf.name,
        seen: parts::count(shelf.seen),
        waiting_total: parts::count(shelf.waiting_total),
        waiting: shelf.waiting.into_iter().map(|line| waiting(&id, line)).collect(),
        shelves: steps.into_iter().map(|step| link(&id, step)).collect(),
        last: last.into_iter().map(|scan| scan_line(t, &id, scan)).collect(),
        fault: match asked.fault.as_str() {
            "" => String::new(),
            "place" => t.with("stocktake-walk-fault-place", "code", &asked.typed),
            "outside" => t.with("stocktake-walk-fault-outside", "code", &asked.typed),
            _ => t.say("stocktake-walk-fault-closed"),
        },
        typed: asked.typed,
        worn: asked.worn == "1",
        may_count: seat.asker.has(Role::Archivist),
    };
    Ok(Html(view.render()?))
}

fn verdict_badge(t: Text, verdict: StocktakeVerdict) -> Badge {
    let tone = match verdict {
        StocktakeVerdict::Present => "good",
        StocktakeVerdict::Moved => "cool",
        _ => "warn",
    };
    Badge::new(tone, t.word("stocktake-verdict", verdict.as_str()))
}

/// Where a box is opened, to scan what lies in it.
fn open_url(id: &StocktakeId, kind: Option<ThingKind>, thing: &str) -> String {
    match kind {
        Some(ThingKind::Container) => walk_url(id.as_str(), thing),
        _ => String::new(),
    }
}

fn waiting(id: &StocktakeId, line: StocktakeLine) -> WaitingLine {
    WaitingLine {
        url: match line.kind {
            Some(ThingKind::Container) => address::location(&line.thing),
            _ => address::document(&line.thing),
        },
        open_url: open_url(id, line.kind, &line.thing),
        label: match (line.kind, line.number.is_empty()) {
            (Some(ThingKind::Container), _) => line.thing,
            _ => line.number,
        },
        title: line.title,
        place: line.belongs_at,
    }
}

fn link(id: &StocktakeId, step: ShelfStep) -> ShelfLink {
    ShelfLink {
        url: walk_url(id.as_str(), &step.code),
        code: step.code,
        name: step.name,
        scanned: parts::count(step.scanned),
        expected: parts::count(step.expected),
    }
}

fn scan_line(t: Text, id: &StocktakeId, scan: ScannedLabel) -> ScanLine {
    ScanLine {
        scan: scan.uid,
        open_url: open_url(id, scan.line.kind, &scan.line.thing),
        label: scan.label,
        title: scan.line.title,
        at: scan.at,
        belongs_at: match scan.line.verdict {
            StocktakeVerdict::Present => String::new(),
            _ => scan.line.belongs_at,
        },
        verdict: verdict_badge(t, scan.line.verdict),
        worn: scan.worn,
    }
}

/// `POST /stocktakes/{id}/walk`: one label, of a place where somebody stands now, or of a thing that is there.
pub async fn scan(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (label, at) = (fields.text("label")?.trim().to_owned(), fields.text("at")?);
    let worn = !fields.text("worn")?.is_empty();
    fields.done()?;
    seat.asker.require_writing(Role::Archivist)?;
    let id = StocktakeId::parse(&id).map_err(|_| WebError::NotFound)?;
    let said = if worn { "1" } else { "" };
    let back = |at: &str, typed: &str, fault: &str, scanned: &str| {
        let pairs = [
            ("at", at),
            ("typed", typed),
            ("fault", fault),
            ("worn", said),
            ("scanned", scanned),
        ];
        let path = format!("{}/walk", url_of(id.as_str()));
        Ok(Redirect::to(&address::with_query(&path, &pairs)))
    };
    let place = web.archive.locate(&seat.asker, &label).await?;
    match place {
        CodeLookup::Location(place) => return back(&place.code, "", "", ""),
        // Before any place was scanned, a box is where somebody stands.
        CodeLookup::Container(place) if at.is_empty() => return back(&place.code, "", "", ""),
        _ if at.is_empty() => return back("", &label, "place", ""),
        _ => {}
    }
    let draft = ScanDraft {
        at: at.clone(),
        worn: if worn { vec![label.clone()] } else { Vec::new() },
        labels: vec![label.clone()],
    };
    match web.archive.stocktake_scan(&seat.asker, &id, &draft).await {
        Ok(_) => back(&at, "", "", "1"),
        Err(Error::Refused(RefusedBecause::StocktakeOutside { place, .. })) => back("", &place, "outside", ""),
        Err(Error::Refused(RefusedBecause::StocktakeClosed {})) => back(&at, "", "closed", ""),
        Err(Error::Absent {
            what: records::Thing::Place,
            ..
        }) => back("", &at, "place", ""),
        Err(cause) => Err(cause.into()),
    }
}

/// `POST /stocktakes/{id}/undo`
pub async fn undo(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (scan, at) = (fields.text("scan")?, fields.text("at")?);
    fields.done()?;
    let id = StocktakeId::parse(&id).map_err(|_| WebError::NotFound)?;
    let scan = scan.parse().map_err(|_| WebError::invalid("scan", "is a number"))?;
    match web.archive.stocktake_scan_undo(&seat.asker, &id, scan).await {
        // Taken back in another window.
        Ok(())
        | Err(Error::Absent {
            what: records::Thing::StocktakeScan,
            ..
        }) => {}
        Err(cause) => return Err(cause.into()),
    }
    Ok(Redirect::to(&walk_url(id.as_str(), &at)))
}
