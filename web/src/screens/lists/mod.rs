//! Lists as files: what a view lists, whole, for a spreadsheet or for paper. What the asker may not see is in no row, and
//! taking a list away is an event of the trail.

use super::{batches::words::state_of, parts::ViewLink};
use crate::{
    export::{self, ListAs},
    http::{
        address,
        error::{Result, WebError},
        who::Seat,
    },
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use print::{Cell, Column, PrintedTable};
use records::{
    Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    customers::CustomerFilter,
    places::CodeLookup,
};

pub const SUBJECT: Subject = Subject {
    name: "lists",
    rail: None,
    routes,
    words: "office",
    samples: crate::subject::no_samples,
};

fn routes() -> Routes {
    Routes::new()
        .part("/lists/customers/{format}", customers)
        .part("/lists/locations/{format}", locations)
        .part("/lists/contents/{code}/{format}", contents)
        .part("/lists/batches/{format}", batches)
        .part("/lists/withdrawn/{format}", withdrawn)
        .part("/lists/imports/{format}", imports)
}

/// The ways to the files of one list.
pub fn exports(t: Text, list: &str) -> Vec<ViewLink> {
    ListAs::ALL
        .into_iter()
        .map(|format| ViewLink {
            url: format!("/lists/{list}/{}", format.as_str()),
            label: match format {
                ListAs::Xlsx => "Excel".to_owned(),
                ListAs::Csv => "CSV".to_owned(),
                ListAs::Pdf => t.say("export-pdf"),
            },
        })
        .collect()
}

/// The same for what is at one place.
pub fn exports_of_place(t: Text, code: &str) -> Vec<ViewLink> {
    exports(t, &format!("contents/{}", address::encode(code)))
}

/// A heading with its share of the width; a number stands to the right.
type ListHeading = (&'static str, f32, bool);

fn table(t: Text, title: String, headings: &[ListHeading], rows: Vec<Vec<Cell>>) -> PrintedTable {
    let column = |(key, share, is_number): &ListHeading| match is_number {
        true => Column::number(&t.say(key), *share),
        false => Column::text(&t.say(key), *share),
    };
    PrintedTable {
        title,
        columns: headings.iter().map(column).collect(),
        rows,
        ..PrintedTable::default()
    }
}

async fn sent(web: &Web, seat: &Seat, list: &str, format: &str, table: PrintedTable) -> Result<Response> {
    let format = ListAs::parse(format).ok_or(WebError::NotFound)?;
    note(web, &seat.asker, list, format, table.rows.len()).await?;
    export::list(web, seat, table, format).await
}

async fn note(web: &Web, asker: &Asker, list: &str, format: ListAs, rows: usize) -> Result<()> {
    let detail = format!("list={list} rows={rows} format={}", format.as_str());
    let event = EventDraft::new(AuditAction::ListExported, AuditObject::Search, "").detail(detail);
    Ok(web.archive.note_read(asker, event).await?)
}

/// `GET /lists/customers/{format}`
pub async fn customers(State(web): State<Web>, seat: Seat, Path(format): Path<String>) -> Result<Response> {
    let t = seat.t;
    let filter = CustomerFilter {
        limit: web.config.limits.export_rows_max,
        ..CustomerFilter::default()
    };
    let rows = web.archive.customers(&seat.asker, &filter).await?;
    let rows = rows.into_iter().map(|row| {
        vec![
            row.code.into(),
            row.name.into(),
            t.word("customer-kind", row.kind.as_str()).into(),
            row.dossier_no.into(),
            row.documents.into(),
            t.word("status", row.status.as_str()).into(),
        ]
    });
    let headings = [
        ("customer-code", 1.2, false),
        ("customer-name", 3.0, false),
        ("customer-kind", 1.0, false),
        ("dossier-no", 1.2, false),
        ("documents", 0.7, true),
        ("status", 0.8, false),
    ];
    let table = table(t, t.say("customers-title"), &headings, rows.collect());
    sent(&web, &seat, "customers", &format, table).await
}

/// `GET /lists/locations/{format}`
pub async fn locations(State(web): State<Web>, seat: Seat, Path(format): Path<String>) -> Result<Response> {
    let t = seat.t;
    let rows = web
        .archive
        .locations(&seat.asker, "", web.config.limits.export_rows_max)
        .await?;
    let rows = rows.into_iter().map(|place| {
        vec![
            place.code.into(),
            place.name.into(),
            place.kind.name(t.0).into(),
            place.capacity.into(),
            place.keeper.into(),
            place.owner.into(),
            web.level_name(t, place.security_level_max).into(),
        ]
    });
    let headings = [
        ("place", 1.6, false),
        ("list-name", 2.0, false),
        ("kind", 0.8, false),
        ("list-capacity", 0.7, true),
        ("list-keeper", 1.0, false),
        ("list-owner", 1.0, false),
        ("list-level-max", 0.9, false),
    ];
    let table = table(t, t.say("locations-title"), &headings, rows.collect());
    sent(&web, &seat, "locations", &format, table).await
}

/// `GET /lists/contents/{code}/{format}`: what should be at a place, in shelf order, with a box to tick on paper.
pub async fn contents(
    State(web): State<Web>,
    seat: Seat,
    Path((code, format)): Path<(String, String)>,
) -> Result<Response> {
    let t = seat.t;
    let (CodeLookup::Location(place) | CodeLookup::Container(place)) = web.archive.locate(&seat.asker, &code).await?
    else {
        return Err(WebError::NotFound);
    };
    let items = web
        .archive
        .location_contents(&seat.asker, &place, 0, web.config.limits.export_rows_max)
        .await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let rows = items.into_iter().zip(1_i64..).map(|(item, number)| {
        vec![
            Cell::Empty,
            number.into(),
            item.location_code.into(),
            item.container.into(),
            item.number.into(),
            match item.title.is_empty() {
                true => services::kind_name(&kinds, &item.kind, t.lang()).into(),
                false => item.title.into(),
            },
            item.date.into(),
            item.customer_name.into(),
            item.customer_code.into(),
            item.pages.into(),
            t.word("state", item.original_state.as_str()).into(),
        ]
    });
    let headings = [
        ("order", 0.5, true),
        ("place", 1.5, false),
        ("container", 0.8, false),
        ("number", 1.4, false),
        ("document", 2.6, false),
        ("date", 1.0, false),
        ("customer", 2.2, false),
        ("customer-code", 1.1, false),
        ("pages", 0.6, true),
        ("original", 0.9, false),
    ];
    let mut table = table(
        t,
        t.with("retrieval-list", "code", &place.code),
        &headings,
        rows.collect(),
    );
    table.columns.insert(0, Column::tick("", 0.4));
    table.closing = t.say("retrieval-signatures");
    sent(&web, &seat, &format!("contents:{}", place.code), &format, table).await
}

/// `GET /lists/batches/{format}`
pub async fn batches(State(web): State<Web>, seat: Seat, Path(format): Path<String>) -> Result<Response> {
    let t = seat.t;
    let rows = web
        .archive
        .batches(&seat.asker, None, web.config.limits.export_rows_max)
        .await?;
    let rows = rows.into_iter().map(|row| {
        vec![
            row.name.clone().into(),
            web.local(row.started_at).into(),
            row.actor.clone().into(),
            row.found().into(),
            row.filed.into(),
            row.needs_review.into(),
            row.duplicate.into(),
            row.rejected.into(),
            row.pages.into(),
            state_of(t, row.state).into(),
        ]
    });
    let headings = [
        ("batch", 2.4, false),
        ("batch-started", 1.3, false),
        ("list-by", 1.0, false),
        ("batch-found", 0.7, true),
        ("batch-filed", 0.7, true),
        ("batch-review", 0.7, true),
        ("batch-duplicate", 0.7, true),
        ("batch-rejected", 0.7, true),
        ("pages", 0.7, true),
        ("status", 0.8, false),
    ];
    let table = table(t, t.say("batches-title"), &headings, rows.collect());
    sent(&web, &seat, "batches", &format, table).await
}

/// `GET /lists/withdrawn/{format}`
pub async fn withdrawn(State(web): State<Web>, seat: Seat, Path(format): Path<String>) -> Result<Response> {
    let t = seat.t;
    let rows = web
        .archive
        .withdrawn(&seat.asker, 0, web.config.limits.export_rows_max)
        .await?;
    let kinds = web.archive.kinds(&seat.asker).await?;
    let rows = rows.into_iter().map(|row| {
        vec![
            row.title.into(),
            row.number.into(),
            services::kind_name(&kinds, &row.kind, t.lang()).into(),
            row.date.into(),
            row.customer_code.into(),
            row.customer_name.into(),
            row.pages.into(),
            row.reason.into(),
            row.by.into(),
            row.at.map(|at| web.local(at)).unwrap_or_default().into(),
        ]
    });
    let headings = [
        ("document", 2.4, false),
        ("number", 1.4, false),
        ("kind", 1.0, false),
        ("date", 1.0, false),
        ("customer-code", 1.0, false),
        ("customer-name", 2.0, false),
        ("pages", 0.6, true),
        ("withdrawn-reason", 1.8, false),
        ("withdrawn-by", 0.9, false),
        ("list-at", 1.2, false),
    ];
    let table = table(t, t.say("withdrawn-title"), &headings, rows.collect());
    sent(&web, &seat, "withdrawn", &format, table).await
}

/// `GET /lists/imports/{format}`
pub async fn imports(State(web): State<Web>, seat: Seat, Path(format): Path<String>) -> Result<Response> {
    let t = seat.t;
    let rows = web
        .archive
        .imports(&seat.asker, "", web.config.limits.export_rows_max)
        .await?;
    let rows = rows.into_iter().map(|row| {
        vec![
            row.file_name.into(),
            t.word("register", row.register.as_str()).into(),
            web.local(row.at).into(),
            row.by.into(),
            row.lines.into(),
            row.added.into(),
            row.changed.into(),
            row.held.into(),
            row.problems.into(),
            row.undone
                .map(|(at, by)| format!("{} {by}", web.local(at)))
                .unwrap_or_default()
                .into(),
        ]
    });
    let headings = [
        ("import-file", 2.4, false),
        ("import-register", 1.0, false),
        ("import-at", 1.2, false),
        ("import-by", 1.0, false),
        ("import-line", 0.6, true),
        ("import-added", 0.6, true),
        ("import-changed", 0.6, true),
        ("import-held", 0.6, true),
        ("import-problems", 0.6, true),
        ("import-is-undone", 1.4, false),
    ];
    let table = table(t, t.say("imports-title"), &headings, rows.collect());
    sent(&web, &seat, "imports", &format, table).await
}
