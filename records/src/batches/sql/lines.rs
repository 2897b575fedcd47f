//! What became of each file of a batch, written.

use super::{super::states::may_be_followed, run::hold};
use crate::{
    Result, System,
    batches::{BatchLease, BatchLine, Outcome},
    ids::Fingerprint,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject, detail::Detail};

impl System {
    /// Records what became of files that made no document: duplicates, rejects, litter.
    pub async fn batch_record(&self, lease: &BatchLease, actor: &str, lines: &[BatchLine]) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut change = self.0.change(actor).await?;
        hold(&mut change, lease).await?;
        for line in lines {
            insert_not_taken(&mut change, lease.batch_uid, line).await?;
        }
        change.commit().await
    }
}

/// Writes the line of a file that made no document, and says in the trail when it was refused.
pub(crate) async fn insert_not_taken(change: &mut Change, batch_uid: i64, line: &BatchLine) -> Result<()> {
    insert_line(change, batch_uid, line).await?;
    if line.outcome == Outcome::Rejected {
        change.event(
            EventDraft::new(AuditAction::ScanRejected, AuditObject::Scan, line.sha256.clone())
                .detail(format!("reason={}", line.reason)),
        );
    }
    Ok(())
}

/// Writes the line of a file. An outcome stays: only a file that was not taken gets another when it is tried again. A
/// file whose bytes have changed since it was taken is another file, with a line of its own.
pub(crate) async fn insert_line(change: &mut Change, batch_uid: i64, line: &BatchLine) -> Result<()> {
    let digest = Fingerprint::of(&line.path.0).hex();
    let known = sqlx::query("SELECT uid, outcome, sha256 FROM batch_lines WHERE batch_uid = $1 AND path_digest = $2")
        .bind(batch_uid)
        .bind(&digest)
        .fetch_optional(change.connection())
        .await?;
    let Some(known) = known else {
        return write(change, batch_uid, line, &digest).await;
    };
    let known = known.of("batch_lines");
    if may_be_followed(known.word("outcome", Outcome::from_code)?) {
        return write(change, batch_uid, line, &digest).await;
    }
    if known.text("sha256")? == line.sha256 {
        return Ok(());
    }
    let mut path_and_bytes = line.path.0.clone();
    path_and_bytes.push(0);
    path_and_bytes.extend(line.sha256.bytes());
    write(change, batch_uid, line, &Fingerprint::of(&path_and_bytes).hex()).await
}

async fn write(change: &mut Change, batch_uid: i64, line: &BatchLine, digest: &str) -> Result<()> {
    let at = change.at.micros();
    let ids = serde_json::Value::from(line.document_ids.clone()).to_string();
    sqlx::query(
        "INSERT INTO batch_lines (batch_uid, path, path_raw, path_digest, outcome, reason, detail, sha256, bytes, document_ids, customer_code, \
         location_code, kind, pages, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (batch_uid, path_digest) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail, \
         sha256 = excluded.sha256, bytes = excluded.bytes, document_ids = excluded.document_ids, customer_code = excluded.customer_code, \
         location_code = excluded.location_code, kind = excluded.kind, pages = excluded.pages, at = excluded.at \
         WHERE batch_lines.outcome IN ('rejected', 'ignored')",
    )
    .bind(batch_uid)
    .bind(line.path.shown())
    .bind(line.path.0.clone())
    .bind(digest)
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
