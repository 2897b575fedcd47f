//! Sealing (封存): a document or a whole dossier is shown to nobody but those with a grant, not even in a count.
//!
//! Sealing and unsealing is the supervisor's, with a reason; whoever seals loses sight of the content too. What is sealed
//! stands in a list of its own for administrators and for the one who sealed it, with why, until when and to whom it is
//! shown by a grant; its title only for those whose rights would show it without the seal.

pub(crate) mod sql;

pub use super::{DossierProtection, SealTerms};

use crate::Moment;

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
