//! Review: decide fast whose a document is.

use super::{
    parts::{Link, Reason, Sheet},
    shell::Shell,
};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "review.html")]
pub struct ReviewView {
    pub t: Text,
    pub shell: Shell,
    pub item: Option<Item>,
    pub done: u64,
    pub total: u64,
    pub progress_text: String,
    pub fault: Option<String>,
    pub undo: Option<Link>,
}

#[derive(Debug, Clone)]
pub struct Item {
    pub title: String,
    pub kind: String,
    pub path: String,
    pub reason: String,
    pub document_url: String,
    pub decide_url: String,
    pub later_url: String,
    pub version: i64,
    pub sheets: Vec<Sheet>,
    pub candidates: Vec<Candidate>,
    /// What was typed into the field when the last attempt failed.
    pub typed: String,
}

#[derive(Debug, Clone)]
pub struct Candidate {
    pub code: String,
    pub name: String,
    pub strength: String,
    pub reasons: Vec<Reason>,
}
