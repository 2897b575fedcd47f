//! Add papers: files, a folder or photographs, with what is known of all of them. The script sends the pieces; what came
//! is shown as the batch that it became.

mod sample;

use super::{
    parts::Choice,
    shell::{ADD, Here, Shell},
};
use crate::{
    http::{error::Result, who::Seat},
    rail,
    state::Web,
    subject::{Routes, Subject},
    text::Text,
};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use records::{Role, SecurityLevel, uploads::UploadLimits};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "adding",
    rail: Some(rail::entry(ADD, "add", "way-add").for_those(rail::archivists)),
    routes,
    words: "adding",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new().view("/add", add)
}

#[derive(Template)]
#[template(path = "add.html")]
pub struct AddView {
    pub t: Text,
    pub shell: Shell,
    /// What is known already, because one came from a dossier or a place.
    pub customer: String,
    pub location: String,
    pub levels: Vec<Choice>,
    pub piece_bytes_max: usize,
    pub files_max: usize,
}

#[derive(Debug, Default, Deserialize)]
pub struct AddAddress {
    #[serde(default)]
    customer: String,
    #[serde(default)]
    location: String,
}

/// `GET /add`
pub async fn add(State(web): State<Web>, seat: Seat, Query(asked): Query<AddAddress>) -> Result<Html<String>> {
    seat.asker.require(Role::Archivist)?;
    let t = seat.t;
    let mut levels = web.levels_up_to(t, seat.asker.clearance().number(), SecurityLevel::INTERNAL);
    for level in &mut levels {
        level.chosen = false;
    }
    let limits = UploadLimits::DEFAULT;
    let view = AddView {
        t,
        shell: web.shell(&seat, Here("adding")).await?,
        customer: asked.customer,
        location: asked.location,
        levels,
        piece_bytes_max: limits.piece_bytes_max,
        files_max: limits.files_max,
    };
    Ok(Html(view.render()?))
}
