//! How pages were read: those that ask for a look, what people type, what they say is well.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts,
        who::Caller,
    },
    state::Web,
};
use api_types::codes::code_or_empty;
use api_types::list::ListJson;
use api_types::reading::{AskingPageJson, asking_page};
use axum::{Json, extract::State, http::StatusCode};
use records::{
    ids::DocumentId,
    pages::ReadingFlag,
    pages::looks::{AskingPage, CorrectionTarget},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "reading",
    about: "Pages that ask for a look, and what people type on them.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(asking))
        .routes(routes!(seen))
        .routes(routes!(correct))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AskingQuery {
    /// `ink_without_text`, `handwriting`, `low_confidence` or `failed`; any when empty.
    #[serde(default)]
    #[param(schema_with = code_or_empty::<ReadingFlag>)]
    reason: String,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 50 when not given, 500 at most.
    limit: Option<usize>,
}

/// Pages that ask for a look; nobody needs to look at any other.
#[utoipa::path(get, path = "/api/v1/reading", operation_id = "list_asking_pages", params(AskingQuery), responses((status = 200, body = ListJson<AskingPageJson>), (status = 403)))]
async fn asking(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<AskingQuery>,
) -> Result<Json<ListJson<AskingPageJson>>> {
    let flag = match asked.reason.as_str() {
        "" => None,
        reason => Some(ReadingFlag::parse(reason)?),
    };
    let limit = asked.limit.unwrap_or(50).clamp(1, 500);
    let after = parts::mark(&asked.after)?.unwrap_or(0);
    let pages = web.archive.pages_asking(&caller.asker, flag, after, limit + 1).await?;
    let counts = web.archive.look_counts(&caller.asker).await?;
    let total = match flag {
        None => counts.pages,
        Some(flag) => counts
            .by_flag
            .iter()
            .find(|(known, _)| *known == flag)
            .map_or(0, |(_, pages)| *pages),
    };
    let mark = |asking: &AskingPage| asking.page.uid.to_string();
    Ok(Json(ListJson::window(pages, limit, total, mark, asking_page)))
}

/// Say that somebody looked at a page and it is well as it is.
#[utoipa::path(post, path = "/api/v1/documents/{id}/pages/{number}/seen", operation_id = "mark_page_seen", params(("id" = String, Path), ("number" = u32, Path)), responses((status = 204), (status = 404)))]
async fn seen(State(web): State<Web>, caller: Caller, Path((id, number)): Path<(String, u32)>) -> Result<StatusCode> {
    web.archive
        .page_seen(&caller.asker, &DocumentId::parse(&id)?, number)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PageCorrectionBody {
    /// Line of the page's text, counted from 0, with what stands there now in `former`.
    line: Option<usize>,
    #[serde(default)]
    former: String,
    /// Or a region that was not read, counted from 0. Neither: the whole page.
    region: Option<usize>,
    text: String,
}

/// Type what stands at a place of a page. It wins over every reading, now and later.
#[utoipa::path(post, path = "/api/v1/documents/{id}/pages/{number}/correct", operation_id = "correct_page", params(("id" = String, Path), ("number" = u32, Path)), request_body = PageCorrectionBody, responses((status = 204), (status = 409, description = "the line reads differently by now")))]
async fn correct(
    State(web): State<Web>,
    caller: Caller,
    Path((id, number)): Path<(String, u32)>,
    Sent(body): Sent<PageCorrectionBody>,
) -> Result<StatusCode> {
    let place = match (body.line, body.region) {
        (Some(line), None) => CorrectionTarget::Line {
            line,
            former: body.former,
        },
        (None, Some(region)) => CorrectionTarget::Region(region),
        (None, None) => CorrectionTarget::Page,
        (Some(_), Some(_)) => return Err(WebError::invalid("line", "give a line or a region")),
    };
    let id = DocumentId::parse(&id)?;
    web.archive
        .page_correct(&caller.asker, &id, number, &place, &body.text)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(StatusCode::NO_CONTENT)
}
