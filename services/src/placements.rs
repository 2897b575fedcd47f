//! Things are put somewhere together, all or none, and taken back.

use crate::Result;
use api_types::placements::{self as shapes, MovedJson, PlacingJson};
use records::{
    Archive, Asker,
    places::{Placed, PlacingOrder},
};

/// So many things are moved in one act.
pub const THINGS_MAX: usize = 1_000;

/// Puts things somewhere; with `dry_run` only says what would be moved.
///
/// # Errors
/// The first thing or place that cannot, with its reason; nothing is moved then.
pub async fn place(archive: &Archive, asker: &Asker, order: &PlacingOrder, dry_run: bool) -> Result<PlacingJson> {
    if order.things.is_empty() || order.things.len() > THINGS_MAX {
        return Err(crate::Error::invalid(
            "things",
            vocabulary::both!("names 1 to {THINGS_MAX} things", "要写 1 到 {THINGS_MAX} 件"),
        ));
    }
    let placed = match dry_run {
        false => archive.place_things(asker, order).await?,
        true => Placed {
            moved: archive.place_things_preview(asker, order).await?,
            undo: String::new(),
        },
    };
    Ok(shapes::placing(placed))
}

/// Takes one act back.
///
/// # Errors
/// When one of its things was moved since, or its former place takes it no more.
pub async fn undo(archive: &Archive, asker: &Asker, undo: &str) -> Result<Vec<MovedJson>> {
    let moved = archive.placing_undo(asker, undo).await?;
    Ok(moved.into_iter().map(shapes::moved).collect())
}
