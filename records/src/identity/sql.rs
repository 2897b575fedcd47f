//! Loading an asker from the account behind a proof of identity.

use super::{Asker, Roles};
use crate::{
    Moment, Result,
    store::{
        Store,
        sql::{Change, Columns},
    },
};

/// The account behind a proof of identity, with the grants that hold now. `None` when it is locked or gone, so that a
/// lock, a removed role or an expired grant takes effect with the next request.
pub(crate) async fn asker(store: &Store, user_uid: i64, writes: Writes, now: Moment) -> Result<Option<Asker>> {
    let row = sqlx::query(
        "SELECT uid, name, display_name, roles, clearance, department, site, language FROM users \
         WHERE uid = $1 AND locked = 0",
    )
    .bind(user_uid)
    .fetch_optional(&store.readers)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let row = row.of("users");
    let grants = sqlx::query(
        "SELECT document_uid, dossier_uid FROM grants \
         WHERE user_uid = $1 AND state = 'confirmed' AND from_at <= $2 AND until_at > $2 ORDER BY uid",
    )
    .bind(user_uid)
    .bind(now.micros())
    .fetch_all(&store.readers)
    .await?;
    let (mut granted_documents, mut granted_dossiers) = (Vec::new(), Vec::new());
    for grant in &grants {
        granted_documents.extend(grant.of("grants").maybe_int("document_uid")?);
        granted_dossiers.extend(grant.of("grants").maybe_int("dossier_uid")?);
    }
    Ok(Some(Asker {
        user_uid: row.int("uid")?,
        name: row.text("name")?,
        display_name: row.text("display_name")?,
        roles: row.read("roles", Roles::parse)?,
        clearance: row.security_level("clearance")?,
        department: row.text("department")?,
        site: row.text("site")?,
        language: row.text("language")?,
        writes: writes == Writes::Allowed,
        granted_documents,
        granted_dossiers,
    }))
}

/// Whether the proof of identity allows writing; a token with the scope `read` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writes {
    Allowed,
    Refused,
}

/// The stored form of a secret: only its digest, so that a copy of the database gives no access.
pub(crate) fn digest(secret: &str) -> String {
    crate::ids::Fingerprint::of(secret.as_bytes()).hex()
}

/// Signs an account out everywhere.
pub(crate) async fn delete_sessions(change: &mut Change, user_uid: i64) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE user_uid = $1")
        .bind(user_uid)
        .execute(change.connection())
        .await?;
    Ok(())
}
