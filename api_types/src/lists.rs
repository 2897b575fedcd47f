//! Document kinds and checklists.

use crate::codes::{code, code_or_empty, level_number};
use records::kinds::{Checklist, DocumentKind};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{CustomerKind, KindGroup};

#[derive(Debug, Serialize, ToSchema)]
pub struct KindJson {
    pub code: String,
    #[schema(schema_with = code::<KindGroup>)]
    pub group: String,
    pub name_zh: String,
    pub name_en: String,
    pub title_patterns: Vec<String>,
    pub content_patterns: Vec<String>,
    /// Letters of O C P V S F W.
    pub flags: String,
    #[schema(schema_with = level_number)]
    pub security_level: i64,
    pub retention_class: String,
    pub position: i64,
    /// False for a retired kind, which is kept for what it already names.
    pub active: bool,
    /// Counts the changes of the kind; send it with a change.
    pub version: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChecklistJson {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// `person`, `organisation`, or empty for any.
    #[schema(schema_with = code_or_empty::<CustomerKind>)]
    pub customer_kind: String,
    /// Codes of kinds, in order.
    pub kinds: Vec<String>,
    pub position: i64,
    pub active: bool,
    /// Counts the changes of the checklist; send it with a change.
    pub version: i64,
}

impl KindJson {
    pub fn of(kind: &DocumentKind, version: i64) -> Self {
        let DocumentKind {
            code,
            group,
            name_zh,
            name_en,
            title_patterns,
            content_patterns,
            flags,
            security_level,
            retention_class,
            position,
            active,
        } = kind.clone();
        Self {
            code,
            group: group.as_str().to_owned(),
            name_zh,
            name_en,
            title_patterns,
            content_patterns,
            flags: flags.to_string(),
            security_level: security_level.number(),
            retention_class,
            position,
            active,
            version,
        }
    }
}

impl ChecklistJson {
    pub fn of(list: &Checklist, version: i64) -> Self {
        let Checklist {
            code,
            name_zh,
            name_en,
            customer_kind,
            kind_codes,
            position,
            active,
        } = list.clone();
        Self {
            code,
            name_zh,
            name_en,
            customer_kind: customer_kind.map_or("", CustomerKind::as_str).to_owned(),
            kinds: kind_codes,
            position,
            active,
            version,
        }
    }
}
