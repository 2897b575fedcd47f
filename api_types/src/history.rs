//! What changed, by whom, when and why.

use crate::list::ListJson;
use records::history::{HistoryLine, HistoryObject};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::Total;

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

/// Lines that were read with one more than `limit`.
pub fn history(lines: Vec<HistoryLine>, limit: usize, total: Total) -> ListJson<HistoryRowJson> {
    ListJson::window(lines, limit, total, |line| line.key.to_string(), row)
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
