//! Location: what stands here, in shelf order.

use super::{
    parts::{Badge, Crumb},
    shell::Shell,
};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "location.html")]
pub struct LocationView {
    pub t: Text,
    pub shell: Shell,
    /// Empty on the view of all locations.
    pub code: String,
    pub name: String,
    pub kind: String,
    pub fill: String,
    pub keeper: String,
    pub path: Vec<Crumb>,
    pub up_url: Option<String>,
    pub fault: Option<String>,
    /// What an incomplete or ambiguous code may mean.
    pub choices: Vec<Child>,
    pub children: Vec<Child>,
    pub contents_total: String,
    pub rows: Vec<ContentRow>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Child {
    pub url: String,
    pub code: String,
    pub name: String,
    pub count_text: String,
}

#[derive(Debug, Clone)]
pub struct ContentRow {
    pub url: String,
    pub place: String,
    pub container: String,
    pub title: String,
    pub customer_code: String,
    pub customer_name: String,
    pub customer_url: String,
    pub kind: String,
    pub pages: u64,
    pub state: Badge,
}
