//! The dossier of one customer: everything about a customer wherever it lies.

mod completeness;
mod sample;

pub use completeness::{AskedKind, Completeness};

use super::{
    grants::propose_url,
    named::{NamingDocument, naming_document},
    parts::{self, Badge, FactView, ViewLink},
    sealed::{ProtectionPanel, protection_of},
    search::write_filter,
    shell::{Here, Shell},
};
use crate::{
    export::{self, Format},
    http::{
        address,
        error::{Result, WebError},
        who::{Posted, Seat},
    },
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{Html, Response},
};
use completeness::{completeness_of, set_checklist};
use records::{
    Role,
    audit::{AuditAction, AuditObject, EventDraft},
    customers::{Customer, PersonalNumber},
    documents::{CopyState, DocumentRow},
    kinds::Kinds,
    parties::IdentifierKind,
    permission::grants::GrantTarget,
};
use serde::Deserialize;
use std::collections::BTreeMap;

pub const SUBJECT: Subject = Subject {
    name: "dossiers",
    rail: None,
    routes,
    words: "customers",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/customers/{key}", customer)
        .form("/customers/{key}", reveal)
        .form("/customers/{key}/checklist", set_checklist)
        .part("/customers/{key}/items.csv", items_csv)
        .part("/customers/{key}/items.xlsx", items_xlsx)
}

#[derive(Template)]
#[template(path = "customer.html")]
pub struct CustomerView {
    pub t: Text,
    pub shell: Shell,
    /// Who prints it and when, for the head of the paper.
    pub printed: String,
    pub code: String,
    pub name: String,
    pub status: Badge,
    pub dossier_no: String,
    pub search_url: String,
    /// Where the register's facts are changed, for those who may.
    pub edit_url: Option<String>,
    pub documents: usize,
    pub sections: Vec<KindSection>,
    pub places: Vec<PlaceOfDossier>,
    pub completeness: Completeness,
    /// The item list as a file.
    pub exports: Vec<ViewLink>,
    pub facts: Vec<FactOfCustomer>,
    /// Where the form that reveals a number is sent to.
    pub url: String,
    /// The level of the whole dossier and its seal, for those who may change them.
    pub protection: Option<ProtectionPanel>,
    /// Documents in the dossiers of others that name this customer.
    pub named_in: Vec<NamingDocument>,
    /// Where a grant for the dossier is proposed, for those who may.
    pub grant_url: Option<String>,
}

/// A fact, and how to see it when it is masked.
#[derive(Debug, Clone)]
pub struct FactOfCustomer {
    pub fact: FactView,
    pub reveal: Option<PersonalNumber>,
}

/// The documents of one kind, by date.
#[derive(Debug, Clone)]
pub struct KindSection {
    pub kind: String,
    pub rows: Vec<DossierLine>,
}

#[derive(Debug, Clone)]
pub struct DossierLine {
    pub url: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub pages: u64,
    /// Declared and scanned pages differ, or the paper is a copy; may be empty.
    pub remark: String,
    pub location_code: String,
    pub location_url: String,
    pub container: String,
    pub state: Badge,
}

#[derive(Debug, Clone)]
pub struct PlaceOfDossier {
    pub code: String,
    pub url: String,
    pub documents: u64,
}

#[derive(Debug, Default, Deserialize)]
pub struct CustomerAddress {
    /// Code of a checklist to hold the dossier against; `none` for none.
    #[serde(default)]
    checklist: String,
}

/// `GET /customers/{key}`
pub async fn customer(
    State(web): State<Web>,
    seat: Seat,
    Path(key): Path<String>,
    Query(asked): Query<CustomerAddress>,
) -> Result<Html<String>> {
    let customer = web
        .archive
        .customer(&seat.asker, &key)
        .await?
        .ok_or(WebError::NotFound)?;
    web.archive
        .note_read(
            &seat.asker,
            EventDraft::new(AuditAction::CustomerViewed, AuditObject::Customer, customer.id.as_str()),
        )
        .await?;
    dossier(&web, &seat, customer, &asked.checklist, None).await
}

/// `POST /customers/{key}`: the same view with one personal number in clear; the trail holds who saw it.
pub async fn reveal(State(web): State<Web>, Path(key): Path<String>, posted: Posted) -> Result<Html<String>> {
    let Posted { seat, mut fields } = posted;
    let number = PersonalNumber {
        party_id: fields.text("party")?,
        kind: IdentifierKind::parse(&fields.text("kind")?)?,
        position: fields
            .text("position")?
            .parse()
            .map_err(|_| WebError::invalid("position", "is a number"))?,
    };
    fields.done()?;
    let customer = web
        .archive
        .customer_reveal(&seat.asker, &key, Some(&number))
        .await?
        .ok_or(WebError::NotFound)?;
    dossier(&web, &seat, customer, "", Some(&number)).await
}

/// `GET /customers/{key}/items.csv`
pub async fn items_csv(State(web): State<Web>, seat: Seat, Path(key): Path<String>) -> Result<Response> {
    items(&web, &seat, &key, Format::Csv).await
}

/// `GET /customers/{key}/items.xlsx`
pub async fn items_xlsx(State(web): State<Web>, seat: Seat, Path(key): Path<String>) -> Result<Response> {
    items(&web, &seat, &key, Format::Xlsx).await
}

async fn items(web: &Web, seat: &Seat, key: &str, format: Format) -> Result<Response> {
    let customer = web
        .archive
        .customer(&seat.asker, key)
        .await?
        .ok_or(WebError::NotFound)?;
    export::items(web, &seat.asker, seat.t, &customer, format).await
}

async fn dossier(
    web: &Web,
    seat: &Seat,
    customer: Customer,
    checklist: &str,
    revealed: Option<&PersonalNumber>,
) -> Result<Html<String>> {
    let t = seat.t;
    let mut rows = web.archive.documents_of_customer(&seat.asker, &customer.code).await?;
    // What lies in the dossiers of others stands in a list of its own.
    rows.retain(|row| row.customer_uid == customer.uid);
    let naming = web.archive.documents_naming(&seat.asker, &customer.code).await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let mut places: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.place.location_code.is_empty()) {
        *places.entry(row.place.location_code.clone()).or_default() += 1;
    }
    let url = address::customer(&customer.code);
    let checklists = web.archive.checklists(&seat.asker).await?;
    let may_set = seat.asker.has(Role::Archivist);
    let view = CustomerView {
        printed: web.printed(seat),
        t,
        shell: web.shell(seat, Here("customers")).await?,
        status: Badge::of_customer(t, customer.status),
        dossier_no: customer.dossier_no.clone(),
        search_url: address::with_query(
            "/search",
            &[("q", &write_filter(t, index::QueryField::Customer, &customer.code))],
        ),
        edit_url: may_set.then(|| format!("{url}/edit")),
        documents: rows.len(),
        completeness: completeness_of(t, &kinds, &checklists, &customer, &rows, checklist, may_set),
        exports: ["xlsx", "csv"]
            .map(|ending| ViewLink {
                url: format!("{url}/items.{ending}"),
                label: if ending == "xlsx" { "Excel" } else { "CSV" }.to_owned(),
            })
            .into(),
        sections: sections_of(t, &kinds, rows),
        places: places
            .into_iter()
            .map(|(code, documents)| PlaceOfDossier {
                url: address::location(&code),
                code,
                documents,
            })
            .collect(),
        protection: protection_of(web, seat, &customer.code).await?,
        named_in: naming.into_iter().map(|named| naming_document(t, named)).collect(),
        grant_url: propose_url(seat, &GrantTarget::Dossier(customer.code.clone())),
        facts: facts_of(t, &customer, seat.asker.sees_personal_numbers(), revealed),
        url,
        code: customer.code,
        name: customer.name,
    };
    Ok(Html(view.render()?))
}

/// Documents by kind in the order of the kinds, each kind as the record ordered it.
fn sections_of(t: Text, kinds: &Kinds, rows: Vec<DocumentRow>) -> Vec<KindSection> {
    let mut sections: Vec<(String, KindSection)> = Vec::new();
    for row in rows {
        let kind = services::kind_name(kinds, &row.kind, t.lang()).to_owned();
        let code = row.kind.clone();
        let row = document_row(t, row, &kind);
        match sections.iter_mut().find(|(known, _)| *known == code) {
            Some((_, section)) => section.rows.push(row),
            None => {
                let kind = if kind.is_empty() { t.say("kind-unknown") } else { kind };
                sections.push((code, KindSection { kind, rows: vec![row] }));
            }
        }
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

fn document_row(t: Text, row: DocumentRow, kind: &str) -> DossierLine {
    let remark = match row.pages_declared {
        Some(declared) if declared != row.pages_scanned => t.fill(
            "pages-of-declared",
            &[("scanned", &row.pages_scanned), ("declared", &declared)],
        ),
        _ if matches!(row.copy_state, CopyState::Copy | CopyState::VerifiedCopy) => {
            t.word("copy", row.copy_state.as_str())
        }
        _ => String::new(),
    };
    DossierLine {
        remark,
        container: row.place.container.clone(),
        url: address::document(row.id.as_str()),
        title: parts::title_of(t, &row, kind),
        location_url: address::location(&row.place.location_code),
        state: Badge::of_original(t, row.place.state),
        pages: parts::count(row.pages_scanned),
        location_code: row.place.location_code,
        number: row.number,
        date: row.date,
    }
}

/// Personal numbers stand masked with a way to see each, for those who may; one that was revealed stands in clear.
fn facts_of(t: Text, customer: &Customer, may_reveal: bool, revealed: Option<&PersonalNumber>) -> Vec<FactOfCustomer> {
    let mut facts = Vec::new();
    let mut add = |label: String, value: &str, code: bool, reveal: Option<PersonalNumber>| {
        if !value.is_empty() {
            let fact = FactView {
                label,
                value: value.to_owned(),
                url: String::new(),
                code,
            };
            facts.push(FactOfCustomer { fact, reveal });
        }
    };
    let kind = t.word("customer-kind", customer.kind.as_str());
    add(t.say("customer-kind"), &kind, false, None);
    for (kind, value) in &customer.aliases {
        add(t.word("fact", kind.as_str()), value, true, None);
    }
    for party in &customer.parties {
        let role = t.word("party-role", party.role.as_str());
        let name = if party.ends_on.is_empty() {
            party.name.clone()
        } else {
            t.fill("party-until", &[("name", &party.name), ("date", &party.ends_on)])
        };
        add(role, &name, false, None);
        for (position, (kind, value)) in party.identifiers.iter().enumerate() {
            let number = PersonalNumber {
                party_id: party.party_id.clone(),
                kind: *kind,
                position,
            };
            let is_masked = value.contains('*') && revealed != Some(&number);
            add(
                t.word("fact", kind.as_str()),
                value,
                true,
                Some(number).filter(|_| may_reveal && is_masked),
            );
        }
    }
    for (field, value) in &customer.facts {
        add(field.label(t.lang()).to_owned(), value, false, None);
    }
    for (name, value) in &customer.attributes {
        add(name.clone(), value, false, None);
    }
    facts
}
