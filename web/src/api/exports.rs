//! Lists as files, whole: for a spreadsheet or for paper.

use super::{Asked, Interface, Path};
use crate::{
    http::{
        error::{Result, WebError},
        parts,
        who::Caller,
    },
    lists::ListAs,
    state::Web,
    text::Text,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::RecordList;

pub(super) const SUBJECT: Interface = Interface {
    name: "exports",
    about: "Lists as files: CSV, XLSX, or PDF for paper.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(export_list))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ExportedListPath {
    #[param(schema_with = api_types::codes::code::<RecordList>)]
    list: String,
    #[param(schema_with = parts::file_words)]
    format: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportedListQuery {
    /// Which place `contents` are listed of (a location code or the serial of a container), which `slip` is meant (its number),
    /// which period of `loans` (`2026-03-01..2026-03-31`, or all), or the id of a `stocktake`. Other lists have none.
    #[serde(default)]
    code: String,
    /// Language of headings and words; Chinese when empty.
    #[serde(default)]
    #[param(schema_with = parts::language_words)]
    language: String,
}

/// A whole list as a file. Taking it away is an event of the audit trail.
#[utoipa::path(get, path = "/api/v1/exports/{list}/{format}", operation_id = "export_list", params(ExportedListPath, ExportedListQuery), responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "application/pdf"))), (status = 403), (status = 404)))]
async fn export_list(
    State(web): State<Web>,
    caller: Caller,
    Path(path): Path<ExportedListPath>,
    Asked(asked): Asked<ExportedListQuery>,
) -> Result<Response> {
    let list = RecordList::from_code(&path.list).ok_or(WebError::NotFound)?;
    let format = ListAs::parse(&path.format).ok_or(WebError::NotFound)?;
    if list != RecordList::Loans && asked.code.is_empty() == list.is_of_one() {
        return Err(WebError::invalid(
            "code",
            "names the place of `contents`, the number of a `slip`, the period of `loans` or the id of a `stocktake`, and nothing else",
        ));
    }
    let t = Text(parts::language(&asked.language)?);
    let made = web.lists(&caller.asker, t).make(list, &asked.code, format).await?;
    Ok(made.into_response())
}
