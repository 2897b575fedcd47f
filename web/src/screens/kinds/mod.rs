//! Document kinds: what papers are called, by which words they are known, what is usual for each. For administrators.

use super::{
    parts::{self, Choice},
    shell::{Here, Notice, Shell},
};
use crate::{
    http::{
        address,
        error::{Final, Result, WebError},
        who::{Fields, Posted, Seat},
    },
    state::Web,
    subject::{Routes, Subject, no_samples},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Field, Role, SecurityLevel,
    kinds::{DocumentKind, KIND_GROUPS, KindFlag, KindFlags, Kinds, table},
    tables::{self, LineProblem, OnBadLine, TableLimits},
};
use serde::Deserialize;
use std::collections::HashMap;

pub const SUBJECT: Subject = Subject {
    name: "kinds",
    rail: None,
    routes,
    words: "kinds",
    samples: no_samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/admin/kinds", kinds)
        .part("/admin/kinds.tsv", export)
        .form("/admin/kinds/try", attempt)
        .form("/admin/kinds/import", import)
        .view("/admin/kinds/{code}", kind)
        .form("/admin/kinds/{code}", save)
}

/// Fits that a trial shows.
const FITS_SHOWN: usize = 8;

#[derive(Template)]
#[template(path = "kinds.html")]
pub struct KindsView {
    pub t: Text,
    pub shell: Shell,
    pub groups: Vec<KindGroup>,
    pub unknown: u64,
    pub trial: Trial,
    pub problems: Vec<String>,
    /// The table that could not be imported, as it was sent.
    pub table: String,
}

#[derive(Debug, Clone)]
pub struct KindGroup {
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

#[derive(Template)]
#[template(path = "kind.html")]
pub struct KindView {
    pub t: Text,
    pub shell: Shell,
    pub is_new: bool,
    pub form: KindForm,
    pub documents: u64,
}

/// A kind as it is typed. A fault stands beside its field.
#[derive(Debug, Clone, Default)]
pub struct KindForm {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub titles: String,
    pub content: String,
    pub retention: String,
    pub position: String,
    pub active: bool,
    pub groups: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub flags: Vec<Choice>,
    /// The field that is wrong, and what would be right.
    pub wrong: String,
    pub fault: String,
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
        "imported" => Some("kind-said-imported"),
        _ => None,
    };
    view.shell.notice = said.map(|key| Notice {
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
    let groups = KIND_GROUPS.iter().filter_map(|(group, zh, en)| {
        let rows: Vec<KindRow> = kinds
            .all()
            .iter()
            .filter(|kind| kind.group == *group)
            .map(|kind| kind_row(t, kind, &counts))
            .collect();
        (!rows.is_empty()).then(|| KindGroup {
            name: if t.is_chinese() { *zh } else { *en }.to_owned(),
            rows,
        })
    });
    Ok(KindsView {
        t,
        shell: web.shell(seat, Here("admin")).await?,
        groups: groups.collect(),
        unknown: parts::count(counts.get("").copied().unwrap_or(0)),
        trial,
        problems: Vec::new(),
        table: String::new(),
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

/// `GET /admin/kinds/{code}`; `new` is an empty form.
pub async fn kind(State(web): State<Web>, seat: Seat, Path(code): Path<String>) -> Result<Html<String>> {
    seat.asker.require(Role::Administrator)?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let counts = web.archive.kind_counts(&seat.asker).await?;
    let is_new = code == "new";
    let kind = match kinds.get(&code) {
        Some(kind) => kind.clone(),
        None if is_new => blank(&kinds),
        None => return Err(WebError::NotFound),
    };
    let view = KindView {
        t: seat.t,
        shell: web.shell(&seat, Here("admin")).await?,
        is_new,
        form: form_of(seat.t, &kind),
        documents: parts::count(counts.get(&code).copied().unwrap_or(0)),
    };
    Ok(Html(view.render()?))
}

fn blank(kinds: &Kinds) -> DocumentKind {
    DocumentKind {
        code: String::new(),
        group: "other".to_owned(),
        name_zh: String::new(),
        name_en: String::new(),
        title_patterns: Vec::new(),
        content_patterns: Vec::new(),
        flags: KindFlags::default(),
        security_level: SecurityLevel::INTERNAL,
        retention_class: String::new(),
        position: kinds.all().iter().map(|kind| kind.position).max().unwrap_or(0) + 1,
        active: true,
    }
}

fn form_of(t: Text, kind: &DocumentKind) -> KindForm {
    let level = kind.security_level.number().to_string();
    KindForm {
        code: kind.code.clone(),
        name_zh: kind.name_zh.clone(),
        name_en: kind.name_en.clone(),
        titles: kind.title_patterns.join("\n"),
        content: kind.content_patterns.join("\n"),
        retention: kind.retention_class.clone(),
        position: kind.position.to_string(),
        active: kind.active,
        groups: KIND_GROUPS
            .iter()
            .map(|(code, zh, en)| Choice {
                value: (*code).to_owned(),
                label: if t.is_chinese() { *zh } else { *en }.to_owned(),
                chosen: *code == kind.group,
            })
            .collect(),
        levels: ["0", "1", "2", "3"]
            .map(|value| Choice {
                value: value.to_owned(),
                label: t.word("security", value),
                chosen: value == level,
            })
            .into(),
        flags: KindFlag::ALL
            .map(|flag| Choice {
                value: flag.letter().to_string(),
                label: t.word("kind-flag", &flag.letter().to_string().to_lowercase()),
                chosen: kind.flags.has(flag),
            })
            .into(),
        wrong: String::new(),
        fault: String::new(),
    }
}

/// `POST /admin/kinds/{code}`: adds a kind (`new`) or changes one. The form keeps what was typed.
pub async fn save(State(web): State<Web>, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    seat.asker.require(Role::Administrator)?;
    let t = seat.t;
    let is_new = code == "new";
    let kinds = web.archive.kinds(&seat.asker).await?;
    let known = match kinds.get(&code) {
        Some(kind) => kind.clone(),
        None if is_new => blank(&kinds),
        None => return Err(WebError::NotFound),
    };
    let (kind, position) = typed(&mut fields, known, is_new)?;
    fields.done()?;
    let fault = if is_new && kinds.get(&kind.code).is_some() {
        Some(("code", t.with("kind-code-taken", "code", &kind.code)))
    } else if position.parse::<i64>().is_err() {
        Some(("position", t.say("kind-position-wrong")))
    } else {
        match web.archive.kind_set(&seat.asker, &kind).await {
            Ok(_) => {
                web.wrote(&seat.asker).await?;
                return Ok(Redirect::to("/admin/kinds?said=saved").into_response());
            }
            Err(records::Error::Invalid { what, value, reason }) => Some(fault_of(t, what, &value, &reason)),
            Err(records::Error::Exists { id, .. }) => Some(("titles", t.with("kind-title-taken", "word", &id))),
            Err(cause) => return Err(cause.into()),
        }
    };
    let (wrong, fault) = fault.unwrap_or_default();
    let view = KindView {
        t,
        shell: web.shell(&seat, Here("admin")).await?,
        is_new,
        form: KindForm {
            wrong: wrong.to_owned(),
            fault,
            position,
            ..form_of(t, &kind)
        },
        documents: 0,
    };
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// The kind as it was typed, and its position as it was written.
fn typed(fields: &mut Fields, known: DocumentKind, is_new: bool) -> Result<(DocumentKind, String)> {
    let lines = |text: String| -> Vec<String> {
        let words = text.split(['\n', ';', '；']).map(str::trim);
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let code = fields.text("code")?;
    let mut flags = String::new();
    for flag in KindFlag::ALL {
        flags.push_str(&fields.text(&format!("flag_{}", flag.letter()))?);
    }
    let position = fields.text("position")?.trim().to_owned();
    let kind = DocumentKind {
        code: if is_new { code.trim().to_owned() } else { known.code },
        group: fields.text("group")?,
        name_zh: fields.text("name_zh")?.trim().to_owned(),
        name_en: fields.text("name_en")?.trim().to_owned(),
        title_patterns: lines(fields.text("titles")?),
        content_patterns: lines(fields.text("content")?),
        flags: KindFlags::parse(&flags)?,
        security_level: SecurityLevel::parse(&fields.text("level")?)?,
        retention_class: fields.text("retention")?.trim().to_owned(),
        position: position.parse().unwrap_or(known.position),
        active: !fields.text("active")?.is_empty(),
    };
    Ok((kind, position))
}

/// The field that a refusal of the record is about, and what to say beside it.
fn fault_of(t: Text, what: Field, value: &str, reason: &str) -> (&'static str, String) {
    match what {
        Field::KindCode => ("code", t.say("kind-code-wrong")),
        Field::KindNameZh => ("name_zh", t.say("kind-name-wrong")),
        Field::KindNameEn => ("name_en", t.say("kind-name-wrong")),
        Field::TitleWords => ("titles", t.with("kind-words-wrong", "word", value)),
        Field::ContentWords => ("content", t.with("kind-content-wrong", "word", value)),
        Field::RetentionClass => ("retention", t.say("kind-retention-wrong")),
        _ => ("", format!("{value}: {reason}")),
    }
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

/// `POST /admin/kinds/import`: a table as text. One bad line stops all, and every bad line is named.
pub async fn import(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let text = fields.text("table")?;
    fields.done()?;
    seat.asker.require(Role::Administrator)?;
    let t = seat.t;
    let problems = match tables::read(text.as_bytes(), table::KIND_COLUMNS, &TableLimits::of_kinds()) {
        Ok(table) => {
            let report = web
                .archive
                .kinds_import(&seat.asker, &table, OnBadLine::RefuseTable)
                .await?;
            if !report.refused {
                web.wrote(&seat.asker).await?;
                return Ok(Redirect::to("/admin/kinds?said=imported").into_response());
            }
            report.problems.iter().map(|problem| problem_text(t, problem)).collect()
        }
        Err(cause) => vec![cause.to_string()],
    };
    let view = KindsView {
        problems,
        table: text,
        ..listed(&web, &seat, Trial::default()).await?
    };
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

fn problem_text(t: Text, problem: &LineProblem) -> String {
    t.fill(
        "kind-import-problem",
        &[
            ("line", &problem.line),
            ("column", &problem.column),
            ("value", &problem.value),
            ("reason", &problem.fault.to_string()),
        ],
    )
}
