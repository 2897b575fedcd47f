//! The first document over a scan, or the first stack of documents: what a duplicate is a duplicate of.

use crate::{
    Result, System,
    batches::{BatchLine, Outcome, RawPath},
    ids::Fingerprint,
    store::{
        Store,
        sql::{Change, Columns, composed},
    },
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
        let rows = sqlx::query(composed(documents_statement()))
            .bind(uid)
            .fetch_all(&self.0.readers)
            .await?;
        let Some(found) = first_stack(&rows)? else {
            return Ok(None);
        };
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
        as_duplicate(&mut line, &found);
        Ok(Some(line))
    }
}

/// Id, customer, place and kind of a document over a scan.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ScannedDocument {
    pub uid: i64,
    pub id: String,
    pub customer_code: String,
    pub location_code: String,
    pub kind: String,
    pub pages: i64,
}

/// The documents that a scan was made into when it was filed first: one, or several where it was cut as a stack.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FirstDocuments {
    first: ScannedDocument,
    others: Vec<ScannedDocument>,
}

impl FirstDocuments {
    /// Of the document, or of the first of its stack.
    pub fn uid(&self) -> i64 {
        self.first.uid
    }
}

pub(crate) fn as_duplicate(line: &mut BatchLine, found: &FirstDocuments) {
    let all = || std::iter::once(&found.first).chain(&found.others);
    // Where the documents of a stack differ, the line names none.
    let same =
        |of: fn(&ScannedDocument) -> &String| match found.others.iter().all(|other| of(other) == of(&found.first)) {
            true => of(&found.first).clone(),
            false => String::new(),
        };
    line.outcome = Outcome::Duplicate;
    line.reason = String::new();
    line.document_ids = all().map(|document| document.id.clone()).collect();
    line.detail = Some(match found.others.is_empty() {
        true => DetailCode::SameBytesAsDocument.with(found.first.id.as_str()),
        false => DetailCode::SameBytesAsStack
            .with(line.document_ids.join(", "))
            .with(line.document_ids.len()),
    });
    line.customer_code = same(|document| &document.customer_code);
    line.location_code = same(|document| &document.location_code);
    line.kind = same(|document| &document.kind);
    line.pages = all().map(|document| document.pages).sum();
}

pub(crate) async fn first_documents_of(change: &mut Change, scan_uid: i64) -> Result<Option<FirstDocuments>> {
    let rows = sqlx::query(composed(documents_statement()))
        .bind(scan_uid)
        .fetch_all(change.connection())
        .await?;
    first_stack(&rows)
}

/// The uids of the documents that were cut from the same stack as this one, itself among them.
pub(super) async fn stack_of(store: &Store, scan: &Fingerprint, document_uid: i64) -> Result<Vec<i64>> {
    let row = sqlx::query("SELECT uid FROM scans WHERE sha256 = $1")
        .bind(scan.hex())
        .fetch_optional(&store.readers)
        .await?;
    let Some(row) = row else { return Ok(Vec::new()) };
    let rows = sqlx::query(composed(documents_statement()))
        .bind(row.of("scans").int("uid")?)
        .fetch_all(&store.readers)
        .await?;
    let stacks = stacks(&rows)?;
    let uids = |stack: Vec<ScannedDocument>| stack.into_iter().map(|document| document.uid).collect::<Vec<_>>();
    let mut stacks = stacks.into_iter().map(uids);
    Ok(stacks.find(|uids| uids.contains(&document_uid)).unwrap_or_default())
}

/// Documents over a scan in the order in which they were filed. `$1` is the uid of the scan.
fn documents_statement() -> String {
    format!(
        "SELECT d.uid, d.id, d.kind, d.pages_scanned, coalesce(k.code, '') AS customer_code, \
         coalesce(l.code, '') AS location_code, g.begins, g.ends \
         FROM (SELECT document_uid, CAST(min(scan_index) AS BIGINT) AS begins, CAST(max(scan_index) AS BIGINT) AS ends \
         FROM pages WHERE scan_uid = $1 GROUP BY document_uid) g JOIN documents d ON d.uid = g.document_uid \
         LEFT JOIN dossiers o ON o.uid = d.dossier_uid LEFT JOIN customers k ON k.uid = o.customer_uid {} ORDER BY d.uid",
        crate::places::sql::tree::PLACE_JOINS
    )
}

fn first_stack(rows: &[AnyRow]) -> Result<Option<FirstDocuments>> {
    let mut documents = stacks(rows)?.into_iter().next().unwrap_or_default().into_iter();
    Ok(documents.next().map(|first| FirstDocuments {
        first,
        others: documents.collect(),
    }))
}

/// A document that begins behind the end of the one before it was cut from the same stack; one that begins before it was
/// made from the same bytes at another time.
fn stacks(rows: &[AnyRow]) -> Result<Vec<Vec<ScannedDocument>>> {
    let mut stacks: Vec<Vec<ScannedDocument>> = Vec::new();
    let mut end = i64::MAX;
    for row in rows {
        let pages = row.of("pages");
        let begins = pages.int("begins")?;
        let row = &row.of("documents");
        let document = ScannedDocument {
            uid: row.int("uid")?,
            id: row.text("id")?,
            customer_code: row.text("customer_code")?,
            location_code: row.text("location_code")?,
            kind: row.text("kind")?,
            pages: row.int("pages_scanned")?,
        };
        match stacks.last_mut().filter(|_| begins > end) {
            Some(stack) => stack.push(document),
            None => stacks.push(vec![document]),
        }
        end = pages.int("ends")?;
    }
    Ok(stacks)
}
