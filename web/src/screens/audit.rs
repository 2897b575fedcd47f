//! Audit: who did what to what, for auditors. Reading it is in it.

use super::shell::Shell;
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "audit.html")]
pub struct AuditView {
    pub t: Text,
    pub shell: Shell,
    pub head_text: String,
    pub who: String,
    pub object: String,
    pub rows: Vec<AuditRow>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct AuditRow {
    pub sequence: i64,
    pub at: String,
    pub who: String,
    pub what: String,
    pub object: String,
    pub url: String,
    pub detail: String,
}
