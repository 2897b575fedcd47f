//! Customers (户): what a dossier is kept for. One person with three account numbers is three customers.

pub mod fields;
pub(crate) mod recorded;
pub(crate) mod sql;

pub use fields::{CUSTOMER_COLUMNS, CUSTOMER_FIELDS, CustomerField};
use vocabulary::both;
pub use vocabulary::{AliasKind, CustomerKind, CustomerStatus};

use crate::{
    Error, Field, Moment, Result, fold,
    ids::CustomerId,
    parties::{IdentifierKind, PartyKind, PartyRoleKind},
};

/// A customer code as people write it; two codes are equal when their folded forms are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CustomerCode {
    shown: String,
    folded: String,
}

impl CustomerCode {
    pub fn parse(text: &str) -> Result<Self> {
        let shown = fold::half_width(text.trim());
        let folded = fold::code(&shown);
        if folded.is_empty() || folded.chars().count() > 64 {
            return Err(Error::invalid(
                Field::CustomerCode,
                text,
                both!("a code has 1 to 64 characters", "编号有 1 到 64 个字符"),
            ));
        }
        Ok(Self { shown, folded })
    }

    pub fn as_str(&self) -> &str {
        &self.shown
    }

    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// A customer as a list shows it.
#[derive(Debug, Clone)]
pub struct CustomerRow {
    pub uid: i64,
    pub id: CustomerId,
    pub code: String,
    pub name: String,
    pub kind: CustomerKind,
    pub status: CustomerStatus,
    pub dossier_no: String,
    /// Documents that the asker may see.
    pub documents: i64,
}

/// Everything about a customer that its own view shows.
#[derive(Debug, Clone)]
pub struct Customer {
    pub uid: i64,
    pub id: CustomerId,
    pub code: String,
    pub name: String,
    pub kind: CustomerKind,
    pub status: CustomerStatus,
    /// What else is kept of every customer, in the order of the fields: address, grade, region ...
    pub facts: Vec<(&'static CustomerField, String)>,
    pub attributes: Vec<(String, String)>,
    /// Account numbers (户号), codes of other systems, former codes.
    pub aliases: Vec<(AliasKind, String)>,
    pub parties: Vec<CustomerParty>,
    pub dossier_id: String,
    /// Empty until the dossier was accepted.
    pub dossier_no: String,
    /// Code of the checklist that the dossier is held against; empty until a person says which.
    pub checklist: String,
    pub created_at: Moment,
    pub version: i64,
}

/// Which number of a customer's parties a person wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalNumber {
    pub party_id: String,
    pub kind: IdentifierKind,
    /// Among the identifiers of the party, from 0.
    pub position: usize,
}

/// A party in its role towards a customer. Personal numbers are masked until they are revealed.
#[derive(Debug, Clone)]
pub struct CustomerParty {
    pub party_id: String,
    pub name: String,
    pub kind: PartyKind,
    pub role: PartyRoleKind,
    pub begins_on: String,
    pub ends_on: String,
    pub identifiers: Vec<(IdentifierKind, String)>,
}

/// What linking needs to know of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerKey {
    pub uid: i64,
    pub id: CustomerId,
    pub code: String,
    pub name: String,
    pub status: CustomerStatus,
}

/// Customers that one look among named ones takes.
pub const AMONG_MAX: usize = 500;

/// Which customers to list, after a code: those with `text` anywhere in a name or other code, at the beginning of their
/// code, or as an identifier.
#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    pub text: String,
    pub status: Option<CustomerStatus>,
    pub after_code: String,
    pub limit: usize,
}

/// What a person states of a customer in a form: names of fields, or `attribute:NAME`, with their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerDraft {
    pub stated: Vec<(String, String)>,
    /// For the history; may be empty.
    pub why: String,
}

impl Customer {
    /// The value of one of the facts; empty when there is none of this name.
    pub fn fact(&self, name: &str) -> &str {
        self.facts
            .iter()
            .find(|(field, _)| field.name() == name)
            .map_or("", |(_, value)| value.as_str())
    }
}
