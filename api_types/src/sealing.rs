//! What is sealed, and how a dossier is protected.

use crate::codes::{self, level_number};
use records::permission::sealing::{DossierProtection, SealedRow};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct SealedJson {
    /// `document` or `dossier`.
    #[schema(schema_with = codes::sealed_thing)]
    pub thing: String,
    /// Id of the document, or of the dossier's customer.
    pub id: String,
    pub customer_code: String,
    /// Title and number, for those who could see the document if it were not sealed.
    pub title: String,
    pub number: String,
    pub kind: String,
    pub date: String,
    pub sealed_at: Option<String>,
    pub sealed_by: String,
    pub reason: String,
    /// Until when it is meant to stay sealed; empty for no such day.
    pub until: String,
    /// Who may see it by a grant that holds now.
    pub shown_to: Vec<ShownToJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ShownToJson {
    pub user: String,
    pub until_at: String,
}

/// A sealed document or dossier.
pub fn sealed_row(row: SealedRow) -> SealedJson {
    let SealedRow {
        thing,
        id,
        customer_code,
        title,
        number,
        kind,
        date,
        sealed_at,
        sealed_by,
        reason,
        until,
        shown_to,
    } = row;
    SealedJson {
        thing: thing.as_str().to_owned(),
        id,
        customer_code,
        title,
        number,
        kind,
        date,
        sealed_at: sealed_at.map(|at| at.rfc3339()),
        sealed_by,
        reason,
        until,
        shown_to: shown_to
            .into_iter()
            .map(|(user, until)| ShownToJson {
                user,
                until_at: until.rfc3339(),
            })
            .collect(),
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProtectionJson {
    #[schema(schema_with = level_number)]
    pub security_level: i64,
    pub sealed: bool,
    /// Counts the changes of the dossier; send it with a change.
    pub version: i64,
}

/// How a dossier is protected.
pub fn protection((protection, version): (DossierProtection, i64)) -> ProtectionJson {
    ProtectionJson {
        security_level: protection.security_level.number(),
        sealed: protection.sealed,
        version,
    }
}
