//! Batches, and what became of each file.

use crate::http::error::Result;
use records::{
    Archive, Asker,
    batches::{BatchLine, BatchRow, Outcome},
    ids::BatchId,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Lines of one report.
const LINES_MAX: usize = 1_000_000;

#[derive(Debug, Serialize, ToSchema)]
pub struct BatchJson {
    pub uid: i64,
    pub id: String,
    /// The same as `id`, under the name that a report has it.
    pub batch: String,
    pub name: String,
    pub state: String,
    pub actor: String,
    pub announced: Option<i64>,
    pub found: i64,
    pub filed: i64,
    pub needs_review: i64,
    pub duplicate: i64,
    pub rejected: i64,
    pub ignored: i64,
    pub missing_from_delivery: Vec<String>,
    pub pages: i64,
    pub seconds: f64,
    pub started_at: String,
    pub finished_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IngestJson {
    pub batch: String,
    pub found: i64,
    pub filed: i64,
    pub needs_review: i64,
    pub duplicate: i64,
    pub rejected: i64,
    pub ignored: Vec<String>,
    pub missing_from_delivery: Vec<String>,
    pub pages: i64,
    pub seconds: f64,
    pub items: Vec<IngestItemJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IngestItemJson {
    pub path: String,
    pub outcome: String,
    pub reason: String,
    pub document_id: Option<String>,
    pub documents: Vec<String>,
    pub customer_code: String,
    pub location_code: String,
    pub kind: String,
    pub pages: i64,
    pub detail: String,
}

/// A batch in a list.
pub fn batch(row: BatchRow) -> BatchJson {
    BatchJson {
        uid: row.uid,
        found: row.found(),
        id: row.id.to_string(),
        batch: row.id.to_string(),
        name: row.name,
        state: row.state.as_str().to_owned(),
        actor: row.actor,
        announced: row.announced,
        filed: row.filed,
        needs_review: row.needs_review,
        duplicate: row.duplicate,
        rejected: row.rejected,
        ignored: row.ignored,
        missing_from_delivery: row.missing,
        pages: row.pages,
        seconds: row.busy_us as f64 / 1e6,
        started_at: row.started_at.rfc3339(),
        finished_at: row.finished_at.map(|at| at.rfc3339()),
    }
}

/// The report of a batch; `None` when there is none.
///
/// # Errors
/// When the asker may not read batches, or the record does not answer.
pub async fn ingest_report(archive: &Archive, asker: &Asker, id: &BatchId) -> Result<Option<IngestJson>> {
    let Some(batch) = archive.batch(asker, id).await? else {
        return Ok(None);
    };
    let lines = archive.batch_lines(asker, id, None, 0, LINES_MAX).await?;
    Ok(Some(report(batch, lines.into_iter().map(|(_, line)| line))))
}

/// A report from its parts, for a batch that has just ended.
pub fn report(batch: BatchRow, lines: impl Iterator<Item = BatchLine>) -> IngestJson {
    let (ignored, counted): (Vec<_>, Vec<_>) = lines.partition(|line| line.outcome == Outcome::Ignored);
    IngestJson {
        found: batch.found(),
        batch: batch.id.to_string(),
        filed: batch.filed,
        needs_review: batch.needs_review,
        duplicate: batch.duplicate,
        rejected: batch.rejected,
        ignored: ignored.iter().map(|line| line.path.shown()).collect(),
        missing_from_delivery: batch.missing,
        pages: batch.pages,
        seconds: batch.busy_us as f64 / 1e6,
        items: counted.into_iter().map(ingest_item).collect(),
    }
}

/// What became of one file.
pub fn ingest_item(line: BatchLine) -> IngestItemJson {
    let BatchLine {
        path,
        outcome,
        reason,
        detail,
        sha256: _,
        bytes: _,
        document_ids,
        customer_code,
        location_code,
        kind,
        pages,
    } = line;
    IngestItemJson {
        path: path.shown(),
        outcome: outcome.as_str().to_owned(),
        reason,
        document_id: document_ids.first().cloned(),
        documents: document_ids,
        customer_code,
        location_code,
        kind,
        pages,
        detail,
    }
}
