//! Stocktakes: begun, scanned, read, settled, closed.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::{self, ListQuery},
        who::Caller,
    },
    state::Web,
    tables,
};
use api_types::{
    list::ListJson,
    stocktakes::{
        self as shapes, SeenJson, StocktakeFileJson, StocktakeHeadJson, StocktakeJson, StocktakeScanJson,
        StocktakeSettledJson, StocktakeShelfJson, StocktakeWaitingJson,
    },
};
use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use records::{
    ids::StocktakeId,
    stocktakes::{ScanDraft, SettleDraft, StocktakeDraft, StocktakeLimits, StocktakeLines},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::{StocktakeResolution, StocktakeVerdict};

pub(super) const SUBJECT: Interface = Interface {
    name: "stocktakes",
    about: "What stands on the shelves, counted and compared with the record.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, begin))
        .routes(routes!(stocktake))
        .routes(routes!(scans))
        .routes(routes!(scan_undo))
        .routes(routes!(settle))
        .routes(routes!(close))
        .routes(routes!(shelves))
        .routes(routes!(waiting))
        .routes(routes!(seen))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(file))
                .layer(DefaultBodyLimit::max(tables::BODY_BYTES_MAX)),
        )
}

/// Lines of a window when nobody says how many, and at most.
const LINES: usize = 1_000;
const LINES_MAX: usize = 10_000;

/// What is counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StocktakeBody {
    /// Code of a place, or serial of a container.
    scope: String,
    /// Years without use after which a paper is dead; 5 when not given.
    dead_years: Option<i64>,
    /// Whether a closed box stands for what lies in it; it does when not given.
    boxes_whole: Option<bool>,
}

/// Labels that were scanned at one place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StocktakeScansBody {
    /// Code of the place, or serial of the container that was opened.
    at: String,
    /// Ids or numbers of documents, serials of containers, ids of originals; 5,000 at most.
    #[serde(default)]
    labels: Vec<String>,
    /// Those whose things are worn.
    #[serde(default)]
    worn: Vec<String>,
}

/// What is done about a difference.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StocktakeSettleBody {
    /// As the line names it; empty for every unsettled line of the verdict.
    #[serde(default)]
    thing: String,
    /// Needed where a thing has several differences, or no thing is named.
    #[serde(default)]
    #[schema(schema_with = api_types::codes::code_or_empty::<StocktakeVerdict>)]
    verdict: String,
    /// Who sees to it.
    #[serde(default)]
    owner: String,
    /// Until when.
    #[serde(default)]
    until: String,
    /// How it was settled. `reported_missing` makes the original missing; `kept_here` enters it where it was found.
    #[serde(default)]
    #[schema(schema_with = api_types::codes::code_or_empty::<StocktakeResolution>)]
    resolution: String,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StocktakeQuery {
    /// Lines of this verdict alone.
    #[serde(default)]
    #[param(schema_with = api_types::codes::code_or_empty::<StocktakeVerdict>)]
    verdict: String,
    /// Differences that nobody has settled alone.
    #[serde(default)]
    unsettled: bool,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 1,000 when not given, 10,000 at most.
    limit: Option<usize>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StocktakeFileQuery {
    /// Count the good lines; without it the file is only looked at.
    #[serde(default)]
    apply: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StocktakeShelvesQuery {
    /// Only shelves on which something was not scanned yet.
    #[serde(default)]
    waiting: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StocktakeWaitingQuery {
    /// Code of a place, or serial of a container.
    at: String,
}

/// Stocktakes, open ones first, then the newest.
#[utoipa::path(get, path = "/api/v1/stocktakes", operation_id = "list_stocktakes", params(ListQuery), responses((status = 200, body = ListJson<StocktakeHeadJson>), (status = 403)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<StocktakeHeadJson>>> {
    let skip: usize = parts::mark(&asked.after)?.unwrap_or(0);
    let limit = parts::rows_at_most(&web, asked.limit);
    let rows = web.archive.stocktakes(&caller.asker, skip, limit + 1).await?;
    let total = web.archive.stocktakes_total(&caller.asker).await?;
    let next = skip.saturating_add(limit);
    Ok(Json(ListJson::window(
        rows,
        limit,
        total,
        |_| next.to_string(),
        shapes::head,
    )))
}

/// Begin a stocktake: what should be there is frozen, as far as the caller sees. One of the same place, inside or around it,
/// that is still open is named in the refusal (409 `stocktake_open`).
#[utoipa::path(post, path = "/api/v1/stocktakes", operation_id = "begin_stocktake", request_body = StocktakeBody, responses((status = 200, body = StocktakeHeadJson), (status = 403), (status = 404), (status = 409)))]
async fn begin(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<StocktakeBody>,
) -> Result<Json<StocktakeHeadJson>> {
    let draft = StocktakeDraft {
        scope: body.scope,
        dead_years: body.dead_years.unwrap_or(StocktakeLimits::DEAD_YEARS),
        boxes_whole: body.boxes_whole.unwrap_or(true),
    };
    Ok(Json(shapes::head(
        web.archive.stocktake_begin(&caller.asker, &draft).await?,
    )))
}

/// What a stocktake says of what the caller may see: counts, rates, and lines with differences first.
#[utoipa::path(get, path = "/api/v1/stocktakes/{id}", operation_id = "get_stocktake", params(("id" = String, Path), StocktakeQuery), responses((status = 200, body = StocktakeJson), (status = 403), (status = 404)))]
async fn stocktake(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<StocktakeQuery>,
) -> Result<Json<StocktakeJson>> {
    let wanted = StocktakeLines {
        verdict: verdict(&asked.verdict)?,
        open_only: asked.unsettled,
        skip: parts::mark(&asked.after)?.unwrap_or(0),
        limit: asked.limit.unwrap_or(LINES).clamp(1, LINES_MAX),
    };
    answer(&web, &caller, &StocktakeId::parse(&id)?, wanted).await
}

async fn answer(web: &Web, caller: &Caller, id: &StocktakeId, wanted: StocktakeLines) -> Result<Json<StocktakeJson>> {
    let result = web.archive.stocktake_result(&caller.asker, id, &wanted).await?;
    Ok(Json(shapes::stocktake(result, wanted.skip)))
}

fn verdict(word: &str) -> Result<Option<StocktakeVerdict>> {
    match word {
        "" => Ok(None),
        word => match StocktakeVerdict::from_code(word) {
            Some(verdict) => Ok(Some(verdict)),
            None => Err(WebError::invalid("verdict", StocktakeVerdict::LIST.choice())),
        },
    }
}

/// Send labels that were scanned at one place; the answer says what each is at first sight. A label that is sent again counts
/// where it was scanned last.
#[utoipa::path(post, path = "/api/v1/stocktakes/{id}/scans", operation_id = "scan_for_stocktake", params(("id" = String, Path)), request_body = StocktakeScansBody, responses((status = 200, body = ListJson<StocktakeScanJson>), (status = 403), (status = 404), (status = 409)))]
async fn scans(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<StocktakeScansBody>,
) -> Result<Json<ListJson<StocktakeScanJson>>> {
    let StocktakeScansBody { at, labels, worn } = body;
    let draft = ScanDraft { at, labels, worn };
    let id = StocktakeId::parse(&id)?;
    let scanned = web.archive.stocktake_scan(&caller.asker, &id, &draft).await?;
    Ok(Json(ListJson::whole(scanned, shapes::scan)))
}

/// Take a scan back that was made by mistake.
#[utoipa::path(post, path = "/api/v1/stocktakes/{id}/scans/{scan}/undo", operation_id = "undo_stocktake_scan", params(("id" = String, Path), ("scan" = i64, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409)))]
async fn scan_undo(
    State(web): State<Web>,
    caller: Caller,
    Path((id, scan)): Path<(String, i64)>,
) -> Result<StatusCode> {
    let id = StocktakeId::parse(&id)?;
    web.archive.stocktake_scan_undo(&caller.asker, &id, scan).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Settle differences: they get an owner, or are resolved.
#[utoipa::path(post, path = "/api/v1/stocktakes/{id}/lines", operation_id = "settle_stocktake_lines", params(("id" = String, Path)), request_body = StocktakeSettleBody, responses((status = 200, body = StocktakeSettledJson), (status = 403), (status = 404), (status = 409)))]
async fn settle(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<StocktakeSettleBody>,
) -> Result<Json<StocktakeSettledJson>> {
    let resolution = match body.resolution.as_str() {
        "" => None,
        word => Some(
            StocktakeResolution::from_code(word)
                .ok_or_else(|| WebError::invalid("resolution", StocktakeResolution::LIST.choice()))?,
        ),
    };
    let draft = SettleDraft {
        thing: body.thing,
        verdict: verdict(&body.verdict)?,
        owner: body.owner,
        due: body.until,
        resolution,
        note: body.note,
    };
    let id = StocktakeId::parse(&id)?;
    let settled = web.archive.stocktake_settle(&caller.asker, &id, &draft).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(StocktakeSettledJson {
        settled: i64::try_from(settled).unwrap_or(i64::MAX),
    }))
}

/// Close a stocktake. It is refused (409 `stocktake_unsettled`) while a difference is neither resolved nor owned.
#[utoipa::path(post, path = "/api/v1/stocktakes/{id}/close", operation_id = "close_stocktake", params(("id" = String, Path)), responses((status = 200, body = StocktakeJson), (status = 403), (status = 404), (status = 409)))]
async fn close(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<StocktakeJson>> {
    let id = StocktakeId::parse(&id)?;
    web.archive.stocktake_close(&caller.asker, &id).await?;
    answer(&web, &caller, &id, StocktakeLines::first(LINES)).await
}

/// The shelves of a stocktake in shelf order, the first two hundred, with how much of each was scanned.
#[utoipa::path(get, path = "/api/v1/stocktakes/{id}/shelves", operation_id = "list_stocktake_shelves", params(("id" = String, Path), StocktakeShelvesQuery), responses((status = 200, body = ListJson<StocktakeShelfJson>), (status = 403), (status = 404)))]
async fn shelves(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<StocktakeShelvesQuery>,
) -> Result<Json<ListJson<StocktakeShelfJson>>> {
    let id = StocktakeId::parse(&id)?;
    let steps = web.archive.stocktake_walk(&caller.asker, &id, asked.waiting).await?;
    Ok(Json(ListJson::whole(steps, shapes::shelf)))
}

/// What is still expected at one place, or in one container.
#[utoipa::path(get, path = "/api/v1/stocktakes/{id}/waiting", operation_id = "get_stocktake_waiting", params(("id" = String, Path), StocktakeWaitingQuery), responses((status = 200, body = StocktakeWaitingJson), (status = 403), (status = 404)))]
async fn waiting(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<StocktakeWaitingQuery>,
) -> Result<Json<StocktakeWaitingJson>> {
    let id = StocktakeId::parse(&id)?;
    let shelf = web.archive.stocktake_shelf(&caller.asker, &id, &asked.at).await?;
    Ok(Json(shapes::waiting(shelf.ok_or(WebError::NotFound)?)))
}

/// Read a file that was made offline, sent as it is: `at,label,worn` (CSV, TSV or XLSX). A line that cannot be used is named;
/// with `apply` the others are counted.
#[utoipa::path(post, path = "/api/v1/stocktakes/{id}/file", operation_id = "read_stocktake_file", params(("id" = String, Path), StocktakeFileQuery), request_body(content = String, content_type = "text/csv"), responses((status = 200, body = StocktakeFileJson), (status = 403), (status = 404), (status = 409), (status = 413), (status = 422)))]
async fn file(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<StocktakeFileQuery>,
    body: Bytes,
) -> Result<Json<StocktakeFileJson>> {
    let id = StocktakeId::parse(&id)?;
    let lines = tables::offline_scans(&web, body.to_vec())
        .await
        .map_err(tables::refused)?;
    let report = web
        .archive
        .stocktake_offline(&caller.asker, &id, &lines, asked.apply)
        .await?;
    Ok(Json(shapes::file(report)))
}

/// When somebody who counted saw a paper or a container, newest first; the last fifty times.
#[utoipa::path(get, path = "/api/v1/things/{thing}/seen", operation_id = "list_thing_seen", params(("thing" = String, Path)), responses((status = 200, body = ListJson<SeenJson>), (status = 404)))]
async fn seen(State(web): State<Web>, caller: Caller, Path(thing): Path<String>) -> Result<Json<ListJson<SeenJson>>> {
    let seen = web.archive.thing_seen(&caller.asker, &thing).await?;
    Ok(Json(ListJson::whole(seen.ok_or(WebError::NotFound)?, shapes::seen)))
}
