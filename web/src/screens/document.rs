//! Document: read and trust the page.

use super::{
    parts::{Badge, Crumb, Event, Fact, LineOfText, Reason, Sheet},
    shell::Shell,
};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "document.html")]
pub struct DocumentView {
    pub t: Text,
    pub shell: Shell,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub customer: Option<CustomerLink>,
    pub location_code: String,
    pub location_url: String,
    pub path: Vec<Crumb>,
    pub container: String,
    pub state: Badge,
    pub sheets: Vec<Sheet>,
    pub start_page: u32,
    pub hit_count: usize,
    pub warnings: Vec<String>,
    pub facts: Vec<Fact>,
    pub why_linked: Vec<Reason>,
    pub review_url: Option<String>,
    pub scans: Vec<ScanRow>,
    pub history: Vec<Event>,
    pub history_open: bool,
}

#[derive(Debug, Clone)]
pub struct CustomerLink {
    pub name: String,
    pub code: String,
    pub url: String,
}

#[derive(Debug, Clone)]
pub struct ScanRow {
    pub url: String,
    pub name: String,
    pub size: String,
    pub media: String,
    pub digest: String,
}

impl ScanRow {
    pub fn digest_short(&self) -> String {
        let short: String = self.digest.chars().take(16).collect();
        format!("{short}…")
    }
}

/// The lines of one page, fetched when the page comes near.
#[derive(Template)]
#[template(path = "page_text.html")]
pub struct PageTextView {
    pub lines: Vec<LineOfText>,
}
