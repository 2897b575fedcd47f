//! The copy of an older SQLite database that is kept before its schema changes.

use super::sql::{SCHEMA_VERSION, composed};
use crate::{Error, Field, Result};
use sqlx::{AnyPool, Row};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};
use vocabulary::both;

/// Where the copy of a database with this schema is kept: `records.sqlite.schema-3`.
pub(crate) fn place_of_copy(database: &Path, schema: i64) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(format!(".schema-{schema}"));
    PathBuf::from(name)
}

/// Copies a database whose schema is older than this program's, whole and synced, before anything in it changes.
///
/// A copy that an interrupted start left unfinished is written again. PostgreSQL needs none: its migration is one
/// transaction, and copies of the server are the server's matter.
pub(crate) async fn keep(writer: &AnyPool, database: &Path) -> Result<()> {
    let Some(found) = schema_of(writer).await?.filter(|found| *found < SCHEMA_VERSION) else {
        return Ok(());
    };
    let copy = place_of_copy(database, found);
    let mut unfinished = copy.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(Error::io(&unfinished))?;
    }
    let name = unfinished.to_str().ok_or_else(|| {
        Error::invalid(
            Field::DatabasePath,
            database.to_string_lossy(),
            both!("its name must be UTF-8", "文件名须是 UTF-8"),
        )
    })?;
    sqlx::query(composed(format!("VACUUM INTO '{}'", name.replace('\'', "''"))))
        .execute(writer)
        .await?;
    File::open(&unfinished)
        .and_then(|file| file.sync_all())
        .map_err(Error::io(&unfinished))?;
    fs::rename(&unfinished, &copy).map_err(Error::io(&copy))?;
    let folder = copy.parent().unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::io(folder))?;
    tracing::info!(schema = found, copy = %copy.display(), "store.copy_kept");
    Ok(())
}

/// The schema of a database that holds an archive; nothing for a new one.
async fn schema_of(writer: &AnyPool) -> Result<Option<i64>> {
    let tables: i64 =
        sqlx::query("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'")
            .fetch_one(writer)
            .await?
            .try_get(0)?;
    if tables == 0 {
        return Ok(None);
    }
    let found: Option<i64> = sqlx::query("SELECT max(version) FROM schema_version")
        .fetch_one(writer)
        .await?
        .try_get(0)?;
    Ok(found)
}
