//! What waits for somebody today.

use crate::{codes::code, list::ListJson};
use records::documents::DocumentRow;
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{LinkBasis, TodayItem};

#[derive(Debug, Serialize, ToSchema)]
pub struct TodayJson {
    /// In the zone of the archive.
    pub date: String,
    /// What the caller does in the archive, also where nothing waits.
    pub items: Vec<TodayItemJson>,
    /// Documents and pages that the caller may see.
    pub documents: i64,
    pub pages: i64,
    pub customers: i64,
    /// There is neither a paper nor a customer yet.
    pub is_empty: bool,
    /// The newest check of the audit trail, for those who read it; `null` where none was made.
    pub trail: Option<CheckJson>,
    /// The newest check of the files, for those who answer for them; `null` where none was made.
    pub files: Option<CheckJson>,
    /// Room on the disk of the files.
    pub room: Option<RoomJson>,
    /// The last thirty days, oldest first.
    pub days: Vec<DayJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TodayItemJson {
    #[schema(schema_with = code::<TodayItem>)]
    pub item: String,
    pub count: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CheckJson {
    /// RFC 3339 in UTC.
    pub at: String,
    /// Events of the trail, or scans.
    pub checked: i64,
    /// Every byte was read, and not only the size of each file.
    pub every_byte: bool,
    /// What did not fit; empty where everything did.
    pub problems: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RoomJson {
    pub free_bytes: u64,
    pub total_bytes: u64,
    /// So little that nothing more is taken in.
    pub is_short: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DayJson {
    pub date: String,
    /// Documents that came in and that the caller may see.
    pub documents: i64,
    /// Searches: of everybody for those who read the trail, of the others their own.
    pub lookups: i64,
}

/// A document that an item is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct TodayDocumentJson {
    pub document_id: String,
    pub title: String,
    pub number: String,
    pub kind: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    /// Why it is this customer's, or `nobody` where a person has said that it belongs to no customer.
    #[schema(schema_with = code::<LinkBasis>)]
    pub link_basis: String,
    pub location_code: String,
    /// When it was taken in; RFC 3339 in UTC.
    pub filed_at: String,
}

/// A window of documents that was read with one more than `limit`.
pub fn today_documents(rows: Vec<DocumentRow>, limit: usize, total: i64) -> ListJson<TodayDocumentJson> {
    ListJson::window(rows, limit, total, |row| row.uid.to_string(), today_document)
}

fn today_document(row: DocumentRow) -> TodayDocumentJson {
    TodayDocumentJson {
        document_id: row.id.to_string(),
        title: row.title,
        number: row.number,
        kind: row.kind,
        date: row.date,
        customer_code: row.customer_code,
        customer_name: row.customer_name,
        link_basis: row.link_basis.as_str().to_owned(),
        location_code: row.place.location_code,
        filed_at: row.created_at.rfc3339(),
    }
}
