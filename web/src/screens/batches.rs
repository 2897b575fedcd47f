//! Batches: prove what happened to every file.

use super::{
    parts::{Badge, Figure},
    shell::Shell,
};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "batches.html")]
pub struct BatchesView {
    pub t: Text,
    pub shell: Shell,
    pub rows: Vec<BatchRow>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct BatchRow {
    pub url: String,
    pub name: String,
    pub started: String,
    pub found: u64,
    pub filed: u64,
    pub needs_review: u64,
    pub duplicate: u64,
    pub rejected: u64,
    pub pages: u64,
    pub state: Badge,
}

#[derive(Template)]
#[template(path = "batch.html")]
pub struct BatchView {
    pub t: Text,
    pub shell: Shell,
    pub name: String,
    pub state: Badge,
    pub times: String,
    pub running: bool,
    pub found: u64,
    pub outcomes: Vec<Figure>,
    pub pages: u64,
    pub speed: String,
    /// The sum that must come out even.
    pub balance: String,
    pub missing: Vec<String>,
    pub ignored: Vec<String>,
    pub lines_title: String,
    pub lines_total: u64,
    pub lines: Vec<LineRow>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct LineRow {
    pub url: String,
    pub path: String,
    pub outcome: Badge,
    pub reason: String,
    pub customer_code: String,
    pub location_code: String,
    pub pages: u64,
}
