//! Sealing (封存): a document or a whole dossier is shown to nobody but those with a grant, not even in a count.
//!
//! Sealing and unsealing is the supervisor's, with a reason; whoever seals loses sight of the content too. What is sealed
//! stands in a list of its own for administrators and for the one who sealed it, with why, until when and to whom it is
//! shown by a grant; its title only for those whose rights would show it without the seal.

pub(crate) mod sql;

use crate::{Error, Field, Moment, PartialDate, Result, SecurityLevel, fold};

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

/// Why and for how long something is sealed.
#[derive(Debug, Clone, Default)]
pub struct SealTerms {
    /// 1 to 200 characters.
    pub reason: String,
    /// When somebody should look whether the seal is still needed; empty for no such day. Nothing unseals itself.
    pub until: PartialDate,
}

/// A line of the list of what is sealed: no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    pub thing: SealedThing,
    /// Id of the document, or of the dossier's customer.
    pub id: String,
    pub customer_code: String,
    /// Title and number of the document, or name of the customer; empty where the asker could not see the document if it
    /// were not sealed.
    pub title: String,
    pub number: String,
    pub kind: String,
    pub date: String,
    /// When, by whom, why and until when it was sealed; empty for a seal older than the record of it.
    pub sealed_at: Option<Moment>,
    pub sealed_by: String,
    pub reason: String,
    pub until: String,
    /// Who may see it by a grant that holds now, and the end of the grant.
    pub shown_to: Vec<(String, Moment)>,
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
