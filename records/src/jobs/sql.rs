//! The queue in the database: compare-and-set in one UPDATE on SQLite, `FOR UPDATE SKIP LOCKED` on PostgreSQL.

use super::{Job, JobDraft, JobLimits, JobState, Lease, Settled, states::may_become};
use crate::{
    Archive, Asker, Error, Field, Moment, Result, Role, System,
    ids::JobId,
    store::sql::{Change, Columns, LISTED_AT_ONCE, composed, marks},
};
use sqlx::{AnyConnection, any::AnyRow};
use vocabulary::both;

/// Kinds that one worker may ask for at once.
const KINDS_MAX: usize = 20;

impl System {
    /// Takes the oldest job of these kinds that may run now, for `lease_s` seconds; `None` when there is none.
    pub(crate) async fn job_claim(&self, kinds: &[&str], lease_s: i64) -> Result<Option<Lease>> {
        if kinds.is_empty() || kinds.len() > KINDS_MAX {
            return Err(Error::invalid(
                Field::JobKind,
                kinds.join(","),
                both!(
                    "a worker asks for 1 to {KINDS_MAX} kinds",
                    "一次要 1 到 {KINDS_MAX} 种工作"
                ),
            ));
        }
        let now = self.0.environment.now();
        let token = self.0.environment.secret();
        let statement = format!(
            "UPDATE jobs SET state = 'leased', attempts = attempts + 1, lease_token = $1, lease_until = $2, changed_at = $3 \
             WHERE state = 'waiting' AND uid = (SELECT uid FROM jobs WHERE state = 'waiting' AND run_after <= $3 \
             AND kind IN ({}) ORDER BY run_after, uid LIMIT 1{}) RETURNING id, kind, payload, attempts, created_by, lease_until",
            marks(4, kinds.len()),
            self.0.dialect.skip_locked()
        );
        let mut query = sqlx::query(composed(statement))
            .bind(&token)
            .bind(now.plus_seconds(lease_s).micros())
            .bind(now.micros());
        for kind in kinds {
            query = query.bind((*kind).to_owned());
        }
        let row = query.fetch_optional(&self.0.writer).await?;
        row.map(|row| {
            let row = row.of("jobs");
            Ok(Lease {
                id: row.read("id", JobId::parse)?,
                kind: row.text("kind")?,
                payload: row.text("payload")?,
                attempt: row.int("attempts")?,
                created_by: row.text("created_by")?,
                until: row.moment("lease_until")?,
                token,
            })
        })
        .transpose()
    }

    /// Renews a lease for `lease_s` seconds from now, if it has not expired.
    pub async fn job_extend(&self, lease: &mut Lease, lease_s: i64) -> Result<Settled> {
        let now = self.0.environment.now();
        let until = now.plus_seconds(lease_s);
        let written = sqlx::query(
            "UPDATE jobs SET lease_until = $1, changed_at = $2 WHERE id = $3 AND state = 'leased' AND lease_token = $4",
        )
        .bind(until.micros())
        .bind(now.micros())
        .bind(lease.id.as_str())
        .bind(&lease.token)
        .execute(&self.0.writer)
        .await?;
        if written.rows_affected() == 1 {
            lease.until = until;
        }
        Ok(settled(written.rows_affected()))
    }

    /// Records a failed attempt: the job is retried, or has failed for good after its last attempt.
    pub(crate) async fn job_fail(&self, lease: &Lease, reason: &str) -> Result<Settled> {
        let limits = JobLimits::default();
        let row = sqlx::query("SELECT attempts_max FROM jobs WHERE id = $1")
            .bind(lease.id.as_str())
            .fetch_optional(&self.0.readers)
            .await?;
        let Some(row) = row else {
            return Ok(Settled::LeaseLost);
        };
        let now = self.0.environment.now();
        let (state, run_after) = if lease.attempt >= row.of("jobs").int("attempts_max")? {
            (JobState::Failed, now)
        } else {
            (JobState::Waiting, now.plus_seconds(limits.back_off_s(lease.attempt)))
        };
        let mut connection = self.0.writer.acquire().await?;
        settle(&mut connection, lease, state, now, run_after, reason).await
    }

    /// Releases a job whose attempt was cut short because the program stops; it does not count as an attempt.
    pub(crate) async fn job_release(&self, lease: &Lease) -> Result<()> {
        check(JobState::Leased, JobState::Waiting)?;
        sqlx::query(
            "UPDATE jobs SET state = 'waiting', attempts = attempts - 1, lease_token = '', lease_until = NULL, changed_at = $1 \
             WHERE id = $2 AND state = 'leased' AND lease_token = $3",
        )
        .bind(self.0.environment.now().micros())
        .bind(lease.id.as_str())
        .bind(&lease.token)
        .execute(&self.0.writer)
        .await?;
        Ok(())
    }

    /// When there may be something to take: the next job of the kind that waits for its time, or the next lease that
    /// ends. `None` when nothing waits and nobody works.
    pub(crate) async fn job_due(&self, kind: &str) -> Result<Option<Moment>> {
        sqlx::query(
            "SELECT CAST(min(CASE WHEN state = 'waiting' THEN run_after ELSE lease_until END) AS BIGINT) AS due FROM jobs \
             WHERE kind = $1 AND state IN ('waiting', 'leased')",
        )
        .bind(kind)
        .fetch_one(&self.0.readers)
        .await?
        .of("jobs").maybe_moment("due")
    }

    /// Returns jobs whose lease has expired to the queue; returns how many. A job on its last attempt has failed,
    /// because it may be what kills its workers.
    pub(crate) async fn jobs_recover(&self) -> Result<u64> {
        let now = self.0.environment.now().micros();
        let recovered = sqlx::query(
            "UPDATE jobs SET state = CASE WHEN attempts >= attempts_max THEN 'failed' ELSE 'waiting' END, run_after = $1, \
             lease_token = '', lease_until = NULL, changed_at = $1, result = 'the worker did not come back before its lease ended' \
             WHERE state = 'leased' AND lease_until <= $1",
        )
        .bind(now)
        .execute(&self.0.writer)
        .await?;
        Ok(recovered.rows_affected())
    }
}

impl Archive {
    /// Jobs, newest first, of one state or of all. Administrators only.
    pub async fn jobs(&self, asker: &Asker, state: Option<JobState>, limit: usize) -> Result<Vec<Job>> {
        asker.require(Role::Administrator)?;
        let rows = sqlx::query("SELECT * FROM jobs WHERE ($1 = '' OR state = $1) ORDER BY uid DESC LIMIT $2")
            .bind(state.map_or("", JobState::as_str))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter().map(job).collect()
    }
}

/// Adds a job as part of a larger change, so that it runs only if that change commits. The event of that change
/// covers it: an order about a whole archive would bury the trail under one event for each job.
pub(crate) async fn add(change: &mut Change, draft: &JobDraft) -> Result<JobId> {
    JobLimits::default().check(draft)?;
    let id = JobId::new(&change.environment);
    let (at, actor) = (change.at.micros(), change.actor.clone());
    sqlx::query(
        "INSERT INTO jobs (id, kind, payload, state, attempts, attempts_max, run_after, lease_token, result, created_by, \
         created_at, changed_at) VALUES ($1, $2, $3, 'waiting', 0, $4, $5, '', '', $6, $7, $7)",
    )
    .bind(id.as_str())
    .bind(&draft.kind)
    .bind(&draft.payload)
    .bind(draft.attempts_max)
    .bind(draft.run_after.micros())
    .bind(actor)
    .bind(at)
    .execute(change.connection())
    .await?;
    Ok(id)
}

/// Ends a leased job as part of a larger change, as long as its lease holds. Call it first: when the lease is lost,
/// nothing else of the change may be written.
pub(crate) async fn end(change: &mut Change, lease: &Lease, state: JobState, result: &str) -> Result<Settled> {
    let at = change.at;
    settle(change.connection(), lease, state, at, at, result).await
}

/// Corrects the result of a job that this same change has ended, which is known only when everything is written.
pub(crate) async fn end_otherwise(change: &mut Change, lease: &Lease, state: JobState, result: &str) -> Result<()> {
    check(JobState::Leased, state)?;
    sqlx::query("UPDATE jobs SET state = $1, result = $2 WHERE id = $3")
        .bind(state.as_str())
        .bind(JobLimits::default().result(result))
        .bind(lease.id.as_str())
        .execute(change.connection())
        .await?;
    Ok(())
}

/// Ends jobs that still wait, as part of a larger change; those that are being worked on end by themselves. Answers
/// how many.
pub(crate) async fn stop_waiting(change: &mut Change, ids: &[JobId], result: &str) -> Result<u64> {
    check(JobState::Waiting, JobState::Failed)?;
    let at = change.at.micros();
    let mut stopped = 0;
    for chunk in ids.chunks(LISTED_AT_ONCE) {
        let statement = format!(
            "UPDATE jobs SET state = 'failed', result = $1, changed_at = $2 WHERE state = 'waiting' AND id IN ({})",
            marks(3, chunk.len())
        );
        let query = sqlx::query(composed(statement))
            .bind(JobLimits::default().result(result))
            .bind(at);
        let query = chunk.iter().fold(query, |query, id| query.bind(id.to_string()));
        stopped += query.execute(change.connection()).await?.rows_affected();
    }
    Ok(stopped)
}

async fn settle(
    connection: &mut AnyConnection,
    lease: &Lease,
    state: JobState,
    now: Moment,
    run_after: Moment,
    result: &str,
) -> Result<Settled> {
    check(JobState::Leased, state)?;
    let written = sqlx::query(
        "UPDATE jobs SET state = $1, run_after = $2, result = $3, changed_at = $4, lease_token = '', lease_until = NULL \
         WHERE id = $5 AND state = 'leased' AND lease_token = $6",
    )
    .bind(state.as_str())
    .bind(run_after.micros())
    .bind(JobLimits::default().result(result))
    .bind(now.micros())
    .bind(lease.id.as_str())
    .bind(&lease.token)
    .execute(connection)
    .await?;
    Ok(settled(written.rows_affected()))
}

/// Checks the table of transitions; the statement then compares the stored state.
fn check(from: JobState, to: JobState) -> Result<()> {
    if may_become(from, to) {
        return Ok(());
    }
    let detail = format!("a job that is {} cannot become {}", from.as_str(), to.as_str());
    Err(Error::inconsistent("jobs", "state", "", detail))
}

fn settled(rows: u64) -> Settled {
    if rows == 1 {
        Settled::Written
    } else {
        Settled::LeaseLost
    }
}

fn job(row: &AnyRow) -> Result<Job> {
    let row = &row.of("jobs");
    Ok(Job {
        id: row.read("id", JobId::parse)?,
        kind: row.text("kind")?,
        payload: row.text("payload")?,
        state: row.word("state", JobState::from_code)?,
        attempts: row.int("attempts")?,
        attempts_max: row.int("attempts_max")?,
        run_after: row.moment("run_after")?,
        lease_until: row.maybe_moment("lease_until")?,
        result: row.text("result")?,
        created_by: row.text("created_by")?,
        created_at: row.moment("created_at")?,
        changed_at: row.moment("changed_at")?,
    })
}
