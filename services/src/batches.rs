//! Deliveries, and what became of each file.

use crate::{Error, Result};
use api_types::batches::{IngestJson, report};
use print::{BatchWords, PrintedTable, batch_report};
use records::{
    Archive, Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    batches::{BatchLine, Outcome},
    ids::BatchId,
};
use vocabulary::Language;

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
    let problems = archive.batch_problems(asker, id).await?;
    Ok(report(
        batch,
        lines.into_iter().map(|(_, line)| line),
        problems.into_iter(),
    ))
}

/// The report of a batch as a table for paper and files, and the name of the batch; taking it away is an event of the
/// trail.
///
/// # Errors
/// When there is none, or the asker may not read batches.
pub async fn report_table(
    archive: &Archive,
    asker: &Asker,
    id: &BatchId,
    words: &BatchWords,
    language: Language,
) -> Result<(String, PrintedTable)> {
    let batch = archive.batch(asker, id).await?;
    let batch = batch.ok_or_else(|| Error::absent("batch", id.as_str()))?;
    let lines = archive.batch_lines(asker, id, None, 0, LINES_MAX).await?;
    let lines: Vec<BatchLine> = lines.into_iter().map(|(_, line)| line).collect();
    let outcome = |outcome: Outcome| outcome.name(language).to_owned();
    let detail = |line: &BatchLine| match &line.detail {
        Some(detail) => detail.text(language),
        None => String::new(),
    };
    let table = batch_report(&batch, &lines, words, &outcome, &detail);
    let event = EventDraft::new(AuditAction::BatchExported, AuditObject::Batch, id.as_str())
        .detail(format!("lines={}", lines.len()));
    archive.note_read(asker, event).await?;
    Ok((batch.name, table))
}
