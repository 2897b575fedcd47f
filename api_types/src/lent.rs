//! What was lent, as scripts see it: the register of a period, incidents, what is to be fetched.

use crate::codes::{code, code_or_empty};
use records::{
    Moment,
    loans::{Incident, Loan, LoanLine, PickRow},
};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{IncidentKind, ReturnCondition};

/// The lending register of a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoanRegisterJson {
    pub rows: Vec<LoanRegisterRowJson>,
}

/// One paper that was lent: struck off when it came back.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoanRegisterRowJson {
    pub no: String,
    pub borrower: String,
    pub department: String,
    pub thing: String,
    pub title: String,
    pub number: String,
    pub customer_code: String,
    pub copies: i64,
    pub purpose: String,
    pub lent_at: String,
    pub lent_by: String,
    pub confirmed_by: String,
    pub due_at: String,
    pub struck_off: bool,
    pub returned_at: Option<String>,
    pub received_by: String,
    pub pages: i64,
    pub pages_returned: Option<i64>,
    #[schema(schema_with = code_or_empty::<ReturnCondition>)]
    pub condition: String,
    pub shelved_at: Option<String>,
}

/// What went wrong with papers that were lent.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentsJson {
    pub rows: Vec<IncidentJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentJson {
    pub id: String,
    #[schema(schema_with = code::<IncidentKind>)]
    pub kind: String,
    pub loan_no: String,
    /// In whose name it stands.
    pub borrower: String,
    pub document_id: String,
    pub title: String,
    pub pages_expected: i64,
    pub pages_found: i64,
    pub opened_by: String,
    pub opened_at: String,
    pub open: bool,
    pub resolution: String,
    /// The document that stands for what is missing; empty for none.
    pub replacement_id: String,
    pub resolved_by: String,
    pub resolved_at: Option<String>,
}

/// Papers to fetch, in the order in which somebody walks.
#[derive(Debug, Serialize, ToSchema)]
pub struct PickListJson {
    pub rows: Vec<PickRowJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PickRowJson {
    /// From 1, in walking order.
    pub n: i64,
    pub location_code: String,
    pub container: String,
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    pub pages: i64,
    pub loan_no: String,
    pub borrower: String,
}

/// The lines of the register, one for each paper.
pub fn register(loans: Vec<Loan>) -> LoanRegisterJson {
    let mut rows = Vec::with_capacity(loans.len());
    for loan in loans {
        let lent = |line: &LoanLine| line.issued_at.or(loan.issued_at);
        for line in &loan.lines {
            let Some(lent_at) = lent(line) else { continue };
            rows.push(LoanRegisterRowJson {
                no: loan.no.clone(),
                borrower: loan.borrower.clone(),
                department: loan.department.clone(),
                thing: line.document_id.to_string(),
                title: line.title.clone(),
                number: line.number.clone(),
                customer_code: line.customer_code.clone(),
                copies: loan.copies,
                purpose: loan.purpose.clone(),
                lent_at: lent_at.rfc3339(),
                lent_by: loan.issued_by.clone(),
                confirmed_by: loan.confirmed_by.clone(),
                due_at: loan.due_at.rfc3339(),
                struck_off: line.returned_at.is_some(),
                returned_at: line.returned_at.map(Moment::rfc3339),
                received_by: line.received_by.clone(),
                pages: line.pages,
                pages_returned: line.pages_returned,
                condition: line.condition.map_or("", ReturnCondition::as_str).to_owned(),
                shelved_at: line.shelved_at.map(Moment::rfc3339),
            });
        }
    }
    LoanRegisterJson { rows }
}

pub fn incidents(rows: Vec<Incident>) -> IncidentsJson {
    IncidentsJson {
        rows: rows.into_iter().map(incident).collect(),
    }
}

fn incident(incident: Incident) -> IncidentJson {
    let Incident {
        id,
        kind,
        loan_no,
        borrower,
        document_id,
        title,
        pages_expected,
        pages_found,
        opened_by,
        opened_at,
        resolution,
        replacement_id,
        resolved_by,
        resolved_at,
    } = incident;
    IncidentJson {
        id: id.to_string(),
        kind: kind.as_str().to_owned(),
        loan_no,
        borrower,
        document_id: document_id.to_string(),
        title,
        pages_expected,
        pages_found,
        opened_by,
        opened_at: opened_at.rfc3339(),
        open: resolved_at.is_none(),
        resolution,
        replacement_id,
        resolved_by,
        resolved_at: resolved_at.map(Moment::rfc3339),
    }
}

pub fn pick_list(rows: Vec<PickRow>) -> PickListJson {
    let row = |(n, row): (i64, PickRow)| {
        let PickRow {
            loan_no,
            borrower,
            document_id,
            title,
            kind,
            number,
            date,
            customer_code,
            customer_name,
            location_code,
            container,
            original_state: _,
            pages,
            security_level: _,
        } = row;
        PickRowJson {
            n,
            location_code,
            container,
            document_id: document_id.to_string(),
            title,
            kind,
            number,
            date,
            customer_code,
            customer_name,
            pages,
            loan_no,
            borrower,
        }
    };
    PickListJson {
        rows: (1..).zip(rows).map(row).collect(),
    }
}
