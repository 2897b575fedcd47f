//! A working day.

use super::TodayView;
use crate::{
    screens::{
        batches::sample_rows,
        parts::{Figure, ViewLink},
        sample::shell,
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let figure = |label: String, count, tone| Figure {
        url: "#".into(),
        label,
        count,
        tone,
    };
    vec![Sample::of(
        "today",
        &TodayView {
            t,
            shell: shell(t, "today"),
            date: "2026-11-21".into(),
            figures: vec![
                figure(t.say("today-review"), 37, "warn"),
                figure(t.say("today-documents"), 13_204, ""),
                figure(t.say("today-pages"), 81_007, ""),
            ],
            next: vec![ViewLink {
                url: "review.html".into(),
                label: t.n("today-do-review", 37_u64),
            }],
            batches: sample_rows(t),
        },
    )]
}
