//! Searching, and the list of hits as a file.

use super::{Asked, Interface};
use crate::{
    export::{self, Format},
    http::{error::Result, parts, who::Caller},
    state::Web,
    text::{Language, Text},
};
use api_types::{list::ListJson, meant::MeantJson, search::SearchJson};
use axum::{Json, extract::State, response::Response};
use index::{NearMisses, SearchRequest};
use serde::Deserialize;
use services::search::sorting_named;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "search",
    about: "Find documents by what stands on their pages and in their record; the hits as a file.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(resolve))
        .routes(routes!(search_csv))
        .routes(routes!(search_xlsx))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// The query language of the search field, in Chinese or English.
    q: String,
    /// Documents to show; 20 when not given, 200 at most.
    limit: Option<usize>,
    /// Documents to skip.
    #[serde(default)]
    offset: usize,
    /// By relevance when empty.
    #[serde(default)]
    #[param(schema_with = parts::sorting_words)]
    sort: String,
    /// Count to the end instead of stopping at 10,000 pages.
    #[serde(default)]
    exact_total: bool,
    /// Look on every page for the word with one misread character (`near` of the answer): `true`,
    /// `false`, or, when not given, a little and only where hits are few.
    near: Option<bool>,
    /// Language of labels and notices; that of the archive when empty.
    #[serde(default)]
    #[param(schema_with = parts::language_words)]
    language: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ResolveQuery {
    /// A code, number, name, pinyin or id, as typed or scanned.
    q: String,
    /// 20 when not given, 200 at most.
    limit: Option<usize>,
}

const RESOLVED: usize = 20;
const RESOLVED_MAX: usize = 200;

/// What a text means: the place, container, customer or document with this code, number or id in any spelling, else what is
/// called so, else what it is a piece of.
#[utoipa::path(get, path = "/api/v1/resolve", operation_id = "resolve", params(ResolveQuery), responses((status = 200, body = ListJson<MeantJson>)))]
async fn resolve(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ResolveQuery>,
) -> Result<Json<ListJson<MeantJson>>> {
    let limit = asked.limit.unwrap_or(RESOLVED).min(RESOLVED_MAX);
    let (archive, full_text) = (&web.archive, Some(&web.finder));
    Ok(Json(
        services::meant::listed(archive, full_text, &caller.asker, &asked.q, limit).await?,
    ))
}

/// Find documents by what stands on their pages and in their record.
#[utoipa::path(get, path = "/api/v1/search", operation_id = "search", params(SearchQuery), responses((status = 200, body = SearchJson), (status = 422, description = "the query cannot be read")))]
async fn search(State(web): State<Web>, caller: Caller, Asked(asked): Asked<SearchQuery>) -> Result<Json<SearchJson>> {
    let limits = &web.config.limits;
    let request = SearchRequest {
        query: asked.q,
        sorting: sorting_named(&asked.sort)?,
        offset: asked.offset,
        limit: asked.limit.unwrap_or(limits.hits_default).min(limits.hits_max),
        exact_total: asked.exact_total,
        more_pages: true,
        near: match asked.near {
            Some(true) => NearMisses::Always,
            Some(false) => NearMisses::Never,
            None => NearMisses::WhereFew,
        },
        ..SearchRequest::default()
    };
    Ok(Json(ran(&web, &caller, request, &asked.language).await?))
}

/// Runs a search once full text holds what the caller changed last.
pub(super) async fn ran(web: &Web, caller: &Caller, request: SearchRequest, language: &str) -> Result<SearchJson> {
    web.catch_up(&caller.asker).await;
    let language = match language {
        "" => Language::parse(&web.settings().language).unwrap_or_default(),
        said => parts::language(said)?,
    };
    let answer = services::search::search(&web.archive, &web.finder, &caller.asker, request, language.as_str()).await?;
    let took = std::time::Duration::from_secs_f64(answer.took_ms / 1000.0);
    web.metrics.searches.note(took);
    Ok(answer)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// The query language of the search field, in Chinese or English.
    q: String,
    /// As for `/api/v1/search`.
    #[serde(default)]
    #[param(schema_with = parts::sorting_words)]
    sort: String,
    /// Language of headings and labels; Chinese when empty.
    #[serde(default)]
    #[param(schema_with = parts::language_words)]
    language: String,
}

/// The whole list of hits as CSV (UTF-8 with a byte-order mark), 10,000 documents at most.
#[utoipa::path(get, path = "/api/v1/search.csv", operation_id = "search_csv", params(ExportQuery), responses((status = 200, content_type = "text/csv"), (status = 422)))]
async fn search_csv(State(web): State<Web>, caller: Caller, Asked(asked): Asked<ExportQuery>) -> Result<Response> {
    exported(&web, &caller, &asked, Format::Csv).await
}

/// The whole list of hits as a workbook, 10,000 documents at most.
#[utoipa::path(get, path = "/api/v1/search.xlsx", operation_id = "search_xlsx", params(ExportQuery), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422)))]
async fn search_xlsx(State(web): State<Web>, caller: Caller, Asked(asked): Asked<ExportQuery>) -> Result<Response> {
    exported(&web, &caller, &asked, Format::Xlsx).await
}

async fn exported(web: &Web, caller: &Caller, asked: &ExportQuery, format: Format) -> Result<Response> {
    let t = Text(parts::language(&asked.language)?);
    export::hits(web, &caller.asker, t, &asked.q, sorting_named(&asked.sort)?, format).await
}
