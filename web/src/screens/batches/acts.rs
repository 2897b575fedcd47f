//! The undo of a delivery, for whoever made it.

use super::BatchAddress;
use crate::{
    http::{
        address,
        error::Result,
        who::{Posted, Seat},
    },
    screens::shell::ShellNotice,
    state::Web,
    text::Text,
};
use axum::{
    extract::{Path, State},
    response::Redirect,
};
use records::{
    Role,
    batches::{BatchRow, BatchState},
    ids::BatchId,
};

/// `None` for others, while it runs, and for deliveries too large for it.
pub fn take_back_url(seat: &Seat, batch: &BatchRow, base: &str) -> Option<String> {
    let documents = usize::try_from(batch.filed + batch.needs_review).unwrap_or(usize::MAX);
    let may = seat.asker.has(Role::Archivist) && batch.actor == seat.asker.name();
    let fits = (1..=services::batches::TAKEN_BACK_MAX).contains(&documents);
    (may && fits && batch.state == BatchState::Finished).then(|| format!("{base}/take-back"))
}

pub fn notice_of(t: Text, asked: &BatchAddress) -> Option<ShellNotice> {
    let text = match (asked.added.as_str(), asked.withdrawn.as_str()) {
        ("1", _) => t.say("batch-added"),
        (_, "") => return None,
        (_, withdrawn) => t.fill(
            "batch-taken-back",
            &[
                ("withdrawn", &withdrawn.parse::<u64>().unwrap_or_default()),
                ("kept", &asked.kept.parse::<u64>().unwrap_or_default()),
            ],
        ),
    };
    Some(ShellNotice { tone: "good", text })
}

/// `POST /batches/{id}/take-back`
pub async fn take_back(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, fields } = posted;
    fields.done()?;
    let id = BatchId::parse(&id)?;
    let reason = seat.t.say("batch-take-back");
    let (withdrawn, kept) = services::batches::take_back(&web.archive, &seat.asker, &id, &reason).await?;
    web.wrote(&seat.asker).await?;
    let base = format!("/batches/{}", address::encode(id.as_str()));
    let (withdrawn, kept) = (withdrawn.to_string(), kept.to_string());
    Ok(Redirect::to(&address::with_query(
        &base,
        &[("withdrawn", &withdrawn), ("kept", &kept)],
    )))
}
