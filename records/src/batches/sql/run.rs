//! A batch has one runner: it begins or goes on with the batch under a lease, renews it, and ends it.

use super::{
    lines_read::lines,
    read::{batch_row, run_of},
};
use crate::{
    Error, RefusedBecause, Result, System, Thing,
    batches::{BatchLease, BatchRow, BatchRun, Begun, LEASE_S, LinesOf, NewBatch, OpenBatch, RawPath},
    fold,
    ids::{BatchId, Fingerprint},
    jobs::Settled,
    moment::Moment,
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use vocabulary::{AuditAction, AuditObject};

impl System {
    /// Begins a batch, or goes on with the unfinished one over the same roots unless another run holds it.
    pub async fn batch_begin(&self, new: &NewBatch) -> Result<Begun> {
        // Two runs that begin at once meet at the one row that may be open for these roots; the slower sees it next time.
        loop {
            let mut change = self.0.change(&new.actor).await?;
            let statement = format!(
                "SELECT uid, id, name, started_at, lease_token, lease_until, runner_process, runner_machine, runner_mark, runner_since \
                 FROM batches WHERE roots_digest = $1 AND state = 'running'{}",
                change.dialect.for_update()
            );
            let found = sqlx::query(composed(statement))
                .bind(new.roots_digest())
                .fetch_optional(change.connection())
                .await?;
            let Some(row) = found else {
                match self.begin(change, new).await? {
                    Some(begun) => return Ok(begun),
                    None => continue,
                }
            };
            if let Some(holder) = run_of(&row, change.at)? {
                return Ok(Begun::Held(holder));
            }
            let batch = row.of("batches");
            let id = batch.read("id", BatchId::parse)?;
            let (uid, name) = (batch.int("uid")?, batch.text("name")?);
            let since = batch.moment("started_at")?;
            let lease = take(&mut change, uid, new).await?;
            change.event(EventDraft::new(
                AuditAction::BatchResumed,
                AuditObject::Batch,
                id.as_str(),
            ));
            change.commit().await?;
            let recorded = lines(&self.0, uid, &LinesOf::default(), 0, i64::MAX).await?;
            return Ok(Begun::Open(OpenBatch {
                lease,
                id,
                name,
                recorded: recorded.into_iter().map(|(_, line)| line).collect(),
                resumed: true,
                since,
            }));
        }
    }

    /// A new batch; `None` when another run has begun one over the same roots at this moment.
    async fn begin(&self, mut change: Change, new: &NewBatch) -> Result<Option<Begun>> {
        let id = BatchId::new(&change.environment);
        let shown: Vec<String> = new.roots.iter().map(RawPath::shown).collect();
        let at = change.at.micros();
        let row = sqlx::query(
            "INSERT INTO batches (id, name, state, roots, roots_digest, actor, announced, missing, pages, busy_us, started_at) \
             VALUES ($1, $2, 'running', $3, $4, $5, $6, '[]', 0, 0, $7) \
             ON CONFLICT (roots_digest) WHERE state = 'running' DO NOTHING RETURNING uid",
        )
        .bind(id.as_str())
        .bind(fold::storable(&new.name))
        .bind(serde_json::Value::from(shown).to_string())
        .bind(new.roots_digest())
        .bind(&new.actor)
        .bind(new.announced)
        .bind(at)
        .fetch_optional(change.connection())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let lease = take(&mut change, row.of("batches").int("uid")?, new).await?;
        change.event(EventDraft::new(
            AuditAction::BatchBegun,
            AuditObject::Batch,
            id.as_str(),
        ));
        change.commit().await?;
        Ok(Some(Begun::Open(OpenBatch {
            lease,
            id,
            name: new.name.clone(),
            recorded: Vec::new(),
            resumed: false,
            since: Moment::from_micros(at),
        })))
    }

    /// Who holds the unfinished batch over these roots.
    pub async fn batch_holder(&self, roots: &[RawPath]) -> Result<Option<BatchRun>> {
        let row = sqlx::query(
            "SELECT uid, lease_token, lease_until, runner_process, runner_machine, runner_mark, runner_since \
             FROM batches WHERE roots_digest = $1 AND state = 'running'",
        )
        .bind(digest_of(roots))
        .fetch_optional(&self.0.readers)
        .await?;
        match row {
            Some(row) => run_of(&row, self.0.environment.now()),
            None => Ok(None),
        }
    }

    /// When the newest batch over these roots began that came to its end.
    pub async fn batch_last_begun(&self, roots: &[RawPath]) -> Result<Option<Moment>> {
        let row = sqlx::query(
            "SELECT CAST(max(started_at) AS BIGINT) AS started_at FROM batches WHERE roots_digest = $1 AND state <> 'running'",
        )
        .bind(digest_of(roots))
        .fetch_one(&self.0.readers)
        .await?;
        Ok(row.of("batches").maybe_int("started_at")?.map(Moment::from_micros))
    }

    /// The bytes that the batches over these roots have taken, by the path that they had; where one came again, the last.
    pub async fn batch_scans(&self, roots: &[RawPath]) -> Result<HashMap<RawPath, Fingerprint>> {
        let rows = sqlx::query(
            "SELECT l.path_raw, l.sha256 FROM batch_lines l JOIN batches b ON b.uid = l.batch_uid \
             WHERE b.roots_digest = $1 AND l.outcome IN ('filed', 'needs_review', 'duplicate') ORDER BY l.uid",
        )
        .bind(digest_of(roots))
        .fetch_all(&self.0.readers)
        .await?;
        let scan = |row: &AnyRow| {
            let row = row.of("batch_lines");
            Ok((RawPath(row.bytes("path_raw")?), row.read("sha256", Fingerprint::parse)?))
        };
        rows.iter().map(scan).collect()
    }

    /// Renews the lease of a run that still holds its batch.
    pub async fn batch_extend(&self, lease: &BatchLease) -> Result<Settled> {
        let until = self.0.environment.now().plus_seconds(LEASE_S);
        let written = sqlx::query(
            "UPDATE batches SET lease_until = $1 WHERE uid = $2 AND lease_token = $3 AND state = 'running'",
        )
        .bind(until.micros())
        .bind(lease.batch_uid)
        .bind(&lease.token)
        .execute(&self.0.writer)
        .await?;
        Ok(match written.rows_affected() {
            1 => Settled::Written,
            _ => Settled::LeaseLost,
        })
    }

    /// Ends a batch: every walked file has its line. `missing` names files that a manifest announced and nobody found.
    pub async fn batch_finish(
        &self,
        lease: &BatchLease,
        actor: &str,
        missing: &[String],
        announced: Option<i64>,
    ) -> Result<BatchRow> {
        let mut change = self.0.change(actor).await?;
        hold(&mut change, lease).await?;
        let at = change.at.micros();
        sqlx::query(
            "UPDATE batches SET state = 'finished', finished_at = $1, missing = $2, announced = $3, lease_token = '', \
             lease_until = NULL WHERE uid = $4 AND state = 'running'",
        )
        .bind(at)
        .bind(serde_json::Value::from(missing.to_vec()).to_string())
        .bind(announced)
        .bind(lease.batch_uid)
        .execute(change.connection())
        .await?;
        let id = sqlx::query("SELECT id FROM batches WHERE uid = $1")
            .bind(lease.batch_uid)
            .fetch_one(change.connection())
            .await?
            .of("batches")
            .text("id")?;
        change.event(EventDraft::new(
            AuditAction::BatchFinished,
            AuditObject::Batch,
            id.clone(),
        ));
        change.commit().await?;
        batch_row(&self.0, &id)
            .await?
            .ok_or(Error::Absent { what: Thing::Batch, id })
    }

    /// Leaves a batch that is not finished: the next run may go on with it at once.
    pub async fn batch_release(&self, lease: &BatchLease) -> Result<()> {
        let mut connection = self.0.writer.acquire().await?;
        sqlx::query("UPDATE batches SET lease_token = '', lease_until = NULL WHERE uid = $1 AND lease_token = $2")
            .bind(lease.batch_uid)
            .bind(&lease.token)
            .execute(&mut *connection)
            .await?;
        Ok(())
    }

    /// Adds working time to a batch, for its pages per minute over all runs.
    pub async fn batch_worked(&self, lease: &BatchLease, busy_us: i64) -> Result<()> {
        let mut connection = self.0.writer.acquire().await?;
        sqlx::query("UPDATE batches SET busy_us = busy_us + $1 WHERE uid = $2")
            .bind(busy_us)
            .bind(lease.batch_uid)
            .execute(&mut *connection)
            .await?;
        Ok(())
    }
}

impl NewBatch {
    fn roots_digest(&self) -> String {
        digest_of(&self.roots)
    }
}

/// The same roots in any order.
fn digest_of(roots: &[RawPath]) -> String {
    let mut roots: Vec<&RawPath> = roots.iter().collect();
    roots.sort();
    let joined: Vec<u8> = roots
        .iter()
        .flat_map(|root| root.0.iter().copied().chain([0]))
        .collect();
    Fingerprint::of(&joined).hex()
}

/// Writes who runs the batch from now on.
async fn take(change: &mut Change, uid: i64, new: &NewBatch) -> Result<BatchLease> {
    let lease = BatchLease {
        batch_uid: uid,
        token: change.environment.secret(),
    };
    let at = change.at;
    sqlx::query(
        "UPDATE batches SET lease_token = $1, lease_until = $2, runner_process = $3, runner_machine = $4, runner_mark = $5, \
         runner_since = $6, walked = $7 WHERE uid = $8",
    )
    .bind(&lease.token)
    .bind(at.plus_seconds(LEASE_S).micros())
    .bind(new.runner.process)
    .bind(fold::storable(&new.runner.machine))
    .bind(fold::storable(&new.runner.mark))
    .bind(at.micros())
    .bind(new.walked)
    .bind(uid)
    .execute(change.connection())
    .await?;
    Ok(lease)
}

/// Proves within a change that the run still holds its batch, and renews its lease. Call it first: when the batch is
/// somebody else's by now, nothing of the change may be written.
pub(crate) async fn hold(change: &mut Change, lease: &BatchLease) -> Result<()> {
    let until = change.at.plus_seconds(LEASE_S);
    let held =
        sqlx::query("UPDATE batches SET lease_until = $1 WHERE uid = $2 AND lease_token = $3 AND state = 'running'")
            .bind(until.micros())
            .bind(lease.batch_uid)
            .bind(&lease.token)
            .execute(change.connection())
            .await?;
    match held.rows_affected() {
        1 => Ok(()),
        _ => Err(RefusedBecause::BatchNotHeld {}.into()),
    }
}
