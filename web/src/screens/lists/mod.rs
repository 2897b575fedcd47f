//! The ways from a view to its list as a file.

use super::parts::ViewLink;
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::Seat,
    },
    lists::ListAs,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use services::export::Format;
use vocabulary::RecordList;

pub const SUBJECT: Subject = Subject {
    name: "lists",
    rail: None,
    routes,
    words: "office",
    samples: crate::subject::no_samples,
};

fn routes() -> Routes {
    Routes::new()
        .part("/lists/{list}/{format}", whole)
        .part("/lists/contents/{code}/{format}", contents)
        .part("/lists/stocktake/{code}/{format}", stocktake)
        .part("/lists/slip/{code}/{format}", slip)
        .part("/lists/loans/{code}/{format}", loans)
}

/// The ways to the files of one list.
pub fn exports(t: Text, list: RecordList) -> Vec<ViewLink> {
    ways(t, list.as_str())
}

/// The same for what is at one place.
pub fn exports_of_place(t: Text, code: &str) -> Vec<ViewLink> {
    ways(
        t,
        &format!("{}/{}", RecordList::Contents.as_str(), address::encode(code)),
    )
}

/// The same for what a stocktake says.
pub fn exports_of_stocktake(t: Text, id: &str) -> Vec<ViewLink> {
    ways(t, &format!("{}/{id}", RecordList::Stocktake.as_str()))
}

/// The same for one slip.
pub fn exports_of_slip(t: Text, no: &str) -> Vec<ViewLink> {
    ways(t, &format!("{}/{}", RecordList::Slip.as_str(), address::encode(no)))
}

fn ways(t: Text, list: &str) -> Vec<ViewLink> {
    ListAs::ALL
        .into_iter()
        .map(|format| ViewLink {
            url: format!("/lists/{list}/{}", format.as_str()),
            label: match format {
                ListAs::Table(Format::Xlsx) => "Excel".to_owned(),
                ListAs::Table(Format::Csv) => "CSV".to_owned(),
                ListAs::Pdf => t.say("export-pdf"),
            },
        })
        .collect()
}

/// `GET /lists/{list}/{format}`
pub async fn whole(
    State(web): State<Web>,
    seat: Seat,
    Path((list, format)): Path<(String, String)>,
) -> Result<Response> {
    let list = RecordList::from_code(&list).ok_or(WebError::NotFound)?;
    if list.is_of_one() {
        return Err(WebError::NotFound);
    }
    sent(&web, &seat, list, "", &format).await
}

/// `GET /lists/contents/{code}/{format}`
pub async fn contents(
    State(web): State<Web>,
    seat: Seat,
    Path((code, format)): Path<(String, String)>,
) -> Result<Response> {
    sent(&web, &seat, RecordList::Contents, &code, &format).await
}

/// `GET /lists/stocktake/{code}/{format}`
pub async fn stocktake(
    State(web): State<Web>,
    seat: Seat,
    Path((id, format)): Path<(String, String)>,
) -> Result<Response> {
    sent(&web, &seat, RecordList::Stocktake, &id, &format).await
}

/// `GET /lists/slip/{code}/{format}`
pub async fn slip(
    State(web): State<Web>,
    seat: Seat,
    Path((code, format)): Path<(String, String)>,
) -> Result<Response> {
    sent(&web, &seat, RecordList::Slip, &code, &format).await
}

/// `GET /lists/loans/{code}/{format}`: the register of a period, `2026-03-01..2026-03-31`.
pub async fn loans(
    State(web): State<Web>,
    seat: Seat,
    Path((code, format)): Path<(String, String)>,
) -> Result<Response> {
    sent(&web, &seat, RecordList::Loans, &code, &format).await
}

async fn sent(web: &Web, seat: &Seat, list: RecordList, code: &str, format: &str) -> Result<Response> {
    let format = ListAs::parse(format).ok_or(WebError::NotFound)?;
    let made = web.lists(&seat.asker, seat.t).make(list, code, format).await?;
    Ok(made.into_response())
}
