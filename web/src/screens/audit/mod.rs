//! The auditor's desk: who did what to what, by person, record, action and time, in the words of the trade. Reading it
//! is in it.

mod sample;
pub mod words;

use super::{
    parts::{self, Choice},
    shell::{Here, Shell},
};
use crate::{
    export::{self, Format},
    http::{
        address,
        error::Result,
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
    response::{Html, Redirect, Response},
};
use records::audit::{AuditAction, AuditCheck, AuditEvent, AuditedRecord, EventFilter};
use serde::Deserialize;
use services::audit::AuditAsked;

pub const SUBJECT: Subject = Subject {
    name: "audit",
    rail: Some(
        rail::entry("/audit", "audit", "way-audit")
            .for_those(rail::auditors)
            .apart(),
    ),
    routes,
    words: "accounts",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/audit", audit)
        .part("/audit.csv", csv)
        .part("/audit.xlsx", xlsx)
        .form("/audit/check", check)
}

#[derive(Template)]
#[template(path = "audit.html")]
pub struct AuditView {
    pub t: Text,
    pub shell: Shell,
    /// How many events there are, whatever the window.
    pub total: String,
    /// What was proven, and when.
    pub check: CheckView,
    pub asked: AuditAddress,
    pub actions: Vec<Choice>,
    /// What cannot be read of what was typed.
    pub fault: String,
    pub rows: Vec<AuditRow>,
    pub next_window: Option<String>,
    pub exports: Vec<(&'static str, String)>,
    /// Who printed it and when, for the head of the paper.
    pub printed: String,
}

/// The newest check of the trail.
#[derive(Debug, Clone)]
pub struct CheckView {
    /// `good`, `bad`, or empty where none was ever made.
    pub tone: &'static str,
    pub text: String,
    pub problems: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct AuditRow {
    pub sequence: i64,
    pub at: String,
    pub who: String,
    /// Everything that this person did.
    pub who_url: String,
    pub what: String,
    /// Kind, code, name and customer of the record, as far as the reader may see it.
    pub kind: String,
    pub code: String,
    pub name: String,
    pub customer: String,
    /// Everything that was done to this record.
    pub object_url: String,
    /// The record itself.
    pub url: String,
    pub detail: String,
    /// It belongs to the act of the row above.
    pub goes_on: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AuditAddress {
    pub who: String,
    pub object: String,
    pub action: String,
    pub from: String,
    pub to: String,
    pub before: Option<i64>,
}

impl AuditAddress {
    fn asked(&self) -> AuditAsked {
        AuditAsked {
            person: self.who.clone(),
            object: self.object.clone(),
            object_kind: String::new(),
            action: self.action.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            before: self.before,
        }
    }

    fn at(&self, path: &str, before: Option<i64>) -> String {
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        let all = [
            ("who", self.who.as_str()),
            ("object", &self.object),
            ("action", &self.action),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &before),
        ];
        let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        address::with_query(path, &said)
    }
}

/// `GET /audit`
pub async fn audit(State(web): State<Web>, seat: Seat, Query(asked): Query<AuditAddress>) -> Result<Html<String>> {
    let t = seat.t;
    let limit = web.config.limits.rows;
    let (filter, fault) =
        match services::audit::filter(&web.archive, Some(&web.finder), &seat.asker, &asked.asked(), limit + 1).await {
            Ok(filter) => (Some(filter), String::new()),
            Err(services::Error::Invalid { .. }) => (None, t.say("audit-wrong")),
            Err(other) => return Err(other.into()),
        };
    let (events, total) = match &filter {
        Some(filter) => (
            services::audit::events(&web.archive, &seat.asker, filter).await?,
            parts::total(t, web.archive.audit_events_total(&seat.asker, filter).await?),
        ),
        None => (Vec::new(), String::new()),
    };
    services::audit::note_read(&web.archive, &seat.asker, &asked.asked()).await?;
    let (events, goes_on) = api_types::window(events, limit);
    let view = AuditView {
        t,
        shell: web.shell(&seat, Here("audit")).await?,
        total,
        check: check_view(&web, t, web.archive.audit_checked(&seat.asker).await?),
        actions: action_choices(t, &asked.action),
        fault,
        next_window: (events.last().filter(|_| goes_on)).map(|(last, _)| asked.at("/audit", Some(last.sequence))),
        rows: rows(&web, t, events),
        exports: [("CSV", "/audit.csv"), ("XLSX", "/audit.xlsx")]
            .into_iter()
            .map(|(label, path)| (label, asked.at(path, None)))
            .collect(),
        printed: web.printed(&seat),
        asked,
    };
    Ok(Html(view.render()?))
}

/// Every action by its name, beside "all of them".
fn action_choices(t: Text, chosen: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = AuditAction::ALL
        .iter()
        .map(|action| Choice {
            value: action.as_str().to_owned(),
            label: t.word("event", action.as_str()),
            chosen: action.as_str() == chosen,
        })
        .collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    let any = Choice {
        value: String::new(),
        label: t.say("audit-any-action"),
        chosen: chosen.is_empty(),
    };
    std::iter::once(any).chain(choices).collect()
}

/// `GET /audit.csv`
pub async fn csv(State(web): State<Web>, seat: Seat, Query(asked): Query<AuditAddress>) -> Result<Response> {
    file(&web, &seat, &asked, Format::Csv).await
}

/// `GET /audit.xlsx`
pub async fn xlsx(State(web): State<Web>, seat: Seat, Query(asked): Query<AuditAddress>) -> Result<Response> {
    file(&web, &seat, &asked, Format::Xlsx).await
}

async fn file(web: &Web, seat: &Seat, asked: &AuditAddress, format: Format) -> Result<Response> {
    let limit = web.config.limits.export_rows_max;
    let filter: EventFilter =
        services::audit::filter(&web.archive, Some(&web.finder), &seat.asker, &asked.asked(), limit).await?;
    let events = services::audit::events(&web.archive, &seat.asker, &filter).await?;
    services::audit::note_read(&web.archive, &seat.asker, &asked.asked()).await?;
    let settings = web.settings();
    let table = services::audit::table(&events, words::of_table(seat.t, &settings), web.environment.now());
    export::table(table, format, seat.t.say("audit-title")).await
}

/// `POST /audit/check`: every leaf and the root are computed anew.
pub async fn check(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    web.archive.audit_check(&seat.asker).await?;
    Ok(Redirect::to("/audit"))
}

fn check_view(web: &Web, t: Text, newest: Option<AuditCheck>) -> CheckView {
    let Some(check) = newest else {
        return CheckView {
            tone: "",
            text: t.say("audit-never-checked"),
            problems: Vec::new(),
        };
    };
    let AuditCheck {
        at,
        actor: _,
        events,
        problems,
    } = check;
    let (tone, key) = match problems.is_empty() {
        true => ("good", "audit-checked"),
        false => ("bad", "audit-damaged"),
    };
    CheckView {
        tone,
        text: t.fill(
            key,
            &[("at", &web.local(at)), ("n", &events), ("problems", &problems.len())],
        ),
        problems,
    }
}

fn rows(web: &Web, t: Text, events: Vec<(AuditEvent, AuditedRecord)>) -> Vec<AuditRow> {
    let acts = services::audit::acts(events.iter().map(|(event, _)| event));
    let row = |(event, act): ((AuditEvent, AuditedRecord), i64)| AuditRow {
        goes_on: event.0.sequence != act,
        ..audit_row(web, t, event)
    };
    events.into_iter().zip(acts).map(row).collect()
}

fn audit_row(web: &Web, t: Text, (event, record): (AuditEvent, AuditedRecord)) -> AuditRow {
    let what = words::action(t, &event);
    let AuditEvent {
        sequence,
        at,
        actor,
        action: _,
        object_kind,
        object_id,
        outcome: _,
        detail,
    } = event;
    AuditRow {
        sequence,
        at: web.local(at),
        who_url: address::with_query("/audit", &[("who", &actor)]),
        who: actor,
        what,
        kind: t.word("event-object", &object_kind),
        code: if record.code.is_empty() && record.name.is_empty() {
            object_id.clone()
        } else {
            record.code.clone()
        },
        object_url: match object_id.is_empty() {
            true => String::new(),
            false => match object_kind.as_str() {
                "document" | "customer" | "location" | "container" | "user" | "kind" | "checklist" => {
                    t.audit_of(&object_kind, &object_id)
                }
                _ => address::with_query("/audit", &[("object", &object_id)]),
            },
        },
        url: match object_kind.as_str() {
            "document" if !record.name.is_empty() || !record.code.is_empty() => address::document(&object_id),
            "customer" => address::customer(&record.code),
            "location" | "container" => address::location(&record.code),
            "batch" => format!("/batches/{}", address::encode(&object_id)),
            _ => String::new(),
        },
        name: record.name,
        customer: record.customer,
        detail: words::detail(t, &detail),
        goes_on: false,
    }
}
