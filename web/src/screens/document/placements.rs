//! Where the paper of a document was, as the ledger of places has it.

use crate::{
    http::{address, error::Result, who::Seat},
    state::Web,
};
use records::{ids::DocumentId, places::PlacementRow};

#[derive(Debug, Clone)]
pub struct PlacementLine {
    /// `first_placed`, `moved` or `taken_out` in words.
    pub event: String,
    /// Empty when it lay nowhere.
    pub code: String,
    pub url: String,
    pub from: String,
    /// Empty for where it is now.
    pub until: String,
    pub by: String,
}

/// Rows of the ledger that one view shows.
const PLACEMENTS_MAX: usize = 50;

pub(super) async fn placements_of(web: &Web, seat: &Seat, id: &DocumentId) -> Result<Vec<PlacementLine>> {
    let rows = web.archive.placement_history(&seat.asker, id.as_str()).await?;
    let rows = rows.unwrap_or_default().into_iter().take(PLACEMENTS_MAX);
    Ok(rows.map(|row| line(web, seat, row)).collect())
}

fn line(web: &Web, seat: &Seat, row: PlacementRow) -> PlacementLine {
    let PlacementRow {
        place_code,
        from,
        until,
        by,
        label: _,
        event,
    } = row;
    PlacementLine {
        event: seat.t.word("placement", event.as_str()),
        url: address::location(&place_code),
        code: place_code,
        from: web.local(from),
        until: until.map(|at| web.local(at)).unwrap_or_default(),
        by,
    }
}
