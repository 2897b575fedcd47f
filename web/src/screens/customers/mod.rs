//! Customers: the register, and who fits what somebody types.

mod sample;

use super::{
    lists,
    parts::{self, Badge, ViewLink},
    shell::{Here, Shell},
};
use crate::{
    http::{address, error::Result, who::Seat},
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use records::{
    Role,
    audit::{AuditAction, AuditObject, EventDraft},
    customers::{CustomerFilter, CustomerRow},
};
use serde::Deserialize;
use vocabulary::Total;

pub const SUBJECT: Subject = Subject {
    name: "customers",
    rail: Some(rail::entry("/customers", "customers", "way-customers")),
    routes,
    words: "customers",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new().view("/customers", customers)
}

#[derive(Template)]
#[template(path = "customers.html")]
pub struct CustomersView {
    pub t: Text,
    pub shell: Shell,
    pub filter: String,
    /// Whether the reader may add and import.
    pub works: bool,
    pub total: String,
    pub rows: Vec<CustomerListRow>,
    pub exports: Vec<ViewLink>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct CustomerListRow {
    pub url: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub dossier_no: String,
    pub documents: u64,
    pub status: Badge,
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
    let (rows, fitting) = match typed {
        "" => {
            let filter = CustomerFilter {
                after_code: asked.after.clone(),
                limit: limit + 1,
                ..CustomerFilter::default()
            };
            let all = web.archive.customers_count(&seat.asker).await?;
            (web.archive.customers(&seat.asker, &filter).await?, Total::from(all))
        }
        typed => {
            services::customers::fitting(&web.archive, Some(&web.finder), &seat.asker, typed, limit, "customers")
                .await?
        }
    };
    let (rows, more) = api_types::window(rows, limit);
    let listed = EventDraft::new(AuditAction::CustomersListed, AuditObject::Customer, "");
    let listed = listed.detail(format!("customers={} after={}", rows.len(), asked.after));
    web.archive.note_reading(&seat.asker, listed.query(typed)).await?;
    let rows: Vec<_> = rows.into_iter().map(|row| customer_row(t, row)).collect();
    let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let total = match (typed, fitting.is_exact) {
        ("", _) => t.n("customers-total", fitting.rows),
        (_, true) if fitting.rows <= shown => t.n("customers-total", shown),
        (_, true) => t.fill("customers-shown", &[("shown", &shown), ("n", &fitting.rows)]),
        (_, false) => t.fill("customers-shown-more", &[("shown", &shown), ("n", &fitting.rows)]),
    };
    let view = CustomersView {
        t,
        shell: web.shell(&seat, Here("customers")).await?,
        works: seat.asker.has(Role::Archivist),
        filter: typed.to_owned(),
        total,
        next_window: more
            .then(|| rows.last())
            .flatten()
            .map(|last| address::with_query("/customers", &[("after", &last.code)])),
        exports: lists::exports(t, vocabulary::RecordList::Customers),
        rows,
    };
    Ok(Html(view.render()?))
}

fn customer_row(t: Text, row: CustomerRow) -> CustomerListRow {
    let CustomerRow {
        uid: _,
        id: _,
        code,
        name,
        kind,
        status,
        dossier_no,
        documents,
    } = row;
    CustomerListRow {
        url: address::customer(&code),
        code,
        name,
        kind: t.word("customer-kind", kind.as_str()),
        dossier_no,
        documents: parts::count(documents),
        status: Badge::of_customer(t, status),
    }
}
