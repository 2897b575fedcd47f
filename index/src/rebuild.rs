//! Rebuilding: a generation made from the whole record.

use std::sync::atomic::Ordering;

use records::System;
use records::changes::{ChangeRow, ChangeSubject, Position};
use tokio::sync::watch;

use crate::change_batch::ChangeBatch;
use crate::error::Result;
use crate::full_text::{FullText, blocking};
use crate::generation::{Generation, GenerationWriter, WriterLimits};

/// Documents or customers read at a time.
const CHUNK: usize = 500;
/// Rows read at a time on the way to the end of the log.
const LOG_ROWS: usize = 10_000;

/// A generation with its writer, and the position in the log that it has reached.
pub(crate) struct WritableGeneration {
    pub generation: Generation,
    pub writer: GenerationWriter,
    pub position: Position,
}

/// Documents or customers read, waiting to be written.
struct Chunk {
    last_uid: i64,
    count: usize,
    batch: ChangeBatch,
}

/// Makes a generation from the whole record; `None` when told to stop.
pub(crate) async fn rebuild(full_text: FullText, stop: watch::Receiver<bool>) -> Result<Option<WritableGeneration>> {
    let system = &full_text.0.system;
    full_text.0.rebuilt.store(0, Ordering::Relaxed);
    full_text.0.rebuilding.store(true, Ordering::Relaxed);
    // Every change up to here is in what is read below; later ones are followed.
    let position = settled_head(system).await?;
    let folder = full_text.0.folder.clone();
    let (generation, mut writer) = blocking(move || {
        folder.create()?;
        let name = folder.next_generation()?;
        let generation = Generation::create(&folder.path_of(&name), &name)?;
        let writer = generation.writer(&WriterLimits::REBUILDING)?;
        Ok((generation, writer))
    })
    .await?;
    for subject in [ChangeSubject::Customer, ChangeSubject::Document] {
        let mut after = 0;
        let mut read: Option<Chunk> = None;
        // One chunk is written while the next is read.
        loop {
            let reading = read_chunk(system, subject, position, after);
            let writing = write_chunk(&full_text, writer, read.take());
            let (next, written) = tokio::join!(reading, writing);
            (read, writer) = (next?, written?);
            if *stop.borrow() {
                drop(writer);
                full_text.0.folder.remove(&generation.name)?;
                return Ok(None);
            }
            match &read {
                Some(chunk) => after = chunk.last_uid,
                None => break,
            }
        }
    }
    let payload = full_text.payload(&generation.name, position);
    let writer = blocking(move || {
        writer.commit(&payload)?;
        Ok(writer)
    })
    .await?;
    Ok(Some(WritableGeneration {
        generation,
        writer,
        position,
    }))
}

async fn read_chunk(system: &System, subject: ChangeSubject, position: Position, after: i64) -> Result<Option<Chunk>> {
    let uids = match subject {
        ChangeSubject::Customer => system.customer_uids_after(after, CHUNK).await?,
        _ => system.document_uids_after(after, CHUNK).await?,
    };
    let Some(last_uid) = uids.last().copied() else {
        return Ok(None);
    };
    let row = |uid| ChangeRow { position, subject, uid };
    let rows: Vec<ChangeRow> = uids.into_iter().map(row).collect();
    let mut batch = ChangeBatch::default();
    batch.read(system, &rows).await?;
    Ok(Some(Chunk {
        last_uid,
        count: rows.len(),
        batch,
    }))
}

async fn write_chunk(
    full_text: &FullText,
    mut writer: GenerationWriter,
    chunk: Option<Chunk>,
) -> Result<GenerationWriter> {
    let Some(Chunk { count, batch, .. }) = chunk else {
        return Ok(writer);
    };
    full_text.0.rebuilt.fetch_add(count as u64, Ordering::Relaxed);
    blocking(move || {
        batch.apply_new(&mut writer)?;
        Ok(writer)
    })
    .await
}

/// The end of the log: no running transaction can still precede it.
async fn settled_head(system: &System) -> Result<Position> {
    let mut position = Position::default();
    loop {
        let rows = system.changes_after(position, LOG_ROWS).await?;
        match rows.last() {
            Some(last) => position = last.position,
            None => return Ok(position),
        }
    }
}
