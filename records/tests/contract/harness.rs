//! A fresh archive for each test, with a clock that stands still until the test moves it.

use crate::postgres::Cluster;
use records::{
    Archive, Asker, Clock, Environment, Gate, Moment, Random, Roles, SecurityLevel, System,
    changes::{ChangeRow, Position},
    identity::UserDraft,
    store::{Database, Doors, StoreConfig},
};
use sha2::{Digest, Sha256};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

pub type Outcome = Result<(), String>;

type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

#[derive(Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    pub run: fn(Arc<TestArchive>) -> Running,
}

/// Lists async functions that take `Arc<TestArchive>` as cases, each named after its module and itself.
#[macro_export]
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        pub fn cases() -> Vec<$crate::harness::Case> {
            vec![$($crate::harness::Case {
                name: concat!(module_path!(), "::", stringify!($name)).trim_start_matches("contract::"),
                run: |archive| Box::pin(async move {
                    let outcome: records::Result<()> = $name(archive).await;
                    outcome.map_err(|cause| format!("{} ({})", cause, cause.code()))
                }),
            }),*]
        }
    };
}

/// 2026-03-01T00:00:00Z
const BEGINNING: Moment = Moment::from_micros(1_772_323_200_000_000);

pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// The same numbers in every run, different ones at every call.
pub struct TestRandom(AtomicU64);

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let digest = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

pub struct TestArchive {
    pub archive: Archive,
    pub system: System,
    pub gate: Gate,
    pub environment: Environment,
    clock: Arc<TestClock>,
    config: StoreConfig,
    // Dropped last: the folder of database and vault.
    _folder: tempfile::TempDir,
}

impl TestArchive {
    pub async fn open(cluster: Option<&Cluster>) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|cause| cause.to_string())?;
        let clock = Arc::new(TestClock(AtomicI64::new(BEGINNING.micros())));
        let environment = Environment {
            clock: clock.clone(),
            random: Arc::new(TestRandom(AtomicU64::new(1))),
        };
        let database = match cluster {
            None => Database::Sqlite(folder.path().join("records.sqlite")),
            Some(cluster) => Database::Postgres(cluster.new_database()?),
        };
        let config = StoreConfig {
            database,
            vault: folder.path().join("vault"),
            staging: folder.path().join("staging"),
            readers: 3,
            access_limits: records::identity::AccessLimits::default(),
        };
        let Doors { archive, system, gate } = config
            .clone()
            .open(environment.clone())
            .await
            .map_err(|cause| cause.to_string())?;
        Ok(Self {
            archive,
            system,
            gate,
            environment,
            clock,
            config,
            _folder: folder,
        })
    }

    /// A second program that opens the same archive.
    pub async fn open_again(&self) -> records::Result<Doors> {
        self.config.clone().open(self.environment.clone()).await
    }

    pub async fn close(&self) {
        self.system.close().await;
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.config.database, Database::Sqlite(_))
    }

    /// A connection past all doors, for what no door shows.
    pub async fn database(&self) -> sqlx::AnyPool {
        let url = match &self.config.database {
            Database::Sqlite(path) => format!("sqlite://{}", path.display()),
            Database::Postgres(url) => url.clone(),
        };
        sqlx::AnyPool::connect(&url)
            .await
            .expect("the database of the test can be opened")
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// The change log after a position, once it holds so many rows. On PostgreSQL a row is settled only when no older
    /// transaction runs anywhere in the cluster, and the other tests share the cluster.
    pub async fn settled_changes(&self, after: Position, rows: usize) -> records::Result<Vec<ChangeRow>> {
        loop {
            let found = self.system.changes_after(after, 1000).await?;
            if found.len() >= rows {
                return Ok(found);
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// The owner at the command line, who may do everything.
    pub fn owner(&self) -> Asker {
        self.gate.operating_system_user("owner")
    }

    /// An account with a password, and its asker from a session of its own.
    pub async fn person(
        &self,
        name: &str,
        roles: &str,
        clearance: SecurityLevel,
        department: &str,
    ) -> records::Result<Asker> {
        let draft = UserDraft {
            name: name.to_owned(),
            display_name: String::new(),
            roles: Roles::parse(roles)?,
            clearance,
            department: department.to_owned(),
            site: String::new(),
        };
        self.archive.user_add(&self.owner(), &draft).await?;
        self.archive.password_set(&self.owner(), name, HASH).await?;
        let stored = self.gate.password_of(name).await?.expect("a password was just set");
        Ok(self.gate.open_session(&stored).await?.session.asker)
    }
}

/// What stands for the PHC string of a password; hashing itself is tested in `web`.
pub const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";

/// The code of the error that must have come.
pub fn code<T>(outcome: records::Result<T>) -> &'static str {
    outcome.err().map_or("(no error)", |cause| cause.code())
}
