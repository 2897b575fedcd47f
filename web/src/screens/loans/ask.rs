//! Asking for a paper. Its scan is offered first: most who ask need no more.

use super::{address_of, fault_of};
use crate::{
    http::{
        address,
        error::{Final, Result},
        who::{Fields, Posted, Seat},
    },
    screens::{
        parts::Choice,
        shell::{Here, Shell},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Role,
    loans::{LoanClass, LoanDraft, LoanState, LoanUse, latest},
};
use serde::Deserialize;
use vocabulary::ClosedList;

#[derive(Template)]
#[template(path = "loan_ask.html")]
pub struct LoanAskView {
    pub t: Text,
    pub shell: Shell,
    /// Papers that were named and are seen: title and where the scan is.
    pub known: Vec<(String, String)>,
    pub things: String,
    pub borrower: String,
    pub department: String,
    pub purpose: String,
    pub copies: String,
    pub until: String,
    /// The last day of each class, as a sentence.
    pub limits: String,
    pub classes: Vec<Choice>,
    pub uses: Vec<Choice>,
    /// Enters slips of others and hands out.
    pub works: bool,
    /// How many sign before it is handed out.
    pub steps: i64,
    pub fault: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct AskAddress {
    /// Id or number of a document.
    #[serde(default)]
    document: String,
    /// Code of a customer, for every paper of the dossier.
    #[serde(default)]
    customer: String,
}

const DOSSIER_MAX: usize = 200;

/// `GET /loans/ask`
pub(super) async fn form(State(web): State<Web>, seat: Seat, Query(asked): Query<AskAddress>) -> Result<Html<String>> {
    let mut things = Vec::new();
    if !asked.document.is_empty() {
        things.push(asked.document);
    }
    if !asked.customer.is_empty() {
        let rows = web.archive.documents_of_customer(&seat.asker, &asked.customer).await?;
        let papers = rows
            .into_iter()
            .filter(|row| row.place.state.is_some())
            .take(DOSSIER_MAX);
        things.extend(papers.map(|row| row.id.to_string()));
    }
    let view = view(
        &web,
        &seat,
        &LoanTyped {
            things: things.join("\n"),
            copies: "1".to_owned(),
            ..LoanTyped::default()
        },
    )
    .await?;
    Ok(Html(view.render()?))
}

/// What was typed.
#[derive(Debug, Clone, Default)]
struct LoanTyped {
    things: String,
    borrower: String,
    department: String,
    purpose: String,
    copies: String,
    until: String,
    class: String,
    place_of_use: String,
    is_signed: bool,
}

impl LoanTyped {
    fn read(fields: &mut Fields) -> Result<Self> {
        Ok(Self {
            things: fields.text("things")?,
            borrower: fields.text("borrower")?,
            department: fields.text("department")?,
            purpose: fields.text("purpose")?,
            copies: fields.text("copies")?,
            until: fields.text("until")?,
            class: fields.text("class")?,
            place_of_use: fields.text("use")?,
            is_signed: !fields.text("signed")?.is_empty(),
        })
    }

    fn keys(&self) -> Vec<String> {
        let keys = self.things.split(['\n', ',', '，', ';', '；']).map(str::trim);
        keys.filter(|key| !key.is_empty()).map(str::to_owned).collect()
    }

    fn draft(&self) -> Result<LoanDraft> {
        Ok(LoanDraft {
            things: self.keys(),
            borrower: self.borrower.clone(),
            department: self.department.clone(),
            purpose: self.purpose.clone(),
            // What is no number is refused as copies that cannot be.
            copies: self.copies.trim().parse().unwrap_or(0),
            until: self.until.clone(),
            class: LoanClass::parse_or(&self.class, LoanClass::Days).map_err(records::Error::from)?,
            place_of_use: LoanUse::parse_or(&self.place_of_use, LoanUse::Office).map_err(records::Error::from)?,
            is_signed: self.is_signed,
            at_once: self.is_signed,
        })
    }
}

async fn view(web: &Web, seat: &Seat, typed: &LoanTyped) -> Result<LoanAskView> {
    let t = seat.t;
    let settings = web.settings();
    let mut known = Vec::new();
    for key in typed.keys().into_iter().take(DOSSIER_MAX) {
        if let Some(document) = web.archive.document(&seat.asker, &key).await? {
            let row = document.row;
            let title = if row.title.is_empty() {
                row.number.clone()
            } else {
                row.title.clone()
            };
            known.push((title, address::document(row.id.as_str())));
        }
    }
    let today = settings.calendar.day_of(web.environment.now());
    let last = |class| latest(&settings.calendar, settings.loan_terms(), class, today).to_string();
    let (days, slip) = (last(LoanClass::Days), last(LoanClass::Slip));
    Ok(LoanAskView {
        t,
        shell: web.shell(seat, Here("loans")).await?,
        known,
        things: typed.things.clone(),
        borrower: typed.borrower.clone(),
        department: typed.department.clone(),
        purpose: typed.purpose.clone(),
        copies: typed.copies.clone(),
        until: typed.until.clone(),
        limits: t.fill("loan-limits", &[("days", &days), ("slip", &slip)]),
        classes: choices::<LoanClass>(t, &typed.class, LoanClass::Days),
        uses: choices::<LoanUse>(t, &typed.place_of_use, LoanUse::Office),
        works: seat.asker.has(Role::Archivist),
        steps: settings.loan_steps,
        fault: String::new(),
    })
}

fn choices<L: ClosedList>(t: Text, typed: &str, default: L) -> Vec<Choice> {
    let chosen = L::from_code(typed).unwrap_or(default);
    let choice = |value: &L| Choice {
        value: value.as_str().to_owned(),
        label: value.name(t.0).to_owned(),
        chosen: *value == chosen,
    };
    L::all().iter().map(choice).collect()
}

/// `POST /loans`
pub(super) async fn send(State(web): State<Web>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let typed = LoanTyped::read(&mut fields)?;
    fields.done()?;
    match web.archive.loan_ask(&seat.asker, &typed.draft()?).await {
        Ok(loan) => {
            web.wrote(&seat.asker).await?;
            let said = match loan.state {
                LoanState::Out => "issued",
                LoanState::Held => "held",
                _ => "asked",
            };
            Ok(Redirect::to(&format!("{}?said={said}", address_of(loan.id.as_str()))).into_response())
        }
        Err(cause) => {
            let Some(fault) = fault_of(seat.t, &cause) else {
                return Err(cause.into());
            };
            let mut view = view(&web, &seat, &typed).await?;
            view.fault = fault;
            let mut response = (StatusCode::UNPROCESSABLE_ENTITY, Html(view.render()?)).into_response();
            response.extensions_mut().insert(Final);
            Ok(response)
        }
    }
}
