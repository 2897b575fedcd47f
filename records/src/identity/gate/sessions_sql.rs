//! The open sessions of an account, as people see them.

use super::OpenSession;
use crate::{
    Archive, Asker, Gate, Result, Role,
    identity::{sql::digest, users::require_self_or_administrator},
    store::sql::Columns,
};

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
        if !asker.has(Role::Auditor) {
            require_self_or_administrator(asker, user_name)?;
        }
        let user = self.user(asker, user_name).await?;
        let now = self.0.environment.now();
        let rows = sqlx::query(
            "SELECT s.created_at, s.seen_at, s.expires_at, s.network, s.browser FROM sessions s JOIN users u ON u.uid = s.user_uid \
             WHERE u.id = $1 AND s.expires_at > $2 AND s.seen_at > $3 ORDER BY s.seen_at DESC, s.token_hash",
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
                    began_at: row.moment("created_at")?,
                    seen_at: row.moment("seen_at")?,
                    expires_at: row.moment("expires_at")?,
                    network: row.text("network")?,
                    browser: row.text("browser")?,
                })
            })
            .collect()
    }
}
