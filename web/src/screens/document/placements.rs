//! Where the paper of a document was, as the ledger of places has it.

use crate::{
    http::{address, error::Result, who::Seat},
    state::Web,
};
use records::places::PlacementRow;

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
    /// The label that was scanned and the slip under which it went, as far as there are any.
    pub on: String,
}

/// Rows of the ledger that one view shows.
const PLACEMENTS_MAX: usize = 50;

/// The chain of a paper or a container, newest first.
pub(crate) async fn placements_of(web: &Web, seat: &Seat, thing: &str) -> Result<Vec<PlacementLine>> {
    let rows = web.archive.placement_history(&seat.asker, thing).await?;
    let rows = rows.unwrap_or_default().into_iter().take(PLACEMENTS_MAX);
    Ok(rows.map(|row| line(web, seat, row)).collect())
}

fn line(web: &Web, seat: &Seat, row: PlacementRow) -> PlacementLine {
    let PlacementRow {
        place_code,
        from,
        until,
        by,
        label,
        slip,
        event,
    } = row;
    PlacementLine {
        event: seat.t.word("placement", event.as_str()),
        url: address::location(&place_code),
        code: place_code,
        from: web.local(from),
        until: until.map(|at| web.local(at)).unwrap_or_default(),
        by,
        on: [label, slip]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    }
}
