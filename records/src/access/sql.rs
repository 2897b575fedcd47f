//! Sight in SQL, and how an asker is loaded from the account that stands behind a proof of identity.

use super::{Asker, Roles, SecurityLevel};
use crate::{
    Error, Moment, Result,
    store::{Store, sql::Columns},
};
use sqlx::{Any, any::AnyArguments, any::AnyRow, query::Query};

/// A condition that is true for the documents an asker may see; the SQL twin of [`crate::Sight`].
///
/// It expects the aliases `d` for `documents` and `o` for a LEFT JOINed dossier
/// (`LEFT JOIN dossiers o ON o.uid = d.dossier_uid`) and takes the first four placeholders of the statement:
/// `$1` security_level_max BIGINT, `$2` department TEXT (`*` sees all), `$3` user_uid BIGINT, `$4` now BIGINT
/// (microseconds). [`bind_sight`] binds them; further placeholders of the statement begin at `$5`.
/// Withdrawn documents are never seen through it. It is wrapped in brackets, so it can follow any `AND` or `NOT`.
pub(crate) const SEEN: &str = "(d.state <> 'withdrawn' AND (\
    (d.sealed = 0 AND coalesce(o.sealed, 0) = 0 AND d.security_level <= $1 AND coalesce(o.security_level, 0) <= $1 \
     AND (d.department = '' OR $2 = '*' OR d.department = $2)) \
    OR EXISTS (SELECT 1 FROM grants g WHERE g.user_uid = $3 AND g.revoked_at IS NULL \
     AND g.from_at <= $4 AND g.until_at > $4 AND (g.document_uid = d.uid OR g.dossier_uid = d.dossier_uid))))";

/// Binds `$1` to `$4` of [`SEEN`]. It must come before every other bind of the query.
pub(crate) fn bind_sight<'q>(
    query: Query<'q, Any, AnyArguments>,
    asker: &Asker,
    now: Moment,
) -> Query<'q, Any, AnyArguments> {
    let sight = asker.sight();
    query
        .bind(sight.security_level_max.number())
        .bind(sight.department.unwrap_or("*").to_owned())
        .bind(asker.user_uid)
        .bind(now.micros())
}

/// The account behind a proof of identity, with the grants that hold now. `None` when it is locked or gone, so that
/// a lock, a role taken away or a grant that ended acts with the next request.
pub(crate) async fn asker(store: &Store, user_uid: i64, writes: Writes, now: Moment) -> Result<Option<Asker>> {
    let row = sqlx::query(
        "SELECT uid, name, display_name, roles, clearance, department, site, language FROM users \
         WHERE uid = $1 AND locked = 0",
    )
    .bind(user_uid)
    .fetch_optional(&store.readers)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let grants = sqlx::query(
        "SELECT document_uid, dossier_uid FROM grants \
         WHERE user_uid = $1 AND revoked_at IS NULL AND from_at <= $2 AND until_at > $2 ORDER BY uid",
    )
    .bind(user_uid)
    .bind(now.micros())
    .fetch_all(&store.readers)
    .await?;
    let (mut granted_documents, mut granted_dossiers) = (Vec::new(), Vec::new());
    for grant in &grants {
        granted_documents.extend(grant.maybe_int("document_uid")?);
        granted_dossiers.extend(grant.maybe_int("dossier_uid")?);
    }
    Ok(Some(Asker {
        user_uid: row.int("uid")?,
        name: row.text("name")?,
        display_name: row.text("display_name")?,
        roles: roles(&row)?,
        clearance: clearance(&row)?,
        department: row.text("department")?,
        site: row.text("site")?,
        language: row.text("language")?,
        writes: writes == Writes::Allowed,
        granted_documents,
        granted_dossiers,
    }))
}

/// Whether what was shown as proof may change the record; a token with the scope `read` may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writes {
    Allowed,
    Refused,
}

pub(crate) fn roles(row: &AnyRow) -> Result<Roles> {
    let text = row.text("roles")?;
    Roles::parse(&text).map_err(|_| Error::Inconsistent {
        table: "users",
        column: "roles".to_owned(),
        detail: format!("unknown role in `{text}`"),
    })
}

pub(crate) fn clearance(row: &AnyRow) -> Result<SecurityLevel> {
    let number = row.int("clearance")?;
    SecurityLevel::from_number(number).ok_or_else(|| Error::Inconsistent {
        table: "users",
        column: "clearance".to_owned(),
        detail: format!("there is no security level {number}"),
    })
}

/// A secret as it is kept: only its digest, so that a copy of the database opens no door.
pub(crate) fn digest(secret: &str) -> String {
    crate::ids::Fingerprint::of(secret.as_bytes()).hex()
}
