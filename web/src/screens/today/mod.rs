//! Today: what needs me.

mod sample;

use super::{
    batches::{BatchListRow, batch_row},
    parts::{self, Figure, ViewLink},
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
use records::{Role, places::OriginalState};

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
    let works = seat.asker.has(Role::Archivist);
    let batches = match works || seat.asker.has(Role::Auditor) || seat.asker.has(Role::Administrator) {
        true => web.archive.batches(&seat.asker, None, BATCHES_SHOWN).await?,
        false => Vec::new(),
    };
    let to_be_shelved = format!(
        "{}:{}",
        if t.is_chinese() {
            index::QueryField::State.chinese()
        } else {
            index::QueryField::State.english()
        },
        t.word("state", OriginalState::ToBeShelved.as_str()).replace(' ', "_")
    );
    let mut figures = Vec::new();
    let mut next = Vec::new();
    if works {
        figures.push(Figure {
            url: "/review".to_owned(),
            label: t.say("today-review"),
            count: parts::count(waiting),
            tone: if waiting > 0 { "warn" } else { "" },
        });
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
        next.push(ViewLink {
            url: address::with_query("/search", &[("q", &to_be_shelved)]),
            label: t.say("today-do-shelve"),
        });
    }
    figures.push(Figure {
        url: "/search".to_owned(),
        label: t.say("today-documents"),
        count: parts::count(documents),
        tone: "",
    });
    figures.push(Figure {
        url: "/search".to_owned(),
        label: t.say("today-pages"),
        count: parts::count(pages),
        tone: "",
    });
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
