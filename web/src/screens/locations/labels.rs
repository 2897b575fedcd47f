//! Labels for the places of a room or a shelf, as a PDF to print.

use crate::{
    export,
    http::{
        error::{Result, WebError},
        who::Seat,
    },
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use records::Role;

/// `GET /locations/labels.pdf`
pub async fn all(State(web): State<Web>, seat: Seat) -> Result<Response> {
    printed(&web, &seat, "").await
}

/// `GET /locations/{code}/labels.pdf`: this place and those inside it.
pub async fn of_place(State(web): State<Web>, seat: Seat, Path(code): Path<String>) -> Result<Response> {
    printed(&web, &seat, &code).await
}

async fn printed(web: &Web, seat: &Seat, code: &str) -> Result<Response> {
    seat.asker.require(Role::Archivist)?;
    let labels = services::labels::of_places(&web.archive, &seat.asker, code).await?;
    if labels.is_empty() {
        return Err(WebError::NotFound);
    }
    let fonts = web.config.fonts.clone();
    let made = tokio::task::spawn_blocking(move || services::labels::sheet(&labels, &print::Fonts::in_folders(fonts)));
    let pdf = made
        .await
        .map_err(|cause| WebError::Export(cause.to_string()))?
        .map_err(|cause| WebError::Export(cause.to_string()))?;
    let name = match code {
        "" => seat.t.say("labels-name"),
        code => format!("{} {code}", seat.t.say("labels-name")),
    };
    Ok(export::sent_pdf(pdf, &name))
}
