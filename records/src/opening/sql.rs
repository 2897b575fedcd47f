//! Opening the database and filling a new one.

use super::former_details_sql;
use crate::{
    Archive, Environment, Error, Field, Gate, RefusedBecause, Result, System,
    store::{
        ArchiveIdentity, Database, Doors, Newest, Store, StoreConfig, kept_copy_sql,
        sql::{Conversion, Dialect, migrate, pool, trail},
        vault::Vault,
    },
};
use sqlx::{AnyConnection, Connection};
use std::sync::Arc;
use tokio::sync::mpsc;

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
        sqlx::any::install_default_drivers();
        let (dialect, url) = match &self.database {
            Database::Sqlite(path) => {
                let path = path.to_str().ok_or_else(|| {
                    Error::invalid(Field::DatabasePath, path.to_string_lossy(), "its name must be UTF-8")
                })?;
                let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
                (Dialect::Sqlite, format!("sqlite://{path}?mode=rwc"))
            }
            Database::Postgres(url) => (Dialect::Postgres, url.clone()),
        };
        if let Database::Postgres(url) = &self.database {
            reach(url).await?;
        }
        let writer = pool(
            dialect,
            &url,
            if dialect == Dialect::Sqlite {
                1
            } else {
                self.readers.max(2)
            },
        )
        .await?;
        if let Database::Sqlite(path) = &self.database {
            kept_copy_sql::keep(&writer, path).await?;
        }
        let mut migrated = migrate(dialect, &writer, &[CONVERSION]).await?;
        if migrated.is_new {
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
        });
        Ok(Doors {
            archive: Archive(store.clone()),
            system: System(store.clone()),
            gate: Gate(store),
        })
    }
}

/// Connects once without the pool, which would try for a minute and then only say that it timed out.
async fn reach(url: &str) -> Result<()> {
    let place = url
        .rsplit_once('@')
        .map_or_else(|| url.split("://").nth(1).unwrap_or(url), |(_, place)| place);
    let place = place.split('?').next().unwrap_or(place);
    match AnyConnection::connect(url).await {
        Ok(connection) => Ok(connection.close().await?),
        Err(cause) => Err(RefusedBecause::DatabaseUnreachable {
            place: place.to_owned(),
            cause: cause.to_string(),
        }
        .into()),
    }
}
