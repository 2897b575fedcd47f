//! Deliveries in a list, none, and one whole.

use super::{BatchListRow, BatchView, BatchesView, Deciding, LineRow, ReasonChip};
use crate::{
    screens::{
        parts::{Badge, Figure, ViewLink, said},
        sample::shell,
    },
    subject::Sample,
    text::Text,
};
use vocabulary::{
    DateFault,
    detail::{Detail, DetailCode},
};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![
        Sample::of(
            "batches",
            &BatchesView {
                exports: Vec::new(),
                t,
                shell: shell(t, "batches"),
                rows: batch_rows(t),
                adds: true,
                narrowed: String::new(),
                next_window: None,
            },
        ),
        Sample::of(
            "batches-empty",
            &BatchesView {
                exports: Vec::new(),
                t,
                shell: shell(t, "batches"),
                rows: vec![],
                adds: true,
                narrowed: String::new(),
                next_window: None,
            },
        ),
        Sample::of("batch", &whole(t)),
    ]
}

/// Some deliveries.
pub fn batch_rows(t: Text) -> Vec<BatchListRow> {
    [
        ("2024-05-engagement", "warn", "running"),
        ("合同补扫 三月", "good", "finished"),
        ("licences-2023", "good", "accepted"),
    ]
    .map(|(name, tone, state)| BatchListRow {
        url: "batch.html".into(),
        name: name.into(),
        started: "2026-11-21 14:05".into(),
        found: 412,
        filed: 391,
        needs_review: 9,
        duplicate: 5,
        rejected: 7,
        pages: 1804,
        state: Badge {
            tone,
            label: t.word("batch-state", state),
        },
    })
    .into()
}

fn whole(t: Text) -> BatchView {
    BatchView {
        t,
        shell: shell(t, "batches"),
        name: "2024-05-engagement".into(),
        state: Badge {
            tone: "good",
            label: t.word("batch-state", "finished"),
        },
        times: t.fill(
            "batch-times-ended",
            &[("start", &"2026-11-21 14:05"), ("end", &"14:46")],
        ),
        running: false,
        found: 412,
        outcomes: outcomes(t),
        pages: 1804,
        speed: t.n("batch-speed", 44_u64),
        balance: t.fill(
            "batch-balance",
            &[
                ("found", &412_u64),
                ("filed", &391_u64),
                ("review", &9_u64),
                ("duplicate", &5_u64),
                ("rejected", &7_u64),
            ],
        ),
        run: String::new(),
        missing: vec!["C00131/合同0002.pdf".into()],
        problems: vec![("manifest.csv:14".into(), said(t, Some(&wrong_date())))],
        ignored: vec![
            (
                "Thumbs.db".into(),
                said(t, Some(&DetailCode::LeftByOperatingSystem.alone())),
            ),
            (
                "manifest.csv".into(),
                said(t, Some(&DetailCode::ListOfDelivery.alone())),
            ),
        ],
        progress: Some((391, 412, progress(t))),
        again_url: Some("/add"),
        reasons: vec![ReasonChip {
            url: "#".into(),
            label: t.word("reason", "customer_missing"),
            count: 9,
            chosen: false,
        }],
        deciding: Some(Deciding {
            url: "#".into(),
            may_accept: true,
            may_hold: true,
            fault: t.say("batch-fault-why"),
        }),
        decided: decided(t),
        lines_title: t.say("batch-lines"),
        lines_total: 412,
        lines: lines(t),
        next_window: None,
        reread_url: Some("#".into()),
        ways: crate::screens::reading::ways(t, true),
        take_back_url: Some("#".into()),
        exports: vec![ViewLink {
            url: "#".into(),
            label: "Excel".into(),
        }],
    }
}

fn progress(t: Text) -> String {
    t.fill(
        "batch-progress-left",
        &[("done", &"391"), ("walked", &"412"), ("minutes", &2_u64)],
    )
}

fn decided(t: Text) -> String {
    t.fill(
        "batch-decided",
        &[
            ("state", &t.word("batch-state", "held")),
            ("by", &"林静"),
            ("at", &"2026-11-21 16:20"),
        ],
    )
}

/// As it stands in the manifest.
const NO_SUCH_DAY: &str = "2024-02-30";

/// A cell that could not be used as it is.
fn wrong_date() -> Detail {
    DetailCode::ManifestDateUnusable
        .with(NO_SUCH_DAY)
        .with(DateFault::Day.as_str())
}

fn outcomes(t: Text) -> Vec<Figure> {
    let figure = |label: String, count, tone| Figure {
        url: "#".into(),
        label,
        count,
        tone,
    };
    vec![
        figure(t.say("batch-filed"), 391, ""),
        figure(t.say("batch-review"), 9, "warn"),
        figure(t.say("batch-duplicate"), 5, ""),
        figure(t.say("batch-rejected"), 7, "bad"),
    ]
}

fn lines(t: Text) -> Vec<LineRow> {
    let line = |path: &str, tone, outcome: &str, reason: String| LineRow {
        url: if outcome == "rejected" {
            String::new()
        } else {
            "document.html".into()
        },
        path: path.into(),
        outcome: Badge {
            tone,
            label: t.word("outcome", outcome),
        },
        reason,
        detail: String::new(),
        customer_code: "C00123".into(),
        location_code: "K1-03-B-05-4-12".into(),
        pages: 12,
    };
    vec![
        line(
            "C00123/合同扫描件（最终盖章版）0001.pdf",
            "good",
            "filed",
            String::new(),
        ),
        line(
            "扫描0037.pdf",
            "warn",
            "needs_review",
            t.word("reason", "customer_ambiguous"),
        ),
        line("扫描0037 (1).pdf", "", "duplicate", String::new()),
        line("坏文件.pdf", "bad", "rejected", t.word("reason", "encrypted")),
    ]
}
