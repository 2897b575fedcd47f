//! What every request passes: an id, a time limit, the rule that forms come from ourselves, the headers
//! of security, one line in the log, and how errors are shown.

use crate::{
    config::Protection,
    http::{
        address,
        error::{Failure, FailureAbout, Final, WebError},
        failed::{self, FailedRequest},
    },
    state::Web,
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use records::RefusedBecause;
use serde::Serialize;
use std::{panic::AssertUnwindSafe, time::Instant};
use utoipa::ToSchema;

/// Names one request in the answer and in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

pub async fn frame(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let id = RequestId(web.environment.secret().chars().take(16).collect());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", |path| path.as_str())
        .to_owned();
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let is_form = !is_safe(&method);
    let names_host = request.version() != Version::HTTP_11 || headers.get_all(header::HOST).iter().count() == 1;
    let from_us = is_safe(&method) || comes_from_us(&headers);
    request.extensions_mut().insert(id.clone());
    web.metrics.began();
    let began = Instant::now();
    let answer = async {
        if !from_us {
            return WebError::NotFromUs.into_response();
        }
        if !names_host {
            return WebError::Host.into_response();
        }
        next.run(request).await
    };
    let answer = AssertUnwindSafe(tokio::time::timeout(web.config.limits.request_time_max, answer)).catch_unwind();
    let response = match answer.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => WebError::Busy.into_response(),
        Err(panic) => WebError::Panicked(panic_text(&*panic)).into_response(),
    };
    let failure = response
        .extensions()
        .get::<Failure>()
        .cloned()
        .or_else(|| bare_failure(&response));
    let mut response = match &failure {
        Some(failure) => dress(&web, failure, response.headers(), &path, is_form, &headers, &id).await,
        None => response,
    };
    protect(response.headers_mut(), &web.config.protection, &id);
    let took = began.elapsed();
    let status = response.status().as_u16();
    web.metrics.ended(status, took);
    let took_ms = took.as_secs_f64() * 1000.0;
    match failure.filter(|failure| failure.status.is_server_error()) {
        Some(failure) => tracing::error!(
            request.id = id.0, http.method = %method, http.route = route, http.status = status, duration_ms = took_ms,
            error.code = failure.code, error.cause = failure.cause, "web.request.failed"
        ),
        None => tracing::info!(
            request.id = id.0, http.method = %method, http.route = route, http.status = status, duration_ms = took_ms, "web.request"
        ),
    }
    response
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers say where a request was made (`Sec-Fetch-Site`, else `Origin`); what they say must be us. Programs say
/// neither and prove themselves by token or by the secret in the form.
fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
    }
}

/// The framework answers some requests by itself (no such route, wrong method, body too large, not a form).
fn bare_failure(response: &Response) -> Option<Failure> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    if response.extensions().get::<Final>().is_some() {
        return None;
    }
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("not_found", "there is nothing here, or you may not see it"),
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "this address does not take this kind of request"),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "the body is over the limit"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported_media_type", "send a form or JSON with its content type"),
        _ if status.is_server_error() => (
            "internal_error",
            "the program failed; the cause is in the log under this request id",
        ),
        _ => ("invalid_request", "the request could not be understood"),
    };
    Some(Failure {
        status,
        code,
        field: None,
        about: FailureAbout::Nothing,
        detail: detail.to_owned(),
        cause: code.to_owned(),
    })
}

/// An error as programs read it (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemDetails {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    /// What is wrong and what to do, in English.
    detail: String,
    /// A stable word; programs go by this one.
    code: &'static str,
    /// The stable word of the field or thing it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<String>,
    /// Where a code leads nowhere: those that come near to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    nearest: Option<Vec<String>>,
    /// The same as the header `x-request-id`; the log has the cause under it.
    request_id: String,
}

async fn dress(
    web: &Web,
    failure: &Failure,
    answered: &HeaderMap,
    path: &str,
    is_form: bool,
    asked: &HeaderMap,
    id: &RequestId,
) -> Response {
    let text = |name: &str| asked.get(name).and_then(|value| value.to_str().ok());
    // A script that asks for a part of a view must be told that nobody is signed in; a view goes to the door.
    let is_a_view = text("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    let accepts_html = asked
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let nobody = failure.status == StatusCode::UNAUTHORIZED;
    let mut response = if path.starts_with("/api/") || !accepts_html || nobody && !is_a_view {
        problem(failure, id)
    } else if nobody {
        to_sign_in(&seen(path, text("referer"), is_form))
    } else {
        let request = FailedRequest {
            headers: asked,
            seen: seen(path, text("referer"), is_form),
            is_form,
            id: &id.0,
        };
        let view = failed::view(web, failure, request).await;
        view.unwrap_or_else(|| problem(failure, id))
    };
    for name in [header::RETRY_AFTER, header::ALLOW, header::SET_COOKIE] {
        if let Some(value) = answered.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    if failure.status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
    }
    if failure.status == StatusCode::UNAUTHORIZED && path.starts_with("/api/") {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn problem(failure: &Failure, id: &RequestId) -> Response {
    let body = ProblemDetails {
        kind: format!("/problems/{}", failure.code),
        title: failure.status.canonical_reason().unwrap_or("error"),
        status: failure.status.as_u16(),
        detail: failure.detail.clone(),
        code: failure.code,
        field: failure.field.clone(),
        nearest: match &failure.about {
            FailureAbout::Refusal(RefusedBecause::PlaceUnknown { nearest, .. }) => Some(nearest.0.clone()),
            _ => None,
        },
        request_id: id.0.clone(),
    };
    let mut response = axum::Json(body).into_response();
    *response.status_mut() = failure.status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}

/// The view to come back to: a form has none of its own, so it is the one that it was sent from.
fn seen(path: &str, referer: Option<&str>, is_form: bool) -> String {
    let from = || {
        let (_, rest) = referer?.split_once("://")?;
        Some(format!("/{}", rest.split_once('/')?.1))
    };
    match is_form {
        false => path.to_owned(),
        true => from().unwrap_or_else(|| "/".to_owned()),
    }
}

fn to_sign_in(path: &str) -> Response {
    let target = address::with_query("/sign-in", &[("next", if path == "/" { "" } else { path })]);
    (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response()
}

fn protect(headers: &mut HeaderMap, protection: &Protection, id: &RequestId) {
    let fixed: [(HeaderName, &str); 6] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        ),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
    }
    if matches!(protection, Protection::Tls { .. }) {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_come_from_us() {
        let check = |pairs: &[(&'static str, &'static str)], expected: bool| {
            let headers = pairs
                .iter()
                .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
                .collect();
            assert_eq!(comes_from_us(&headers), expected, "{pairs:?}");
        };
        check(&[], true);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://a:1"),
                ("host", "a:1"),
            ],
            false,
        );
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("origin", "http://a:1"), ("host", "a:1")], true);
        check(&[("origin", "http://evil"), ("host", "a:1")], false);
        check(&[("origin", "null"), ("host", "a:1")], false);
    }
}
