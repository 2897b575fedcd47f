//! One checklist as a form. What cannot be is said beside its field, and the form keeps what was typed.

use super::customers;
use crate::{
    http::{
        error::{Final, Result, WebError},
        who::{Fields, Posted, Seat},
    },
    screens::{
        admin,
        parts::Choice,
        shell::{Here, Shell},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Role,
    kinds::{Checklist, Checklists, Kinds, ListFault, ListWrong},
};
use vocabulary::CustomerKind;

#[derive(Template)]
#[template(path = "checklist.html")]
pub struct ChecklistView {
    pub t: Text,
    pub shell: Shell,
    pub is_new: bool,
    pub form: ChecklistForm,
    /// Every kind that may be asked for: code and name.
    pub kinds: Vec<Choice>,
}

/// A checklist as it is typed. A fault stands beside its field.
#[derive(Debug, Clone, Default)]
pub struct ChecklistForm {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub customers: Vec<Choice>,
    /// One kind in a line, by name.
    pub kinds: String,
    pub position: String,
    pub active: bool,
    /// Of the checklist that the form shows; 0 for a new one.
    pub version: i64,
    pub wrong: String,
    pub fault: String,
}

/// `GET /admin/checklists/{code}`; `new` is an empty form.
pub async fn checklist(State(web): State<Web>, seat: Seat, Path(code): Path<String>) -> Result<Html<String>> {
    seat.asker.require(Role::Administrator)?;
    let lists = web.archive.checklists(&seat.asker).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let is_new = code == "new";
    let list = match lists.get(&code) {
        Some(list) => list.clone(),
        None if is_new => blank(&lists),
        None => return Err(WebError::NotFound),
    };
    let versions = web.archive.checklist_versions(&seat.asker).await?;
    let form = ChecklistForm {
        version: versions.get(&list.code).copied().unwrap_or(0),
        ..form_of(seat.t, &list, &kinds)
    };
    Ok(Html(view(&web, &seat, is_new, form, &kinds).await?.render()?))
}

async fn view(web: &Web, seat: &Seat, is_new: bool, form: ChecklistForm, kinds: &Kinds) -> Result<ChecklistView> {
    let active = kinds.all().iter().filter(|kind| kind.active);
    Ok(ChecklistView {
        t: seat.t,
        shell: web.shell(seat, Here("admin")).await?,
        is_new,
        form,
        kinds: active
            .map(|kind| Choice {
                value: kind.name(seat.t.lang()).to_owned(),
                label: kind.code.clone(),
                chosen: false,
            })
            .collect(),
    })
}

fn blank(lists: &Checklists) -> Checklist {
    Checklist {
        code: String::new(),
        name_zh: String::new(),
        name_en: String::new(),
        customer_kind: None,
        kind_codes: Vec::new(),
        position: lists.next_position(),
        active: true,
    }
}

fn form_of(t: Text, list: &Checklist, kinds: &Kinds) -> ChecklistForm {
    let names: Vec<_> = list.kind_codes.iter().map(|code| kinds.name(code, t.lang())).collect();
    ChecklistForm {
        code: list.code.clone(),
        name_zh: list.name_zh.clone(),
        name_en: list.name_en.clone(),
        customers: [None]
            .into_iter()
            .chain(CustomerKind::ALL.map(Some))
            .map(|kind| Choice {
                value: kind.map_or("", CustomerKind::as_str).to_owned(),
                label: customers(t, kind),
                chosen: kind == list.customer_kind,
            })
            .collect(),
        kinds: names.join("\n"),
        position: list.position.to_string(),
        active: list.active,
        version: 0,
        wrong: String::new(),
        fault: String::new(),
    }
}

/// `POST /admin/checklists/{code}`: adds a checklist (`new`) or changes one. The form keeps what was typed.
pub async fn save(State(web): State<Web>, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    seat.asker.require(Role::Administrator)?;
    let is_new = code == "new";
    let lists = web.archive.checklists(&seat.asker).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let known = match lists.get(&code) {
        Some(list) => list.clone(),
        None if is_new => blank(&lists),
        None => return Err(WebError::NotFound),
    };
    let (list, position) = typed(&mut fields, known, is_new)?;
    let version = admin::version_of(&mut fields, is_new)?;
    fields.done()?;
    let checked = if is_new && lists.get(&list.code).is_some() {
        Err(ListFault::new("code", &list.code, ListWrong::CodeTaken))
    } else if position.parse::<i64>().is_err() {
        Err(ListFault::new("position", &position, ListWrong::Position))
    } else {
        lists.checked(&list, &kinds)
    };
    let fault = match checked {
        Ok(list) => {
            web.archive.checklist_set(&seat.asker, version, &list).await?;
            return Ok(Redirect::to("/admin/checklists?said=saved").into_response());
        }
        Err(fault) => fault,
    };
    let form = ChecklistForm {
        wrong: fault.column.to_owned(),
        fault: admin::fault_text(seat.t, &fault),
        position,
        version,
        kinds: list.kind_codes.join("\n"),
        ..form_of(seat.t, &list, &kinds)
    };
    refused(view(&web, &seat, is_new, form, &kinds).await?)
}

/// `POST /admin/checklists/{code}/delete`: takes away a checklist against which no dossier is held.
pub async fn delete(State(web): State<Web>, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let lists = web.archive.checklists(&seat.asker).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let list = lists.get(&code).ok_or(WebError::NotFound)?;
    match web.archive.checklist_delete(&seat.asker, &code).await {
        Ok(()) => Ok(Redirect::to("/admin/checklists?said=deleted").into_response()),
        Err(records::Error::Refused(_)) => {
            let form = ChecklistForm {
                wrong: "delete".to_owned(),
                fault: seat.t.say("checklist-in-use"),
                ..form_of(seat.t, list, &kinds)
            };
            refused(view(&web, &seat, false, form, &kinds).await?)
        }
        Err(cause) => Err(cause.into()),
    }
}

fn refused(view: ChecklistView) -> Result<Response> {
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(view.render()?)).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// The checklist as it was typed, and its position as it was written.
fn typed(fields: &mut Fields, known: Checklist, is_new: bool) -> Result<(Checklist, String)> {
    let code = fields.text("code")?;
    let position = fields.text("position")?.trim().to_owned();
    let kinds = fields.text("kinds")?;
    let lines = kinds.split(['\n', ';', '；']).map(str::trim);
    let list = Checklist {
        code: if is_new { code.trim().to_owned() } else { known.code },
        name_zh: fields.text("name_zh")?.trim().to_owned(),
        name_en: fields.text("name_en")?.trim().to_owned(),
        customer_kind: Checklist::read_customer_kind(&fields.text("customer_kind")?)?,
        kind_codes: lines.filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        position: position.parse().unwrap_or(known.position),
        active: !fields.text("active")?.is_empty(),
    };
    Ok((list, position))
}
