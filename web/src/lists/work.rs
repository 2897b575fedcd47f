//! Work: batches, what waits for a person, imports of tables.

use super::{ListMaker, ListRows};
use crate::{
    http::error::Result,
    screens::{batches::words::state_of, parts},
};

pub(super) async fn batches(maker: &ListMaker<'_>) -> Result<ListRows> {
    let rows = maker.archive.batches(maker.asker, None, maker.rows_max).await?;
    let rows = rows.into_iter().map(|row| {
        vec![
            row.name.clone().into(),
            maker.local(row.started_at).into(),
            row.actor.clone().into(),
            row.found().into(),
            row.filed.into(),
            row.needs_review.into(),
            row.duplicate.into(),
            row.rejected.into(),
            row.pages.into(),
            state_of(maker.t, row.state).into(),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("batch", 2.4, false),
            ("batch-started", 1.3, false),
            ("list-by", 1.0, false),
            ("batch-found", 0.7, true),
            ("batch-filed", 0.7, true),
            ("batch-review", 0.7, true),
            ("batch-duplicate", 0.7, true),
            ("batch-rejected", 0.7, true),
            ("pages", 0.7, true),
            ("status", 0.8, false),
        ],
        rows: rows.collect(),
    })
}

/// Each with the customers that were proposed, best first. Reading them is looking at them.
pub(super) async fn review(maker: &ListMaker<'_>) -> Result<ListRows> {
    let t = maker.t;
    let items = maker.archive.review_queue(maker.asker, 0, maker.rows_max).await?;
    let kinds = maker.archive.kinds(maker.asker).await?;
    let rows = items.into_iter().map(|item| {
        let proposed = item
            .proposals
            .iter()
            .map(|proposal| format!("{} {}", proposal.customer_code, proposal.customer_name));
        vec![
            item.document.title.into(),
            item.document.number.into(),
            services::kind_name(&kinds, &item.document.kind, t.lang()).into(),
            item.document.date.into(),
            item.document.pages_scanned.into(),
            t.word("reason", &item.reason).into(),
            parts::said(t, item.detail.as_ref()).into(),
            proposed.collect::<Vec<_>>().join("；").into(),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("document", 2.4, false),
            ("number", 1.4, false),
            ("kind", 1.0, false),
            ("date", 1.0, false),
            ("pages", 0.6, true),
            ("list-reason", 1.4, false),
            ("note", 2.0, false),
            ("list-proposed", 2.4, false),
        ],
        rows: rows.collect(),
    })
}

pub(super) async fn imports(maker: &ListMaker<'_>) -> Result<ListRows> {
    let rows = maker.archive.imports(maker.asker, "", maker.rows_max).await?;
    let rows = rows.into_iter().map(|row| {
        vec![
            row.file_name.into(),
            maker.t.word("register", row.register.as_str()).into(),
            maker.local(row.at).into(),
            row.by.into(),
            row.lines.into(),
            row.added.into(),
            row.changed.into(),
            row.held.into(),
            row.problems.into(),
            row.undone
                .map(|(at, by)| format!("{} {by}", maker.local(at)))
                .unwrap_or_default()
                .into(),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("import-file", 2.4, false),
            ("import-register", 1.0, false),
            ("import-at", 1.2, false),
            ("import-by", 1.0, false),
            ("import-line", 0.6, true),
            ("import-added", 0.6, true),
            ("import-changed", 0.6, true),
            ("import-held", 0.6, true),
            ("import-problems", 0.6, true),
            ("import-is-undone", 1.4, false),
        ],
        rows: rows.collect(),
    })
}
