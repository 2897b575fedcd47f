//! A file that a browser keeps, under a name in any script.

use super::address;
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// A PDF that a browser keeps.
pub fn pdf(pdf: Vec<u8>, name: &str) -> Response {
    kept(pdf, name, "pdf", "application/pdf")
}

/// Bytes as a file with this name and ending.
pub fn kept(bytes: Vec<u8>, name: &str, ending: &str, media_type: &'static str) -> Response {
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let disposition = format!(
        "attachment; filename=\"list.{ending}\"; filename*=UTF-8''{}.{ending}",
        address::encode(name),
    );
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
