//! Papers added over the network: begun, sent in pieces, handed over, given up.

use super::{Interface, Path, Sent};
use crate::{
    http::{
        error::{Result, WebError},
        who::Caller,
    },
    state::Web,
};
use api_types::{
    batches::IngestJson,
    list::ListJson,
    uploads::{UploadJson, UploadPieceJson, upload as upload_json},
};
use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, header},
};
use records::{
    SecurityLevel,
    ids::{BatchId, UploadId},
    uploads::{Upload, UploadDraft, UploadFileDraft, UploadLimits, UploadState},
};
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) const SUBJECT: Interface = Interface {
    name: "uploads",
    about: "Papers added over the network in pieces.",
    routes,
};

fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(open, begin))
        .routes(routes!(upload))
        .routes(routes!(piece))
        .routes(routes!(finish))
        .routes(routes!(cancel))
        .routes(routes!(leave_out))
        .layer(DefaultBodyLimit::max(UploadLimits::DEFAULT.piece_bytes_max))
}

/// What is added, and what is known of all of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UploadBody {
    /// Of the batch.
    #[serde(default)]
    name: String,
    /// Code or alias of the customer of every file; empty where each says for itself.
    #[serde(default)]
    customer: String,
    #[serde(default)]
    location: String,
    /// Code or name of a kind.
    #[serde(default)]
    kind: String,
    /// 0 to 3.
    security_level: Option<i64>,
    files: Vec<UploadFileBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UploadFileBody {
    /// With its folders.
    name: String,
    bytes: i64,
    /// Files with the same word are the pages of one document, in this order.
    #[serde(default)]
    document: String,
}

/// How long the answer to a finish waits for the batch, before it says how far it is.
const FINISH_WAIT: Duration = Duration::from_secs(20);
const FINISH_LOOK: Duration = Duration::from_millis(250);

/// Begin an upload. Its files are then sent in pieces, each from where the one before ended.
#[utoipa::path(post, path = "/api/v1/uploads", operation_id = "begin_upload", request_body = UploadBody, responses((status = 200, body = UploadJson), (status = 403), (status = 409), (status = 507, description = "there is no room for all of it")))]
async fn begin(State(web): State<Web>, caller: Caller, Sent(body): Sent<UploadBody>) -> Result<Json<UploadJson>> {
    let level = body.security_level.map(|number| {
        SecurityLevel::from_number(number).ok_or_else(|| WebError::invalid("security_level", "is 0 to 3"))
    });
    let files = body.files.into_iter().map(|file| UploadFileDraft {
        name: file.name,
        bytes: file.bytes,
        document: file.document,
    });
    let customer = services::meant::customer(
        &web.archive,
        Some(&web.finder),
        &caller.asker,
        &body.customer,
        "uploads",
    )
    .await?;
    let draft = UploadDraft {
        name: body.name,
        customer: customer.unwrap_or(body.customer),
        location: body.location,
        kind: body.kind,
        security_level: level.transpose()?,
        files: files.collect(),
    };
    Ok(Json(upload_json(
        web.archive.upload_begin(&caller.asker, &draft).await?,
    )))
}

/// Uploads of the caller that were not handed over yet, the newest first.
#[utoipa::path(get, path = "/api/v1/uploads", operation_id = "list_uploads", responses((status = 200, body = ListJson<UploadJson>), (status = 403)))]
async fn open(State(web): State<Web>, caller: Caller) -> Result<Json<ListJson<UploadJson>>> {
    let open = web.archive.uploads_open(&caller.asker).await?;
    Ok(Json(ListJson::whole(open, upload_json)))
}

/// How much of each file has come, and what became of it all.
#[utoipa::path(get, path = "/api/v1/uploads/{id}", operation_id = "get_upload", params(("id" = String, Path)), responses((status = 200, body = UploadJson), (status = 403), (status = 404)))]
async fn upload(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<UploadJson>> {
    let id = UploadId::parse(&id)?;
    Ok(Json(upload_json(web.archive.upload(&caller.asker, &id).await?)))
}

/// One piece of a file, with `Content-Range: bytes FIRST-LAST/TOTAL`. A piece that came before changes nothing; a gap is
/// refused (409 `upload_gap`), and the upload says where to go on.
#[utoipa::path(put, path = "/api/v1/uploads/{id}/files/{number}", operation_id = "put_upload_piece", params(("id" = String, Path), ("number" = i64, Path), ("Content-Range" = String, Header, description = "bytes FIRST-LAST/TOTAL")), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = UploadPieceJson), (status = 404), (status = 409), (status = 413), (status = 507)))]
async fn piece(
    State(web): State<Web>,
    caller: Caller,
    Path((id, number)): Path<(String, i64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<UploadPieceJson>> {
    let id = UploadId::parse(&id)?;
    let range = headers.get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
    let (from, bytes) = range
        .and_then(|range| range_of(range, body.len()))
        .ok_or_else(|| WebError::invalid("content-range", "is `bytes FIRST-LAST/TOTAL`, as long as the body"))?;
    let received = web
        .archive
        .upload_piece(&caller.asker, &id, number, from, body.into())
        .await?;
    Ok(Json(UploadPieceJson { received, bytes }))
}

/// First byte and total, where the range is as long as what was sent.
fn range_of(range: &str, sent: usize) -> Option<(i64, i64)> {
    let (span, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let total: i64 = total.parse().ok()?;
    let (first, last) = span.split_once('-')?;
    let (first, last): (i64, i64) = (first.parse().ok()?, last.parse().ok()?);
    let length = last.checked_sub(first)?.checked_add(1)?;
    (first >= 0 && last < total && usize::try_from(length).ok()? == sent).then_some((first, total))
}

/// Every byte has come: a worker takes it in. The answer is the report of the batch, with `left` where it is not at its end
/// yet.
#[utoipa::path(post, path = "/api/v1/uploads/{id}/finish", operation_id = "finish_upload", params(("id" = String, Path)), responses((status = 200, body = IngestJson), (status = 404), (status = 409, description = "bytes are missing")))]
async fn finish(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<IngestJson>> {
    let id = UploadId::parse(&id)?;
    let mut now = web.archive.upload_finish(&caller.asker, &id).await?;
    let until = tokio::time::Instant::now() + FINISH_WAIT;
    while matches!(now.state, UploadState::Waiting | UploadState::Running) && tokio::time::Instant::now() < until {
        tokio::time::sleep(FINISH_LOOK).await;
        now = web.archive.upload(&caller.asker, &id).await?;
    }
    report(&web, &caller, now).await.map(Json)
}

async fn report(web: &Web, caller: &Caller, upload: Upload) -> Result<IngestJson> {
    let announced = i64::try_from(upload.files.len()).unwrap_or(i64::MAX);
    let Ok(batch) = BatchId::parse(&upload.batch) else {
        return Ok(IngestJson {
            left: announced,
            ..IngestJson::default()
        });
    };
    let mut report = services::batches::ingest_report(&web.archive, &caller.asker, &batch).await?;
    if upload.state != UploadState::Done {
        report.left = announced.saturating_sub(report.found).max(report.left);
    }
    Ok(report)
}

/// Give an upload up that nobody has begun to take in; its bytes are removed.
#[utoipa::path(post, path = "/api/v1/uploads/{id}/cancel", operation_id = "cancel_upload", params(("id" = String, Path)), responses((status = 200, body = UploadJson), (status = 404), (status = 409)))]
async fn cancel(State(web): State<Web>, caller: Caller, Path(id): Path<String>) -> Result<Json<UploadJson>> {
    let id = UploadId::parse(&id)?;
    Ok(Json(upload_json(web.archive.upload_cancel(&caller.asker, &id).await?)))
}

/// Leave one file of an upload out that was not handed over yet; its bytes are removed.
#[utoipa::path(post, path = "/api/v1/uploads/{id}/files/{number}/leave-out", operation_id = "leave_out_upload_file", params(("id" = String, Path), ("number" = i64, Path)), responses((status = 200, body = UploadJson), (status = 403), (status = 404), (status = 409)))]
async fn leave_out(
    State(web): State<Web>,
    caller: Caller,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Json<UploadJson>> {
    let id = UploadId::parse(&id)?;
    let left = web.archive.upload_leave_out(&caller.asker, &id, number).await?;
    Ok(Json(upload_json(left)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_as_long_as_its_bytes() {
        assert_eq!(range_of("bytes 0-9/100", 10), Some((0, 100)));
        assert_eq!(range_of("bytes 90-99/100", 10), Some((90, 100)));
        for (wrong, sent) in [
            ("bytes 0-9/100", 9),
            ("bytes 95-104/100", 10),
            ("bytes 9-0/100", 10),
            ("bytes -1-8/100", 10),
            ("0-9/100", 10),
            ("bytes 0-9/*", 10),
            ("bytes */100", 0),
        ] {
            assert_eq!(range_of(wrong, sent), None, "{wrong}");
        }
    }
}
