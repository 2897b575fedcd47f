//! The REST API: the shapes of [`api_types`] under `/api/v1`, errors as problem documents (RFC 9457), a
//! description by OpenAPI. A program comes with a bearer token; a browser's session may read. One file for each subject.

mod audit;
mod batches;
mod containers;
mod customers;
mod description;
mod documents;
mod exports;
mod grants;
mod history;
mod holdings;
mod imports;
mod keeping;
mod lists;
mod loans;
mod locations;
mod manifests;
mod maps;
mod placements;
mod reading;
mod registers;
mod rereads;
mod review;
mod sealing;
mod search;
mod searches;
mod second;
mod settings;
mod stocktakes;
mod today;
mod uploads;
mod users;

use crate::{
    http::parts::{Asked, Path, Sent},
    state::Web,
};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    paths(crate::http::images::page_image, crate::http::images::scan),
    info(
        title = "Dossier",
        description = "A records office: find the page, its paper, and what happened to both. Send `Authorization: Bearer TOKEN`. Errors are problem documents (RFC 9457) with a stable `code` and a `request_id`. Fields may be added to answers and are never renamed."
    )
)]
struct Description;

/// One subject of the API.
#[derive(Clone, Copy)]
pub struct Interface {
    pub name: &'static str,
    /// One sentence, for those who read the description.
    pub about: &'static str,
    pub routes: fn() -> OpenApiRouter<Web>,
}

/// Every subject, in the order in which a program meets them. A new one adds its line here.
pub const SUBJECTS: &[Interface] = &[
    today::SUBJECT,
    search::SUBJECT,
    locations::SUBJECT,
    loans::SUBJECT,
    searches::SUBJECT,
    documents::SUBJECT,
    placements::SUBJECT,
    containers::SUBJECT,
    customers::SUBJECT,
    registers::SUBJECT,
    imports::SUBJECT,
    manifests::SUBJECT,
    review::SUBJECT,
    batches::SUBJECT,
    uploads::SUBJECT,
    stocktakes::SUBJECT,
    maps::SUBJECT,
    keeping::SUBJECT,
    rereads::SUBJECT,
    reading::SUBJECT,
    sealing::SUBJECT,
    history::SUBJECT,
    audit::SUBJECT,
    lists::SUBJECT,
    exports::SUBJECT,
    settings::SUBJECT,
    users::SUBJECT,
    grants::SUBJECT,
    second::SUBJECT,
    holdings::SUBJECT,
];

/// Routes with their description.
pub fn routes(interfaces: &[Interface]) -> OpenApiRouter<Web> {
    let mut all = OpenApiRouter::with_openapi(Description::openapi());
    description::tag(all.get_openapi_mut(), description::FILES.0);
    for interface in interfaces {
        let mut routes = (interface.routes)();
        description::tag(routes.get_openapi_mut(), interface.name);
        all = all.merge(routes);
    }
    description::finish(all.get_openapi_mut(), interfaces);
    all
}
