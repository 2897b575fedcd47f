//! Settings of the archive in the database, and the identity that is made once with it.

use super::{ArchiveSettings, SettingName, recorded::SETTINGS};
use crate::{
    Archive, Asker, Environment, Error, Result, Role, System,
    audit::EventDraft,
    store::{
        Store,
        sql::{Change, Columns},
    },
};
use sqlx::{Any, AnyPool, Transaction};

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
    row.ok_or_else(|| missing(name))?.text("value")
}

/// The value of a setting as the running change sees it; its default when it is not stored.
pub(crate) async fn in_change(change: &mut Change, name: &str) -> Result<String> {
    let row = sqlx::query("SELECT value FROM settings WHERE name = $1")
        .bind(name)
        .fetch_optional(change.connection())
        .await?;
    match row {
        Some(row) => row.text("value"),
        None => SettingName::parse(name)
            .map(|name| name.default_value().to_owned())
            .map_err(|_| missing(name)),
    }
}

impl System {
    pub async fn settings(&self) -> Result<ArchiveSettings> {
        all(&self.0).await
    }
}

impl Archive {
    /// The settings of the archive; everybody's screens need them.
    pub async fn settings(&self, _asker: &Asker) -> Result<ArchiveSettings> {
        all(&self.0).await
    }

    /// Changes a setting after checking it, and answers all of them. Administrators only.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the value is not one that the setting may have.
    pub async fn setting_change(&self, asker: &Asker, name: SettingName, value: &str) -> Result<ArchiveSettings> {
        asker.require_writing(Role::Administrator)?;
        let value = name.checked(value)?;
        let mut change = self.0.change(asker.name()).await?;
        change
            .update(&SETTINGS, name.as_str())
            .set("value", &value)
            .run_or_insert()
            .await?;
        let shown: String = value.replace('\n', "; ").chars().take(DETAIL_CHARACTERS_MAX).collect();
        change.event(EventDraft::new("setting.changed", "setting", name.as_str()).detail(format!("value={shown}")));
        change.commit().await?;
        all(&self.0).await
    }
}

async fn all(store: &Store) -> Result<ArchiveSettings> {
    let rows = sqlx::query("SELECT name, value FROM settings ORDER BY name")
        .fetch_all(&store.readers)
        .await?;
    let mut stored = Vec::new();
    for row in &rows {
        // The identity and names of newer programs stand in the same table.
        if let Ok(name) = SettingName::parse(&row.text("name")?) {
            stored.push((name, row.text("value")?));
        }
    }
    ArchiveSettings::new(stored)
}

fn missing(name: &str) -> Error {
    Error::Inconsistent {
        table: "settings",
        column: name.to_owned(),
        detail: "the value is missing".to_owned(),
    }
}
