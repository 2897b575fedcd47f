//! Record to screen and JSON: the router, the views, the REST API, accounts. The only room that speaks HTTP.
//!
//! A request passes [`guard`] (id, time limit, own forms, headers), is given an asker by `who`, and reaches a
//! handler, which asks the record and the finding aid as that person (what API and command line do too by a use case of
//! `services`) and answers with a view of [`screens`] or a shape of `api_types`. This room refuses to know SQL, tantivy, image decoders, settings files and the clock.

mod api;
pub mod config;
mod details;
mod export;
pub mod http;
pub mod passwords;
pub mod screens;
mod state;
pub mod text;

pub use config::{Protection, WebConfig, WebLimits};
pub use http::{
    address, assets,
    error::WebError,
    guard,
    serve::{self, ServeError, serve},
};
pub use state::{Web, WebParts};

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    middleware,
    response::Redirect,
    routing::{get, post},
};
use http::{health, images};
use screens::{
    account, audit, batches, correcting, customers, document, doors, dossier, kinds, locations, reading, review,
    sealed, search, today, users,
};
use tower_http::compression::CompressionLayer;

/// All routes, in the order in which a person meets them.
pub fn router(web: Web) -> Router {
    let doors = Router::new()
        .route("/link/{secret}", get(doors::link_view).post(doors::link))
        .route("/sign-in", get(doors::sign_in_view).post(doors::sign_in))
        .route("/sign-out", post(account::sign_out))
        .route("/preferences", post(account::preferences));
    let finding = Router::new()
        .route("/", get(|| async { Redirect::to("/search") }))
        .route("/search", get(search::search))
        .route("/search.csv", get(search::csv))
        .route("/search.xlsx", get(search::xlsx))
        .route("/searches", post(search::save))
        .route("/searches/recent/clear", post(search::clear_recent))
        .route("/searches/{id}/rename", post(search::rename))
        .route("/searches/{id}/delete", post(search::delete))
        .route("/searches/{id}/undelete", post(search::undelete))
        .route("/offers", get(search::offers))
        .route("/documents/{key}", get(document::document))
        .route("/documents/{id}/find", get(document::find))
        .route("/documents/{id}/correct", post(correcting::correct))
        .route("/documents/{id}/place", post(correcting::place))
        .route("/documents/{id}/seal", post(correcting::seal))
        .route("/documents/{id}/unseal", post(sealed::unseal_document))
        .route("/customers/{code}/protect", post(sealed::protect))
        .route("/customers/{code}/unseal", post(sealed::unseal_dossier))
        .route("/documents/{id}/pages/{number}/text", get(document::page_text))
        .route(
            "/documents/{id}/pages/{number}/images/{name}/{width}",
            get(images::page_image),
        )
        .route("/documents/{id}/scans/{sha256}", get(images::scan))
        .route("/customers", get(customers::customers))
        .route("/customers/{key}", get(dossier::customer).post(dossier::reveal))
        .route("/customers/{key}/checklist", post(dossier::set_checklist))
        .route("/customers/{key}/items.csv", get(dossier::items_csv))
        .route("/customers/{key}/items.xlsx", get(dossier::items_xlsx))
        .route("/locations", get(locations::locations))
        .route("/locations/{code}", get(locations::location));
    let working = Router::new()
        .route("/review", get(review::review))
        .route("/review/{id}", post(review::decide))
        .route("/review/{id}/undo", post(review::undo))
        .route("/reading", get(reading::reading))
        .route("/reading/next", get(reading::next))
        .route("/reading/below", post(reading::reread_below))
        .route("/rereads/{id}/cancel", post(reading::cancel))
        .route("/documents/{id}/reread", post(reading::reread_document))
        .route("/documents/{id}/layers/{layer}", post(reading::choose))
        .route("/documents/{id}/pages/{number}/look", get(reading::look))
        .route("/documents/{id}/pages/{number}/seen", post(reading::seen))
        .route("/documents/{id}/pages/{number}/correct", post(reading::correct))
        .route("/batches/{id}/reread", post(reading::reread_batch))
        .route("/batches", get(batches::batches))
        .route("/batches/{id}", get(batches::batch))
        .route("/today", get(today::today));
    let keeping = Router::new()
        .route("/account", get(account::account))
        .route("/account/password", post(account::change_password))
        .route("/account/tokens", post(account::add_token))
        .route("/account/tokens/{id}/revoke", post(account::revoke_token))
        .route("/admin/users", get(users::users).post(users::add))
        .route("/admin/users/{name}/lock", post(users::lock))
        .route("/admin/sealed", get(sealed::sealed))
        .route("/admin/kinds", get(kinds::kinds))
        .route("/admin/kinds.tsv", get(kinds::export))
        .route("/admin/kinds/try", post(kinds::attempt))
        .route("/admin/kinds/import", post(kinds::import))
        .route("/admin/kinds/{code}", get(kinds::kind).post(kinds::save))
        .route("/audit", get(audit::audit));
    let (api, description) = api::routes().split_for_parts();
    // Compressed are only answers that hold no secret of the session (the BREACH attack).
    let plain = Router::new()
        .route("/assets/{digest}/{name}", get(assets::serve))
        .route("/api/v1/openapi.json", get(|| async move { Json(description) }))
        .merge(api)
        .layer(CompressionLayer::new());
    let health = Router::new()
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));
    let limit = web.config.limits.body_bytes_max;
    Router::new()
        .merge(doors)
        .merge(finding)
        .merge(working)
        .merge(keeping)
        .merge(plain)
        .merge(health)
        .fallback(|| async { WebError::NotFound })
        .layer(DefaultBodyLimit::max(limit))
        .layer(middleware::from_fn_with_state(web.clone(), guard::frame))
        .with_state(web)
}
