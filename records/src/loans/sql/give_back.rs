//! What was lent comes back: counted, struck off the register, and put where it lay.

use super::{
    decide::close,
    papers::{Paper, has_incident, of_loan},
    step::{HeldLoan, hold, step},
};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role,
    changes::ChangeSubject,
    fold,
    ids::IncidentId,
    loans::{IncidentKind, Loan, LoanState, ReturnCondition, ReturnDraft},
    places::{OriginalEvent, PlaceKind, after, sql::lent},
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject, both};

const PAGES_MAX: i64 = 100_000;

/// A line that is out.
struct LineOut {
    uid: i64,
    paper: Paper,
    pages: i64,
}

impl Archive {
    /// Takes papers of a slip back. Fewer pages than were handed out, damage or loss opens an incident in the borrower's name; the
    /// slip is struck off when nothing of it is out any more.
    ///
    /// # Errors
    /// [`Error::Invalid`] for pages that cannot be; a slip that is not out is refused.
    pub async fn loan_return(&self, asker: &Asker, key: &str, draft: &ReturnDraft) -> Result<Loan> {
        asker.require_writing(Role::Archivist)?;
        let seen = self.loan(asker, key).await?;
        let mut change = self.0.change(asker.name()).await?;
        let loan = hold(&mut change, seen.id.as_str()).await?;
        if loan.state != LoanState::Out {
            step(&mut change, &loan, LoanState::Returned).await?;
        }
        let out = lines_out(&mut change, asker, &loan).await?;
        let coming: Vec<LineOut> = match draft.things.is_empty() {
            true => out,
            false => only(out, &seen, &draft.things)?,
        };
        let counted = counted(&coming, draft.pages)?;
        let received_by = match draft.received_by.trim() {
            "" => asker.name().to_owned(),
            name => fold::storable(name)
                .chars()
                .filter(|c| !c.is_control())
                .take(64)
                .collect(),
        };
        for (line, pages) in coming.iter().zip(counted) {
            take_back(&mut change, &loan, line, pages, draft, &received_by).await?;
        }
        let left = sqlx::query(
            "SELECT CAST(count(*) AS BIGINT) AS n FROM loan_lines WHERE loan_uid = $1 AND issued_at IS NOT NULL AND returned_at IS NULL",
        )
        .bind(loan.uid)
        .fetch_one(change.connection())
        .await?;
        if left.of("loan_lines").int("n")? == 0 {
            step(&mut change, &loan, LoanState::Returned).await?;
            close(&mut change, asker, loan.uid, "").await?;
        }
        change.event(
            EventDraft::new(AuditAction::LoanReturned, AuditObject::Loan, &loan.id).detail(format!(
                "no={} things={} received_by={received_by}",
                loan.no,
                coming.len()
            )),
        );
        change.commit().await?;
        self.loan(asker, seen.id.as_str()).await
    }

    /// A paper that came back lies in its place again: only there, scanned.
    ///
    /// # Errors
    /// [`RefusedBecause::WrongSlot`] for another place, [`RefusedBecause::ThingHasIncident`] while something is wrong with it.
    pub async fn loan_shelve(&self, asker: &Asker, key: &str, thing: &str, place: &str) -> Result<Loan> {
        asker.require_writing(Role::Archivist)?;
        let seen = self.loan(asker, key).await?;
        let mut change = self.0.change(asker.name()).await?;
        let loan = hold(&mut change, seen.id.as_str()).await?;
        let papers = of_loan(&mut change, asker, loan.uid).await?;
        let mut waiting = Vec::new();
        for line in seen.lines.iter().filter(|line| line.waits_for_its_place()) {
            let named = fold::code(thing);
            let meant = named.is_empty()
                || line.document_id.as_str() == thing.trim().to_lowercase()
                || fold::code(&line.number) == named;
            let paper = papers
                .iter()
                .find(|(_, paper)| paper.document_id == line.document_id.as_str());
            waiting.extend(paper.filter(|_| meant));
        }
        let [(line_uid, paper)] = waiting.as_slice() else {
            let thing = thing.trim().to_owned();
            return Err(RefusedBecause::NoWayBack { thing }.into());
        };
        if has_incident(&mut change, paper.original_uid).await? {
            return Err(RefusedBecause::ThingHasIncident { thing: paper.named() }.into());
        }
        let (kind, uid) = home_of(&mut change, *line_uid).await?;
        lent::back_in_place(&mut change, (paper.original_uid, paper.state), (kind, uid), place).await?;
        let at = change.at.micros();
        sqlx::query("UPDATE loan_lines SET shelved_at = $1, shelved_by = $2 WHERE uid = $3")
            .bind(at)
            .bind(asker.name())
            .bind(*line_uid)
            .execute(change.connection())
            .await?;
        change.touch(ChangeSubject::Document, paper.document_uid);
        change.event(
            EventDraft::new(AuditAction::LoanShelved, AuditObject::Loan, &loan.id).detail(format!(
                "no={} document={} place={}",
                loan.no,
                paper.document_id,
                place.trim()
            )),
        );
        change.commit().await?;
        self.loan(asker, seen.id.as_str()).await
    }
}

async fn home_of(change: &mut Change, line_uid: i64) -> Result<(PlaceKind, i64)> {
    let row = sqlx::query("SELECT uid, from_kind, from_uid FROM loan_lines WHERE uid = $1")
        .bind(line_uid)
        .fetch_one(change.connection())
        .await?;
    let row = row.of("loan_lines");
    Ok((row.word("from_kind", PlaceKind::from_code)?, row.int("from_uid")?))
}

async fn lines_out(change: &mut Change, asker: &Asker, loan: &HeldLoan) -> Result<Vec<LineOut>> {
    let papers = of_loan(change, asker, loan.uid).await?;
    let mut out = Vec::with_capacity(papers.len());
    for (uid, paper) in papers {
        let row = sqlx::query(
            "SELECT uid, pages FROM loan_lines WHERE uid = $1 AND issued_at IS NOT NULL AND returned_at IS NULL",
        )
        .bind(uid)
        .fetch_optional(change.connection())
        .await?;
        if let Some(row) = row {
            let pages = row.of("loan_lines").int("pages")?;
            out.push(LineOut { uid, paper, pages });
        }
    }
    Ok(out)
}

/// Those that were named.
fn only(out: Vec<LineOut>, seen: &Loan, things: &[String]) -> Result<Vec<LineOut>> {
    let mut ids = Vec::with_capacity(things.len());
    for thing in things {
        let line = seen.lines.iter().find(|line| {
            line.document_id.as_str() == thing.trim().to_lowercase()
                || !line.number.is_empty() && fold::code(&line.number) == fold::code(thing)
        });
        match line.filter(|line| line.issued_at.is_some() && line.returned_at.is_none()) {
            Some(line) => ids.push(line.document_id.as_str()),
            None => {
                let thing = thing.trim().to_owned();
                return Err(RefusedBecause::NoWayBack { thing }.into());
            }
        }
    }
    Ok(out
        .into_iter()
        .filter(|line| ids.contains(&line.paper.document_id.as_str()))
        .collect())
}

/// How many pages of each came back. What is missing of several is missing of the last ones, until somebody counts each.
fn counted(coming: &[LineOut], pages: Option<i64>) -> Result<Vec<i64>> {
    let whole: i64 = coming.iter().map(|line| line.pages).sum();
    let mut left = pages.unwrap_or(whole);
    if !(0..=PAGES_MAX).contains(&left) || left > whole && whole > 0 {
        let reason = both!("{whole} pages were handed out", "借出时是 {whole} 页");
        return Err(Error::invalid(Field::PagesReturned, left.to_string(), reason));
    }
    let taken = coming.iter().map(|line| {
        let here = left.min(line.pages);
        left -= here;
        here
    });
    Ok(taken.collect())
}

async fn take_back(
    change: &mut Change,
    loan: &HeldLoan,
    line: &LineOut,
    pages: i64,
    draft: &ReturnDraft,
    received_by: &str,
) -> Result<()> {
    let paper = &line.paper;
    let cannot = || RefusedBecause::ThingNotThere {
        thing: paper.named(),
        state: paper.state.as_str().to_owned(),
    };
    let mut next = after(paper.state, OriginalEvent::TakeBack).ok_or_else(cannot)?;
    let is_lost = draft.condition == ReturnCondition::Lost;
    if is_lost {
        next = after(next, OriginalEvent::ReportMissing).ok_or_else(cannot)?;
    }
    lent::take_back(change, paper.original_uid, next, &loan.no).await?;
    let found = if is_lost { 0 } else { pages };
    let at = change.at.micros();
    sqlx::query(
        "UPDATE loan_lines SET returned_at = $1, received_by = $2, pages_returned = $3, condition = $4 WHERE uid = $5",
    )
    .bind(at)
    .bind(received_by)
    .bind(found)
    .bind(draft.condition.as_str())
    .bind(line.uid)
    .execute(change.connection())
    .await?;
    change.touch(ChangeSubject::Document, paper.document_uid);
    let kind = match draft.condition {
        ReturnCondition::Lost => Some(IncidentKind::Lost),
        ReturnCondition::Damaged => Some(IncidentKind::Damaged),
        ReturnCondition::Intact => (pages < line.pages).then_some(IncidentKind::PagesMissing),
    };
    match kind {
        Some(kind) => open_incident(change, loan, line, kind, found, &draft.note).await,
        None => Ok(()),
    }
}

async fn open_incident(
    change: &mut Change,
    loan: &HeldLoan,
    line: &LineOut,
    kind: IncidentKind,
    found: i64,
    note: &str,
) -> Result<()> {
    let id = IncidentId::new(&change.environment);
    let (at, by) = (change.at.micros(), change.actor.clone());
    sqlx::query(
        "INSERT INTO incidents (id, kind, loan_uid, original_uid, document_uid, borrower, borrower_folded, pages_expected, pages_found, \
         opened_by, opened_at, resolution, replacement, resolved_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', '')",
    )
    .bind(id.as_str())
    .bind(kind.as_str())
    .bind(loan.uid)
    .bind(line.paper.original_uid)
    .bind(line.paper.document_uid)
    .bind(&loan.borrower)
    .bind(fold::name(&loan.borrower))
    .bind(line.pages)
    .bind(found)
    .bind(by)
    .bind(at)
    .execute(change.connection())
    .await?;
    let note: String = fold::storable(note.trim())
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    change.event(
        EventDraft::new(AuditAction::IncidentOpened, AuditObject::Incident, id.as_str()).detail(format!(
            "kind={} no={} borrower={} pages={found}/{} note={note}",
            kind.as_str(),
            loan.no,
            loan.borrower,
            line.pages
        )),
    );
    Ok(())
}
