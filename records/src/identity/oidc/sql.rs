//! People of a provider in the database.

use super::{OidcPerson, account_name};
use crate::{
    Error, Gate, RefusedBecause, Result,
    identity::{
        UserChange, UserDraft,
        factor::Awaits,
        gate::NewSession,
        sql::delete_sessions,
        users::{self, changed, ends_sessions},
    },
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// Names that are tried for a new account before it is given up.
const NAMES_MAX: usize = 50;

impl Gate {
    /// Opens a session for somebody whom the provider vouches for. The account is the one that this issuer and subject
    /// have had before, else a new one; never one that has the same name or address. Roles, clearance and, where a claim
    /// tells it, department follow the claims at each sign-in. Whoever signs in there shows a second factor there.
    ///
    /// # Errors
    /// [`Error::Refused`] for a locked account, which stays locked.
    pub async fn oidc_session(&self, person: &OidcPerson) -> Result<NewSession> {
        let mut change = self.0.change("anonymous").await?;
        change.lock_archive().await?;
        let known = sqlx::query("SELECT u.id FROM oidc_identities o JOIN users u ON u.uid = o.user_uid WHERE o.issuer = $1 AND o.subject = $2")
            .bind(&person.issuer)
            .bind(&person.subject)
            .fetch_optional(change.connection())
            .await?;
        let (uid, name) = match known {
            Some(row) => follow(&mut change, &row.of("users").text("id")?, person).await?,
            None => add(&mut change, person).await?,
        };
        change.actor.clone_from(&name);
        let opened = self.open(&mut change, uid, &name, Awaits::Nothing).await?;
        change.commit().await?;
        self.started(opened, uid).await
    }
}

/// Brings an account to what the claims say today.
async fn follow(change: &mut Change, id: &str, person: &OidcPerson) -> Result<(i64, String)> {
    let (uid, before) = users::sql::read(change, id).await?;
    if before.locked {
        return Err(RefusedBecause::AccountClosed { name: before.name }.into());
    }
    let wanted = UserChange {
        display_name: Some(person.display_name.clone()),
        roles: Some(person.roles),
        clearance: Some(person.clearance),
        department: person.department.clone(),
        ..UserChange::default()
    };
    let after = changed(&before, &wanted)?;
    if users::sql::facts(&before) != users::sql::facts(&after) {
        users::sql::update(change, uid, &after).await?;
        if ends_sessions(&before, &after) {
            delete_sessions(change, uid).await?;
        }
        change.event(
            EventDraft::new(AuditAction::UserChanged, AuditObject::User, id).detail(format!(
                "by=provider {} -> {}",
                users::sql::facts(&before),
                users::sql::facts(&after)
            )),
        );
    }
    Ok((uid, before.name))
}

/// Adds an account under the first name that nobody has.
async fn add(change: &mut Change, person: &OidcPerson) -> Result<(i64, String)> {
    let base = account_name(&person.name);
    let mut draft = UserDraft {
        name: base.clone(),
        display_name: person.display_name.clone(),
        roles: person.roles,
        clearance: person.clearance,
        department: person.department.clone().unwrap_or_default(),
        site: String::new(),
    };
    for number in 2..NAMES_MAX {
        match users::sql::insert(change, &draft).await {
            Ok((uid, user)) => {
                let at = change.at.micros();
                sqlx::query("INSERT INTO oidc_identities (issuer, subject, user_uid, since) VALUES ($1, $2, $3, $4)")
                    .bind(&person.issuer)
                    .bind(&person.subject)
                    .bind(uid)
                    .bind(at)
                    .execute(change.connection())
                    .await?;
                change.event(
                    EventDraft::new(AuditAction::UserAdded, AuditObject::User, user.id.as_str()).detail(format!(
                        "by=provider issuer={} subject={} {}",
                        person.issuer,
                        person.subject,
                        users::sql::facts(&user)
                    )),
                );
                return Ok((uid, user.name));
            }
            Err(Error::Exists { .. }) => draft.name = format!("{base}-{number}"),
            Err(cause) => return Err(cause),
        }
    }
    Err(RefusedBecause::NoNameLeft { name: base }.into())
}
