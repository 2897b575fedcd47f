//! What can be done with a document beside correcting its record: putting its paper away, sealing it, and the ways to
//! withdrawing it and letting somebody see it.

pub mod customer;

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
    Error, PartialDate, Role, Thing,
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
pub fn corrections_of(seat: &Seat, document: &Document, said: &str, typed: &str) -> Option<Corrections> {
    let (corrects, seals) = (seat.asker.has(Role::Archivist), seat.asker.has(Role::Administrator));
    if !corrects && !seals {
        return None;
    }
    let row = &document.row;
    let url = address::document(row.id.as_str());
    Some(Corrections {
        record_url: corrects.then(|| format!("{url}/record")),
        withdraw_url: corrects.then(|| format!("{url}/withdraw")),
        grant_url: propose_url(seat, &GrantTarget::Document(row.id.to_string())),
        place_url: format!("{url}/place"),
        seal_url: seals.then(|| format!("{url}/seal")),
        version: row.version,
        has_paper: corrects && row.place.state.is_some(),
        location_code: match said {
            "place-unknown" | "place-moved" => typed.to_owned(),
            _ => row.place.location_code.clone(),
        },
        place_fault: match said {
            "place-unknown" => seat.t.with("place-fault-unknown", "code", typed),
            "place-moved" => seat.t.with("place-fault-moved", "code", &row.place.location_code),
            _ => String::new(),
        },
        moves: row.place.moves,
    })
}

/// `POST /documents/{id}/place`: the original lies at this location or in this container from now on.
pub async fn place(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let id = DocumentId::parse(&id)?;
    let (place, moves) = (fields.text("place")?, fields.maybe("moves")?);
    fields.done()?;
    let moves = moves.map(|text| text.parse().map_err(|_| WebError::invalid("moves", "is a number")));
    let placed = services::documents::place(&web.archive, &seat.asker, &id, moves.transpose()?, &place).await;
    let (said, typed) = match placed {
        Ok(_) => {
            web.wrote(&seat.asker).await?;
            ("placed", "")
        }
        Err(services::Error::Records(Error::Absent {
            what: Thing::Place | Thing::Location,
            ..
        })) => ("place-unknown", place.as_str()),
        Err(services::Error::Records(Error::Conflict { .. })) => ("place-moved", place.as_str()),
        Err(cause) => return Err(cause.into()),
    };
    let own = address::document(id.as_str());
    Ok(Redirect::to(&address::with_query(
        &own,
        &[("said", said), ("typed", typed)],
    )))
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
    web.wrote(&seat.asker).await?;
    Ok(Redirect::to("/admin/sealed?said=sealed"))
}

fn version_of(fields: &mut Fields) -> Result<i64> {
    let text = fields.text("version")?;
    text.parse().map_err(|_| WebError::invalid("version", "is a number"))
}
