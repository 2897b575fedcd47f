//! The list of a delivery, looked at before anything is sent.

use crate::detail::{self, DetailCodeJson};
use records::{SecurityLevel, batches::ManifestLine};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::detail::Detail;

/// What a list would do; nothing was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct ManifestCheckJson {
    pub papers: Vec<ListedPaperJson>,
    /// What is wrong or not known, by line.
    pub problems: Vec<ListRemarkJson>,
    /// Columns that are kept as further fields.
    pub unknown_columns: Vec<String>,
}

/// What one line says of a paper.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedPaperJson {
    pub line: u64,
    pub path: String,
    /// Files with the same word are one document.
    pub document: String,
    pub customer_code: String,
    pub customer_name: String,
    pub kind: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub location_code: String,
    pub security_level: Option<i64>,
    pub page_count: Option<i64>,
}

/// What is said of a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListRemarkJson {
    pub line: u64,
    pub text: String,
    pub code: Option<DetailCodeJson>,
}

pub fn listed_paper(line: ManifestLine) -> ListedPaperJson {
    let ManifestLine {
        line,
        written,
        path: _,
        document,
        sequence: _,
        customer_code,
        customer_name,
        kind,
        title,
        number,
        date,
        location_code,
        security_level,
        page_count,
        paper: _,
        department: _,
        site: _,
        particulars: _,
        attributes: _,
    } = line;
    ListedPaperJson {
        line,
        path: written,
        document,
        customer_code,
        customer_name,
        kind,
        title,
        number,
        date: date.to_string(),
        location_code,
        security_level: security_level.map(SecurityLevel::number),
        page_count,
    }
}

pub fn list_remark(line: u64, remark: &Detail) -> ListRemarkJson {
    ListRemarkJson {
        line,
        text: detail::text(Some(remark)),
        code: detail::code(Some(remark)),
    }
}
