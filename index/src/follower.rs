//! The follower of the change log: the only writer of the full text.
//!
//! The process that holds `index/LOCK` follows for all. Changes are applied in the order of the log, a
//! whole document at a time (delete, then add), and committed together with the position reached; after
//! a crash the log is read again from the last commit. When there is no usable generation (deleted,
//! damaged, of another version or another epoch of the record), `rebuild.rs` makes one from the whole
//! record; a requested one is made beside the present one, which goes on serving and following.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use records::changes::{ChangeRow, Position};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::change_batch::ChangeBatch;
use crate::error::{Error, Result};
use crate::folder::FollowerLock;
use crate::full_text::{FullText, ServingGeneration, blocking};
use crate::generation::{Generation, WriterLimits};
use crate::rebuild::{WritableGeneration, rebuild};

/// How often the log is polled when nobody wakes the follower (changes of other processes).
const POLL_INTERVAL: Duration = Duration::from_millis(200);
/// After a failure, and while another process follows.
const PAUSE: Duration = Duration::from_millis(500);
/// Rows read and pages applied before a commit.
const ROWS_MAX: usize = 1_000;
const PAGES_PER_COMMIT: usize = 1_000;
/// Rows of the log whose documents are read before the pages are counted.
const ROWS_READ: usize = 32;
/// The name under which the record keeps the position of this follower.
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

    /// Ends after the current commit and closes the index. The rest of the log is applied by the next
    /// follower.
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
    /// The position last reported to the record.
    moved: Option<Position>,
}

impl Follower {
    /// Follows until told to stop (`Ok`) or until something fails.
    async fn follow(&mut self, lock: &FollowerLock) -> Result<()> {
        let mut at = match self.usable().await? {
            Some(made) => made,
            None => {
                let made = rebuild(self.full_text.clone(), self.stop.clone()).await?;
                let Some(made) = made else { return Ok(()) };
                self.serve(made).await?
            }
        };
        self.full_text.0.folder.mark_unclean()?;
        let mut making: Option<JoinHandle<Result<Option<WritableGeneration>>>> = None;
        loop {
            if *self.stop.borrow() {
                break;
            }
            self.still_there(lock, &at.generation)?;
            if making.is_none() && self.full_text.0.folder.rebuild_is_requested() {
                making = Some(tokio::spawn(rebuild(self.full_text.clone(), self.stop.clone())));
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
                self.report_position(at.position).await;
                self.wait().await;
            }
        }
        if let Some(task) = making {
            // It receives the same stop; its unfinished folder is removed at the next start.
            task.await.map_err(|error| Error::Task(error.to_string()))??;
        }
        let writer = at.writer;
        blocking(move || writer.close()).await?;
        self.full_text.0.folder.mark_clean()
    }

    /// The generation on disk, if it can be trusted.
    async fn usable(&self) -> Result<Option<WritableGeneration>> {
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
            Ok(Some(WritableGeneration {
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

    /// Brings a new generation up to date with the log and makes it the current one.
    async fn serve(&self, mut made: WritableGeneration) -> Result<WritableGeneration> {
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
        // Release the memory of the rebuild: from now on changes come one by one.
        let WritableGeneration {
            generation,
            writer,
            position,
        } = made;
        blocking(move || {
            writer.close()?;
            let writer = generation.writer(&WriterLimits::FOLLOWING)?;
            Ok(WritableGeneration {
                generation,
                writer,
                position,
            })
        })
        .await
    }

    /// Applies the next piece of the log; false when there was nothing.
    async fn step(&self, made: WritableGeneration) -> Result<(WritableGeneration, bool)> {
        let system = &self.full_text.0.system;
        let rows = system.changes_after(made.position, ROWS_MAX).await?;
        let Some(last) = rows.last() else {
            return Ok((made, false));
        };
        let mut batch = ChangeBatch::default();
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
        let WritableGeneration {
            generation, mut writer, ..
        } = made;
        let made = blocking(move || {
            batch.apply(&mut writer)?;
            writer.commit(&payload)?;
            Ok(WritableGeneration {
                generation,
                writer,
                position,
            })
        })
        .await?;
        Ok((made, true))
    }

    async fn publish(&self, made: &WritableGeneration) -> Result<()> {
        let present = self.full_text.present();
        let generation = made.generation.clone();
        let full_text = self.full_text.clone();
        let position = made.position;
        blocking(move || {
            let opened = match present
                .filter(|opened| opened.generation.name == generation.name && opened.generation.is_on_disk())
            {
                Some(opened) => opened,
                None => {
                    let readers = generation.readers()?;
                    Arc::new(ServingGeneration { generation, readers })
                }
            };
            opened.readers.reload()?;
            full_text.publish(opened, position);
            Ok(())
        })
        .await
    }

    /// The folder may be deleted under a running program: then everything is rebuilt.
    fn still_there(&self, lock: &FollowerLock, generation: &Generation) -> Result<()> {
        let folder = &self.full_text.0.folder;
        let current = folder.current()?;
        if lock.is_ours() && generation.is_on_disk() && current.as_ref() == Some(&generation.name) {
            return Ok(());
        }
        Err(Error::unusable(folder.root(), "it was deleted or replaced"))
    }

    async fn report_position(&mut self, position: Position) {
        if self.moved == Some(position) {
            return;
        }
        match self.full_text.0.system.follower_moved(NAME, position).await {
            Ok(()) => self.moved = Some(position),
            // The commit holds the position that counts; the record's copy is for people.
            Err(error) => tracing::warn!(%error, "index.follower.not_recorded"),
        }
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.stop.changed() => {}
            () = self.full_text.0.kick.notified() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
    }
}

impl FullText {
    /// Follows the change log for all processes as soon as no other process does.
    pub fn start(&self) -> Following {
        Following::start(self.clone())
    }
}
