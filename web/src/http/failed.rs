//! What a person sees of a failure: in the frame of every view for whoever is signed in, else at the door. The view leads
//! back to where it came from.

use super::{
    address,
    cookies::Preferences,
    error::{Failure, FailureAbout},
    who::Seat,
};
use crate::{
    screens::{
        doors::{ErrorView, FailedView, FailureShown},
        shell::{Here, Shell},
    },
    state::Web,
    text::Text,
};
use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Request, StatusCode},
    response::{Html, IntoResponse, Response},
};

/// Where a request that failed came from.
pub(super) struct FailedRequest<'a> {
    pub headers: &'a HeaderMap,
    /// The view that was asked for, or that a form was sent from.
    pub seen: String,
    pub is_form: bool,
    pub id: &'a str,
}

/// The failure as a view; `None` when even that cannot be made.
pub(super) async fn view(web: &Web, failure: &Failure, asked: FailedRequest<'_>) -> Option<Response> {
    let shell = frame(web, &asked).await;
    let t = match &shell {
        Some((t, _)) => *t,
        None => Text(Preferences::of(asked.headers, web).language),
    };
    let shown = shown(t, failure, &asked);
    let html = match shell {
        Some((t, shell)) => FailedView { t, shell, shown }.render(),
        None => {
            let preferences = Preferences::of(asked.headers, web);
            let here = if asked.seen.starts_with("/api/") {
                "/"
            } else {
                &asked.seen
            };
            let (t, door) = web.door(&preferences, here);
            ErrorView { t, door, shown }.render()
        }
    };
    Some((failure.status, Html(html.ok()?)).into_response())
}

/// The frame for whoever is signed in. A record that does not answer has no frame either.
async fn frame(web: &Web, asked: &FailedRequest<'_>) -> Option<(Text, Shell)> {
    let mut request = Request::builder().uri(&asked.seen).body(()).ok()?;
    *request.headers_mut() = asked.headers.clone();
    let (mut parts, ()) = request.into_parts();
    let seat = Seat::from_request_parts(&mut parts, web).await.ok()?;
    let shell = web.shell(&seat, Here::NOWHERE).await.ok()?;
    Some((seat.t, shell))
}

fn shown(t: Text, failure: &Failure, asked: &FailedRequest<'_>) -> FailureShown {
    let key = match failure.code {
        "not_from_us" => "error-csrf",
        "link_is_over" => "error-gone",
        _ => match failure.status {
            StatusCode::NOT_FOUND => "error-not-found",
            StatusCode::FORBIDDEN => "error-forbidden",
            StatusCode::CONFLICT => "error-conflict",
            StatusCode::METHOD_NOT_ALLOWED => "error-method",
            StatusCode::PAYLOAD_TOO_LARGE => "error-too-large",
            StatusCode::SERVICE_UNAVAILABLE => "error-busy",
            status if status.is_server_error() => "error-internal",
            _ => "error-invalid",
        },
    };
    // Where the failure itself says what to do, that is shown; a general sentence only where it cannot.
    let detail = match (key, &failure.about) {
        ("error-gone", _) => t.say("setup-expired"),
        ("error-conflict" | "error-invalid", FailureAbout::Refusal(because)) => t.refusal(because),
        ("error-invalid", FailureAbout::Field(field, value)) if t.is_chinese() => t.fill(
            "error-invalid-field",
            &[("field", &field.chinese()), ("value", &value.as_str())],
        ),
        ("error-invalid", _) => failure.detail.clone(),
        ("error-conflict", _) if failure.code != "version_conflict" => failure.detail.clone(),
        _ => t.say(&format!("{key}-detail")),
    };
    FailureShown {
        status: failure.status.as_u16(),
        code: failure.code.to_owned(),
        title: t.say(key),
        detail,
        // A form goes on where it was filled in; nothing else is led back to, for it may be the same failure.
        back: (asked.is_form && asked.seen != "/").then(|| address::own(&asked.seen).to_owned()),
        request_id: asked.id.to_owned(),
    }
}
