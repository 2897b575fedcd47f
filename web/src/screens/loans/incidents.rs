//! What went wrong with papers that were lent, and saying what was done.

use super::{LoansAddress, fault_of, said};
use crate::{
    http::{
        address,
        error::{Final, Result},
        who::{Posted, Seat},
    },
    screens::{
        parts::Badge,
        shell::{Here, Shell},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Role,
    ids::IncidentId,
    loans::{Incident, IncidentKind},
};

#[derive(Template)]
#[template(path = "incidents.html")]
pub struct IncidentsView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<IncidentLine>,
    pub fault: Option<String>,
}

#[derive(Debug, Clone)]
pub struct IncidentLine {
    pub title: String,
    pub url: String,
    pub kind: Badge,
    pub borrower: String,
    pub loan_no: String,
    pub loan_url: String,
    pub pages: String,
    pub opened: String,
    pub resolution: String,
    pub replacement_url: String,
    /// Empty where it is resolved, or not for whoever looks.
    pub resolve_url: String,
    pub is_lost: bool,
}

const ROWS: usize = 500;

/// `GET /loans/incidents`
pub(super) async fn list(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<LoansAddress>,
) -> Result<Html<String>> {
    let mut view = view(&web, &seat).await?;
    view.shell.notice = said(seat.t, &asked.said);
    Ok(Html(view.render()?))
}

async fn view(web: &Web, seat: &Seat) -> Result<IncidentsView> {
    let rows = web.archive.incidents(&seat.asker, false, "", ROWS).await?;
    Ok(IncidentsView {
        t: seat.t,
        shell: web.shell(seat, Here("loans")).await?,
        rows: rows.into_iter().map(|row| line(web, seat, row)).collect(),
        fault: None,
    })
}

fn line(web: &Web, seat: &Seat, incident: Incident) -> IncidentLine {
    let is_open = incident.resolved_at.is_none();
    let pages = match incident.pages_found == incident.pages_expected {
        true => String::new(),
        false => format!("{}/{}", incident.pages_found, incident.pages_expected),
    };
    IncidentLine {
        url: address::document(incident.document_id.as_str()),
        title: match incident.title.as_str() {
            "" => incident.document_id.to_string(),
            title => title.to_owned(),
        },
        kind: Badge::new(
            if is_open { "bad" } else { "" },
            incident.kind.name(seat.t.0).to_owned(),
        ),
        borrower: incident.borrower,
        loan_url: super::address_of(&incident.loan_no),
        loan_no: incident.loan_no,
        pages,
        opened: format!("{} {}", web.local(incident.opened_at), incident.opened_by),
        resolution: match incident.resolved_at {
            Some(at) => format!("{} {}：{}", web.local(at), incident.resolved_by, incident.resolution),
            None => String::new(),
        },
        replacement_url: match incident.replacement_id.as_str() {
            "" => String::new(),
            id => address::document(id),
        },
        resolve_url: match is_open && seat.asker.has(Role::Archivist) {
            true => format!("/loans/incidents/{}/resolve", incident.id),
            false => String::new(),
        },
        is_lost: incident.kind == IncidentKind::Lost,
    }
}

/// `POST /loans/incidents/{id}/resolve`
pub(super) async fn resolve(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let resolution = fields.text("resolution")?;
    let replacement = fields.text("replacement")?;
    let is_found = !fields.text("found")?.is_empty();
    fields.done()?;
    let id = IncidentId::parse(&id)?;
    let done = web
        .archive
        .incident_resolve(&seat.asker, &id, &resolution, &replacement, is_found)
        .await;
    match done {
        Ok(()) => {
            web.wrote(&seat.asker).await?;
            Ok(Redirect::to("/loans/incidents?said=resolved").into_response())
        }
        Err(cause) => {
            let Some(fault) = fault_of(seat.t, &cause) else {
                return Err(cause.into());
            };
            let mut view = view(&web, &seat).await?;
            view.fault = Some(fault);
            let mut response = (StatusCode::CONFLICT, Html(view.render()?)).into_response();
            response.extensions_mut().insert(Final);
            Ok(response)
        }
    }
}
