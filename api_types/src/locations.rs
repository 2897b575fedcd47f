//! What is at a place.

use crate::codes::code;
use records::places::{ContentItem, Place};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::OriginalState;

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
    #[schema(schema_with = code::<OriginalState>)]
    pub original_state: String,
    pub pages: i64,
}

/// A place with what lies there, in shelf order.
pub fn located(place: Place, items: Vec<ContentItem>) -> LocateJson {
    let Place { code, path, .. } = place;
    LocateJson {
        code,
        path: path
            .into_iter()
            .map(|step| StepJson {
                code: step.code,
                name: step.name,
            })
            .collect(),
        items: items.into_iter().map(item).collect(),
    }
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
