//! The REST API: the shapes of [`crate::answers`] under `/api/v1`, errors as problem documents (RFC 9457), a
//! description by OpenAPI. A program comes with a bearer token; a browser's session may read.

use crate::{
    answers::{self, IngestJson, LocateJson, Located, SearchJson, ShowJson},
    error::{Result, WebError},
    export::{self, Format},
    screens::correcting,
    state::Web,
    text::{Language, Text},
    who::Caller,
};
use axum::{
    Json,
    extract::{FromRequest, Path, Query, Request, State},
    response::Response,
};
use index::{Near, SearchRequest, Sorting};
use records::{
    PartialDate, SecurityLevel,
    audit::EventDraft,
    batches::BatchRow,
    customers::{Customer, CustomerFilter, CustomerParty, CustomerRow, PersonalNumber},
    documents::{DocumentDraft, Proposal},
    ids::{BatchId, DocumentId},
    review::ReviewItem,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, OpenApi, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(OpenApi)]
#[openapi(info(
    title = "Dossier",
    description = "A records office: find the page, its paper, and what happened to both. Send `Authorization: Bearer TOKEN`. Errors are problem documents (RFC 9457) with a stable `code` and a `request_id`. Fields may be added to answers and are never renamed."
))]
struct Description;

/// Routes in the order in which a program meets them, with their description.
pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(search))
        .routes(routes!(search_csv))
        .routes(routes!(search_xlsx))
        .routes(routes!(show))
        .routes(routes!(link))
        .routes(routes!(unlink))
        .routes(routes!(correct))
        .routes(routes!(place))
        .routes(routes!(locate))
        .routes(routes!(customers))
        .routes(routes!(customer))
        .routes(routes!(reveal))
        .routes(routes!(review))
        .routes(routes!(batches))
        .routes(routes!(batch))
        .merge(crate::api_reading::routes())
}

/// A JSON body; what is wrong with it is said in words.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Web> for Sent<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, web: &Web) -> Result<Self> {
        match Json::<T>::from_request(request, web).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) if rejection.status().as_u16() == 413 => Err(WebError::TooLarge {
                limit: web.config.limits.body_bytes_max,
            }),
            Err(rejection) => Err(WebError::invalid("body", rejection.body_text())),
        }
    }
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
    let sorting = sorting(&asked.sort)?;
    let request = SearchRequest {
        query: asked.q,
        sorting,
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
    web.catch_up(&caller.asker).await;
    let answer = answers::search(&web.archive, &web.finder, &caller.asker, request, &asked.language).await?;
    web.metrics
        .searches
        .note(std::time::Duration::from_secs_f64(answer.took_ms / 1000.0));
    let event = EventDraft::new("search.ran", "search", "").detail(format!("documents={}", answer.total));
    web.archive.note_read(&caller.asker, event).await?;
    Ok(Json(answer))
}

fn sorting(name: &str) -> Result<Sorting> {
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

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct CustomersQuery {
    /// Beginning of a code, name or account number; all customers when empty.
    #[serde(default)]
    text: String,
    /// Code after which to go on.
    #[serde(default)]
    after: String,
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CustomersJson {
    customers: Vec<CustomerRowJson>,
    /// Code to go on after, when there are more.
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CustomerRowJson {
    id: String,
    code: String,
    name: String,
    kind: String,
    status: String,
    dossier_no: String,
    documents: i64,
}

/// Customers in order of code.
#[utoipa::path(get, path = "/api/v1/customers", params(CustomersQuery), responses((status = 200, body = CustomersJson)))]
async fn customers(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<CustomersQuery>,
) -> Result<Json<CustomersJson>> {
    let limit = asked.limit.unwrap_or(web.config.limits.rows).clamp(1, 1000);
    let filter = CustomerFilter {
        text: asked.text,
        after_code: asked.after,
        limit: limit + 1,
        status: None,
    };
    let rows = web.archive.customers(&caller.asker, &filter).await?;
    let next = (rows.len() > limit)
        .then(|| rows.get(limit - 1).map(|row| row.code.clone()))
        .flatten();
    Ok(Json(CustomersJson {
        customers: rows.into_iter().take(limit).map(customer_row).collect(),
        next,
    }))
}

fn customer_row(row: CustomerRow) -> CustomerRowJson {
    let CustomerRow {
        uid: _,
        id,
        code,
        name,
        kind,
        status,
        dossier_no,
        documents,
    } = row;
    CustomerRowJson {
        id: id.to_string(),
        code,
        name,
        kind,
        status: status.as_str().to_owned(),
        dossier_no,
        documents,
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct CustomerJson {
    id: String,
    code: String,
    name: String,
    kind: String,
    status: String,
    grade: String,
    region: String,
    address: String,
    dossier_no: String,
    version: i64,
    aliases: Vec<PairJson>,
    attributes: Vec<PairJson>,
    /// People and organisations behind the customer; personal numbers are masked.
    parties: Vec<PartyJson>,
    documents: Vec<DossierDocumentJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PairJson {
    name: String,
    value: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PartyJson {
    party_id: String,
    name: String,
    role: String,
    begins_on: String,
    ends_on: String,
    identifiers: Vec<PairJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DossierDocumentJson {
    document_id: String,
    title: String,
    kind: String,
    number: String,
    date: String,
    pages: i64,
    location_code: String,
    original_state: String,
}

/// A customer with everything in the dossier that the caller may see.
#[utoipa::path(get, path = "/api/v1/customers/{code}", params(("code" = String, Path, description = "id, code, account number or dossier number")), responses((status = 200, body = CustomerJson), (status = 404)))]
async fn customer(State(web): State<Web>, caller: Caller, Path(code): Path<String>) -> Result<Json<CustomerJson>> {
    let customer = web
        .archive
        .customer(&caller.asker, &code)
        .await?
        .ok_or(WebError::NotFound)?;
    let rows = web.archive.documents_of_customer(&caller.asker, &customer.code).await?;
    web.archive
        .note_read(
            &caller.asker,
            EventDraft::new("customer.viewed", "customer", customer.id.as_str()),
        )
        .await?;
    let documents = rows
        .into_iter()
        .map(|row| DossierDocumentJson {
            original_state: answers::original_state(&row).to_owned(),
            document_id: row.id.to_string(),
            title: row.title,
            kind: row.kind,
            number: row.number,
            date: row.date,
            pages: row.pages_scanned,
            location_code: row.place.location_code,
        })
        .collect();
    let pairs = |pairs: Vec<(String, String)>| -> Vec<PairJson> {
        pairs
            .into_iter()
            .map(|(name, value)| PairJson { name, value })
            .collect()
    };
    let party = |party: CustomerParty| PartyJson {
        party_id: party.party_id,
        name: party.name,
        role: party.role,
        begins_on: party.begins_on,
        ends_on: party.ends_on,
        identifiers: pairs(party.identifiers),
    };
    let Customer {
        uid: _,
        id,
        code,
        name,
        kind,
        status,
        grade,
        region,
        address,
        attributes,
        aliases,
        parties,
        dossier_id: _,
        dossier_no,
        checklist: _,
        created_at: _,
        version,
    } = customer;
    Ok(Json(CustomerJson {
        id: id.to_string(),
        code,
        name,
        kind,
        status: status.as_str().to_owned(),
        grade,
        region,
        address,
        dossier_no,
        version,
        aliases: pairs(aliases),
        attributes: pairs(attributes),
        parties: parties.into_iter().map(party).collect(),
        documents,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevealBody {
    /// Id of the party, kind and place of the number, as the customer lists them.
    party_id: String,
    kind: String,
    position: usize,
}

#[derive(Debug, Serialize, ToSchema)]
struct RevealedJson {
    customer_code: String,
    kind: String,
    value: String,
}

/// Show one personal number in clear. Needs the role archivist; each time is an event of the audit trail.
#[utoipa::path(post, path = "/api/v1/customers/{code}/reveal", params(("code" = String, Path)), request_body = RevealBody, responses((status = 200, body = RevealedJson), (status = 403), (status = 404)))]
async fn reveal(
    State(web): State<Web>,
    caller: Caller,
    Path(code): Path<String>,
    Sent(body): Sent<RevealBody>,
) -> Result<Json<RevealedJson>> {
    let RevealBody {
        party_id,
        kind,
        position,
    } = body;
    let number = PersonalNumber {
        party_id,
        kind,
        position,
    };
    let customer = web
        .archive
        .customer_reveal(&caller.asker, &code, Some(&number))
        .await?
        .ok_or(WebError::NotFound)?;
    let parties = customer.parties.into_iter();
    let mut meant = parties.filter(|party| party.party_id == number.party_id);
    let (kind, value) = meant
        .find_map(|party| party.identifiers.into_iter().nth(number.position))
        .ok_or(WebError::NotFound)?;
    Ok(Json(RevealedJson {
        customer_code: customer.code,
        kind,
        value,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ReviewQuery {
    /// `uid` of the item to go on after.
    #[serde(default)]
    after: i64,
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ReviewJson {
    open: i64,
    items: Vec<ReviewItemJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ReviewItemJson {
    uid: i64,
    document_id: String,
    title: String,
    kind: String,
    version: i64,
    reason: String,
    detail: String,
    candidates: Vec<CandidateJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CandidateJson {
    customer_code: String,
    customer_name: String,
    basis: String,
    confidence: f64,
    evidence: Vec<EvidenceJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EvidenceJson {
    page: u32,
    kind: String,
    text: String,
    rule: String,
    confidence: f64,
    x: u32,
    y: u32,
    w: u32,
    h: u32,
}

/// Documents that wait for a person, oldest first, with candidates and evidence.
#[utoipa::path(get, path = "/api/v1/review", params(ReviewQuery), responses((status = 200, body = ReviewJson), (status = 403)))]
async fn review(State(web): State<Web>, caller: Caller, Query(asked): Query<ReviewQuery>) -> Result<Json<ReviewJson>> {
    let items = web
        .archive
        .review_queue(&caller.asker, asked.after, asked.limit.unwrap_or(20).clamp(1, 200))
        .await?;
    let open = web.archive.review_count(&caller.asker).await?;
    Ok(Json(ReviewJson {
        open,
        items: items.into_iter().map(review_item).collect(),
    }))
}

fn review_item(item: ReviewItem) -> ReviewItemJson {
    let ReviewItem {
        document,
        reason,
        detail,
        proposals,
        facts: _,
    } = item;
    ReviewItemJson {
        uid: document.uid,
        document_id: document.id.to_string(),
        title: document.title,
        kind: document.kind,
        version: document.version,
        reason,
        detail,
        candidates: proposals.into_iter().map(candidate).collect(),
    }
}

fn candidate(proposal: Proposal) -> CandidateJson {
    let Proposal {
        id: _,
        customer_id: _,
        customer_code,
        customer_name,
        state: _,
        basis,
        confidence,
        evidence,
    } = proposal;
    let evidence = evidence
        .into_iter()
        .map(|fact| EvidenceJson {
            page: fact.page_number,
            kind: fact.kind,
            text: fact.text,
            rule: fact.rule,
            confidence: fact.confidence,
            x: fact.area.x,
            y: fact.area.y,
            w: fact.area.w,
            h: fact.area.h,
        })
        .collect();
    CandidateJson {
        customer_code,
        customer_name,
        basis: basis.as_str().to_owned(),
        confidence,
        evidence,
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct BatchesQuery {
    /// `uid` of the batch before which to go on.
    before: Option<i64>,
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BatchesJson {
    batches: Vec<BatchJson>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BatchJson {
    uid: i64,
    id: String,
    name: String,
    state: String,
    found: i64,
    filed: i64,
    needs_review: i64,
    duplicate: i64,
    rejected: i64,
    pages: i64,
    seconds: f64,
    started_at: String,
    finished_at: Option<String>,
}

/// Batches, newest first.
#[utoipa::path(get, path = "/api/v1/batches", params(BatchesQuery), responses((status = 200, body = BatchesJson), (status = 403)))]
async fn batches(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<BatchesQuery>,
) -> Result<Json<BatchesJson>> {
    let limit = asked.limit.unwrap_or(web.config.limits.rows).clamp(1, 1000);
    let rows = web.archive.batches(&caller.asker, asked.before, limit).await?;
    Ok(Json(BatchesJson {
        batches: rows.into_iter().map(batch_row).collect(),
    }))
}

fn batch_row(row: BatchRow) -> BatchJson {
    BatchJson {
        uid: row.uid,
        found: row.found(),
        id: row.id.to_string(),
        name: row.name,
        state: row.state.as_str().to_owned(),
        filed: row.filed,
        needs_review: row.needs_review,
        duplicate: row.duplicate,
        rejected: row.rejected,
        pages: row.pages,
        seconds: row.busy_us as f64 / 1e6,
        started_at: row.started_at.rfc3339(),
        finished_at: row.finished_at.map(|at| at.rfc3339()),
    }
}

/// The report of one batch: what became of every file.
#[utoipa::path(get, path = "/api/v1/batches/{id}", params(("id" = String, Path)), responses((status = 200, body = IngestJson), (status = 404)))]
async fn batch(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<IngestJson>> {
    let report = answers::ingest_report(&web.archive, &caller.asker, &BatchId::parse(&id)?).await?;
    Ok(Json(report.ok_or(WebError::NotFound)?))
}
