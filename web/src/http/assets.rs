//! Style sheets, scripts and pictures of the program itself, embedded and served under an address that changes with
//! their content, so that browsers may keep them for ever. Refuses to know any record.

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// One digest over all files: modules import each other by relative address, so they must change together.
static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for name in Assets::iter() {
        digest.update(name.as_bytes());
        if let Some(file) = Assets::get(&name) {
            digest.update(&file.data);
        }
    }
    digest
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

/// The address of an asset: `/assets/0123456789abcdef/app.js`.
pub fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *DIGEST)
}

/// `GET /assets/{digest}/{name}`
pub async fn serve(Path((digest, name)): Path<(String, String)>) -> Response {
    let Some(file) = Assets::get(&name).filter(|_| digest == *DIGEST) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let media = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut response = file.data.into_owned().into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    response
}

/// All assets with their bytes, for the gallery of views.
pub fn all() -> impl Iterator<Item = (String, Vec<u8>)> {
    Assets::iter().filter_map(|name| Some((address(&name), Assets::get(&name)?.data.into_owned())))
}
