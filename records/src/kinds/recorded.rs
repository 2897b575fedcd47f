//! What becomes of document kinds and checklists in the history.

use crate::store::recorded::{
    ColumnValue, HistoryForm, Owner, Recorded,
    Treatment::{Bookkeeping, Field, Version},
    nothing,
};

/// A kind of document.
pub(crate) static DOCUMENT_KINDS: Recorded = Recorded {
    table: "document_kinds",
    key: "code",
    owner: Owner::Named {
        kind: "kind",
        code: "code",
    },
    form: HistoryForm::Fields { shown: "name_zh" },
    restore: restore_kind,
    columns: &[
        ("code", Bookkeeping),
        ("group_code", Field("group")),
        ("name_zh", Field("name_zh")),
        ("name_en", Field("name_en")),
        ("title_patterns", Field("title_patterns")),
        ("flags", Field("flags")),
        ("security_level", Field("security_level")),
        ("retention_class", Field("retention_class")),
        ("position", Field("position")),
        ("active", Field("active")),
        ("content_patterns", Field("content_patterns")),
        ("version", Version),
    ],
};

/// What a complete dossier holds.
pub(crate) static CHECKLISTS: Recorded = Recorded {
    table: "checklists",
    key: "code",
    owner: Owner::Named {
        kind: "checklist",
        code: "code",
    },
    form: HistoryForm::Fields { shown: "name_zh" },
    restore: nothing,
    columns: &[
        ("code", Bookkeeping),
        ("name_zh", Field("name_zh")),
        ("name_en", Field("name_en")),
        ("customer_kind", Field("customer_kind")),
        ("kind_codes", Field("kinds")),
        ("position", Field("position")),
        ("active", Field("active")),
        ("version", Version),
    ],
};

/// Words that lead to a kind must be free, and rights follow from its level: both are left out.
fn restore_kind(field: &str, value: &str) -> Option<Vec<(&'static str, ColumnValue)>> {
    Some(match field {
        "name_zh" => vec![("name_zh", value.into())],
        "name_en" => vec![("name_en", value.into())],
        "group" => vec![("group_code", value.into())],
        "position" => vec![("position", value.parse::<i64>().ok()?.into())],
        _ => return None,
    })
}
