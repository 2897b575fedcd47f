//! The next state of a slip, and who may decide.

use crate::{
    Asker, Error, RefusedBecause, Result, Role, Thing, fold,
    loans::{LoanState, LoanStepKind, states::may_become},
    settings::ArchiveSettings,
    store::sql::{Change, Columns},
};

/// A slip that is held to be changed.
pub(super) struct HeldLoan {
    pub uid: i64,
    pub id: String,
    pub no: String,
    pub state: LoanState,
    pub borrower_uid: Option<i64>,
    pub borrower: String,
    pub department_folded: String,
    pub asked_by_uid: i64,
}

impl HeldLoan {
    pub fn is_for(&self, asker: &Asker) -> bool {
        asker.user_uid != 0 && self.borrower_uid == Some(asker.user_uid)
    }
}

pub(super) fn absent(key: &str) -> Error {
    Error::Absent {
        what: Thing::Loan,
        id: key.to_owned(),
    }
}

/// Locks a slip by its id or number. Whether the asker may know of it is asked before.
pub(super) async fn hold(change: &mut Change, key: &str) -> Result<HeldLoan> {
    const FOUND: &str = "SELECT uid, id, no, state, borrower_uid, borrower, department_folded, asked_by_uid FROM loans \
                         WHERE id = $1 OR no = $2";
    let statement = format!("{FOUND}{}", change.dialect.for_update());
    let row = sqlx::query(crate::store::sql::composed(statement))
        .bind(key.trim().to_lowercase())
        .bind(fold::code(key).to_uppercase())
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| absent(key))?;
    let row = row.of("loans");
    Ok(HeldLoan {
        uid: row.int("uid")?,
        id: row.text("id")?,
        no: row.text("no")?,
        state: row.word("state", LoanState::from_code)?,
        borrower_uid: row.maybe_int("borrower_uid")?,
        borrower: row.text("borrower")?,
        department_folded: row.text("department_folded")?,
        asked_by_uid: row.int("asked_by_uid")?,
    })
}

/// Writes the next state of a slip that is held.
pub(super) async fn step(change: &mut Change, loan: &HeldLoan, to: LoanState) -> Result<()> {
    if !may_become(loan.state, to) {
        return Err(RefusedBecause::LoanCannot {
            no: loan.no.clone(),
            from: loan.state.as_str().to_owned(),
            to: to.as_str().to_owned(),
        }
        .into());
    }
    sqlx::query("UPDATE loans SET state = $1 WHERE uid = $2")
        .bind(to.as_str())
        .bind(loan.uid)
        .execute(change.connection())
        .await?;
    Ok(())
}

pub(super) fn is_executive(settings: &ArchiveSettings, asker: &Asker) -> bool {
    settings.loan_executives.contains(&fold::name(asker.name()))
}

/// Departments, folded, whose head this is.
pub(super) fn headed_by<'a>(settings: &'a ArchiveSettings, asker: &Asker) -> Vec<&'a str> {
    let name = fold::name(asker.name());
    let headed = settings.loan_heads.iter().filter(|(_, head)| *head == name);
    headed.map(|(department, _)| department.as_str()).collect()
}

/// Whether a step is this person's to sign. Where a department has no head an executive signs for them; the owner of the
/// data folder signs everything.
pub(super) fn may_sign(settings: &ArchiveSettings, asker: &Asker, kind: LoanStepKind, department: &str) -> bool {
    if asker.user_uid == 0 {
        return true;
    }
    let executive = is_executive(settings, asker);
    match kind {
        LoanStepKind::Archive => asker.has(Role::Archivist),
        LoanStepKind::Executive => executive,
        LoanStepKind::Head => {
            let has_head = settings.loan_heads.iter().any(|(headed, _)| headed == department);
            headed_by(settings, asker).contains(&department) || executive && !has_head
        }
    }
}
