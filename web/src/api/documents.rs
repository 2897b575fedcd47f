//! One document: shown, its link decided, its record corrected, its paper put away.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{error::Result, parts, who::Caller},
    state::Web,
};
use api_types::codes::code_or_null;
use api_types::documents::{PagesJson, PlacedJson, ShowJson, VersionJson};
use axum::{Json, extract::State};
use records::{documents::DocumentField, ids::DocumentId};
use serde::Deserialize;
use services::documents::{self, PagesAsked};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::{CopyState, Counterpart, Medium, SecurityLevel};

pub(super) const SUBJECT: Interface = Interface {
    name: "documents",
    about: "One document: read, linked to its customer, corrected, put away.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(pages))
        .routes(routes!(link))
        .routes(routes!(unlink))
        .routes(routes!(of_nobody))
        .routes(routes!(correct))
        .routes(routes!(place))
        .routes(routes!(put_back))
}

/// One document with the text of its pages.
#[utoipa::path(get, path = "/api/v1/documents/{id}", operation_id = "get_document", params(("id" = String, Path, description = "id or own number of a document")), responses((status = 200, body = ShowJson), (status = 404)))]
async fn show(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<ShowJson>> {
    let shown = documents::show(&web.archive, &caller.asker, &id).await?;
    Ok(Json(shown))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PagesQuery {
    /// `next` of the window before, which is the number of its last page; the first window when empty.
    #[serde(default)]
    after: String,
    /// 50 when not given, 200 at most.
    limit: Option<usize>,
    /// Whether each page comes with its text and lines.
    #[serde(default)]
    text: bool,
}

/// Pages of a document, some at a time, with the addresses of their pictures.
#[utoipa::path(get, path = "/api/v1/documents/{id}/pages", operation_id = "list_pages", params(("id" = String, Path, description = "id or own number of a document"), PagesQuery), responses((status = 200, body = PagesJson), (status = 404)))]
async fn pages(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<PagesQuery>,
) -> Result<Json<PagesJson>> {
    let asked = PagesAsked {
        after: parts::mark(&asked.after)?.unwrap_or(0),
        limit: asked.limit.unwrap_or(50).clamp(1, 200),
        text: asked.text,
    };
    let pages = documents::pages(&web.archive, &caller.asker, &id, asked).await?;
    Ok(Json(pages))
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

/// Decide or correct whose a document is.
#[utoipa::path(post, path = "/api/v1/documents/{id}/link", operation_id = "link_document", params(("id" = String, Path)), request_body = LinkBody, responses((status = 200, body = VersionJson), (status = 409)))]
async fn link(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<LinkBody>,
) -> Result<Json<VersionJson>> {
    let id = DocumentId::parse(&id)?;
    let LinkBody { customer_code, version } = body;
    let linked = documents::link(&web.archive, &caller.asker, &id, version, &customer_code).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(linked))
}

/// Take a decision back; the document waits in review again.
#[utoipa::path(post, path = "/api/v1/documents/{id}/unlink", operation_id = "unlink_document", params(("id" = String, Path)), request_body = UnlinkBody, responses((status = 200, body = VersionJson), (status = 409)))]
async fn unlink(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<UnlinkBody>,
) -> Result<Json<VersionJson>> {
    let id = DocumentId::parse(&id)?;
    let UnlinkBody { version, reason } = body;
    let unlinked = documents::unlink(&web.archive, &caller.asker, &id, version, &reason).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(unlinked))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NobodyBody {
    version: i64,
    /// Why, for the history.
    #[serde(default)]
    why: String,
}

/// Say that a document belongs to no customer; taken back as every decision is.
#[utoipa::path(post, path = "/api/v1/documents/{id}/nobody", operation_id = "document_of_nobody", params(("id" = String, Path)), request_body = NobodyBody, responses((status = 200, body = VersionJson), (status = 409)))]
async fn of_nobody(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<NobodyBody>,
) -> Result<Json<VersionJson>> {
    let id = DocumentId::parse(&id)?;
    let NobodyBody { version, why } = body;
    let decided = documents::of_nobody(&web.archive, &caller.asker, &id, version, &why).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(decided))
}

/// What is not given stays as it is; an empty text takes away what stands there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DocumentCorrectionBody {
    version: i64,
    title: Option<String>,
    /// Code of a document kind.
    kind: Option<String>,
    number: Option<String>,
    /// `2024`, `2024-05` or `2024-05-13`.
    date: Option<String>,
    valid_from: Option<String>,
    /// A date, or `unlimited`.
    valid_until: Option<String>,
    pages_declared: Option<i64>,
    /// `paper`, `digital`, `photograph`, `audio`, `video`, `film`, `disc`, `object`.
    #[schema(schema_with = code_or_null::<Medium>)]
    medium: Option<String>,
    /// `original`, `copy`, `verified_copy`, `unknown`.
    #[schema(schema_with = code_or_null::<CopyState>)]
    copy_state: Option<String>,
    /// Who compared a verified copy with the original, and when.
    verified_by: Option<String>,
    verified_on: Option<String>,
    /// `principal` or `duplicate`.
    #[schema(schema_with = code_or_null::<Counterpart>)]
    counterpart: Option<String>,
    copies: Option<i64>,
    seals: Option<Vec<String>>,
    form_code: Option<String>,
    /// `0` to `3` or a name.
    #[schema(schema_with = code_or_null::<SecurityLevel>)]
    security_level: Option<String>,
    department: Option<String>,
    site: Option<String>,
    retention_class: Option<String>,
    /// Fields of the archive's own, by their names.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    /// Why, for the history.
    #[serde(default)]
    why: String,
}

impl DocumentCorrectionBody {
    /// Each field that is given, as a person would type it.
    fn given(self) -> impl Iterator<Item = (DocumentField, String)> {
        use DocumentField as Field;
        let Self {
            version: _,
            why: _,
            attributes: _,
            title,
            kind,
            number,
            date,
            valid_from,
            valid_until,
            pages_declared,
            medium,
            copy_state,
            verified_by,
            verified_on,
            counterpart,
            copies,
            seals,
            form_code,
            security_level,
            department,
            site,
            retention_class,
        } = self;
        let fields = [
            (Field::Title, title),
            (Field::Kind, kind),
            (Field::Number, number),
            (Field::Date, date),
            (Field::ValidFrom, valid_from),
            (Field::ValidUntil, valid_until),
            (Field::PagesDeclared, pages_declared.map(|pages| pages.to_string())),
            (Field::Medium, medium),
            (Field::CopyState, copy_state),
            (Field::VerifiedBy, verified_by),
            (Field::VerifiedOn, verified_on),
            (Field::Counterpart, counterpart),
            (Field::Copies, copies.map(|copies| copies.to_string())),
            (Field::Seals, seals.map(|seals| seals.join(";"))),
            (Field::FormCode, form_code),
            (Field::SecurityLevel, security_level),
            (Field::Department, department),
            (Field::Site, site),
            (Field::RetentionClass, retention_class),
        ];
        fields.into_iter().filter_map(|(field, text)| Some((field, text?)))
    }
}

/// Correct what stands in the record of a document.
#[utoipa::path(post, path = "/api/v1/documents/{id}/correct", operation_id = "correct_document", params(("id" = String, Path)), request_body = DocumentCorrectionBody, responses((status = 200, body = VersionJson), (status = 409), (status = 422)))]
async fn correct(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<DocumentCorrectionBody>,
) -> Result<Json<VersionJson>> {
    let id = DocumentId::parse(&id)?;
    let (version, why) = (body.version, body.why.clone());
    let own = body.attributes.clone();
    let corrected = documents::correct(&web.archive, &caller.asker, &id, version, body.given(), own, &why).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(corrected))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceBody {
    /// Location code or container serial.
    place: String,
    /// `place_version` of the document as the caller saw it; when the paper was moved since, 409. Without it the paper
    /// is moved wherever it lies.
    version: Option<i64>,
}

/// Put the original of a document away.
#[utoipa::path(post, path = "/api/v1/documents/{id}/place", operation_id = "place_document", params(("id" = String, Path)), request_body = PlaceBody, responses((status = 200, body = PlacedJson), (status = 404), (status = 409)))]
async fn place(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<PlaceBody>,
) -> Result<Json<PlacedJson>> {
    let id = DocumentId::parse(&id)?;
    let placed = documents::place(&web.archive, &caller.asker, &id, body.version, &body.place).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(placed))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutBackBody {
    /// `place_version` that the move has answered with; when the paper was moved since, 409.
    version: i64,
}

/// Take the last move of an original back.
#[utoipa::path(post, path = "/api/v1/documents/{id}/place/undo", operation_id = "undo_place_document", params(("id" = String, Path)), request_body = PutBackBody, responses((status = 200, body = PlacedJson), (status = 403), (status = 404), (status = 409)))]
async fn put_back(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<PutBackBody>,
) -> Result<Json<PlacedJson>> {
    let id = DocumentId::parse(&id)?;
    let placed = documents::put_back(&web.archive, &caller.asker, &id, body.version).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(placed))
}
