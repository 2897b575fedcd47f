//! How much a fact on a page says for the customer that it matches.

use super::{FactKind, LinkBasis};

impl super::Candidate {
    /// How much a fact of this kind says when it was read for certain and only one customer has it.
    pub fn weight_of(kind: FactKind) -> f64 {
        match kind {
            FactKind::Phone => 0.3,
            FactKind::Name => 0.5,
            _ => 0.9,
        }
    }

    /// What a proposal rests on that rests on such a fact.
    pub fn basis_of(kind: FactKind) -> LinkBasis {
        match kind {
            FactKind::CustomerCode => LinkBasis::CustomerCode,
            FactKind::AccountNumber => LinkBasis::AccountNumber,
            FactKind::ContractNumber => LinkBasis::ContractNumber,
            FactKind::CreditCode | FactKind::IdNumber => LinkBasis::PartyIdentifier,
            FactKind::Phone => LinkBasis::Phone,
            FactKind::Name => LinkBasis::Name,
            _ => LinkBasis::None,
        }
    }
}
