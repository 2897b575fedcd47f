//! Customers, and the dossier of one: everything about a customer wherever it lies.

use super::{
    parts::{self, Badge, Fact},
    shell::{Here, Shell},
};
use crate::{
    address, answers,
    error::{Result, WebError},
    state::Web,
    text::Text,
    who::Seat,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use records::{
    audit::EventDraft,
    customers::{Customer, CustomerFilter},
    documents::DocumentRow as Row,
    kinds::Kinds,
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "customers.html")]
pub struct CustomersView {
    pub t: Text,
    pub shell: Shell,
    pub filter: String,
    pub total: String,
    pub rows: Vec<CustomerRow>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct CustomerRow {
    pub url: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub dossier_no: String,
    pub documents: u64,
    pub status: Badge,
}

#[derive(Template)]
#[template(path = "customer.html")]
pub struct CustomerView {
    pub t: Text,
    pub shell: Shell,
    pub code: String,
    pub name: String,
    pub status: Badge,
    pub dossier_no: String,
    pub search_url: String,
    pub documents: usize,
    pub sections: Vec<KindSection>,
    pub places: Vec<PlaceOfDossier>,
    pub gaps: Vec<String>,
    pub facts: Vec<Fact>,
}

/// The documents of one kind, by date.
#[derive(Debug, Clone)]
pub struct KindSection {
    pub kind: String,
    pub rows: Vec<DocumentRow>,
}

#[derive(Debug, Clone)]
pub struct DocumentRow {
    pub url: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub pages: u64,
    pub location_code: String,
    pub location_url: String,
    pub state: Badge,
}

#[derive(Debug, Clone)]
pub struct PlaceOfDossier {
    pub code: String,
    pub url: String,
    pub documents: u64,
}

#[derive(Debug, Default, Deserialize)]
pub struct CustomersAddress {
    #[serde(default)]
    name: String,
    #[serde(default)]
    after: String,
}

/// `GET /customers`
pub async fn customers(
    State(web): State<Web>,
    seat: Seat,
    Query(asked): Query<CustomersAddress>,
) -> Result<Html<String>> {
    let (t, typed, limit) = (seat.t, asked.name.trim(), web.config.limits.rows);
    let rows = match typed {
        "" => {
            let filter = CustomerFilter {
                after_code: asked.after.clone(),
                limit: limit + 1,
                ..CustomerFilter::default()
            };
            web.archive.customers(&seat.asker, &filter).await?
        }
        typed => matching(&web, &seat, typed, limit).await?,
    };
    let more = rows.len() > limit;
    let rows: Vec<_> = rows.into_iter().take(limit).map(|row| customer_row(t, row)).collect();
    let total = match typed {
        "" => parts::count(web.archive.customers_count(&seat.asker).await?),
        _ => rows.len() as u64,
    };
    let view = CustomersView {
        t,
        shell: web.shell(&seat, Here::Customers).await?,
        filter: typed.to_owned(),
        total: t.n("customers-total", total),
        next_window: more
            .then(|| rows.last())
            .flatten()
            .map(|last| address::with_query("/customers", &[("after", &last.code)])),
        rows,
    };
    Ok(Html(view.render()?))
}

/// Customers that fit what was typed: by full text (any piece of the name, pinyin, numbers); by the beginnings of code
/// and name while full text is being made anew.
pub async fn matching(
    web: &Web,
    seat: &Seat,
    typed: &str,
    limit: usize,
) -> Result<Vec<records::customers::CustomerRow>> {
    match web.finder.customers(&seat.asker, typed, limit).await {
        Ok(found) if !found.customer_uids.is_empty() => {
            Ok(web.archive.customers_by_uid(&seat.asker, &found.customer_uids).await?)
        }
        Ok(_) | Err(index::Error::Query(_) | index::Error::Rebuilding { .. }) => {
            let filter = CustomerFilter {
                text: typed.to_owned(),
                limit,
                ..CustomerFilter::default()
            };
            Ok(web.archive.customers(&seat.asker, &filter).await?)
        }
        Err(cause) => Err(cause.into()),
    }
}

fn customer_row(t: Text, row: records::customers::CustomerRow) -> CustomerRow {
    let records::customers::CustomerRow {
        uid: _,
        id: _,
        code,
        name,
        kind,
        status,
        dossier_no,
        documents,
    } = row;
    CustomerRow {
        url: address::customer(&code),
        code,
        name,
        kind: t.word("customer-kind", &kind),
        dossier_no,
        documents: parts::count(documents),
        status: Badge::of_customer(t, status),
    }
}

/// `GET /customers/{key}`
pub async fn customer(State(web): State<Web>, seat: Seat, Path(key): Path<String>) -> Result<Html<String>> {
    let t = seat.t;
    let customer = web
        .archive
        .customer(&seat.asker, &key)
        .await?
        .ok_or(WebError::NotFound)?;
    let rows = web.archive.documents_of_customer(&seat.asker, &customer.code).await?;
    web.archive
        .note_read(
            &seat.asker,
            EventDraft::new("customer.viewed", "customer", customer.id.as_str()),
        )
        .await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let mut places: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.place.location_code.is_empty()) {
        *places.entry(row.place.location_code.clone()).or_default() += 1;
    }
    let documents = rows.len();
    let view = CustomerView {
        t,
        shell: web.shell(&seat, Here::Customers).await?,
        status: Badge::of_customer(t, customer.status),
        dossier_no: customer.dossier_no.clone(),
        search_url: address::with_query(
            "/search",
            &[(
                "q",
                &index::grammar::write_filter(index::fields::Field::Customer, &customer.code),
            )],
        ),
        documents,
        sections: sections_of(t, &kinds, rows),
        places: places
            .into_iter()
            .map(|(code, documents)| PlaceOfDossier {
                url: address::location(&code),
                code,
                documents,
            })
            .collect(),
        gaps: Vec::new(),
        facts: facts_of(t, &customer),
        code: customer.code,
        name: customer.name,
    };
    Ok(Html(view.render()?))
}

/// Documents by kind in the order of the kinds, each kind as the record ordered it.
fn sections_of(t: Text, kinds: &Kinds, rows: Vec<Row>) -> Vec<KindSection> {
    let mut sections: Vec<(String, KindSection)> = Vec::new();
    for row in rows {
        let kind = answers::kind_name(kinds, &row.kind, t.lang()).to_owned();
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

fn document_row(t: Text, row: Row, kind: &str) -> DocumentRow {
    DocumentRow {
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

fn facts_of(t: Text, customer: &Customer) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |label: String, value: &str, code: bool| {
        if !value.is_empty() {
            facts.push(Fact {
                label,
                value: value.to_owned(),
                url: String::new(),
                code,
            });
        }
    };
    add(t.say("customer-kind"), &t.word("customer-kind", &customer.kind), false);
    for (kind, value) in &customer.aliases {
        add(t.word("fact", kind), value, true);
    }
    for party in &customer.parties {
        let role = t.word("party-role", &party.role);
        let name = if party.ends_on.is_empty() {
            party.name.clone()
        } else {
            t.fill("party-until", &[("name", &party.name), ("date", &party.ends_on)])
        };
        add(role, &name, false);
        for (kind, value) in &party.identifiers {
            add(t.word("fact", kind), value, true);
        }
    }
    add(t.say("fact-address"), &customer.address, false);
    add(t.say("fact-grade"), &customer.grade, false);
    add(t.say("fact-region"), &customer.region, false);
    for (name, value) in &customer.attributes {
        add(name.clone(), value, false);
    }
    facts
}
