//! One suggestion under a field, and all of them.

use askama::Template;

#[derive(Template)]
#[template(path = "offers.html")]
pub struct OffersView {
    pub offers: Vec<Offer>,
}

#[derive(Debug, Clone, Default)]
pub struct Offer {
    pub what: String,
    pub name: String,
    pub more: String,
    pub url: String,
    /// What choosing it puts into a field that asks for a customer or a place; empty where it is gone to.
    pub fills: String,
}

/// Places that are offered at once.
pub(super) const OFFERED_LOCATIONS: usize = 4;
