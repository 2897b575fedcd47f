//! The follower of the change log: the only writer of the full text.
//!
//! Whoever holds `index/LOCK` follows for all processes. Changes are applied in the order of the
//! log, a whole document at a time (delete, then add), and committed together with the position
//! reached; a crash at any point is repaired by reading the log again from the last commit. When
//! there is no usable generation (deleted, damaged, of another version or another epoch of the
//! record), a new one is made from the whole record; one that was asked for is made beside the
//! present one, which goes on serving and following.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use records::System;
use records::changes::{ChangeRow, ChangeSubject, Position};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::entry::{DocumentEntry, DossierEntry};
use crate::error::{Error, Result};
use crate::folder::FollowerLock;
use crate::full_text::{FullText, ServingGeneration, blocking};
use crate::generation::{Generation, GenerationWriter, Payload, WriterLimits};
use crate::schema::schema_hash;
use crate::source;

/// The log is looked at so often when nobody wakes the follower (changes of other processes).
const LOOK_INTERVAL: Duration = Duration::from_millis(200);
/// After a failure, and while another process follows.
const PAUSE: Duration = Duration::from_millis(500);
/// Rows read and pages applied before a commit.
const ROWS_MAX: usize = 1_000;
const PAGES_PER_COMMIT: usize = 1_000;
/// Documents and customers read at a time while a generation is made.
const CHUNK: usize = 500;
/// Of them so many by one statement; the statements run at once.
const READ_TOGETHER: usize = 125;
/// Rows of the log whose documents are read before the pages are counted.
const ROWS_READ: usize = 32;
/// The name under which the record keeps how far this follower is.
const NAME: &str = "index";

/// A running follower.
pub struct Following {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Following {
    pub(crate) fn start(full_text: FullText) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(run(full_text, stopped));
        Following { stop, task }
    }

    /// Ends after the commit in hand and closes the index. What the log still holds is applied by
    /// the next follower.
    pub async fn stop(self) -> Result<()> {
        // The receiver is gone only when the task has ended, which is what is wanted.
        let _ = self.stop.send(true);
        self.task.await.map_err(|error| Error::Task(error.to_string()))
    }
}

async fn run(full_text: FullText, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match full_text.0.folder.try_lock() {
            Ok(Some(lock)) => {
                full_text.0.following.store(true, Ordering::Relaxed);
                let mut follower = Follower {
                    full_text: full_text.clone(),
                    stop: stop.clone(),
                    moved: None,
                };
                let ended = follower.follow(&lock).await;
                full_text.0.following.store(false, Ordering::Relaxed);
                full_text.0.rebuilding.store(false, Ordering::Relaxed);
                if let Err(error) = ended {
                    tracing::warn!(%error, code = error.code(), "index.follow.interrupted");
                }
            }
            Ok(None) => full_text.refresh().await,
            Err(error) => tracing::warn!(%error, "index.lock.failed"),
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

struct Follower {
    full_text: FullText,
    stop: watch::Receiver<bool>,
    /// The position last told to the record.
    moved: Option<Position>,
}

/// A generation that was made from the record, with its writer still open.
struct Made {
    generation: Generation,
    writer: GenerationWriter,
    position: Position,
}

impl Follower {
    /// Follows until it is told to stop (`Ok`) or something is in its way.
    async fn follow(&mut self, lock: &FollowerLock) -> Result<()> {
        let mut at = match self.usable().await? {
            Some(made) => made,
            None => {
                let made = make(self.full_text.clone(), self.stop.clone()).await?;
                let Some(made) = made else { return Ok(()) };
                self.serve(made).await?
            }
        };
        self.full_text.0.folder.mark_unclean()?;
        let mut making: Option<JoinHandle<Result<Option<Made>>>> = None;
        loop {
            if *self.stop.borrow() {
                break;
            }
            self.still_there(lock, &at.generation)?;
            if making.is_none() && self.full_text.0.folder.rebuild_is_requested() {
                making = Some(tokio::spawn(make(self.full_text.clone(), self.stop.clone())));
            }
            if making.as_ref().is_some_and(JoinHandle::is_finished)
                && let Some(task) = making.take()
            {
                let made = task.await.map_err(|error| Error::Task(error.to_string()))??;
                if let Some(made) = made {
                    let former = std::mem::replace(&mut at, self.serve(made).await?);
                    blocking(move || former.writer.close()).await?;
                    self.full_text.0.folder.remove_others(&at.generation.name)?;
                    self.full_text.0.folder.rebuild_was_done()?;
                }
            }
            let moved;
            (at, moved) = self.step(at).await?;
            if moved {
                self.publish(&at).await?;
            } else {
                self.tell_record(at.position).await;
                self.wait().await;
            }
        }
        if let Some(task) = making {
            // It sees the same stop and leaves its half-made folder to be removed at the next start.
            task.await.map_err(|error| Error::Task(error.to_string()))??;
        }
        let writer = at.writer;
        blocking(move || writer.close()).await?;
        self.full_text.0.folder.mark_clean()
    }

    /// The generation on disk, when it can be trusted.
    async fn usable(&self) -> Result<Option<Made>> {
        let full_text = self.full_text.clone();
        let opened = blocking(move || {
            let folder = &full_text.0.folder;
            let Some(name) = folder.current()? else {
                return Ok(None);
            };
            let (generation, payload) = Generation::open(&folder.path_of(&name), &name)?;
            if !full_text.is_of_this_record(&payload) {
                return Err(Error::unusable(&folder.path_of(&name), "it belongs to another record"));
            }
            if folder.was_left_unclean() {
                generation.verify()?;
            }
            folder.remove_others(&name)?;
            let writer = generation.writer(&WriterLimits::FOLLOWING)?;
            Ok(Some(Made {
                generation,
                writer,
                position: payload.position(),
            }))
        })
        .await;
        let made = match opened {
            Ok(Some(made)) => made,
            Ok(None) => return Ok(None),
            Err(error) => {
                tracing::warn!(%error, "index.generation.unusable");
                return Ok(None);
            }
        };
        if made.position > self.full_text.0.system.change_log_head().await? {
            tracing::warn!("index.generation.from_the_future");
            return Ok(None);
        }
        self.publish(&made).await?;
        Ok(Some(made))
    }

    /// Brings a new generation up to the log and makes it the current one.
    async fn serve(&self, mut made: Made) -> Result<Made> {
        loop {
            let moved;
            (made, moved) = self.step(made).await?;
            if !moved {
                break;
            }
        }
        let full_text = self.full_text.clone();
        let name = made.generation.name.clone();
        blocking(move || full_text.0.folder.set_current(&name)).await?;
        self.publish(&made).await?;
        self.full_text.0.rebuilding.store(false, Ordering::Relaxed);
        tracing::info!(generation = made.generation.name, "index.generation.serves");
        // The memory of a rebuild is given back: from now on changes come one by one.
        let Made {
            generation,
            writer,
            position,
        } = made;
        blocking(move || {
            writer.close()?;
            let writer = generation.writer(&WriterLimits::FOLLOWING)?;
            Ok(Made {
                generation,
                writer,
                position,
            })
        })
        .await
    }

    /// Applies the next piece of the log; false when there was nothing.
    async fn step(&self, made: Made) -> Result<(Made, bool)> {
        let system = &self.full_text.0.system;
        let rows = system.changes_after(made.position, ROWS_MAX).await?;
        let Some(last) = rows.last() else {
            return Ok((made, false));
        };
        let mut batch = Batch::default();
        let mut position = last.position;
        let mut done = HashSet::new();
        for chunk in rows.chunks(ROWS_READ) {
            // The entries are read after the rows, so the first row of a thing brings its newest state.
            let fresh: Vec<ChangeRow> = chunk
                .iter()
                .filter(|row| done.insert((row.subject, row.uid)))
                .copied()
                .collect();
            batch.read(system, &fresh).await?;
            if batch.pages() >= PAGES_PER_COMMIT {
                position = chunk.last().map_or(position, |row| row.position);
                break;
            }
        }
        let payload = self.full_text.payload(&made.generation.name, position);
        let Made {
            generation, mut writer, ..
        } = made;
        let made = blocking(move || {
            batch.apply(&mut writer)?;
            writer.commit(&payload)?;
            Ok(Made {
                generation,
                writer,
                position,
            })
        })
        .await?;
        Ok((made, true))
    }

    async fn publish(&self, made: &Made) -> Result<()> {
        let present = self.full_text.present();
        let generation = made.generation.clone();
        let full_text = self.full_text.clone();
        let position = made.position;
        blocking(move || {
            let opened = match present.filter(|opened| opened.generation.name == generation.name && opened.is_on_disk())
            {
                Some(opened) => opened,
                None => {
                    let shelf = generation.shelf()?;
                    Arc::new(ServingGeneration { generation, shelf })
                }
            };
            opened.shelf.reload()?;
            full_text.publish(opened, position);
            Ok(())
        })
        .await
    }

    /// Somebody may delete the folder under a running program: then everything is made anew.
    fn still_there(&self, lock: &FollowerLock, generation: &Generation) -> Result<()> {
        let folder = &self.full_text.0.folder;
        let current = folder.current()?;
        if lock.is_ours() && generation.is_on_disk() && current.as_ref() == Some(&generation.name) {
            return Ok(());
        }
        Err(Error::unusable(folder.root(), "it was deleted or replaced"))
    }

    async fn tell_record(&mut self, position: Position) {
        if self.moved == Some(position) {
            return;
        }
        match self.full_text.0.system.follower_moved(NAME, position).await {
            Ok(()) => self.moved = Some(position),
            // The truth stands in the commit; the record's copy is for people.
            Err(error) => tracing::warn!(%error, "index.follower.not_recorded"),
        }
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.stop.changed() => {}
            () = self.full_text.0.kick.notified() => {}
            () = tokio::time::sleep(LOOK_INTERVAL) => {}
        }
    }
}

impl FullText {
    pub(crate) fn is_of_this_record(&self, payload: &Payload) -> bool {
        let identity = self.0.system.identity();
        payload.archive_id == identity.archive_id && payload.db_epoch == identity.db_epoch
    }

    fn payload(&self, generation: &str, position: Position) -> Payload {
        let identity = self.0.system.identity();
        Payload {
            xid: position.xid,
            seq: position.seq,
            db_epoch: identity.db_epoch.clone(),
            archive_id: identity.archive_id.clone(),
            schema_hash: schema_hash(),
            generation: generation.to_owned(),
        }
    }
}

impl ServingGeneration {
    fn is_on_disk(&self) -> bool {
        self.generation.is_on_disk()
    }
}

/// Makes a generation from the whole record; `None` when it was told to stop.
async fn make(full_text: FullText, stop: watch::Receiver<bool>) -> Result<Option<Made>> {
    let system = &full_text.0.system;
    full_text.0.rebuilt.store(0, Ordering::Relaxed);
    full_text.0.rebuilding.store(true, Ordering::Relaxed);
    // Everything up to here is in what is read below; what comes later is followed.
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
        let mut read: Option<(i64, usize, Batch)> = None;
        // What was read is written while the next is read.
        loop {
            let reading = async {
                let uids = match subject {
                    ChangeSubject::Customer => system.customer_uids_after(after, CHUNK).await?,
                    _ => system.document_uids_after(after, CHUNK).await?,
                };
                let Some(last) = uids.last().copied() else {
                    return Ok(None);
                };
                let row = |uid| ChangeRow { position, subject, uid };
                let rows: Vec<ChangeRow> = uids.into_iter().map(row).collect();
                let mut batch = Batch::default();
                batch.read(system, &rows).await?;
                Ok::<_, Error>(Some((last, rows.len(), batch)))
            };
            let writing = async {
                match read.take() {
                    Some((_, count, batch)) => {
                        let written = blocking(move || {
                            batch.apply_new(&mut writer)?;
                            Ok(writer)
                        });
                        full_text.0.rebuilt.fetch_add(count as u64, Ordering::Relaxed);
                        written.await
                    }
                    None => Ok(writer),
                }
            };
            let (next, written) = tokio::join!(reading, writing);
            (read, writer) = (next?, written?);
            if *stop.borrow() {
                drop(writer);
                full_text.0.folder.remove(&generation.name)?;
                return Ok(None);
            }
            match &read {
                Some((last, ..)) => after = *last,
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
    Ok(Some(Made {
        generation,
        writer,
        position,
    }))
}

/// The end of the log that no running transaction can still precede.
async fn settled_head(system: &System) -> Result<Position> {
    let mut position = Position::default();
    loop {
        let rows = system.changes_after(position, 10_000).await?;
        match rows.last() {
            Some(last) => position = last.position,
            None => return Ok(position),
        }
    }
}

/// Entries that wait to be written.
#[derive(Default)]
struct Batch {
    documents: Vec<(i64, Option<DocumentEntry>)>,
    dossiers: Vec<(i64, Option<DossierEntry>)>,
}

enum Entries {
    Documents(Vec<i64>, Vec<DocumentEntry>),
    Dossiers(Vec<i64>, Vec<DossierEntry>),
}

impl Batch {
    async fn read(&mut self, system: &System, rows: &[ChangeRow]) -> Result<()> {
        let uids_of = |subject: ChangeSubject| -> Vec<i64> {
            let rows = rows.iter().filter(|row| row.subject == subject);
            rows.map(|row| row.uid).collect()
        };
        let mut reads = JoinSet::new();
        for uids in uids_of(ChangeSubject::Document).chunks(READ_TOGETHER) {
            let (system, uids) = (system.clone(), uids.to_vec());
            reads.spawn(async move {
                let found = source::documents(&system, &uids).await?;
                Ok::<_, Error>(Entries::Documents(uids, found))
            });
        }
        for uids in uids_of(ChangeSubject::Customer).chunks(READ_TOGETHER) {
            let (system, uids) = (system.clone(), uids.to_vec());
            reads.spawn(async move {
                let found = source::dossiers(&system, &uids).await?;
                Ok::<_, Error>(Entries::Dossiers(uids, found))
            });
        }
        // Pages carry the number of their place, not its code: changes of places change nothing here.
        while let Some(entries) = reads.join_next().await {
            match entries.map_err(|error| Error::Task(error.to_string()))?? {
                Entries::Documents(uids, found) => {
                    let mut found: HashMap<i64, DocumentEntry> =
                        found.into_iter().map(|entry| (entry.document_uid, entry)).collect();
                    let entries = uids.into_iter().map(|uid| (uid, found.remove(&uid)));
                    self.documents.extend(entries);
                }
                Entries::Dossiers(uids, found) => {
                    let mut found: HashMap<i64, DossierEntry> =
                        found.into_iter().map(|entry| (entry.customer_uid, entry)).collect();
                    let entries = uids.into_iter().map(|uid| (uid, found.remove(&uid)));
                    self.dossiers.extend(entries);
                }
            }
        }
        // Reads end in any order; the index is written in one.
        self.documents.sort_by_key(|(uid, _)| *uid);
        self.dossiers.sort_by_key(|(uid, _)| *uid);
        Ok(())
    }

    fn pages(&self) -> usize {
        let pages = |entry: &Option<DocumentEntry>| entry.as_ref().map_or(1, |entry| entry.pages.len().max(1));
        self.documents.iter().map(|(_, entry)| pages(entry)).sum::<usize>() + self.dossiers.len() / 4
    }

    fn apply(&self, writer: &mut GenerationWriter) -> Result<()> {
        for (uid, entry) in &self.documents {
            match entry {
                Some(entry) => writer.put_document(entry)?,
                None => writer.remove_document(*uid),
            }
        }
        for (uid, entry) in &self.dossiers {
            match entry {
                Some(entry) => writer.put_dossier(entry)?,
                None => writer.remove_dossier(*uid),
            }
        }
        Ok(())
    }

    /// Into a generation that holds nothing of it yet.
    fn apply_new(&self, writer: &mut GenerationWriter) -> Result<()> {
        for entry in self.documents.iter().filter_map(|(_, entry)| entry.as_ref()) {
            writer.add_document(entry)?;
        }
        for entry in self.dossiers.iter().filter_map(|(_, entry)| entry.as_ref()) {
            writer.add_dossier(entry)?;
        }
        Ok(())
    }
}
