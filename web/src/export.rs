//! Lists as files: the hits of a search and the items of a dossier as CSV and XLSX. What the asker may not see is in no
//! row, personal numbers come masked as on the screen, cells cannot become formulas, and taking a list away is an event
//! of the trail.

use crate::{
    answers,
    http::{
        address,
        error::{Result, WebError},
    },
    state::Web,
    text::Text,
};
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use index::{DocumentHit, SearchRequest, Sorting};
use print::{Cell, Column, ItemListWords, Table};
use records::{Asker, audit::EventDraft, customers::Customer, documents::DocumentRow, kinds::Kinds};
use std::collections::HashMap;

/// The kinds of file a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The whole list of hits, window by window, up to [`crate::WebLimits::export_rows_max`].
///
/// # Errors
/// When the query cannot be read, or full text or record do not answer.
pub async fn hits(
    web: &Web,
    asker: &Asker,
    t: Text,
    query: &str,
    sorting: Sorting,
    format: Format,
) -> Result<Response> {
    let limits = &web.config.limits;
    let kinds = web.archive.kinds(asker).await?;
    web.catch_up(asker).await;
    let mut rows = Vec::new();
    let mut offset = 0;
    while offset < limits.export_rows_max {
        let request = SearchRequest {
            query: query.to_owned(),
            sorting,
            offset,
            limit: limits.hits_max.min(limits.export_rows_max - offset),
            near: index::Near::Never,
            ..SearchRequest::default()
        };
        let answer = web.finder.search(asker, &request).await?;
        let found = answer.documents.len();
        // Rights are asked for again in the record, now, and not when the list began.
        let uids: Vec<_> = answer.documents.iter().map(|hit| hit.document_uid).collect();
        let seen = web.archive.documents_by_uid(asker, &uids).await?;
        let mut seen: HashMap<i64, DocumentRow> = seen.into_iter().map(|row| (row.uid, row)).collect();
        for hit in answer.documents {
            if let Some(row) = seen.remove(&hit.document_uid) {
                rows.push(hit_row(t, &kinds, row, &hit));
            }
        }
        offset += found;
        if found == 0 || offset >= answer.total {
            break;
        }
    }
    let event = EventDraft::new("search.exported", "search", "").detail(format!(
        "documents={} format={}",
        rows.len(),
        format.as_str()
    ));
    web.archive.note_read(asker, event).await?;
    let table = Table {
        title: t.say("search-title"),
        columns: hit_columns(t),
        rows,
        ..Table::default()
    };
    file(table, format, &t.say("export-hits-name")).await
}

fn hit_columns(t: Text) -> Vec<Column> {
    let text = |key: &str, share| Column::text(&t.say(key), share);
    vec![
        text("document", 3.0),
        text("kind", 1.2),
        text("number", 1.6),
        text("date", 1.0),
        text("customer-code", 1.2),
        text("customer-name", 2.4),
        text("dossier-no", 1.2),
        text("place", 1.4),
        text("container", 1.0),
        text("original", 0.9),
        text("fact-security", 0.8),
        Column::number(&t.say("pages"), 0.6),
        Column::number(&t.say("export-page"), 0.6),
        Column::number(&t.say("export-pages-hit"), 0.6),
        text("export-snippet", 4.0),
        text("fact-id", 1.6),
    ]
}

fn hit_row(t: Text, kinds: &Kinds, row: DocumentRow, hit: &DocumentHit) -> Vec<Cell> {
    let state = answers::original_state(&row);
    let first = hit.pages.first();
    vec![
        row.title.into(),
        answers::kind_name(kinds, &row.kind, t.lang()).into(),
        row.number.into(),
        row.date.into(),
        row.customer_code.into(),
        row.customer_name.into(),
        row.dossier_no.into(),
        row.place.location_code.into(),
        row.place.container.into(),
        t.word("state", state).into(),
        security_name(t, row.security_level).into(),
        row.pages_scanned.into(),
        first.map(|page| i64::from(page.number)).into(),
        i64::try_from(hit.pages_hit).unwrap_or(i64::MAX).into(),
        first
            .map(|page| page.snippet.text.replace('\n', " "))
            .unwrap_or_default()
            .into(),
        row.id.to_string().into(),
    ]
}

fn security_name(t: Text, level: records::SecurityLevel) -> String {
    t.say(&format!("security-{}", level.number()))
}

/// The item list (卷内文件目录) of a dossier, in the order in which the record lists it.
///
/// # Errors
/// When the record does not answer.
pub async fn items(web: &Web, asker: &Asker, t: Text, customer: &Customer, format: Format) -> Result<Response> {
    let rows = web.archive.documents_of_customer(asker, &customer.code).await?;
    let kinds = web.archive.kinds(asker).await?;
    let event = EventDraft::new("dossier.exported", "customer", customer.id.as_str()).detail(format!(
        "documents={} format={}",
        rows.len(),
        format.as_str()
    ));
    web.archive.note_read(asker, event).await?;
    let words = ItemListWords {
        title: t.say("item-list"),
        sequence: t.say("sequence"),
        number: t.say("number"),
        document_title: t.say("document"),
        kind: t.say("kind"),
        date: t.say("date"),
        security: t.say("fact-security"),
        pages: t.say("pages"),
        location: t.say("place"),
        note: t.say("note"),
        total: t.say("item-list-total"),
    };
    let facts = vec![
        (t.say("customer-code"), customer.code.clone()),
        (t.say("customer-name"), customer.name.clone()),
        (t.say("dossier-no"), customer.dossier_no.clone()),
    ];
    let table = print::dossier_item_list(
        facts,
        &rows,
        &words,
        &|code| answers::kind_name(&kinds, code, t.lang()).to_owned(),
        &|level| security_name(t, level),
        Some(web.environment.now()),
    );
    file(table, format, &format!("{}-{}", customer.code, t.say("item-list"))).await
}

async fn file(table: Table, format: Format, name: &str) -> Result<Response> {
    let written = tokio::task::spawn_blocking(move || match format {
        Format::Csv => Ok(print::csv(&table)),
        Format::Xlsx => print::xlsx(&table),
    })
    .await
    .map_err(|cause| WebError::Export(cause.to_string()))?;
    let bytes = written.map_err(|cause| WebError::Export(cause.to_string()))?;
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    let disposition = format!(
        "attachment; filename=\"list.{ending}\"; filename*=UTF-8''{}.{ending}",
        address::encode(name),
        ending = format.as_str()
    );
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
