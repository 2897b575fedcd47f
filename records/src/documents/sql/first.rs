//! The first document over a scan: what a duplicate is a duplicate of.

use crate::{
    Result, System,
    batches::{BatchLine, Outcome, RawPath},
    ids::Fingerprint,
    store::sql::{Change, Columns, composed},
};
use sqlx::any::AnyRow;
use vocabulary::detail::DetailCode;

impl System {
    /// The line of a file whose bytes are filed already, or `None` when these bytes are new. The customer code of the
    /// first document is in it, so that the caller can tell a manifest that names another customer.
    pub async fn duplicate_line(
        &self,
        fingerprint: Fingerprint,
        path: &RawPath,
        bytes: i64,
    ) -> Result<Option<BatchLine>> {
        let row = sqlx::query("SELECT uid FROM scans WHERE sha256 = $1")
            .bind(fingerprint.hex())
            .fetch_optional(&self.0.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let uid = row.of("scans").int("uid")?;
        let found = sqlx::query(composed(first_document_statement()))
            .bind(uid)
            .fetch_optional(&self.0.readers)
            .await?;
        let Some(found) = found else { return Ok(None) };
        let mut line = BatchLine {
            path: path.clone(),
            outcome: Outcome::Duplicate,
            reason: String::new(),
            detail: None,
            sha256: fingerprint.hex(),
            bytes,
            document_ids: Vec::new(),
            customer_code: String::new(),
            location_code: String::new(),
            kind: String::new(),
            pages: 0,
        };
        as_duplicate(&mut line, first_document(&found)?);
        Ok(Some(line))
    }
}

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
fn first_document_statement() -> String {
    format!(
        "SELECT d.id, d.kind, d.pages_scanned, coalesce(k.code, '') AS customer_code, coalesce(l.code, '') AS location_code \
         FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid LEFT JOIN customers k ON k.uid = o.customer_uid {} \
         WHERE d.uid = (SELECT min(g.document_uid) FROM pages g WHERE g.scan_uid = $1)",
        crate::places::sql::tree::PLACE_JOINS
    )
}

fn first_document(row: &AnyRow) -> Result<FirstDocument> {
    let row = &row.of("documents");
    Ok(FirstDocument {
        id: row.text("id")?,
        customer_code: row.text("customer_code")?,
        location_code: row.text("location_code")?,
        kind: row.text("kind")?,
        pages: row.int("pages_scanned")?,
    })
}
