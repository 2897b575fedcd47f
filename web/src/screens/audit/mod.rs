//! Audit: who did what to what, for auditors. Reading it is in it.

mod sample;

use super::{
    parts,
    shell::{Here, Shell},
};
use crate::{
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
    response::{Html, Redirect},
};
use records::audit::{AuditAction, AuditCheck, AuditEvent, AuditObject, EventDraft, EventFilter};
use serde::Deserialize;

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
    Routes::new().view("/audit", audit).form("/audit/check", check)
}

#[derive(Template)]
#[template(path = "audit.html")]
pub struct AuditView {
    pub t: Text,
    pub shell: Shell,
    pub head_text: String,
    /// What was proven, and when.
    pub check: CheckView,
    pub who: String,
    pub object: String,
    pub rows: Vec<AuditRow>,
    pub next_window: Option<String>,
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
    pub what: String,
    pub object: String,
    pub url: String,
    pub detail: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct AuditAddress {
    #[serde(default)]
    who: String,
    #[serde(default)]
    object: String,
    before: Option<i64>,
}

/// `GET /audit`
pub async fn audit(State(web): State<Web>, seat: Seat, Query(asked): Query<AuditAddress>) -> Result<Html<String>> {
    let limit = web.config.limits.rows;
    let filter = EventFilter {
        actor: asked.who.trim().to_owned(),
        object_id: asked.object.trim().to_owned(),
        before: asked.before,
        limit: limit + 1,
        ..EventFilter::default()
    };
    let events = web.archive.audit_events(&seat.asker, &filter).await?;
    web.archive
        .note_read(
            &seat.asker,
            EventDraft::new(AuditAction::AuditRead, AuditObject::Audit, ""),
        )
        .await?;
    let (events, goes_on) = api_types::window(events, limit);
    let next_window = events.last().filter(|_| goes_on).map(|last| {
        address::with_query(
            "/audit",
            &[
                ("who", &filter.actor),
                ("object", &filter.object_id),
                ("before", &last.sequence.to_string()),
            ],
        )
    });
    let is_narrowed = !filter.actor.is_empty() || !filter.object_id.is_empty();
    let newest = if asked.before.is_none() {
        events.first().map_or(0, |event| event.sequence)
    } else {
        0
    };
    let view = AuditView {
        t: seat.t,
        shell: web.shell(&seat, Here("audit")).await?,
        head_text: match (newest, is_narrowed) {
            (0, false) => String::new(),
            (newest, false) => seat.t.n("audit-head", newest),
            (_, true) => parts::total(seat.t, web.archive.audit_events_total(&seat.asker, &filter).await?),
        },
        check: check_view(&web, seat.t, web.archive.audit_checked(&seat.asker).await?),
        who: filter.actor,
        object: filter.object_id,
        rows: events.into_iter().map(|event| audit_row(&web, seat.t, event)).collect(),
        next_window,
    };
    Ok(Html(view.render()?))
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

fn audit_row(web: &Web, t: Text, event: AuditEvent) -> AuditRow {
    let AuditEvent {
        sequence,
        at,
        actor,
        action,
        object_kind,
        object_id,
        outcome,
        detail,
    } = event;
    let what = t.word("event", &action);
    AuditRow {
        sequence,
        at: web.local(at),
        who: actor,
        what: if outcome == "ok" {
            what
        } else {
            format!("{what} · {}", t.word("event-outcome", &outcome))
        },
        url: match object_kind.as_str() {
            "document" => address::document(&object_id),
            "customer" => address::customer(&object_id),
            "location" => address::location(&object_id),
            "batch" => format!("/batches/{}", address::encode(&object_id)),
            _ => String::new(),
        },
        object: object_id,
        detail,
    }
}
