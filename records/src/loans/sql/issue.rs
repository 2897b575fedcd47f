//! Papers are handed out: the original's state, the ledger and the register say so in one change.

use super::{
    papers::{Paper, check_there, of_loan},
    step::{HeldLoan, absent, hold, step},
};
use crate::{
    Archive, Asker, Error, Moment, RefusedBecause, Result, Role, SecurityLevel,
    changes::ChangeSubject,
    loans::{Loan, LoanClass, LoanState, LoanUse, due::due},
    places::{OriginalEvent, after, sql::lent},
    settings::ArchiveSettings,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// What a slip says of how it is lent.
struct Slip {
    purpose: String,
    copies: i64,
    class: LoanClass,
    place_of_use: LoanUse,
    wanted_on: String,
    confirmed_at: Option<Moment>,
}

impl Archive {
    /// Hands the papers of a slip out. `is_signed`: the borrower has signed for them just now.
    ///
    /// # Errors
    /// A refusal names what stands against it: a step that nobody has signed, a paper that is out or wanted by somebody who has waited
    /// longer, a level above the clearance of the borrower, something that is missing on the slip.
    pub async fn loan_issue(&self, asker: &Asker, key: &str, is_signed: bool) -> Result<Loan> {
        asker.require_writing(Role::Archivist)?;
        let seen = self.loan(asker, key).await?;
        let settings = self.settings(asker).await?;
        let mut change = self.0.change(asker.name()).await?;
        let loan = hold(&mut change, seen.id.as_str()).await?;
        issue_held(&mut change, asker, &loan, &settings, is_signed).await?;
        change.commit().await?;
        self.loan(asker, seen.id.as_str()).await
    }
}

/// The same within a change.
pub(super) async fn issue_held(
    change: &mut Change,
    asker: &Asker,
    loan: &HeldLoan,
    settings: &ArchiveSettings,
    is_signed: bool,
) -> Result<()> {
    step(change, loan, LoanState::Out).await?;
    let slip = slip(change, loan.uid).await?;
    let papers = of_loan(change, asker, loan.uid).await?;
    if papers.is_empty() {
        return Err(absent(&loan.no));
    }
    check_complete(loan, &slip, &papers, is_signed)?;
    let clearance = clearance(change, loan, settings).await?;
    for (_, paper) in &papers {
        check_there(change, paper, loan.uid).await?;
        if paper.security_level > clearance.number() {
            return Err(RefusedBecause::LoanLevel {
                thing: paper.named(),
                level: paper.security_level,
                clearance: clearance.number(),
            }
            .into());
        }
    }
    let wanted = slip.wanted_on.parse().ok();
    let due = due(&settings.calendar, settings.loan_terms(), slip.class, wanted, change.at)?;
    for (line_uid, paper) in &papers {
        lend(change, loan, *line_uid, paper, slip.place_of_use).await?;
    }
    let at = change.at.micros();
    let signed_at = slip.confirmed_at.map_or(at, Moment::micros);
    sqlx::query(
        "UPDATE loans SET issued_by = $1, issued_at = $2, due_on = $3, due_at = $4, overdue_from = $5, confirmed_at = $6, \
         confirmed_by = CASE WHEN confirmed_by = '' THEN $1 ELSE confirmed_by END WHERE uid = $7",
    )
    .bind(asker.name())
    .bind(at)
    .bind(due.on.to_string())
    .bind(due.at.micros())
    .bind(due.overdue_from.micros())
    .bind(signed_at)
    .bind(loan.uid)
    .execute(change.connection())
    .await?;
    others_wait(change, loan, &papers).await?;
    change.event(
        EventDraft::new(AuditAction::LoanIssued, AuditObject::Loan, &loan.id).detail(format!(
            "no={} borrower={} things={}",
            loan.no,
            loan.borrower,
            papers.len()
        )),
    );
    Ok(())
}

async fn slip(change: &mut Change, uid: i64) -> Result<Slip> {
    let row = sqlx::query(
        "SELECT uid, purpose, copies, class, place_of_use, wanted_on, confirmed_at FROM loans WHERE uid = $1",
    )
    .bind(uid)
    .fetch_one(change.connection())
    .await?;
    let row = row.of("loans");
    Ok(Slip {
        purpose: row.text("purpose")?,
        copies: row.int("copies")?,
        class: row.word("class", LoanClass::from_code)?,
        place_of_use: row.word("place_of_use", LoanUse::from_code)?,
        wanted_on: row.text("wanted_on")?,
        confirmed_at: row.maybe_moment("confirmed_at")?,
    })
}

/// Title, copies, reason and the signature of the borrower.
fn check_complete(loan: &HeldLoan, slip: &Slip, papers: &[(i64, Paper)], is_signed: bool) -> Result<()> {
    let mut missing = Vec::new();
    if papers.iter().any(|(_, paper)| paper.named().is_empty()) {
        missing.push("title");
    }
    if slip.copies < 1 {
        missing.push("copies");
    }
    if slip.purpose.is_empty() {
        missing.push("purpose");
    }
    if slip.confirmed_at.is_none() && !is_signed {
        missing.push("signed");
    }
    match missing.is_empty() {
        true => Ok(()),
        false => Err(RefusedBecause::LoanIncomplete {
            no: loan.no.clone(),
            missing: missing.join(", "),
        }
        .into()),
    }
}

/// What the borrower may have. A person without an account may have what the archive takes for usual.
async fn clearance(change: &mut Change, loan: &HeldLoan, settings: &ArchiveSettings) -> Result<SecurityLevel> {
    let Some(uid) = loan.borrower_uid else {
        return Ok(settings.security_level_default);
    };
    let row = sqlx::query("SELECT uid, name, clearance, locked FROM users WHERE uid = $1")
        .bind(uid)
        .fetch_one(change.connection())
        .await?;
    let row = row.of("users");
    if row.flag("locked")? {
        return Err(Error::from(RefusedBecause::BorrowerLocked {
            name: row.text("name")?,
        }));
    }
    row.security_level("clearance")
}

/// One paper leaves its place: it is out, the chain says under which slip, and the line where it goes back to.
async fn lend(change: &mut Change, loan: &HeldLoan, line_uid: i64, paper: &Paper, place_of_use: LoanUse) -> Result<()> {
    let event = match place_of_use {
        LoanUse::ReadingRoom => OriginalEvent::GiveToReadingTable,
        LoanUse::Office | LoanUse::Outside => OriginalEvent::Lend,
    };
    let not_there = || RefusedBecause::ThingNotThere {
        thing: paper.named(),
        state: paper.state.as_str().to_owned(),
    };
    let next = after(paper.state, event).ok_or_else(not_there)?;
    let (from_kind, from_uid) = lent::home(change, paper.original_uid).await?;
    let label = format!("{} {}", loan.no, loan.borrower);
    lent::lend(change, paper.original_uid, next, (loan.uid, &label)).await?;
    let at = change.at.micros();
    sqlx::query("UPDATE loan_lines SET issued_at = $1, pages = $2, from_kind = $3, from_uid = $4 WHERE uid = $5")
        .bind(at)
        .bind(paper.pages)
        .bind(from_kind.as_str())
        .bind(from_uid)
        .bind(line_uid)
        .execute(change.connection())
        .await?;
    change.touch(ChangeSubject::Document, paper.document_uid);
    Ok(())
}

/// Other slips for the same papers that were approved wait in the queue from now on.
async fn others_wait(change: &mut Change, loan: &HeldLoan, papers: &[(i64, Paper)]) -> Result<()> {
    for (_, paper) in papers {
        sqlx::query(
            "UPDATE loans SET state = 'held' WHERE state = 'approved' AND uid <> $1 \
             AND uid IN (SELECT x.loan_uid FROM loan_lines x WHERE x.original_uid = $2)",
        )
        .bind(loan.uid)
        .bind(paper.original_uid)
        .execute(change.connection())
        .await?;
    }
    Ok(())
}
