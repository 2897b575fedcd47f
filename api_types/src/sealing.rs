//! What is sealed, and how a dossier is protected.

use records::permission::sealing::{DossierProtection, SealedRow};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct SealedJson {
    /// `document` or `dossier`.
    pub thing: String,
    /// Id of the document, or of the dossier's customer.
    pub id: String,
    pub customer_code: String,
    pub kind: String,
    pub date: String,
    pub sealed_at: Option<String>,
    pub sealed_by: String,
    pub reason: String,
}

/// A sealed document or dossier.
pub fn sealed_row(row: SealedRow) -> SealedJson {
    let SealedRow {
        thing,
        id,
        customer_code,
        kind,
        date,
        sealed_at,
        sealed_by,
        reason,
    } = row;
    SealedJson {
        thing: thing.as_str().to_owned(),
        id,
        customer_code,
        kind,
        date,
        sealed_at: sealed_at.map(|at| at.rfc3339()),
        sealed_by,
        reason,
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProtectionJson {
    pub security_level: i64,
    pub sealed: bool,
}

/// How a dossier is protected.
pub fn protection(protection: DossierProtection) -> ProtectionJson {
    ProtectionJson {
        security_level: protection.security_level.number(),
        sealed: protection.sealed,
    }
}
