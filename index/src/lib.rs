//! The finding aid: everything between a few typed characters and the right page with its hit.
//!
//! Two derived indexes (`pages`, `dossiers`) follow the record; they can be deleted at any time
//! and come back with the same match sets and order. This room owns tantivy and refuses to know
//! SQL, HTTP, images, settings and the clock.
//!
//! A search goes [`grammar`] (what was typed) -> [`compile`] (conditions) -> [`door`] (what the
//! asker may see) -> [`collect`] (newest first, order, facets) -> [`highlight`] (marks, snippet).
//! A change goes `source` (entry from the record) -> [`schema`] (fields) -> [`generation`]
//! (commit with its position), driven by [`follower`].

pub mod collect;
mod columns;
pub mod compile;
pub mod customers;
pub mod door;
pub mod entry;
mod error;
pub mod fields;
pub mod fold;
pub mod folder;
pub mod follower;
pub mod full_text;
pub mod generation;
pub mod grammar;
pub mod grams;
pub mod highlight;
pub mod ids;
pub mod keywords;
pub mod phrase;
pub mod readings;
pub mod schema;
pub mod search;
mod source;
mod union;

pub use collect::{Facets, Sorting, Stopped};
pub use customers::CustomersFound;
pub use error::{Error, Result};
pub use fields::QueryField;
pub use follower::Following;
pub use full_text::{Freshness, FullText, FullTextConfig, FullTextStatus};
pub use grammar::{NoticeCode, Query, QueryChip, QueryError, QueryLimits, QueryNotice};
pub use highlight::{Marker, Snippet, SnippetLimits};
pub use search::{DocumentHit, DossierHit, Grouping, NearMisses, PageHit, SearchAnswer, SearchLimits, SearchRequest};
