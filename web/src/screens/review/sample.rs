//! The queue with an item and without.

use super::{CandidateView, DecidedRow, DecidedView, Item, ReviewView};
use crate::{
    screens::{
        parts::{ViewLink, WhyLinked},
        sample::{mark, sheets, shell},
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let reason = |key: &str, words: &str, page| WhyLinked {
        text: t.word("rule", key),
        words: words.into(),
        page,
    };
    let mut pages = sheets(t, false);
    pages[0].marks = vec![mark("1", 340, 699, 988, 50), mark("2", 340, 1061, 947, 50)];
    vec![
        Sample::of(
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
                        CandidateView {
                            code: "C00123".into(),
                            name: "深圳华宸智汇信息技术有限公司".into(),
                            strength: t.n("strength", 97_u64),
                            reasons: vec![
                                reason("credit_code", "9131011512DD272HDH", 1),
                                reason("name", "深圳华宸智汇信息技术有限公司", 1),
                            ],
                        },
                        CandidateView {
                            code: "C00124".into(),
                            name: "成都瑞丰云帆信息技术有限责任公司".into(),
                            strength: t.n("strength", 95_u64),
                            reasons: vec![reason("credit_code", "91110108TJ3Y7LLJYB", 1)],
                        },
                    ],
                    typed: String::new(),
                }),
                done: 37,
                total: 412,
                progress_text: t.fill("review-progress", &[("done", &37_u64), ("total", &412_u64)]),
                fault: None,
                undo: Some(ViewLink {
                    url: "#".into(),
                    label: t.fill("undo-decision", &[("title", &"营业执照"), ("customer", &"C00120")]),
                }),
            },
        ),
        Sample::of(
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
        ),
        decided(t),
    ]
}

fn decided(t: Text) -> Sample {
    Sample::of(
        "review-decided",
        &DecidedView {
            t,
            shell: shell(t, "review"),
            rows: (0..3)
                .map(|n| DecidedRow {
                    at: format!("2026-11-21 14:0{n}"),
                    title: "营业执照".into(),
                    url: "document.html".into(),
                    before: if n == 1 { "C00124".into() } else { String::new() },
                    after: "C00120".into(),
                    undo_url: (n != 2).then(|| "#".into()),
                })
                .collect(),
        },
    )
}
