//! From the record to entries: the only place that reads documents and customers for the index.

use records::customers::Customer;
use records::documents::DocumentForIndex;
use records::{System, parties};

use crate::entry::{DocumentEntry, DossierEntry, PageEntry};
use crate::error::Result;
use crate::keywords::values_of;

/// Deleted and withdrawn ones are left out, and so leave the index.
pub async fn documents(system: &System, uids: &[i64]) -> Result<Vec<DocumentEntry>> {
    let found = system.documents_for_index(uids).await?;
    Ok(found.into_iter().map(document_entry).collect())
}

pub async fn dossiers(system: &System, customer_uids: &[i64]) -> Result<Vec<DossierEntry>> {
    let found = system.customers_for_index(customer_uids).await?;
    Ok(found.into_iter().map(dossier_entry).collect())
}

fn document_entry(document: DocumentForIndex) -> DocumentEntry {
    let some = |uid: i64| (uid != 0).then_some(uid);
    let keywords = values_of(&document);
    let pages = document.pages.into_iter().map(|page| PageEntry {
        page_uid: page.uid,
        number: page.number,
        text: page.layer.text(),
        reading: page.reading.bits(),
    });
    let mut states = vec![document.state.as_str().to_owned()];
    states.extend(document.original_state.map(|state| state.as_str().to_owned()));
    DocumentEntry {
        document_uid: document.uid,
        customer_uid: some(document.customer_uid),
        dossier_uid: some(document.dossier_uid),
        also_names: document.also_names,
        kind: document.kind,
        title: document.title,
        number: document.number,
        date: document.date_key.parse().unwrap_or(0),
        states,
        security_level: u8::try_from(document.security_level.number()).unwrap_or(u8::MAX),
        sealed: document.sealed,
        keywords,
        place_uid: document.place_uid,
        pages: pages.collect(),
    }
}

/// Customers are visible to everybody who may sign in (`Archive::customers` lists them all), so the
/// entry carries no level; the content of their dossiers is filtered by document.
fn dossier_entry(customer: Customer) -> DossierEntry {
    let mut codes = vec![customer.code];
    codes.extend(customer.aliases.into_iter().map(|(_, value)| value));
    codes.extend(Some(customer.dossier_no).filter(|number| !number.is_empty()));
    let mut other_names = Vec::new();
    let mut identifiers = Vec::new();
    for party in customer.parties {
        if party.name != customer.name && !other_names.contains(&party.name) {
            other_names.push(party.name);
        }
        for (kind, value) in party.identifiers {
            let folded = parties::folded(kind, &value);
            identifiers.extend((folded != value).then_some(folded));
            identifiers.push(value);
        }
    }
    DossierEntry {
        customer_uid: customer.uid,
        // The record identifies a dossier by its customer; a grant on a dossier filters documents.
        dossier_uid: 0,
        name: customer.name,
        other_names,
        codes,
        identifiers,
        status: customer.status.as_str().to_owned(),
        kind: customer.kind.as_str().to_owned(),
        security_level: 0,
        sealed: false,
    }
}
