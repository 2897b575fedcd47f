//! The queue with an item and without.

use super::{ApartNumber, CandidateView, DecidedRow, DecidedStanding, DecidedView, Item, ReviewView};
use crate::{
    screens::{
        named::NamedBox,
        parts::{ViewLink, WhyLinked},
        sample::{mark, sheets, shell},
    },
    subject::Sample,
    text::Text,
};
use records::{customers::PersonalNumber, parties::IdentifierKind};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![
        Sample::of(
            "review",
            &ReviewView {
                t,
                shell: shell(t, "review"),
                item: Some(item(t)),
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

fn item(t: Text) -> Item {
    let reason = |key: &str, words: &str, page| WhyLinked {
        text: t.word("rule", key),
        words: words.into(),
        page,
    };
    let mut pages = sheets(t, false);
    pages[0].marks = vec![mark("1", 340, 699, 988, 50), mark("2", 340, 1061, 947, 50)];
    Item {
        id: "01a2289a-0000-7000-8000-000000000000".into(),
        own_title: "信息系统运维服务合同".into(),
        own_kind: "合同".into(),
        number: "HT-2024-0117".into(),
        date: "2024-05-13".into(),
        new_customer_url: "entry.html".into(),
        named: NamedBox {
            url: "#".into(),
            ..NamedBox::default()
        },
        corrections: None,
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
                address: "深圳市南山区科苑路 15 号".into(),
                numbers: vec![apart(t, "91440300512DD272HD", false)],
                reasons: vec![
                    reason("credit_code", "9131011512DD272HDH", 1),
                    reason("name", "深圳华宸智汇信息技术有限公司", 1),
                ],
            },
            CandidateView {
                code: "C00124".into(),
                name: "成都瑞丰云帆信息技术有限责任公司".into(),
                strength: t.n("strength", 95_u64),
                address: String::new(),
                numbers: vec![apart(t, "138****0117", true)],
                reasons: vec![reason("credit_code", "91110108TJ3Y7LLJYB", 1)],
            },
        ],
        typed: String::new(),
    }
}

fn apart(t: Text, value: &str, hidden: bool) -> ApartNumber {
    let kind = if hidden {
        IdentifierKind::Phone
    } else {
        IdentifierKind::CreditCode
    };
    ApartNumber {
        label: t.word("fact", kind.as_str()),
        value: value.into(),
        hidden: hidden.then(|| PersonalNumber {
            party_id: String::new(),
            kind,
            position: 0,
        }),
    }
}

fn standing(code: &str, word: String) -> DecidedStanding {
    DecidedStanding {
        code: code.into(),
        word,
    }
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
                    before: match n {
                        1 => standing("C00124", String::new()),
                        _ => standing("", t.say("review-title")),
                    },
                    after: match n {
                        2 => standing("", t.say("of-nobody-short")),
                        _ => standing("C00120", String::new()),
                    },
                    undo_url: (n != 2).then(|| "#".into()),
                })
                .collect(),
        },
    )
}
