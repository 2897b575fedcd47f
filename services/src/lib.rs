//! What people do here, once: use cases that the views, the REST API and the command line share. Each takes the asker,
//! works through the doors of the record and the full text, notes reads in the trail, and answers in shapes of
//! `api_types` or in nouns of the record. Refuses to know HTTP, SQL and the words of a language.

pub mod audit;
pub mod batches;
pub mod customers;
pub mod documents;
mod error;
pub mod export;
pub mod history;
pub mod labels;
pub mod loans;
pub mod locations;
pub mod manifests;
pub mod map;
pub mod meant;
pub mod placements;
pub mod review;
pub mod search;
pub mod today;
pub mod verification;

pub use error::{Error, Result};

use records::kinds::Kinds;
use vocabulary::{Language, LinkBasis};

/// The name of a customer in a list; where there is none because a person has said that the paper is nobody's, that.
pub fn customer_said(name: String, basis: LinkBasis, language: &str) -> String {
    match (name.as_str(), basis) {
        ("", LinkBasis::Nobody) => basis
            .name(Language::parse(language).unwrap_or(Language::English))
            .to_owned(),
        _ => name,
    }
}

/// The name of a kind in a language, or of an unknown one nothing.
pub fn kind_name<'a>(kinds: &'a Kinds, code: &'a str, language: &str) -> &'a str {
    if code.is_empty() {
        ""
    } else {
        kinds.name(code, language)
    }
}
