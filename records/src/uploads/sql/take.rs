//! What the worker does with an upload that was handed over.

use super::{
    read::{folder_of, upload_of},
    write::step,
};
use crate::{
    Error, Result, System,
    identity::sql::{Writes, asker},
    ids::UploadId,
    jobs::{self, JobState, Lease, Settled},
    store::{EventDraft, sql::Columns},
    uploads::{ATTEMPTS_MAX, JOB_KIND, UploadLimits, UploadState, UploadTask},
};
use vocabulary::{AuditAction, AuditObject};

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

impl System {
    /// Claims the next upload to take in, for `lease_s` seconds. Expired leases are recovered first.
    pub async fn upload_claim(&self, lease_s: i64) -> Result<Option<(Lease, UploadTask)>> {
        self.jobs_recover().await?;
        self.uploads_given_up().await?;
        let Some(lease) = self.job_claim(&[JOB_KIND], lease_s).await? else {
            return Ok(None);
        };
        let id = UploadId::parse(&lease.payload)?;
        let upload = upload_of(&self.0, &id).await?;
        let upload =
            upload.ok_or_else(|| Error::inconsistent("jobs", "payload", lease.id.to_string(), "no such upload"))?;
        if !matches!(upload.state, UploadState::Waiting | UploadState::Running) {
            // It was cancelled meanwhile.
            let mut change = self.0.change(&lease.created_by).await?;
            jobs::sql::end(&mut change, &lease, JobState::Done, "").await?;
            change.commit().await?;
            return Ok(None);
        }
        let row = sqlx::query("SELECT by_uid FROM uploads WHERE id = $1")
            .bind(id.as_str())
            .fetch_one(&self.0.readers)
            .await?;
        let by = row.of("uploads").int("by_uid")?;
        let asker = asker(&self.0, by, Writes::Allowed, self.0.environment.now()).await?;
        let mut change = self.0.change(&lease.created_by).await?;
        step(&mut change, &id, upload.state, UploadState::Running).await?;
        change.commit().await?;
        let folder = folder_of(&self.0).of(&id);
        Ok(Some((lease, UploadTask { upload, folder, asker })))
    }

    /// The upload has become this batch.
    pub async fn upload_became(&self, id: &UploadId, batch: &str) -> Result<()> {
        let mut connection = self.0.writer.acquire().await?;
        sqlx::query("UPDATE uploads SET batch_id = $1 WHERE id = $2")
            .bind(batch)
            .bind(id.as_str())
            .execute(&mut *connection)
            .await?;
        Ok(())
    }

    /// Ends an upload: taken in, or not for this reason. Its files are removed, since what was taken stands in the
    /// vault.
    pub async fn upload_ended(&self, lease: &Lease, id: &UploadId, problem: &str) -> Result<Settled> {
        let mut change = self.0.change(&lease.created_by).await?;
        let job = match problem {
            "" => JobState::Done,
            _ => JobState::Failed,
        };
        if jobs::sql::end(&mut change, lease, job, problem).await? == Settled::LeaseLost {
            return Ok(Settled::LeaseLost);
        }
        let (state, action) = match problem {
            "" => (UploadState::Done, AuditAction::UploadTaken),
            _ => (UploadState::Failed, AuditAction::UploadFailed),
        };
        sqlx::query("UPDATE uploads SET state = $1, problem = $2 WHERE id = $3 AND state = 'running'")
            .bind(state.as_str())
            .bind(crate::fold::storable(problem))
            .bind(id.as_str())
            .execute(change.connection())
            .await?;
        change.event(EventDraft::new(action, AuditObject::Upload, id.as_str()));
        change.commit().await?;
        folder_of(&self.0).remove(id)?;
        Ok(Settled::Written)
    }

    /// Gives an upload back that was interrupted; the next worker goes on with its batch.
    pub async fn upload_release(&self, lease: &Lease) -> Result<()> {
        self.job_release(lease).await
    }

    /// Counts a failed attempt, after which it is tried again for a while.
    pub async fn upload_failed(&self, lease: &Lease, reason: &str) -> Result<Settled> {
        if lease.attempt >= ATTEMPTS_MAX {
            let id = UploadId::parse(&lease.payload)?;
            return self.upload_ended(lease, &id, reason).await;
        }
        self.job_fail(lease, reason).await
    }

    /// Gives uploads up that were begun and left: those older than [`UploadLimits::days_open_max`]. Answers how many.
    pub async fn uploads_abandoned(&self) -> Result<usize> {
        let limits = UploadLimits::DEFAULT;
        let before = self.0.environment.now().micros() - limits.days_open_max * DAY_US;
        let rows = sqlx::query("SELECT uid, id, by_name FROM uploads WHERE state = 'open' AND created_at < $1")
            .bind(before)
            .fetch_all(&self.0.readers)
            .await?;
        for row in &rows {
            let row = row.of("uploads");
            let id = row.read("id", UploadId::parse)?;
            let mut change = self.0.change(&row.text("by_name")?).await?;
            step(&mut change, &id, UploadState::Open, UploadState::Cancelled).await?;
            change.event(
                EventDraft::new(AuditAction::UploadCancelled, AuditObject::Upload, id.as_str()).detail("abandoned"),
            );
            change.commit().await?;
            folder_of(&self.0).remove(&id)?;
        }
        Ok(rows.len())
    }

    /// Uploads that killed their workers until nobody tries any more have failed, and say so.
    async fn uploads_given_up(&self) -> Result<()> {
        sqlx::query(
            "UPDATE uploads SET state = 'failed', problem = 'its workers did not come back' WHERE state = 'running' \
             AND id IN (SELECT payload FROM jobs WHERE kind = $1 AND state = 'failed')",
        )
        .bind(JOB_KIND)
        .execute(&self.0.writer)
        .await?;
        Ok(())
    }
}
