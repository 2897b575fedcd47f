//! Further customers of a document: shown beside it, added and removed there, and the documents that name a customer
//! beside the customer's own.

use super::{
    correcting::{customer::meant, way_back::WayBack},
    parts::Choice,
};
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{
    Error, Role, Thing,
    documents::{Document, DocumentRow, NamedCustomer},
    ids::DocumentId,
    parties,
};
use vocabulary::PartyRoleKind;

pub const SUBJECT: Subject = Subject {
    name: "named",
    rail: None,
    routes,
    words: "record",
    samples: |_| Vec::new(),
};

fn routes() -> Routes {
    Routes::new()
        .form("/documents/{id}/customers", add)
        .form("/documents/{id}/customers/{code}/remove", remove)
}

/// The further customers of one document, with the forms for those who may change them.
#[derive(Debug, Clone, Default)]
pub struct NamedBox {
    pub customers: Vec<NamedLine>,
    /// Empty for those who may not change them.
    pub url: String,
    pub version: i64,
    pub roles: Vec<Choice>,
    /// Why the last one was not added, and what was typed.
    pub fault: String,
    pub typed: String,
}

#[derive(Debug, Clone)]
pub struct NamedLine {
    pub name: String,
    pub code: String,
    pub url: String,
    pub role: String,
    /// As the form that removes it sends it.
    pub role_word: String,
    pub remove_url: String,
}

/// A document in the dossier of somebody else that names a customer.
#[derive(Debug, Clone)]
pub struct NamingDocument {
    pub url: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub role: String,
    pub customer: String,
    pub customer_url: String,
}

/// What a customer mostly is on the papers of others; other words may be sent by programs.
const ROLES: [PartyRoleKind; 7] = [
    PartyRoleKind::Counterparty,
    PartyRoleKind::Guarantor,
    PartyRoleKind::CounterGuarantor,
    PartyRoleKind::Tenant,
    PartyRoleKind::Agent,
    PartyRoleKind::Contact,
    PartyRoleKind::LegalRepresentative,
];

pub fn named_box(seat: &Seat, document: &Document, fault: &str, typed: &str) -> NamedBox {
    let t = seat.t;
    let may_write = seat.asker.has(Role::Archivist);
    let own = format!("{}/customers", address::document(document.row.id.as_str()));
    let customers = document.named.iter().map(|named| {
        let NamedCustomer { code, name, role } = named;
        NamedLine {
            remove_url: format!("{own}/{}/remove", address::encode(code)),
            name: name.clone(),
            url: address::customer(code),
            code: code.clone(),
            role: t.word("party-role", role.as_str()),
            role_word: role.as_str().to_owned(),
        }
    });
    NamedBox {
        customers: customers.collect(),
        url: if may_write { own.clone() } else { String::new() },
        version: document.row.version,
        roles: ROLES
            .map(|role| Choice {
                value: role.as_str().to_owned(),
                label: t.word("party-role", role.as_str()),
                chosen: role == PartyRoleKind::Counterparty,
            })
            .into(),
        typed: match fault {
            "named-unknown" | "named-twice" | "named-changed" => typed.to_owned(),
            _ => String::new(),
        },
        fault: match fault {
            "named-unknown" => t.say("named-fault-customer"),
            "named-twice" => t.say("named-fault-twice"),
            "named-changed" => t.say("review-changed"),
            _ => String::new(),
        },
    }
}

pub fn naming_document(t: Text, (row, role): (DocumentRow, parties::PartyRoleKind)) -> NamingDocument {
    NamingDocument {
        url: address::document(row.id.as_str()),
        title: match row.title.as_str() {
            "" => t.say("document-untitled"),
            title => title.to_owned(),
        },
        number: row.number,
        date: row.date,
        role: t.word("party-role", role.as_str()),
        customer_url: address::customer(&row.customer_code),
        customer: row.customer_name,
    }
}

/// `POST /documents/{id}/customers`
pub async fn add(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (version, customer, role) = (fields.text("version")?, fields.text("customer")?, fields.text("role")?);
    let way = WayBack::read(&mut fields)?;
    fields.done()?;
    let id = DocumentId::parse(&id)?;
    let role = parties::PartyRoleKind::parse(&role);
    let code = meant(&web, &seat, customer.trim()).await?;
    let added = web
        .archive
        .document_customer_add(&seat.asker, &id, number(&version)?, &code, &role)
        .await;
    let fault = match added {
        Ok(_) => "",
        Err(Error::Absent {
            what: Thing::Customer, ..
        }) => "named-unknown",
        Err(Error::Exists { .. }) => "named-twice",
        Err(Error::Conflict { .. }) => "named-changed",
        Err(cause) => return Err(cause.into()),
    };
    if fault.is_empty() {
        web.wrote(&seat.asker).await?;
    }
    Ok(back(way, &id, fault, &customer))
}

/// `POST /documents/{id}/customers/{code}/remove`
pub async fn remove(
    State(web): State<Web>,
    Path((id, code)): Path<(String, String)>,
    posted: Posted,
) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (version, role) = (fields.text("version")?, fields.text("role")?);
    let way = WayBack::read(&mut fields)?;
    fields.done()?;
    let id = DocumentId::parse(&id)?;
    let role = parties::PartyRoleKind::parse(&role);
    let removed = web
        .archive
        .document_customer_remove(&seat.asker, &id, number(&version)?, &code, &role)
        .await;
    match removed {
        Ok(_) => web.wrote(&seat.asker).await?,
        Err(Error::Conflict { .. }) => return Ok(back(way, &id, "named-changed", "")),
        Err(cause) => return Err(cause.into()),
    };
    Ok(back(way, &id, "", ""))
}

fn back(way: WayBack, id: &DocumentId, fault: &str, typed: &str) -> Redirect {
    let typed = if fault.is_empty() { "" } else { typed };
    Redirect::to(&format!("{}#named", way.address(id, fault, typed)))
}

fn number(text: &str) -> Result<i64> {
    text.parse().map_err(|_| WebError::invalid("version", "is a number"))
}
