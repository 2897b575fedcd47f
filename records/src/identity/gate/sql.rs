//! Sessions, and tokens as proof, in the database.

use super::{NewSession, StoredPassword};
use crate::{
    Asker, Gate, Moment, RefusedBecause, Result, Roles, SecurityLevel, fold,
    identity::{
        Scope, Session,
        attempts::FailureSubject,
        factor::{Awaits, HALF_SESSION_S, sql::awaits as factor_awaits},
        sql::{Writes, asker, digest},
        users,
    },
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// A session is marked as seen at most this often, so that reading does not become writing.
const SEEN_EVERY_S: i64 = 60;

impl Gate {
    /// The password on record of the account; `None` when there is no such account, it is locked or has none.
    /// The caller must take as long for `None` as for a wrong password.
    pub async fn password_of(&self, name: &str) -> Result<Option<StoredPassword>> {
        let row = sqlx::query(
            "SELECT uid, name, password_hash FROM users WHERE name_folded = $1 AND locked = 0 AND password_hash IS NOT NULL",
        )
        .bind(fold::name(name))
        .fetch_optional(&self.0.readers)
        .await?;
        row.map(|row| {
            let row = row.of("users");
            Ok(StoredPassword {
                user_uid: row.int("uid")?,
                name: row.text("name")?,
                hash: row.text("password_hash")?,
            })
        })
        .transpose()
    }

    /// Opens a session for an account whose password has just been verified; a half one where it must show a second factor.
    ///
    /// # Errors
    /// [`crate::Error::Refused`] when the account was locked or its password changed in between.
    pub async fn open_session(&self, verified: &StoredPassword) -> Result<NewSession> {
        self.open_verified(verified, None).await
    }

    /// The same for somebody who has shown everything already and has just changed their password.
    pub async fn open_session_again(&self, verified: &StoredPassword) -> Result<NewSession> {
        self.open_verified(verified, Some(Awaits::Nothing)).await
    }

    async fn open_verified(&self, verified: &StoredPassword, awaits: Option<Awaits>) -> Result<NewSession> {
        let mut change = self.0.change(&verified.name).await?;
        let still = format!(
            "SELECT uid FROM users WHERE uid = $1 AND locked = 0 AND password_hash = $2{}",
            change.dialect.for_update()
        );
        sqlx::query(composed(still))
            .bind(verified.user_uid)
            .bind(&verified.hash)
            .fetch_optional(change.connection())
            .await?
            .ok_or(RefusedBecause::AccountChanged {})?;
        let now = change.at.micros();
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now)
            .execute(change.connection())
            .await?;
        let awaits = match awaits {
            Some(awaits) => awaits,
            None => factor_awaits(&mut change, verified.user_uid).await?,
        };
        let opened = self
            .open(&mut change, verified.user_uid, &verified.name, awaits)
            .await?;
        change.commit().await?;
        self.started(opened, verified.user_uid).await
    }

    /// Replaces the stored hash by one of the same password with newer parameters. Nothing happens when the
    /// password was changed in between.
    pub async fn rehashed(&self, verified: &StoredPassword, hash: &str) -> Result<()> {
        let mut change = self.0.change(&verified.name).await?;
        sqlx::query("UPDATE users SET password_hash = $1 WHERE uid = $2 AND password_hash = $3")
            .bind(hash)
            .bind(verified.user_uid)
            .bind(&verified.hash)
            .execute(change.connection())
            .await?;
        change.event(EventDraft::new(
            AuditAction::UserPasswordRehashed,
            AuditObject::User,
            &verified.name,
        ));
        change.commit().await
    }

    /// The session of a cookie, or `None` when it is unknown, idle for too long, over, or its account locked.
    pub async fn session(&self, secret: &str) -> Result<Option<Session>> {
        let now = self.0.environment.now();
        let token_hash = digest(secret);
        let row = sqlx::query(
            "SELECT user_uid, csrf, seen_at, expires_at FROM sessions WHERE token_hash = $1 AND awaits = ''",
        )
        .bind(&token_hash)
        .fetch_optional(&self.0.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let row = row.of("sessions");
        let (seen_at, expires_at) = (row.moment("seen_at")?, row.moment("expires_at")?);
        if now >= expires_at || now >= seen_at.plus_seconds(self.0.access_limits.session_idle_s) {
            return Ok(None);
        }
        let Some(asker) = asker(&self.0, row.int("user_uid")?, Writes::Allowed, now).await? else {
            return Ok(None);
        };
        if now >= seen_at.plus_seconds(SEEN_EVERY_S) {
            sqlx::query("UPDATE sessions SET seen_at = $1 WHERE token_hash = $2 AND seen_at < $1")
                .bind(now.micros())
                .bind(&token_hash)
                .execute(&self.0.writer)
                .await?;
        }
        Ok(Some(Session {
            asker,
            csrf: row.text("csrf")?,
            expires_at,
        }))
    }

    /// Signs out. Closing what is closed already is fine.
    pub async fn close_session(&self, secret: &str) -> Result<()> {
        let row = sqlx::query(
            "SELECT u.id, u.name FROM sessions s JOIN users u ON u.uid = s.user_uid WHERE s.token_hash = $1",
        )
        .bind(digest(secret))
        .fetch_optional(&self.0.readers)
        .await?;
        let Some(row) = row else { return Ok(()) };
        let mut change = self.0.change(&row.of("sessions").text("name")?).await?;
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(digest(secret))
            .execute(change.connection())
            .await?;
        change.event(EventDraft::new(
            AuditAction::SessionClosed,
            AuditObject::User,
            row.of("sessions").text("id")?,
        ));
        change.commit().await
    }

    /// The asker behind a bearer token, or `None` when it is unknown, over, revoked, or its account locked.
    pub async fn token(&self, secret: &str) -> Result<Option<Asker>> {
        let now = self.0.environment.now();
        let row = sqlx::query(
            "SELECT user_uid, scopes FROM tokens WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2",
        )
        .bind(digest(secret))
        .bind(now.micros())
        .fetch_optional(&self.0.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let writes = match Scope::from_code(&row.of("tokens").text("scopes")?) {
            Some(Scope::Write) => Writes::Allowed,
            // An unknown scope allows only reading.
            Some(Scope::Read) | None => Writes::Refused,
        };
        asker(&self.0, row.of("tokens").int("user_uid")?, writes, now).await
    }

    /// The owner of the data folder at the command line: no account, every right, in the trail as `os:NAME`.
    /// Whether this is the owner is checked by `src`, which alone knows the operating system.
    pub fn operating_system_user(&self, name: &str) -> Asker {
        let name: String = fold::storable(name)
            .chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .take(64)
            .collect();
        Asker {
            user_uid: 0,
            name: format!("os:{name}"),
            display_name: name,
            roles: Roles::ALL,
            clearance: SecurityLevel::Secret,
            department: String::new(),
            site: String::new(),
            language: String::new(),
            writes: true,
            granted_documents: Vec::new(),
            granted_dossiers: Vec::new(),
        }
    }

    pub(crate) async fn open(
        &self,
        change: &mut Change,
        user_uid: i64,
        user_name: &str,
        awaits: Awaits,
    ) -> Result<UncommittedSession> {
        let seconds = match awaits {
            Awaits::Nothing => self.0.access_limits.session_absolute_s,
            Awaits::Code | Awaits::Setup => HALF_SESSION_S,
        };
        let opened = UncommittedSession {
            secret: change.environment.secret(),
            csrf: change.environment.secret(),
            expires_at: change.at.plus_seconds(seconds),
            awaits,
        };
        sqlx::query(
            "INSERT INTO sessions (token_hash, user_uid, csrf, created_at, seen_at, expires_at, awaits) VALUES ($1, $2, $3, $4, $4, $5, $6)",
        )
        .bind(digest(&opened.secret))
        .bind(user_uid)
        .bind(&opened.csrf)
        .bind(change.at.micros())
        .bind(opened.expires_at.micros())
        .bind(awaits.as_str())
        .execute(change.connection())
        .await?;
        let action = match awaits {
            Awaits::Nothing => {
                users::sql::signed_in(change, user_uid).await?;
                AuditAction::SessionOpened
            }
            Awaits::Code | Awaits::Setup => AuditAction::FactorAsked,
        };
        let account = FailureSubject::account(user_name);
        change.event(EventDraft::new(action, AuditObject::SignIn, account.as_str()));
        Ok(opened)
    }

    pub(crate) async fn started(&self, opened: UncommittedSession, user_uid: i64) -> Result<NewSession> {
        let asker = asker(&self.0, user_uid, Writes::Allowed, self.0.environment.now())
            .await?
            .ok_or(RefusedBecause::AccountChanged {})?;
        let session = Session {
            asker,
            csrf: opened.csrf,
            expires_at: opened.expires_at,
        };
        Ok(NewSession {
            secret: opened.secret,
            session,
            awaits: opened.awaits,
        })
    }
}

/// A session that is written but not yet committed.
pub(crate) struct UncommittedSession {
    secret: String,
    csrf: String,
    expires_at: Moment,
    awaits: Awaits,
}
