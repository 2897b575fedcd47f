//! Opening the database and filling a new one.

use super::former_details_sql;
use crate::{
    Archive, Environment, Error, Field, Gate, RefusedBecause, Result, System,
    store::{
        ArchiveIdentity, Database, Doors, Newest, Store, StoreConfig, kept_copy_sql,
        lately::Lately,
        sql::{Conversion, Dialect, migrate, pool, trail},
        vault::Vault,
    },
};
use sqlx::{AnyConnection, Connection};
use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::Path,
    sync::Arc,
};
use tokio::sync::mpsc;
use vocabulary::both;

/// The step to schema 6 that SQL alone cannot do.
const CONVERSION: Conversion = (former_details_sql::VERSION, |transaction| {
    Box::pin(former_details_sql::convert(transaction))
});

impl StoreConfig {
    /// Opens or creates the record, brings its schema up to date and checks that vault and database belong together.
    ///
    /// # Errors
    /// [`Error::NewerSchema`] when a newer program wrote it; [`Error::Refused`] when vault and database are of
    /// different archives or SQLite would not sync; otherwise what the database or the disk says.
    pub async fn open(self, environment: Environment) -> Result<Doors> {
        self.open_as(WhereNone::Make, environment).await
    }

    /// Opens the record that is there.
    ///
    /// # Errors
    /// As [`StoreConfig::open`], and [`RefusedBecause::NoArchive`] where there is none; nothing is written then.
    pub async fn open_existing(self, environment: Environment) -> Result<Doors> {
        self.open_as(WhereNone::Refuse, environment).await
    }

    async fn open_as(self, where_none: WhereNone, environment: Environment) -> Result<Doors> {
        let mark = Vault::mark(&self.vault)?;
        if let Database::Sqlite(path) = &self.database
            && !path.exists()
        {
            self.refuse_to_begin(where_none, mark.as_deref())?;
        }
        sqlx::any::install_default_drivers();
        let (dialect, url) = self.address().await?;
        let writers = match dialect {
            Dialect::Sqlite => 1,
            Dialect::Postgres => self.readers.max(2),
        };
        let writer = pool(dialect, &url, writers).await?;
        if let Database::Sqlite(path) = &self.database {
            kept_copy_sql::keep(&writer, path).await?;
        }
        let mut migrated = migrate(dialect, &writer, &[CONVERSION]).await?;
        let is_new = migrated.is_new;
        if is_new {
            self.refuse_to_begin(where_none, mark.as_deref())?;
            crate::settings::sql::seed(&mut migrated.transaction, &environment).await?;
            crate::kinds::sql::seed(&mut migrated.transaction).await?;
            trail::seed(&mut migrated.transaction).await?;
        }
        migrated.transaction.commit().await?;
        let readers = match dialect {
            Dialect::Sqlite => pool(dialect, &url, self.readers.max(1)).await?,
            Dialect::Postgres => writer.clone(),
        };
        let identity = ArchiveIdentity {
            archive_id: crate::settings::sql::required(&readers, "archive_id").await?,
            db_epoch: crate::settings::sql::required(&readers, "db_epoch").await?,
        };
        if mark.is_none() && !is_new && dialect == Dialect::Postgres && is_written(&readers).await? {
            return Err(RefusedBecause::VaultElsewhere {
                place: self.place(),
                archive: identity.archive_id,
                vault: self.vault.display().to_string(),
            }
            .into());
        }
        let vault = Vault::open(&self.vault, &self.staging, &identity.archive_id, &environment)?;
        let (read_events, waiting) = mpsc::channel(1024);
        tokio::spawn(crate::reads::sql::write_read_events(
            writer.clone(),
            dialect,
            environment.clone(),
            waiting,
        ));
        let store = Arc::new(Store {
            readers,
            writer,
            dialect,
            environment,
            identity,
            recorded: &crate::history::RECORDED,
            access_limits: self.access_limits,
            settings: Newest::default(),
            vault,
            read_events,
            lately: Lately::default(),
        });
        Ok(Doors {
            archive: Archive(store.clone()),
            system: System(store.clone()),
            gate: Gate(store),
            is_new,
        })
    }

    /// The database as sqlx names it; PostgreSQL once reached.
    async fn address(&self) -> Result<(Dialect, String)> {
        match &self.database {
            Database::Sqlite(path) => {
                refuse_another_file(path)?;
                let path = path.to_str().ok_or_else(|| {
                    Error::invalid(
                        Field::DatabasePath,
                        path.to_string_lossy(),
                        both!("its name must be UTF-8", "文件名须是 UTF-8"),
                    )
                })?;
                let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
                Ok((Dialect::Sqlite, format!("sqlite://{path}?mode=rwc")))
            }
            Database::Postgres(url) => {
                reach(url).await?;
                Ok((Dialect::Postgres, url.clone()))
            }
        }
    }

    /// Whether a new record may begin here: somebody wants one, and the folder has no scans of another archive.
    fn refuse_to_begin(&self, where_none: WhereNone, mark: Option<&str>) -> Result<()> {
        match (mark, where_none) {
            (Some(archive), _) => Err(RefusedBecause::RecordElsewhere {
                vault: self.vault.display().to_string(),
                archive: archive.to_owned(),
                place: self.place(),
            }
            .into()),
            (None, WhereNone::Refuse) => Err(RefusedBecause::NoArchive { place: self.place() }.into()),
            (None, WhereNone::Make) => Ok(()),
        }
    }

    /// Where the record is, for people; without a password.
    fn place(&self) -> String {
        match &self.database {
            Database::Sqlite(path) => path.parent().unwrap_or(path).display().to_string(),
            Database::Postgres(url) => place_of(url).to_owned(),
        }
    }
}

/// What to do where there is no archive yet.
#[derive(Clone, Copy)]
enum WhereNone {
    Make,
    Refuse,
}

/// Whether anything was ever done with a record: one whose making was cut short has no event.
async fn is_written(readers: &sqlx::AnyPool) -> Result<bool> {
    let row = sqlx::query("SELECT size FROM audit_head WHERE size > 0")
        .fetch_optional(readers)
        .await?;
    Ok(row.is_some())
}

fn place_of(url: &str) -> &str {
    let place = url
        .rsplit_once('@')
        .map_or_else(|| url.split("://").nth(1).unwrap_or(url), |(_, place)| place);
    place.split('?').next().unwrap_or(place)
}

/// What is no database would be tried for a minute. A file that is empty is one that was never written.
fn refuse_another_file(path: &Path) -> Result<()> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let mut head = Vec::new();
    match File::open(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
        file => file.map_err(io)?.take(16).read_to_end(&mut head).map_err(io)?,
    };
    if head.is_empty() || head == b"SQLite format 3\0" {
        return Ok(());
    }
    let file = path.display().to_string();
    Err(RefusedBecause::NoRecordFile { file }.into())
}

/// Connects once without the pool, which would try for a minute and then only say that it timed out.
async fn reach(url: &str) -> Result<()> {
    let place = place_of(url);
    match AnyConnection::connect(url).await {
        Ok(connection) => Ok(connection.close().await?),
        Err(cause) => Err(RefusedBecause::DatabaseUnreachable {
            place: place.to_owned(),
            cause: cause.to_string(),
        }
        .into()),
    }
}
