//! What every handler is given: the doors of the record, the finding aid, the page images, the world outside.

use crate::{
    config::WebConfig,
    http::{error::Result, metrics::Metrics},
    passwords::Passwords,
    rail::Rail,
};
use index::{Freshness, FullText};
use records::{
    Archive, Asker, Environment, Gate, changes::Position, page_images::PageImages, settings::ArchiveSettings,
    tables::reader::TableReader,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};
use tokio::sync::Semaphore;

/// How long a reader waits for the change that they saw.
const CATCH_UP_MAX: Duration = Duration::from_secs(5);
/// How long whoever hides something waits until it is hidden everywhere.
const HIDE_MAX: Duration = Duration::from_secs(20);

/// What the program wires together.
pub struct WebParts {
    pub archive: Archive,
    pub gate: Gate,
    pub finder: FullText,
    pub images: Arc<dyn PageImages>,
    pub tables: Arc<dyn TableReader>,
    pub environment: Environment,
    pub config: WebConfig,
    /// As they are at the start; every request of a person reads them anew.
    pub settings: Arc<ArchiveSettings>,
}

#[derive(Clone)]
pub struct Web(Arc<Inside>);

pub struct Inside {
    pub archive: Archive,
    pub gate: Gate,
    pub finder: FullText,
    pub images: Arc<dyn PageImages>,
    pub tables: Arc<dyn TableReader>,
    pub image_turns: Semaphore,
    pub environment: Environment,
    pub config: WebConfig,
    pub passwords: Passwords,
    pub metrics: Metrics,
    /// Entries of the rail by the name of their subject.
    pub rails: Vec<(&'static str, Rail)>,
    /// Where the change log stood after somebody's last change, until full text has reached it.
    written: Mutex<HashMap<String, Position>>,
    /// The settings of the archive as the newest request found them.
    settings: RwLock<Arc<ArchiveSettings>>,
}

impl Web {
    pub fn new(parts: WebParts, rails: Vec<(&'static str, Rail)>) -> Self {
        let WebParts {
            archive,
            gate,
            finder,
            images,
            tables,
            environment,
            config,
            settings,
        } = parts;
        Self(Arc::new(Inside {
            archive,
            gate,
            finder,
            images,
            tables,
            image_turns: Semaphore::new(config.limits.images_at_once),
            passwords: Passwords::new(config.limits.hashes_at_once, &environment),
            environment,
            config,
            metrics: Metrics::default(),
            rails,
            written: Mutex::default(),
            settings: RwLock::new(settings),
        }))
    }

    /// The settings of the archive: its name, its time zone, what levels are called.
    pub fn settings(&self) -> Arc<ArchiveSettings> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes up what somebody has changed, here or with another program, so that it acts at once.
    ///
    /// # Errors
    /// When the record does not answer.
    pub async fn read_settings(&self, asker: &Asker) -> Result<()> {
        let newest = self.archive.settings(asker).await?;
        if newest.version != self.settings().version {
            *self.settings.write().unwrap_or_else(PoisonError::into_inner) = newest;
        }
        Ok(())
    }

    /// After a change: the next search of whoever made it will wait for it, and the follower is told to look now.
    ///
    /// # Errors
    /// When the record does not answer.
    pub async fn wrote(&self, asker: &Asker) -> Result<()> {
        let head = self.archive.change_log_head(asker).await?;
        self.written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(asker.name().to_owned(), head);
        self.finder.wake();
        Ok(())
    }

    /// After a change that hides something: the answer leaves when full text hides it too, so that no count tells of it
    /// any more.
    ///
    /// # Errors
    /// When the record does not answer.
    pub async fn hid(&self, asker: &Asker) -> Result<()> {
        self.wrote(asker).await?;
        let head = self.archive.change_log_head(asker).await?;
        if self.finder.wait_for(head, HIDE_MAX).await != Freshness::Reached {
            // The record hides it already: hits and pages are checked there once more before they leave.
            tracing::warn!("web.hidden.full_text_is_behind");
        }
        Ok(())
    }

    /// Before a search: waits until full text holds what this person changed last. Others wait for nothing.
    pub async fn catch_up(&self, asker: &Asker) -> Option<Freshness> {
        let position = *self
            .written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(asker.name())?;
        let freshness = self.finder.wait_for(position, CATCH_UP_MAX).await;
        if freshness == Freshness::Reached {
            let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            written.retain(|name, known| name != asker.name() || *known != position);
        }
        Some(freshness)
    }
}

impl std::ops::Deref for Web {
    type Target = Inside;

    fn deref(&self) -> &Inside {
        &self.0
    }
}
