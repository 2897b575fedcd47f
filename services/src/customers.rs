//! Customers by what somebody types.

use crate::Result;
use index::{CustomersFound, Freshness, FullText};
use records::{
    Archive, Asker,
    customers::{AMONG_MAX, CustomerFilter, CustomerRow},
    fold,
};
use std::time::Duration;
use vocabulary::Total;

/// Of how many customers that come into question is counted which really fit.
const COUNTED_MAX: usize = 2_000;

/// Customers that a filter finds, in order of code, and how many it finds in all. Full text says who has a piece of text in
/// name or codes, also among a million; the record says of these who really fits. Where full text is behind the record,
/// the record looks through its customers by itself.
///
/// # Errors
/// When the record does not answer.
pub async fn listed(
    archive: &Archive,
    full_text: &FullText,
    asker: &Asker,
    filter: &CustomerFilter,
) -> Result<(Vec<CustomerRow>, Total)> {
    if filter.text.trim().is_empty() && filter.status.is_none() {
        let total = archive.customers_count(asker).await?;
        return Ok((archive.customers(asker, filter).await?, total.into()));
    }
    archive.note_lookup(asker, &filter.text, "customers").await?;
    let rows = match in_question(full_text, asker, filter).await {
        Some(found) if found.total <= AMONG_MAX => {
            let uids = &found.customer_uids;
            let all = archive.customers_among(asker, filter, uids).await?;
            let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
            let behind = |row: &CustomerRow| fold::code(&row.code) > fold::code(&filter.after_code);
            return Ok((
                all.into_iter().filter(behind).take(filter.limit).collect(),
                total.into(),
            ));
        }
        Some(found) => {
            let counted = archive
                .customers_found_among(asker, filter, &found.customer_uids)
                .await?;
            let total = Total {
                rows: counted,
                is_exact: found.total <= found.customer_uids.len(),
            };
            return Ok((archive.customers_of_many(asker, filter).await?, total));
        }
        None => archive.customers(asker, filter).await?,
    };
    Ok((rows, archive.customers_found(asker, filter).await?.into()))
}

/// Customers that fit what was typed, the best first, and how many do: by full text (any piece of the name, pinyin,
/// numbers); by the beginnings of code and name where full text is not open or is being made anew. Looking up by a personal
/// number is an event of the trail; `door` says where.
///
/// # Errors
/// When the record or the full text does not answer, or too many numbers were tried.
pub async fn fitting(
    archive: &Archive,
    full_text: Option<&FullText>,
    asker: &Asker,
    typed: &str,
    limit: usize,
    door: &str,
) -> Result<(Vec<CustomerRow>, Total)> {
    archive.note_lookup(asker, typed, door).await?;
    let found = match full_text {
        Some(full_text) => match full_text.customers(asker, typed, limit).await {
            Ok(found) if !found.customer_uids.is_empty() => Some(found),
            Ok(_) | Err(index::Error::Query(_) | index::Error::Rebuilding { .. }) => None,
            Err(cause) => return Err(cause.into()),
        },
        None => None,
    };
    if let Some(found) = found {
        let uids = &found.customer_uids;
        let rows = archive.customers_by_uid(asker, uids, typed).await?;
        let left_out = uids.len() - rows.len();
        let total = Total {
            rows: i64::try_from(found.total - left_out).unwrap_or(i64::MAX),
            is_exact: found.exact,
        };
        return Ok((rows, total));
    }
    let filter = CustomerFilter {
        text: typed.to_owned(),
        limit,
        ..CustomerFilter::default()
    };
    let rows = archive.customers(asker, &filter).await?;
    Ok((rows, archive.customers_found(asker, &filter).await?.into()))
}

/// What full text says of a piece of text, where it can say it.
async fn in_question(full_text: &FullText, asker: &Asker, filter: &CustomerFilter) -> Option<CustomersFound> {
    if filter.text.trim().is_empty() {
        return None;
    }
    let now = full_text.wait_for_head(Duration::ZERO).await.ok()?;
    let found = full_text.customers(asker, &filter.text, COUNTED_MAX).await.ok()?;
    (now == Freshness::Reached && (found.exact || found.total > AMONG_MAX)).then_some(found)
}
