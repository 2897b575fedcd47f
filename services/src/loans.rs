//! Lending: what screens, API and command line share. Reading the lists is an event of the trail.

use crate::Result;
use api_types::{
    lent::{self, LoanRegisterJson},
    loans::{self as shapes, LeaverJson},
};
use records::{
    Archive, Asker, Moment,
    audit::{AuditAction, AuditObject, EventDraft},
    loans::{Loan, LoanFilter, LoanList},
    moment::Edge,
};

/// Slips of a list, and that they were looked at.
///
/// # Errors
/// When the record does not answer.
pub async fn list(archive: &Archive, asker: &Asker, filter: &LoanFilter) -> Result<Vec<Loan>> {
    let rows = archive.loans(asker, filter).await?;
    let shown = filter.list.map_or("all", LoanList::as_str);
    let event = EventDraft::new(AuditAction::LoansListed, AuditObject::Loan, "").detail(format!("list={shown}"));
    archive.note_reading(asker, event).await?;
    Ok(rows)
}

/// What was handed out in a period, both days included, the oldest first; an empty day does not narrow.
///
/// # Errors
/// When a day is none.
pub async fn lent_in(archive: &Archive, asker: &Asker, from: &str, to: &str) -> Result<Vec<Loan>> {
    let zone = archive.settings(asker).await?.time_zone.clone();
    let edge = |text: &str, edge: Edge| -> Result<Option<Moment>> {
        match text.trim() {
            "" => Ok(None),
            text => Ok(Some(Moment::parse(text, &zone, edge).map_err(records::Error::from)?)),
        }
    };
    let filter = LoanFilter {
        issued_from: edge(from, Edge::Start)?,
        issued_until: edge(to, Edge::End)?,
        ever_out: true,
        ..LoanFilter::default()
    };
    let mut rows = list(archive, asker, &filter).await?;
    rows.reverse();
    Ok(rows)
}

/// The register of a period.
///
/// # Errors
/// When a day is none.
pub async fn register(archive: &Archive, asker: &Asker, from: &str, to: &str) -> Result<LoanRegisterJson> {
    Ok(lent::register(lent_in(archive, asker, from, to).await?))
}

/// What somebody who leaves still has, and which incidents stand open in their name.
///
/// # Errors
/// When the record does not answer.
pub async fn leaver(archive: &Archive, asker: &Asker, borrower: &str) -> Result<LeaverJson> {
    let filter = LoanFilter {
        list: Some(LoanList::Out),
        borrower: borrower.to_owned(),
        ..LoanFilter::default()
    };
    let loans = list(archive, asker, &filter).await?;
    let open = archive.incidents(asker, true, borrower, 1_000).await?;
    Ok(shapes::leaver(borrower.trim(), loans, open))
}
