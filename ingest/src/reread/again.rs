//! How an order wants its pages read, and what becomes of each.

use crate::pages::{PageOutcome, ReadPage, Wanted, delivered_page, failed_page, read_page};
use reading::layout::Turn;
use reading::read::{ReadHow, SECOND_NAME};
use reading::reason::Refusal;
use records::pages::reread::RereadSettings;
use vocabulary::Reason;

/// How the order wants its pages.
pub(super) fn wanted(settings: &RereadSettings) -> Wanted {
    let how = ReadHow {
        turn: settings.turn.and_then(|turn| Turn::from_degrees(i64::from(turn))),
        fine: settings.fine,
        keep_seals: settings.keep_seals,
        second_opinion: settings.second_opinion,
    };
    Wanted {
        how,
        // A person who sets the orientation or requests small print wants the page read, not copied.
        read_anyway: settings.force_ocr || how != ReadHow::default(),
    }
}

pub(super) fn page_of(index: u32, outcome: PageOutcome, words: &str, how: ReadHow) -> ReadPage {
    match outcome {
        PageOutcome::Delivered(page) => delivered_page(0, page),
        PageOutcome::Read(page, reading) => labelled(read_page(0, page, reading), words, how),
        PageOutcome::Failed { refusal, .. } => failed(index, &refusal),
    }
}

pub(super) fn failed(scan_index: u32, refusal: &Refusal) -> ReadPage {
    let refusal = match refusal.reason {
        // The document was filed long ago: an error now is one of reading.
        Reason::NotSettled | Reason::ChangedWhileReading => Refusal::new(Reason::PageFailed, refusal.detail.clone()),
        _ => refusal.clone(),
    };
    failed_page(0, scan_index, None, &refusal)
}

/// Labels the text with the engine and the way it was read.
fn labelled(mut page: ReadPage, words: &str, how: ReadHow) -> ReadPage {
    if let Some(text) = page.page.text.as_mut() {
        if !words.is_empty() {
            text.parameters = format!("{} {words}", text.parameters);
        }
        if how.second_opinion {
            text.engine = format!("{} + {SECOND_NAME}", text.engine);
        }
    }
    page
}
