//! How the holdings are kept: checks that are due, a check written down item by item, repairs until they are mended.

mod record;
mod sample;

use super::{
    parts::{self, Badge, Choice},
    shell::{Here, Shell, ShellNotice},
};
use crate::{
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
    response::{Html, Redirect},
};
use records::{
    Asker, Error, Role,
    ids::RepairId,
    keeping::{
        KeepingCheck, KeepingDue, KeepingItem, KeepingKind, KeepingOccasion, KeepingOrder, KeepingRules, RepairState,
        RepairTask,
    },
};
use serde::Deserialize;
use vocabulary::ClosedList;

pub const SUBJECT: Subject = Subject {
    name: "keeping",
    rail: Some(rail::office("/checks", "checks-title", keepers)),
    routes,
    words: "keeping",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/checks", checks)
        .form("/checks/order", order)
        .form("/checks/rules", rules)
        .form("/checks/repairs/{id}/close", close)
        .view("/checks/record", record::form)
        .form("/checks/record", record::send)
        .view("/checks/{id}", record::check)
        .part("/checks/{id}/record.pdf", record::paper)
}

/// Those who look after the holdings, and those who look over their shoulders.
fn keepers(asker: &Asker) -> bool {
    rail::archivists(asker) || rail::auditors(asker)
}

#[derive(Template)]
#[template(path = "checks.html")]
pub struct ChecksView {
    pub t: Text,
    pub shell: Shell,
    pub due: Vec<DueRow>,
    pub repairs: Vec<RepairRow>,
    pub done: Vec<DoneRow>,
    pub kinds: Vec<Choice>,
    pub occasions: Vec<Choice>,
    /// One item in each line.
    pub room_items: String,
    pub holding_items: String,
    pub months: i64,
    pub may_keep: bool,
    pub typed: String,
    pub fault: String,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct DueRow {
    pub record_url: String,
    pub place: String,
    pub place_name: String,
    pub place_url: String,
    pub kind: String,
    pub occasion: String,
    pub is_ordered: bool,
    pub reason: String,
    pub last: String,
    pub due: String,
}

#[derive(Debug, Clone)]
pub struct RepairRow {
    pub close_url: String,
    /// Of the place or the document.
    pub url: String,
    pub about: String,
    pub what: String,
    pub owner: String,
    pub due: String,
    pub result: String,
    pub state: Badge,
}

#[derive(Debug, Clone)]
pub struct DoneRow {
    pub url: String,
    pub place: String,
    pub kind: String,
    pub occasion: String,
    pub at: String,
    pub by: String,
    pub wrong: u64,
}

#[derive(Debug, Default, Deserialize)]
pub struct ChecksAddress {
    #[serde(default)]
    after: usize,
    #[serde(default)]
    said: String,
    #[serde(default)]
    at: String,
}

/// So many repairs stand on the view, open ones first.
const REPAIRS_SHOWN: usize = 100;

/// `GET /checks`
pub async fn checks(State(web): State<Web>, seat: Seat, Query(asked): Query<ChecksAddress>) -> Result<Html<String>> {
    let (t, limit) = (seat.t, web.config.limits.rows);
    let due = web.archive.keeping_due(&seat.asker).await?;
    let repairs = web.archive.repairs(&seat.asker, None, 0, REPAIRS_SHOWN).await?;
    let rows = web
        .archive
        .keeping_checks(&seat.asker, "", asked.after, limit + 1)
        .await?;
    let (rows, goes_on) = api_types::window(rows, limit);
    let stated = web.archive.keeping_rules(&seat.asker).await?;
    let may_keep = seat.asker.has(Role::Archivist);
    let mut shell = web.shell(&seat, Here("admin")).await?;
    let said = match asked.said.as_str() {
        "ordered" => Some(("good", "check-said-ordered")),
        "mended" => Some(("good", "check-said-mended")),
        "rules" => Some(("good", "check-said-rules")),
        "wrong" => Some(("warn", "check-fault-wrong")),
        _ => None,
    };
    shell.notice = said.map(|(tone, key)| ShellNotice { tone, text: t.say(key) });
    let items = |kind| {
        let names: Vec<_> = stated
            .items(kind)
            .iter()
            .map(|item: &KeepingItem| item.name(t.0).to_owned())
            .collect();
        names.join("\n")
    };
    let view = ChecksView {
        t,
        shell,
        due: due.into_iter().map(|due| due_row(&web, t, due)).collect(),
        repairs: repairs
            .into_iter()
            .map(|repair| repair_row(t, repair, may_keep))
            .collect(),
        done: rows.into_iter().map(|check| done_row(&web, t, check)).collect(),
        kinds: choices(t, "keeping-kind", KeepingKind::all()),
        occasions: choices(t, "keeping-occasion", KeepingOccasion::all()),
        room_items: items(KeepingKind::Room),
        holding_items: items(KeepingKind::Holding),
        months: stated.months,
        may_keep,
        fault: match asked.said.as_str() {
            "place" => t.with("check-fault-place", "code", &asked.at),
            _ => String::new(),
        },
        typed: asked.at,
        next_window: goes_on.then(|| format!("/checks?after={}", asked.after + limit)),
    };
    Ok(Html(view.render()?))
}

fn choices<L: ClosedList>(t: Text, prefix: &str, all: &[L]) -> Vec<Choice> {
    let choice = |value: &L| Choice {
        value: value.as_str().to_owned(),
        label: t.word(prefix, value.as_str()),
        chosen: false,
    };
    all.iter().map(choice).collect()
}

fn due_row(web: &Web, t: Text, due: KeepingDue) -> DueRow {
    let order = due.order.as_ref().map(|id| id.to_string()).unwrap_or_default();
    let pairs = [
        ("at", due.place.as_str()),
        ("kind", due.kind.as_str()),
        ("occasion", due.occasion.as_str()),
        ("order", order.as_str()),
    ];
    DueRow {
        record_url: address::with_query("/checks/record", &pairs),
        place_url: address::location(&due.place),
        kind: t.word("keeping-kind", due.kind.as_str()),
        occasion: t.word("keeping-occasion", due.occasion.as_str()),
        is_ordered: due.order.is_some(),
        last: due.last.map_or_else(|| t.say("check-never"), |at| web.local(at)),
        place: due.place,
        place_name: due.place_name,
        reason: due.reason,
        due: due.due,
    }
}

pub(super) fn repair_row(t: Text, repair: RepairTask, may_keep: bool) -> RepairRow {
    let is_open = repair.state == RepairState::Open;
    RepairRow {
        close_url: match is_open && may_keep {
            true => format!("/checks/repairs/{}/close", repair.id),
            false => String::new(),
        },
        url: match repair.document.as_str() {
            "" => address::location(&repair.place),
            id => address::document(id),
        },
        about: match repair.title.is_empty() {
            true => repair.place,
            false => repair.title,
        },
        what: repair.what,
        owner: repair.owner,
        due: repair.due,
        result: repair.result,
        state: Badge::new(
            if is_open { "warn" } else { "good" },
            t.word("repair-state", repair.state.as_str()),
        ),
    }
}

fn done_row(web: &Web, t: Text, check: KeepingCheck) -> DoneRow {
    let wrong = check.results.iter().filter(|result| !result.is_fine).count();
    DoneRow {
        url: format!("/checks/{}", check.id),
        place: check.place,
        kind: t.word("keeping-kind", check.kind.as_str()),
        occasion: t.word("keeping-occasion", check.occasion.as_str()),
        at: check.done_at.map(|at| web.local(at)).unwrap_or_default(),
        by: check.done_by,
        wrong: parts::count(i64::try_from(wrong).unwrap_or(i64::MAX)),
    }
}

/// `POST /checks/order`
pub async fn order(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (kind, occasion) = (fields.text("kind")?, fields.text("occasion")?);
    let draft = KeepingOrder {
        at: fields.text("at")?.trim().to_owned(),
        kind: KeepingKind::from_code(&kind).ok_or_else(|| WebError::invalid("kind", KeepingKind::LIST.choice()))?,
        occasion: KeepingOccasion::from_code(&occasion)
            .ok_or_else(|| WebError::invalid("occasion", KeepingOccasion::LIST.choice()))?,
        reason: fields.text("reason")?,
        due: fields.text("due")?,
    };
    fields.done()?;
    let said = match web.archive.keeping_order(&seat.asker, &draft).await {
        Ok(_) => "ordered",
        Err(Error::Absent { .. }) => "place",
        Err(Error::Invalid { .. }) => "wrong",
        Err(cause) => return Err(cause.into()),
    };
    let at = if said == "place" { draft.at.as_str() } else { "" };
    Ok(Redirect::to(&address::with_query(
        "/checks",
        &[("said", said), ("at", at)],
    )))
}

/// `POST /checks/rules`
pub async fn rules(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let items = |text: String| {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(KeepingItem::parse).collect::<Vec<_>>()
    };
    let (room, holding) = (items(fields.text("room")?), items(fields.text("holding")?));
    let months = fields.text("months")?.trim().parse();
    fields.done()?;
    let months = months.map_err(|_| WebError::invalid("months", "is a number"))?;
    let stated = KeepingRules { room, holding, months };
    let said = match web.archive.keeping_rules_set(&seat.asker, &stated).await {
        Ok(()) => "rules",
        Err(Error::Invalid { .. }) => "wrong",
        Err(cause) => return Err(cause.into()),
    };
    Ok(Redirect::to(&address::with_query("/checks", &[("said", said)])))
}

/// `POST /checks/repairs/{id}/close`
pub async fn close(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let result = fields.text("result")?;
    fields.done()?;
    let id = RepairId::parse(&id).map_err(|_| WebError::NotFound)?;
    let said = match web.archive.repair_close(&seat.asker, &id, &result).await {
        Ok(()) => "mended",
        Err(Error::Invalid { .. }) => "wrong",
        Err(cause) => return Err(cause.into()),
    };
    Ok(Redirect::to(&address::with_query("/checks", &[("said", said)])))
}
