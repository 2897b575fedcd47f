//! The open sessions of an account, as people see them.

use super::OpenSession;
use crate::{
    Archive, Asker, Error, Gate, Result, Thing,
    identity::{
        attempts::sql::forget_devices,
        sql::{delete_sessions, digest},
        users::{self, require_self_or_administrator},
    },
    store::{EventDraft, sql::Columns},
};
use vocabulary::{AuditAction, AuditObject};

/// Digits of the digest that name a session. They open nothing: the secret is what the digest is made from.
const ID_DIGITS: usize = 16;

/// The id under which a session is listed, by its secret.
pub fn session_id(secret: &str) -> String {
    digest(secret).chars().take(ID_DIGITS).collect()
}

impl Gate {
    /// Says of a session that has just begun where it was opened: the network, and the browser in a few words.
    pub async fn session_opened_from(&self, secret: &str, network: &str, browser: &str) -> Result<()> {
        sqlx::query("UPDATE sessions SET network = $1, browser = $2 WHERE token_hash = $3")
            .bind(network)
            .bind(browser)
            .bind(digest(secret))
            .execute(&self.0.writer)
            .await?;
        Ok(())
    }
}

impl Archive {
    /// The open sessions of an account, the last used first: one's own, or as administrator or auditor anybody's.
    pub async fn sessions(&self, asker: &Asker, user_name: &str) -> Result<Vec<OpenSession>> {
        let user = self.user(asker, user_name).await?;
        let now = self.0.environment.now();
        let rows = sqlx::query(
            "SELECT s.token_hash, s.created_at, s.seen_at, s.expires_at, s.network, s.browser FROM sessions s \
             JOIN users u ON u.uid = s.user_uid WHERE u.id = $1 AND s.expires_at > $2 AND s.seen_at > $3 AND s.awaits = '' \
             ORDER BY s.seen_at DESC, s.token_hash",
        )
        .bind(user.id.as_str())
        .bind(now.micros())
        .bind(now.plus_seconds(-self.0.access_limits.session_idle_s).micros())
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter()
            .map(|row| {
                let row = row.of("sessions");
                Ok(OpenSession {
                    id: row.text("token_hash")?.chars().take(ID_DIGITS).collect(),
                    began_at: row.moment("created_at")?,
                    seen_at: row.moment("seen_at")?,
                    expires_at: row.moment("expires_at")?,
                    network: row.text("network")?,
                    browser: row.text("browser")?,
                })
            })
            .collect()
    }

    /// Ends one session by its id: one's own, or as administrator anybody's.
    pub async fn session_end(&self, asker: &Asker, user_name: &str, id: &str) -> Result<()> {
        require_self_or_administrator(asker, user_name)?;
        let mut change = self.0.change(asker.name()).await?;
        let (uid, user_id) = users::sql::find(&mut change, user_name).await?;
        let ended = sqlx::query("DELETE FROM sessions WHERE user_uid = $1 AND substr(token_hash, 1, 16) = $2")
            .bind(uid)
            .bind(id)
            .execute(change.connection())
            .await?;
        if ended.rows_affected() == 0 {
            return Err(Error::Absent {
                what: Thing::Session,
                id: id.to_owned(),
            });
        }
        change.event(
            EventDraft::new(AuditAction::SessionClosed, AuditObject::User, user_id).detail(format!("session={id}")),
        );
        change.commit().await
    }

    /// Ends every session of an account but the one with this id, and forgets its browsers: one's own, or as
    /// administrator anybody's.
    pub async fn sessions_end(&self, asker: &Asker, user_name: &str, but: Option<&str>) -> Result<()> {
        require_self_or_administrator(asker, user_name)?;
        let mut change = self.0.change(asker.name()).await?;
        let (uid, id) = users::sql::find(&mut change, user_name).await?;
        match but {
            None => delete_sessions(&mut change, uid).await?,
            Some(kept) => {
                sqlx::query("DELETE FROM sessions WHERE user_uid = $1 AND substr(token_hash, 1, 16) <> $2")
                    .bind(uid)
                    .bind(kept)
                    .execute(change.connection())
                    .await?;
            }
        }
        forget_devices(&mut change, uid).await?;
        let event = EventDraft::new(AuditAction::SessionAllClosed, AuditObject::User, id);
        change.event(match but {
            None => event,
            Some(kept) => event.detail(format!("but={kept}")),
        });
        change.commit().await
    }
}
