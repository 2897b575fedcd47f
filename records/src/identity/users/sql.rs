//! Accounts in the database.

use super::{checked, require_self_or_administrator};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing,
    audit::EventDraft,
    fold,
    identity::{
        User, UserDraft,
        gate::sql::{delete_sessions, lock_accounts},
        sql::{clearance, roles},
    },
    ids::UserId,
    store::sql::{Change, Columns},
};
use sqlx::any::AnyRow;

/// What is selected wherever a whole account is read.
macro_rules! user_columns {
    () => {
        "uid, id, name, display_name, roles, clearance, department, site, language, locked, created_at, version, \
         CAST(CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_password"
    };
}

impl Archive {
    /// All accounts by name. Administrators and auditors only.
    pub async fn users(&self, asker: &Asker) -> Result<Vec<User>> {
        if !asker.has(Role::Auditor) {
            asker.require(Role::Administrator)?;
        }
        let rows = sqlx::query(concat!("SELECT ", user_columns!(), " FROM users ORDER BY name_folded"))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter().map(user).collect()
    }

    /// One account by name or id: one's own, or as administrator or auditor anybody's.
    pub async fn user(&self, asker: &Asker, name: &str) -> Result<User> {
        if !asker.has(Role::Administrator) && !asker.has(Role::Auditor) && fold::name(asker.name()) != fold::name(name)
        {
            asker.require(Role::Administrator)?;
        }
        let row = sqlx::query(concat!(
            "SELECT ",
            user_columns!(),
            " FROM users WHERE name_folded = $1 OR id = $2"
        ))
        .bind(fold::name(name))
        .bind(name)
        .fetch_optional(&self.0.readers)
        .await?;
        user(&row.ok_or_else(|| absent(name))?)
    }

    /// Adds an account without a password; [`Archive::issue_link_for`] or [`Archive::password_set`] gives it one.
    pub async fn user_add(&self, asker: &Asker, draft: &UserDraft) -> Result<User> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        let (_, user) = insert(&mut change, draft).await?;
        change.event(EventDraft::new("user.added", "user", user.id.as_str()).detail(facts(&user)));
        change.commit().await?;
        Ok(user)
    }

    /// Changes everything about an account but its name, which the trail refers to. It acts with the person's next
    /// request; locking also ends their sessions.
    ///
    /// # Errors
    /// [`Error::Conflict`] when `version` is not the newest; [`Error::Refused`] when nobody who can sign in would
    /// be administrator any more, or when the name differs.
    pub async fn user_change(
        &self,
        asker: &Asker,
        id: &UserId,
        version: i64,
        draft: &UserDraft,
        locked: bool,
    ) -> Result<User> {
        asker.require_writing(Role::Administrator)?;
        let draft = checked(draft)?;
        let mut change = self.0.change(asker.name()).await?;
        lock_accounts(&mut change).await?;
        let row = sqlx::query(concat!("SELECT ", user_columns!(), " FROM users WHERE id = $1"))
            .bind(id.as_str())
            .fetch_optional(change.connection())
            .await?
            .ok_or_else(|| absent(id.as_str()))?;
        let (uid, before) = (row.int("uid")?, user(&row)?);
        if before.version != version {
            return Err(Error::Conflict {
                what: Thing::User,
                id: before.name,
                expected: version,
                found: before.version,
            });
        }
        if before.name != draft.name {
            return Err(RefusedBecause::NameIsKept { name: before.name }.into());
        }
        if can_administer(&before) && (locked || !draft.roles.has(Role::Administrator)) {
            refuse_without_another_administrator(&mut change, uid, &before.name).await?;
        }
        sqlx::query(
            "UPDATE users SET display_name = $1, roles = $2, clearance = $3, department = $4, site = $5, locked = $6, \
             version = version + 1 WHERE uid = $7",
        )
        .bind(&draft.display_name)
        .bind(draft.roles.to_string())
        .bind(draft.clearance.number())
        .bind(&draft.department)
        .bind(&draft.site)
        .bind(i64::from(locked))
        .bind(uid)
        .execute(change.connection())
        .await?;
        if locked {
            delete_sessions(&mut change, uid).await?;
        }
        let after = User {
            display_name: draft.display_name,
            roles: draft.roles,
            clearance: draft.clearance,
            department: draft.department,
            site: draft.site,
            locked,
            version: version + 1,
            ..before.clone()
        };
        change.event(
            EventDraft::new("user.changed", "user", after.id.as_str()).detail(format!(
                "{} -> {}",
                facts(&before),
                facts(&after)
            )),
        );
        change.commit().await?;
        Ok(after)
    }

    /// Sets a password, given as its PHC string: one's own, or as administrator anybody's. All sessions of the
    /// account end.
    pub async fn password_set(&self, asker: &Asker, name: &str, password_hash: &str) -> Result<()> {
        require_self_or_administrator(asker, name)?;
        let mut change = self.0.change(asker.name()).await?;
        let (uid, id) = find(&mut change, name).await?;
        write_password(&mut change, uid, password_hash).await?;
        delete_sessions(&mut change, uid).await?;
        change.event(EventDraft::new("user.password_set", "user", id));
        change.commit().await
    }

    /// The language of one's own screens: `zh-CN`, `en`, or empty for what the browser says.
    pub async fn language_set(&self, asker: &Asker, language: &str) -> Result<()> {
        if !matches!(language, "" | "zh-CN" | "en") {
            return Err(Error::invalid(Field::Language, language, "write zh-CN or en"));
        }
        if !asker.writes {
            return Err(Error::Forbidden {
                needed: "a token with the scope write",
            });
        }
        let mut change = self.0.change(asker.name()).await?;
        let written = sqlx::query("UPDATE users SET language = $1 WHERE uid = $2")
            .bind(language)
            .bind(asker.user_uid)
            .execute(change.connection())
            .await?;
        if written.rows_affected() != 1 {
            let name = asker.name().to_owned();
            return Err(RefusedBecause::NeedsAccount { name }.into());
        }
        change.event(EventDraft::new("user.language_set", "user", asker.name()).detail(language));
        change.commit().await
    }
}

/// Adds an account; the caller writes the event.
pub(crate) async fn insert(change: &mut Change, draft: &UserDraft) -> Result<(i64, User)> {
    let draft = checked(draft)?;
    let id = UserId::new(&change.environment);
    let at = change.at;
    let row = sqlx::query(
        "INSERT INTO users (id, name, name_folded, display_name, roles, clearance, department, site, language, locked, \
         created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, $9, 1) ON CONFLICT (name_folded) DO NOTHING RETURNING uid",
    )
    .bind(id.as_str())
    .bind(&draft.name)
    .bind(fold::name(&draft.name))
    .bind(&draft.display_name)
    .bind(draft.roles.to_string())
    .bind(draft.clearance.number())
    .bind(&draft.department)
    .bind(&draft.site)
    .bind(at.micros())
    .fetch_optional(change.connection())
    .await?
    .ok_or_else(|| Error::Exists { what: Thing::User, id: draft.name.clone() })?;
    let user = User {
        id,
        name: draft.name,
        display_name: draft.display_name,
        roles: draft.roles,
        clearance: draft.clearance,
        department: draft.department,
        site: draft.site,
        language: String::new(),
        locked: false,
        has_password: false,
        created_at: at,
        version: 1,
    };
    Ok((row.int("uid")?, user))
}

/// (uid, id) of the account with that name or id.
pub(crate) async fn find(change: &mut Change, name: &str) -> Result<(i64, String)> {
    let row = sqlx::query("SELECT uid, id FROM users WHERE name_folded = $1 OR id = $2")
        .bind(fold::name(name))
        .bind(name)
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| absent(name))?;
    Ok((row.int("uid")?, row.text("id")?))
}

pub(crate) async fn write_password(change: &mut Change, uid: i64, password_hash: &str) -> Result<()> {
    // What comes here is a hash already. A password in clear would be written into the database as it is.
    if !password_hash.starts_with("$argon2") || password_hash.len() > 512 {
        return Err(Error::invalid(
            Field::PasswordHash,
            "(hidden)",
            "a PHC string that begins with $argon2 is stored, nothing else",
        ));
    }
    let at = change.at.micros();
    sqlx::query("UPDATE users SET password_hash = $1, password_set_at = $2 WHERE uid = $3")
        .bind(password_hash)
        .bind(at)
        .bind(uid)
        .execute(change.connection())
        .await?;
    Ok(())
}

fn can_administer(user: &User) -> bool {
    user.has_password && !user.locked && user.roles.has(Role::Administrator)
}

async fn refuse_without_another_administrator(change: &mut Change, uid: i64, name: &str) -> Result<()> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        user_columns!(),
        " FROM users WHERE uid <> $1 AND locked = 0"
    ))
    .bind(uid)
    .fetch_all(change.connection())
    .await?;
    for row in &rows {
        if can_administer(&user(row)?) {
            return Ok(());
        }
    }
    Err(RefusedBecause::LastAdministrator { name: name.to_owned() }.into())
}

fn facts(user: &User) -> String {
    format!(
        "name={} roles={} clearance={} department={} site={} locked={}",
        user.name,
        user.roles,
        user.clearance.number(),
        user.department,
        user.site,
        i64::from(user.locked)
    )
}

fn absent(name: &str) -> Error {
    Error::Absent {
        what: Thing::User,
        id: name.to_owned(),
    }
}

fn user(row: &AnyRow) -> Result<User> {
    let row = &row.of("users");
    Ok(User {
        id: UserId::parse(&row.text("id")?)?,
        name: row.text("name")?,
        display_name: row.text("display_name")?,
        roles: roles(row)?,
        clearance: clearance(row)?,
        department: row.text("department")?,
        site: row.text("site")?,
        language: row.text("language")?,
        locked: row.flag("locked")?,
        has_password: row.flag("has_password")?,
        created_at: row.moment("created_at")?,
        version: row.int("version")?,
    })
}
