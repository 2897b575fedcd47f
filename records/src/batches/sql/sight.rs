//! What of a batch a person may see: lines about documents that are hidden from them are neither shown nor counted.

use super::super::{BatchLine, BatchRow, LinesOf, Outcome};
use super::lines_read::lines;
use crate::{
    Asker, Result,
    documents::sql::told::seen_of,
    permission::sql::Visible,
    store::{
        Store,
        sql::{Columns, composed, marks},
    },
};
use std::collections::HashMap;

/// Lines that name no document or one that the asker may see; of several documents only those are named.
pub(super) async fn seen_lines(
    store: &Store,
    asker: &Asker,
    mut lines: Vec<(i64, BatchLine)>,
) -> Result<Vec<(i64, BatchLine)>> {
    let mut named: Vec<&str> = lines
        .iter()
        .flat_map(|(_, line)| line.document_ids.iter().map(String::as_str))
        .collect();
    named.sort_unstable();
    named.dedup();
    let seen = seen_of(store, asker, &named).await?;
    lines.retain_mut(|(_, line)| {
        let names_none = line.document_ids.is_empty();
        line.document_ids.retain(|id| seen.contains(id));
        names_none || !line.document_ids.is_empty()
    });
    Ok(lines)
}

/// Takes what is hidden from the asker out of the counts. Only batches with hidden documents are looked through.
pub(super) async fn count_seen(store: &Store, asker: &Asker, batches: &mut [BatchRow]) -> Result<()> {
    let uids: Vec<i64> = batches.iter().map(|batch| batch.uid).collect();
    if uids.is_empty() {
        return Ok(());
    }
    let seen = Visible::documents(asker, store.environment.now())
        .withdrawn_too()
        .columns("d.batch_uid, CAST(count(*) AS BIGINT) AS n")
        .and_one_of("d.batch_uid", &uids)
        .then("GROUP BY d.batch_uid", [])
        .all(&store.readers)
        .await?;
    let statement = format!(
        "SELECT batch_uid, CAST(count(*) AS BIGINT) AS n FROM documents WHERE batch_uid IN ({}) GROUP BY batch_uid",
        marks(1, uids.len())
    );
    let all = uids
        .iter()
        .fold(sqlx::query(composed(statement)), |query, uid| query.bind(*uid))
        .fetch_all(&store.readers)
        .await?;
    let mut hidden: HashMap<i64, i64> = HashMap::new();
    for row in &all {
        let row = row.of("documents");
        hidden.insert(row.int("batch_uid")?, row.int("n")?);
    }
    for row in &seen {
        let row = row.of("documents");
        *hidden.entry(row.int("batch_uid")?).or_default() -= row.int("n")?;
    }
    for batch in batches.iter_mut() {
        let has_duplicates = batch.duplicate > 0 && batch.duplicate <= DUPLICATES_LOOKED_AT;
        if hidden.get(&batch.uid).is_some_and(|hidden| *hidden > 0) {
            count_again(store, asker, batch, None).await?;
        } else if has_duplicates {
            count_again(store, asker, batch, Some(Outcome::Duplicate)).await?;
        }
    }
    Ok(())
}

/// Duplicates are of documents of other batches, so each must be looked at; a folder delivered twice has too many.
const DUPLICATES_LOOKED_AT: i64 = 1_000;

async fn count_again(store: &Store, asker: &Asker, batch: &mut BatchRow, only: Option<Outcome>) -> Result<()> {
    let of = LinesOf {
        outcome: only,
        ..LinesOf::default()
    };
    let all = lines(store, batch.uid, &of, 0, i64::MAX).await?;
    let pages = |lines: &[(i64, BatchLine)]| lines.iter().map(|(_, line)| line.pages).sum::<i64>();
    let pages_of_all = pages(&all);
    let seen = seen_lines(store, asker, all).await?;
    batch.pages -= pages_of_all - pages(&seen);
    let count = |outcome: Outcome| {
        let lines = seen.iter().filter(|(_, line)| line.outcome == outcome);
        i64::try_from(lines.count()).unwrap_or(i64::MAX)
    };
    batch.duplicate = count(Outcome::Duplicate);
    if only.is_none() {
        batch.filed = count(Outcome::Filed);
        batch.needs_review = count(Outcome::NeedsReview);
        batch.rejected = count(Outcome::Rejected);
        batch.ignored = count(Outcome::Ignored);
    }
    Ok(())
}
