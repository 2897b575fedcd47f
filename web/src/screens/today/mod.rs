//! Today: what needs me.

mod sample;

use super::{
    batches::{BatchListRow, batch_row},
    grants,
    parts::{self, Figure, ViewLink},
    search::write_filter,
    second,
    shell::{Here, Shell},
};
use crate::{
    http::{address, error::Result, who::Seat},
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{extract::State, response::Html};
use index::QueryField;
use records::{Role, batches::BatchRow, permission::second::WaitingAct, places::OriginalState};

pub const SUBJECT: Subject = Subject {
    name: "today",
    rail: Some(rail::entry("/today", "today", "way-today")),
    routes,
    words: "batches",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new().view("/today", today)
}

#[derive(Template)]
#[template(path = "today.html")]
pub struct TodayView {
    pub t: Text,
    pub shell: Shell,
    pub date: String,
    pub figures: Vec<Figure>,
    pub next: Vec<ViewLink>,
    pub batches: Vec<BatchListRow>,
}

/// Newest batches shown, and whose rejects are counted.
const BATCHES_SHOWN: usize = 8;

/// `GET /today`
pub async fn today(State(web): State<Web>, seat: Seat) -> Result<Html<String>> {
    let t = seat.t;
    let (documents, pages, waiting) = web.archive.holdings(&seat.asker).await?;
    let batches = match rail::readers_of_batches(&seat.asker) {
        true => web.archive.batches(&seat.asker, None, BATCHES_SHOWN).await?,
        false => Vec::new(),
    };
    let figure = |url: &str, key: &str, count: i64, tone: &'static str| Figure {
        url: url.to_owned(),
        label: t.say(key),
        count: parts::count(count),
        tone,
    };
    let mut figures = Vec::new();
    let mut next = Vec::new();
    if seat.asker.has(Role::Archivist) {
        let tone = if waiting > 0 { "warn" } else { "" };
        figures.push(figure("/review", "today-review", waiting, tone));
        next = work_of_archivists(t, waiting, &batches);
    }
    let grants = grants::waiting(&web.archive, &seat.asker).await?;
    if grants > 0 {
        next.push(ViewLink {
            url: "/grants?open=1".to_owned(),
            label: t.n("today-do-grants", grants),
        });
    }
    if rail::keepers(&seat.asker) {
        next.extend(second_acts(&web, &seat).await?);
    }
    figures.push(figure("/search", "today-documents", documents, ""));
    figures.push(figure("/search", "today-pages", pages, ""));
    let view = TodayView {
        t,
        shell: web.shell(&seat, Here("today")).await?,
        date: web
            .local(web.environment.now())
            .get(..10)
            .unwrap_or_default()
            .to_owned(),
        figures,
        next,
        batches: batches.into_iter().map(|batch| batch_row(&web, t, batch)).collect(),
    };
    Ok(Html(view.render()?))
}

/// What another has asked for and takes a second person.
async fn second_acts(web: &Web, seat: &Seat) -> Result<Vec<ViewLink>> {
    let t = seat.t;
    let waiting = web.archive.acts_waiting(&seat.asker).await?;
    let others = waiting.into_iter().filter(|act| act.by != seat.asker.name());
    let link = |act: WaitingAct| ViewLink {
        url: second::ADDRESS.to_owned(),
        label: t.fill("today-do-second", &[("act", &act.act.name(t.0)), ("by", &act.by)]),
    };
    Ok(others.map(link).collect())
}

fn work_of_archivists(t: Text, waiting: i64, batches: &[BatchRow]) -> Vec<ViewLink> {
    let mut next = Vec::new();
    if waiting > 0 {
        next.push(ViewLink {
            url: "/review".to_owned(),
            label: t.n("today-do-review", waiting),
        });
    }
    for batch in batches.iter().filter(|batch| batch.rejected > 0) {
        let url = format!("/batches/{}?outcome=rejected", address::encode(batch.id.as_str()));
        next.push(ViewLink {
            url,
            label: t.fill("today-do-rejected", &[("n", &batch.rejected), ("batch", &batch.name)]),
        });
    }
    let state = t.word("state", OriginalState::ToBeShelved.as_str()).replace(' ', "_");
    let to_be_shelved = write_filter(t, QueryField::State, &state);
    next.push(ViewLink {
        url: address::with_query("/search", &[("q", &to_be_shelved)]),
        label: t.say("today-do-shelve"),
    });
    next
}
