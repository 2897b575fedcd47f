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
use print::LabelData;
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
    let name = match code {
        "" => t.say("labels-name"),
        code => format!("{} {code}", t.say("labels-name")),
    };
    sheet(web, labels, &name).await
}

/// Labels of containers as a file.
///
/// # Errors
/// When there is none, or the asker may not.
pub async fn of_containers(web: &Web, asker: &Asker, t: Text, begins: &str) -> Result<Response> {
    asker.require(Role::Archivist)?;
    let labels = services::labels::of_containers(&web.archive, asker, begins).await?;
    sheet(web, labels, &t.say("container-labels")).await
}

async fn sheet(web: &Web, labels: Vec<LabelData>, name: &str) -> Result<Response> {
    if labels.is_empty() {
        return Err(WebError::NotFound);
    }
    let fonts = web.config.fonts.clone();
    let made = tokio::task::spawn_blocking(move || services::labels::sheet(&labels, &print::Fonts::in_folders(fonts)));
    let pdf = made
        .await
        .map_err(|cause| WebError::Export(cause.to_string()))?
        .map_err(|cause| WebError::Export(cause.to_string()))?;
    Ok(kept::pdf(pdf, name))
}
