//! Batches and their lines in the database.

use super::{BatchLine, BatchRow, BatchState, NewBatch, OpenBatch, Outcome, RawPath, states::may_decide};
use crate::{
    Archive, Asker, Error, Moment, RefusedBecause, Result, Role, System, Thing, fold,
    ids::{BatchId, Fingerprint},
    privacy,
    store::{
        EventDraft, Store,
        sql::{Change, Columns, composed},
    },
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject, detail::Detail};

impl System {
    /// Begins a batch, or goes on with the unfinished one over the same roots.
    pub async fn batch_begin(&self, new: &NewBatch) -> Result<OpenBatch> {
        let mut roots: Vec<&RawPath> = new.roots.iter().collect();
        roots.sort();
        let joined: Vec<u8> = roots
            .iter()
            .flat_map(|root| root.0.iter().copied().chain([0]))
            .collect();
        let digest = Fingerprint::of(&joined).hex();
        let mut change = self.0.change(&new.actor).await?;
        let found = sqlx::query(
            "SELECT uid, id, name FROM batches WHERE roots_digest = $1 AND state = 'running' ORDER BY uid DESC LIMIT 1",
        )
        .bind(&digest)
        .fetch_optional(change.connection())
        .await?;
        if let Some(row) = found {
            let uid = row.of("batches").int("uid")?;
            let id = row.of("batches").read("id", BatchId::parse)?;
            let name = row.of("batches").text("name")?;
            change.event(EventDraft::new(
                AuditAction::BatchResumed,
                AuditObject::Batch,
                id.as_str(),
            ));
            change.commit().await?;
            let recorded = lines(&self.0, uid, None, 0, i64::MAX)
                .await?
                .into_iter()
                .map(|(_, line)| line)
                .collect();
            return Ok(OpenBatch {
                uid,
                id,
                name,
                recorded,
                resumed: true,
            });
        }
        let id = BatchId::new(&change.environment);
        let shown: Vec<String> = new.roots.iter().map(RawPath::shown).collect();
        let at = change.at.micros();
        let row = sqlx::query(
            "INSERT INTO batches (id, name, state, roots, roots_digest, actor, announced, missing, pages, busy_us, started_at) \
             VALUES ($1, $2, 'running', $3, $4, $5, $6, '[]', 0, 0, $7) RETURNING uid",
        )
        .bind(id.as_str())
        .bind(fold::storable(&new.name))
        .bind(serde_json::Value::from(shown).to_string())
        .bind(&digest)
        .bind(&new.actor)
        .bind(new.announced)
        .bind(at)
        .fetch_one(change.connection())
        .await?;
        let uid = row.of("batches").int("uid")?;
        change.event(EventDraft::new(
            AuditAction::BatchBegun,
            AuditObject::Batch,
            id.as_str(),
        ));
        change.commit().await?;
        Ok(OpenBatch {
            uid,
            id,
            name: new.name.clone(),
            recorded: Vec::new(),
            resumed: false,
        })
    }

    /// Records what became of files that made no document: duplicates, rejects, litter.
    pub async fn batch_record(&self, batch_uid: i64, actor: &str, lines: &[BatchLine]) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut change = self.0.change(actor).await?;
        for line in lines {
            insert_line(&mut change, batch_uid, line).await?;
            if line.outcome == Outcome::Rejected {
                change.event(
                    EventDraft::new(AuditAction::ScanRejected, AuditObject::Scan, line.sha256.clone())
                        .detail(format!("reason={}", line.reason)),
                );
            }
        }
        change.commit().await
    }

    /// Ends a batch: every walked file has its line. `missing` names files that a manifest announced and nobody found.
    pub async fn batch_finish(
        &self,
        batch_uid: i64,
        actor: &str,
        missing: &[String],
        announced: Option<i64>,
    ) -> Result<BatchRow> {
        let mut change = self.0.change(actor).await?;
        let at = change.at.micros();
        sqlx::query(
            "UPDATE batches SET state = 'finished', finished_at = $1, missing = $2, announced = $3 WHERE uid = $4 AND state = 'running'",
        )
        .bind(at)
        .bind(serde_json::Value::from(missing.to_vec()).to_string())
        .bind(announced)
        .bind(batch_uid)
        .execute(change.connection())
        .await?;
        let id = sqlx::query("SELECT id FROM batches WHERE uid = $1")
            .bind(batch_uid)
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

    /// Adds working time to a batch, for its pages per minute over all runs.
    pub async fn batch_worked(&self, batch_uid: i64, busy_us: i64) -> Result<()> {
        let mut connection = self.0.writer.acquire().await?;
        sqlx::query("UPDATE batches SET busy_us = busy_us + $1 WHERE uid = $2")
            .bind(busy_us)
            .bind(batch_uid)
            .execute(&mut *connection)
            .await?;
        Ok(())
    }
}

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
        rows.iter().map(read_batch).collect()
    }

    pub async fn batch(&self, asker: &Asker, id: &BatchId) -> Result<Option<BatchRow>> {
        may_read(asker)?;
        batch_row(&self.0, id.as_str()).await
    }

    /// Lines of a batch in the order in which they were recorded, with the mark after which to go on.
    pub async fn batch_lines(
        &self,
        asker: &Asker,
        id: &BatchId,
        outcome: Option<Outcome>,
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
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut lines = lines(&self.0, row.of("batches").int("uid")?, outcome, after, limit).await?;
        for (_, line) in &mut lines {
            line.detail = privacy::shown_detail(asker, line.detail.take());
        }
        Ok(lines)
    }

    /// Accepts or holds a finished batch.
    pub async fn batch_decide(&self, asker: &Asker, id: &BatchId, state: BatchState) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
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
        sqlx::query("UPDATE batches SET state = $1 WHERE id = $2 AND state = $3")
            .bind(state.as_str())
            .bind(id.as_str())
            .bind(from.as_str())
            .execute(change.connection())
            .await?;
        change
            .event(EventDraft::new(AuditAction::BatchDecided, AuditObject::Batch, id.as_str()).detail(state.as_str()));
        change.commit().await
    }
}

fn may_read(asker: &Asker) -> Result<()> {
    match asker.has(Role::Archivist) || asker.has(Role::Auditor) || asker.has(Role::Administrator) {
        true => Ok(()),
        false => Err(Error::Forbidden { needed: "archivist" }),
    }
}

const BATCH: &str = "SELECT b.uid, b.id, b.name, b.state, b.actor, b.roots, b.announced, b.missing, b.pages, b.busy_us, b.started_at, b.finished_at, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'filed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS filed, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'needs_review' THEN 1 ELSE 0 END), 0) AS BIGINT) AS needs_review, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'duplicate' THEN 1 ELSE 0 END), 0) AS BIGINT) AS duplicate, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'rejected' THEN 1 ELSE 0 END), 0) AS BIGINT) AS rejected, \
    CAST(coalesce(sum(CASE WHEN l.outcome = 'ignored' THEN 1 ELSE 0 END), 0) AS BIGINT) AS ignored \
    FROM batches b LEFT JOIN batch_lines l ON l.batch_uid = b.uid";

async fn batch_row(store: &Store, id: &str) -> Result<Option<BatchRow>> {
    let statement = format!("{BATCH} WHERE b.id = $1 GROUP BY b.uid");
    let row = sqlx::query(composed(statement))
        .bind(id)
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map(read_batch).transpose()
}

fn read_batch(row: &AnyRow) -> Result<BatchRow> {
    let row = &row.of("batches");
    Ok(BatchRow {
        uid: row.int("uid")?,
        id: row.read("id", BatchId::parse)?,
        name: row.text("name")?,
        state: row.word("state", BatchState::from_code)?,
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
    })
}

fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

async fn lines(
    store: &Store,
    batch_uid: i64,
    outcome: Option<Outcome>,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, BatchLine)>> {
    let rows = sqlx::query(
        "SELECT uid, path_raw, outcome, reason, detail, sha256, bytes, document_ids, customer_code, location_code, kind, pages \
         FROM batch_lines WHERE batch_uid = $1 AND ($2 = '' OR outcome = $2) AND uid > $3 ORDER BY uid LIMIT $4",
    )
    .bind(batch_uid)
    .bind(outcome.map_or("", Outcome::as_str))
    .bind(after)
    .bind(limit)
    .fetch_all(&store.readers)
    .await?;
    rows.iter()
        .map(|row| {
            let row = row.of("batch_lines");
            Ok((
                row.int("uid")?,
                BatchLine {
                    path: RawPath(row.bytes("path_raw")?),
                    outcome: row.word("outcome", Outcome::from_code)?,
                    reason: row.text("reason")?,
                    detail: Detail::from_stored(&row.text("detail")?),
                    sha256: row.text("sha256")?,
                    bytes: row.int("bytes")?,
                    document_ids: list(&row.text("document_ids")?),
                    customer_code: row.text("customer_code")?,
                    location_code: row.text("location_code")?,
                    kind: row.text("kind")?,
                    pages: row.int("pages")?,
                },
            ))
        })
        .collect()
}

/// Writes the line of a file; a file that is tried again in the same batch replaces its line.
pub(crate) async fn insert_line(change: &mut Change, batch_uid: i64, line: &BatchLine) -> Result<()> {
    let at = change.at.micros();
    let ids = serde_json::Value::from(line.document_ids.clone()).to_string();
    sqlx::query(
        "INSERT INTO batch_lines (batch_uid, path, path_raw, path_digest, outcome, reason, detail, sha256, bytes, document_ids, customer_code, \
         location_code, kind, pages, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (batch_uid, path_digest) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail, \
         sha256 = excluded.sha256, bytes = excluded.bytes, document_ids = excluded.document_ids, customer_code = excluded.customer_code, \
         location_code = excluded.location_code, kind = excluded.kind, pages = excluded.pages, at = excluded.at",
    )
    .bind(batch_uid)
    .bind(line.path.shown())
    .bind(line.path.0.clone())
    .bind(Fingerprint::of(&line.path.0).hex())
    .bind(line.outcome.as_str())
    .bind(&line.reason)
    .bind(Detail::store(line.detail.as_ref()))
    .bind(&line.sha256)
    .bind(line.bytes)
    .bind(ids)
    .bind(&line.customer_code)
    .bind(&line.location_code)
    .bind(&line.kind)
    .bind(line.pages)
    .bind(at)
    .execute(change.connection())
    .await?;
    Ok(())
}

/// Counts pages that a deposit has filed into the batch.
pub(crate) async fn add_pages(change: &mut Change, batch_uid: i64, pages: i64) -> Result<()> {
    sqlx::query("UPDATE batches SET pages = pages + $1 WHERE uid = $2")
        .bind(pages)
        .bind(batch_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}
