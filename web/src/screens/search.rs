//! Search: find the page.

use super::{
    parts::{Badge, Link, Piece, Thumb},
    shell::Shell,
};
use crate::text::Text;
use askama::Template;

#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchView {
    pub t: Text,
    pub shell: Shell,
    pub query: String,
    pub chips: Vec<Chip>,
    pub total: String,
    pub orders: Vec<Order>,
    pub facets: Vec<Facet>,
    /// What is wrong with the query and where.
    pub faults: Vec<String>,
    pub sections: Vec<Section>,
    pub hits_shown: usize,
    pub next_window: Option<String>,
    pub no_hits: Option<NoHits>,
    pub newest: Vec<NewestRow>,
}

/// A part of the query as it was understood.
#[derive(Debug, Clone)]
pub struct Chip {
    pub field: String,
    pub text: String,
    pub without: String,
    pub wrong: bool,
}

#[derive(Debug, Clone)]
pub struct Order {
    pub url: String,
    pub label: String,
    pub chosen: bool,
}

#[derive(Debug, Clone)]
pub struct Facet {
    pub label: String,
    pub values: Vec<FacetValue>,
}

#[derive(Debug, Clone)]
pub struct FacetValue {
    pub url: String,
    pub label: String,
    pub count: u64,
    pub chosen: bool,
}

/// Exact hits first; what was found only with a reading error stands apart under its note.
#[derive(Debug, Clone)]
pub struct Section {
    pub note: Option<String>,
    pub groups: Vec<Group>,
}

/// Hits of one dossier.
#[derive(Debug, Clone)]
pub struct Group {
    pub customer_code: String,
    pub customer_name: String,
    pub customer_url: String,
    pub dossier_no: String,
    pub hits: Vec<Hit>,
}

#[derive(Debug, Clone)]
pub struct Hit {
    pub url: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub page: u32,
    pub page_text: String,
    pub snippet: Vec<Piece>,
    pub location_code: String,
    pub location_url: String,
    pub state: Badge,
    pub warning: String,
    pub thumb: Option<Thumb>,
}

/// Nothing was found: which part of the query is to blame, and what would find something.
#[derive(Debug, Clone, Default)]
pub struct NoHits {
    pub parts: Vec<QueryPart>,
    pub loosen: Vec<Link>,
}

#[derive(Debug, Clone)]
pub struct QueryPart {
    pub text: String,
    pub count: u64,
}

#[derive(Debug, Clone)]
pub struct NewestRow {
    pub url: String,
    pub title: String,
    pub kind: String,
    pub customer_name: String,
    pub location_code: String,
}

#[derive(Template)]
#[template(path = "offers.html")]
pub struct OffersView {
    pub offers: Vec<Offer>,
}

#[derive(Debug, Clone)]
pub struct Offer {
    pub what: String,
    pub name: String,
    pub more: String,
    pub url: String,
    /// Filled where a customer is asked for.
    pub customer_code: String,
}
