//! What patterns find in a text that somebody tries them on.

use super::{SettingsTrial, TrialRow, label};
use crate::{screens::parts::Piece, text::Text};
use records::settings::{ArchiveSettings, SettingName};

pub(super) fn trial(t: Text, tried: &ArchiveSettings, text: String) -> SettingsTrial {
    let hits = tried.trial(&text);
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut piece = |text: &str, marked| {
        if !text.is_empty() {
            pieces.push(Piece {
                text: text.to_owned(),
                marked,
            });
        }
    };
    for hit in &hits {
        // Two patterns may find places that lie one in the other.
        let (start, end) = (hit.start.max(at), hit.end.max(at));
        piece(text.get(at..start).unwrap_or_default(), false);
        piece(text.get(start..end).unwrap_or_default(), true);
        at = end;
    }
    piece(text.get(at..).unwrap_or_default(), false);
    SettingsTrial {
        tried: true,
        pieces,
        hits: hits
            .into_iter()
            .map(|hit| TrialRow {
                by: label(t, hit.by),
                text: hit.text,
                own: hit.by == SettingName::OwnIdentifiers,
            })
            .collect(),
        text,
    }
}
