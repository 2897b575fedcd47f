//! Lending, as scripts see it: slips, and what somebody who leaves still has.

use crate::codes::{code, code_or_empty};
use crate::lent::{IncidentJson, incidents};
use records::{
    Moment,
    loans::{Incident, Loan, LoanLine, LoanStep},
};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{LoanClass, LoanState, LoanStepKind, LoanUse, OriginalState, ReturnCondition};

/// A slip.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoanJson {
    pub id: String,
    /// Number of the slip.
    pub no: String,
    #[schema(schema_with = code::<LoanState>)]
    pub state: String,
    /// Sign-in name, or the name of a person without an account.
    pub borrower: String,
    pub department: String,
    pub things: Vec<LoanThingJson>,
    pub purpose: String,
    /// Of each paper.
    pub copies: i64,
    #[schema(schema_with = code::<LoanClass>)]
    pub class: String,
    /// Where it may be used.
    #[serde(rename = "use")]
    #[schema(schema_with = code::<LoanUse>)]
    pub place_of_use: String,
    /// The day, in the archive's own zone.
    pub due_on: String,
    /// Close of business on that day.
    pub due_at: String,
    pub overdue: bool,
    /// Whole days after the day on which it was due.
    pub days_late: i64,
    /// Everything on it can be handed out now.
    pub ready: bool,
    pub asked_by: String,
    pub asked_at: String,
    /// Who signed for it, or entered the signature.
    pub confirmed_by: String,
    pub confirmed_at: Option<String>,
    pub issued_by: String,
    pub issued_at: Option<String>,
    /// Who took it back, refused or cancelled it, when and why.
    pub closed_by: String,
    pub closed_at: Option<String>,
    pub closed_reason: String,
    pub steps: Vec<LoanStepJson>,
}

/// A paper on a slip.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoanThingJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub customer_code: String,
    pub customer_name: String,
    #[schema(schema_with = code::<OriginalState>)]
    pub original_state: String,
    /// Where it lies, or belongs while it is out.
    pub place: String,
    /// As counted when it was handed out.
    pub pages: i64,
    pub issued_at: Option<String>,
    pub returned_at: Option<String>,
    pub received_by: String,
    pub pages_returned: Option<i64>,
    #[schema(schema_with = code_or_empty::<ReturnCondition>)]
    pub condition: String,
    pub shelved_at: Option<String>,
    pub shelved_by: String,
    /// Something is wrong with it and not resolved: it is held.
    pub incident: bool,
}

/// Who signs before it is handed out.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoanStepJson {
    /// From 1.
    pub n: i64,
    #[schema(schema_with = code::<LoanStepKind>)]
    pub kind: String,
    /// `null` until somebody has decided.
    pub approved: Option<bool>,
    pub decided_by: String,
    pub decided_at: Option<String>,
    pub reason: String,
}

/// Slips.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoansJson {
    pub rows: Vec<LoanJson>,
    pub total: i64,
    /// Send it as `after` for the next window; `null` where this is the last.
    pub next: Option<String>,
}

/// What somebody who leaves still has, and what stands open in their name.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeaverJson {
    pub borrower: String,
    /// Nothing is out and nothing is open.
    pub clear: bool,
    pub loans: Vec<LoanJson>,
    pub incidents: Vec<IncidentJson>,
}

pub fn loan(loan: Loan) -> LoanJson {
    let ready = loan.is_ready();
    let Loan {
        uid: _,
        id,
        no,
        state,
        borrower,
        borrower_uid: _,
        department,
        purpose,
        copies,
        class,
        place_of_use,
        due_on,
        due_at,
        days_late,
        is_overdue,
        asked_by,
        asked_at,
        confirmed_by,
        confirmed_at,
        issued_by,
        issued_at,
        closed_by,
        closed_at,
        closed_reason,
        steps,
        lines,
    } = loan;
    LoanJson {
        id: id.to_string(),
        no,
        state: state.as_str().to_owned(),
        borrower,
        department,
        things: lines.into_iter().map(thing).collect(),
        purpose,
        copies,
        class: class.as_str().to_owned(),
        place_of_use: place_of_use.as_str().to_owned(),
        due_on,
        due_at: due_at.rfc3339(),
        overdue: is_overdue,
        days_late,
        ready,
        asked_by,
        asked_at: asked_at.rfc3339(),
        confirmed_by,
        confirmed_at: confirmed_at.map(Moment::rfc3339),
        issued_by,
        issued_at: issued_at.map(Moment::rfc3339),
        closed_by,
        closed_at: closed_at.map(Moment::rfc3339),
        closed_reason,
        steps: steps.into_iter().map(step).collect(),
    }
}

fn step(step: LoanStep) -> LoanStepJson {
    let LoanStep {
        step,
        kind,
        approved,
        decided_by,
        decided_at,
        reason,
    } = step;
    LoanStepJson {
        n: step,
        kind: kind.as_str().to_owned(),
        approved,
        decided_by,
        decided_at: decided_at.map(Moment::rfc3339),
        reason,
    }
}

fn thing(line: LoanLine) -> LoanThingJson {
    let LoanLine {
        line: _,
        document_id,
        title,
        kind,
        number,
        customer_code,
        customer_name,
        original_state,
        place,
        pages,
        issued_at,
        returned_at,
        received_by,
        pages_returned,
        condition,
        shelved_at,
        shelved_by,
        has_incident,
    } = line;
    LoanThingJson {
        document_id: document_id.to_string(),
        title,
        kind,
        number,
        customer_code,
        customer_name,
        original_state: original_state.as_str().to_owned(),
        place,
        pages,
        issued_at: issued_at.map(Moment::rfc3339),
        returned_at: returned_at.map(Moment::rfc3339),
        received_by,
        pages_returned,
        condition: condition.map_or("", ReturnCondition::as_str).to_owned(),
        shelved_at: shelved_at.map(Moment::rfc3339),
        shelved_by,
        incident: has_incident,
    }
}

/// A window of slips that were read whole.
pub fn loans(rows: Vec<Loan>, skip: usize, limit: usize) -> LoansJson {
    let total = rows.len();
    let end = skip.saturating_add(limit);
    LoansJson {
        rows: rows.into_iter().skip(skip).take(limit).map(loan).collect(),
        total: i64::try_from(total).unwrap_or(i64::MAX),
        next: (total > end).then(|| end.to_string()),
    }
}

/// What somebody still has.
pub fn leaver(borrower: &str, loans: Vec<Loan>, open: Vec<Incident>) -> LeaverJson {
    LeaverJson {
        borrower: borrower.to_owned(),
        clear: loans.is_empty() && open.is_empty(),
        loans: loans.into_iter().map(loan).collect(),
        incidents: incidents(open).rows,
    }
}
