//! One slip: what stands on it, who signed, and what comes next.

use super::{LoansAddress, badge, fault_of, said};
use crate::{
    http::{
        address,
        error::{Final, Result},
        who::{Posted, Seat},
    },
    screens::{
        parts::{Badge, Choice, ViewLink},
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
    Moment, Role,
    loans::{Loan, LoanLine, LoanState, ReturnCondition, ReturnDraft},
};

#[derive(Template)]
#[template(path = "loan.html")]
pub struct LoanView {
    pub t: Text,
    pub shell: Shell,
    pub exports: Vec<ViewLink>,
    pub url: String,
    pub no: String,
    pub state: Badge,
    /// Label and value.
    pub facts: Vec<(String, String)>,
    pub lines: Vec<SlipLine>,
    pub steps: Vec<StepLine>,
    /// Pages that were handed out and are not back.
    pub pages_out: i64,
    pub conditions: Vec<Choice>,
    /// Takes back and puts away.
    pub works: bool,
    pub may_decide: bool,
    pub may_issue: bool,
    pub needs_signature: bool,
    pub may_return: bool,
    pub may_cancel: bool,
    /// Why the last act was not done.
    pub fault: Option<String>,
    /// What was typed where a place is scanned.
    pub typed: String,
}

#[derive(Debug, Clone)]
pub struct SlipLine {
    pub id: String,
    pub url: String,
    pub title: String,
    pub number: String,
    pub customer: String,
    pub place: String,
    pub pages: i64,
    pub state: Badge,
    pub returned: String,
    /// It came back and waits for its place.
    pub waits: bool,
    pub incident: bool,
}

#[derive(Debug, Clone)]
pub struct StepLine {
    pub name: String,
    pub text: String,
    pub tone: &'static str,
}

pub(super) fn named(line: &LoanLine) -> String {
    match (line.title.as_str(), line.number.as_str()) {
        ("", "") => line.document_id.to_string(),
        ("", number) => number.to_owned(),
        (title, _) => title.to_owned(),
    }
}

/// `GET /loans/{id}`
pub(super) async fn show(
    State(web): State<Web>,
    seat: Seat,
    Path(id): Path<String>,
    Query(asked): Query<LoansAddress>,
) -> Result<Html<String>> {
    let loan = web.archive.loan(&seat.asker, &id).await?;
    let mut view = view(&web, &seat, &loan).await?;
    view.shell.notice = said(seat.t, &asked.said);
    Ok(Html(view.render()?))
}

async fn view(web: &Web, seat: &Seat, loan: &Loan) -> Result<LoanView> {
    let t = seat.t;
    let works = seat.asker.has(Role::Archivist);
    let is_own = loan.borrower_uid.is_some() && loan.borrower == seat.asker.name();
    let out = |line: &&LoanLine| line.issued_at.is_some() && line.returned_at.is_none();
    let filter = records::loans::LoanFilter {
        to_decide: true,
        ..Default::default()
    };
    let may_decide = loan.state == LoanState::Asked
        && web
            .archive
            .loans(&seat.asker, &filter)
            .await?
            .iter()
            .any(|mine| mine.uid == loan.uid);
    let waits = matches!(loan.state, LoanState::Approved | LoanState::Held);
    Ok(LoanView {
        t,
        shell: web.shell(seat, Here("loans")).await?,
        exports: crate::screens::lists::exports_of_slip(t, &loan.no),
        url: super::address_of(loan.id.as_str()),
        no: loan.no.clone(),
        state: badge(t, loan),
        facts: facts(web, t, loan),
        lines: loan.lines.iter().map(|line| slip_line(web, t, line)).collect(),
        steps: loan.steps.iter().map(|step| step_line(web, t, step)).collect(),
        pages_out: loan.lines.iter().filter(out).map(|line| line.pages).sum(),
        conditions: ReturnCondition::ALL
            .map(|condition| Choice {
                value: condition.as_str().to_owned(),
                label: condition.name(t.0).to_owned(),
                chosen: condition == ReturnCondition::Intact,
            })
            .into(),
        works,
        may_decide,
        may_issue: works && waits,
        needs_signature: loan.confirmed_at.is_none(),
        may_return: works && loan.state == LoanState::Out,
        may_cancel: (works || is_own) && (waits || loan.state == LoanState::Asked),
        fault: None,
        typed: String::new(),
    })
}

fn facts(web: &Web, t: Text, loan: &Loan) -> Vec<(String, String)> {
    let at = |at: Option<Moment>| at.map(|at| web.local(at)).unwrap_or_default();
    let by = |at: String, who: &str| format!("{at} {who}").trim().to_owned();
    let all = [
        ("loan-borrower", loan.borrower.clone()),
        ("loan-department", loan.department.clone()),
        ("loan-purpose", loan.purpose.clone()),
        ("loan-copies", loan.copies.to_string()),
        ("loan-class", loan.class.name(t.0).to_owned()),
        ("loan-use", loan.place_of_use.name(t.0).to_owned()),
        ("loan-due", loan.due_on.clone()),
        ("loan-asked", by(web.local(loan.asked_at), &loan.asked_by)),
        ("loan-confirmed", by(at(loan.confirmed_at), &loan.confirmed_by)),
        ("loan-issued", by(at(loan.issued_at), &loan.issued_by)),
        ("loan-closed", by(at(loan.closed_at), &loan.closed_by)),
        ("loan-reason", loan.closed_reason.clone()),
    ];
    let known = all.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(key, value)| (t.say(key), value)).collect()
}

fn slip_line(web: &Web, t: Text, line: &LoanLine) -> SlipLine {
    let returned = line.returned_at.map(|at| {
        let pages = line.pages_returned.unwrap_or(line.pages);
        let at = web.local(at);
        t.fill(
            "loan-line-returned",
            &[("at", &at), ("who", &line.received_by), ("pages", &pages)],
        )
    });
    SlipLine {
        id: line.document_id.to_string(),
        url: address::document(line.document_id.as_str()),
        title: named(line),
        number: line.number.clone(),
        customer: line.customer_name.clone(),
        place: line.place.clone(),
        pages: line.pages,
        state: Badge::new("", t.word("state", line.original_state.as_str())),
        returned: returned.unwrap_or_default(),
        waits: line.waits_for_its_place() && !line.has_incident,
        incident: line.has_incident,
    }
}

fn step_line(web: &Web, t: Text, step: &records::loans::LoanStep) -> StepLine {
    let decided = step.decided_at.map(|at| web.local(at)).unwrap_or_default();
    let (key, tone) = match step.approved {
        Some(true) => ("loan-step-approved", "good"),
        Some(false) => ("loan-step-refused", "bad"),
        None => ("loan-step-waits", ""),
    };
    StepLine {
        name: step.kind.name(t.0).to_owned(),
        text: t.fill(
            key,
            &[("who", &step.decided_by), ("at", &decided), ("reason", &step.reason)],
        ),
        tone,
    }
}

/// Where an act led: to the slip, with what was done; or the slip again, with why it was not.
async fn told(
    web: &Web,
    seat: &Seat,
    id: &str,
    done: records::Result<Loan>,
    word: &str,
    typed: &str,
) -> Result<Response> {
    match done {
        Ok(loan) => {
            web.wrote(&seat.asker).await?;
            let url = format!("{}?said={word}", super::address_of(loan.id.as_str()));
            Ok(Redirect::to(&url).into_response())
        }
        Err(cause) => {
            let Some(fault) = fault_of(seat.t, &cause) else {
                return Err(cause.into());
            };
            // What is absent is the slip itself, unless the slip is there.
            let loan = web.archive.loan(&seat.asker, id).await?;
            let mut view = view(web, seat, &loan).await?;
            view.fault = Some(fault);
            view.typed = typed.to_owned();
            let mut response = (StatusCode::CONFLICT, Html(view.render()?)).into_response();
            response.extensions_mut().insert(Final);
            Ok(response)
        }
    }
}

/// `POST /loans/{id}/approve`
pub(super) async fn approve(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let done = web.archive.loan_decide(&seat.asker, &id, true, "").await;
    told(&web, &seat, &id, done, "approved", "").await
}

/// `POST /loans/{id}/refuse`
pub(super) async fn refuse(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let reason = fields.text("reason")?;
    fields.done()?;
    let done = web.archive.loan_decide(&seat.asker, &id, false, &reason).await;
    told(&web, &seat, &id, done, "refused", "").await
}

/// `POST /loans/{id}/issue`
pub(super) async fn issue(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let is_signed = !fields.text("signed")?.is_empty();
    fields.done()?;
    let done = web.archive.loan_issue(&seat.asker, &id, is_signed).await;
    told(&web, &seat, &id, done, "issued", "").await
}

/// `POST /loans/{id}/cancel`
pub(super) async fn cancel(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let reason = fields.text("reason")?;
    fields.done()?;
    let done = web.archive.loan_cancel(&seat.asker, &id, &reason).await;
    told(&web, &seat, &id, done, "cancelled", "").await
}

/// `POST /loans/{id}/return`
pub(super) async fn give_back(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let pages = fields.text("pages")?;
    let condition = fields.text("condition")?;
    let received_by = fields.text("received_by")?;
    let note = fields.text("note")?;
    fields.done()?;
    let condition = ReturnCondition::parse_or(&condition, ReturnCondition::Intact).map_err(records::Error::from)?;
    let counted = match pages.trim() {
        "" => None,
        // What is no number is refused as pages that cannot be.
        text => Some(text.parse().unwrap_or(-1)),
    };
    let draft = ReturnDraft {
        things: Vec::new(),
        pages: counted,
        condition,
        received_by,
        note,
    };
    let done = web.archive.loan_return(&seat.asker, &id, &draft).await;
    let incident = done
        .as_ref()
        .is_ok_and(|loan| loan.lines.iter().any(|line| line.has_incident));
    let word = if incident { "incident" } else { "returned" };
    told(&web, &seat, &id, done, word, "").await
}

/// `POST /loans/{id}/shelve`
pub(super) async fn shelve(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let Posted { seat, mut fields } = posted;
    let thing = fields.text("thing")?;
    let place = fields.text("place")?;
    fields.done()?;
    let done = web.archive.loan_shelve(&seat.asker, &id, &thing, &place).await;
    told(&web, &seat, &id, done, "shelved", &place).await
}
