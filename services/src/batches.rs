//! Deliveries, and what became of each file.

use crate::{Error, Result};
use api_types::batches::{IngestJson, report};
use print::{BatchWords, PrintedTable, batch_report};
use records::{
    Archive, Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    batches::{BatchLine, LinesOf, Outcome},
    documents::DocumentState,
    ids::BatchId,
};
use vocabulary::Language;
use vocabulary::both;

/// Lines of one report.
const LINES_MAX: usize = 1_000_000;

/// The report of a batch.
///
/// # Errors
/// When there is none, or the asker may not read batches.
pub async fn ingest_report(archive: &Archive, asker: &Asker, id: &BatchId) -> Result<IngestJson> {
    let batch = archive.batch(asker, id).await?;
    let batch = batch.ok_or_else(|| Error::absent("batch", id.as_str()))?;
    let lines = archive
        .batch_lines(asker, id, &LinesOf::default(), 0, LINES_MAX)
        .await?;
    let problems = archive.batch_problems(asker, id).await?;
    note_viewed(archive, asker, id).await?;
    Ok(report(
        batch,
        lines.into_iter().map(|(_, line)| line),
        problems.into_iter(),
    ))
}

/// Notes that somebody looks at what became of each file of a batch.
///
/// # Errors
/// When the trail cannot be written.
pub async fn note_viewed(archive: &Archive, asker: &Asker, id: &BatchId) -> Result<()> {
    let event = EventDraft::new(AuditAction::BatchViewed, AuditObject::Batch, id.as_str());
    Ok(archive.note_reading(asker, event).await?)
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
    let lines = archive
        .batch_lines(asker, id, &LinesOf::default(), 0, LINES_MAX)
        .await?;
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

/// Documents of one batch that are taken back at once.
pub const TAKEN_BACK_MAX: usize = 500;

/// The undo of a delivery: each of its documents that nobody has changed since is withdrawn. Answers how many were and
/// how many stay.
///
/// # Errors
/// When there is no such batch, somebody else delivered it, or it is too large for this.
pub async fn take_back(archive: &Archive, asker: &Asker, id: &BatchId, reason: &str) -> Result<(usize, usize)> {
    let batch = archive.batch(asker, id).await?;
    let batch = batch.filter(|batch| batch.actor == asker.name());
    batch.ok_or_else(|| Error::absent("batch", id.as_str()))?;
    let mut documents = Vec::new();
    for outcome in [Outcome::Filed, Outcome::NeedsReview] {
        let lines = archive
            .batch_lines(asker, id, &LinesOf::of(outcome), 0, TAKEN_BACK_MAX + 1)
            .await?;
        documents.extend(lines.into_iter().flat_map(|(_, line)| line.document_ids));
    }
    documents.sort_unstable();
    documents.dedup();
    if documents.len() > TAKEN_BACK_MAX {
        let reason = both!(
            "it has more than {TAKEN_BACK_MAX} documents; withdraw them one by one",
            "它有 {TAKEN_BACK_MAX} 件以上的文件；请逐件撤下"
        );
        return Err(Error::invalid("batch", reason));
    }
    let (mut withdrawn, mut kept) = (0, 0);
    for key in documents {
        let found = archive.document(asker, &key).await?;
        let untouched = found.filter(|found| found.row.version == 1 && found.row.state != DocumentState::Withdrawn);
        let Some(document) = untouched else {
            kept += 1;
            continue;
        };
        match archive
            .document_withdraw(asker, &document.row.id, document.row.version, reason)
            .await
        {
            Ok(()) => withdrawn += 1,
            Err(records::Error::Conflict { .. }) => kept += 1,
            Err(cause) => return Err(cause.into()),
        }
    }
    Ok((withdrawn, kept))
}
