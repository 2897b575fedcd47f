//! Lending: slips asked for, decided, handed out, taken back; the register, incidents, what is to be fetched.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::{mark, rows_at_most},
        who::Caller,
    },
    state::Web,
};
use api_types::{
    lent::{self, IncidentsJson, LoanRegisterJson, PickListJson},
    loans::{self as shapes, LeaverJson, LoanJson, LoansJson},
};
use axum::{Json, extract::State};
use records::{
    Role,
    ids::IncidentId,
    loans::{LoanClass, LoanDraft, LoanFilter, LoanList, LoanUse, ReturnCondition, ReturnDraft},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "loans",
    about: "Lending: slips, the register of what was lent, incidents, pick lists.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(loans, ask))
        .routes(routes!(to_fetch))
        .routes(routes!(leaver))
        .routes(routes!(one))
        .routes(routes!(approve))
        .routes(routes!(refuse))
        .routes(routes!(issue))
        .routes(routes!(cancel))
        .routes(routes!(give_back))
        .routes(routes!(shelve))
        .routes(routes!(register))
        .routes(routes!(incidents))
        .routes(routes!(resolve))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LoansQuery {
    /// Only these; all when empty.
    #[serde(default)]
    #[param(schema_with = api_types::codes::code_or_empty::<LoanList>)]
    state: String,
    /// Sign-in name, or name of a person.
    #[serde(default)]
    borrower: String,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

/// Slips: all of them for archivists and auditors, else one's own and those that wait for one's signature.
#[utoipa::path(get, path = "/api/v1/loans", operation_id = "loans_by_state", params(LoansQuery), responses((status = 200, body = LoansJson), (status = 422)))]
async fn loans(State(web): State<Web>, caller: Caller, Asked(asked): Asked<LoansQuery>) -> Result<Json<LoansJson>> {
    let list = match asked.state.as_str() {
        "" => None,
        word => Some(LoanList::parse(word).map_err(records::Error::from)?),
    };
    let filter = LoanFilter {
        list,
        borrower: asked.borrower,
        ..LoanFilter::default()
    };
    let (skip, limit) = (mark(&asked.after)?.unwrap_or(0), rows_at_most(&web, asked.limit));
    let rows = services::loans::list(&web.archive, &caller.asker, &filter).await?;
    Ok(Json(shapes::loans(rows, skip, limit)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoanBody {
    /// Documents by id or own number.
    things: Vec<String>,
    /// Sign-in name or name of a person; the caller when empty. Archivists enter slips of others.
    #[serde(default)]
    borrower: String,
    /// Of a person without an account.
    #[serde(default)]
    department: String,
    /// 1 to 200 characters.
    purpose: String,
    /// Of each paper; 1 when left out.
    copies: Option<i64>,
    /// The day on which it is to be back; the last one that the class allows when empty.
    #[serde(default)]
    until: String,
    /// `days` when left out.
    #[serde(default)]
    #[schema(schema_with = api_types::codes::code_or_empty::<LoanClass>)]
    class: String,
    /// Where it may be used; `office` when left out.
    #[serde(default, rename = "use")]
    #[schema(schema_with = api_types::codes::code_or_empty::<LoanUse>)]
    place_of_use: String,
    /// The borrower has signed the slip; taken for granted when an archivist leaves it out.
    signed: Option<bool>,
    /// Hand it out in the same act, where an archivist asks and nobody has to approve; taken for granted when left out.
    issue: Option<bool>,
}

impl LoanBody {
    fn draft(self) -> Result<LoanDraft> {
        let class = LoanClass::parse_or(&self.class, LoanClass::Days).map_err(records::Error::from)?;
        let place_of_use = LoanUse::parse_or(&self.place_of_use, LoanUse::Office).map_err(records::Error::from)?;
        Ok(LoanDraft {
            things: self.things,
            borrower: self.borrower,
            department: self.department,
            purpose: self.purpose,
            copies: self.copies.unwrap_or(1),
            until: self.until,
            class,
            place_of_use,
            is_signed: self.signed.unwrap_or(true),
            at_once: self.issue.unwrap_or(true),
        })
    }
}

/// Fill in a slip. What waits for approval stays `asked`, what is out for somebody else `held`.
#[utoipa::path(post, path = "/api/v1/loans", operation_id = "ask_for_loan", request_body = LoanBody, responses((status = 200, body = LoanJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn ask(State(web): State<Web>, caller: Caller, Sent(body): Sent<LoanBody>) -> Result<Json<LoanJson>> {
    let loan = web.archive.loan_ask(&caller.asker, &body.draft()?).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(shapes::loan(loan)))
}

/// Papers of slips that may be handed out, in walking order over all of them. For archivists.
#[utoipa::path(get, path = "/api/v1/loans/to-fetch", operation_id = "loans_to_fetch", responses((status = 200, body = PickListJson), (status = 403)))]
async fn to_fetch(State(web): State<Web>, caller: Caller) -> Result<Json<PickListJson>> {
    let rows = web.archive.loans_to_fetch(&caller.asker).await?;
    Ok(Json(lent::pick_list(rows)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LeaverQuery {
    /// Sign-in name, or name of a person.
    borrower: String,
}

/// What somebody who leaves still has, and which incidents stand open in their name. For archivists and auditors.
#[utoipa::path(get, path = "/api/v1/loans/leaver", operation_id = "loans_of_leaver", params(LeaverQuery), responses((status = 200, body = LeaverJson), (status = 403)))]
async fn leaver(State(web): State<Web>, caller: Caller, Asked(asked): Asked<LeaverQuery>) -> Result<Json<LeaverJson>> {
    if !caller.asker.has(Role::Auditor) {
        caller.asker.require(Role::Archivist)?;
    }
    Ok(Json(
        services::loans::leaver(&web.archive, &caller.asker, &asked.borrower).await?,
    ))
}

/// One slip, by its id or number.
#[utoipa::path(get, path = "/api/v1/loans/{id}", operation_id = "loan", params(("id" = String, Path)), responses((status = 200, body = LoanJson), (status = 404)))]
async fn one(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<LoanJson>> {
    Ok(Json(shapes::loan(web.archive.loan(&caller.asker, &id).await?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoanApprovalBody {
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoanReasonBody {
    /// 1 to 200 characters.
    reason: String,
}

/// Sign the step whose turn it is. Nobody signs for their own.
#[utoipa::path(post, path = "/api/v1/loans/{id}/approve", operation_id = "approve_loan", params(("id" = String, Path)), request_body = LoanApprovalBody, responses((status = 200, body = LoanJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn approve(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<LoanApprovalBody>,
) -> Result<Json<LoanJson>> {
    let loan = web.archive.loan_decide(&caller.asker, &id, true, &body.reason).await?;
    Ok(Json(shapes::loan(loan)))
}

/// Refuse a slip at the step whose turn it is.
#[utoipa::path(post, path = "/api/v1/loans/{id}/refuse", operation_id = "refuse_loan", params(("id" = String, Path)), request_body = LoanReasonBody, responses((status = 200, body = LoanJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn refuse(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<LoanReasonBody>,
) -> Result<Json<LoanJson>> {
    let loan = web.archive.loan_decide(&caller.asker, &id, false, &body.reason).await?;
    Ok(Json(shapes::loan(loan)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IssueBody {
    /// The borrower has signed the slip just now.
    #[serde(default)]
    signed: bool,
}

/// Hand the papers of a slip out. For archivists.
#[utoipa::path(post, path = "/api/v1/loans/{id}/issue", operation_id = "issue_loan", params(("id" = String, Path)), request_body = IssueBody, responses((status = 200, body = LoanJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn issue(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<IssueBody>,
) -> Result<Json<LoanJson>> {
    let loan = web.archive.loan_issue(&caller.asker, &id, body.signed).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(shapes::loan(loan)))
}

/// Take a slip back that was not handed out.
#[utoipa::path(post, path = "/api/v1/loans/{id}/cancel", operation_id = "cancel_loan", params(("id" = String, Path)), request_body = LoanReasonBody, responses((status = 200, body = LoanJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn cancel(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<LoanReasonBody>,
) -> Result<Json<LoanJson>> {
    let loan = web.archive.loan_cancel(&caller.asker, &id, &body.reason).await?;
    Ok(Json(shapes::loan(loan)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReturnBody {
    /// Only these papers of the slip; all that are out when left out.
    #[serde(default)]
    things: Vec<String>,
    /// As counted, all papers together; as they were handed out when left out.
    pages: Option<i64>,
    /// `intact` when left out.
    #[serde(default)]
    #[schema(schema_with = api_types::codes::code_or_empty::<ReturnCondition>)]
    condition: String,
    /// The caller when empty.
    #[serde(default)]
    received_by: String,
    #[serde(default)]
    note: String,
}

/// Take papers back and strike them off. Missing pages, damage or loss open an incident in the borrower's name.
#[utoipa::path(post, path = "/api/v1/loans/{id}/return", operation_id = "return_loan", params(("id" = String, Path)), request_body = ReturnBody, responses((status = 200, body = LoanJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn give_back(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<ReturnBody>,
) -> Result<Json<LoanJson>> {
    let condition =
        ReturnCondition::parse_or(&body.condition, ReturnCondition::Intact).map_err(records::Error::from)?;
    let draft = ReturnDraft {
        things: body.things,
        pages: body.pages,
        condition,
        received_by: body.received_by,
        note: body.note,
    };
    let loan = web.archive.loan_return(&caller.asker, &id, &draft).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(shapes::loan(loan)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoanShelveBody {
    /// Which paper of the slip; may be left out where only one waits for its place.
    #[serde(default)]
    thing: String,
    /// The place as scanned.
    place: String,
}

/// A paper that came back lies in its place again; another place is refused. For archivists.
#[utoipa::path(post, path = "/api/v1/loans/{id}/shelve", operation_id = "shelve_loan", params(("id" = String, Path)), request_body = LoanShelveBody, responses((status = 200, body = LoanJson), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn shelve(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<LoanShelveBody>,
) -> Result<Json<LoanJson>> {
    let loan = web
        .archive
        .loan_shelve(&caller.asker, &id, &body.thing, &body.place)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(shapes::loan(loan)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PeriodQuery {
    /// First day of the period; from the beginning when empty.
    #[serde(default)]
    from: String,
    /// Last day of the period; until now when empty.
    #[serde(default)]
    to: String,
}

/// The name of a register.
const LOANS: &str = "loans";

/// The register `loans`: what was lent in a period, a line for each paper, struck off when it came back.
#[utoipa::path(get, path = "/api/v1/registers/{register}", operation_id = "register_of_period", params(("register" = String, Path), PeriodQuery), responses((status = 200, body = LoanRegisterJson), (status = 404), (status = 422)))]
async fn register(
    State(web): State<Web>,
    caller: Caller,
    Path(register): Path<String>,
    Asked(asked): Asked<PeriodQuery>,
) -> Result<Json<LoanRegisterJson>> {
    if register != LOANS {
        return Err(WebError::NotFound);
    }
    Ok(Json(
        services::loans::register(&web.archive, &caller.asker, &asked.from, &asked.to).await?,
    ))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct IncidentsQuery {
    /// Only those that nobody has resolved.
    #[serde(default)]
    open: bool,
    /// Sign-in name, or name of a person.
    #[serde(default)]
    borrower: String,
}

const INCIDENTS_MAX: usize = 1_000;

/// What went wrong with papers that were lent, newest first.
#[utoipa::path(get, path = "/api/v1/incidents", operation_id = "incidents", params(IncidentsQuery), responses((status = 200, body = IncidentsJson)))]
async fn incidents(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<IncidentsQuery>,
) -> Result<Json<IncidentsJson>> {
    let rows = web
        .archive
        .incidents(&caller.asker, asked.open, &asked.borrower, INCIDENTS_MAX)
        .await?;
    Ok(Json(lent::incidents(rows)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResolutionBody {
    /// What was done, in 1 to 200 characters.
    resolution: String,
    /// The document that stands for what is missing, by id or own number.
    #[serde(default)]
    replacement: String,
    /// What was lost was found again; it is written off otherwise.
    #[serde(default)]
    found: bool,
}

/// Say what was done about an incident. For archivists.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/resolve", operation_id = "resolve_incident", params(("id" = String, Path)), request_body = ResolutionBody, responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn resolve(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<ResolutionBody>,
) -> Result<axum::http::StatusCode> {
    let id = IncidentId::parse(&id)?;
    web.archive
        .incident_resolve(&caller.asker, &id, &body.resolution, &body.replacement, body.found)
        .await?;
    web.wrote(&caller.asker).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
