//! Deliveries, and what became of each file.

use crate::{Error, Result};
use api_types::batches::{IngestJson, report};
use records::{Archive, Asker, ids::BatchId};

/// Lines of one report.
const LINES_MAX: usize = 1_000_000;

/// The report of a batch.
///
/// # Errors
/// When there is none, or the asker may not read batches.
pub async fn ingest_report(archive: &Archive, asker: &Asker, id: &BatchId) -> Result<IngestJson> {
    let batch = archive.batch(asker, id).await?;
    let batch = batch.ok_or_else(|| Error::absent("batch", id.as_str()))?;
    let lines = archive.batch_lines(asker, id, None, 0, LINES_MAX).await?;
    Ok(report(batch, lines.into_iter().map(|(_, line)| line)))
}
