//! The full text as the rest of the program holds it: what serves, how fresh it is, rebuild and status.
//! Searching is in `find.rs`, following the change log in `follower.rs`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use records::changes::Position;
use records::{Archive, System};
use tokio::sync::{Notify, watch};

use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::generation::{Generation, Payload};
use crate::query::QueryLimits;
use crate::readers::IndexReaders;
use crate::request::SearchLimits;
use crate::schema::schema_hash;

/// The folder of the full text and what a search may cost.
#[derive(Debug, Clone)]
pub struct FullTextConfig {
    pub folder: PathBuf,
    pub query: QueryLimits,
    pub search: SearchLimits,
}

impl FullTextConfig {
    /// The limits of the design.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        FullTextConfig {
            folder: folder.into(),
            query: QueryLimits::default(),
            search: SearchLimits::default(),
        }
    }
}

/// Whether a recent change can be found already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    Reached,
    /// The time was up; the index has reached this position.
    Behind(Position),
}

/// For `doctor`, `/readyz` and the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTextStatus {
    pub generation: Option<String>,
    pub pages: u64,
    pub dossiers: u64,
    pub position: Position,
    /// Whether this process follows the change log for all.
    pub following: bool,
    /// Documents read so far while a new generation is made.
    pub rebuilding: Option<u64>,
}

/// How long a search waits for the first generation (a small archive takes less).
const FIRST_GENERATION_WAIT: Duration = Duration::from_secs(5);
/// How often a process that does not follow polls what the following one has committed. No signal
/// between processes works everywhere; a poll reads one small file.
const OTHER_PROCESS_INTERVAL: Duration = Duration::from_millis(50);

/// A handle that is cheap to clone.
#[derive(Clone)]
pub struct FullText(pub(crate) Arc<FullTextState>);

pub(crate) struct FullTextState {
    pub folder: Folder,
    pub archive: Archive,
    pub system: System,
    pub config: FullTextConfig,
    /// What serves; absent until a first generation is usable.
    opened: RwLock<Option<Arc<ServingGeneration>>>,
    /// The position that searches of this process have reached.
    reached: watch::Sender<Option<Position>>,
    /// Wakes the follower before its next poll.
    pub kick: Notify,
    pub following: AtomicBool,
    pub rebuilding: AtomicBool,
    pub rebuilt: AtomicU64,
}

pub(crate) struct ServingGeneration {
    pub generation: Generation,
    pub readers: IndexReaders,
}

impl FullText {
    /// Opens what is there, if it belongs to this record. Never fails because of the content of the
    /// folder: full text is derived data, and the follower rebuilds it.
    pub async fn open(config: FullTextConfig, archive: Archive, system: System) -> Result<Self> {
        let full_text = FullText(Arc::new(FullTextState {
            folder: Folder::new(&config.folder),
            archive,
            system,
            config,
            opened: RwLock::new(None),
            reached: watch::channel(None).0,
            kick: Notify::new(),
            following: AtomicBool::new(false),
            rebuilding: AtomicBool::new(false),
            rebuilt: AtomicU64::new(0),
        }));
        full_text.refresh().await;
        Ok(full_text)
    }

    /// Waits until the change at `position` of the change log can be found, at most `patience`.
    pub async fn wait_for(&self, position: Position, patience: Duration) -> Freshness {
        let mut reached = self.0.reached.subscribe();
        let arrival = async {
            loop {
                if (*reached.borrow_and_update()).is_some_and(|now| now >= position) {
                    return;
                }
                self.0.kick.notify_one();
                tokio::select! {
                    changed = reached.changed() => if changed.is_err() { return },
                    () = tokio::time::sleep(OTHER_PROCESS_INTERVAL) => {
                        if !self.0.following.load(Ordering::Relaxed) {
                            self.refresh().await;
                        }
                    }
                }
            }
        };
        match tokio::time::timeout(patience, arrival).await {
            Ok(()) => Freshness::Reached,
            Err(_) => Freshness::Behind(self.position().unwrap_or_default()),
        }
    }

    /// Waits until everything committed to the record before this call can be found.
    pub async fn wait_for_head(&self, patience: Duration) -> Result<Freshness> {
        let head = self.0.system.change_log_head().await?;
        Ok(self.wait_for(head, patience).await)
    }

    /// Wakes the follower of this process after a change, before its next poll.
    pub fn wake(&self) {
        self.0.kick.notify_one();
    }

    /// Requests a new generation, made while the present one serves, and waits until it serves. Some
    /// process must follow ([`FullText::start`]); `patience` ends the waiting, not the rebuild.
    pub async fn rebuild(&self, patience: Duration) -> Result<bool> {
        let before = self.current_name();
        self.0.folder.request_rebuild()?;
        self.0.kick.notify_one();
        let arrival = async {
            let mut reached = self.0.reached.subscribe();
            while self.current_name() == before || self.0.folder.rebuild_is_requested() {
                tokio::select! {
                    changed = reached.changed() => if changed.is_err() { return },
                    () = tokio::time::sleep(OTHER_PROCESS_INTERVAL) => {
                        if !self.0.following.load(Ordering::Relaxed) {
                            self.refresh().await;
                        }
                    }
                }
            }
        };
        Ok(tokio::time::timeout(patience, arrival).await.is_ok())
    }

    pub fn status(&self) -> FullTextStatus {
        let opened = self.present();
        let (pages, dossiers) = opened.as_ref().map_or((0, 0), |opened| opened.readers.counts());
        let rebuilding = self.0.rebuilding.load(Ordering::Relaxed);
        FullTextStatus {
            generation: opened.map(|opened| opened.generation.name.clone()),
            pages,
            dossiers,
            position: self.position().unwrap_or_default(),
            following: self.0.following.load(Ordering::Relaxed),
            rebuilding: rebuilding.then(|| self.0.rebuilt.load(Ordering::Relaxed)),
        }
    }

    pub(crate) fn position(&self) -> Option<Position> {
        *self.0.reached.borrow()
    }

    /// Lets searches see a commit.
    pub(crate) fn publish(&self, opened: Arc<ServingGeneration>, position: Position) {
        *self.0.opened.write().unwrap_or_else(PoisonError::into_inner) = Some(opened);
        self.0.reached.send_replace(Some(position));
    }

    pub(crate) fn present(&self) -> Option<Arc<ServingGeneration>> {
        self.0.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens what another process has committed. A damaged folder is left to the follower.
    pub(crate) async fn refresh(&self) {
        let full_text = self.clone();
        let looked = blocking(move || full_text.look()).await;
        if let Err(error) = looked {
            tracing::debug!(%error, "index.refresh.failed");
        }
    }

    fn look(&self) -> Result<()> {
        let Some(name) = self.0.folder.current()? else {
            return Ok(());
        };
        let opened = match self.present().filter(|opened| opened.generation.name == name) {
            Some(opened) => opened,
            None => {
                let path = self.0.folder.path_of(&name);
                let (generation, _) = Generation::open(&path, &name)?;
                let readers = generation.readers()?;
                Arc::new(ServingGeneration { generation, readers })
            }
        };
        let payload = opened.generation.payload()?;
        if !self.is_of_this_record(&payload) {
            return Err(Error::unusable(
                &self.0.folder.path_of(&name),
                "it belongs to another record",
            ));
        }
        if self.position() != Some(payload.position()) || self.current_name().as_ref() != Some(&name) {
            opened.readers.reload()?;
            self.publish(opened, payload.position());
        }
        Ok(())
    }

    pub(crate) fn is_of_this_record(&self, payload: &Payload) -> bool {
        let identity = self.0.system.identity();
        payload.archive_id == identity.archive_id && payload.db_epoch == identity.db_epoch
    }

    /// What a commit of this record at `position` says about itself.
    pub(crate) fn payload(&self, generation: &str, position: Position) -> Payload {
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

    fn current_name(&self) -> Option<String> {
        self.present().map(|opened| opened.generation.name.clone())
    }

    /// What serves; waits a moment for the first generation.
    pub(crate) async fn opened(&self) -> Result<Arc<ServingGeneration>> {
        let mut reached = self.0.reached.subscribe();
        let arrival = async {
            loop {
                if let Some(opened) = self.present() {
                    return opened;
                }
                tokio::select! {
                    _ = reached.changed() => {}
                    () = tokio::time::sleep(OTHER_PROCESS_INTERVAL) => self.refresh().await,
                }
            }
        };
        let arrived = tokio::time::timeout(FIRST_GENERATION_WAIT, arrival).await;
        arrived.map_err(|_| Error::Rebuilding {
            done: self.0.rebuilt.load(Ordering::Relaxed),
        })
    }
}

/// Runs `work` where it may block.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::Task(error.to_string())),
    }
}
