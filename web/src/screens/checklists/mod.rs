//! Checklists: what a complete dossier holds, for each kind of customer. For administrators.

mod edit;
mod sample;

pub use edit::{ChecklistForm, ChecklistView, checklist, delete, save};

use super::{
    lists,
    parts::ViewLink,
    shell::{Here, Shell, ShellNotice},
};
use crate::{
    http::{address, error::Result, who::Seat},
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
    kinds::{Checklist, Kinds, checklist_table},
};
use serde::Deserialize;
use vocabulary::CustomerKind;
use vocabulary::RecordList;

pub const SUBJECT: Subject = Subject {
    name: "checklists",
    rail: Some(rail::office(
        "/admin/checklists",
        "checklists-title",
        rail::administrators,
    )),
    routes,
    words: "office",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/admin/checklists", checklists)
        .part("/admin/checklists.tsv", export)
        .view("/admin/checklists/{code}", checklist)
        .form("/admin/checklists/{code}", save)
        .form("/admin/checklists/{code}/delete", delete)
}

/// Where the list is.
const ADDRESS: &str = "/admin/checklists";

#[derive(Template)]
#[template(path = "checklists.html")]
pub struct ChecklistsView {
    pub t: Text,
    pub shell: Shell,
    pub exports: Vec<ViewLink>,
    pub rows: Vec<ChecklistRow>,
}

#[derive(Debug, Clone)]
pub struct ChecklistRow {
    pub url: String,
    pub code: String,
    pub name: String,
    pub customers: String,
    pub kinds: Vec<AskedFor>,
    pub active: bool,
}

#[derive(Debug, Clone)]
pub struct AskedFor {
    pub name: String,
    /// No dossier can be complete any more.
    pub retired: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct ChecklistsAddress {
    #[serde(default)]
    said: String,
}

/// `GET /admin/checklists`
pub async fn checklists(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<ChecklistsAddress>,
) -> Result<Html<String>> {
    let mut view = listed(&web, &seat).await?;
    let said = match asked.said.as_str() {
        "saved" => Some("checklist-said-saved"),
        "deleted" => Some("checklist-said-deleted"),
        _ => None,
    };
    view.shell.notice = said.map(|key| ShellNotice {
        tone: "good",
        text: view.t.say(key),
    });
    Ok(Html(view.render()?))
}

async fn listed(web: &Web, seat: &Seat) -> Result<ChecklistsView> {
    seat.asker.require(Role::Administrator)?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let lists = web.archive.checklists(&seat.asker).await?;
    Ok(ChecklistsView {
        t: seat.t,
        exports: lists::exports(seat.t, RecordList::Checklists),
        shell: web.shell(seat, Here("admin")).await?,
        rows: lists.all().iter().map(|list| row(seat.t, list, &kinds)).collect(),
    })
}

fn row(t: Text, list: &Checklist, kinds: &Kinds) -> ChecklistRow {
    ChecklistRow {
        url: format!("{ADDRESS}/{}", address::encode(&list.code)),
        code: list.code.clone(),
        name: list.name(t.lang()).to_owned(),
        customers: customers(t, list.customer_kind),
        kinds: list
            .kind_codes
            .iter()
            .map(|code| AskedFor {
                name: kinds.name(code, t.lang()).to_owned(),
                retired: kinds.get(code).is_none_or(|kind| !kind.active),
            })
            .collect(),
        active: list.active,
    }
}

/// Whose dossiers a checklist is for.
fn customers(t: Text, kind: Option<CustomerKind>) -> String {
    t.say(&format!("checklist-for-{}", kind.map_or("any", CustomerKind::as_str)))
}

/// `GET /admin/checklists.tsv`
pub async fn export(State(web): State<Web>, seat: Seat) -> Result<Response> {
    seat.asker.require(Role::Administrator)?;
    let lists = web.archive.checklists(&seat.asker).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/tab-separated-values; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"checklists.tsv\""),
    ];
    Ok((headers, checklist_table::written(lists.all())).into_response())
}
