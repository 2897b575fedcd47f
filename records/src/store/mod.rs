//! The store behind the three doors: one database, one vault, one identity that both must share.

pub(crate) mod audit_event;
pub(crate) mod change_subject;
mod history_sql;
pub(crate) mod kept_copy_sql;
pub(crate) mod lately;
pub(crate) mod process;
pub(crate) mod recorded;
mod recorder_sql;
pub(crate) mod sql;
pub(crate) mod vault;
mod write_sql;
#[cfg(test)]
mod write_tests;

use crate::{Environment, Result};
pub(crate) use audit_event::EventDraft;
use lately::Lately;
use std::{
    any::Any,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{mpsc, oneshot};
use vault::Vault;
pub(crate) use write_sql::{Insert, Update};

/// Where the record is stored.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file on a local disk. Never on NFS or SMB: SQLite's locks do not hold there.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`
    Postgres(String),
}

#[derive(Debug, Clone)]
pub struct StoreConfig {
    pub database: Database,
    /// Folder of scan files, by digest.
    pub vault: PathBuf,
    /// Folder in which each process stages in a locked folder of its own.
    pub staging: PathBuf,
    /// Connections for reading. SQLite has one more for writing.
    pub readers: u32,
    /// Limits of signing in, of sessions, tokens and grants.
    pub access_limits: AccessLimits,
}

/// Limits of signing in (NIST SP 800-63B for the password length).
#[derive(Debug, Clone, Copy)]
pub struct AccessLimits {
    pub session_idle_s: i64,
    pub session_absolute_s: i64,
    /// Of the link for the first administrator, which is printed on the terminal.
    pub one_time_link_s: i64,
    /// Of a link with which a person sets a password; it goes to them by mail or chat.
    pub invitation_s: i64,
    /// After this many failures within the window a name must wait in one network, or in one browser.
    pub failures_before_delay: i64,
    /// The same for a whole network, and for a name from all networks together.
    pub failures_before_delay_of_many: i64,
    pub failure_window_s: i64,
    /// The wait doubles with each failure up to this, so that nobody is locked out for good.
    pub failure_delay_s_max: i64,
    pub password_characters_min: usize,
    pub password_characters_max: usize,
    pub token_days_max: i64,
    pub grant_days_max: i64,
}

impl Default for AccessLimits {
    fn default() -> Self {
        Self {
            session_idle_s: 8 * 3600,
            session_absolute_s: 24 * 3600,
            one_time_link_s: 15 * 60,
            invitation_s: 24 * 3600,
            failures_before_delay: 10,
            failures_before_delay_of_many: 100,
            failure_window_s: 15 * 60,
            failure_delay_s_max: 60,
            password_characters_min: 10,
            password_characters_max: 256,
            token_days_max: 366,
            grant_days_max: 366,
        }
    }
}

/// What database, vault and index must agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveIdentity {
    /// Made once with the database, never changed.
    pub archive_id: String,
    /// Made anew when a database is restored; an index of another epoch is rebuilt.
    pub db_epoch: String,
}

/// The door for people. Every method takes the [`Asker`](crate::Asker).
#[derive(Clone)]
pub struct Archive(pub(crate) Arc<Store>);

/// The door for the machine: ingest, the follower of the change log, checks. It sees everything.
#[derive(Clone)]
pub struct System(pub(crate) Arc<Store>);

/// The door at which proof of identity becomes an [`crate::Asker`].
#[derive(Clone)]
pub struct Gate(pub(crate) Arc<Store>);

/// All doors of one opened store.
#[derive(Clone)]
pub struct Doors {
    pub archive: Archive,
    pub system: System,
    pub gate: Gate,
    /// The archive was made by this opening.
    pub is_new: bool,
}

/// One opened record. Other rooms hold a door instead.
pub struct Store {
    pub(crate) readers: sqlx::AnyPool,
    pub(crate) writer: sqlx::AnyPool,
    pub(crate) dialect: sql::Dialect,
    pub(crate) environment: Environment,
    pub(crate) identity: ArchiveIdentity,
    /// Descriptions of the tables whose rows have a history.
    pub(crate) recorded: &'static [&'static recorded::Recorded],
    pub(crate) access_limits: AccessLimits,
    pub(crate) settings: Newest,
    pub(crate) vault: Vault,
    pub(crate) read_events: mpsc::Sender<ReadEvent>,
    pub(crate) lately: Lately,
}

/// The newest value that a subject has read and keeps in memory. The subject alone knows its type.
#[derive(Default)]
pub(crate) struct Newest(Mutex<Option<Arc<dyn Any + Send + Sync>>>);

impl Newest {
    pub fn get<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let value = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        value.and_then(|value| value.downcast().ok())
    }

    pub fn put<T: Any + Send + Sync>(&self, value: Arc<T>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }
}

/// A read that waits to be written into the audit trail, and who waits for it.
pub(crate) struct ReadEvent {
    pub actor: String,
    pub event: EventDraft,
    /// The account and the query of a search that was sent, to be remembered with it.
    pub search: Option<(i64, String)>,
    pub written: oneshot::Sender<Result<()>>,
}

impl System {
    pub fn identity(&self) -> &ArchiveIdentity {
        &self.0.identity
    }

    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    pub fn environment(&self) -> &Environment {
        &self.0.environment
    }

    /// `sqlite` or `postgres`, for `doctor` and the start-up line.
    pub fn dialect_name(&self) -> &'static str {
        self.0.dialect.name()
    }
}
