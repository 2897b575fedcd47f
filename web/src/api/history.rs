//! The ledger of changes.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::rows_at_most,
        who::Caller,
    },
    state::Web,
};
use api_types::history::{self, HistoryRowJson};
use api_types::list::ListJson;
use axum::{Json, extract::State, http::StatusCode};
use records::history::HistoryKey;
use serde::Deserialize;
use services::history::HistoryAsked;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "history",
    about: "What changed: before, after, by whom, when, why.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(put_back))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HistoryQuery {
    /// A record by code, number or id, such as `KH-0001` or `customer:KH-0001`; all that the caller may see when empty.
    #[serde(default)]
    object: String,
    /// Name of a field, as the rows have it.
    #[serde(default)]
    field: String,
    /// Sign-in name or display name of who made the change.
    #[serde(default)]
    person: String,
    /// A day, month, year or instant.
    #[serde(default)]
    from: String,
    /// The same; a day, month or year is taken whole.
    #[serde(default)]
    to: String,
    /// Only what became true together with this.
    #[serde(default)]
    change: String,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

/// What changed: which field of which record, before and after, by whom, when and why. Newest first.
#[utoipa::path(get, path = "/api/v1/history", operation_id = "list_history", params(HistoryQuery), responses((status = 200, body = ListJson<HistoryRowJson>), (status = 403), (status = 404), (status = 422)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<HistoryQuery>,
) -> Result<Json<ListJson<HistoryRowJson>>> {
    let limit = rows_at_most(&web, asked.limit);
    let asked = HistoryAsked {
        object: asked.object,
        field: asked.field,
        person: asked.person,
        from: asked.from,
        to: asked.to,
        change: asked.change,
        before: asked.after,
    };
    let filter = services::history::filter(&web.archive, Some(&web.finder), &caller.asker, &asked, limit + 1).await?;
    let lines = web.archive.history(&caller.asker, &filter).await?;
    let total = web.archive.history_total(&caller.asker, &filter).await?;
    Ok(Json(history::history(lines, limit, total)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HistoryPutBackBody {
    #[serde(default)]
    why: String,
}

/// Gives a field the value again that it had before this row. Refused when it was changed since.
#[utoipa::path(post, path = "/api/v1/history/{key}/put-back", operation_id = "put_back_change", params(("key" = String, Path, description = "key of a row")), request_body = HistoryPutBackBody, responses((status = 204), (status = 404), (status = 409)))]
async fn put_back(
    State(web): State<Web>,
    caller: Caller,
    Path(key): Path<String>,
    Sent(body): Sent<HistoryPutBackBody>,
) -> Result<StatusCode> {
    let key = HistoryKey::parse(&key).ok_or(WebError::NotFound)?;
    web.archive.history_put_back(&caller.asker, key, &body.why).await?;
    Ok(StatusCode::NO_CONTENT)
}
