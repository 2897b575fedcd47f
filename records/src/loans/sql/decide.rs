//! The steps before something is handed out, in order; and taking a slip back.

use super::{
    ask::approved,
    papers::of_loan,
    step::{hold, may_sign, step},
};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role,
    loans::{Loan, LoanState, LoanStepKind},
    permission::checked_reason,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Signs the step whose turn it is, or refuses the slip with a reason. Nobody decides about their own.
    pub async fn loan_decide(&self, asker: &Asker, key: &str, is_approved: bool, reason: &str) -> Result<Loan> {
        if !asker.writes {
            return Err(Error::TokenReadsOnly);
        }
        let seen = self.loan(asker, key).await?;
        let reason = match is_approved && reason.trim().is_empty() {
            true => String::new(),
            false => checked_reason(reason)?,
        };
        let settings = self.settings(asker).await?;
        let mut change = self.0.change(asker.name()).await?;
        let loan = hold(&mut change, seen.id.as_str()).await?;
        let cannot = |to: LoanState| RefusedBecause::LoanCannot {
            no: loan.no.clone(),
            from: loan.state.as_str().to_owned(),
            to: to.as_str().to_owned(),
        };
        let to = if is_approved {
            LoanState::Approved
        } else {
            LoanState::Refused
        };
        if loan.state != LoanState::Asked {
            return Err(cannot(to).into());
        }
        let Some((uid, kind, is_last)) = turn(&mut change, loan.uid).await? else {
            return Err(cannot(to).into());
        };
        if loan.is_for(asker) {
            return Err(RefusedBecause::LoanOfOneself {}.into());
        }
        if !may_sign(&settings, asker, kind, &loan.department_folded) {
            return Err(RefusedBecause::LoanStepOfOthers {
                no: loan.no.clone(),
                step: kind.as_str().to_owned(),
            }
            .into());
        }
        let at = change.at.micros();
        sqlx::query(
            "UPDATE loan_steps SET approved = $1, decided_by = $2, decided_at = $3, reason = $4 WHERE uid = $5",
        )
        .bind(i64::from(is_approved))
        .bind(asker.name())
        .bind(at)
        .bind(&reason)
        .bind(uid)
        .execute(change.connection())
        .await?;
        if !is_approved {
            step(&mut change, &loan, LoanState::Refused).await?;
            close(&mut change, asker, loan.uid, &reason).await?;
        } else if is_last {
            let papers: Vec<_> = of_loan(&mut change, asker, loan.uid).await?;
            let papers: Vec<_> = papers.into_iter().map(|(_, paper)| paper).collect();
            approved(&mut change, &seen.id, &papers).await?;
        }
        let word = if is_approved { "approved" } else { "refused" };
        change.event(
            EventDraft::new(AuditAction::LoanDecided, AuditObject::Loan, &loan.id).detail(format!(
                "no={} step={} decision={word} reason={reason}",
                loan.no,
                kind.as_str()
            )),
        );
        change.commit().await?;
        self.loan(asker, seen.id.as_str()).await
    }

    /// Takes a slip back that was not handed out: whoever asked, the borrower, or an archivist.
    pub async fn loan_cancel(&self, asker: &Asker, key: &str, reason: &str) -> Result<Loan> {
        if !asker.writes {
            return Err(Error::TokenReadsOnly);
        }
        let seen = self.loan(asker, key).await?;
        let reason = checked_reason(reason)?;
        let mut change = self.0.change(asker.name()).await?;
        let loan = hold(&mut change, seen.id.as_str()).await?;
        if !loan.is_for(asker) && loan.asked_by_uid != asker.user_uid {
            asker.require(Role::Archivist)?;
        }
        step(&mut change, &loan, LoanState::Cancelled).await?;
        close(&mut change, asker, loan.uid, &reason).await?;
        change.event(
            EventDraft::new(AuditAction::LoanCancelled, AuditObject::Loan, &loan.id)
                .detail(format!("no={} reason={reason}", loan.no)),
        );
        change.commit().await?;
        self.loan(asker, seen.id.as_str()).await
    }
}

/// The step whose turn it is, and whether it is the last.
async fn turn(change: &mut Change, loan_uid: i64) -> Result<Option<(i64, LoanStepKind, bool)>> {
    let rows = sqlx::query("SELECT uid, kind FROM loan_steps WHERE loan_uid = $1 AND approved IS NULL ORDER BY step")
        .bind(loan_uid)
        .fetch_all(change.connection())
        .await?;
    let first = rows.first().map(|row| {
        let row = row.of("loan_steps");
        Ok((
            row.int("uid")?,
            row.word("kind", LoanStepKind::from_code)?,
            rows.len() == 1,
        ))
    });
    first.transpose()
}

/// Who has ended a slip, when and why.
pub(super) async fn close(change: &mut Change, asker: &Asker, loan_uid: i64, reason: &str) -> Result<()> {
    let at = change.at.micros();
    sqlx::query("UPDATE loans SET closed_by = $1, closed_at = $2, closed_reason = $3 WHERE uid = $4")
        .bind(asker.name())
        .bind(at)
        .bind(reason)
        .bind(loan_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}
