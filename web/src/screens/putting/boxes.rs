//! Containers at the desk: one that was scanned goes where the location says that is scanned right after it.

use super::{PutAwayAddress, back};
use crate::{
    http::{
        error::Result,
        who::{Posted, Seat},
    },
    screens::correcting::placing::outcome,
    state::Web,
};
use axum::{extract::State, response::Redirect};
use records::places::PlacingOrder;

/// A container was scanned and then a location: it stands there, and what is scanned next goes into it.
pub(super) async fn put(
    web: &Web,
    seat: &Seat,
    asked: &mut PutAwayAddress,
    boxed: &str,
    to: &str,
) -> Result<&'static str> {
    let order = PlacingOrder {
        label: asked.typed.clone(),
        ..PlacingOrder::of([boxed], to)
    };
    let placed = services::placements::place(&web.archive, &seat.asker, &order, false).await;
    let placed = placed.map(|placed| asked.act = placed.undo);
    let said = outcome(placed.map(|()| "box-placed"))?;
    match said {
        "box-placed" => web.wrote(&seat.asker).await?,
        // For the sentence that names where it did not fit.
        _ => asked.place = to.to_owned(),
    }
    Ok(said)
}

/// `POST /put-away/undo-box`
pub(super) async fn undo(State(web): State<Web>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let act = fields.text("act")?;
    let asked = PutAwayAddress {
        place: fields.text("place")?,
        things: fields.text("things")?,
        last: fields.text("last")?,
        ..PutAwayAddress::default()
    };
    fields.done()?;
    let done = services::placements::undo(&web.archive, &seat.asker, &act).await;
    let said = outcome(done.map(|_| "put-back"))?;
    if said == "put-back" {
        web.wrote(&seat.asker).await?;
    }
    Ok(back(asked, said))
}
