//! What changed, by whom, when and why.

use records::history::{HistoryLine, HistoryObject};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryJson {
    /// Newest first.
    pub rows: Vec<HistoryRowJson>,
    /// Key to go on `before`, when there is more.
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryRowJson {
    /// RFC 3339 in UTC.
    pub at: String,
    /// Sign-in name.
    pub by: String,
    /// The record, as the parameter `object` takes it: `customer:KH-0001`.
    pub object: String,
    /// Name or title of the record today.
    pub object_name: String,
    pub field: String,
    /// `null` when there was nothing, and for secrets.
    pub before: Option<String>,
    pub after: Option<String>,
    pub why: String,
    pub authority: String,
    /// Rows of one key became true together.
    pub change: String,
    pub key: String,
    pub can_be_put_back: bool,
}

/// Lines as they are shown to programs; `limit` of them, one more says that there is more.
pub fn history(mut lines: Vec<HistoryLine>, limit: usize) -> HistoryJson {
    let has_more = lines.len() > limit;
    lines.truncate(limit);
    HistoryJson {
        next: has_more
            .then(|| lines.last().map(|line| line.key.to_string()))
            .flatten(),
        rows: lines.into_iter().map(row).collect(),
    }
}

fn row(line: HistoryLine) -> HistoryRowJson {
    let HistoryLine {
        key,
        change,
        by,
        object,
        field,
        before,
        after,
        why,
        authority,
        can_be_put_back,
    } = line;
    HistoryRowJson {
        at: key.at.rfc3339(),
        by,
        object: object.parameter(),
        object_name: {
            let HistoryObject { name, .. } = object;
            name
        },
        field,
        before,
        after,
        why,
        authority,
        change,
        key: key.to_string(),
        can_be_put_back,
    }
}
