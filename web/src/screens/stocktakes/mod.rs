//! Stocktakes: begun here, walked shelf by shelf with a gun or a phone, read, settled, closed.

mod file;
mod result;
mod sample;
mod walk;

use super::{
    parts::Badge,
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
    tables,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{DefaultBodyLimit, Query, State},
    handler::Handler,
    response::{Html, Redirect},
};
use records::{
    Asker, Error, RefusedBecause, Role,
    stocktakes::{Stocktake, StocktakeDraft, StocktakeLimits, StocktakeState},
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "stocktakes",
    rail: Some(rail::entry("/stocktakes", "stocktakes", "stocktakes-title").for_those(counters)),
    routes,
    words: "stocktakes",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/stocktakes", stocktakes)
        .form("/stocktakes", begin)
        .view("/stocktakes/{id}", result::result)
        .form("/stocktakes/{id}/settle", result::settle)
        .form("/stocktakes/{id}/close", result::close)
        .view("/stocktakes/{id}/walk", walk::walk)
        .form("/stocktakes/{id}/walk", walk::scan)
        .form("/stocktakes/{id}/undo", walk::undo)
        .form(
            "/stocktakes/{id}/file",
            file::send.layer(DefaultBodyLimit::max(tables::BODY_BYTES_MAX)),
        )
}

/// Those who count, and those who look over their shoulders.
fn counters(asker: &Asker) -> bool {
    rail::archivists(asker) || rail::auditors(asker)
}

#[derive(Template)]
#[template(path = "stocktakes.html")]
pub struct StocktakesView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<StocktakeRow>,
    pub may_count: bool,
    pub typed: String,
    pub dead_years: i64,
    pub fault: String,
    /// The one that counts there already.
    pub fault_url: String,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct StocktakeRow {
    pub url: String,
    pub walk_url: String,
    pub scope: String,
    pub begun: String,
    pub by: String,
    pub closed: String,
    pub state: Badge,
}

#[derive(Debug, Default, Deserialize)]
pub struct StocktakesAddress {
    #[serde(default)]
    after: usize,
    #[serde(default)]
    scope: String,
    /// Why none was begun: a code of a refusal.
    #[serde(default)]
    fault: String,
    #[serde(default)]
    open: String,
}

/// `GET /stocktakes`
pub async fn stocktakes(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<StocktakesAddress>,
) -> Result<Html<String>> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let rows = web.archive.stocktakes(&seat.asker, asked.after, limit + 1).await?;
    let (rows, goes_on) = api_types::window(rows, limit);
    let view = StocktakesView {
        t,
        shell: web.shell(&seat, Here("stocktakes")).await?,
        rows: rows.into_iter().map(|row| row_of(&web, t, row)).collect(),
        may_count: seat.asker.has(Role::Archivist),
        dead_years: StocktakeLimits::DEAD_YEARS,
        fault: match asked.fault.as_str() {
            "" => String::new(),
            "open" => t.with("stocktake-fault-open", "scope", &asked.scope),
            "several" => t.with("stocktake-fault-several", "scope", &asked.scope),
            _ => t.with("stocktake-fault-unknown", "scope", &asked.scope),
        },
        fault_url: match asked.open.as_str() {
            "" => String::new(),
            id => url_of(id),
        },
        typed: asked.scope,
        next_window: goes_on.then(|| format!("/stocktakes?after={}", asked.after + limit)),
    };
    Ok(Html(view.render()?))
}

/// `POST /stocktakes`
pub async fn begin(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let scope = fields.text("scope")?.trim().to_owned();
    let years = fields.text("dead_years")?;
    let boxes_whole = fields.text("paper_by_paper")?.is_empty();
    fields.done()?;
    let draft = StocktakeDraft {
        scope,
        dead_years: match years.trim() {
            "" => StocktakeLimits::DEAD_YEARS,
            years => years
                .parse()
                .map_err(|_| WebError::invalid("dead_years", "is a number"))?,
        },
        boxes_whole,
    };
    let again = |fault: &str, scope: &str, open: &str| {
        let pairs = [("scope", scope), ("fault", fault), ("open", open)];
        Ok(Redirect::to(&address::with_query("/stocktakes", &pairs)))
    };
    match web.archive.stocktake_begin(&seat.asker, &draft).await {
        Ok(begun) => Ok(Redirect::to(&walk_url(begun.id.as_str(), ""))),
        Err(Error::Refused(RefusedBecause::StocktakeOpen { id, scope })) => again("open", &scope, &id),
        Err(Error::Absent { .. }) => again("unknown", &draft.scope, ""),
        Err(Error::Invalid {
            what: records::Field::StocktakeScope,
            ..
        }) => again("several", &draft.scope, ""),
        Err(cause) => Err(cause.into()),
    }
}

fn row_of(web: &Web, t: Text, row: Stocktake) -> StocktakeRow {
    let id = row.id.as_str();
    StocktakeRow {
        url: url_of(id),
        walk_url: match row.state {
            StocktakeState::Open => walk_url(id, ""),
            StocktakeState::Closed => String::new(),
        },
        begun: web.local(row.begun_at),
        closed: row.closed_at.map(|at| web.local(at)).unwrap_or_default(),
        by: row.begun_by,
        state: badge(t, row.state),
        scope: row.scope,
    }
}

fn badge(t: Text, state: StocktakeState) -> Badge {
    let tone = match state {
        StocktakeState::Open => "cool",
        StocktakeState::Closed => "good",
    };
    Badge::new(tone, t.word("stocktake-state", state.as_str()))
}

fn url_of(id: &str) -> String {
    format!("/stocktakes/{}", address::encode(id))
}

fn walk_url(id: &str, at: &str) -> String {
    address::with_query(&format!("{}/walk", url_of(id)), &[("at", at)])
}
