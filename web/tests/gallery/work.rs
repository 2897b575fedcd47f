//! What archivists work on: review, batches, today.

use crate::samples::{batch_rows, mark, sheets, shell, write};
use web::{
    screens::{
        batches::{BatchView, BatchesView, LineRow},
        parts::{Badge, Figure, Link, Reason},
        review::{Candidate, Item, ReviewView},
        today::TodayView,
    },
    text::Text,
};

pub fn work(t: Text) {
    let reason = |key: &str, words: &str, page| Reason {
        text: t.say(key),
        words: words.into(),
        page,
    };
    let mut pages = sheets(t, false);
    pages[0].marks = vec![mark("1", 340, 699, 988, 50), mark("2", 340, 1061, 947, 50)];
    write(
        t,
        "review",
        &ReviewView {
            t,
            shell: shell(t, "review"),
            item: Some(Item {
                title: "信息系统运维服务合同".into(),
                kind: "合同".into(),
                path: "2024-05-engagement/扫描0037.pdf".into(),
                reason: t.say("reason-customer-ambiguous"),
                detail: "KH-0999".into(),
                document_url: "document.html".into(),
                decide_url: "#".into(),
                later_url: "#".into(),
                version: 1,
                sheets: pages,
                candidates: vec![
                    Candidate {
                        code: "C00123".into(),
                        name: "深圳华宸智汇信息技术有限公司".into(),
                        strength: t.n("strength", 97_u64),
                        reasons: vec![
                            reason("rule-credit-code", "9131011512DD272HDH", 1),
                            reason("rule-name", "深圳华宸智汇信息技术有限公司", 1),
                        ],
                    },
                    Candidate {
                        code: "C00124".into(),
                        name: "成都瑞丰云帆信息技术有限责任公司".into(),
                        strength: t.n("strength", 95_u64),
                        reasons: vec![reason("rule-credit-code", "91110108TJ3Y7LLJYB", 1)],
                    },
                ],
                typed: String::new(),
            }),
            done: 37,
            total: 412,
            progress_text: t.fill("review-progress", &[("done", &37_u64), ("total", &412_u64)]),
            fault: None,
            undo: Some(Link {
                url: "#".into(),
                label: t.fill("undo-decision", &[("title", &"营业执照"), ("customer", &"C00120")]),
            }),
        },
    );
    write(
        t,
        "review-empty",
        &ReviewView {
            t,
            shell: shell(t, "review"),
            item: None,
            done: 0,
            total: 0,
            progress_text: String::new(),
            fault: None,
            undo: None,
        },
    );
    let figure = |label: String, count, tone| Figure {
        url: "#".into(),
        label,
        count,
        tone,
    };
    write(
        t,
        "batches",
        &BatchesView {
            t,
            shell: shell(t, "batches"),
            rows: batch_rows(t),
            next_window: None,
        },
    );
    write(
        t,
        "batches-empty",
        &BatchesView {
            t,
            shell: shell(t, "batches"),
            rows: vec![],
            next_window: None,
        },
    );
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
    write(
        t,
        "batch",
        &BatchView {
            t,
            shell: shell(t, "batches"),
            name: "2024-05-engagement".into(),
            state: Badge {
                tone: "good",
                label: t.say("batch-state-finished"),
            },
            times: t.fill(
                "batch-times-ended",
                &[("start", &"2026-11-21 14:05"), ("end", &"14:46")],
            ),
            running: false,
            found: 412,
            outcomes: vec![
                figure(t.say("batch-filed"), 391, ""),
                figure(t.say("batch-review"), 9, "warn"),
                figure(t.say("batch-duplicate"), 5, ""),
                figure(t.say("batch-rejected"), 7, "bad"),
            ],
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
            missing: vec!["C00131/合同0002.pdf".into()],
            ignored: vec!["Thumbs.db".into(), "manifest.csv".into()],
            lines_title: t.say("batch-lines"),
            lines_total: 412,
            lines: vec![
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
            ],
            next_window: None,
            reread_url: Some("#".into()),
            ways: web::screens::reading::ways(t, true),
        },
    );
    write(
        t,
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
            next: vec![Link {
                url: "review.html".into(),
                label: t.n("today-do-review", 37_u64),
            }],
            batches: batch_rows(t),
        },
    );
}
