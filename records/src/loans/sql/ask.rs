//! A slip is filled in.

use super::{
    issue::issue_held,
    papers::{Paper, named, out_under},
    step::{hold, step},
};
use crate::{
    Archive, Asker, Error, Field, Result, Role, fold,
    ids::LoanId,
    loans::{
        Due, Loan, LoanDraft, LoanState, can_be_lent,
        due::{class_for, due},
    },
    permission::checked_reason,
    settings::ArchiveSettings,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject, both};

const COPIES_MAX: i64 = 999;
const NAME_CHARACTERS_MAX: usize = 64;

/// Who is to have it.
struct Borrower {
    uid: Option<i64>,
    name: String,
    department: String,
}

impl Archive {
    /// Fills in a slip. What somebody asks for themselves counts as signed by them; an archivist enters slips of others. Where nobody
    /// has to approve it, an archivist may hand it out in the same act; where something of it is out it waits in the queue.
    ///
    /// # Errors
    /// [`Error::Absent`] for a paper that the asker does not see, [`Error::Invalid`] names the field, a later day than the class
    /// allows is refused.
    pub async fn loan_ask(&self, asker: &Asker, draft: &LoanDraft) -> Result<Loan> {
        if !asker.writes {
            return Err(Error::TokenReadsOnly);
        }
        let settings = self.settings(asker).await?;
        let purpose = checked_reason(&draft.purpose).map_err(|_| {
            let reason = both!(
                "say in 1 to 200 characters what it is needed for",
                "请用 1 到 200 个字符写明借阅事由"
            );
            Error::invalid(Field::Purpose, &draft.purpose, reason)
        })?;
        if !(1..=COPIES_MAX).contains(&draft.copies) {
            let reason = both!("write a number from 1 to {COPIES_MAX}", "请写 1 到 {COPIES_MAX} 的数");
            return Err(Error::invalid(Field::Copies, draft.copies.to_string(), reason));
        }
        let mut change = self.0.change(asker.name()).await?;
        let borrower = borrower(&mut change, asker, draft).await?;
        let papers = named(&mut change, asker, &draft.things).await?;
        let wanted = wanted_day(draft, &settings)?;
        let class = class_for(draft.place_of_use, draft.class);
        let due = due(&settings.calendar, settings.loan_terms(), class, wanted, change.at)?;
        change.lock_archive().await?;
        let id = LoanId::new(&change.environment);
        let uid = insert(&mut change, asker, &id, (draft, &purpose), &borrower, due, &settings).await?;
        insert_lines(&mut change, uid, &papers).await?;
        let is_free = is_executive_account(&settings, &borrower);
        let steps = if is_free { &[][..] } else { settings.loan_step_kinds() };
        for (number, kind) in (1_i64..).zip(steps) {
            sqlx::query(
                "INSERT INTO loan_steps (loan_uid, step, kind, decided_by, reason) VALUES ($1, $2, $3, '', '')",
            )
            .bind(uid)
            .bind(number)
            .bind(kind.as_str())
            .execute(change.connection())
            .await?;
        }
        change.event(
            EventDraft::new(AuditAction::LoanAsked, AuditObject::Loan, id.as_str()).detail(format!(
                "borrower={} things={}",
                borrower.name,
                papers.len()
            )),
        );
        if steps.is_empty() {
            approved(&mut change, &id, &papers).await?;
            let loan = hold(&mut change, id.as_str()).await?;
            if draft.at_once && asker.has(Role::Archivist) && loan.state == LoanState::Approved {
                issue_held(&mut change, asker, &loan, &settings, draft.is_signed).await?;
            }
        }
        change.commit().await?;
        self.loan(asker, id.as_str()).await
    }
}

/// A slip that nobody has to approve any more: it waits to be handed out, or in the queue.
pub(super) async fn approved(change: &mut Change, id: &LoanId, papers: &[Paper]) -> Result<()> {
    let loan = hold(change, id.as_str()).await?;
    let mut to = LoanState::Approved;
    for paper in papers {
        if !can_be_lent(paper.state) && out_under(change, paper.original_uid).await?.is_some() {
            to = LoanState::Held;
        }
    }
    step(change, &loan, to).await
}

fn is_executive_account(settings: &ArchiveSettings, borrower: &Borrower) -> bool {
    borrower.uid.is_some() && settings.loan_executives.contains(&fold::name(&borrower.name))
}

fn wanted_day(draft: &LoanDraft, settings: &ArchiveSettings) -> Result<Option<crate::calendar::Day>> {
    let text = draft.until.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let at = crate::Moment::parse(text, &settings.time_zone, crate::moment::Edge::Start);
    let at = at.map_err(|_| {
        let reason = both!("write a day, such as 2026-03-05", "请写日期，如 2026-03-05");
        Error::invalid(Field::LoanUntil, text, reason)
    })?;
    Ok(Some(settings.calendar.day_of(at)))
}

async fn borrower(change: &mut Change, asker: &Asker, draft: &LoanDraft) -> Result<Borrower> {
    let typed = fold::storable(draft.borrower.trim());
    let own = Borrower {
        uid: Some(asker.user_uid),
        name: asker.name().to_owned(),
        department: asker.department().to_owned(),
    };
    if asker.user_uid != 0 && (typed.is_empty() || fold::name(&typed) == fold::name(asker.name())) {
        return Ok(own);
    }
    asker.require(Role::Archivist)?;
    if typed.is_empty() || typed.chars().count() > NAME_CHARACTERS_MAX || typed.contains(char::is_control) {
        let reason = both!(
            "name who is to have it, in 1 to 64 characters",
            "请用 1 到 64 个字符写明借阅人"
        );
        return Err(Error::invalid(Field::Borrower, typed, reason));
    }
    let accounts = sqlx::query(
        "SELECT uid, name, department FROM users WHERE name_folded = $1 OR (display_name = $2 AND locked = 0) \
         ORDER BY CASE WHEN name_folded = $1 THEN 0 ELSE 1 END, uid LIMIT 2",
    )
    .bind(fold::name(&typed))
    .bind(&typed)
    .fetch_all(change.connection())
    .await?;
    let is_account = |row: &sqlx::any::AnyRow| -> Result<bool> {
        Ok(fold::name(&row.of("users").text("name")?) == fold::name(&typed))
    };
    match accounts.as_slice() {
        [] => Ok(Borrower {
            uid: None,
            name: typed,
            department: fold::storable(draft.department.trim()),
        }),
        [row, rest @ ..] if rest.is_empty() || is_account(row)? => {
            let row = row.of("users");
            Ok(Borrower {
                uid: Some(row.int("uid")?),
                name: row.text("name")?,
                department: row.text("department")?,
            })
        }
        _ => {
            let reason = both!(
                "several people are called so; write the sign-in name",
                "有几个人叫这个名字；请写登录名"
            );
            Err(Error::invalid(Field::Borrower, typed, reason))
        }
    }
}

async fn insert(
    change: &mut Change,
    asker: &Asker,
    id: &LoanId,
    (draft, purpose): (&LoanDraft, &str),
    borrower: &Borrower,
    due: Due,
    settings: &ArchiveSettings,
) -> Result<i64> {
    let today = settings.calendar.day_of(change.at);
    let year = i64::from(today.year());
    let row = sqlx::query("SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS n FROM loans WHERE year = $1")
        .bind(year)
        .fetch_one(change.connection())
        .await?;
    let number = row.of("loans").int("n")? + 1;
    let at = change.at.micros();
    let is_own = borrower.uid == Some(asker.user_uid);
    let is_signed = is_own || draft.is_signed && asker.has(Role::Archivist);
    let row = sqlx::query(
        "INSERT INTO loans (id, year, number, no, state, borrower_uid, borrower, borrower_folded, department, department_folded, \
         purpose, copies, class, place_of_use, wanted_on, due_on, due_at, overdue_from, asked_by, asked_by_uid, asked_at, \
         confirmed_by, confirmed_at, issued_by, closed_by, closed_reason) VALUES ($1, $2, $3, $4, 'asked', $5, $6, $7, $8, $9, \
         $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, '', '', '') RETURNING uid",
    )
    .bind(id.as_str())
    .bind(year)
    .bind(number)
    .bind(format!("JY-{year}-{number:04}"))
    .bind(borrower.uid)
    .bind(&borrower.name)
    .bind(fold::name(&borrower.name))
    .bind(&borrower.department)
    .bind(fold::name(&borrower.department))
    .bind(purpose)
    .bind(draft.copies)
    .bind(class_for(draft.place_of_use, draft.class).as_str())
    .bind(draft.place_of_use.as_str())
    .bind(if draft.until.trim().is_empty() { String::new() } else { due.on.to_string() })
    .bind(due.on.to_string())
    .bind(due.at.micros())
    .bind(due.overdue_from.micros())
    .bind(asker.name())
    .bind(asker.user_uid)
    .bind(at)
    .bind(if is_signed { asker.name() } else { "" })
    .bind(is_signed.then_some(at))
    .fetch_one(change.connection())
    .await?;
    row.of("loans").int("uid")
}

async fn insert_lines(change: &mut Change, loan_uid: i64, papers: &[Paper]) -> Result<()> {
    for (line, paper) in (1_i64..).zip(papers) {
        sqlx::query(
            "INSERT INTO loan_lines (loan_uid, line, original_uid, document_uid, pages, from_kind, from_uid, received_by, condition, \
             shelved_by) VALUES ($1, $2, $3, $4, $5, '', 0, '', '', '')",
        )
        .bind(loan_uid)
        .bind(line)
        .bind(paper.original_uid)
        .bind(paper.document_uid)
        .bind(paper.pages)
        .execute(change.connection())
        .await?;
    }
    Ok(())
}
