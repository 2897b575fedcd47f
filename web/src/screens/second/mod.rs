//! What waits for a second person: who asked for what and why, and the two buttons.

mod sample;

use super::{
    deciding::{DecisionButtons, not_taken},
    shell::{Here, Shell, ShellNotice},
    users::{Invitation, invitation},
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
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use futures::future::BoxFuture;
use records::{
    Archive, Asker, Error,
    ids::SecondActId,
    permission::{
        grants::GrantTarget,
        second::{TwoPersonAct, WaitingAct},
    },
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "second",
    rail: Some(rail::office(ADDRESS, "second-title", rail::office_staff).counting(waiting)),
    routes,
    words: "second",
    samples: sample::samples,
};

pub(super) const ADDRESS: &str = "/admin/second";

fn routes() -> Routes {
    Routes::new()
        .view(ADDRESS, second)
        .form("/admin/second/{id}/confirm", confirm)
        .form("/admin/second/{id}/refuse", refuse)
}

#[derive(Template)]
#[template(path = "second.html")]
pub struct SecondView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<SecondLine>,
    /// Why the last decision was not taken.
    pub fault: Option<String>,
    /// The link that was just confirmed, shown this once.
    pub invitation: Option<Invitation>,
}

#[derive(Debug, Clone)]
pub struct SecondLine {
    pub id: String,
    pub act: String,
    pub object: String,
    /// Empty where there is nothing to open.
    pub url: String,
    /// What it is to become, in words; empty where the act says it all.
    pub wanted: String,
    pub reason: String,
    pub by: String,
    pub at: String,
    pub until: String,
    pub decision: DecisionButtons,
    /// One's own: it is taken back, not refused.
    pub is_own: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct SecondAddress {
    #[serde(default)]
    said: String,
    /// `1`: only those that wait for whoever asks.
    #[serde(default)]
    mine: String,
}

/// `GET /admin/second`
pub async fn second(State(web): State<Web>, seat: Seat, Query(asked): Query<SecondAddress>) -> Result<Html<String>> {
    let mut view = listed(&web, &seat).await?;
    if asked.mine == "1" {
        view.rows.retain(|row| row.decision.agree.is_some());
    }
    let said = match asked.said.as_str() {
        "confirmed" => Some("second-said-confirmed"),
        "refused" => Some("second-said-refused"),
        _ => None,
    };
    view.shell.notice = said.map(|key| ShellNotice {
        tone: "good",
        text: view.t.say(key),
    });
    Ok(Html(view.render()?))
}

async fn listed(web: &Web, seat: &Seat) -> Result<SecondView> {
    let mut rows = Vec::new();
    for act in web.archive.acts_waiting(&seat.asker).await? {
        rows.push(line(web, seat, act).await?);
    }
    Ok(SecondView {
        t: seat.t,
        shell: web.shell(seat, Here("admin")).await?,
        rows,
        fault: None,
        invitation: None,
    })
}

async fn line(web: &Web, seat: &Seat, waiting: WaitingAct) -> Result<SecondLine> {
    let t = seat.t;
    let may_do = services::today::may_confirm(&seat.asker, &waiting);
    let is_own = waiting.by == seat.asker.name();
    let target = match waiting.act {
        TwoPersonAct::UnsealDocument | TwoPersonAct::LowerDocument => {
            Some(GrantTarget::Document(waiting.object.clone()))
        }
        TwoPersonAct::UnsealDossier | TwoPersonAct::LowerDossier => Some(GrantTarget::Dossier(waiting.object.clone())),
        TwoPersonAct::Clearance | TwoPersonAct::Link | TwoPersonAct::FactorReset => None,
    };
    let title = match &target {
        // Somebody who may not know the title decides by the id and the reason.
        Some(target) => match web.archive.grant_target(&seat.asker, target).await {
            Ok(named) => named.title,
            Err(Error::Absent { .. } | Error::Forbidden { .. }) => String::new(),
            Err(cause) => return Err(cause.into()),
        },
        None => String::new(),
    };
    let url = match (&target, title.is_empty()) {
        (Some(GrantTarget::Document(id)), false) => address::document(id),
        (Some(GrantTarget::Dossier(code)), false) => address::customer(code),
        (None, _) => format!("/admin/users/{}", address::encode(&waiting.object)),
        _ => String::new(),
    };
    let id = waiting.id.to_string();
    let refuse = t.say(if is_own { "second-take-back" } else { "second-refuse" });
    Ok(SecondLine {
        act: waiting.act.name(t.0).to_owned(),
        wanted: wanted(web, t, &waiting),
        object: if title.is_empty() { waiting.object } else { title },
        url,
        reason: waiting.reason,
        by: waiting.by,
        at: web.local(waiting.at),
        until: web.local(waiting.until),
        decision: DecisionButtons::of(&id)
            .agreeing(may_do, ADDRESS, "confirm", t.say("second-confirm"))
            .ending(may_do || is_own, ADDRESS, "refuse", refuse),
        is_own,
        id,
    })
}

/// The level that it is about, in the archive's own word for it.
fn wanted(web: &Web, t: Text, waiting: &WaitingAct) -> String {
    let is_about_level = !matches!(waiting.act, TwoPersonAct::UnsealDossier);
    let level = waiting.wanted.level().filter(|_| is_about_level);
    level.map_or_else(String::new, |level| {
        let name = web.settings().security_level_name(level, t.lang()).to_owned();
        t.with("second-to-level", "level", name)
    })
}

/// `POST /admin/second/{id}/confirm`
pub async fn confirm(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = SecondActId::parse(&id)?;
    match web.archive.act_confirm(&seat.asker, &id).await {
        Ok(done) => {
            web.hid(&seat.asker).await?;
            let Some(link) = done.link else {
                return Ok(Redirect::to("/admin/second?said=confirmed").into_response());
            };
            let mut view = listed(&web, &seat).await?;
            view.invitation = Some(invitation(&web, &done.object, &link));
            Ok(Html(view.render()?).into_response())
        }
        Err(Error::Refused(because)) => {
            let mut view = listed(&web, &seat).await?;
            view.fault = Some(seat.t.refusal(&because));
            not_taken(&view)
        }
        Err(cause) => Err(cause.into()),
    }
}

/// `POST /admin/second/{id}/refuse`
pub async fn refuse(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let reason = fields.text("reason")?;
    fields.done()?;
    let id = SecondActId::parse(&id)?;
    web.archive.act_refuse(&seat.asker, &id, &reason).await?;
    Ok(Redirect::to("/admin/second?said=refused"))
}

/// How much waits for this person as the second.
pub fn waiting<'a>(archive: &'a Archive, asker: &'a Asker) -> BoxFuture<'a, records::Result<i64>> {
    Box::pin(services::today::acts_to_confirm(archive, asker))
}
