//! Settings of the archive in the database, and the identity that is made once with it.

use super::{ArchiveSettings, SettingName, recorded::SETTINGS};
use crate::{
    Archive, Asker, Environment, Error, Result, Role, System, Thing,
    store::{
        EventDraft, Store,
        sql::{Change, Columns},
    },
};
use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use std::sync::Arc;
use vocabulary::{AuditAction, AuditObject};

/// How much of a new value is repeated in the trail.
const DETAIL_CHARACTERS_MAX: usize = 120;

/// Makes the identity of a new archive and writes the defaults.
pub(crate) async fn seed(transaction: &mut Transaction<'static, Any>, environment: &Environment) -> Result<()> {
    let identity = [
        ("archive_id", environment.uuid_v7()),
        ("db_epoch", environment.uuid_v7()),
    ];
    let defaults = SettingName::ALL
        .into_iter()
        .map(|name| (name.as_str(), name.default_value().to_owned()));
    for (name, value) in identity.into_iter().chain(defaults) {
        sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2)")
            .bind(name)
            .bind(value)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}

/// A value that must be there: `archive_id`, `db_epoch` or a setting without a default.
pub(crate) async fn required(pool: &AnyPool, name: &str) -> Result<String> {
    let row = sqlx::query("SELECT value FROM settings WHERE name = $1")
        .bind(name)
        .fetch_optional(pool)
        .await?;
    row.ok_or_else(|| missing(name))?.of("settings").text("value")
}

/// The value of a setting as the running change sees it; its default when it is not stored.
pub(crate) async fn in_change(change: &mut Change, name: &str) -> Result<String> {
    let row = sqlx::query("SELECT value FROM settings WHERE name = $1")
        .bind(name)
        .fetch_optional(change.connection())
        .await?;
    match row {
        Some(row) => row.of("settings").text("value"),
        None => SettingName::parse(name)
            .map(|name| name.default_value().to_owned())
            .map_err(|_| missing(name)),
    }
}

/// Counts the changes of settings; it stands among them so that one row shows whether anything has changed.
const VERSION: &str = "settings_version";

impl System {
    pub async fn settings(&self) -> Result<Arc<ArchiveSettings>> {
        all(&self.0).await
    }
}

impl Archive {
    /// The settings of the archive; everybody's screens need them.
    pub async fn settings(&self, _asker: &Asker) -> Result<Arc<ArchiveSettings>> {
        all(&self.0).await
    }

    /// Changes settings after checking each by itself and all together, and answers all of them. Administrators only.
    /// Values that are not new are no change.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the first setting that cannot be, see [`super::checked_together`];
    /// [`Error::Conflict`] when `version` is given and is not the newest.
    pub async fn settings_change(
        &self,
        asker: &Asker,
        changes: &[(SettingName, String)],
        version: Option<i64>,
    ) -> Result<Arc<ArchiveSettings>> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        change.lock_archive().await?;
        let stored = whole(change.connection()).await?;
        if let Some(expected) = version
            && expected != stored.version
        {
            return Err(Error::Conflict {
                what: Thing::Setting,
                id: String::new(),
                expected,
                found: stored.version,
            });
        }
        let changes = super::checked_together(&stored, changes)
            .map_err(|faults| faults.into_iter().next().map_or_else(|| missing(VERSION), Error::from))?;
        if changes.is_empty() {
            return Ok(Arc::new(stored));
        }
        for (name, value) in &changes {
            change
                .update(&SETTINGS, name.as_str())
                .set("value", value)
                .run_or_insert()
                .await?;
            let shown =
                |value: &str| -> String { value.replace('\n', "; ").chars().take(DETAIL_CHARACTERS_MAX).collect() };
            change.event(
                EventDraft::new(AuditAction::SettingChanged, AuditObject::Setting, name.as_str()).detail(format!(
                    "{} -> {}",
                    shown(stored.value(*name)),
                    shown(value)
                )),
            );
        }
        count_change(change.connection(), stored.version + 1).await?;
        change.commit().await?;
        all(&self.0).await
    }
}

async fn count_change(connection: &mut AnyConnection, version: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(VERSION)
    .bind(version.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// The settings; they are read whole only when their version is not the one that is known.
async fn all(store: &Store) -> Result<Arc<ArchiveSettings>> {
    let row = sqlx::query("SELECT value FROM settings WHERE name = $1")
        .bind(VERSION)
        .fetch_optional(&store.readers)
        .await?;
    let version = row.map_or(Ok(0), |row| number(&row.of("settings").text("value")?))?;
    let known = store.settings.get::<ArchiveSettings>();
    if let Some(known) = known.filter(|known| known.version == version) {
        return Ok(known);
    }
    let mut connection = store.readers.acquire().await?;
    let read = Arc::new(whole(&mut connection).await?);
    store.settings.put(read.clone());
    Ok(read)
}

async fn whole(connection: &mut AnyConnection) -> Result<ArchiveSettings> {
    let rows = sqlx::query("SELECT name, value FROM settings ORDER BY name")
        .fetch_all(connection)
        .await?;
    let (mut version, mut stored) = (0, Vec::new());
    for row in &rows {
        let (name, value) = (row.of("settings").text("name")?, row.of("settings").text("value")?);
        // The identity and names of newer programs stand in the same table.
        match SettingName::parse(&name) {
            Ok(name) => stored.push((name, value)),
            Err(_) if name == VERSION => version = number(&value)?,
            Err(_) => {}
        }
    }
    ArchiveSettings::new(version, stored)
}

fn number(value: &str) -> Result<i64> {
    value
        .parse()
        .map_err(|_| Error::inconsistent("settings", "value", VERSION, format!("`{value}` is no number")))
}

fn missing(name: &str) -> Error {
    Error::inconsistent("settings", "value", name, "the value is missing")
}
