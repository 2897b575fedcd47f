//! What people do with a delivery as a whole: accept it, hold it for a reason, and the undo for whoever made it.

use super::{BatchAddress, Deciding};
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
    Error, RefusedBecause, Role,
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
    let decided = match asked.said.as_str() {
        "accepted" => Some("batch-said-accepted"),
        "held" => Some("batch-said-held"),
        _ => None,
    };
    if let Some(key) = decided {
        return Some(ShellNotice {
            tone: "good",
            text: t.say(key),
        });
    }
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

/// `None` for those who may not, and while it runs.
pub fn deciding(seat: &Seat, batch: &BatchRow, base: &str, said: &str) -> Option<Deciding> {
    let (may_accept, may_hold) = match batch.state {
        BatchState::Finished => (true, true),
        BatchState::Accepted => (false, true),
        BatchState::Held => (true, false),
        BatchState::Running | BatchState::Interrupted => return None,
    };
    seat.asker.has(Role::Archivist).then(|| Deciding {
        url: format!("{base}/decision"),
        may_accept,
        may_hold,
        fault: match said {
            "why" => seat.t.say("batch-fault-why"),
            "changed" => seat.t.say("batch-fault-changed"),
            _ => String::new(),
        },
    })
}

/// Who decided what, when and why.
pub fn decided(web: &Web, t: Text, batch: &BatchRow) -> String {
    let Some(decided) = &batch.decided else {
        return String::new();
    };
    let said = t.fill(
        "batch-decided",
        &[
            ("state", &super::words::state_of(t, batch.state)),
            ("by", &decided.by),
            ("at", &web.local(decided.at)),
        ],
    );
    match decided.why.is_empty() {
        true => said,
        false => format!("{said}{}{}", t.say("colon"), decided.why),
    }
}

/// `POST /batches/{id}/decision`
pub async fn decide(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let Posted { seat, mut fields } = posted;
    let (state, why) = (fields.text("state")?, fields.text("why")?);
    fields.done()?;
    let (id, state) = (BatchId::parse(&id)?, BatchState::parse(&state)?);
    let said = match web.archive.batch_decide(&seat.asker, &id, state, &why).await {
        Ok(()) => state.as_str(),
        Err(Error::Invalid { .. }) => "why",
        Err(Error::Refused(RefusedBecause::BatchCannot { .. })) => "changed",
        Err(cause) => return Err(cause.into()),
    };
    let base = format!("/batches/{}", address::encode(id.as_str()));
    Ok(Redirect::to(&address::with_query(&base, &[("said", said)])))
}
