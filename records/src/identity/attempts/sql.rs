//! Attempts and known browsers in the database.

use super::{Attempt, AttemptTurn, FailureSubject, Source, counted, wait_s};
use crate::{
    Asker, Gate, Result, fold,
    identity::sql::digest,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// Browsers that are remembered of one account.
const DEVICES_MAX: i64 = 20;
/// A clock may be set back by so much and the failures since still count.
const CLOCK_STEP_S: i64 = 60;

impl Gate {
    /// Asks for a turn to show a password, and counts it as failed for the time being.
    pub async fn attempt(&self, name: &str, source: Source<'_>) -> Result<AttemptTurn> {
        let limits = &self.0.access_limits;
        let mut change = self.0.change("anonymous").await?;
        // Two at once count one after the other.
        change.lock_archive().await?;
        let at = change.at;
        sqlx::query("DELETE FROM sign_in_failures WHERE at < $1 OR at > $2")
            .bind(at.plus_seconds(-limits.failure_window_s).micros())
            .bind(at.plus_seconds(CLOCK_STEP_S).micros())
            .execute(change.connection())
            .await?;
        let device = match source {
            Source::Door { device, .. } => known(&mut change, name, device).await?,
            Source::OwnSession | Source::Code => None,
        };
        let counted = counted(name, source, device.as_deref(), limits);
        let mut seconds = 0;
        for one in &counted {
            let (failures, newest) = failures(&mut change, &one.subject).await?;
            let since_last_us = at.micros() - newest;
            seconds = seconds.max(wait_s(failures, one.failures_before_delay, since_last_us, limits));
        }
        if seconds > 0 {
            change.commit().await?;
            return Ok(AttemptTurn::Wait { seconds });
        }
        for one in &counted {
            sqlx::query("INSERT INTO sign_in_failures (subject, at) VALUES ($1, $2)")
                .bind(one.subject.as_str())
                .bind(at.micros())
                .execute(change.connection())
                .await?;
        }
        change.commit().await?;
        let mut told = vec![FailureSubject::account(name)];
        if let Source::Door { network, .. } = source {
            told.push(FailureSubject::network(network));
        }
        Ok(AttemptTurn::Now(Attempt { counted, at, told }))
    }

    /// The password was wrong: the count stays, and the trail says so.
    pub async fn attempt_failed(&self, attempt: &Attempt) -> Result<()> {
        let mut change = self.0.change("anonymous").await?;
        for subject in &attempt.told {
            change.event(EventDraft::new(AuditAction::SessionOpened, AuditObject::SignIn, subject.as_str()).refused());
        }
        change.commit().await
    }

    /// The password was right: what this name failed here before is forgotten, and this attempt was none.
    pub async fn attempt_succeeded(&self, attempt: &Attempt) -> Result<()> {
        let mut change = self.0.change("anonymous").await?;
        for one in &attempt.counted {
            sqlx::query("DELETE FROM sign_in_failures WHERE subject = $1 AND ($2 = 1 OR at = $3)")
                .bind(one.subject.as_str())
                .bind(i64::from(one.ends))
                .bind(attempt.at.micros())
                .execute(change.connection())
                .await?;
        }
        change.commit().await
    }

    /// Remembers the browser in which somebody has just signed in. What it shows next time, where it showed nothing
    /// that is known.
    pub async fn know_device(&self, asker: &Asker, shown: Option<&str>) -> Result<Option<String>> {
        let mut change = self.0.change(asker.name()).await?;
        let at = change.at.micros();
        let seen = sqlx::query("UPDATE known_devices SET seen_at = $1 WHERE token_hash = $2 AND user_uid = $3")
            .bind(at)
            .bind(digest(shown.unwrap_or_default()))
            .bind(asker.user_uid)
            .execute(change.connection())
            .await?;
        if seen.rows_affected() > 0 {
            change.commit().await?;
            return Ok(None);
        }
        let secret = change.environment.secret();
        sqlx::query("INSERT INTO known_devices (token_hash, user_uid, seen_at) VALUES ($1, $2, $3)")
            .bind(digest(&secret))
            .bind(asker.user_uid)
            .bind(at)
            .execute(change.connection())
            .await?;
        sqlx::query(
            "DELETE FROM known_devices WHERE user_uid = $1 AND token_hash NOT IN \
             (SELECT token_hash FROM known_devices WHERE user_uid = $1 ORDER BY seen_at DESC, token_hash LIMIT $2)",
        )
        .bind(asker.user_uid)
        .bind(DEVICES_MAX)
        .execute(change.connection())
        .await?;
        change.commit().await?;
        Ok(Some(secret))
    }
}

/// Forgets every browser of an account.
pub(crate) async fn forget_devices(change: &mut Change, user_uid: i64) -> Result<()> {
    sqlx::query("DELETE FROM known_devices WHERE user_uid = $1")
        .bind(user_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}

/// The digest of what a browser shows, when this account has signed in there.
async fn known(change: &mut Change, name: &str, device: Option<&str>) -> Result<Option<String>> {
    let Some(device) = device else { return Ok(None) };
    let token_hash = digest(device);
    let row = sqlx::query(
        "SELECT d.user_uid FROM known_devices d JOIN users u ON u.uid = d.user_uid WHERE d.token_hash = $1 AND u.name_folded = $2",
    )
    .bind(&token_hash)
    .bind(fold::name(name))
    .fetch_optional(change.connection())
    .await?;
    Ok(row.map(|_| token_hash))
}

/// How often a subject has failed, and when last.
async fn failures(change: &mut Change, subject: &FailureSubject) -> Result<(i64, i64)> {
    let row = sqlx::query(
        "SELECT CAST(count(*) AS BIGINT) AS failures, CAST(coalesce(max(at), 0) AS BIGINT) AS newest \
         FROM sign_in_failures WHERE subject = $1",
    )
    .bind(subject.as_str())
    .fetch_one(change.connection())
    .await?;
    let row = row.of("sign_in_failures");
    Ok((row.int("failures")?, row.int("newest")?))
}
