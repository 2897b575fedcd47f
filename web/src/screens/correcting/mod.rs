//! Correcting what stands in the record of a document, putting its paper away, sealing it. Each form carries the version
//! that it rests on; whoever corrected sees it in the very next search.

use super::parts::Choice;
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Fields, Posted, Seat},
    },
    state::Web,
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{Role, documents::Document, ids::DocumentId, kinds::Kinds};
use services::documents::{self, Correction};

/// What an archivist may change, with what stands there now.
#[derive(Debug, Clone)]
pub struct Corrections {
    pub url: String,
    pub place_url: String,
    /// Where the form of sealing is sent to, for those who may.
    pub seal_url: Option<String>,
    pub version: i64,
    pub title: String,
    pub number: String,
    pub date: String,
    pub kinds: Vec<Choice>,
    pub levels: Vec<Choice>,
    /// There is paper that can be put somewhere.
    pub has_paper: bool,
    pub location_code: String,
}

/// The forms for one document; `None` for those who may not correct.
pub fn corrections_of(web: &Web, t: Text, seat: &Seat, document: &Document, kinds: &Kinds) -> Option<Corrections> {
    let (corrects, seals) = (seat.asker.has(Role::Archivist), seat.asker.has(Role::Administrator));
    if !corrects && !seals {
        return None;
    }
    let row = &document.row;
    let url = address::document(row.id.as_str());
    let unknown = Choice {
        value: String::new(),
        label: t.say("kind-unknown"),
        chosen: row.kind.is_empty(),
    };
    let known = kinds.all().iter().filter(|kind| kind.active || kind.code == row.kind);
    let known = known.map(|kind| Choice {
        value: kind.code.clone(),
        label: kind.name(t.lang()).to_owned(),
        chosen: kind.code == row.kind,
    });
    let levels = web.levels_up_to(t, seat.asker.clearance().number(), row.security_level);
    Some(Corrections {
        place_url: format!("{url}/place"),
        seal_url: seals.then(|| format!("{url}/seal")),
        url: if corrects {
            format!("{url}/correct")
        } else {
            String::new()
        },
        version: row.version,
        title: row.title.clone(),
        number: row.number.clone(),
        date: row.date.clone(),
        kinds: std::iter::once(unknown).chain(known).collect(),
        levels,
        has_paper: corrects && row.place.state.is_some(),
        location_code: row.place.location_code.clone(),
    })
}

/// `POST /documents/{id}/correct`
pub async fn correct(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let version = version_of(&mut fields)?;
    let correction = Correction {
        kind: Some(fields.text("kind")?),
        title: Some(fields.text("title")?.trim().to_owned()),
        number: Some(fields.text("number")?.trim().to_owned()),
        date: Some(fields.text("date")?.trim().to_owned()),
        security_level: Some(fields.text("security_level")?),
        department: None,
    };
    fields.done()?;
    documents::correct(&web.archive, &seat.asker, &id, version, correction).await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to(&address::document(id.as_str())))
}

/// `POST /documents/{id}/place`: the original lies at this location or in this container from now on.
pub async fn place(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let place = fields.text("place")?;
    fields.done()?;
    documents::place(&web.archive, &seat.asker, &id, &place).await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to(&address::document(id.as_str())))
}

/// `POST /documents/{id}/seal`: the document is gone for everybody without a grant, so the way leads back to searching.
pub async fn seal(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let (version, reason) = (version_of(&mut fields)?, fields.text("reason")?);
    fields.done()?;
    web.archive.document_seal(&seat.asker, &id, version, &reason).await?;
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to("/search?said=sealed"))
}

fn version_of(fields: &mut Fields) -> Result<i64> {
    let text = fields.text("version")?;
    text.parse().map_err(|_| WebError::invalid("version", "is a number"))
}
