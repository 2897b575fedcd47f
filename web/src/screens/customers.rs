//! Customers, and the dossier of one: everything about a customer wherever it lies.

use super::{
    parts::{Badge, Fact},
    shell::Shell,
};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "customers.html")]
pub struct CustomersView {
    pub t: Text,
    pub shell: Shell,
    pub filter: String,
    pub total: String,
    pub rows: Vec<CustomerRow>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct CustomerRow {
    pub url: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub dossier_no: String,
    pub documents: u64,
    pub status: Badge,
}

#[derive(Template)]
#[template(path = "customer.html")]
pub struct CustomerView {
    pub t: Text,
    pub shell: Shell,
    pub code: String,
    pub name: String,
    pub status: Badge,
    pub dossier_no: String,
    pub search_url: String,
    pub documents: usize,
    pub sections: Vec<KindSection>,
    pub places: Vec<PlaceOfDossier>,
    pub gaps: Vec<String>,
    pub facts: Vec<Fact>,
}

/// The documents of one kind, by date.
#[derive(Debug, Clone)]
pub struct KindSection {
    pub kind: String,
    pub rows: Vec<DocumentRow>,
}

#[derive(Debug, Clone)]
pub struct DocumentRow {
    pub url: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub pages: u64,
    pub location_code: String,
    pub location_url: String,
    pub state: Badge,
}

#[derive(Debug, Clone)]
pub struct PlaceOfDossier {
    pub code: String,
    pub url: String,
    pub documents: u64,
}
