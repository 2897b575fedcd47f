//! The finding aid: everything between a few typed characters and the right page with its hit.
//!
//! Two derived indexes (`pages`, `dossiers`) follow the record; they can be deleted at any time
//! and come back with the same match sets and order. This room owns tantivy and refuses to know
//! SQL, HTTP, images, settings and the clock.

pub mod collect;
pub mod compile;
pub mod customers;
pub mod door;
pub mod entry;
pub mod fields;
pub mod fold;
pub mod grammar;
pub mod grams;
pub mod highlight;
pub mod ids;
pub mod phrase;
pub mod readings;
pub mod schema;
pub mod search;
