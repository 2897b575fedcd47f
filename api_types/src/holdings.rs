//! What stands around a document: where its paper was, what was withdrawn, who else it names, who may own it.

use crate::codes::code;
use records::{
    Moment,
    documents::{DocumentRow, NamedCustomer, Proposal, WithdrawnRow},
    parties,
    places::PlacementRow,
};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{LinkBasis, PlacementEvent, ProposalState};

/// One row of the ledger of places, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacementJson {
    pub from_at: String,
    /// `null` for where it is now.
    pub until_at: Option<String>,
    /// Code of the location or serial of the container; empty when it was taken out.
    pub place: String,
    pub by: String,
    /// The label as it was scanned, when one was.
    pub label: String,
    /// The slip under which it went, when there was one.
    pub slip: String,
    /// `first_placed`, `moved` or `taken_out`.
    #[schema(schema_with = code::<PlacementEvent>)]
    pub event: String,
}

pub fn placement(row: PlacementRow) -> PlacementJson {
    let PlacementRow {
        place_code,
        from,
        until,
        by,
        label,
        slip,
        event,
    } = row;
    PlacementJson {
        from_at: from.rfc3339(),
        until_at: until.map(Moment::rfc3339),
        place: place_code,
        by,
        label,
        slip,
        event: event.as_str().to_owned(),
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawnJson {
    pub document_id: String,
    pub title: String,
    pub number: String,
    pub kind: String,
    pub date: String,
    pub customer_code: String,
    pub customer_name: String,
    /// Why it is this customer's, or `nobody` where a person has said that it belongs to no customer.
    #[schema(schema_with = code::<LinkBasis>)]
    pub link_basis: String,
    pub pages: i64,
    pub reason: String,
    pub by: String,
    pub at: Option<String>,
    /// False for the one who withdrew it: a second person restores.
    pub may_restore: bool,
}

/// A withdrawn document.
pub fn withdrawn(row: WithdrawnRow) -> WithdrawnJson {
    let WithdrawnRow {
        uid: _,
        id,
        title,
        number,
        kind,
        date,
        customer_code,
        customer_name,
        link_basis,
        security_level: _,
        pages,
        reason,
        by,
        at,
        may_restore,
    } = row;
    WithdrawnJson {
        document_id: id.to_string(),
        title,
        number,
        kind,
        date,
        customer_code,
        customer_name,
        link_basis: link_basis.as_str().to_owned(),
        pages,
        reason,
        by,
        at: at.map(Moment::rfc3339),
        may_restore,
    }
}

/// A further customer of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedCustomerJson {
    pub customer_code: String,
    pub customer_name: String,
    /// What the customer is on this paper, such as `counterparty` or `guarantor`.
    pub role: String,
}

pub fn named_customer(named: NamedCustomer) -> NamedCustomerJson {
    let NamedCustomer { code, name, role } = named;
    NamedCustomerJson {
        customer_code: code,
        customer_name: name,
        role: role.as_str().to_owned(),
    }
}

/// A document in the dossier of somebody else that names a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedInRowJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    /// What the customer is on it.
    pub role: String,
    /// In whose dossier it lies; empty while it waits in review.
    pub customer_code: String,
    pub customer_name: String,
}

pub fn named_in((row, role): (DocumentRow, parties::PartyRoleKind)) -> NamedInRowJson {
    NamedInRowJson {
        document_id: row.id.to_string(),
        title: row.title,
        kind: row.kind,
        number: row.number,
        date: row.date,
        role: role.as_str().to_owned(),
        customer_code: row.customer_code,
        customer_name: row.customer_name,
    }
}

/// A customer that a document may belong to, decided ones too.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalJson {
    pub customer_code: String,
    pub customer_name: String,
    /// What tells namesakes apart: the address, and the numbers of the customer, masked.
    pub address: String,
    pub numbers: Vec<String>,
    /// `open`, `confirmed` or `refused`.
    #[schema(schema_with = code::<ProposalState>)]
    pub state: String,
    #[schema(schema_with = code::<LinkBasis>)]
    pub basis: String,
    /// 0 to 1.
    pub confidence: f64,
}

pub fn proposal(found: Proposal) -> ProposalJson {
    let Proposal {
        id: _,
        customer_id: _,
        customer_code,
        customer_name,
        customer_address,
        customer_numbers,
        state,
        basis,
        confidence,
        evidence: _,
    } = found;
    ProposalJson {
        customer_code,
        customer_name,
        address: customer_address,
        numbers: customer_numbers.into_iter().map(|(_, masked)| masked).collect(),
        state: state.as_str().to_owned(),
        basis: basis.as_str().to_owned(),
        confidence,
    }
}
