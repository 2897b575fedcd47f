//! Checks of keeping: what is due, orders, records, repairs, the list of what is asked.

use super::{Asked, Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        parts::{self, ListQuery},
        who::Caller,
    },
    state::Web,
};
use api_types::{
    keeping::{self as shapes, KeepingCheckJson, KeepingDueJson, KeepingMadeJson, KeepingRulesJson, RepairJson},
    list::ListJson,
};
use axum::{Json, extract::State, http::StatusCode};
use records::{
    ids::{KeepingCheckId, RepairId},
    keeping::{
        KeepingDraft, KeepingFinding, KeepingItem, KeepingKind, KeepingOccasion, KeepingOrder, KeepingRules,
        RepairDraft, RepairState,
    },
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "checks",
    about: "How the holdings are kept: checks of rooms and holdings, and repairs.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list, record))
        .routes(routes!(due))
        .routes(routes!(order))
        .routes(routes!(rules, rules_set))
        .routes(routes!(check))
        .routes(routes!(repairs, repair_open))
        .routes(routes!(repair_close))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeepingRulesBody {
    room: Vec<String>,
    holding: Vec<String>,
    months: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeepingOrderBody {
    /// Code of the place.
    at: String,
    #[schema(schema_with = api_types::codes::code::<KeepingKind>)]
    kind: String,
    #[schema(schema_with = api_types::codes::code::<KeepingOccasion>)]
    occasion: String,
    #[serde(default)]
    reason: String,
    /// Until when.
    #[serde(default)]
    due: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeepingRecordBody {
    /// Code of the place.
    at: String,
    #[schema(schema_with = api_types::codes::code::<KeepingKind>)]
    kind: String,
    /// Regular when empty.
    #[serde(default)]
    #[schema(schema_with = api_types::codes::code_or_empty::<KeepingOccasion>)]
    occasion: String,
    /// The order that it fulfils.
    #[serde(default)]
    order: String,
    items: Vec<KeepingItemBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeepingItemBody {
    /// A code of the usual list, or words of the archive's own.
    item: String,
    fine: bool,
    #[serde(default)]
    note: String,
    /// Who mends what is not fine.
    #[serde(default)]
    owner: String,
    /// Until when.
    #[serde(default)]
    until: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RepairBody {
    /// Id or number of a document, or code of a place.
    thing: String,
    what: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    until: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RepairCloseBody {
    /// What was done.
    result: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct KeepingChecksQuery {
    /// Of one place alone.
    #[serde(default)]
    at: String,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RepairsQuery {
    #[serde(default)]
    #[param(schema_with = api_types::codes::code_or_empty::<RepairState>)]
    state: String,
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    after: String,
    /// 100 when not given, 1,000 at most.
    limit: Option<usize>,
}

/// Checks that were made, the newest first.
#[utoipa::path(get, path = "/api/v1/checks", operation_id = "list_checks", params(KeepingChecksQuery), responses((status = 200, body = ListJson<KeepingCheckJson>), (status = 403)))]
async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<KeepingChecksQuery>,
) -> Result<Json<ListJson<KeepingCheckJson>>> {
    let skip: usize = parts::mark(&asked.after)?.unwrap_or(0);
    let limit = parts::rows_at_most(&web, asked.limit);
    let rows = web
        .archive
        .keeping_checks(&caller.asker, &asked.at, skip, limit + 1)
        .await?;
    let total = web.archive.keeping_checks_total(&caller.asker).await?;
    let next = skip.saturating_add(limit);
    Ok(Json(ListJson::window(
        rows,
        limit,
        total,
        |_| next.to_string(),
        |row| shapes::check(row, Vec::new()),
    )))
}

/// Checks that are to be made: ordered ones first, then rooms and safes past their interval.
#[utoipa::path(get, path = "/api/v1/checks/due", operation_id = "list_checks_due", params(ListQuery), responses((status = 200, body = ListJson<KeepingDueJson>), (status = 403)))]
async fn due(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<KeepingDueJson>>> {
    let due = web.archive.keeping_due(&caller.asker).await?;
    asked.part(&web, due, shapes::due)
}

/// Order a check, because something has happened: theft, water, fire, a move, a doubt.
#[utoipa::path(post, path = "/api/v1/checks/orders", operation_id = "order_check", request_body = KeepingOrderBody, responses((status = 200, body = KeepingMadeJson), (status = 403), (status = 404)))]
async fn order(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<KeepingOrderBody>,
) -> Result<Json<KeepingMadeJson>> {
    let draft = KeepingOrder {
        at: body.at,
        kind: kind(&body.kind)?,
        occasion: occasion(&body.occasion)?,
        reason: body.reason,
        due: body.due,
    };
    let id = web.archive.keeping_order(&caller.asker, &draft).await?.to_string();
    Ok(Json(KeepingMadeJson { id }))
}

/// Write down a check as it was made. What is not fine becomes a repair.
#[utoipa::path(post, path = "/api/v1/checks", operation_id = "record_check", request_body = KeepingRecordBody, responses((status = 200, body = KeepingCheckJson), (status = 403), (status = 404)))]
async fn record(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<KeepingRecordBody>,
) -> Result<Json<KeepingCheckJson>> {
    let finding = |item: KeepingItemBody| KeepingFinding {
        item: KeepingItem::parse(&item.item),
        is_fine: item.fine,
        note: item.note,
        owner: item.owner,
        due: item.until,
    };
    let draft = KeepingDraft {
        at: body.at,
        kind: kind(&body.kind)?,
        occasion: match body.occasion.as_str() {
            "" => KeepingOccasion::Regular,
            word => occasion(word)?,
        },
        order: match body.order.as_str() {
            "" => None,
            id => Some(KeepingCheckId::parse(id)?),
        },
        findings: body.items.into_iter().map(finding).collect(),
    };
    let id = web.archive.keeping_record(&caller.asker, &draft).await?;
    whole(&web, &caller, &id).await
}

async fn whole(web: &Web, caller: &Caller, id: &KeepingCheckId) -> Result<Json<KeepingCheckJson>> {
    let check = web.archive.keeping_check(&caller.asker, id).await?;
    let repairs = web.archive.repairs_of(&caller.asker, id).await?;
    Ok(Json(shapes::check(check, repairs)))
}

fn kind(word: &str) -> Result<KeepingKind> {
    KeepingKind::from_code(word).ok_or_else(|| WebError::invalid("kind", KeepingKind::LIST.choice()))
}

fn occasion(word: &str) -> Result<KeepingOccasion> {
    KeepingOccasion::from_code(word).ok_or_else(|| WebError::invalid("occasion", KeepingOccasion::LIST.choice()))
}

/// What checks ask, and how often rooms are checked.
#[utoipa::path(get, path = "/api/v1/checks/rules", operation_id = "get_check_rules", responses((status = 200, body = KeepingRulesJson), (status = 403)))]
async fn rules(State(web): State<Web>, caller: Caller) -> Result<Json<KeepingRulesJson>> {
    Ok(Json(shapes::rules(web.archive.keeping_rules(&caller.asker).await?)))
}

/// State what checks ask, and after how many months rooms are checked again.
#[utoipa::path(put, path = "/api/v1/checks/rules", operation_id = "set_check_rules", request_body = KeepingRulesBody, responses((status = 200, body = KeepingRulesJson), (status = 403)))]
async fn rules_set(
    State(web): State<Web>,
    caller: Caller,
    Sent(body): Sent<KeepingRulesBody>,
) -> Result<Json<KeepingRulesJson>> {
    let items = |items: Vec<String>| items.iter().map(|item| KeepingItem::parse(item)).collect();
    let stated = KeepingRules {
        room: items(body.room),
        holding: items(body.holding),
        months: body.months,
    };
    web.archive.keeping_rules_set(&caller.asker, &stated).await?;
    rules(State(web), caller).await
}

/// One check with what it found.
#[utoipa::path(get, path = "/api/v1/checks/{id}", operation_id = "get_check", params(("id" = String, Path)), responses((status = 200, body = KeepingCheckJson), (status = 403), (status = 404)))]
async fn check(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<KeepingCheckJson>> {
    whole(&web, &caller, &KeepingCheckId::parse(&id)?).await
}

/// Repairs, open ones by their date first.
#[utoipa::path(get, path = "/api/v1/repairs", operation_id = "list_repairs", params(RepairsQuery), responses((status = 200, body = ListJson<RepairJson>), (status = 403)))]
async fn repairs(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<RepairsQuery>,
) -> Result<Json<ListJson<RepairJson>>> {
    let state = match asked.state.as_str() {
        "" => None,
        word => {
            Some(RepairState::from_code(word).ok_or_else(|| WebError::invalid("state", RepairState::LIST.choice()))?)
        }
    };
    let skip: usize = parts::mark(&asked.after)?.unwrap_or(0);
    let limit = parts::rows_at_most(&web, asked.limit);
    let rows = web.archive.repairs(&caller.asker, state, 0, usize::MAX).await?;
    Ok(Json(ListJson::part(rows, skip, limit, shapes::repair)))
}

/// Open a repair of a document or a place.
#[utoipa::path(post, path = "/api/v1/repairs", operation_id = "open_repair", request_body = RepairBody, responses((status = 200, body = RepairJson), (status = 403), (status = 404)))]
async fn repair_open(State(web): State<Web>, caller: Caller, Sent(body): Sent<RepairBody>) -> Result<Json<RepairJson>> {
    let draft = RepairDraft {
        thing: body.thing,
        what: body.what,
        owner: body.owner,
        due: body.until,
    };
    let id = web.archive.repair_open(&caller.asker, &draft).await?;
    Ok(Json(shapes::repair(web.archive.repair(&caller.asker, &id).await?)))
}

/// Close a repair with what was done.
#[utoipa::path(post, path = "/api/v1/repairs/{id}/close", operation_id = "close_repair", params(("id" = String, Path)), request_body = RepairCloseBody, responses((status = 204), (status = 403), (status = 404)))]
async fn repair_close(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(body): Sent<RepairCloseBody>,
) -> Result<StatusCode> {
    let id = RepairId::parse(&id)?;
    web.archive.repair_close(&caller.asker, &id, &body.result).await?;
    Ok(StatusCode::NO_CONTENT)
}
