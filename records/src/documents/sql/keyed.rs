//! Which documents a typed key means: an id, or the number on the paper in whatever spelling.

use crate::{fold, permission::sql::Bound};
use vocabulary::codes::{TypedCode, dashless};

/// Without its dashes a number of fewer characters would fit too much.
const DASHLESS_CHARACTERS_MIN: usize = 4;

/// Conditions over `d` with their values, in the order in which they are tried: the first that finds anything counts.
pub(crate) fn key_conditions(key: &str) -> Vec<(&'static str, Vec<Bound>)> {
    let as_written = (
        "d.id = ? OR (d.number_folded = ? AND d.number_folded <> '')",
        vec![key.trim().to_lowercase().into(), fold::code(key).into()],
    );
    let bare = TypedCode::parse(key).map_or_else(|_| String::new(), |typed| dashless(typed.folded()));
    if bare.chars().count() < DASHLESS_CHARACTERS_MIN {
        return vec![as_written];
    }
    vec![as_written, ("replace(d.number_folded, '-', '') = ?", vec![bare.into()])]
}
