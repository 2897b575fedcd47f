//! Sight in SQL.

use crate::{Asker, Moment};
use sqlx::{Any, any::AnyArguments, query::Query};

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
