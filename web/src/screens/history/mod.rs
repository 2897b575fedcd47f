//! The ledger of changes (信息修改台账): which field of which record was what before and after, by whom, when, why and
//! under which authority. With a record it is the history of that record, for everybody who may see it.

mod sample;
pub mod words;

use super::{
    parts::{self, Choice},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    export::{self, Format},
    http::{
        address,
        error::{Result, WebError},
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
    response::{Html, Redirect, Response},
};
use records::{
    Role,
    history::{HistoryKey, HistoryLine},
    ids::ImportId,
    kinds::Kinds,
};
use serde::Deserialize;
use services::history::HistoryAsked;
use vocabulary::Total;

pub const SUBJECT: Subject = Subject {
    name: "history",
    rail: Some(
        rail::entry("/history", "history", "way-history")
            .for_those(|asker| rail::archivists(asker) || rail::auditors(asker))
            .apart(),
    ),
    routes,
    words: "history",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/history", history)
        .part("/history.csv", csv)
        .part("/history.xlsx", xlsx)
        .form("/history/{key}/put-back", put_back)
}

#[derive(Template)]
#[template(path = "history.html")]
pub struct HistoryView {
    pub t: Text,
    pub shell: Shell,
    pub asked: HistoryAddress,
    pub fields: Vec<Choice>,
    /// What cannot be read of what was typed.
    pub fault: String,
    /// How many lines there are, whatever the window.
    pub total: String,
    pub rows: Vec<HistoryLineView>,
    pub next_window: Option<String>,
    pub exports: Vec<(&'static str, String)>,
    /// The record whose history this is, to go back to.
    pub record: Option<RecordLink>,
}

#[derive(Debug, Clone)]
pub struct RecordLink {
    pub kind: String,
    pub name: String,
    pub code: String,
    pub url: String,
}

#[derive(Debug, Clone)]
pub struct HistoryLineView {
    pub at: String,
    pub by: String,
    pub object: RecordLink,
    /// Where the history of this record alone is.
    pub object_history: String,
    pub field: String,
    pub before: String,
    pub after: String,
    pub why: String,
    pub authority: String,
    /// The import that made or took back the change, where one did; it says why better than words.
    pub import_url: Option<String>,
    /// Where the form of putting back is sent to, for those who may.
    pub put_back_url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct HistoryAddress {
    pub object: String,
    pub field: String,
    pub person: String,
    pub from: String,
    pub to: String,
    pub change: String,
    pub before: String,
    pub said: String,
}

impl HistoryAddress {
    fn asked(&self) -> HistoryAsked {
        HistoryAsked {
            object: self.object.clone(),
            field: self.field.clone(),
            person: self.person.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            change: self.change.clone(),
            before: self.before.clone(),
        }
    }

    fn at(&self, path: &str, before: &str) -> String {
        let all = [
            ("object", self.object.as_str()),
            ("field", &self.field),
            ("person", &self.person),
            ("from", &self.from),
            ("to", &self.to),
            ("change", &self.change),
            ("before", before),
        ];
        let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        address::with_query(path, &said)
    }
}

/// Where the history of a record is; `object` as the filter takes it.
pub fn address_of(object: &str) -> String {
    address::with_query("/history", &[("object", object)])
}

/// `GET /history`
pub async fn history(State(web): State<Web>, seat: Seat, Query(asked): Query<HistoryAddress>) -> Result<Html<String>> {
    let t = seat.t;
    let limit = web.config.limits.rows;
    let Found { lines, total, fault } = found(&web, &seat, &asked, limit + 1).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let (lines, goes_on) = api_types::window(lines, limit);
    let last = lines.last().filter(|_| goes_on);
    let next_window = last.map(|last| asked.at("/history", &last.key.to_string()));
    let mut shell = web.shell(&seat, Here("history")).await?;
    if asked.said == "put-back" {
        shell.notice = Some(ShellNotice {
            tone: "good",
            text: t.say("history-said-put-back"),
        });
    }
    let is_of_one = !asked.object.trim().is_empty();
    let record = lines.first().filter(|_| is_of_one).map(|line| record_link(t, line));
    let rows = lines.iter().map(|line| row(&web, &seat, &kinds, line)).collect();
    let view = HistoryView {
        t,
        shell,
        fields: field_choices(&web, &seat, &asked.field).await?,
        fault,
        total: total.map_or_else(String::new, |total| parts::total(t, total)),
        rows,
        next_window,
        exports: [("CSV", "/history.csv"), ("XLSX", "/history.xlsx")]
            .into_iter()
            .map(|(label, path)| (label, asked.at(path, "")))
            .collect(),
        record,
        asked,
    };
    Ok(Html(view.render()?))
}

/// A window of the ledger, or what is wrong with what was typed.
#[derive(Default)]
struct Found {
    lines: Vec<HistoryLine>,
    total: Option<Total>,
    fault: String,
}

impl Found {
    fn nothing(fault: String) -> Found {
        Found {
            fault,
            ..Found::default()
        }
    }
}

async fn found(web: &Web, seat: &Seat, asked: &HistoryAddress, limit: usize) -> Result<Found> {
    let filter =
        match services::history::filter(&web.archive, Some(&web.finder), &seat.asker, &asked.asked(), limit).await {
            Ok(filter) => filter,
            Err(services::Error::Invalid { .. }) => return Ok(Found::nothing(seat.t.say("history-wrong-time"))),
            Err(other) => return Err(other.into()),
        };
    match web.archive.history(&seat.asker, &filter).await {
        Ok(lines) => Ok(Found {
            lines,
            total: Some(web.archive.history_total(&seat.asker, &filter).await?),
            fault: String::new(),
        }),
        Err(records::Error::Absent { .. }) => Ok(Found::nothing(seat.t.with(
            "history-no-record",
            "record",
            &asked.object,
        ))),
        Err(other) => Err(other.into()),
    }
}

async fn field_choices(web: &Web, seat: &Seat, chosen: &str) -> Result<Vec<Choice>> {
    let t = seat.t;
    let fields = web.archive.history_fields(&seat.asker).await?;
    let mut choices: Vec<Choice> = fields
        .into_iter()
        .map(|field| Choice {
            label: words::field(t, &field),
            chosen: field == chosen,
            value: field,
        })
        .collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    let any = Choice {
        value: String::new(),
        label: t.say("history-any-field"),
        chosen: chosen.is_empty(),
    };
    Ok(std::iter::once(any).chain(choices).collect())
}

fn record_link(t: Text, line: &HistoryLine) -> RecordLink {
    let object = &line.object;
    RecordLink {
        kind: t.word("history-object", &object.kind),
        name: if object.kind == "setting" {
            t.word("setting", &object.id)
        } else {
            object.name.clone()
        },
        code: match object.kind.as_str() {
            "setting" => String::new(),
            _ => object.code.clone(),
        },
        url: match object.kind.as_str() {
            "document" => address::document(&object.id),
            "customer" => address::customer(&object.code),
            "location" => address::location(&object.code),
            "container" => address::location(&object.code),
            "kind" => format!("/admin/kinds/{}", address::encode(&object.code)),
            "checklist" => format!("/admin/checklists/{}", address::encode(&object.code)),
            "user" => format!("/admin/users/{}", address::encode(&object.code)),
            "setting" => "/admin/settings".to_owned(),
            _ => String::new(),
        },
    }
}

fn row(web: &Web, seat: &Seat, kinds: &Kinds, line: &HistoryLine) -> HistoryLineView {
    let (t, settings) = (seat.t, web.settings());
    let may = match line.object.kind.as_str() {
        "kind" | "setting" => seat.asker.has(Role::Administrator),
        _ => seat.asker.has(Role::Archivist),
    };
    let import = ImportId::parse(&line.authority).ok();
    HistoryLineView {
        at: web.local(line.key.at),
        by: line.by.clone(),
        object: record_link(t, line),
        object_history: address_of(&line.object.parameter()),
        field: words::field(t, &line.field),
        before: words::value(t, kinds, &settings, line, line.before.as_deref()),
        after: words::value(t, kinds, &settings, line, line.after.as_deref()),
        import_url: import.map(|id| format!("/imports/{id}")),
        why: line.why.clone(),
        authority: line.authority.clone(),
        put_back_url: (may && line.can_be_put_back).then(|| format!("/history/{}/put-back", line.key)),
    }
}

/// `GET /history.csv`
pub async fn csv(State(web): State<Web>, seat: Seat, Query(asked): Query<HistoryAddress>) -> Result<Response> {
    file(&web, &seat, &asked, Format::Csv).await
}

/// `GET /history.xlsx`
pub async fn xlsx(State(web): State<Web>, seat: Seat, Query(asked): Query<HistoryAddress>) -> Result<Response> {
    file(&web, &seat, &asked, Format::Xlsx).await
}

async fn file(web: &Web, seat: &Seat, asked: &HistoryAddress, format: Format) -> Result<Response> {
    let limit = web.config.limits.export_rows_max;
    let filter = services::history::filter(&web.archive, Some(&web.finder), &seat.asker, &asked.asked(), limit).await?;
    let lines = web.archive.history(&seat.asker, &filter).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let settings = web.settings();
    let words = words::of_table(seat.t, &kinds, &settings, &filter.object);
    let table = services::history::table(&lines, words, web.environment.now());
    services::history::note_export(&web.archive, &seat.asker, lines.len()).await?;
    export::table(table, format, seat.t.say("history-title")).await
}

/// `POST /history/{key}/put-back`
pub async fn put_back(State(web): State<Web>, Path(key): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let key = HistoryKey::parse(&key).ok_or(WebError::NotFound)?;
    let (why, object) = (fields.text("why")?, fields.text("object")?);
    fields.done()?;
    web.archive.history_put_back(&seat.asker, key, why.trim()).await?;
    let mut back = vec![("said", "put-back")];
    if !object.is_empty() {
        back.insert(0, ("object", object.as_str()));
    }
    Ok(Redirect::to(&address::with_query("/history", &back)))
}
