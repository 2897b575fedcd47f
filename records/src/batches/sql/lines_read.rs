//! What became of each file of a batch, read as it stands.

use crate::{
    Result,
    batches::{BatchLine, LinesOf, Outcome, RawPath},
    store::{Store, sql::Columns},
};
use vocabulary::detail::Detail;

pub(super) fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// Lines of a batch after `after`, in the order in which they were recorded.
pub(super) async fn lines(
    store: &Store,
    batch_uid: i64,
    of: &LinesOf,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, BatchLine)>> {
    let rows = sqlx::query(
        "SELECT uid, path_raw, outcome, reason, detail, sha256, bytes, document_ids, customer_code, location_code, kind, pages \
         FROM batch_lines WHERE batch_uid = $1 AND ($2 = '' OR outcome = $2) AND uid > $3 AND ($5 = '' OR reason = $5) \
         ORDER BY uid LIMIT $4",
    )
    .bind(batch_uid)
    .bind(of.outcome.map_or("", Outcome::as_str))
    .bind(after)
    .bind(limit)
    .bind(&of.reason)
    .fetch_all(&store.readers)
    .await?;
    rows.iter()
        .map(|row| {
            let row = row.of("batch_lines");
            Ok((
                row.int("uid")?,
                BatchLine {
                    path: RawPath(row.bytes("path_raw")?),
                    outcome: row.word("outcome", Outcome::from_code)?,
                    reason: row.text("reason")?,
                    detail: Detail::from_stored(&row.text("detail")?),
                    sha256: row.text("sha256")?,
                    bytes: row.int("bytes")?,
                    document_ids: list(&row.text("document_ids")?),
                    customer_code: row.text("customer_code")?,
                    location_code: row.text("location_code")?,
                    kind: row.text("kind")?,
                    pages: row.int("pages")?,
                },
            ))
        })
        .collect()
}
