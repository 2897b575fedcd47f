//! Record to screen and JSON: the router, the views, the REST API, accounts. The only room that speaks HTTP.
//!
//! A request passes [`guard`] (id, time limit, own forms, headers), is given an asker by `who`, and reaches a
//! handler, which asks the record and the finding aid as that person (what API and command line do too by a use case of
//! `services`) and answers with a view of [`screens`] or a shape of `api_types`. This room refuses to know SQL, tantivy, image decoders, settings files and the clock.

pub mod api;
pub mod config;
mod export;
mod factor;
pub mod http;
pub mod lists;
pub mod oidc;
pub mod passwords;
pub mod rail;
pub mod screens;
mod state;
pub mod subject;
mod tables;
pub mod text;

pub use config::{Protection, WebConfig, WebLimits};
pub use http::{
    address, assets,
    error::WebError,
    guard,
    serve::{self, ServeError, serve},
};
pub use state::{Web, WebParts};

use axum::{Json, Router, extract::DefaultBodyLimit, middleware, response::Redirect, routing::get};
use http::{health, who::LocalOrSignedIn};
use subject::Subject;
use tower_http::compression::CompressionLayer;

/// The whole of the web: every subject with its routes, the API, and what every request passes.
pub fn router(parts: WebParts) -> Router {
    router_of(parts, screens::SUBJECTS, api::SUBJECTS)
}

/// The same made of other subjects than the registered ones.
pub fn router_of(parts: WebParts, subjects: &[Subject], interfaces: &[api::Interface]) -> Router {
    let rails = subjects
        .iter()
        .filter_map(|subject| Some((subject.name, subject.rail?)));
    let web = Web::new(parts, rails.collect());
    let mut views = Router::new().route("/", get(|| async { Redirect::to("/search") }));
    for subject in subjects {
        views = views.merge((subject.routes)().router);
    }
    let (api, description) = api::routes(interfaces).split_for_parts();
    // Compressed are only answers that hold no secret of the session (the BREACH attack).
    let plain = Router::new()
        .route("/assets/{digest}/{name}", get(assets::serve))
        .route(
            "/api/v1/openapi.json",
            get(|_: LocalOrSignedIn| async move { Json(description) }),
        )
        .merge(api)
        .layer(CompressionLayer::new());
    let health = Router::new()
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));
    let limit = web.config.limits.body_bytes_max;
    Router::new()
        .merge(views)
        .merge(plain)
        .merge(health)
        .fallback(|| async { WebError::NotFound })
        .layer(DefaultBodyLimit::max(limit))
        .layer(middleware::from_fn_with_state(web.clone(), guard::frame))
        .with_state(web)
}
