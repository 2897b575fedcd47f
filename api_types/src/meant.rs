//! What a typed or scanned text means.

use crate::codes::code;
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::codes::{MeantBy, MeantKind};

/// A record that a text means.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeantJson {
    #[schema(schema_with = code::<MeantKind>)]
    pub kind: String,
    /// What the other operations call it by: the code of a place or customer, the serial of a container, the id of a
    /// document.
    pub key: String,
    /// Code or number as it is printed; empty for a paper without a number.
    pub code: String,
    pub name: String,
    /// Its code or number, its whole name, or only a piece of them.
    #[schema(schema_with = code::<MeantBy>)]
    pub by: String,
}
