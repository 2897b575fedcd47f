//! Today: what needs me, with counts that lead to exactly what was counted; the last checks, room on the disk, and
//! thirty days as a chart.

mod chart;
mod list;
mod sample;

use super::{
    batches::{BatchListRow, batch_row},
    parts::{self, Figure, ViewLink},
    second,
    shell::{Here, Shell},
};
use crate::{
    http::{error::Result, who::Seat},
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{extract::State, response::Html};
use chart::{Chart, chart_of};
use records::{Role, audit::AuditCheck, scans::FileCheck, today::DiskRoom};
use services::today::Today;
use vocabulary::TodayItem;

pub use list::{TodayLine, TodayListView};

pub const SUBJECT: Subject = Subject {
    name: "today",
    rail: Some(rail::entry("/today", "today", "way-today")),
    routes,
    words: "batches",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/today", today)
        .view("/today/{item}", list::documents)
}

#[derive(Template)]
#[template(path = "today.html")]
pub struct TodayView {
    pub t: Text,
    pub shell: Shell,
    pub date: String,
    /// What is to be done; only what waits.
    pub todo: Vec<Figure>,
    pub holdings: Vec<Figure>,
    /// The last checks and the room on the disk.
    pub states: Vec<StateLine>,
    /// What the last check of the files has found.
    pub file_problems: Vec<String>,
    pub charts: Vec<Chart>,
    /// What begins an empty archive.
    pub first_steps: Vec<ViewLink>,
    pub batches: Vec<BatchListRow>,
}

/// What is known of the archive, and since when.
#[derive(Debug, Clone)]
pub struct StateLine {
    /// `good`, `warn`, `bad` or empty where nothing is known.
    pub tone: &'static str,
    pub label: String,
    pub text: String,
    /// Where it is told in full; empty where this is all.
    pub url: String,
}

/// Newest batches shown.
const BATCHES_SHOWN: usize = 8;

/// `GET /today`
pub async fn today(State(web): State<Web>, seat: Seat) -> Result<Html<String>> {
    let t = seat.t;
    let today = services::today::today(&web.archive, &seat.asker, web.environment.now()).await?;
    let batches = match rail::readers_of_batches(&seat.asker) {
        true => web.archive.batches(&seat.asker, None, BATCHES_SHOWN).await?,
        false => Vec::new(),
    };
    let first_steps = match today.is_empty() {
        true => first_steps(&seat),
        false => Vec::new(),
    };
    let view = TodayView {
        t,
        shell: web.shell(&seat, Here("today")).await?,
        date: today.date.clone(),
        todo: todo(t, &today),
        holdings: holdings(t, &today),
        states: states(&web, t, &today),
        file_problems: today
            .files
            .iter()
            .flatten()
            .flat_map(|check| check.problems.clone())
            .collect(),
        charts: [
            chart_of(t, "today-intake", &today.days, |day| day.documents),
            chart_of(t, "today-lookups", &today.days, |day| day.lookups),
        ]
        .into(),
        first_steps,
        batches: batches.into_iter().map(|batch| batch_row(&web, t, batch)).collect(),
    };
    Ok(Html(view.render()?))
}

/// Where exactly what an item counts is listed.
pub(super) fn address_of(item: TodayItem) -> String {
    match item {
        TodayItem::Review => "/review".to_owned(),
        TodayItem::Batches => "/batches?problems=1".to_owned(),
        TodayItem::Uploads => "/add".to_owned(),
        TodayItem::PagesToCheck => "/reading".to_owned(),
        TodayItem::SecondActs => format!("{}?mine=1", second::ADDRESS),
        TodayItem::GrantsToConfirm => "/grants?open=mine".to_owned(),
        TodayItem::LoansToApprove => "/loans?list=mine".to_owned(),
        TodayItem::LoansDue => "/loans?list=due_today".to_owned(),
        TodayItem::LoansOverdue => "/loans?list=overdue".to_owned(),
        TodayItem::TrailProblems => "/audit".to_owned(),
        TodayItem::FileProblems => "/today#files".to_owned(),
        TodayItem::ReviewLate | TodayItem::OriginalsToShelve | TodayItem::OriginalsMissing | TodayItem::Expiring => {
            format!("/today/{}", item.as_str())
        }
    }
}

fn todo(t: Text, today: &Today) -> Vec<Figure> {
    let waiting = today.items.iter().filter(|(_, count)| *count > 0);
    let figure = |(item, count): &(TodayItem, i64)| Figure {
        url: address_of(*item),
        label: item.name(t.0).to_owned(),
        count: parts::count(*count),
        tone: match item {
            TodayItem::ReviewLate
            | TodayItem::OriginalsMissing
            | TodayItem::LoansOverdue
            | TodayItem::TrailProblems
            | TodayItem::FileProblems => "bad",
            _ => "warn",
        },
    };
    waiting.map(figure).collect()
}

fn holdings(t: Text, today: &Today) -> Vec<Figure> {
    let figure = |url: &str, key: &str, count: i64| Figure {
        url: url.to_owned(),
        label: t.say(key),
        count: parts::count(count),
        tone: "",
    };
    vec![
        figure("", "today-documents", today.documents),
        figure("", "today-pages", today.pages),
        figure("/customers", "today-customers", today.customers),
    ]
}

fn states(web: &Web, t: Text, today: &Today) -> Vec<StateLine> {
    let mut states = Vec::new();
    if let Some(check) = &today.trail {
        states.push(trail_line(web, t, check.as_ref()));
    }
    if let Some(check) = &today.files {
        states.push(files_line(web, t, check.as_ref()));
    }
    if let Some(room) = today.room {
        states.push(room_line(t, room));
    }
    states
}

fn trail_line(web: &Web, t: Text, check: Option<&AuditCheck>) -> StateLine {
    let (tone, text) = match check {
        None => ("", t.say("today-never-checked")),
        Some(check) => {
            let sound = check.problems.is_empty();
            let key = if sound {
                "today-trail-sound"
            } else {
                "today-trail-damaged"
            };
            let args = [
                ("at", &web.local(check.at) as &dyn crate::text::Argument),
                ("n", &check.events),
                ("problems", &check.problems.len()),
            ];
            (if sound { "good" } else { "bad" }, t.fill(key, &args))
        }
    };
    StateLine {
        tone,
        label: t.say("today-trail"),
        text,
        url: "/audit".to_owned(),
    }
}

fn files_line(web: &Web, t: Text, check: Option<&FileCheck>) -> StateLine {
    let (tone, text) = match check {
        None => ("", t.say("today-never-checked")),
        Some(check) => {
            let sound = check.problems.is_empty();
            let key = match (sound, check.every_byte) {
                (false, _) => "today-files-damaged",
                (true, true) => "today-files-sound",
                (true, false) => "today-files-there",
            };
            let args = [
                ("at", &web.local(check.at) as &dyn crate::text::Argument),
                ("n", &check.scans),
                ("problems", &check.problems.len()),
            ];
            (if sound { "good" } else { "bad" }, t.fill(key, &args))
        }
    };
    StateLine {
        tone,
        label: t.say("today-files"),
        text,
        url: String::new(),
    }
}

fn room_line(t: Text, room: DiskRoom) -> StateLine {
    let gigabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e9);
    let key = if room.is_short {
        "today-room-short"
    } else {
        "today-room-left"
    };
    StateLine {
        tone: if room.is_short { "bad" } else { "good" },
        label: t.say("today-room"),
        text: t.fill(
            key,
            &[
                ("free", &gigabytes(room.free_bytes)),
                ("total", &gigabytes(room.total_bytes)),
            ],
        ),
        url: String::new(),
    }
}

/// What this person can do in an archive where there is nothing yet.
fn first_steps(seat: &Seat) -> Vec<ViewLink> {
    let t = seat.t;
    let step = |url: &str, key: &str| ViewLink {
        url: url.to_owned(),
        label: t.say(key),
    };
    let mut steps = Vec::new();
    if seat.asker.has(Role::Archivist) {
        steps.push(step("/add", "way-add"));
        steps.push(step("/customers/new", "customer-add"));
    }
    if rail::keepers(&seat.asker) {
        steps.push(step("/imports", "today-import"));
    }
    if seat.asker.has(Role::Archivist) {
        steps.push(step("/locations/build", "today-places"));
    }
    steps
}
