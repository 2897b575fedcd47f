//! One document: shown, its link decided, its record corrected, its paper put away.

use super::Sent;
use crate::{
    answers::{self, PageJson, ShowJson},
    http::{
        error::{Result, WebError},
        who::Caller,
    },
    screens::correcting,
    state::Web,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use records::{PartialDate, SecurityLevel, audit::EventDraft, documents::DocumentDraft, ids::DocumentId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(pages))
        .routes(routes!(link))
        .routes(routes!(unlink))
        .routes(routes!(correct))
        .routes(routes!(place))
}

/// One document with the text of its pages.
#[utoipa::path(get, path = "/api/v1/documents/{id}", params(("id" = String, Path, description = "id or own number of a document")), responses((status = 200, body = ShowJson), (status = 404)))]
async fn show(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<ShowJson>> {
    let shown = answers::show(&web.archive, &caller.asker, &id)
        .await?
        .ok_or(WebError::NotFound)?;
    web.archive
        .note_read(
            &caller.asker,
            EventDraft::new("document.viewed", "document", &shown.document_id),
        )
        .await?;
    Ok(Json(shown))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PagesQuery {
    /// Number of the page after which to go on.
    #[serde(default)]
    after: u32,
    /// 50 when not given, 200 at most.
    limit: Option<usize>,
    /// Whether each page comes with its text and lines.
    #[serde(default)]
    text: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct PagesJson {
    document_id: String,
    /// Pages of the document.
    total: usize,
    pages: Vec<PageJson>,
    /// Number of the page to go on after, when there are more.
    next: Option<u32>,
}

/// Pages of a document, some at a time, with the addresses of their pictures.
#[utoipa::path(get, path = "/api/v1/documents/{id}/pages", params(("id" = String, Path, description = "id or own number of a document"), PagesQuery), responses((status = 200, body = PagesJson), (status = 404)))]
async fn pages(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<PagesQuery>,
) -> Result<Json<PagesJson>> {
    let document = web
        .archive
        .document(&caller.asker, &id)
        .await?
        .ok_or(WebError::NotFound)?;
    let id = document.row.id;
    let event = EventDraft::new("document.viewed", "document", id.as_str());
    web.archive.note_read(&caller.asker, event).await?;
    let total = document.pages.len();
    let limit = asked.limit.unwrap_or(50).clamp(1, 200);
    let mut left = document.pages.into_iter().filter(|page| page.number > asked.after);
    let mut pages = Vec::new();
    for page in left.by_ref().take(limit) {
        let text = match asked.text {
            true => web.archive.page_text(&caller.asker, &id, page.number).await?,
            false => None,
        };
        pages.push(answers::page_json(&id, page, text));
    }
    let next = left.next().and(pages.last()).map(|page| page.number);
    Ok(Json(PagesJson {
        document_id: id.to_string(),
        total,
        pages,
        next,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkBody {
    customer_code: String,
    /// Version of the document that the decision rests on; an older one is refused with 409.
    version: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnlinkBody {
    version: i64,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct VersionJson {
    document_id: String,
    version: i64,
}

/// Decide or correct whose a document is.
#[utoipa::path(post, path = "/api/v1/documents/{id}/link", params(("id" = String, Path)), request_body = LinkBody, responses((status = 200, body = VersionJson), (status = 409)))]
async fn link(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<LinkBody>,
) -> Result<Json<VersionJson>> {
    let id = DocumentId::parse(&id)?;
    let version = web
        .archive
        .document_link(&caller.asker, &id, body.version, &body.customer_code)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(VersionJson {
        document_id: id.to_string(),
        version,
    }))
}

/// Take a decision back; the document waits in review again.
#[utoipa::path(post, path = "/api/v1/documents/{id}/unlink", params(("id" = String, Path)), request_body = UnlinkBody, responses((status = 200, body = VersionJson), (status = 409)))]
async fn unlink(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<UnlinkBody>,
) -> Result<Json<VersionJson>> {
    let id = DocumentId::parse(&id)?;
    let version = web
        .archive
        .document_unlink(&caller.asker, &id, body.version, &body.reason)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(VersionJson {
        document_id: id.to_string(),
        version,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectBody {
    version: i64,
    /// What is not given stays as it is.
    kind: Option<String>,
    title: Option<String>,
    number: Option<String>,
    /// `2024`, `2024-05` or `2024-05-13`; empty for none.
    date: Option<String>,
    /// `0` to `3` or a name.
    security_level: Option<String>,
    department: Option<String>,
}

/// Correct what stands in the record of a document.
#[utoipa::path(post, path = "/api/v1/documents/{id}/correct", params(("id" = String, Path)), request_body = CorrectBody, responses((status = 200, body = VersionJson), (status = 409)))]
async fn correct(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<CorrectBody>,
) -> Result<Json<VersionJson>> {
    let id = DocumentId::parse(&id)?;
    let document = web
        .archive
        .document(&caller.asker, id.as_str())
        .await?
        .ok_or(WebError::NotFound)?;
    let now = correcting::draft_of(&document)?;
    let draft = DocumentDraft {
        kind: body.kind.unwrap_or(now.kind),
        title: body.title.unwrap_or(now.title),
        number: body.number.unwrap_or(now.number),
        date: body.date.map_or(Ok(now.date), |date| PartialDate::parse(&date))?,
        security_level: body
            .security_level
            .map_or(Ok(now.security_level), |level| SecurityLevel::parse(&level))?,
        department: body.department.unwrap_or(now.department),
        ..now
    };
    let version = web
        .archive
        .document_change(&caller.asker, &id, body.version, &draft)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(VersionJson {
        document_id: id.to_string(),
        version,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceBody {
    /// Location code or container serial.
    place: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PlacedJson {
    document_id: String,
    location_code: String,
}

/// Put the original of a document away.
#[utoipa::path(post, path = "/api/v1/documents/{id}/place", params(("id" = String, Path)), request_body = PlaceBody, responses((status = 200, body = PlacedJson), (status = 404)))]
async fn place(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<PlaceBody>,
) -> Result<Json<PlacedJson>> {
    let id = DocumentId::parse(&id)?;
    web.archive
        .put_away_document(&caller.asker, id.as_str(), &body.place, &body.place)
        .await?;
    web.wrote(&caller.asker).await?;
    let document = web.archive.document(&caller.asker, id.as_str()).await?;
    let document = document.ok_or(WebError::NotFound)?;
    Ok(Json(PlacedJson {
        document_id: id.to_string(),
        location_code: document.row.place.location_code,
    }))
}
