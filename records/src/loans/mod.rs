//! Lending: a slip names papers, a borrower and why; steps before it are a setting; what is out has a name and a day; it
//! comes back counted, and goes back where it lay.

mod due;
pub(crate) mod sql;
mod states;

pub use due::{Due, LoanTerms, due, latest};
pub use vocabulary::{
    IncidentKind, LoanClass, LoanList, LoanState, LoanStepKind, LoanUse, OriginalState, ReturnCondition,
};

use crate::{
    Moment, SecurityLevel,
    ids::{DocumentId, IncidentId, LoanId},
    settings::ArchiveSettings,
};

/// Papers on one slip.
pub const LINES_MAX: usize = 200;

/// What somebody wants to borrow.
#[derive(Debug, Clone)]
pub struct LoanDraft {
    /// Documents by id or own number.
    pub things: Vec<String>,
    /// A sign-in name, or the name of a person without an account; empty for whoever asks.
    pub borrower: String,
    /// Of a person without an account.
    pub department: String,
    pub purpose: String,
    /// Of each paper.
    pub copies: i64,
    /// The day on which it is to be back; empty for the last one that the class allows.
    pub until: String,
    pub class: LoanClass,
    pub place_of_use: LoanUse,
    /// The borrower has signed the slip.
    pub is_signed: bool,
    /// Hand it out at once, where nobody has to approve it.
    pub at_once: bool,
}

/// A slip as whoever may see it sees it.
#[derive(Debug, Clone)]
pub struct Loan {
    pub uid: i64,
    pub id: LoanId,
    pub no: String,
    pub state: LoanState,
    pub borrower: String,
    pub borrower_uid: Option<i64>,
    pub department: String,
    pub purpose: String,
    pub copies: i64,
    pub class: LoanClass,
    pub place_of_use: LoanUse,
    /// Day on which it is due.
    pub due_on: String,
    pub due_at: Moment,
    /// Whole days after the day on which it was due; late on that day itself is 0 with `is_overdue`.
    pub days_late: i64,
    pub is_overdue: bool,
    pub asked_by: String,
    pub asked_at: Moment,
    pub confirmed_by: String,
    pub confirmed_at: Option<Moment>,
    pub issued_by: String,
    pub issued_at: Option<Moment>,
    pub closed_by: String,
    pub closed_at: Option<Moment>,
    pub closed_reason: String,
    pub steps: Vec<LoanStep>,
    /// Papers of documents that the asker sees.
    pub lines: Vec<LoanLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanStep {
    pub step: i64,
    pub kind: LoanStepKind,
    pub approved: Option<bool>,
    pub decided_by: String,
    pub decided_at: Option<Moment>,
    pub reason: String,
}

/// A paper on a slip.
#[derive(Debug, Clone)]
pub struct LoanLine {
    pub line: i64,
    pub document_id: DocumentId,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub customer_code: String,
    pub customer_name: String,
    pub original_state: OriginalState,
    /// Where it belongs, or lies now.
    pub place: String,
    pub pages: i64,
    pub issued_at: Option<Moment>,
    pub returned_at: Option<Moment>,
    pub received_by: String,
    pub pages_returned: Option<i64>,
    pub condition: Option<ReturnCondition>,
    pub shelved_at: Option<Moment>,
    pub shelved_by: String,
    /// Something is wrong with it and not yet resolved.
    pub has_incident: bool,
}

impl LoanLine {
    /// It came back and waits for its place.
    pub fn waits_for_its_place(&self) -> bool {
        self.returned_at.is_some() && self.shelved_at.is_none() && self.original_state == OriginalState::InTransit
    }
}

impl Loan {
    /// The step whose turn it is.
    pub fn next_step(&self) -> Option<&LoanStep> {
        self.steps.iter().find(|step| step.approved.is_none())
    }

    /// Everything on it can be handed out.
    pub fn is_ready(&self) -> bool {
        matches!(self.state, LoanState::Approved | LoanState::Held)
            && self
                .lines
                .iter()
                .all(|line| can_be_lent(line.original_state) && !line.has_incident)
    }
}

/// Whether a paper in this state can be handed out.
pub fn can_be_lent(state: OriginalState) -> bool {
    matches!(
        state,
        OriginalState::InPlace | OriginalState::InSafe | OriginalState::InTransit
    )
}

/// What came back.
#[derive(Debug, Clone)]
pub struct ReturnDraft {
    /// Only these; all that are out where it is empty.
    pub things: Vec<String>,
    /// As counted, of all of them together; as they were handed out where it is `None`.
    pub pages: Option<i64>,
    pub condition: ReturnCondition,
    /// Empty for whoever enters it.
    pub received_by: String,
    pub note: String,
}

/// What went wrong with a paper that was lent.
#[derive(Debug, Clone)]
pub struct Incident {
    pub id: IncidentId,
    pub kind: IncidentKind,
    pub loan_no: String,
    pub borrower: String,
    pub document_id: DocumentId,
    pub title: String,
    pub pages_expected: i64,
    pub pages_found: i64,
    pub opened_by: String,
    pub opened_at: Moment,
    pub resolution: String,
    pub replacement_id: String,
    pub resolved_by: String,
    pub resolved_at: Option<Moment>,
}

/// Which slips to list; what is `None` or empty does not narrow.
#[derive(Debug, Clone, Default)]
pub struct LoanFilter {
    pub list: Option<LoanList>,
    /// A sign-in name or the name of a person.
    pub borrower: String,
    /// Handed out from this instant on, and before that one.
    pub issued_from: Option<Moment>,
    pub issued_until: Option<Moment>,
    /// Only those that this asker can decide now.
    pub to_decide: bool,
    /// Only those that were handed out at some time.
    pub ever_out: bool,
    pub after_uid: i64,
    pub limit: usize,
}

/// A paper to fetch, in the order in which somebody walks.
#[derive(Debug, Clone)]
pub struct PickRow {
    pub loan_no: String,
    pub borrower: String,
    pub document_id: DocumentId,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    pub location_code: String,
    pub container: String,
    pub original_state: OriginalState,
    pub pages: i64,
    pub security_level: SecurityLevel,
}

impl ArchiveSettings {
    pub fn loan_terms(&self) -> LoanTerms {
        LoanTerms {
            days_max: self.loan_days_max,
            slip_days_max: self.loan_slip_days_max,
        }
    }

    /// Who signs, in order.
    pub(crate) fn loan_step_kinds(&self) -> &'static [LoanStepKind] {
        match self.loan_steps {
            0 => &[],
            1 => &[LoanStepKind::Archive],
            _ => &[LoanStepKind::Head, LoanStepKind::Archive, LoanStepKind::Executive],
        }
    }
}
