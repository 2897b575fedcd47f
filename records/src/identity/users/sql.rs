//! Accounts in the database.

use super::{
    changed, checked, ends_sessions, language as language_of, recorded::USERS, refuse_own,
    require_self_or_administrator,
};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing, fold,
    identity::{Roles, User, UserChange, UserDraft, sql::delete_sessions},
    ids::UserId,
    permission::second::{
        TwoPersonAct, WantedAct, WantedState,
        sql::{ask, forget, is_agreed},
    },
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use sqlx::any::AnyRow;
use vocabulary::both;
use vocabulary::{AuditAction, AuditObject};

/// What is selected wherever a whole account is read.
macro_rules! user_columns {
    () => {
        "uid, id, name, display_name, roles, clearance, department, site, language, locked, created_at, \
         last_sign_in_at, version, \
         CAST(CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_password, \
         CAST(CASE WHEN EXISTS (SELECT 1 FROM second_factors f WHERE f.user_uid = users.uid AND f.confirmed_at IS NOT NULL) THEN 1 ELSE 0 END AS BIGINT) AS has_second_factor, \
         CAST(CASE WHEN EXISTS (SELECT 1 FROM oidc_identities i WHERE i.user_uid = users.uid) THEN 1 ELSE 0 END AS BIGINT) AS at_provider"
    };
}

/// One account by its folded name or its id.
const ONE: &str = concat!(
    "SELECT ",
    user_columns!(),
    " FROM users WHERE name_folded = $1 OR id = $2"
);

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
        let row = sqlx::query(ONE)
            .bind(fold::name(name))
            .bind(name)
            .fetch_optional(&self.0.readers)
            .await?;
        user(&row.ok_or_else(|| absent(name))?)
    }

    /// Adds an account without a password; [`Archive::issue_link_for`] or [`Archive::password_set`] gives it one.
    pub async fn user_add(&self, asker: &Asker, draft: &UserDraft) -> Result<User> {
        asker.require_writing(Role::Administrator)?;
        if draft.clearance > asker.clearance() {
            return Err(RefusedBecause::ClearanceAboveOwn {}.into());
        }
        let mut change = self.0.change(asker.name()).await?;
        let (_, user) = insert(&mut change, draft).await?;
        change.event(EventDraft::new(AuditAction::UserAdded, AuditObject::User, user.id.as_str()).detail(facts(&user)));
        change.commit().await?;
        Ok(user)
    }

    /// Changes everything about an account but its name, which the trail refers to. It acts with the person's next
    /// request; other roles, another clearance and a lock also end their sessions. A clearance above the asker's own takes
    /// a second administrator who does the same.
    ///
    /// # Errors
    /// [`Error::Conflict`] when `version` is given and is not the newest; [`Error::Refused`] when nobody who can sign
    /// in would be administrator any more, or when somebody would change their own rights.
    pub async fn user_change(
        &self,
        asker: &Asker,
        name: &str,
        version: Option<i64>,
        wanted: &UserChange,
    ) -> Result<User> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        change.lock_archive().await?;
        let (uid, before) = read(&mut change, name).await?;
        if let Some(expected) = version.filter(|expected| *expected != before.version) {
            return Err(Error::Conflict {
                what: Thing::User,
                id: before.name,
                expected,
                found: before.version,
            });
        }
        let after = changed(&before, wanted)?;
        if facts(&before) == facts(&after) {
            return Ok(before);
        }
        if asker.user_uid == uid {
            refuse_own(&before, &after)?;
        }
        if can_administer(&before) && !can_administer(&after) {
            refuse_without_another_administrator(&mut change, uid, &before.name).await?;
        }
        if after.clearance > before.clearance && after.clearance > asker.clearance() {
            let act = WantedAct {
                act: TwoPersonAct::Clearance,
                object: before.id.as_str(),
                wanted: WantedState::Level(after.clearance),
                reason: "",
            };
            if !is_agreed(&mut change, asker, &act).await? {
                drop(change);
                return Err(ask(&self.0, asker, &act).await?);
            }
        } else if after.clearance != before.clearance {
            forget(&mut change, TwoPersonAct::Clearance, before.id.as_str()).await?;
        }
        update(&mut change, uid, &after).await?;
        if ends_sessions(&before, &after) {
            delete_sessions(&mut change, uid).await?;
        }
        change.event(
            EventDraft::new(AuditAction::UserChanged, AuditObject::User, after.id.as_str()).detail(format!(
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
        change.event(EventDraft::new(AuditAction::UserPasswordSet, AuditObject::User, id));
        change.commit().await
    }

    /// The language of one's own screens: `zh-CN`, `en`, or empty for what the browser says.
    pub async fn language_set(&self, asker: &Asker, language: &str) -> Result<()> {
        let language = language_of(language)?;
        if !asker.writes {
            return Err(Error::TokenReadsOnly);
        }
        let mut change = self.0.change(asker.name()).await?;
        if asker.user_uid == 0 {
            let name = asker.name().to_owned();
            return Err(RefusedBecause::NeedsAccount { name }.into());
        }
        change
            .update(&USERS, asker.user_uid)
            .set("language", &language)
            .run()
            .await?;
        change.event(EventDraft::new(AuditAction::UserLanguageSet, AuditObject::User, asker.name()).detail(language));
        change.commit().await
    }
}

/// Adds an account; the caller writes the event.
pub(crate) async fn insert(change: &mut Change, draft: &UserDraft) -> Result<(i64, User)> {
    let draft = checked(draft)?;
    let id = UserId::new(&change.environment);
    let at = change.at;
    let uid = change
        .insert(&USERS)
        .set("id", id.as_str())
        .set("name", &draft.name)
        .set("name_folded", fold::name(&draft.name))
        .set("display_name", &draft.display_name)
        .set("roles", draft.roles.to_string())
        .set("clearance", draft.clearance.number())
        .set("department", &draft.department)
        .set("site", &draft.site)
        .set("language", "")
        .set("locked", false)
        .set("created_at", at)
        .set("version", 1)
        .run_if_new()
        .await?
        .ok_or_else(|| Error::Exists {
            what: Thing::User,
            id: draft.name.clone(),
        })?;
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
        at_provider: false,
        has_second_factor: false,
        created_at: at,
        last_sign_in_at: None,
        version: 1,
    };
    Ok((uid, user))
}

/// The account with that name or id as the change sees it, with its uid.
pub(crate) async fn read(change: &mut Change, name: &str) -> Result<(i64, User)> {
    let row = sqlx::query(ONE)
        .bind(fold::name(name))
        .bind(name)
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| absent(name))?;
    Ok((row.of("users").int("uid")?, user(&row)?))
}

pub(crate) async fn update(change: &mut Change, uid: i64, after: &User) -> Result<()> {
    change
        .update(&USERS, uid)
        .set("display_name", &after.display_name)
        .set("roles", after.roles.to_string())
        .set("clearance", after.clearance.number())
        .set("department", &after.department)
        .set("site", &after.site)
        .set("language", &after.language)
        .set("locked", after.locked)
        .expecting_version(after.version - 1)
        .run()
        .await?;
    Ok(())
}

/// Records the instant of a sign-in.
pub(crate) async fn signed_in(change: &mut Change, uid: i64) -> Result<()> {
    let at = change.at.micros();
    sqlx::query("UPDATE users SET last_sign_in_at = $1 WHERE uid = $2")
        .bind(at)
        .bind(uid)
        .execute(change.connection())
        .await?;
    Ok(())
}

/// (uid, id) of the account with that name or id.
pub(crate) async fn find(change: &mut Change, name: &str) -> Result<(i64, String)> {
    let row = sqlx::query("SELECT uid, id FROM users WHERE name_folded = $1 OR id = $2")
        .bind(fold::name(name))
        .bind(name)
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| absent(name))?;
    Ok((row.of("users").int("uid")?, row.of("users").text("id")?))
}

pub(crate) async fn write_password(change: &mut Change, uid: i64, password_hash: &str) -> Result<()> {
    // The argument must be a hash: a password in clear would be stored as it is.
    if !password_hash.starts_with("$argon2") || password_hash.len() > 512 {
        return Err(Error::invalid(
            Field::PasswordHash,
            "(hidden)",
            both!(
                "a PHC string that begins with $argon2 is stored, nothing else",
                "只存以 $argon2 开头的 PHC 字符串"
            ),
        ));
    }
    let at = change.at;
    change
        .update(&USERS, uid)
        .set("password_hash", password_hash)
        .set("password_set_at", at)
        .run()
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

pub(crate) fn facts(user: &User) -> String {
    format!(
        "name={} display_name={} roles={} clearance={} department={} site={} language={} locked={}",
        user.name,
        user.display_name,
        user.roles,
        user.clearance.number(),
        user.department,
        user.site,
        user.language,
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
        id: row.read("id", UserId::parse)?,
        name: row.text("name")?,
        display_name: row.text("display_name")?,
        roles: row.read("roles", Roles::parse)?,
        clearance: row.security_level("clearance")?,
        department: row.text("department")?,
        site: row.text("site")?,
        language: row.text("language")?,
        locked: row.flag("locked")?,
        has_password: row.flag("has_password")?,
        at_provider: row.flag("at_provider")?,
        has_second_factor: row.flag("has_second_factor")?,
        created_at: row.moment("created_at")?,
        last_sign_in_at: row.maybe_moment("last_sign_in_at")?,
        version: row.int("version")?,
    })
}
