//! The finding aid: everything between a few typed characters and the right page with its hit.
//!
//! Two derived indexes (`pages`, `dossiers`) follow the record; they can be deleted at any time
//! and come back with the same match sets and order. This room owns tantivy and refuses to know
//! SQL, HTTP, images, settings and the clock.
//!
//! A search goes [`grammar`] (what was typed) -> [`compile`] (conditions) -> `searcher` (with the
//! visibility filter of the asker) -> `collect` (newest first, order, facets) -> [`highlight`] (marks,
//! snippet). A change goes `source` (entry from the record) -> [`schema`] (fields) -> [`generation`]
//! (commit with its position), driven by `follower`.

mod answer;
mod budget;
mod change_batch;
mod collect;
mod columns;
pub mod compile;
mod customer_columns;
pub mod customers;
pub mod entry;
mod error;
mod facets;
pub mod fields;
mod find;
pub mod fold;
pub mod folder;
mod follower;
pub mod full_text;
pub mod generation;
pub mod grammar;
pub mod grams;
pub mod highlight;
mod hit_presenter;
pub mod ids;
pub mod keywords;
pub mod kinds;
mod meaning;
mod open_columns;
mod page_columns;
mod phrase;
pub mod pinyin;
mod prefix_scorer;
mod query;
pub mod readers;
mod rebuild;
pub mod request;
mod run_scorer;
mod run_weight;
pub mod schema;
pub mod search;
mod searcher;
mod source;
mod union;
pub mod visibility;
mod worth;

pub use answer::{DocumentHit, DossierHit, PageHit, SearchAnswer};
pub use collect::{Sorting, Stopped};
pub use customers::CustomersFound;
pub use error::{Error, Result};
pub use facets::Facets;
pub use fields::QueryField;
pub use follower::Following;
pub use full_text::{Freshness, FullText, FullTextConfig, FullTextStatus};
pub use highlight::{Marker, Snippet, SnippetLimits};
pub use query::{NoticeCode, Query, QueryChip, QueryError, QueryLimits, QueryNotice};
pub use request::{Grouping, NearMisses, SearchLimits, SearchRequest};
