//! The searches that a person keeps.

use records::searches::SavedSearch;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct SavedSearchJson {
    pub id: String,
    pub name: String,
    /// The query language of the search field, as it was typed.
    pub query: String,
    /// `relevance`, `newest`, `oldest` or `location`.
    pub sort: String,
}

/// A kept search.
pub fn saved_search(search: SavedSearch) -> SavedSearchJson {
    SavedSearchJson {
        id: search.id.to_string(),
        name: search.name,
        query: search.query,
        sort: match search.sorting.as_str() {
            "" => "relevance".to_owned(),
            _ => search.sorting,
        },
    }
}
