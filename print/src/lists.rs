//! Lists of the archive as tables: item list of a dossier (卷内文件目录, columns after DA/T 22-2015 and GB/T 9705-2008
//! with the place added) and the report of a batch. Rows hidden from the asker are not among those
//! passed in; personal numbers come masked.

use crate::{Cell, Column, PrintedTable};
use records::{
    Moment,
    batches::{BatchLine, BatchRow, Outcome},
    documents::DocumentRow,
};

/// Headings of the item list, in the language of the reader.
#[derive(Debug, Clone, Default)]
pub struct ItemListWords {
    /// `卷内文件目录`
    pub title: String,
    /// `序号`
    pub sequence: String,
    /// `文号`
    pub number: String,
    /// `题名`
    pub document_title: String,
    /// `类型`
    pub kind: String,
    /// `日期`
    pub date: String,
    /// `密级`
    pub security: String,
    /// `页数`
    pub pages: String,
    /// `库位`
    pub location: String,
    /// `备注`; an empty column for notes by hand.
    pub note: String,
    /// With `{documents}` and `{pages}` in it: `共 {documents} 件，{pages} 页`
    pub total: String,
}

/// The item list of a dossier, in the order of the documents given.
///
/// `facts` stand above it (户号, 户名, 档号 ...). `kind_name` and `security_name` give the reader's words for a kind's
/// code and for the number of a security level.
pub fn dossier_item_list(
    facts: Vec<(String, String)>,
    documents: &[DocumentRow],
    words: &ItemListWords,
    kind_name: &dyn Fn(&str) -> String,
    security_name: &dyn Fn(records::SecurityLevel) -> String,
    made_at: Option<Moment>,
) -> PrintedTable {
    let rows = documents.iter().zip(1i64..).map(|(document, sequence)| {
        vec![
            sequence.into(),
            document.number.as_str().into(),
            document.title.as_str().into(),
            kind_name(&document.kind).into(),
            document.date.as_str().into(),
            security_name(document.security_level).into(),
            pages_of(document).into(),
            place(&document.place.location_code, &document.place.container),
        ]
    });
    let pages = documents.iter().map(pages_of).sum();
    PrintedTable {
        title: words.title.clone(),
        facts,
        columns: vec![
            Column::number(&words.sequence, 0.55),
            Column::text(&words.number, 1.8),
            Column::text(&words.document_title, 3.3),
            Column::text(&words.kind, 1.1),
            Column::text(&words.date, 1.15),
            Column::text(&words.security, 0.8),
            Column::number(&words.pages, 0.65),
            Column::text(&words.location, 1.6),
            Column::text(&words.note, 1.0),
        ],
        rows: rows.collect(),
        closing: total(&words.total, documents.len(), pages),
        made_at,
    }
}

/// Headings of a batch report, in the language of the reader.
#[derive(Debug, Clone, Default)]
pub struct BatchWords {
    /// `批次报告`
    pub title: String,
    /// `批次`
    pub batch: String,
    /// `发现`
    pub found: String,
    /// `交接清单有而未到`
    pub missing: String,
    /// `文件`
    pub path: String,
    /// `结果`
    pub outcome: String,
    /// `原因代码`
    pub reason: String,
    /// `说明`
    pub detail: String,
    /// `户号`
    pub customer_code: String,
    /// `库位`
    pub location_code: String,
    /// `类型`
    pub kind: String,
    /// `页数`
    pub pages: String,
    /// `文件 ID`
    pub documents: String,
    /// `SHA-256`
    pub sha256: String,
    /// `字节`
    pub bytes: String,
}

/// What became of each file of a batch. The facts hold the counts: found = filed + in review + duplicate + rejected.
///
/// `outcome_name` gives the reader's word for an outcome, `detail_text` the sentence beside its reason; reasons stay codes.
pub fn batch_report(
    batch: &BatchRow,
    lines: &[BatchLine],
    words: &BatchWords,
    outcome_name: &dyn Fn(Outcome) -> String,
    detail_text: &dyn Fn(&BatchLine) -> String,
) -> PrintedTable {
    let mut facts = vec![
        (words.batch.clone(), batch.name.clone()),
        (words.found.clone(), batch.found().to_string()),
    ];
    for (outcome, count) in [
        (Outcome::Filed, batch.filed),
        (Outcome::NeedsReview, batch.needs_review),
        (Outcome::Duplicate, batch.duplicate),
        (Outcome::Rejected, batch.rejected),
        (Outcome::Ignored, batch.ignored),
    ] {
        facts.push((outcome_name(outcome), count.to_string()));
    }
    if !batch.missing.is_empty() {
        facts.push((words.missing.clone(), batch.missing.join("; ")));
    }
    let rows = lines.iter().map(|line| {
        vec![
            line.path.shown().into(),
            outcome_name(line.outcome).into(),
            line.reason.as_str().into(),
            detail_text(line).into(),
            line.customer_code.as_str().into(),
            line.location_code.as_str().into(),
            line.kind.as_str().into(),
            line.pages.into(),
            line.document_ids.join("; ").into(),
            line.sha256.as_str().into(),
            line.bytes.into(),
        ]
    });
    PrintedTable {
        title: words.title.clone(),
        facts,
        columns: vec![
            Column::text(&words.path, 3.0),
            Column::text(&words.outcome, 0.9),
            Column::text(&words.reason, 1.2),
            Column::text(&words.detail, 2.5),
            Column::text(&words.customer_code, 1.2),
            Column::text(&words.location_code, 1.2),
            Column::text(&words.kind, 0.9),
            Column::number(&words.pages, 0.6),
            Column::text(&words.documents, 1.6),
            Column::text(&words.sha256, 1.6),
            Column::number(&words.bytes, 0.8),
        ],
        rows: rows.collect(),
        closing: String::new(),
        made_at: batch.finished_at,
    }
}

/// The paper's own count where someone declared it, else what was scanned.
fn pages_of(document: &DocumentRow) -> i64 {
    document.pages_declared.unwrap_or(document.pages_scanned)
}

fn place(location: &str, container: &str) -> Cell {
    match (location, container) {
        ("", container) => container.into(),
        (location, "") => location.into(),
        (location, container) => format!("{location} / {container}").into(),
    }
}

fn total(pattern: &str, documents: usize, pages: i64) -> String {
    pattern
        .replace("{documents}", &documents.to_string())
        .replace("{pages}", &pages.to_string())
}

#[cfg(test)]
mod tests;
