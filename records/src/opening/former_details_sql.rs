//! The step of schema 6: sentences that were stored as details become codes with arguments. Text that is none of the known
//! sentences is kept word for word under the code `text_of_former_version`.

use super::former_details::detail_of;
use crate::{
    Result,
    store::sql::{Columns, composed},
};
use sqlx::{Any, Transaction};
use vocabulary::detail::DetailCode;

pub(super) const VERSION: i64 = 6;
/// Rows that are read at once.
const ROWS_AT_ONCE: i64 = 1_000;

/// Tables and columns that held sentences; all have a `uid`.
const HELD: [(&str, &str); 3] = [
    ("batch_lines", "detail"),
    ("pages", "failure"),
    ("documents", "link_detail"),
];

pub(super) async fn convert(transaction: &mut Transaction<'static, Any>) -> Result<()> {
    for (table, column) in HELD {
        let mut after = 0;
        while let Some(last) = convert_some(transaction, table, column, after).await? {
            after = last;
        }
    }
    jobs(transaction).await
}

/// Converts the next rows of a table; the uid of the last, or nothing when there was none.
async fn convert_some(
    transaction: &mut Transaction<'static, Any>,
    table: &'static str,
    column: &str,
    after: i64,
) -> Result<Option<i64>> {
    let basis = if table == "documents" { "link_basis" } else { "''" };
    let read = format!(
        "SELECT uid, {column} AS text, {basis} AS basis FROM {table} WHERE uid > $1 AND {column} <> '' ORDER BY uid LIMIT $2"
    );
    let write = format!("UPDATE {table} SET {column} = $1 WHERE uid = $2");
    let rows = sqlx::query(composed(read))
        .bind(after)
        .bind(ROWS_AT_ONCE)
        .fetch_all(&mut **transaction)
        .await?;
    let mut last = None;
    for row in &rows {
        let (uid, text) = (row.of(table).int("uid")?, row.of(table).text("text")?);
        // Links made by hand were stored as the bare name of the person.
        let detail = match row.of(table).text("basis")?.as_str() {
            "person" => DetailCode::LinkedBy.with(text),
            _ => detail_of(&text),
        };
        sqlx::query(composed(write.clone()))
            .bind(detail.stored())
            .bind(uid)
            .execute(&mut **transaction)
            .await?;
        last = Some(uid);
    }
    Ok(last)
}

/// What re-readings have said of documents they could not read.
async fn jobs(transaction: &mut Transaction<'static, Any>) -> Result<()> {
    let rows = sqlx::query(
        "SELECT id, result FROM jobs WHERE kind = 'document.reread' AND result <> '' AND result <> 'cancelled'",
    )
    .fetch_all(&mut **transaction)
    .await?;
    for row in &rows {
        sqlx::query("UPDATE jobs SET result = $1 WHERE id = $2")
            .bind(detail_of(&row.of("jobs").text("result")?).stored())
            .bind(row.of("jobs").text("id")?)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
