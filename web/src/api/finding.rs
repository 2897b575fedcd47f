//! Searching, the list of hits as a file, and what is at a place.

use crate::{
    answers::{self, LocateJson, Located, SearchJson},
    export::{self, Format},
    http::{
        error::{Result, WebError},
        who::Caller,
    },
    state::Web,
    text::{Language, Text},
};
use axum::{
    Json,
    extract::{Query, State},
    response::Response,
};
use index::{Near, SearchRequest, Sorting};
use records::audit::EventDraft;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(search_csv))
        .routes(routes!(search_xlsx))
        .routes(routes!(locate))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// The query language of the search field, in Chinese or English.
    q: String,
    /// Documents to show; 20 when not given, 200 at most.
    limit: Option<usize>,
    /// Documents to skip.
    #[serde(default)]
    offset: usize,
    /// `relevance` (default), `newest`, `oldest` or `location`.
    #[serde(default)]
    sort: String,
    /// Count to the end instead of stopping at 10,000 pages.
    #[serde(default)]
    exact_total: bool,
    /// Look on every page for the word with one misread character (`near` of the answer): `true`,
    /// `false`, or, when not given, a little and only where hits are few.
    near: Option<bool>,
    /// Language of labels: `zh-CN` (default) or `en`.
    #[serde(default)]
    language: String,
}

/// Find documents by what stands on their pages and in their record.
#[utoipa::path(get, path = "/api/v1/search", params(SearchQuery), responses((status = 200, body = SearchJson), (status = 422, description = "the query cannot be read")))]
async fn search(State(web): State<Web>, caller: Caller, Query(asked): Query<SearchQuery>) -> Result<Json<SearchJson>> {
    let limits = &web.config.limits;
    let request = SearchRequest {
        query: asked.q,
        sorting: sorting(&asked.sort)?,
        offset: asked.offset,
        limit: asked.limit.unwrap_or(limits.hits_default).min(limits.hits_max),
        exact_total: asked.exact_total,
        more_pages: true,
        near: match asked.near {
            Some(true) => Near::Always,
            Some(false) => Near::Never,
            None => Near::WhereFew,
        },
        ..SearchRequest::default()
    };
    Ok(Json(ran(&web, &caller, request, &asked.language).await?))
}

/// Runs a search and says so in the trail.
pub(super) async fn ran(web: &Web, caller: &Caller, request: SearchRequest, language: &str) -> Result<SearchJson> {
    web.catch_up(&caller.asker).await;
    let answer = answers::search(&web.archive, &web.finder, &caller.asker, request, language).await?;
    web.metrics
        .searches
        .note(std::time::Duration::from_secs_f64(answer.took_ms / 1000.0));
    let event = EventDraft::new("search.ran", "search", "").detail(format!("documents={}", answer.total));
    web.archive.note_read(&caller.asker, event).await?;
    Ok(answer)
}

pub(super) fn sorting(name: &str) -> Result<Sorting> {
    answers::sorting(name).ok_or_else(|| {
        let known: Vec<_> = answers::SORTINGS.iter().skip(1).map(|(name, _)| *name).collect();
        WebError::invalid("sort", format!("`{name}` is none of relevance, {}", known.join(", ")))
    })
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// The query language of the search field, in Chinese or English.
    q: String,
    /// As for `/api/v1/search`.
    #[serde(default)]
    sort: String,
    /// Language of headings and labels: `zh-CN` (default) or `en`.
    #[serde(default)]
    language: String,
}

/// The whole list of hits as CSV (UTF-8 with a byte-order mark), 10,000 documents at most.
#[utoipa::path(get, path = "/api/v1/search.csv", params(ExportQuery), responses((status = 200, content_type = "text/csv"), (status = 422)))]
async fn search_csv(State(web): State<Web>, caller: Caller, Query(asked): Query<ExportQuery>) -> Result<Response> {
    exported(&web, &caller, &asked, Format::Csv).await
}

/// The whole list of hits as a workbook, 10,000 documents at most.
#[utoipa::path(get, path = "/api/v1/search.xlsx", params(ExportQuery), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422)))]
async fn search_xlsx(State(web): State<Web>, caller: Caller, Query(asked): Query<ExportQuery>) -> Result<Response> {
    exported(&web, &caller, &asked, Format::Xlsx).await
}

async fn exported(web: &Web, caller: &Caller, asked: &ExportQuery, format: Format) -> Result<Response> {
    let t = Text(Language::parse(&asked.language).unwrap_or_default());
    export::hits(web, &caller.asker, t, &asked.q, sorting(&asked.sort)?, format).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LocateQuery {
    /// Location code or container serial, as typed or scanned.
    code: String,
}

/// What should be at a place, in shelf order.
#[utoipa::path(get, path = "/api/v1/locate", params(LocateQuery), responses((status = 200, body = LocateJson), (status = 404), (status = 422, description = "the code fits several places")))]
async fn locate(State(web): State<Web>, caller: Caller, Query(asked): Query<LocateQuery>) -> Result<Json<LocateJson>> {
    match answers::locate(&web.archive, &caller.asker, &asked.code).await? {
        Located::Place(place) => {
            web.archive
                .note_read(
                    &caller.asker,
                    EventDraft::new("location.viewed", "location", &place.code),
                )
                .await?;
            Ok(Json(place))
        }
        Located::Ambiguous(codes) => Err(WebError::invalid(
            "code",
            format!("fits several places: {}; write one of them", codes.join(", ")),
        )),
        Located::None => Err(WebError::NotFound),
    }
}
