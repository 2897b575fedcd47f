//! A check written down item by item, shown, and printed.

use super::{RepairRow, repair_row};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        kept::kept,
        who::{Posted, Seat},
    },
    screens::shell::{Here, Shell},
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use print::{Column, PrintedTable};
use records::{
    Error, Role,
    ids::KeepingCheckId,
    keeping::{
        KeepingCheck, KeepingDraft, KeepingFinding, KeepingItem, KeepingKind, KeepingLimits, KeepingOccasion,
        RepairTask,
    },
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "check_form.html")]
pub struct CheckFormView {
    pub t: Text,
    pub shell: Shell,
    pub place: String,
    pub kind: String,
    pub kind_name: String,
    pub occasion: String,
    pub occasion_name: String,
    pub order: String,
    /// Code and name of each item.
    pub items: Vec<(String, String)>,
    pub fault: String,
}

#[derive(Template)]
#[template(path = "check.html")]
pub struct KeepingCheckView {
    pub t: Text,
    pub shell: Shell,
    pub place: String,
    pub place_url: String,
    pub kind: String,
    pub occasion: String,
    pub reason: String,
    pub by: String,
    pub at: String,
    pub pdf_url: String,
    pub rows: Vec<ItemRow>,
    pub repairs: Vec<RepairRow>,
}

#[derive(Debug, Clone)]
pub struct ItemRow {
    pub item: String,
    pub is_fine: bool,
    pub note: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct CheckFormAddress {
    #[serde(default)]
    at: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    occasion: String,
    #[serde(default)]
    order: String,
    #[serde(default)]
    fault: String,
}

/// `GET /checks/record`
pub async fn form(State(web): State<Web>, seat: Seat, Query(asked): Query<CheckFormAddress>) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let t = seat.t;
    let kind = KeepingKind::from_code(&asked.kind).unwrap_or(KeepingKind::Room);
    let occasion = KeepingOccasion::from_code(&asked.occasion).unwrap_or(KeepingOccasion::Regular);
    let rules = web.archive.keeping_rules(&seat.asker).await?;
    let item = |item: &KeepingItem| (item.as_str().to_owned(), item.name(t.0).to_owned());
    let view = CheckFormView {
        t,
        shell: web.shell(&seat, Here("admin")).await?,
        kind: kind.as_str().to_owned(),
        kind_name: t.word("keeping-kind", kind.as_str()),
        occasion: occasion.as_str().to_owned(),
        occasion_name: t.word("keeping-occasion", occasion.as_str()),
        items: rules.items(kind).iter().map(item).collect(),
        fault: match asked.fault.as_str() {
            "" => String::new(),
            "place" => t.with("check-fault-place", "code", &asked.at),
            _ => t.say("check-fault-wrong"),
        },
        place: asked.at,
        order: asked.order,
    };
    Ok(Html(view.render()?))
}

/// `POST /checks/record`
pub async fn send(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (at, kind, occasion) = (fields.text("at")?, fields.text("kind")?, fields.text("occasion")?);
    let order = fields.text("order")?;
    let mut findings = Vec::new();
    for n in 1..=KeepingLimits::ITEMS_MAX {
        let Some(item) = fields.maybe(&format!("item-{n}"))? else {
            break;
        };
        findings.push(KeepingFinding {
            item: KeepingItem::parse(&item),
            is_fine: fields.text(&format!("wrong-{n}"))?.is_empty(),
            note: fields.text(&format!("note-{n}"))?,
            owner: fields.text(&format!("owner-{n}"))?,
            due: fields.text(&format!("until-{n}"))?,
        });
    }
    fields.done()?;
    let draft = KeepingDraft {
        at: at.trim().to_owned(),
        kind: KeepingKind::from_code(&kind).ok_or_else(|| WebError::invalid("kind", KeepingKind::LIST.choice()))?,
        occasion: KeepingOccasion::from_code(&occasion)
            .ok_or_else(|| WebError::invalid("occasion", KeepingOccasion::LIST.choice()))?,
        order: match order.as_str() {
            "" => None,
            id => Some(KeepingCheckId::parse(id)?),
        },
        findings,
    };
    let again = |fault: &str| {
        let pairs = [
            ("at", at.as_str()),
            ("kind", kind.as_str()),
            ("occasion", occasion.as_str()),
            ("order", order.as_str()),
            ("fault", fault),
        ];
        Ok(Redirect::to(&address::with_query("/checks/record", &pairs)))
    };
    match web.archive.keeping_record(&seat.asker, &draft).await {
        Ok(id) => Ok(Redirect::to(&format!("/checks/{id}"))),
        Err(Error::Absent {
            what: records::Thing::Location,
            ..
        }) => again("place"),
        Err(Error::Invalid { .. }) => again("wrong"),
        Err(cause) => Err(cause.into()),
    }
}

async fn found(web: &Web, seat: &Seat, id: &str) -> Result<(KeepingCheck, Vec<RepairTask>)> {
    let id = KeepingCheckId::parse(id).map_err(|_| WebError::NotFound)?;
    let check = web.archive.keeping_check(&seat.asker, &id).await?;
    let repairs = web.archive.repairs_of(&seat.asker, &id).await?;
    Ok((check, repairs))
}

/// `GET /checks/{id}`
pub async fn check(State(web): State<Web>, seat: Seat, Path(id): Path<String>) -> Result<Html<String>> {
    let t = seat.t;
    let (check, repairs) = found(&web, &seat, &id).await?;
    let may_keep = seat.asker.has(Role::Archivist);
    let row = |result: &records::keeping::KeepingResult| ItemRow {
        item: result.item.name(t.0).to_owned(),
        is_fine: result.is_fine,
        note: result.note.clone(),
    };
    let view = KeepingCheckView {
        t,
        shell: web.shell(&seat, Here("admin")).await?,
        place_url: address::location(&check.place),
        kind: t.word("keeping-kind", check.kind.as_str()),
        occasion: t.word("keeping-occasion", check.occasion.as_str()),
        at: check.done_at.map(|at| web.local(at)).unwrap_or_default(),
        pdf_url: format!("/checks/{}/record.pdf", check.id),
        rows: check.results.iter().map(row).collect(),
        repairs: repairs
            .into_iter()
            .map(|repair| repair_row(t, repair, may_keep))
            .collect(),
        reason: check.reason,
        by: check.done_by,
        place: check.place,
    };
    Ok(Html(view.render()?))
}

/// `GET /checks/{id}/record.pdf`: the record of a check, with room for signatures.
pub async fn paper(State(web): State<Web>, seat: Seat, Path(id): Path<String>) -> Result<Response> {
    let t = seat.t;
    let (check, repairs) = found(&web, &seat, &id).await?;
    let title = t.with("check-record", "place", &check.place);
    let mend = |note: &str| {
        repairs
            .iter()
            .find(|repair| !note.is_empty() && repair.what.ends_with(note))
    };
    let rows = check.results.iter().map(|result| {
        let repair = mend(&result.note).filter(|_| !result.is_fine);
        vec![
            result.item.name(t.0).to_owned().into(),
            t.say(if result.is_fine { "check-fine" } else { "check-wrong" }).into(),
            result.note.clone().into(),
            repair.map(|repair| repair.owner.clone()).unwrap_or_default().into(),
            repair.map(|repair| repair.due.clone()).unwrap_or_default().into(),
        ]
    });
    let table = PrintedTable {
        title: title.clone(),
        facts: vec![
            (t.say("check-kind"), t.word("keeping-kind", check.kind.as_str())),
            (
                t.say("check-occasion"),
                t.word("keeping-occasion", check.occasion.as_str()),
            ),
            (
                t.say("check-made"),
                check.done_at.map(|at| web.local(at)).unwrap_or_default(),
            ),
            (t.say("check-by"), check.done_by.clone()),
        ],
        columns: vec![
            Column::text(&t.say("check-item"), 1.4),
            Column::text(&t.say("check-result"), 0.7),
            Column::text(&t.say("note"), 2.4),
            Column::text(&t.say("check-owner"), 0.9),
            Column::text(&t.say("check-until"), 0.9),
        ],
        rows: rows.collect(),
        closing: t.say("check-signatures"),
        ..PrintedTable::default()
    };
    let bytes = web.lists(&seat.asker, t).on_paper(table).await?;
    Ok(kept(bytes, &title, "pdf", "application/pdf").into_response())
}
