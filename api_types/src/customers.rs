//! Customers with their dossiers.

use crate::codes::{code, original_state_code};
use crate::list::ListJson;
use crate::original_state;
use records::{
    customers::{Customer, CustomerParty, CustomerRow},
    documents::DocumentRow,
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vocabulary::Total;
use vocabulary::{CustomerKind, CustomerStatus, IdentifierKind, PartyKind};

#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerRowJson {
    pub id: String,
    pub code: String,
    pub name: String,
    #[schema(schema_with = code::<CustomerKind>)]
    pub kind: String,
    #[schema(schema_with = code::<CustomerStatus>)]
    pub status: String,
    pub dossier_no: String,
    pub documents: i64,
}

/// One personal number in clear.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedJson {
    pub customer_code: String,
    #[schema(schema_with = code::<IdentifierKind>)]
    pub kind: String,
    pub value: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerJson {
    pub id: String,
    pub code: String,
    pub name: String,
    #[schema(schema_with = code::<CustomerKind>)]
    pub kind: String,
    #[schema(schema_with = code::<CustomerStatus>)]
    pub status: String,
    /// The facts that a customer has: `address`, `grade`, `region` and what comes later (`CUSTOMER_FIELDS`).
    #[serde(flatten)]
    pub facts: BTreeMap<String, String>,
    pub dossier_no: String,
    pub version: i64,
    pub aliases: Vec<PairJson>,
    pub attributes: Vec<PairJson>,
    /// People and organisations behind the customer; personal numbers are masked.
    pub parties: Vec<PartyJson>,
    pub documents: Vec<DossierDocumentJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PairJson {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PartyJson {
    pub party_id: String,
    pub name: String,
    #[schema(schema_with = code::<PartyKind>)]
    pub kind: String,
    pub role: String,
    pub begins_on: String,
    pub ends_on: String,
    pub identifiers: Vec<PairJson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DossierDocumentJson {
    pub document_id: String,
    pub title: String,
    pub kind: String,
    pub number: String,
    pub date: String,
    pub pages: i64,
    pub location_code: String,
    #[schema(schema_with = original_state_code)]
    pub original_state: String,
}

/// One window of a list that was read with one row more than `limit`.
pub fn customers(rows: Vec<CustomerRow>, limit: usize, total: Total) -> ListJson<CustomerRowJson> {
    ListJson::window(rows, limit, total, |row| row.code.clone(), customer_row)
}

/// A customer in a list.
pub fn customer_row(row: CustomerRow) -> CustomerRowJson {
    let CustomerRow {
        uid: _,
        id,
        code,
        name,
        kind,
        status,
        dossier_no,
        documents,
    } = row;
    CustomerRowJson {
        id: id.to_string(),
        code,
        name,
        kind: kind.as_str().to_owned(),
        status: status.as_str().to_owned(),
        dossier_no,
        documents,
    }
}

/// A customer with the rows of the dossier.
pub fn customer(customer: Customer, documents: Vec<DocumentRow>) -> CustomerJson {
    let documents = documents.into_iter().map(dossier_document).collect();
    let Customer {
        uid: _,
        id,
        code,
        name,
        kind,
        status,
        facts,
        attributes,
        aliases,
        parties,
        dossier_id: _,
        dossier_no,
        checklist: _,
        created_at: _,
        version,
    } = customer;
    CustomerJson {
        id: id.to_string(),
        code,
        name,
        kind: kind.as_str().to_owned(),
        status: status.as_str().to_owned(),
        facts: facts
            .into_iter()
            .map(|(field, value)| (field.name().to_owned(), value))
            .collect(),
        dossier_no,
        version,
        aliases: aliases
            .into_iter()
            .map(|(kind, value)| pair(kind.as_str(), value))
            .collect(),
        attributes: attributes.into_iter().map(|(name, value)| pair(&name, value)).collect(),
        parties: parties.into_iter().map(party).collect(),
        documents,
    }
}

fn dossier_document(row: DocumentRow) -> DossierDocumentJson {
    DossierDocumentJson {
        original_state: original_state(&row).to_owned(),
        document_id: row.id.to_string(),
        title: row.title,
        kind: row.kind,
        number: row.number,
        date: row.date,
        pages: row.pages_scanned,
        location_code: row.place.location_code,
    }
}

fn party(party: CustomerParty) -> PartyJson {
    PartyJson {
        party_id: party.party_id,
        name: party.name,
        kind: party.kind.as_str().to_owned(),
        role: party.role.as_str().to_owned(),
        begins_on: party.begins_on,
        ends_on: party.ends_on,
        identifiers: party
            .identifiers
            .into_iter()
            .map(|(kind, value)| pair(kind.as_str(), value))
            .collect(),
    }
}

fn pair(name: &str, value: String) -> PairJson {
    PairJson {
        name: name.to_owned(),
        value,
    }
}
