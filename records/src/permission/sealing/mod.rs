//! Sealing (封存): a document or a whole dossier is shown to nobody but those with a grant, not even in a count.
//!
//! Sealing and unsealing is the supervisor's, with a reason; whoever seals loses sight of it too. What is sealed stands
//! in a list of its own, with nothing but what is needed to find the right one again.

pub(crate) mod sql;

use crate::{Error, Field, Moment, Result, SecurityLevel, fold};

/// What is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedThing {
    Document,
    Dossier,
}

impl SealedThing {
    pub fn as_str(self) -> &'static str {
        match self {
            SealedThing::Document => "document",
            SealedThing::Dossier => "dossier",
        }
    }
}

/// A line of the list of what is sealed: no title, no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    pub thing: SealedThing,
    /// Id of the document, or of the dossier's customer.
    pub id: String,
    pub customer_code: String,
    pub kind: String,
    pub date: String,
    /// When, by whom and why it was sealed; empty where that was not recorded.
    pub sealed_at: Option<Moment>,
    pub sealed_by: String,
    pub reason: String,
}

/// How a whole dossier is protected, over and above its documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DossierProtection {
    /// Nobody with less clearance sees any document of it.
    pub security_level: SecurityLevel,
    pub sealed: bool,
}

pub(crate) fn checked_reason(reason: &str) -> Result<String> {
    let text: String = fold::storable(reason.trim())
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    match text.chars().count() {
        1..=200 => Ok(text),
        _ => Err(Error::invalid(Field::Reason, reason, "say in 1 to 200 characters why")),
    }
}
