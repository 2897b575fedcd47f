//! Adding one customer or place, and changing one.

use super::{Interface, Path, Sent, imports::doubles};
use crate::{
    http::{
        error::{Final, Result, WebError},
        who::Caller,
    },
    state::Web,
};
use api_types::registers::{EntryJson, entry as shown};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use records::{
    customers::CustomerDraft,
    imports::{EntryOutcome, fields::ATTRIBUTE},
    places::LocationDraft,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "registers",
    about: "One customer or place added or changed.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(customer_add))
        .routes(routes!(customer_change))
        .routes(routes!(location_add))
        .routes(routes!(location_change))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegisterEntryBody {
    /// Values by the name of their field (`GET /api/v1/registers/{register}/fields`); several values with `;` between.
    fields: BTreeMap<String, String>,
    /// Values of columns that the archive has added itself.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    /// Why, for the history.
    #[serde(default)]
    why: String,
    /// Write although it is likely the same as another.
    #[serde(default)]
    accept_doubles: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegisterChangeBody {
    /// The version that the caller has seen.
    version: i64,
    /// Only these fields change; an empty value empties its field.
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    why: String,
    #[serde(default)]
    accept_doubles: bool,
}

fn stated(fields: BTreeMap<String, String>, attributes: BTreeMap<String, String>) -> Vec<(String, String)> {
    let attributes = attributes
        .into_iter()
        .map(|(name, value)| (format!("{ATTRIBUTE}{name}"), value));
    fields.into_iter().chain(attributes).collect()
}

async fn answer(web: &Web, caller: &Caller, entry: EntryOutcome, written: StatusCode) -> Result<Response> {
    let status = match &entry {
        EntryOutcome::Written { .. } => {
            web.wrote(&caller.asker).await?;
            written
        }
        EntryOutcome::Faulty { field, fault } => return Err(WebError::invalid(field, fault.to_string())),
        EntryOutcome::Doubles(_) => StatusCode::CONFLICT,
    };
    let mut response = (status, Json(shown(entry))).into_response();
    response.extensions_mut().insert(Final);
    Ok(response)
}

/// Register a customer; its dossier is opened with it. 409 with `doubles` when it is likely the same as another.
#[utoipa::path(post, path = "/api/v1/customers", operation_id = "add_customer", request_body = RegisterEntryBody, responses((status = 201, body = EntryJson), (status = 403), (status = 409, body = EntryJson), (status = 422)))]
async fn customer_add(State(web): State<Web>, caller: Caller, Sent(body): Sent<RegisterEntryBody>) -> Result<Response> {
    let draft = CustomerDraft {
        stated: stated(body.fields, body.attributes),
        why: body.why,
    };
    let doubles = doubles(body.accept_doubles);
    let entry = web.archive.customer_add(&caller.asker, &draft, doubles).await?;
    answer(&web, &caller, entry, StatusCode::CREATED).await
}

/// Change fields of a customer.
#[utoipa::path(patch, path = "/api/v1/customers/{code}", operation_id = "change_customer", params(("code" = String, Path)), request_body = RegisterChangeBody, responses((status = 200, body = EntryJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn customer_change(
    State(web): State<Web>,
    caller: Caller,
    Path(code): Path<String>,
    Sent(body): Sent<RegisterChangeBody>,
) -> Result<Response> {
    let draft = CustomerDraft {
        stated: stated(body.fields, body.attributes),
        why: body.why,
    };
    let doubles = doubles(body.accept_doubles);
    let entry = web
        .archive
        .customer_change(&caller.asker, &code, body.version, &draft, doubles)
        .await?;
    answer(&web, &caller, entry, StatusCode::OK).await
}

/// Add a place; those around it are made from the code when they are missing.
#[utoipa::path(post, path = "/api/v1/locations", operation_id = "add_location", request_body = RegisterEntryBody, responses((status = 201, body = EntryJson), (status = 403), (status = 409), (status = 422)))]
async fn location_add(State(web): State<Web>, caller: Caller, Sent(body): Sent<RegisterEntryBody>) -> Result<Response> {
    let draft = LocationDraft {
        stated: stated(body.fields, body.attributes),
        why: body.why,
    };
    let entry = web.archive.location_add(&caller.asker, &draft).await?;
    answer(&web, &caller, entry, StatusCode::CREATED).await
}

/// Change fields of a place.
#[utoipa::path(patch, path = "/api/v1/locations/{code}", operation_id = "change_location", params(("code" = String, Path)), request_body = RegisterChangeBody, responses((status = 200, body = EntryJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn location_change(
    State(web): State<Web>,
    caller: Caller,
    Path(code): Path<String>,
    Sent(body): Sent<RegisterChangeBody>,
) -> Result<Response> {
    let draft = LocationDraft {
        stated: stated(body.fields, body.attributes),
        why: body.why,
    };
    let entry = web
        .archive
        .location_change(&caller.asker, &code, body.version, &draft)
        .await?;
    answer(&web, &caller, entry, StatusCode::OK).await
}
