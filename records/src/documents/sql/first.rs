//! The first document over a scan: what a duplicate is a duplicate of.

use crate::{
    Result,
    batches::{BatchLine, Outcome},
    store::sql::{Change, Columns, composed},
};
use sqlx::any::AnyRow;
use vocabulary::detail::DetailCode;

/// Id, title, customer and place of the first document over a scan.
pub(crate) struct FirstDocument {
    pub id: String,
    pub customer_code: String,
    pub location_code: String,
    pub kind: String,
    pub pages: i64,
}

pub(crate) fn as_duplicate(line: &mut BatchLine, first: FirstDocument) {
    line.outcome = Outcome::Duplicate;
    line.reason = String::new();
    line.detail = Some(DetailCode::SameBytesAsDocument.with(first.id.as_str()));
    line.document_ids = vec![first.id];
    line.customer_code = first.customer_code;
    line.location_code = first.location_code;
    line.kind = first.kind;
    line.pages = first.pages;
}

pub(crate) async fn first_document_of(change: &mut Change, scan_uid: i64) -> Result<Option<FirstDocument>> {
    let row = sqlx::query(composed(first_document_statement()))
        .bind(scan_uid)
        .fetch_optional(change.connection())
        .await?;
    row.as_ref().map(first_document).transpose()
}

/// `$1` is the uid of the scan.
pub(crate) fn first_document_statement() -> String {
    format!(
        "SELECT d.id, d.kind, d.pages_scanned, coalesce(k.code, '') AS customer_code, coalesce(l.code, '') AS location_code \
         FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid LEFT JOIN customers k ON k.uid = o.customer_uid {} \
         WHERE d.uid = (SELECT min(g.document_uid) FROM pages g WHERE g.scan_uid = $1)",
        crate::places::sql::tree::PLACE_JOINS
    )
}

pub(crate) fn first_document(row: &AnyRow) -> Result<FirstDocument> {
    let row = &row.of("documents");
    Ok(FirstDocument {
        id: row.text("id")?,
        customer_code: row.text("customer_code")?,
        location_code: row.text("location_code")?,
        kind: row.text("kind")?,
        pages: row.int("pages_scanned")?,
    })
}
