//! The documents that an item of today counts: as many as its figure says.

use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::Seat,
    },
    screens::{
        parts::{self, Badge},
        shell::{Here, Shell},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use records::{
    audit::{AuditAction, AuditObject, EventDraft},
    documents::DocumentRow,
};
use serde::Deserialize;
use vocabulary::TodayItem;

#[derive(Template)]
#[template(path = "today_list.html")]
pub struct TodayListView {
    pub t: Text,
    pub shell: Shell,
    pub title: String,
    pub total: String,
    pub rows: Vec<TodayLine>,
    pub next_window: Option<String>,
}

#[derive(Debug, Clone)]
pub struct TodayLine {
    /// The document, or where it is decided.
    pub url: String,
    pub title: String,
    pub number: String,
    pub date: String,
    pub customer: String,
    pub customer_url: String,
    pub filed: String,
    pub location_code: String,
    pub location_url: String,
    pub state: Badge,
}

#[derive(Debug, Default, Deserialize)]
pub struct TodayListAddress {
    #[serde(default)]
    after: i64,
}

/// `GET /today/{item}`
pub async fn documents(
    State(web): State<Web>,
    seat: Seat,
    Path(item): Path<String>,
    Query(asked): Query<TodayListAddress>,
) -> Result<Html<String>> {
    let t = seat.t;
    let item = TodayItem::from_code(&item).ok_or(WebError::NotFound)?;
    let limit = web.config.limits.rows;
    let (rows, total) = services::today::documents(&web.archive, &seat.asker, item, asked.after, limit + 1)
        .await?
        .ok_or(WebError::NotFound)?;
    let event =
        EventDraft::new(AuditAction::TodayListed, AuditObject::Archive, "").detail(format!("list={}", item.as_str()));
    web.archive.note_reading(&seat.asker, event).await?;
    let (rows, goes_on) = api_types::window(rows, limit);
    let kinds = web.archive.kinds(&seat.asker).await?;
    let next_window = rows
        .last()
        .filter(|_| goes_on)
        .map(|row| format!("/today/{}?after={}", item.as_str(), row.uid));
    let line = |row: DocumentRow| {
        let kind = services::kind_name(&kinds, &row.kind, t.lang()).to_owned();
        TodayLine {
            url: match item {
                TodayItem::ReviewLate | TodayItem::Review => address::with_query("/review", &[("at", row.id.as_str())]),
                _ => address::document(row.id.as_str()),
            },
            title: parts::title_of(t, &row, &kind),
            number: row.number,
            date: row.date,
            customer_url: match row.customer_code.as_str() {
                "" => String::new(),
                code => address::customer(code),
            },
            customer: match row.customer_code.as_str() {
                "" => parts::no_customer(t, row.link_basis),
                _ => row.customer_name,
            },
            filed: web.local(row.created_at),
            location_url: address::location(&row.place.location_code),
            state: Badge::of_original(t, row.place.state),
            location_code: row.place.location_code,
        }
    };
    let view = TodayListView {
        t,
        shell: web.shell(&seat, Here("today")).await?,
        title: item.name(t.0).to_owned(),
        total: t.n("count-documents", parts::count(total)),
        rows: rows.into_iter().map(line).collect(),
        next_window,
    };
    Ok(Html(view.render()?))
}
