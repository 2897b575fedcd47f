//! Which customer a typed code means.

use crate::{
    Result, fold,
    store::{Store, sql::Columns},
};
use vocabulary::codes::{TypedCode, dashless, scanned};

/// The uid behind an id, code, alias (account number) or dossier number, however it is typed; a cover sheet's code too.
pub(crate) async fn find_uid(store: &Store, key: &str) -> Result<Option<i64>> {
    let key = scanned(key);
    let row = sqlx::query(
        "SELECT uid, 0 AS tier FROM customers WHERE id = $1 UNION ALL SELECT uid, 1 AS tier FROM customers WHERE code_folded = $2 \
         UNION ALL SELECT customer_uid AS uid, 2 AS tier FROM customer_aliases WHERE value_folded = $2 \
         UNION ALL SELECT customer_uid AS uid, 3 AS tier FROM dossiers WHERE number_folded = $2 OR id = $1 \
         ORDER BY tier, uid LIMIT 1",
    )
    .bind(key.to_lowercase())
    .bind(fold::code(&key))
    .fetch_optional(&store.readers)
    .await?;
    if let Some(row) = row {
        return row.of("dossiers").int("uid").map(Some);
    }
    let Ok(typed) = TypedCode::parse(&key) else {
        return Ok(None);
    };
    // A code typed without its dashes means the one customer whose code or number it can be.
    let rows = sqlx::query(
        "SELECT uid FROM customers WHERE replace(code_folded, '-', '') = $1 \
         UNION SELECT customer_uid AS uid FROM customer_aliases WHERE replace(value_folded, '-', '') = $1 \
         UNION SELECT customer_uid AS uid FROM dossiers WHERE replace(number_folded, '-', '') = $1 LIMIT 2",
    )
    .bind(dashless(typed.folded()))
    .fetch_all(&store.readers)
    .await?;
    match rows.as_slice() {
        [only] => only.of("customers").int("uid").map(Some),
        _ => Ok(None),
    }
}
