//! Page images and stored originals. An address names everything that decides the bytes (page, scan, turn, width), so
//! a browser may keep an image; each request asks again whether the person may see the page.

use crate::{
    http::{
        address,
        byte_range::{self, RangeAsked},
        error::{Final, Result, WebError},
        parts::Path,
        who::Caller,
    },
    state::Web,
};
use api_types::pictures::{SMALL, USUAL, WIDTHS, all_addresses, name, page_address};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use records::{
    Asker,
    audit::{AuditAction, AuditObject, EventDraft},
    ids::DocumentId,
    page_images::PageImageRequest,
    pages::Page,
};
use std::{io::SeekFrom, sync::atomic::Ordering};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Pages around the one being looked at that are made next: whoever reads turns forward more often than back.
const NEIGHBOURS: [i64; 3] = [1, 2, -1];

const CHUNK_BYTES: usize = 64 * 1024;

/// From this width on the words of a page can be read in its picture.
const LEGIBLE: u32 = 800;

/// Notes that somebody reads a page; the same page again within minutes is the same reading.
pub(crate) async fn note_page(web: &Web, asker: &Asker, id: &DocumentId, number: u32, what: &str) -> Result<()> {
    let event = EventDraft::new(AuditAction::PageViewed, AuditObject::Document, id.as_str())
        .detail(format!("page={number} in={what}"));
    Ok(web.archive.note_reading(asker, event).await?)
}

/// Addresses of one page: the usual one, all of them for the browser to choose from, and a thumbnail.
pub fn page_addresses(document: &DocumentId, page: &Page) -> (String, String, String) {
    let all: Vec<_> = all_addresses(document, page)
        .into_iter()
        .map(|(width, url)| format!("{url} {width}w"))
        .collect();
    (
        page_address(document, page, USUAL),
        all.join(", "),
        page_address(document, page, SMALL),
    )
}

/// The picture of a page, at an address that an answer gave: it names everything that decides the bytes, so what it
/// leads to never changes; each time it is asked whether the caller may see the page.
#[utoipa::path(get, path = "/documents/{id}/pages/{number}/images/{name}/{width}", operation_id = "get_page_image", params(("id" = String, Path), ("number" = u32, Path), ("name" = String, Path, description = "scan, place in it and turn; an older one leads nowhere"), ("width" = u32, Path, description = "240, 480, 800, 1200, 1600 or 2400")), responses((status = 200, description = "JPEG, or PNG for black-and-white pages", content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"))), (status = 304), (status = 404), (status = 502)))]
pub async fn page_image(
    State(web): State<Web>,
    caller: Caller,
    Path((id, number, asked_name, width)): Path<(String, u32, String, u32)>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = DocumentId::parse(&id)?;
    let page = web
        .archive
        .page(&caller.asker, &id, number)
        .await?
        .ok_or(WebError::NotFound)?;
    if name(&page) != asked_name || !WIDTHS.contains(&width) {
        return Err(WebError::NotFound);
    }
    if width >= LEGIBLE {
        note_page(&web, &caller.asker, &id, number, "image").await?;
    }
    let tag = format!("\"{asked_name}-{width}\"");
    if has_it(&headers, &tag) {
        return Ok(unchanged(&tag));
    }
    let _turn = web.image_turns.acquire().await.map_err(|_| WebError::Busy)?;
    let image = web.images.page_image(request_of(&page, width)).await?;
    if width >= USUAL {
        expect_neighbours(&web, caller.asker, id, number, width);
    }
    web.metrics.page_images.fetch_add(1, Ordering::Relaxed);
    let mut response = Body::from(Bytes::from_owner(image.bytes)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(image.media_type));
    tagged(headers, &tag);
    Ok(response)
}

fn request_of(page: &Page, width: u32) -> PageImageRequest {
    PageImageRequest {
        scan: page.scan,
        media_type: page.media_type.clone(),
        scan_index: page.scan_index,
        turn: page.turn,
        width: width.min(page.width.max(1)),
        page_width: page.width,
    }
}

/// Has the pages made to which the reader will probably turn, after this one was sent.
fn expect_neighbours(web: &Web, asker: Asker, id: DocumentId, number: u32, width: u32) {
    let web = web.clone();
    tokio::spawn(async move {
        let mut requests = Vec::new();
        for away in NEIGHBOURS {
            let Ok(number) = u32::try_from(i64::from(number) + away) else {
                continue;
            };
            match web.archive.page(&asker, &id, number).await {
                Ok(Some(page)) => requests.push(request_of(&page, width)),
                Ok(None) => {}
                // Nobody waits for these; the page itself will say what is wrong.
                Err(_) => return,
            }
        }
        web.images.expect(requests);
    });
}

/// A stored scan file, byte for byte or a range of it. It is never opened by a browser (S-06).
#[utoipa::path(get, path = "/documents/{id}/scans/{sha256}", operation_id = "get_scan", params(("id" = String, Path), ("sha256" = String, Path)), responses((status = 200, description = "the file as it came", content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/tiff"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/bmp"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/gif"), (Vec<u8> = "application/ofd"))), (status = 206), (status = 304), (status = 404), (status = 416)))]
pub async fn scan(
    State(web): State<Web>,
    caller: Caller,
    Path((id, sha256)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = DocumentId::parse(&id)?;
    let scan = web
        .archive
        .scan_file(&caller.asker, &id, &sha256)
        .await?
        .ok_or(WebError::NotFound)?;
    let tag = format!("\"{}\"", scan.sha256);
    let event = EventDraft::new(AuditAction::ScanDownloaded, AuditObject::Document, id.as_str())
        .detail(format!("sha256={}", scan.sha256));
    if has_it(&headers, &tag) {
        // Whoever has the bytes already was told that they are still those.
        web.archive.note_read(&caller.asker, event).await?;
        return Ok(unchanged(&tag));
    }
    let length = scan.bytes;
    let part = byte_range::asked(&headers, &tag, length);
    if part == RangeAsked::Nothing {
        let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
        let range = HeaderValue::from_str(&format!("bytes */{length}"));
        if let Ok(range) = range {
            response.headers_mut().insert(header::CONTENT_RANGE, range);
        }
        response.extensions_mut().insert(Final);
        return Ok(response);
    }
    web.archive.note_read(&caller.asker, event).await?;
    let mut file = tokio::fs::File::from_std(scan.file);
    let (status, range) = match part {
        RangeAsked::Bytes(range) => (StatusCode::PARTIAL_CONTENT, range),
        RangeAsked::Whole | RangeAsked::Nothing => (StatusCode::OK, 0..length),
    };
    if range.start > 0 {
        file.seek(SeekFrom::Start(range.start))
            .await
            .map_err(|cause| WebError::Export(cause.to_string()))?;
    }
    let sent = range.end - range.start;
    let chunks = futures::stream::try_unfold((file, sent), |(mut file, left)| async move {
        let mut chunk = vec![0; CHUNK_BYTES.min(usize::try_from(left).unwrap_or(CHUNK_BYTES))];
        let n = file.read(&mut chunk).await?;
        chunk.truncate(n);
        let left = left - n as u64;
        Ok::<_, std::io::Error>((n > 0).then_some((Bytes::from(chunk), (file, left))))
    });
    let response = (status, Body::from_stream(chunks)).into_response();
    let of = (status == StatusCode::PARTIAL_CONTENT).then_some((&range, length));
    Ok(described(response, &scan.media_type, &scan.name, &tag, sent, of))
}

/// What the browser is told of a scan file: never to open it, what it is called, which part of how much it is.
fn described(
    mut response: Response,
    media_type: &str,
    name: &str,
    tag: &str,
    sent: u64,
    part_of: Option<(&std::ops::Range<u64>, u64)>,
) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(media_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(sent));
    if let Some((range, length)) = part_of
        && let Ok(value) = HeaderValue::from_str(&format!("bytes {}-{}/{length}", range.start, range.end - 1))
    {
        headers.insert(header::CONTENT_RANGE, value);
    }
    // RFC 6266: a plain name for old clients, the real one encoded; neither can leave its place.
    let disposition = format!(
        "attachment; filename=\"scan\"; filename*=UTF-8''{}",
        address::encode(name)
    );
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'"),
    );
    tagged(headers, tag);
    response
}

fn has_it(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .any(|known| known.trim().trim_start_matches("W/") == tag)
        })
}

fn unchanged(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    tagged(response.headers_mut(), tag);
    response
}

fn tagged(headers: &mut HeaderMap, tag: &str) {
    if let Ok(value) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, value);
    }
}
