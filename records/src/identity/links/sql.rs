//! One-time links in the database: for the first administrator, and to set a password.

use crate::{
    Archive, Asker, Error, Gate, RefusedBecause, Result, Role, Roles, SecurityLevel,
    identity::gate::{FirstAdministrator, LinkPurpose, NewSession},
    identity::{
        IssuedLink, UserDraft,
        factor::{Awaits, sql::awaits as factor_awaits},
        sql::{delete_sessions, digest},
        users,
    },
    permission::second::{
        TwoPersonAct, WantedAct, WantedState,
        sql::{ask, is_agreed},
    },
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

impl Gate {
    /// True until somebody has an account with a password.
    pub async fn setup_needed(&self) -> Result<bool> {
        let row = sqlx::query("SELECT uid FROM users WHERE password_hash IS NOT NULL ORDER BY uid LIMIT 1")
            .fetch_optional(&self.0.readers)
            .await?;
        Ok(row.is_none())
    }

    /// The secret of a one-time link that creates the first administrator. Earlier such links end with it.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is somebody already who can sign in.
    pub async fn issue_first_link(&self) -> Result<String> {
        let mut change = self.0.change("system").await?;
        change.lock_archive().await?;
        refuse_after_setup(&mut change).await?;
        sqlx::query("DELETE FROM sign_in_links WHERE user_uid IS NULL AND used_at IS NULL")
            .execute(change.connection())
            .await?;
        let secret = write_link(&mut change, None, 0, self.0.access_limits.one_time_link_s).await?;
        change.event(
            EventDraft::new(AuditAction::LinkIssued, AuditObject::User, "").detail("purpose=first_administrator"),
        );
        change.commit().await?;
        Ok(secret)
    }

    /// What a link is for, or `None` when there is none such, or it was used, or its time is over.
    pub async fn link_purpose(&self, secret: &str) -> Result<Option<LinkPurpose>> {
        let row = sqlx::query(
            "SELECT l.user_uid, u.name, u.display_name FROM sign_in_links l LEFT JOIN users u ON u.uid = l.user_uid \
             WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND coalesce(u.locked, 0) = 0",
        )
        .bind(digest(secret))
        .bind(self.0.environment.now().micros())
        .fetch_optional(&self.0.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let row = row.of("sign_in_links");
        if row.maybe_int("user_uid")?.is_some() {
            return Ok(Some(LinkPurpose::SetPassword {
                name: row.text("name")?,
                display_name: row.text("display_name")?,
            }));
        }
        Ok(self.setup_needed().await?.then_some(LinkPurpose::FirstAdministrator))
    }

    /// Creates the first administrator and signs them in. The link is used up only when that succeeds.
    ///
    /// # Errors
    /// [`Error::Refused`] for a link that is not good or a setup that is over, [`Error::Invalid`] for a bad name.
    pub async fn redeem_first_link(
        &self,
        secret: &str,
        who: &FirstAdministrator,
        password_hash: &str,
    ) -> Result<NewSession> {
        let draft = UserDraft {
            name: who.name.clone(),
            display_name: who.display_name.clone(),
            roles: Roles::ALL,
            clearance: SecurityLevel::Secret,
            department: String::new(),
            site: String::new(),
        };
        let mut change = self.0.change(who.name.trim()).await?;
        change.lock_archive().await?;
        refuse_after_setup(&mut change).await?;
        use_link(&mut change, secret, None).await?;
        let (uid, user) = users::sql::insert(&mut change, &draft).await?;
        users::sql::write_password(&mut change, uid, password_hash).await?;
        change.event(
            EventDraft::new(AuditAction::UserAdded, AuditObject::User, user.id.as_str())
                .detail(format!("name={} first administrator", user.name)),
        );
        let opened = self.open(&mut change, uid, &user.name, Awaits::Nothing).await?;
        change.commit().await?;
        self.started(opened, uid).await
    }

    /// Sets the password of the account that the link was issued for, ends its sessions and signs the person in.
    ///
    /// # Errors
    /// [`Error::Refused`] for a link that is not good any more.
    pub async fn redeem_link(&self, secret: &str, password_hash: &str) -> Result<NewSession> {
        let row = sqlx::query(
            "SELECT u.uid, u.id, u.name FROM sign_in_links l JOIN users u ON u.uid = l.user_uid \
             WHERE l.token_hash = $1 AND u.locked = 0",
        )
        .bind(digest(secret))
        .fetch_optional(&self.0.readers)
        .await?
        .ok_or_else(link_is_over)?;
        let row = row.of("sign_in_links");
        let (uid, id, name) = (row.int("uid")?, row.text("id")?, row.text("name")?);
        let mut change = self.0.change(&name).await?;
        use_link(&mut change, secret, Some(uid)).await?;
        users::sql::write_password(&mut change, uid, password_hash).await?;
        delete_sessions(&mut change, uid).await?;
        change.event(EventDraft::new(AuditAction::UserPasswordSet, AuditObject::User, id).detail("by=link"));
        // A new password is no second factor: whoever has one shows it here too.
        let awaits = factor_awaits(&mut change, uid).await?;
        let opened = self.open(&mut change, uid, &name, awaits).await?;
        change.commit().await?;
        self.started(opened, uid).await
    }
}

impl Archive {
    /// A one-time link with which the person sets a new password. The administrator hands it out; earlier links of the
    /// account end with it. The old password stays good until the link is used.
    ///
    /// # Errors
    /// [`Error::Refused`] for a locked account, which such a link would not let in.
    pub async fn issue_link_for(&self, asker: &Asker, user_name: &str) -> Result<IssuedLink> {
        asker.require_writing(Role::Administrator)?;
        let user = self.user(asker, user_name).await?;
        if user.locked {
            return Err(RefusedBecause::AccountLocked { name: user.name }.into());
        }
        let mut change = self.0.change(asker.name()).await?;
        let (uid, id) = users::sql::find(&mut change, user_name).await?;
        if user.clearance > asker.clearance() {
            let act = WantedAct {
                act: TwoPersonAct::Link,
                object: &id,
                wanted: WantedState::AsTheActSays,
                reason: "",
            };
            if !is_agreed(&mut change, asker, &act).await? {
                drop(change);
                return Err(ask(&self.0, asker, &act).await?);
            }
        }
        sqlx::query("DELETE FROM sign_in_links WHERE user_uid = $1 AND used_at IS NULL")
            .bind(uid)
            .execute(change.connection())
            .await?;
        let seconds = self.0.access_limits.invitation_s;
        let secret = write_link(&mut change, Some(uid), asker.user_uid, seconds).await?;
        let expires_at = change.at.plus_seconds(seconds);
        change.event(EventDraft::new(AuditAction::LinkIssued, AuditObject::User, id).detail("purpose=set_password"));
        change.commit().await?;
        Ok(IssuedLink { secret, expires_at })
    }
}

async fn refuse_after_setup(change: &mut Change) -> Result<()> {
    let row = sqlx::query("SELECT uid FROM users WHERE password_hash IS NOT NULL ORDER BY uid LIMIT 1")
        .fetch_optional(change.connection())
        .await?;
    match row {
        None => Ok(()),
        Some(_) => Err(RefusedBecause::SetUpAlready {}.into()),
    }
}

async fn write_link(change: &mut Change, user_uid: Option<i64>, by_uid: i64, seconds: i64) -> Result<String> {
    let secret = change.environment.secret();
    sqlx::query(
        "INSERT INTO sign_in_links (token_hash, user_uid, created_at, expires_at, by_uid) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(digest(&secret))
    .bind(user_uid)
    .bind(change.at.micros())
    .bind(change.at.plus_seconds(seconds).micros())
    .bind(by_uid)
    .execute(change.connection())
    .await?;
    Ok(secret)
}

/// Marks the link as used; of two concurrent requests exactly one succeeds.
async fn use_link(change: &mut Change, secret: &str, user_uid: Option<i64>) -> Result<()> {
    let used = sqlx::query(
        "UPDATE sign_in_links SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1 \
         AND coalesce(user_uid, 0) = $3",
    )
    .bind(change.at.micros())
    .bind(digest(secret))
    .bind(user_uid.unwrap_or(0))
    .execute(change.connection())
    .await?;
    if used.rows_affected() == 1 {
        Ok(())
    } else {
        Err(link_is_over())
    }
}

fn link_is_over() -> Error {
    RefusedBecause::LinkIsOver {}.into()
}
