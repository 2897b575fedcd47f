//! What was noted beside a reason: a sentence for people, and the same as a code with arguments for programs.

use crate::codes::detail_code;
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::Language;
use vocabulary::detail::Detail;

/// A detail for programs. An argument that is itself a detail is an object `{"c": code, "a": [arguments]}`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DetailCodeJson {
    #[schema(schema_with = detail_code)]
    pub code: String,
    pub args: Vec<serde_json::Value>,
}

impl DetailCodeJson {
    /// The sentence of the same detail in a language.
    pub fn said(&self, language: Language) -> Option<String> {
        let detail = serde_json::json!({ "c": self.code, "a": self.args });
        let detail: Detail = serde_json::from_value(detail).ok()?;
        Some(detail.text(language))
    }
}

/// The sentence; empty where nothing was noted.
pub fn text(detail: Option<&Detail>) -> String {
    detail.map(|detail| detail.text(Language::English)).unwrap_or_default()
}

pub fn code(detail: Option<&Detail>) -> Option<DetailCodeJson> {
    let detail = detail?;
    Some(DetailCodeJson {
        code: detail.code.as_str().to_owned(),
        // Texts, numbers and lists of them: JSON has them all.
        args: detail
            .args
            .iter()
            .filter_map(|arg| serde_json::to_value(arg).ok())
            .collect(),
    })
}
