//! Customers that a document names besides the one whose dossier it belongs to: the other party of an agreement, a
//! guarantor. The document is found from their dossiers too.

use crate::parties;

/// A further customer of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCustomer {
    pub code: String,
    pub name: String,
    /// What the customer is on this paper.
    pub role: parties::PartyRoleKind,
}

/// Customers that one document may name besides its own.
pub const NAMED_MAX: usize = 50;
