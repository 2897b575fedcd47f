//! Imports of registers: a table as it is, what each import wrote, and taking one back.

use super::{Asked, Interface, Path};
use crate::{
    http::{
        error::{Result, WebError},
        parts::{self, ListQuery},
        who::Caller,
    },
    state::Web,
    tables,
};
use api_types::imports::{self, ImportJson, ImportReportJson, ImportUndoJson, ImportWithRecordsJson};
use api_types::list::ListJson;
use api_types::registers::{self, RegisterFieldJson};
use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
};
use records::{
    ids::{Fingerprint, ImportId},
    imports::{Doubles, EmptyCells, ImportOrder, Register},
    registers::fields_of,
    tables::OnBadLine,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "imports",
    about: "Tables of the registers imported and taken back.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(import_list, import_table))
        .routes(routes!(import))
        .routes(routes!(import_undo))
        .routes(routes!(import_fields))
        .layer(DefaultBodyLimit::max(tables::BODY_BYTES_MAX))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ImportQuery {
    #[param(schema_with = api_types::codes::code::<vocabulary::Register>)]
    register: String,
    /// Show each change before and after, doubles and problems, and write nothing.
    #[serde(default)]
    dry_run: bool,
    /// Let empty cells empty their fields; otherwise they leave them and are said.
    #[serde(default)]
    clear_empty: bool,
    /// Write likely doubles too.
    #[serde(default)]
    accept_doubles: bool,
    /// Import the good lines even when others cannot be used.
    #[serde(default)]
    skip_bad_lines: bool,
    /// What the table is called where it comes from.
    #[serde(default)]
    file_name: String,
}

/// Import a table, sent as it is (CSV or TSV in UTF-8 or GB18030, or XLSX). What the table does not have stays as it is.
#[utoipa::path(post, path = "/api/v1/imports", operation_id = "import_table", params(ImportQuery), request_body(content = String, content_type = "text/csv"), responses((status = 200, body = ImportReportJson), (status = 403), (status = 413), (status = 422)))]
async fn import_table(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ImportQuery>,
    body: Bytes,
) -> Result<Json<ImportReportJson>> {
    let order = ImportOrder {
        on_bad_line: match asked.skip_bad_lines {
            true => OnBadLine::SkipLine,
            false => OnBadLine::RefuseTable,
        },
        empty_cells: match asked.clear_empty {
            true => EmptyCells::Clear,
            false => EmptyCells::Keep,
        },
        doubles: doubles(asked.accept_doubles),
        dry_run: asked.dry_run,
        file_name: asked.file_name.chars().take(200).collect(),
        sha256: Fingerprint::of(&body).hex(),
    };
    let register = register(&asked.register)?;
    let lines = tables::lines(&web, register, body.to_vec()).await;
    let table = lines
        .and_then(|lines| tables::arranged(&web, register, lines))
        .map_err(tables::refused)?;
    let report = web.archive.import_table(&caller.asker, register, &table, order).await?;
    if report.id.is_some() {
        web.wrote(&caller.asker).await?;
    }
    Ok(Json(imports::import_report(report)))
}

pub(super) fn doubles(accept: bool) -> Doubles {
    match accept {
        true => Doubles::Accept,
        false => Doubles::Hold,
    }
}

fn register(word: &str) -> Result<Register> {
    Register::from_code(word).ok_or_else(|| WebError::invalid("register", Register::LIST.choice()))
}

/// What was imported, the newest first.
#[utoipa::path(get, path = "/api/v1/imports", operation_id = "list_imports", params(ListQuery), responses((status = 200, body = ListJson<ImportJson>), (status = 403)))]
async fn import_list(
    State(web): State<Web>,
    caller: Caller,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ListJson<ImportJson>>> {
    let limit = parts::rows_at_most(&web, asked.limit);
    let rows = web.archive.imports(&caller.asker, &asked.after, limit + 1).await?;
    let total = web.archive.imports_total(&caller.asker).await?;
    Ok(Json(imports::imports(rows, limit, total)))
}

/// What one import wrote.
#[utoipa::path(get, path = "/api/v1/imports/{id}", operation_id = "get_import", params(("id" = String, Path), ListQuery), responses((status = 200, body = ImportWithRecordsJson), (status = 403), (status = 404)))]
async fn import(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<ListQuery>,
) -> Result<Json<ImportWithRecordsJson>> {
    let (skip, limit) = (
        parts::mark(&asked.after)?.unwrap_or(0),
        parts::rows_at_most(&web, asked.limit),
    );
    let row = web.archive.import(&caller.asker, &id).await?;
    let row = row.ok_or(WebError::NotFound)?;
    let own: ImportId = row.id.clone();
    let records = web.archive.import_records(&caller.asker, &own, skip, limit + 1).await?;
    Ok(Json(imports::import_with_records(row, records, skip, limit)))
}

/// Take an import back: every field that nobody has changed since, and records on which nothing hangs.
#[utoipa::path(post, path = "/api/v1/imports/{id}/undo", operation_id = "undo_import", params(("id" = String, Path)), responses((status = 200, body = ImportUndoJson), (status = 403), (status = 404), (status = 409)))]
async fn import_undo(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<ImportUndoJson>> {
    let report = web.archive.import_undo(&caller.asker, &id).await?;
    web.wrote(&caller.asker).await?;
    Ok(Json(imports::import_undo(report)))
}

/// The fields of a register: columns of its table, and names for adding and changing one record.
#[utoipa::path(get, path = "/api/v1/registers/{register}/fields", operation_id = "list_register_fields", params(("register" = String, Path, description = "customers, locations, kinds or checklists")), responses((status = 200, body = ListJson<RegisterFieldJson>)))]
async fn import_fields(
    _: State<Web>,
    _: Caller,
    Path(word): Path<String>,
) -> Result<Json<ListJson<RegisterFieldJson>>> {
    let fields = fields_of(register(&word)?);
    Ok(Json(ListJson::whole(
        fields.iter().collect(),
        registers::register_field,
    )))
}
