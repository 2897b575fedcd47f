//! What is said of a delivery as a whole: its counts, its times, who is at it.

use crate::{
    screens::parts::{self, Figure},
    state::Web,
    text::Text,
};
use records::batches::{BatchRow, BatchState, Outcome};

/// How many files came to each end, each a way to their lines.
pub(super) fn figures(t: Text, base: &str, batch: &BatchRow) -> Vec<Figure> {
    [
        (Outcome::Filed, ""),
        (Outcome::NeedsReview, "warn"),
        (Outcome::Duplicate, ""),
        (Outcome::Rejected, "bad"),
    ]
    .map(|(outcome, tone)| {
        let count = count_of(batch, outcome);
        Figure {
            url: format!("{base}?outcome={}", outcome.as_str()),
            label: t.word("outcome", outcome.as_str()),
            count: parts::count(count),
            tone: if count > 0 { tone } else { "" },
        }
    })
    .into()
}

pub(super) fn count_of(batch: &BatchRow, outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Filed => batch.filed,
        Outcome::NeedsReview => batch.needs_review,
        Outcome::Duplicate => batch.duplicate,
        Outcome::Rejected => batch.rejected,
        Outcome::Ignored => batch.ignored,
    }
}

pub(super) fn times(web: &Web, t: Text, batch: &BatchRow) -> String {
    match batch.finished_at {
        Some(end) => t.fill(
            "batch-times-ended",
            &[("start", &web.local(batch.started_at)), ("end", &web.local(end))],
        ),
        None => t.with("batch-times", "start", web.local(batch.started_at)),
    }
}

/// Who is at it, or how far an interrupted run came.
pub(super) fn run_of(web: &Web, t: Text, batch: &BatchRow) -> String {
    match (&batch.run, batch.state, batch.walked) {
        (Some(run), _, _) => t.fill(
            "batch-run",
            &[
                ("process", &run.runner.process.to_string()),
                ("machine", &run.runner.machine),
                ("since", &web.local(run.since)),
            ],
        ),
        (None, BatchState::Interrupted, Some(walked)) => {
            t.fill("batch-interrupted", &[("done", &batch.found()), ("walked", &walked)])
        }
        _ => String::new(),
    }
}

/// Files done and files in all of a batch that runs, with how long the rest will take at this pace.
pub(super) fn progress(web: &Web, t: Text, batch: &BatchRow) -> Option<(u64, u64, String)> {
    let (run, walked) = (batch.run.as_ref()?, batch.walked?);
    let (done, walked) = (parts::count(batch.found()), parts::count(walked));
    let took = web.environment.now().micros() - run.since.micros();
    let seconds = parts::count(took) as f64 / 1e6;
    let left = seconds * walked.saturating_sub(done) as f64 / done.max(1) as f64;
    let minutes = (left / 60.0).ceil() as u64;
    let text = match done {
        0 => t.fill(
            "batch-progress",
            &[("done", &t.number(done)), ("walked", &t.number(walked))],
        ),
        _ => t.fill(
            "batch-progress-left",
            &[
                ("done", &t.number(done)),
                ("walked", &t.number(walked)),
                ("minutes", &minutes),
            ],
        ),
    };
    Some((done, walked, text))
}

/// Pages per minute of working time.
pub(super) fn speed(t: Text, batch: &BatchRow) -> String {
    if batch.busy_us <= 0 || batch.pages <= 0 {
        return String::new();
    }
    let per_minute = batch.pages as f64 * 60e6 / batch.busy_us as f64;
    t.n("batch-speed", per_minute.round() as u64)
}

pub(super) fn balance(t: Text, batch: &BatchRow, found: i64) -> String {
    let announced = match batch.announced {
        Some(announced) => t.with("batch-announced", "n", announced),
        None => String::new(),
    };
    let sum = t.fill(
        "batch-balance",
        &[
            ("found", &found),
            ("filed", &batch.filed),
            ("review", &batch.needs_review),
            ("duplicate", &batch.duplicate),
            ("rejected", &batch.rejected),
        ],
    );
    format!("{announced}{sum}")
}
