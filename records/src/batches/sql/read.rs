//! Batches and their lines, read.

use super::super::{
    BatchDecision, BatchLease, BatchLine, BatchRow, BatchRun, BatchState, LinesOf, Outcome, Runner, states::may_decide,
};
use super::{
    lines_read::{lines, list},
    sight,
};
use crate::{
    Archive, Asker, Error, Field, Moment, RefusedBecause, Result, Role, Thing,
    documents::sql::told::hide_unseen,
    fold,
    ids::BatchId,
    privacy,
    store::{
        EventDraft, Store,
        sql::{Columns, composed},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use vocabulary::{AuditAction, AuditObject, both};

/// Characters of a reason that are kept.
const WHY_MAX: usize = 400;

impl Archive {
    /// Batches, newest first. Archivists, auditors and administrators.
    pub async fn batches(&self, asker: &Asker, before_uid: Option<i64>, limit: usize) -> Result<Vec<BatchRow>> {
        may_read(asker)?;
        let statement = format!("{BATCH} WHERE b.uid < $1 GROUP BY b.uid ORDER BY b.uid DESC LIMIT $2");
        let rows = sqlx::query(composed(statement))
            .bind(before_uid.unwrap_or(i64::MAX))
            .bind(i64::try_from(limit).unwrap_or(100))
            .fetch_all(&self.0.readers)
            .await?;
        let now = self.0.environment.now();
        let mut batches = rows
            .iter()
            .map(|row| read_batch(row, now))
            .collect::<Result<Vec<_>>>()?;
        sight::count_seen(&self.0, asker, &mut batches).await?;
        Ok(batches)
    }

    /// Batches with problems, newest first: finished with rejected files that nobody has accepted, held, or interrupted.
    pub async fn batches_with_problems(&self, asker: &Asker, limit: usize) -> Result<Vec<BatchRow>> {
        may_read(asker)?;
        let statement = format!(
            "{BATCH} WHERE b.state IN ('held', 'running') OR (b.state = 'finished' AND EXISTS \
             (SELECT 1 FROM batch_lines r WHERE r.batch_uid = b.uid AND r.outcome = 'rejected')) \
             GROUP BY b.uid ORDER BY b.uid DESC LIMIT $1"
        );
        let rows = sqlx::query(composed(statement))
            .bind(i64::try_from(limit).unwrap_or(100))
            .fetch_all(&self.0.readers)
            .await?;
        let now = self.0.environment.now();
        let mut batches = rows
            .iter()
            .map(|row| read_batch(row, now))
            .collect::<Result<Vec<_>>>()?;
        // Somebody is at those that run.
        batches.retain(|batch| batch.state != BatchState::Running);
        sight::count_seen(&self.0, asker, &mut batches).await?;
        Ok(batches)
    }

    /// How many batches there are.
    pub async fn batches_total(&self, asker: &Asker) -> Result<i64> {
        may_read(asker)?;
        let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM batches")
            .fetch_one(&self.0.readers)
            .await?;
        row.of("batches").int("n")
    }

    pub async fn batch(&self, asker: &Asker, id: &BatchId) -> Result<Option<BatchRow>> {
        may_read(asker)?;
        let mut batches: Vec<BatchRow> = batch_row(&self.0, id.as_str()).await?.into_iter().collect();
        sight::count_seen(&self.0, asker, &mut batches).await?;
        Ok(batches.pop())
    }

    /// Lines of a batch in the order in which they were recorded, with the mark after which to go on. Lines about
    /// documents that the asker may not see are left out: the name of a file is content.
    pub async fn batch_lines(
        &self,
        asker: &Asker,
        id: &BatchId,
        of: &LinesOf,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, BatchLine)>> {
        may_read(asker)?;
        let row = sqlx::query("SELECT uid FROM batches WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.0.readers)
            .await?;
        let Some(row) = row else {
            return Ok(Vec::new());
        };
        let batch_uid = row.of("batches").int("uid")?;
        let mut seen = Vec::new();
        let mut after = after;
        loop {
            let window = limit.saturating_sub(seen.len()).min(LINES_AT_ONCE);
            let part = lines(&self.0, batch_uid, of, after, i64::try_from(window).unwrap_or(i64::MAX)).await?;
            let (is_last, last) = (part.len() < window, part.last().map(|(uid, _)| *uid));
            seen.extend(sight::seen_lines(&self.0, asker, part).await?);
            match last {
                Some(last) if !is_last && seen.len() < limit => after = last,
                _ => break,
            }
        }
        for (_, line) in &mut seen {
            line.detail = privacy::shown_detail(asker, line.detail.take());
        }
        hide_unseen(
            &self.0,
            asker,
            seen.iter_mut().map(|(_, line)| &mut line.detail).collect(),
        )
        .await?;
        Ok(seen)
    }

    /// Which reasons the lines of an outcome give, the most frequent first, with how many lines.
    pub async fn batch_reasons(
        &self,
        asker: &Asker,
        id: &BatchId,
        outcome: Option<Outcome>,
    ) -> Result<Vec<(String, i64)>> {
        let of = LinesOf {
            outcome,
            ..LinesOf::default()
        };
        let lines = self.batch_lines(asker, id, &of, 0, usize::MAX).await?;
        let mut counts: HashMap<String, i64> = HashMap::new();
        for (_, line) in lines.into_iter().filter(|(_, line)| !line.reason.is_empty()) {
            *counts.entry(line.reason).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
        Ok(counts)
    }

    /// Accepts a finished batch, or holds it for a reason.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is held without one, [`Error::Refused`] when it is not finished or decided so already.
    pub async fn batch_decide(&self, asker: &Asker, id: &BatchId, state: BatchState, why: &str) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let why: String = fold::storable(why.trim()).chars().take(WHY_MAX).collect();
        if state == BatchState::Held && why.is_empty() {
            return Err(Error::invalid(
                Field::Reason,
                why,
                both!("say why it is held", "请写明为什么退回"),
            ));
        }
        let mut change = self.0.change(asker.name()).await?;
        let row = sqlx::query("SELECT uid, state FROM batches WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(change.connection())
            .await?
            .ok_or_else(|| Error::Absent {
                what: Thing::Batch,
                id: id.to_string(),
            })?;
        let from = row.of("batches").word("state", BatchState::from_code)?;
        if !may_decide(from, state) {
            return Err(RefusedBecause::BatchCannot {
                from: from.as_str().to_owned(),
                to: state.as_str().to_owned(),
            }
            .into());
        }
        let at = change.at.micros();
        let written = sqlx::query(
            "UPDATE batches SET state = $1, decided_by = $4, decided_at = $5, decided_why = $6 WHERE id = $2 AND state = $3",
        )
        .bind(state.as_str())
        .bind(id.as_str())
        .bind(from.as_str())
        .bind(asker.name())
        .bind(at)
        .bind(&why)
        .execute(change.connection())
        .await?;
        if written.rows_affected() != 1 {
            return Err(RefusedBecause::BatchCannot {
                from: from.as_str().to_owned(),
                to: state.as_str().to_owned(),
            }
            .into());
        }
        change
            .event(EventDraft::new(AuditAction::BatchDecided, AuditObject::Batch, id.as_str()).detail(state.as_str()));
        change.commit().await
    }
}

/// Lines that are read by one statement.
const LINES_AT_ONCE: usize = 5_000;

pub(super) fn may_read(asker: &Asker) -> Result<()> {
    match asker.has(Role::Archivist) || asker.has(Role::Auditor) || asker.has(Role::Administrator) {
        true => Ok(()),
        false => Err(Error::Forbidden { needed: "archivist" }),
    }
}

const BATCH: &str = "SELECT b.uid, b.id, b.name, b.state, b.actor, b.roots, b.announced, b.missing, b.pages, b.busy_us, b.started_at, b.finished_at, \
    b.walked, b.decided_by, b.decided_at, b.decided_why, b.lease_token, b.lease_until, b.runner_process, b.runner_machine, b.runner_mark, b.runner_since, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'filed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS filed, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'needs_review' THEN 1 ELSE 0 END), 0) AS BIGINT) AS needs_review, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'duplicate' THEN 1 ELSE 0 END), 0) AS BIGINT) AS duplicate, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'rejected' THEN 1 ELSE 0 END), 0) AS BIGINT) AS rejected, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'ignored' THEN 1 ELSE 0 END), 0) AS BIGINT) AS ignored \
    FROM batches b LEFT JOIN batch_lines l ON l.batch_uid = b.uid";

pub(super) async fn batch_row(store: &Store, id: &str) -> Result<Option<BatchRow>> {
    let statement = format!("{BATCH} WHERE b.id = $1 GROUP BY b.uid");
    let row = sqlx::query(composed(statement))
        .bind(id)
        .fetch_optional(&store.readers)
        .await?;
    let now = store.environment.now();
    row.map(|row| read_batch(&row, now)).transpose()
}

/// Who holds a batch: nobody when the lease has ended, or when its process has. The one place that says so, for a run
/// that wants the batch as for everybody who looks at it.
pub(super) fn run_of(row: &AnyRow, now: Moment) -> Result<Option<BatchRun>> {
    let batch = row.of("batches");
    let (token, until) = (batch.text("lease_token")?, batch.maybe_moment("lease_until")?);
    let Some(until) = until.filter(|until| *until > now && !token.is_empty()) else {
        return Ok(None);
    };
    let runner = Runner {
        process: batch.int("runner_process")?,
        machine: batch.text("runner_machine")?,
        mark: batch.text("runner_mark")?,
    };
    if runner.has_ended() {
        return Ok(None);
    }
    Ok(Some(BatchRun {
        runner,
        since: batch.moment("runner_since")?,
        until,
        lease: BatchLease {
            batch_uid: batch.int("uid")?,
            token,
        },
    }))
}

fn read_batch(row: &AnyRow, now: Moment) -> Result<BatchRow> {
    let run = run_of(row, now)?;
    let row = &row.of("batches");
    let state = match (row.word("state", BatchState::from_code)?, &run) {
        (BatchState::Running, None) => BatchState::Interrupted,
        (state, _) => state,
    };
    Ok(BatchRow {
        uid: row.int("uid")?,
        id: row.read("id", BatchId::parse)?,
        name: row.text("name")?,
        state,
        run: run.filter(|_| state == BatchState::Running),
        walked: row.maybe_int("walked")?,
        actor: row.text("actor")?,
        roots: list(&row.text("roots")?),
        announced: row.maybe_int("announced")?,
        filed: row.int("filed")?,
        needs_review: row.int("needs_review")?,
        duplicate: row.int("duplicate")?,
        rejected: row.int("rejected")?,
        ignored: row.int("ignored")?,
        missing: list(&row.text("missing")?),
        pages: row.int("pages")?,
        started_at: row.moment("started_at")?,
        finished_at: row.maybe_int("finished_at")?.map(Moment::from_micros),
        busy_us: row.int("busy_us")?,
        decided: match row.text("decided_by")? {
            by if by.is_empty() => None,
            by => Some(BatchDecision {
                at: row.moment("decided_at")?,
                why: row.text("decided_why")?,
                by,
            }),
        },
    })
}
