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
use records::{Role, customers::CustomerFilter};
use serde::Deserialize;

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
    let (rows, more) = api_types::window(rows, limit);
    let rows: Vec<_> = rows.into_iter().map(|row| customer_row(t, row)).collect();
    let total = match typed {
        "" => parts::count(web.archive.customers_count(&seat.asker).await?),
        _ => rows.len() as u64,
    };
    let view = CustomersView {
        t,
        shell: web.shell(&seat, Here("customers")).await?,
        works: seat.asker.has(Role::Archivist),
        filter: typed.to_owned(),
        total: t.n("customers-total", total),
        next_window: more
            .then(|| rows.last())
            .flatten()
            .map(|last| address::with_query("/customers", &[("after", &last.code)])),
        exports: lists::exports(t, "customers"),
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

fn customer_row(t: Text, row: records::customers::CustomerRow) -> CustomerListRow {
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
