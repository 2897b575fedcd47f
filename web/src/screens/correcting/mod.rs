//! What can be done with a document beside correcting its record: putting its paper away, sealing it, and the ways to
//! withdrawing it and letting somebody see it.

pub mod customer;
pub mod placing;
pub mod way_back;

use super::grants::propose_url;
use crate::{
    http::{
        address,
        error::{Result, WebError},
        who::{Fields, Posted, Seat},
    },
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{
    PartialDate, Role,
    documents::Document,
    ids::DocumentId,
    permission::{grants::GrantTarget, sealing::SealTerms},
};

/// What this person may do with a document.
#[derive(Debug, Clone)]
pub struct Corrections {
    /// The form of its record, for those who may correct.
    pub record_url: Option<String>,
    pub withdraw_url: Option<String>,
    pub grant_url: Option<String>,
    pub place_url: String,
    /// Where the form of sealing is sent to, for those who may.
    pub seal_url: Option<String>,
    pub version: i64,
    /// There is paper that can be put somewhere.
    pub has_paper: bool,
    pub location_code: String,
    /// Why the paper was not put where somebody wanted it.
    pub place_fault: String,
    /// How often its paper was put somewhere, for the form that moves it.
    pub moves: i64,
}

/// What may be done with one document; `None` for those who may do nothing.
///
/// # Errors
/// When the record does not answer.
pub async fn corrections_of(
    web: &Web,
    seat: &Seat,
    document: &Document,
    said: &str,
    typed: &str,
) -> Result<Option<Corrections>> {
    let (corrects, seals) = (seat.asker.has(Role::Archivist), seat.asker.has(Role::Administrator));
    if !corrects && !seals {
        return Ok(None);
    }
    let row = &document.row;
    let url = address::document(row.id.as_str());
    let place_fault = placing::fault_of(web, seat, document, said, typed).await?;
    Ok(Some(Corrections {
        record_url: corrects.then(|| format!("{url}/record")),
        withdraw_url: corrects.then(|| format!("{url}/withdraw")),
        grant_url: propose_url(seat, &GrantTarget::Document(row.id.to_string())),
        place_url: format!("{url}/place"),
        seal_url: seals.then(|| format!("{url}/seal")),
        version: row.version,
        has_paper: corrects && row.place.state.is_some(),
        location_code: match place_fault.is_empty() {
            false => typed.to_owned(),
            true => row.place.location_code.clone(),
        },
        place_fault,
        moves: row.place.moves,
    }))
}

/// `POST /documents/{id}/seal`: the document is gone for everybody without a grant, so the way leads to the list of
/// what is sealed.
pub async fn seal(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let (version, reason, until) = (version_of(&mut fields)?, fields.text("reason")?, fields.text("until")?);
    fields.done()?;
    let seal = SealTerms {
        reason,
        until: PartialDate::parse(&until)?,
    };
    web.archive.document_seal(&seat.asker, &id, version, &seal).await?;
    web.hid(&seat.asker).await?;
    Ok(Redirect::to("/admin/sealed?said=sealed"))
}

fn version_of(fields: &mut Fields) -> Result<i64> {
    let text = fields.text("version")?;
    text.parse().map_err(|_| WebError::invalid("version", "is a number"))
}
