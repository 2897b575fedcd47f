//! Lending: the desk with every list of slips, one slip with what can be done with it, asking for a paper, incidents.

mod ask;
mod incidents;
mod sample;
mod slip;

use super::{
    parts::{Badge, ViewLink},
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
    response::{Html, IntoResponse, Redirect, Response},
};
use records::{
    Error, Role,
    documents::DocumentRow,
    loans::{Loan, LoanFilter, LoanList, LoanState},
};
use serde::Deserialize;
use vocabulary::RecordList;

pub use slip::{LoanView, SlipLine, StepLine};

pub const SUBJECT: Subject = Subject {
    name: "loans",
    rail: Some(rail::entry(ADDRESS, "loans", "way-loans")),
    routes,
    words: "loans",
    samples: sample::samples,
};

pub const ADDRESS: &str = "/loans";

fn routes() -> Routes {
    Routes::new()
        .view(ADDRESS, loans)
        .form(ADDRESS, ask::send)
        .view("/loans/ask", ask::form)
        .part("/loans/register", register)
        .view("/loans/incidents", incidents::list)
        .form("/loans/incidents/{id}/resolve", incidents::resolve)
        .view("/loans/{id}", slip::show)
        .form("/loans/{id}/approve", slip::approve)
        .form("/loans/{id}/refuse", slip::refuse)
        .form("/loans/{id}/issue", slip::issue)
        .form("/loans/{id}/return", slip::give_back)
        .form("/loans/{id}/shelve", slip::shelve)
        .form("/loans/{id}/cancel", slip::cancel)
}

#[derive(Template)]
#[template(path = "loans.html")]
pub struct LoansView {
    pub t: Text,
    pub shell: Shell,
    pub exports: Vec<ViewLink>,
    /// What is to be fetched, as a file; for archivists.
    pub picks: Vec<ViewLink>,
    pub tabs: Vec<LoanTab>,
    pub rows: Vec<LoanRow>,
    /// What the list is called.
    pub title: String,
    pub borrower: String,
    /// The list that is shown, in the address.
    pub list: String,
    pub works: bool,
    pub more: bool,
    /// What the borrower who is looked for still has, and what stands open in their name.
    pub leaver: Option<Leaver>,
}

#[derive(Debug, Clone)]
pub struct Leaver {
    pub tone: &'static str,
    pub text: String,
}

#[derive(Debug, Clone)]
pub struct LoanTab {
    pub url: String,
    pub label: String,
    pub here: bool,
}

#[derive(Debug, Clone)]
pub struct LoanRow {
    pub url: String,
    pub no: String,
    pub borrower: String,
    pub department: String,
    pub things: Vec<String>,
    pub purpose: String,
    pub due: String,
    pub state: Badge,
    /// How late it is, or what it waits for; may be empty.
    pub remark: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct LoansAddress {
    /// A list, or [`MINE`] for what waits for one's own signature; empty for what an archivist or a borrower needs first.
    #[serde(default)]
    list: String,
    #[serde(default)]
    borrower: String,
    #[serde(default)]
    said: String,
}

const MINE: &str = "mine";
const ROWS: usize = 200;

/// `GET /loans`; a number of a slip as `no` leads to it.
async fn loans(State(web): State<Web>, seat: Seat, Query(asked): Query<LoansAddress>) -> Result<Response> {
    let t = seat.t;
    // A slip number that is typed or scanned leads to the slip.
    if asked.borrower.trim().to_uppercase().starts_with("JY-") {
        return Ok(Redirect::to(&address_of(asked.borrower.trim())).into_response());
    }
    let list = LoanList::from_code(&asked.list);
    let filter = LoanFilter {
        list,
        borrower: asked.borrower.clone(),
        to_decide: asked.list == MINE,
        limit: ROWS + 1,
        ..LoanFilter::default()
    };
    let rows = services::loans::list(&web.archive, &seat.asker, &filter).await?;
    let (rows, more) = api_types::window(rows, ROWS);
    let works = seat.asker.has(Role::Archivist);
    let mut shell = web.shell(&seat, Here("loans")).await?;
    shell.notice = said(t, &asked.said);
    let view = LoansView {
        t,
        leaver: leaver(&web, &seat, asked.borrower.trim()).await?,
        shell,
        exports: super::lists::exports(t, RecordList::Loans),
        picks: match works {
            true => super::lists::exports(t, RecordList::Picking),
            false => Vec::new(),
        },
        tabs: tabs(t, &asked),
        title: match (list, asked.list.as_str()) {
            (Some(list), _) => list.name(t.0).to_owned(),
            (None, MINE) => t.say("loans-mine"),
            _ => t.say("loans-all"),
        },
        rows: rows.iter().map(|loan| row(t, loan)).collect(),
        borrower: asked.borrower,
        list: asked.list,
        works,
        more,
    };
    Ok(Html(view.render()?).into_response())
}

async fn leaver(web: &Web, seat: &Seat, borrower: &str) -> Result<Option<Leaver>> {
    let asks = seat.asker.has(Role::Archivist) || seat.asker.has(Role::Auditor);
    if borrower.is_empty() || !asks {
        return Ok(None);
    }
    let found = services::loans::leaver(&web.archive, &seat.asker, borrower).await?;
    let (out, open) = (found.loans.len(), found.incidents.len());
    let tone = if found.clear { "good" } else { "warn" };
    let text = match found.clear {
        true => seat.t.with("loan-leaver-clear", "who", borrower),
        false => seat
            .t
            .fill("loan-leaver", &[("who", &borrower), ("out", &out), ("open", &open)]),
    };
    Ok(Some(Leaver { tone, text }))
}

#[derive(Debug, Default, Deserialize)]
pub struct RegisterAddress {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// `pdf`, `xlsx` or `csv`.
    #[serde(default)]
    format: String,
}

/// `GET /loans/register`: leads to the register of a period as a file.
async fn register(_: Seat, Query(asked): Query<RegisterAddress>) -> Redirect {
    let format = match asked.format.as_str() {
        format @ ("xlsx" | "csv") => format,
        _ => "pdf",
    };
    Redirect::to(&match (asked.from.trim(), asked.to.trim()) {
        ("", "") => format!("/lists/loans/{format}"),
        (from, to) => format!("/lists/loans/{}/{format}", address::encode(&format!("{from}..{to}"))),
    })
}

fn tabs(t: Text, asked: &LoansAddress) -> Vec<LoanTab> {
    let tab = |list: &str, label: String| LoanTab {
        url: address::with_query(ADDRESS, &[("list", list), ("borrower", &asked.borrower)]),
        label,
        here: asked.list == list,
    };
    let mut tabs = vec![tab("", t.say("loans-all")), tab(MINE, t.say("loans-mine"))];
    tabs.extend(
        [
            LoanList::Approved,
            LoanList::Held,
            LoanList::Out,
            LoanList::DueToday,
            LoanList::Overdue,
            LoanList::Returned,
        ]
        .map(|list| tab(list.as_str(), list.name(t.0).to_owned())),
    );
    tabs
}

/// Where the paper of a document is asked for; empty where it has none.
pub fn ask_url(row: &DocumentRow) -> String {
    match row.place.state {
        Some(_) => address::with_query("/loans/ask", &[("document", row.id.as_str())]),
        None => String::new(),
    }
}

/// What is lent of a document.
#[derive(Debug, Clone)]
pub struct LentPaper {
    /// Where it is asked for; empty where there is no paper.
    pub ask_url: String,
    /// Who has it or waits for it.
    pub slips: Vec<ViewLink>,
}

/// Slips under which the paper of a document is out or waited for.
///
/// # Errors
/// When the record does not answer.
pub async fn lent_of(web: &Web, seat: &Seat, row: &DocumentRow) -> Result<LentPaper> {
    let loans = web.archive.loans_of_document(&seat.asker, row.uid).await?;
    let open = |loan: &&Loan| matches!(loan.state, LoanState::Out | LoanState::Held);
    let link = |loan: &Loan| ViewLink {
        url: address_of(loan.id.as_str()),
        label: match loan.state {
            LoanState::Out => seat
                .t
                .fill("loan-original-out", &[("who", &loan.borrower), ("due", &loan.due_on)]),
            _ => seat.t.with("loan-original-wanted", "who", &loan.borrower),
        },
    };
    Ok(LentPaper {
        ask_url: ask_url(row),
        slips: loans.iter().filter(open).map(link).collect(),
    })
}

pub(super) fn address_of(key: &str) -> String {
    format!("{ADDRESS}/{}", address::encode(key))
}

fn row(t: Text, loan: &Loan) -> LoanRow {
    LoanRow {
        url: address_of(loan.id.as_str()),
        no: loan.no.clone(),
        borrower: loan.borrower.clone(),
        department: loan.department.clone(),
        things: loan.lines.iter().map(slip::named).collect(),
        purpose: loan.purpose.clone(),
        due: loan.due_on.clone(),
        state: badge(t, loan),
        remark: remark(t, loan),
    }
}

pub(super) fn badge(t: Text, loan: &Loan) -> Badge {
    if loan.is_overdue {
        return Badge::new("bad", LoanList::Overdue.name(t.0).to_owned());
    }
    let tone = match loan.state {
        LoanState::Asked | LoanState::Approved => "warn",
        LoanState::Held => "cool",
        LoanState::Out => "good",
        LoanState::Returned | LoanState::Refused | LoanState::Cancelled => "",
    };
    Badge::new(tone, loan.state.name(t.0).to_owned())
}

fn remark(t: Text, loan: &Loan) -> String {
    match loan.state {
        _ if loan.is_overdue => t.n("loan-days-late", loan.days_late),
        LoanState::Asked => loan
            .next_step()
            .map(|step| t.with("loan-waits-for", "step", step.kind.name(t.0)))
            .unwrap_or_default(),
        LoanState::Held if loan.is_ready() => t.say("loan-ready"),
        LoanState::Returned if loan.lines.iter().any(|line| line.has_incident) => t.say("loan-has-incident"),
        LoanState::Returned if loan.lines.iter().any(|line| line.waits_for_its_place()) => t.say("loan-to-shelve"),
        _ => String::new(),
    }
}

fn said(t: Text, word: &str) -> Option<ShellNotice> {
    let key = match word {
        "asked" => "loan-said-asked",
        "approved" => "loan-said-approved",
        "refused" => "loan-said-refused",
        "issued" => "loan-said-issued",
        "held" => "loan-said-held",
        "returned" => "loan-said-returned",
        "incident" => "loan-said-incident",
        "shelved" => "loan-said-shelved",
        "cancelled" => "loan-said-cancelled",
        "resolved" => "loan-said-resolved",
        _ => return None,
    };
    Some(ShellNotice {
        tone: if word == "incident" { "warn" } else { "good" },
        text: t.say(key),
    })
}

/// What a person is told beside the form: a refusal, a field that cannot be, or something that is not there.
pub(super) fn fault_of(t: Text, cause: &Error) -> Option<String> {
    match cause {
        Error::Refused(because) => Some(t.refusal(because)),
        Error::Invalid { what, reason, .. } => {
            let chinese = t.is_chinese();
            let field = if chinese { what.chinese() } else { what.english() };
            let mark = if chinese { "：" } else { ": " };
            Some(format!("{field}{mark}{}", reason.text(t.0)))
        }
        Error::Absent { id, .. } => Some(t.with("loan-fault-absent", "what", id)),
        _ => None,
    }
}
