//! What is at a place.

use crate::http::error::Result;
use records::{
    Archive, Asker,
    places::{CodeLookup, ContentItem, Place},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Rows of a location's content that one answer holds.
const ITEMS_MAX: usize = 100_000;

#[derive(Debug, Serialize, ToSchema)]
pub struct LocateJson {
    pub code: String,
    pub path: Vec<StepJson>,
    pub items: Vec<ItemJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StepJson {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ItemJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub customer_code: String,
    pub customer_name: String,
    pub container: String,
    pub location_code: String,
    pub original_state: String,
    pub pages: i64,
}

/// What a code led to.
pub enum Located {
    Place(LocateJson),
    /// A code without its dashes that fits several places.
    Ambiguous(Vec<String>),
    None,
}

/// # Errors
/// When the record does not answer.
pub async fn locate(archive: &Archive, asker: &Asker, code: &str) -> Result<Located> {
    let place = match archive.locate(asker, code).await? {
        CodeLookup::Location(place) | CodeLookup::Container(place) => place,
        CodeLookup::Ambiguous(codes) => return Ok(Located::Ambiguous(codes)),
        CodeLookup::None => return Ok(Located::None),
    };
    let items = archive.location_contents(asker, &place, 0, ITEMS_MAX).await?;
    let Place { code, path, .. } = *place;
    Ok(Located::Place(LocateJson {
        code,
        path: path
            .into_iter()
            .map(|step| StepJson {
                code: step.code,
                name: step.name,
            })
            .collect(),
        items: items.into_iter().map(item).collect(),
    }))
}

fn item(item: ContentItem) -> ItemJson {
    ItemJson {
        document_id: item.document_id,
        title: item.title,
        kind: item.kind,
        customer_code: item.customer_code,
        customer_name: item.customer_name,
        container: item.container,
        location_code: item.location_code,
        original_state: item.original_state.as_str().to_owned(),
        pages: item.pages,
    }
}
