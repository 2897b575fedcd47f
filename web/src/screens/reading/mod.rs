//! Reading: the pages that ask for a look, one after the other; what was read, what people typed over it, and reading
//! again. Nobody needs to look at any other page.

mod acts;
mod list;
mod look;

pub use acts::{cancel, choose, correct, reread_batch, reread_below, reread_document, seen};
pub use list::{AskingRow, BelowForm, FailureRow, OrderRow, ReadingView, next, reading};
pub use look::{AskingLink, EditLine, LayerLine, LookView, ReadingBox, RegionRow, look, reading_box};

use super::parts::{Badge, Choice};
use crate::{
    http::address,
    rail,
    subject::{Routes, Subject, no_samples},
    text::Text,
};
use records::{
    ids::DocumentId,
    pages::{Page, PageState, Reading, ReadingFlag},
};

pub const SUBJECT: Subject = Subject {
    name: "reading",
    rail: Some(rail::entry("/reading", "reading", "way-reading").for_those(rail::archivists)),
    routes,
    words: "reading",
    samples: no_samples,
};

fn routes() -> Routes {
    Routes::new()
        .view("/reading", reading)
        .part("/reading/next", next)
        .form("/reading/below", reread_below)
        .form("/rereads/{id}/cancel", cancel)
        .form("/documents/{id}/reread", reread_document)
        .form("/documents/{id}/layers/{layer}", choose)
        .view("/documents/{id}/pages/{number}/look", look)
        .form("/documents/{id}/pages/{number}/seen", seen)
        .form("/documents/{id}/pages/{number}/correct", correct)
        .form("/batches/{id}/reread", reread_batch)
}

/// In which other way to read.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    pub turns: Vec<Choice>,
    /// There is a second recogniser to ask.
    pub second_opinion: bool,
}

/// The ways that are offered.
pub fn ways(t: Text, second_opinion: bool) -> Ways {
    let turn = |value: &str| Choice {
        value: value.to_owned(),
        label: match value {
            "" => t.say("reread-turn-found"),
            degrees => t.with("reread-turn-by", "degrees", degrees),
        },
        chosen: value.is_empty(),
    };
    Ways {
        turns: ["", "0", "90", "180", "270"].map(turn).into(),
        second_opinion,
    }
}

fn look_url(id: &DocumentId, page: u32, flag: &str) -> String {
    let path = format!("{}/pages/{page}/look", address::document(id.as_str()));
    address::with_query(&path, &[("flag", flag)])
}

/// Why a page asks, as badges; the word carries the meaning.
pub fn reasons(t: Text, reading: Reading) -> Vec<Badge> {
    reading
        .flags()
        .map(|flag| {
            let tone = if flag == ReadingFlag::Failed { "bad" } else { "warn" };
            Badge::new(tone, t.word("reading", flag.as_str()))
        })
        .collect()
}

fn percent(confidence: f64) -> String {
    format!("{:.1}\u{202f}%", confidence * 100.0)
}

/// A page that was not read well, in one word for a list; empty for one that was.
pub fn word(t: Text, page: &Page) -> String {
    match page.state {
        PageState::Failed => t.word("reading", ReadingFlag::Failed.as_str()),
        _ => page
            .reading
            .flags()
            .next()
            .map(|flag| t.word("reading", flag.as_str()))
            .unwrap_or_default(),
    }
}
