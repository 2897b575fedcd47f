//! Pages that ask for a look.

use crate::codes::codes;
use records::pages::looks::AskingPage;
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::ReadingFlag;

#[derive(Debug, Serialize, ToSchema)]
pub struct AskingPageJson {
    pub uid: i64,
    pub document_id: String,
    pub title: String,
    pub page: u32,
    #[schema(schema_with = codes::<ReadingFlag>)]
    pub reasons: Vec<String>,
    pub confidence: Option<f64>,
}

/// A page that asks, with why.
pub fn asking_page(asking: AskingPage) -> AskingPageJson {
    AskingPageJson {
        uid: asking.page.uid,
        document_id: asking.document.id.to_string(),
        title: asking.document.title,
        page: asking.page.number,
        reasons: asking
            .page
            .reading
            .flags()
            .map(|flag| flag.as_str().to_owned())
            .collect(),
        confidence: asking.confidence,
    }
}
