//! What became of each file: its line, and the reasons that the lines give.

use crate::{
    http::{address, error::Result, who::Seat},
    screens::parts::{self, Badge},
    state::Web,
    text::Text,
};
use records::{
    batches::{BatchLine, Outcome},
    ids::BatchId,
};

#[derive(Debug, Clone)]
pub struct LineRow {
    pub url: String,
    pub path: String,
    pub outcome: Badge,
    pub reason: String,
    /// What the reason is about.
    pub detail: String,
    pub customer_code: String,
    pub location_code: String,
    pub pages: u64,
}

/// A reason with how many lines give it.
#[derive(Debug, Clone)]
pub struct ReasonChip {
    pub url: String,
    pub label: String,
    pub count: u64,
    pub chosen: bool,
}

/// The reasons of the lines of this outcome, where there are several.
pub(super) async fn reasons(
    web: &Web,
    seat: &Seat,
    id: &BatchId,
    base: &str,
    (outcome, chosen): (Option<Outcome>, &str),
) -> Result<Vec<ReasonChip>> {
    let found = web.archive.batch_reasons(&seat.asker, id, outcome).await?;
    let chips = found.into_iter().map(|(reason, count)| {
        let chosen = reason == chosen;
        let leads_to = if chosen { "" } else { reason.as_str() };
        ReasonChip {
            url: address::with_query(
                base,
                &[("outcome", outcome.map_or("", Outcome::as_str)), ("reason", leads_to)],
            ),
            label: seat.t.word("reason", &reason),
            count: parts::count(count),
            chosen,
        }
    });
    Ok(chips.collect())
}

/// A path as it lies in the delivery; where the server keeps it is nobody's business.
pub(super) fn below(path: &str, roots: &[String]) -> String {
    let inside = roots.iter().filter_map(|root| path.strip_prefix(root.as_str()));
    let inside = inside
        .map(|rest| rest.trim_start_matches('/'))
        .find(|rest| !rest.is_empty());
    inside.unwrap_or(path.rsplit('/').next().unwrap_or(path)).to_owned()
}

pub(super) fn line_row(t: Text, line: BatchLine, roots: &[String]) -> LineRow {
    let tone = match line.outcome {
        Outcome::Filed => "good",
        Outcome::NeedsReview => "warn",
        Outcome::Rejected => "bad",
        Outcome::Duplicate | Outcome::Ignored => "",
    };
    let reason = match (line.reason.as_str(), line.outcome) {
        ("", Outcome::Duplicate) => t.say("reason-duplicate"),
        ("", _) => String::new(),
        (reason, _) => t.word("reason", reason),
    };
    LineRow {
        url: line
            .document_ids
            .first()
            .map(|id| address::document(id))
            .unwrap_or_default(),
        path: below(&line.path.shown(), roots),
        outcome: Badge::new(tone, t.word("outcome", line.outcome.as_str())),
        detail: if line.reason.is_empty() {
            parts::said(t, line.detail.as_ref())
        } else {
            parts::said_beside_reason(t, line.detail.as_ref())
        },
        reason,
        customer_code: line.customer_code,
        location_code: line.location_code,
        pages: parts::count(line.pages),
    }
}
