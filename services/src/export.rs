//! Lists as files: the hits of a search and the items of a dossier as CSV and XLSX. What the asker may not see is in no
//! row, personal numbers come masked as on the screen, cells cannot become formulas, and taking a list away is an event
//! of the trail. The words come from whoever knows the reader's language.

use crate::{Error, Result, kind_name};
use api_types::original_state;
use index::{DocumentHit, FullText, SearchRequest, Sorting};
use print::{Cell, Column, ItemListWords, PrintedTable};
use records::{
    Archive, Asker, Moment, SecurityLevel,
    audit::{AuditAction, AuditObject, EventDraft},
    customers::Customer,
    documents::DocumentRow,
    kinds::Kinds,
};
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

    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// How long a list may be, and how much of it is searched for at once.
#[derive(Debug, Clone, Copy)]
pub struct ExportLimits {
    pub rows_max: usize,
    pub window: usize,
}

/// A list as it is sent: its name without ending, its bytes.
pub struct ListFile {
    pub name: String,
    pub format: Format,
    pub bytes: Vec<u8>,
}

/// The columns of a list of hits, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitColumn {
    Document,
    Kind,
    Number,
    Date,
    CustomerCode,
    CustomerName,
    DossierNo,
    Place,
    Container,
    Original,
    Security,
    Pages,
    Page,
    PagesHit,
    Snippet,
    DocumentId,
}

impl HitColumn {
    /// Each with its share of the width; a number stands to the right.
    const ALL: [(Self, f32, bool); 16] = [
        (Self::Document, 3.0, false),
        (Self::Kind, 1.2, false),
        (Self::Number, 1.6, false),
        (Self::Date, 1.0, false),
        (Self::CustomerCode, 1.2, false),
        (Self::CustomerName, 2.4, false),
        (Self::DossierNo, 1.2, false),
        (Self::Place, 1.4, false),
        (Self::Container, 1.0, false),
        (Self::Original, 0.9, false),
        (Self::Security, 0.8, false),
        (Self::Pages, 0.6, true),
        (Self::Page, 0.6, true),
        (Self::PagesHit, 0.6, true),
        (Self::Snippet, 4.0, false),
        (Self::DocumentId, 1.6, false),
    ];
}

/// The words of a list in the reader's language.
pub struct ListWords<'a> {
    /// Of the file and of its table.
    pub name: String,
    pub title: String,
    /// Of the names of kinds: `zh-CN` or `en`.
    pub language: &'a str,
    pub heading: &'a (dyn Fn(HitColumn) -> String + Sync),
    /// Of an original by its code.
    pub state: &'a (dyn Fn(&str) -> String + Sync),
    pub security: &'a (dyn Fn(SecurityLevel) -> String + Sync),
}

/// What a list of hits is made from.
pub struct HitsAsked<'a> {
    pub query: &'a str,
    pub sorting: Sorting,
    pub format: Format,
    pub limits: ExportLimits,
}

/// The whole list of hits, window by window.
///
/// # Errors
/// When the query cannot be read, or full text or record do not answer.
pub async fn hits(
    archive: &Archive,
    finder: &FullText,
    asker: &Asker,
    asked: HitsAsked<'_>,
    words: ListWords<'_>,
) -> Result<ListFile> {
    let HitsAsked {
        query,
        sorting,
        format,
        limits,
    } = asked;
    archive.note_lookup(asker, query, "search").await?;
    let kinds = archive.kinds(asker).await?;
    let mut rows = Vec::new();
    let mut offset = 0;
    while offset < limits.rows_max {
        let request = SearchRequest {
            query: query.to_owned(),
            sorting,
            offset,
            limit: limits.window.min(limits.rows_max - offset),
            near: index::NearMisses::Never,
            ..SearchRequest::default()
        };
        let answer = finder.search(asker, &request).await?;
        let found = answer.documents.len();
        // Rights are asked for again in the record, now, and not when the list began.
        let uids: Vec<_> = answer.documents.iter().map(|hit| hit.document_uid).collect();
        let seen = archive.documents_by_uid(asker, &uids).await?;
        let mut seen: HashMap<i64, DocumentRow> = seen.into_iter().map(|row| (row.uid, row)).collect();
        for hit in answer.documents {
            if let Some(row) = seen.remove(&hit.document_uid) {
                rows.push(hit_row(&words, &kinds, row, &hit));
            }
        }
        offset += found;
        if found == 0 || offset >= answer.total {
            break;
        }
    }
    let detail = format!("documents={} format={}", rows.len(), format.as_str());
    let event = EventDraft::new(AuditAction::SearchExported, AuditObject::Search, "")
        .detail(detail)
        .query(query);
    archive.note_read(asker, event).await?;
    let columns = HitColumn::ALL.iter().map(|(column, share, is_number)| {
        let heading = (words.heading)(*column);
        if *is_number {
            Column::number(&heading, *share)
        } else {
            Column::text(&heading, *share)
        }
    });
    let table = PrintedTable {
        title: words.title,
        columns: columns.collect(),
        rows,
        ..PrintedTable::default()
    };
    file(table, format, words.name).await
}

fn hit_row(words: &ListWords<'_>, kinds: &Kinds, row: DocumentRow, hit: &DocumentHit) -> Vec<Cell> {
    let state = original_state(&row);
    let first = hit.pages.first();
    vec![
        row.title.into(),
        kind_name(kinds, &row.kind, words.language).into(),
        row.number.into(),
        row.date.into(),
        row.customer_code.into(),
        crate::customer_said(row.customer_name, row.link_basis, words.language).into(),
        row.dossier_no.into(),
        row.place.location_code.into(),
        row.place.container.into(),
        (words.state)(state).into(),
        (words.security)(row.security_level).into(),
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

/// The words of an item list in the reader's language.
pub struct ItemWords<'a> {
    pub list: ItemListWords,
    /// The facts above the list: customer code, customer name, dossier number.
    pub facts: [String; 3],
    pub language: &'a str,
    pub security: &'a (dyn Fn(SecurityLevel) -> String + Sync),
}

/// The item list (卷内文件目录) of a dossier, in the order in which the record lists it.
///
/// # Errors
/// When the record does not answer.
pub async fn items(
    archive: &Archive,
    asker: &Asker,
    customer: &Customer,
    format: Format,
    words: ItemWords<'_>,
    made_at: Moment,
) -> Result<ListFile> {
    let rows = archive.documents_of_customer(asker, &customer.code).await?;
    let kinds = archive.kinds(asker).await?;
    let detail = format!("documents={} format={}", rows.len(), format.as_str());
    let event = EventDraft::new(
        AuditAction::DossierExported,
        AuditObject::Customer,
        customer.id.as_str(),
    )
    .detail(detail);
    archive.note_read(asker, event).await?;
    let [code, name, dossier_no] = words.facts;
    let facts = vec![
        (code, customer.code.clone()),
        (name, customer.name.clone()),
        (dossier_no, customer.dossier_no.clone()),
    ];
    let file_name = format!("{}-{}", customer.code, words.list.title);
    let table = print::dossier_item_list(
        facts,
        &rows,
        &words.list,
        &|code| kind_name(&kinds, code, words.language).to_owned(),
        words.security,
        Some(made_at),
    );
    file(table, format, file_name).await
}

/// A table as a file.
///
/// # Errors
/// When the file cannot be written.
pub async fn file(table: PrintedTable, format: Format, name: String) -> Result<ListFile> {
    let written = tokio::task::spawn_blocking(move || match format {
        Format::Csv => Ok(print::csv(&table)),
        Format::Xlsx => print::xlsx(&table),
    })
    .await
    .map_err(|cause| Error::Export(cause.to_string()))?;
    let bytes = written.map_err(|cause| Error::Export(cause.to_string()))?;
    Ok(ListFile { name, format, bytes })
}
