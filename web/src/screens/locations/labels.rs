//! Labels for the places of a room or a shelf, as a PDF to print.

use crate::{
    http::{
        error::{Result, WebError},
        kept,
        who::Seat,
    },
    state::Web,
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use records::{Asker, Role};

/// `GET /locations/labels.pdf`
pub async fn all(State(web): State<Web>, seat: Seat) -> Result<Response> {
    printed(&web, &seat.asker, seat.t, "").await
}

/// `GET /locations/{code}/labels.pdf`: this place and those inside it.
pub async fn of_place(State(web): State<Web>, seat: Seat, Path(code): Path<String>) -> Result<Response> {
    printed(&web, &seat.asker, seat.t, &code).await
}

/// The labels as a file that a browser or a program keeps.
///
/// # Errors
/// When there is no such place, or the asker may not.
pub async fn printed(web: &Web, asker: &Asker, t: Text, code: &str) -> Result<Response> {
    asker.require(Role::Archivist)?;
    let labels = services::labels::of_places(&web.archive, asker, code).await?;
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
        "" => t.say("labels-name"),
        code => format!("{} {code}", t.say("labels-name")),
    };
    Ok(kept::pdf(pdf, &name))
}
