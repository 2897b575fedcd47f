//! Slips, read. Archivists and auditors see all of them, others their own and those that wait for them; of the papers on a slip
//! each is shown to those who see its document, and a slip without any is not there.

use super::step::{absent, headed_by, is_executive, may_sign};
use crate::{
    Archive, Asker, Moment, Result, Role, fold,
    ids::{DocumentId, LoanId},
    loans::{
        Loan, LoanClass, LoanFilter, LoanLine, LoanList, LoanState, LoanStep, LoanStepKind, LoanUse, OriginalState,
        ReturnCondition,
    },
    permission::sql::{Bound, Visible},
    places::sql::tree::PLACE_JOINS,
    privacy,
    settings::ArchiveSettings,
    store::sql::{Columns, LISTED_AT_ONCE, of_each},
};
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// The columns of a slip `n`.
const LOAN: &str = "n.uid, n.id, n.no, n.state, n.borrower, n.borrower_uid, n.department, n.department_folded, n.purpose, n.copies, \
                    n.class, n.place_of_use, n.due_on, n.due_at, n.overdue_from, n.asked_by, n.asked_at, n.confirmed_by, \
                    n.confirmed_at, n.issued_by, n.issued_at, n.closed_by, n.closed_at, n.closed_reason";

/// More than one list shows.
const LOANS_MAX: usize = 100_000;

impl Archive {
    /// A slip by its id or number.
    pub async fn loan(&self, asker: &Asker, key: &str) -> Result<Loan> {
        let conditions = vec![(
            "n.id = ? OR n.no = ?",
            vec![
                Bound::from(key.trim().to_lowercase()),
                fold::code(key).to_uppercase().into(),
            ],
        )];
        let found = self.loans_where(asker, conditions, "ORDER BY n.uid DESC", 1).await?;
        found.into_iter().next().ok_or_else(|| absent(key))
    }

    /// Slips, newest first; those that are out by the day on which they are due.
    pub async fn loans(&self, asker: &Asker, filter: &LoanFilter) -> Result<Vec<Loan>> {
        let mut conditions: Vec<(&'static str, Vec<Bound>)> = Vec::new();
        let state = |state: LoanState| ("n.state = ?", vec![Bound::from(state.as_str())]);
        match filter.list {
            None => {}
            Some(LoanList::Overdue) => {
                let now = self.0.environment.now().micros();
                conditions.push(("n.state = 'out' AND n.overdue_from <= ?", vec![now.into()]));
            }
            Some(LoanList::DueToday) => {
                let today = self.settings(asker).await?.calendar.day_of(self.0.environment.now());
                conditions.push(("n.state = 'out' AND n.due_on = ?", vec![today.to_string().into()]));
            }
            Some(list) => conditions.extend(LoanState::from_code(list.as_str()).map(state)),
        }
        if !filter.borrower.trim().is_empty() {
            conditions.push(("n.borrower_folded = ?", vec![fold::name(&filter.borrower).into()]));
        }
        if filter.ever_out {
            conditions.push(("n.issued_at IS NOT NULL", Vec::new()));
        }
        if let Some(from) = filter.issued_from {
            conditions.push(("n.issued_at >= ?", vec![from.micros().into()]));
        }
        if let Some(until) = filter.issued_until {
            conditions.push(("n.issued_at < ?", vec![until.micros().into()]));
        }
        if filter.to_decide {
            conditions.push(state(LoanState::Asked));
        }
        let order = match filter.list {
            Some(LoanList::Out | LoanList::DueToday | LoanList::Overdue) => "ORDER BY n.due_at, n.uid",
            Some(LoanList::Asked | LoanList::Approved | LoanList::Held) => "ORDER BY n.uid",
            _ => "ORDER BY n.uid DESC",
        };
        let limit = if filter.limit == 0 { LOANS_MAX } else { filter.limit };
        let most = if filter.to_decide { LOANS_MAX } else { limit };
        let mut loans = self.loans_where(asker, conditions, order, most).await?;
        if filter.to_decide {
            let settings = self.settings(asker).await?;
            loans.retain(|loan| decides(&settings, asker, loan));
            loans.truncate(limit);
        }
        Ok(loans)
    }

    /// Slips that name the paper of a document, newest first.
    pub async fn loans_of_document(&self, asker: &Asker, document_uid: i64) -> Result<Vec<Loan>> {
        const SHOWN: usize = 50;
        let condition = (
            "n.uid IN (SELECT y.loan_uid FROM loan_lines y WHERE y.document_uid = ?)",
            vec![Bound::from(document_uid)],
        );
        self.loans_where(asker, vec![condition], "ORDER BY n.uid DESC", SHOWN)
            .await
    }

    async fn loans_where(
        &self,
        asker: &Asker,
        conditions: Vec<(&'static str, Vec<Bound>)>,
        order: &str,
        limit: usize,
    ) -> Result<Vec<Loan>> {
        let settings = self.settings(asker).await?;
        let now = self.0.environment.now();
        let mut seen = Visible::documents(asker, now)
            .columns("1")
            .through("loan_lines x", "x.document_uid")
            .and("x.loan_uid = n.uid", []);
        let mut outer = format!("SELECT {LOAN} FROM loans n WHERE EXISTS ({{seen}})");
        let mut values = Vec::new();
        let (known, known_values) = known_to(&settings, asker);
        for (condition, condition_values) in conditions.into_iter().chain([(known.as_str(), known_values)]) {
            outer.push_str(&format!(" AND ({condition})"));
            values.extend(condition_values);
        }
        outer.push_str(&format!(" {order} LIMIT ?"));
        values.push(limit.into());
        seen = seen.inside(&outer, values);
        let rows = seen.all(&self.0.readers).await?;
        let mut loans = rows
            .iter()
            .map(|row| loan(row, &settings, now))
            .collect::<Result<Vec<_>>>()?;
        self.fill(asker, &mut loans, now).await?;
        Ok(loans)
    }

    /// Steps and papers of slips.
    async fn fill(&self, asker: &Asker, loans: &mut [Loan], now: Moment) -> Result<()> {
        let uids: Vec<i64> = loans.iter().map(|loan| loan.uid).collect();
        let mut steps: HashMap<i64, Vec<LoanStep>> = HashMap::new();
        let statement = "SELECT uid, loan_uid, step, kind, approved, decided_by, decided_at, reason FROM loan_steps WHERE loan_uid IN";
        for row in of_each(&self.0, statement, "ORDER BY loan_uid, step", &uids).await? {
            let row = row.of("loan_steps");
            let step = LoanStep {
                step: row.int("step")?,
                kind: row.word("kind", LoanStepKind::from_code)?,
                approved: row.maybe_int("approved")?.map(|approved| approved == 1),
                decided_by: row.text("decided_by")?,
                decided_at: row.maybe_moment("decided_at")?,
                reason: row.text("reason")?,
            };
            steps.entry(row.int("loan_uid")?).or_default().push(step);
        }
        let mut lines: HashMap<i64, Vec<LoanLine>> = HashMap::new();
        for chunk in uids.chunks(LISTED_AT_ONCE) {
            let rows = Visible::documents(asker, now)
                .columns(
                    "x.uid, x.loan_uid, x.line, x.pages, x.issued_at, x.returned_at, x.received_by, x.pages_returned, x.condition, \
                     x.shelved_at, x.shelved_by, d.id AS document_id, d.title, d.kind, d.number, t.state, \
                     coalesce(k.code, '') AS customer_code, coalesce(k.name, '') AS customer_name, \
                     coalesce(l.code, h.code, hc.serial, '') AS place, coalesce(c1.serial, '') AS container, \
                     (SELECT CAST(count(*) AS BIGINT) FROM incidents i WHERE i.original_uid = x.original_uid AND i.resolved_at IS NULL) AS incidents",
                )
                .through("loan_lines x", "x.document_uid")
                .join(PLACE_JOINS)
                .join("LEFT JOIN customers k ON k.uid = o.customer_uid")
                .join("LEFT JOIN locations h ON x.from_kind = 'location' AND h.uid = x.from_uid")
                .join("LEFT JOIN containers hc ON x.from_kind = 'container' AND hc.uid = x.from_uid")
                .and_one_of("x.loan_uid", chunk)
                .then("ORDER BY x.loan_uid, x.line", [])
                .all(&self.0.readers)
                .await?;
            for row in &rows {
                let loan = row.of("loan_lines").int("loan_uid")?;
                lines.entry(loan).or_default().push(line(row, asker)?);
            }
        }
        for loan in loans {
            loan.steps = steps.remove(&loan.uid).unwrap_or_default();
            loan.lines = lines.remove(&loan.uid).unwrap_or_default();
        }
        Ok(())
    }
}

/// Which slips somebody may know of.
fn known_to(settings: &ArchiveSettings, asker: &Asker) -> (String, Vec<Bound>) {
    if asker.has(Role::Archivist) || asker.has(Role::Auditor) {
        return ("1 = 1".to_owned(), Vec::new());
    }
    let mut condition = "n.borrower_uid = ? OR n.asked_by_uid = ? \
                         OR n.uid IN (SELECT z.loan_uid FROM loan_steps z WHERE z.decided_by = ?)"
        .to_owned();
    let mut values: Vec<Bound> = vec![asker.user_uid.into(), asker.user_uid.into(), asker.name().into()];
    if is_executive(settings, asker) {
        condition.push_str(" OR n.state = 'asked'");
    }
    for department in headed_by(settings, asker) {
        condition.push_str(" OR n.department_folded = ?");
        values.push(department.into());
    }
    (condition, values)
}

/// Whether the step whose turn it is waits for this person.
fn decides(settings: &ArchiveSettings, asker: &Asker, loan: &Loan) -> bool {
    let is_own = asker.user_uid != 0 && loan.borrower_uid == Some(asker.user_uid);
    let department = fold::name(&loan.department);
    let mine = |step: &LoanStep| may_sign(settings, asker, step.kind, &department);
    loan.state == LoanState::Asked && !is_own && loan.next_step().is_some_and(mine)
}

fn loan(row: &AnyRow, settings: &ArchiveSettings, now: Moment) -> Result<Loan> {
    let row = row.of("loans");
    let state = row.word("state", LoanState::from_code)?;
    let due_on = row.text("due_on")?;
    let is_overdue = state == LoanState::Out && now >= row.moment("overdue_from")?;
    let today = settings.calendar.day_of(now);
    let late = due_on.parse().map_or(0, |due| settings.calendar.days_late(due, today));
    Ok(Loan {
        uid: row.int("uid")?,
        id: row.read("id", LoanId::parse)?,
        no: row.text("no")?,
        state,
        borrower: row.text("borrower")?,
        borrower_uid: row.maybe_int("borrower_uid")?,
        department: row.text("department")?,
        purpose: row.text("purpose")?,
        copies: row.int("copies")?,
        class: row.word("class", LoanClass::from_code)?,
        place_of_use: row.word("place_of_use", LoanUse::from_code)?,
        due_on,
        due_at: row.moment("due_at")?,
        days_late: if is_overdue { late } else { 0 },
        is_overdue,
        asked_by: row.text("asked_by")?,
        asked_at: row.moment("asked_at")?,
        confirmed_by: row.text("confirmed_by")?,
        confirmed_at: row.maybe_moment("confirmed_at")?,
        issued_by: row.text("issued_by")?,
        issued_at: row.maybe_moment("issued_at")?,
        closed_by: row.text("closed_by")?,
        closed_at: row.maybe_moment("closed_at")?,
        closed_reason: row.text("closed_reason")?,
        steps: Vec::new(),
        lines: Vec::new(),
    })
}

fn line(row: &AnyRow, asker: &Asker) -> Result<LoanLine> {
    let row = row.of("loan_lines");
    let (place, container) = (row.text("place")?, row.text("container")?);
    Ok(LoanLine {
        line: row.int("line")?,
        document_id: row.read("document_id", DocumentId::parse)?,
        title: privacy::shown_text(asker, row.text("title")?),
        kind: row.text("kind")?,
        number: privacy::shown_text(asker, row.text("number")?),
        customer_code: row.text("customer_code")?,
        customer_name: row.text("customer_name")?,
        original_state: row.word("state", OriginalState::from_code)?,
        place: match container.as_str() {
            "" => place,
            serial => format!("{place} / {serial}"),
        },
        pages: row.int("pages")?,
        issued_at: row.maybe_moment("issued_at")?,
        returned_at: row.maybe_moment("returned_at")?,
        received_by: row.text("received_by")?,
        pages_returned: row.maybe_int("pages_returned")?,
        condition: row.maybe_word("condition", ReturnCondition::from_code)?,
        shelved_at: row.maybe_moment("shelved_at")?,
        shelved_by: row.text("shelved_by")?,
        has_incident: row.int("incidents")? > 0,
    })
}
