//! Add papers: files, a folder or photographs, with what is known of all of them. The script sends the pieces; what came
//! is shown as the batch that it became.

mod list;
mod sample;

use super::{
    parts::Choice,
    shell::{ADD, Here, Shell},
};
use crate::{
    http::{
        error::Result,
        who::{Posted, Seat},
    },
    rail,
    state::Web,
    subject::{Routes, Subject},
    tables,
    text::Text,
};
use askama::Template;
use axum::{
    extract::{DefaultBodyLimit, Path, Query, State},
    handler::Handler,
    response::{Html, Redirect},
};
use records::{
    Role, SecurityLevel,
    ids::UploadId,
    uploads::{Upload, UploadLimits},
};
use serde::Deserialize;

pub const SUBJECT: Subject = Subject {
    name: "adding",
    rail: Some(rail::entry(ADD, "add", "way-add").for_those(rail::archivists)),
    routes,
    words: "adding",
    samples: sample::samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/add", add)
        .form(
            "/add/list",
            list::look.layer(DefaultBodyLimit::max(tables::BODY_BYTES_MAX)),
        )
        .form("/add/{id}/cancel", give_up)
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
    /// What was begun and not handed over.
    pub open: Vec<OpenUpload>,
    pub piece_bytes_max: usize,
    pub files_max: usize,
}

/// An upload that can go on.
#[derive(Debug, Clone)]
pub struct OpenUpload {
    pub id: String,
    pub name: String,
    /// How many of its files have come.
    pub files: String,
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
        open: open_uploads(t, web.archive.uploads_open(&seat.asker).await?),
        piece_bytes_max: limits.piece_bytes_max,
        files_max: limits.files_max,
    };
    Ok(Html(view.render()?))
}

fn open_uploads(t: Text, open: Vec<Upload>) -> Vec<OpenUpload> {
    let shown = |upload: Upload| {
        let whole = upload.files.iter().filter(|file| file.received == file.bytes).count();
        OpenUpload {
            files: t.fill(
                "add-open-files",
                &[("whole", &t.number(whole)), ("files", &t.number(upload.files.len()))],
            ),
            id: upload.id.to_string(),
            name: upload.name,
        }
    };
    open.into_iter().map(shown).collect()
}

/// `POST /add/{id}/cancel`
pub async fn give_up(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    web.archive.upload_cancel(&seat.asker, &UploadId::parse(&id)?).await?;
    Ok(Redirect::to("/add"))
}
