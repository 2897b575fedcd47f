//! Kept and recent searches in the database.

use super::{OwnSearchLimits, SavedSearch, SavedSearchDraft, checked_name, checked_query};
use crate::{
    Archive, Asker, Error, Moment, RefusedBecause, Result, Thing, fold,
    ids::{Fingerprint, SavedSearchId},
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use sqlx::{Any, Transaction, any::AnyRow};
use vocabulary::{AuditAction, AuditObject};

/// How long a deleted search can be restored.
const UNDO_S: i64 = 24 * 3600;

impl Archive {
    /// The asker's own searches by name.
    pub async fn searches_saved(&self, asker: &Asker) -> Result<Vec<SavedSearch>> {
        let rows = sqlx::query(
            "SELECT id, name, query, sorting FROM saved_searches WHERE user_uid = $1 AND deleted_at IS NULL \
             ORDER BY name_folded, uid",
        )
        .bind(asker.user_uid)
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(saved).collect()
    }

    /// Keeps a search under a name. The same name again replaces what it stood for.
    ///
    /// # Errors
    /// [`Error::Refused`] for the command line, which has no account, and beyond [`OwnSearchLimits::SAVED_MAX`].
    pub async fn search_save(&self, asker: &Asker, draft: &SavedSearchDraft) -> Result<SavedSearchId> {
        let user = account(asker)?;
        let (name, query) = (checked_name(&draft.name)?, checked_query(&draft.query)?);
        let folded = fold::name(&name);
        let mut change = self.0.change(asker.name()).await?;
        let at = change.at.micros();
        forget_deleted(&mut change, user).await?;
        let known = sqlx::query(
            "SELECT id FROM saved_searches WHERE user_uid = $1 AND name_folded = $2 AND deleted_at IS NULL",
        )
        .bind(user)
        .bind(&folded)
        .fetch_optional(change.connection())
        .await?;
        let id = match known {
            Some(row) => {
                let id = row.of("saved_searches").read("id", SavedSearchId::parse)?;
                sqlx::query(
                    "UPDATE saved_searches SET name = $1, query = $2, sorting = $3, changed_at = $4 WHERE id = $5",
                )
                .bind(&name)
                .bind(&query)
                .bind(&draft.sorting)
                .bind(at)
                .bind(id.as_str())
                .execute(change.connection())
                .await?;
                id
            }
            None => {
                let count = sqlx::query(
                    "SELECT CAST(count(*) AS BIGINT) AS n FROM saved_searches WHERE user_uid = $1 AND deleted_at IS NULL",
                )
                .bind(user)
                .fetch_one(change.connection())
                .await?
                .of("saved_searches").int("n")?;
                if usize::try_from(count).unwrap_or(usize::MAX) >= OwnSearchLimits::SAVED_MAX {
                    return Err(RefusedBecause::TooManySearches { count }.into());
                }
                let id = SavedSearchId::new(&change.environment);
                sqlx::query(
                    "INSERT INTO saved_searches (id, user_uid, name, name_folded, query, sorting, created_at, changed_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
                )
                .bind(id.as_str())
                .bind(user)
                .bind(&name)
                .bind(&folded)
                .bind(&query)
                .bind(&draft.sorting)
                .bind(at)
                .execute(change.connection())
                .await?;
                id
            }
        };
        change.event(EventDraft::new(
            AuditAction::SearchSaved,
            AuditObject::SavedSearch,
            id.as_str(),
        ));
        change.commit().await?;
        Ok(id)
    }

    /// Gives one of the asker's own searches another name.
    ///
    /// # Errors
    /// [`Error::Exists`] when another of them has the name.
    pub async fn search_rename(&self, asker: &Asker, id: &SavedSearchId, name: &str) -> Result<()> {
        let user = account(asker)?;
        let name = checked_name(name)?;
        let mut change = self.0.change(asker.name()).await?;
        refuse_taken(&mut change, user, id, &name).await?;
        let at = change.at.micros();
        let done = sqlx::query(
            "UPDATE saved_searches SET name = $1, name_folded = $2, changed_at = $3 \
             WHERE id = $4 AND user_uid = $5 AND deleted_at IS NULL",
        )
        .bind(&name)
        .bind(fold::name(&name))
        .bind(at)
        .bind(id.as_str())
        .bind(user)
        .execute(change.connection())
        .await?;
        settle(change, done.rows_affected(), id, AuditAction::SearchRenamed).await
    }

    /// Deletes one of the asker's own searches; [`Archive::search_undelete`] brings it back.
    pub async fn search_delete(&self, asker: &Asker, id: &SavedSearchId) -> Result<()> {
        let user = account(asker)?;
        let mut change = self.0.change(asker.name()).await?;
        forget_deleted(&mut change, user).await?;
        let at = change.at.micros();
        let done = sqlx::query(
            "UPDATE saved_searches SET deleted_at = $1 WHERE id = $2 AND user_uid = $3 AND deleted_at IS NULL",
        )
        .bind(at)
        .bind(id.as_str())
        .bind(user)
        .execute(change.connection())
        .await?;
        settle(change, done.rows_affected(), id, AuditAction::SearchDeleted).await
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// [`Error::Exists`] when another search has taken the name since.
    pub async fn search_undelete(&self, asker: &Asker, id: &SavedSearchId) -> Result<()> {
        let user = account(asker)?;
        let mut change = self.0.change(asker.name()).await?;
        let row =
            sqlx::query("SELECT name FROM saved_searches WHERE id = $1 AND user_uid = $2 AND deleted_at IS NOT NULL")
                .bind(id.as_str())
                .bind(user)
                .fetch_optional(change.connection())
                .await?
                .ok_or_else(|| absent(id))?;
        refuse_taken(&mut change, user, id, &row.of("saved_searches").text("name")?).await?;
        let done = sqlx::query("UPDATE saved_searches SET deleted_at = NULL WHERE id = $1 AND user_uid = $2")
            .bind(id.as_str())
            .bind(user)
            .execute(change.connection())
            .await?;
        settle(change, done.rows_affected(), id, AuditAction::SearchUndeleted).await
    }

    /// What the asker searched for last, newest first.
    pub async fn searches_recent(&self, asker: &Asker, limit: usize) -> Result<Vec<String>> {
        let rows =
            sqlx::query("SELECT query FROM recent_searches WHERE user_uid = $1 ORDER BY at DESC, uid DESC LIMIT $2")
                .bind(asker.user_uid)
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(&self.0.readers)
                .await?;
        rows.iter().map(|row| row.of("recent_searches").text("query")).collect()
    }

    /// Forgets everything the asker searched for.
    pub async fn searches_recent_clear(&self, asker: &Asker) -> Result<()> {
        let mut change = self.0.change(asker.name()).await?;
        sqlx::query("DELETE FROM recent_searches WHERE user_uid = $1")
            .bind(asker.user_uid)
            .execute(change.connection())
            .await?;
        change.event(EventDraft::new(
            AuditAction::SearchRecentCleared,
            AuditObject::User,
            asker.name(),
        ));
        change.commit().await
    }

    /// Records that a person searched, as [`Archive::note_read`] does, and with `sent` also what for, so that it can
    /// be run again.
    pub async fn note_search(&self, asker: &Asker, event: EventDraft, sent: Option<&str>) -> Result<()> {
        let sent = sent
            .filter(|_| asker.user_uid != 0)
            .and_then(|query| checked_query(query).ok())
            .map(|query| (asker.user_uid, query));
        self.0.read_event(asker.name(), event, sent).await
    }
}

/// Adds a search as the newest of its account and drops the oldest.
pub(crate) async fn remember(
    transaction: &mut Transaction<'static, Any>,
    at: Moment,
    user: i64,
    query: &str,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO recent_searches (user_uid, query, query_digest, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (user_uid, query_digest) DO UPDATE SET at = excluded.at",
    )
    .bind(user)
    .bind(query)
    .bind(Fingerprint::of(query.as_bytes()).hex())
    .bind(at.micros())
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "DELETE FROM recent_searches WHERE user_uid = $1 AND uid NOT IN \
         (SELECT uid FROM recent_searches WHERE user_uid = $1 ORDER BY at DESC, uid DESC LIMIT $2)",
    )
    .bind(user)
    .bind(i64::try_from(OwnSearchLimits::RECENT_MAX).unwrap_or(i64::MAX))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The account behind an asker; the command line has none.
fn account(asker: &Asker) -> Result<i64> {
    match asker.user_uid {
        0 => Err(RefusedBecause::NeedsAccount {
            name: asker.name().to_owned(),
        }
        .into()),
        uid => Ok(uid),
    }
}

async fn refuse_taken(change: &mut Change, user: i64, id: &SavedSearchId, name: &str) -> Result<()> {
    let taken = sqlx::query(
        "SELECT id FROM saved_searches WHERE user_uid = $1 AND name_folded = $2 AND deleted_at IS NULL AND id <> $3",
    )
    .bind(user)
    .bind(fold::name(name))
    .bind(id.as_str())
    .fetch_optional(change.connection())
    .await?;
    match taken {
        Some(_) => Err(Error::Exists {
            what: Thing::Search,
            id: name.to_owned(),
        }),
        None => Ok(()),
    }
}

async fn forget_deleted(change: &mut Change, user: i64) -> Result<()> {
    let before = change.at.plus_seconds(-UNDO_S).micros();
    sqlx::query("DELETE FROM saved_searches WHERE user_uid = $1 AND deleted_at < $2")
        .bind(user)
        .bind(before)
        .execute(change.connection())
        .await?;
    Ok(())
}

async fn settle(mut change: Change, rows: u64, id: &SavedSearchId, action: AuditAction) -> Result<()> {
    if rows != 1 {
        return Err(absent(id));
    }
    change.event(EventDraft::new(action, AuditObject::SavedSearch, id.as_str()));
    change.commit().await
}

fn absent(id: &SavedSearchId) -> Error {
    Error::Absent {
        what: Thing::Search,
        id: id.to_string(),
    }
}

fn saved(row: &AnyRow) -> Result<SavedSearch> {
    let row = &row.of("saved_searches");
    Ok(SavedSearch {
        id: row.read("id", SavedSearchId::parse)?,
        name: row.text("name")?,
        query: row.text("query")?,
        sorting: row.text("sorting")?,
    })
}
