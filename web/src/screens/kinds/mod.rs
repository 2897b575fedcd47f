//! Document kinds: what papers are called, by which words they are known, what is usual for each. For administrators.

mod edit;
mod sample;

pub use edit::{KindForm, KindView, delete, kind, save};

use super::{
    lists,
    parts::{self, ViewLink},
    shell::{Here, Shell, ShellNotice},
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
    http::header,
    response::{Html, IntoResponse, Response},
};
use records::{
    Role,
    kinds::{DocumentKind, KindGroup, table},
};
use serde::Deserialize;
use std::collections::HashMap;
use vocabulary::RecordList;

pub const SUBJECT: Subject = Subject {
    name: "kinds",
    rail: Some(rail::office("/admin/kinds", "kinds-title", rail::administrators)),
    routes,
    words: "kinds",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/admin/kinds", kinds)
        .part("/admin/kinds.tsv", export)
        .form("/admin/kinds/try", attempt)
        .view("/admin/kinds/{code}", kind)
        .form("/admin/kinds/{code}", save)
        .form("/admin/kinds/{code}/delete", delete)
}

/// Fits that a trial shows.
const FITS_SHOWN: usize = 8;

#[derive(Template)]
#[template(path = "kinds.html")]
pub struct KindsView {
    pub t: Text,
    pub shell: Shell,
    pub exports: Vec<ViewLink>,
    pub groups: Vec<KindsOfGroup>,
    pub unknown: u64,
    pub trial: Trial,
}

#[derive(Debug, Clone)]
pub struct KindsOfGroup {
    pub name: String,
    pub rows: Vec<KindRow>,
}

#[derive(Debug, Clone)]
pub struct KindRow {
    pub url: String,
    pub code: String,
    pub name: String,
    pub other_name: String,
    pub titles: String,
    pub content: String,
    pub documents: u64,
    pub active: bool,
}

/// Which kind a paper would be given, and why.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    pub title: String,
    pub text: String,
    pub document: String,
    pub tried: bool,
    pub result: String,
    pub fits: Vec<FitRow>,
    pub fault: String,
}

#[derive(Debug, Clone)]
pub struct FitRow {
    pub kind: String,
    pub url: String,
    pub why: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct KindsAddress {
    #[serde(default)]
    said: String,
}

/// `GET /admin/kinds`
pub async fn kinds(State(web): State<Web>, seat: Seat, Query(asked): Query<KindsAddress>) -> Result<Html<String>> {
    let mut view = listed(&web, &seat, Trial::default()).await?;
    let said = match asked.said.as_str() {
        "saved" => Some("kind-said-saved"),
        "deleted" => Some("kind-said-deleted"),
        _ => None,
    };
    view.shell.notice = said.map(|key| ShellNotice {
        tone: "good",
        text: view.t.say(key),
    });
    Ok(Html(view.render()?))
}

async fn listed(web: &Web, seat: &Seat, trial: Trial) -> Result<KindsView> {
    seat.asker.require(Role::Administrator)?;
    let t = seat.t;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let counts = web.archive.kind_counts(&seat.asker).await?;
    let groups = KindGroup::ALL.into_iter().filter_map(|group| {
        let rows: Vec<KindRow> = kinds
            .all()
            .iter()
            .filter(|kind| kind.group == group)
            .map(|kind| kind_row(t, kind, &counts))
            .collect();
        (!rows.is_empty()).then(|| KindsOfGroup {
            name: group.name(t.0).to_owned(),
            rows,
        })
    });
    Ok(KindsView {
        t,
        exports: lists::exports(t, RecordList::Kinds),
        shell: web.shell(seat, Here("admin")).await?,
        groups: groups.collect(),
        unknown: parts::count(counts.get("").copied().unwrap_or(0)),
        trial,
    })
}

fn kind_row(t: Text, kind: &DocumentKind, counts: &HashMap<String, i64>) -> KindRow {
    KindRow {
        url: kind_url(&kind.code),
        code: kind.code.clone(),
        name: kind.name(t.lang()).to_owned(),
        other_name: if t.is_chinese() { &kind.name_en } else { &kind.name_zh }.clone(),
        titles: kind.title_patterns.join(&t.say("list-separator")),
        content: kind.content_patterns.join(&t.say("list-separator")),
        documents: parts::count(counts.get(&kind.code).copied().unwrap_or(0)),
        active: kind.active,
    }
}

fn kind_url(code: &str) -> String {
    format!("/admin/kinds/{}", address::encode(code))
}

/// `POST /admin/kinds/try`: which kind a text or a document would be given.
pub async fn attempt(State(web): State<Web>, posted: Posted) -> Result<Html<String>> {
    let Posted { seat, mut fields } = posted;
    let t = seat.t;
    let mut trial = Trial {
        title: fields.text("title")?,
        text: fields.text("text")?,
        document: fields.text("document")?.trim().to_owned(),
        tried: true,
        ..Trial::default()
    };
    fields.done()?;
    seat.asker.require(Role::Administrator)?;
    let (mut title, mut text) = (trial.title.clone(), trial.text.clone());
    if !trial.document.is_empty() {
        match web.archive.document(&seat.asker, &trial.document).await? {
            Some(document) => {
                title.clone_from(&document.row.title);
                let first = web.archive.page_texts(&seat.asker, &document.row.id).await?;
                text = first.first().map(|(_, text)| text.layer.text()).unwrap_or_default();
            }
            None => trial.fault = t.with("kind-try-no-document", "document", &trial.document),
        }
    } else if title.trim().is_empty() {
        // As in ingest, where the title is found on the page: its first line stands for it here.
        title = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default()
            .to_owned();
    }
    let kinds = web.archive.kinds(&seat.asker).await?;
    let judged = kinds.judge(&title, &text);
    trial.result = match judged.kind() {
        Some(kind) => kind.name(t.lang()).to_owned(),
        None if judged.is_tied() => t.say("kind-try-tied"),
        None => t.say("kind-try-unknown"),
    };
    trial.fits = judged
        .fits
        .iter()
        .take(FITS_SHOWN)
        .map(|fit| FitRow {
            kind: fit.kind.name(t.lang()).to_owned(),
            url: kind_url(&fit.kind.code),
            why: t.with(&format!("kind-try-by-{}", fit.basis.as_str()), "word", fit.pattern),
        })
        .collect();
    Ok(Html(listed(&web, &seat, trial).await?.render()?))
}

/// `GET /admin/kinds.tsv`
pub async fn export(State(web): State<Web>, seat: Seat) -> Result<Response> {
    seat.asker.require(Role::Administrator)?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/tab-separated-values; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"kinds.tsv\""),
    ];
    Ok((headers, table::written(kinds.all())).into_response())
}
