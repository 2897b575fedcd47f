//! The searches that a person keeps: listed, made, renamed, deleted, run.

use super::{Asked, Interface, Path, Sent, search::ran};
use crate::{
    http::{
        error::{Result, WebError},
        parts::{self, ListQuery},
        who::Caller,
    },
    state::Web,
};
use api_types::{
    list::ListJson,
    search::SearchJson,
    searches::{SavedSearchJson, saved_search},
};
use axum::{Json, extract::State, http::StatusCode};
use index::SearchRequest;
use records::{
    ids::SavedSearchId,
    searches::{SavedSearch, SavedSearchDraft},
};
use serde::Deserialize;
use services::search::sorting_named;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "searches",
    about: "The searches that the caller keeps.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(searches, save))
        .routes(routes!(rename, delete))
        .routes(routes!(hits))
}

/// The searches that the caller keeps, by name. Nobody else reads them.
#[utoipa::path(get, path = "/api/v1/searches", operation_id = "list_searches", params(ListQuery), responses((status = 200, body = ListJson<SavedSearchJson>)))]
async fn searches(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<SavedSearchJson>>> {
    let saved = web.archive.searches_saved(&caller.asker).await?;
    asked.part(&web, saved, saved_search)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SaveBody {
    /// 1 to 60 characters; a search that the caller keeps under this name is replaced.
    name: String,
    query: String,
    /// By relevance when empty.
    #[serde(default)]
    #[schema(schema_with = parts::sorting_words)]
    sort: String,
}

/// Keep a search.
#[utoipa::path(post, path = "/api/v1/searches", operation_id = "save_search", request_body = SaveBody, responses((status = 200, body = SavedSearchJson), (status = 409, description = "as many are kept as there may be"), (status = 422)))]
async fn save(State(web): State<Web>, caller: Caller, Sent(body): Sent<SaveBody>) -> Result<Json<SavedSearchJson>> {
    sorting_named(&body.sort)?;
    let draft = SavedSearchDraft {
        name: body.name,
        query: body.query,
        // The usual order has no word in the record.
        sorting: match body.sort.as_str() {
            "relevance" => String::new(),
            _ => body.sort,
        },
    };
    let id = web.archive.search_save(&caller.asker, &draft).await?;
    Ok(Json(saved_search(own(&web, &caller, &id).await?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RenameBody {
    name: String,
}

/// Give a kept search another name.
#[utoipa::path(patch, path = "/api/v1/searches/{id}", operation_id = "rename_search", params(("id" = String, Path)), request_body = RenameBody, responses((status = 200, body = SavedSearchJson), (status = 404), (status = 409, description = "another one has the name")))]
async fn rename(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<RenameBody>,
) -> Result<Json<SavedSearchJson>> {
    let id = SavedSearchId::parse(&id)?;
    web.archive.search_rename(&caller.asker, &id, &body.name).await?;
    Ok(Json(saved_search(own(&web, &caller, &id).await?)))
}

/// Keep a search no longer.
#[utoipa::path(delete, path = "/api/v1/searches/{id}", operation_id = "delete_search", params(("id" = String, Path)), responses((status = 204), (status = 404)))]
async fn delete(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode> {
    web.archive
        .search_delete(&caller.asker, &SavedSearchId::parse(&id)?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HitsQuery {
    /// Documents to show; 20 when not given, 200 at most.
    limit: Option<usize>,
    /// Documents to skip.
    #[serde(default)]
    offset: usize,
    /// Narrows the kept search further, in the query language.
    #[serde(default)]
    and: String,
    /// Language of labels and notices; that of the archive when empty.
    #[serde(default)]
    #[param(schema_with = parts::language_words)]
    language: String,
}

/// Run a kept search with the rights that the caller has now.
#[utoipa::path(get, path = "/api/v1/searches/{id}/hits", operation_id = "run_search", params(("id" = String, Path), HitsQuery), responses((status = 200, body = SearchJson), (status = 404)))]
async fn hits(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<HitsQuery>,
) -> Result<Json<SearchJson>> {
    let search = own(&web, &caller, &SavedSearchId::parse(&id)?).await?;
    let limits = &web.config.limits;
    let request = SearchRequest {
        query: format!("{} {}", search.query, asked.and).trim().to_owned(),
        sorting: sorting_named(&search.sorting)?,
        offset: asked.offset,
        limit: asked.limit.unwrap_or(limits.hits_default).min(limits.hits_max),
        more_pages: true,
        ..SearchRequest::default()
    };
    Ok(Json(ran(&web, &caller, request, &asked.language).await?))
}

/// One of the caller's own searches; another person's is not there.
async fn own(web: &Web, caller: &Caller, id: &SavedSearchId) -> Result<SavedSearch> {
    let saved = web.archive.searches_saved(&caller.asker).await?;
    saved
        .into_iter()
        .find(|search| search.id == *id)
        .ok_or(WebError::NotFound)
}
