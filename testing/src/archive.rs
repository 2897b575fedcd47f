//! A fresh archive for each test, on SQLite or on a database of a test cluster.

use crate::{
    documents,
    world::{self, TestClock},
};
use records::{
    Archive, Asker, Clock, Environment, Gate, Moment, Result, Roles, SecurityLevel, System,
    batches::{Begun, NewBatch, OpenBatch, RawPath, Runner},
    changes::{ChangeRow, Position},
    customers::CUSTOMER_COLUMNS,
    documents::{Deposit, Deposited, KnownScan, NewDocument, NewScan},
    identity::{AccessLimits, UserDraft},
    imports::ImportReport,
    places::LOCATION_COLUMNS,
    store::{Database, Doors, StoreConfig},
    tables::{self, ColumnRule, OnBadLine, Table, TableLimits},
};
use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// What stands for the PHC string of a password; hashing itself is tested in `web`.
pub const PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";

/// How long a test waits for a change to be settled before it fails.
const SETTLING_MAX: Duration = Duration::from_secs(60);

pub struct TestArchive {
    pub archive: Archive,
    pub system: System,
    pub gate: Gate,
    pub environment: Environment,
    pub clock: Arc<TestClock>,
    config: StoreConfig,
    // Dropped last: the folder of database and vault.
    folder: tempfile::TempDir,
}

impl TestArchive {
    /// An empty archive on SQLite, its clock at [`world::BEGINNING`].
    pub async fn sqlite() -> Result<Self> {
        Self::open(None, world::BEGINNING).await
    }

    /// An empty archive; `postgres` is the address of an empty database.
    pub async fn open(postgres: Option<String>, now: Moment) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(records::Error::io("a temporary folder"))?;
        let (environment, clock) = world::environment(now);
        let config = StoreConfig {
            database: postgres.map_or_else(
                || Database::Sqlite(folder.path().join("records.sqlite")),
                Database::Postgres,
            ),
            vault: folder.path().join("vault"),
            staging: folder.path().join("staging"),
            readers: 3,
            access_limits: AccessLimits::default(),
        };
        let Doors {
            archive,
            system,
            gate,
            is_new: _,
        } = config.clone().open(environment.clone()).await?;
        Ok(Self {
            archive,
            system,
            gate,
            environment,
            clock,
            config,
            folder,
        })
    }

    /// A second program that opens the same archive.
    pub async fn open_again(&self) -> Result<Doors> {
        self.config.clone().open(self.environment.clone()).await
    }

    /// Where it is, to be opened otherwise.
    pub fn config(&self) -> StoreConfig {
        self.config.clone()
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

    pub async fn close(&self) {
        self.system.close().await;
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn index_folder(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.pass(seconds);
    }

    /// Puts a thing somewhere, as the owner of the archive.
    ///
    /// # Errors
    /// When it cannot lie there.
    pub async fn put(&self, thing: &str, place: &str) -> Result<()> {
        let order = records::places::PlacingOrder::of([thing], place);
        self.archive.place_things(&self.owner(), &order).await.map(drop)
    }

    /// The change log after a position, once it holds this many rows. On PostgreSQL a row is settled only when no
    /// older transaction runs anywhere in the cluster, and the other tests share the cluster.
    ///
    /// # Errors
    /// When the rows do not come within a minute: a change was lost.
    pub async fn settled_changes(&self, after: Position, rows: usize) -> Result<Vec<ChangeRow>> {
        let settled = async {
            loop {
                let found = self.system.changes_after(after, 1000).await?;
                if found.len() >= rows {
                    return Ok(found);
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        match tokio::time::timeout(SETTLING_MAX, settled).await {
            Ok(found) => found,
            Err(_) => panic!("fewer than {rows} changes after {after:?} within {SETTLING_MAX:?}"),
        }
    }

    /// The owner at the command line, who may do everything.
    pub fn owner(&self) -> Asker {
        self.gate.operating_system_user("owner")
    }

    /// An account with a password, and its asker from a session of its own.
    pub async fn person(&self, name: &str, roles: &str, clearance: SecurityLevel, department: &str) -> Result<Asker> {
        let draft = UserDraft {
            name: name.to_owned(),
            display_name: String::new(),
            roles: Roles::parse(roles)?,
            clearance,
            department: department.to_owned(),
            site: String::new(),
        };
        self.archive.user_add(&self.owner(), &draft).await?;
        self.archive.password_set(&self.owner(), name, PASSWORD_HASH).await?;
        let stored = self.gate.password_of(name).await?.expect("a password was just set");
        Ok(self.gate.open_session(&stored).await?.session.asker)
    }

    /// Imports a customers table; every line of it must be right.
    pub async fn customers(&self, table: &str) -> Result<()> {
        let table = read(table, CUSTOMER_COLUMNS);
        let report = self
            .archive
            .import_table(
                &self.owner(),
                records::imports::Register::Customers,
                &table,
                OnBadLine::RefuseTable,
            )
            .await?;
        assert_no_problems(&report);
        Ok(())
    }

    /// Imports a locations table; every line of it must be right.
    pub async fn locations(&self, table: &str) -> Result<()> {
        let table = read(table, LOCATION_COLUMNS);
        let report = self
            .archive
            .import_table(
                &self.owner(),
                records::imports::Register::Locations,
                &table,
                OnBadLine::RefuseTable,
            )
            .await?;
        assert_no_problems(&report);
        Ok(())
    }

    /// The batch over `root`, begun or gone on with, whoever was at it.
    pub async fn batch(&self, name: &str, root: &str) -> Result<OpenBatch> {
        let new = self.new_batch(name, root, 1);
        loop {
            match self.system.batch_begin(&new).await? {
                Begun::Open(batch) => return Ok(batch),
                Begun::Held(run) => self.system.batch_release(&run.lease).await?,
            }
        }
    }

    /// A batch of one file over `root`, run by this process.
    pub fn new_batch(&self, name: &str, root: &str, process: i64) -> NewBatch {
        NewBatch {
            name: name.to_owned(),
            roots: vec![RawPath(root.as_bytes().to_vec())],
            actor: "os:owner".to_owned(),
            announced: None,
            walked: 1,
            runner: Runner {
                process,
                machine: "archive-1".to_owned(),
                mark: String::new(),
            },
        }
    }

    /// One scan file as a deposit, with the documents that were made from it.
    pub fn new_deposit(&self, path: &str, bytes: impl Read, documents: Vec<NewDocument>) -> Result<Deposit> {
        let path = RawPath(path.as_bytes().to_vec());
        let line = documents::batch_line(&path, &documents);
        Ok(Deposit {
            scans: vec![NewScan {
                staged: self.system.vault().stage(bytes)?,
                media_type: "image/jpeg".to_owned(),
                path,
            }],
            documents,
            lines: vec![line],
            not_taken: Vec::new(),
            known_scan: KnownScan::IsDuplicate,
            came_in: None,
        })
    }

    /// Files one document from a scan whose bytes are its name, in a batch of its own.
    pub async fn deposit(&self, name: &str, document: NewDocument) -> Result<Deposited> {
        let batch = self.batch("第一批", &format!("/scans/{name}")).await?;
        let deposit = self.new_deposit(name, name.as_bytes(), vec![document])?;
        let mut done = self.system.deposit(&batch.lease, "os:owner", vec![deposit]).await?;
        self.system.batch_finish(&batch.lease, "os:owner", &[], None).await?;
        Ok(done.remove(0))
    }

    pub async fn customer_uid(&self, code: &str) -> Result<i64> {
        let customer = self.system.customer_by_code(code).await?;
        Ok(customer.unwrap_or_else(|| panic!("there is no customer {code}")).uid)
    }

    pub async fn location_uid(&self, code: &str) -> Result<i64> {
        let location = self.system.location_by_code(code).await?;
        Ok(location.unwrap_or_else(|| panic!("there is no location {code}")).uid)
    }
}

fn read(text: &str, columns: &[ColumnRule]) -> Table {
    tables::read(text.as_bytes(), columns, &TableLimits::default()).expect("a test's table is readable")
}

fn assert_no_problems(report: &ImportReport) {
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}
