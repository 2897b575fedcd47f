//! Papers: what should be at a place, and what was withdrawn.

use super::{ListMaker, ListRows};
use crate::http::error::{Result, WebError};
use print::Cell;
use records::places::CodeLookup;

/// What should be at a place, in shelf order, with the code of the place; on paper each line has a box to tick.
pub(super) async fn contents(maker: &ListMaker<'_>, code: &str) -> Result<(String, ListRows)> {
    let t = maker.t;
    let (CodeLookup::Location(place) | CodeLookup::Container(place)) = maker.archive.locate(maker.asker, code).await?
    else {
        return Err(WebError::NotFound);
    };
    let items = maker
        .archive
        .location_contents(maker.asker, &place, 0, maker.rows_max)
        .await?;
    let kinds = maker.archive.kinds(maker.asker).await?;
    let rows = items.into_iter().zip(1_i64..).map(|(item, number)| {
        vec![
            Cell::Empty,
            number.into(),
            item.location_code.into(),
            item.container.into(),
            item.number.into(),
            match item.title.is_empty() {
                true => services::kind_name(&kinds, &item.kind, t.lang()).into(),
                false => item.title.into(),
            },
            item.date.into(),
            services::customer_said(item.customer_name, item.link_basis, t.lang()).into(),
            item.customer_code.into(),
            item.pages.into(),
            item.pages_declared.into(),
            t.word("state", item.original_state.as_str()).into(),
        ]
    });
    let rows = ListRows {
        headings: &[
            ("order", 0.5, true),
            ("place", 1.5, false),
            ("container", 0.8, false),
            ("number", 1.4, false),
            ("document", 2.6, false),
            ("date", 1.0, false),
            ("customer", 2.2, false),
            ("customer-code", 1.1, false),
            ("pages", 0.6, true),
            ("field-pages-declared", 0.7, true),
            ("original", 0.9, false),
        ],
        rows: rows.collect(),
    };
    Ok((place.code, rows))
}

pub(super) async fn withdrawn(maker: &ListMaker<'_>) -> Result<ListRows> {
    let rows = maker.archive.withdrawn(maker.asker, 0, maker.rows_max).await?;
    let kinds = maker.archive.kinds(maker.asker).await?;
    let rows = rows.into_iter().map(|row| {
        vec![
            row.title.into(),
            row.number.into(),
            services::kind_name(&kinds, &row.kind, maker.t.lang()).into(),
            row.date.into(),
            row.customer_code.into(),
            services::customer_said(row.customer_name, row.link_basis, maker.t.lang()).into(),
            row.pages.into(),
            row.reason.into(),
            row.by.into(),
            maker.local_or_nothing(row.at),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("document", 2.4, false),
            ("number", 1.4, false),
            ("kind", 1.0, false),
            ("date", 1.0, false),
            ("customer-code", 1.0, false),
            ("customer-name", 2.0, false),
            ("pages", 0.6, true),
            ("withdrawn-reason", 1.8, false),
            ("withdrawn-by", 0.9, false),
            ("list-at", 1.2, false),
        ],
        rows: rows.collect(),
    })
}
