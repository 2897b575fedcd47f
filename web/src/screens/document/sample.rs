//! A document whole.

use super::{CustomerLink, DocumentView, PlacementLine, ScanRow};
use crate::{
    screens::{
        correcting::{
            Corrections,
            customer::{Relink, RelinkCandidate},
        },
        loans::LentPaper,
        named::{NamedBox, NamedLine},
        parts::{Choice, EventView, FactView, ViewLink, WhyLinked},
        sample::{LONG_NAME, badge, crumbs, fact, sheets, shell},
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let customer = CustomerLink {
        name: "深圳华宸智汇信息技术有限公司".into(),
        code: "C00123".into(),
        url: "customer.html".into(),
    };
    let event = |at: &str, text: &str, who: &str| EventView {
        at: at.into(),
        at_full: at.into(),
        text: text.into(),
        who: who.into(),
    };
    vec![Sample::of(
        "document",
        &DocumentView {
            put_back: None,
            t,
            shell: shell(t, "search"),
            back_url: Some("search.html".into()),
            title: "信息系统运维服务合同".into(),
            kind: "合同".into(),
            number: "HT-JS-202106-1597".into(),
            date: "2016-10-02".into(),
            customer: Some(customer),
            no_customer: String::new(),
            location_code: "K1-03-B-05-4-12".into(),
            last_seen: t.fill(
                "last-seen",
                &[("at", &"2026-05-08 16:40"), ("place", &"K1-03-B-05-4-12")],
            ),
            location_url: "location.html".into(),
            path: crumbs(),
            container: "B017".into(),
            state: badge(t, "good", "in_place"),
            sheets: sheets(t, true),
            start_page: 1,
            find_url: "/find".into(),
            hit_count: 2,
            warnings: vec![t.n("warning-unread-ink", 1_u64)],
            reading: crate::screens::reading::ReadingBox::default(),
            facts: facts(t),
            why_linked: why(t),
            review_url: None,
            scans: vec![ScanRow {
                url: "#".into(),
                name: "合同扫描件0001.pdf".into(),
                size: "1.2 MB".into(),
                media: "PDF".into(),
                digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
            }],
            corrections: Some(corrections()),
            lent: lent(t),
            relink: Some(relink(t)),
            named: named(t),
            proposed: Vec::new(),
            placements: vec![
                placement(t, "moved", "K1-03-B-05-4-12", ""),
                placement(t, "first_placed", "K1-01-A-1-01", "2026-11-20 10:05"),
            ],
            history: vec![
                event("2026-11-21", "入档", "os:lin"),
                event("2026-11-20", "上架 K1-03-B-05-4-12", "林静"),
            ],
            history_open: true,
        },
    )]
}

fn why(t: Text) -> Vec<WhyLinked> {
    vec![WhyLinked {
        text: t.say("linked-party-identifier"),
        words: "9131011512DD272HDH".into(),
        page: 1,
    }]
}

fn lent(t: Text) -> LentPaper {
    LentPaper {
        ask_url: "loan-ask.html".into(),
        slips: vec![ViewLink {
            url: "loan.html".into(),
            label: t.fill("loan-original-out", &[("who", &"周敏"), ("due", &"2026-03-05")]),
        }],
    }
}

fn facts(t: Text) -> Vec<FactView> {
    vec![
        fact(&t.say("fact-kind"), "合同", false),
        fact(&t.say("fact-number"), "HT-JS-202106-1597", true),
        fact(&t.say("fact-date"), "2016-10-02", false),
        fact(&t.say("fact-dossier"), "鸿借字第001号", true),
        fact(&t.say("fact-security"), &t.word("security", "1"), false),
        fact(&t.say("fact-copy"), &t.word("copy", "original"), false),
        fact(
            &t.say("fact-batch"),
            "2024-05-engagement/C00123/合同扫描件（最终盖章版）0001.pdf",
            false,
        ),
    ]
}

fn corrections() -> Corrections {
    Corrections {
        record_url: Some("record.html".into()),
        withdraw_url: Some("withdraw.html".into()),
        grant_url: Some("grants.html".into()),
        place_url: "#".into(),
        seal_url: Some("#".into()),
        version: 3,
        has_paper: true,
        location_code: "K1-03-B-05-4-12".into(),
        place_fault: String::new(),
        moves: 1,
    }
}

fn relink(t: Text) -> Relink {
    Relink {
        url: "#".into(),
        nobody_url: "#".into(),
        version: 3,
        candidates: vec![RelinkCandidate {
            code: "C00124".into(),
            name: "成都瑞丰云帆信息技术有限责任公司".into(),
            why: "91110108TJ3Y7LLJYB".into(),
        }],
        fault: t.with("review-no-such-customer", "code", "C00129"),
        typed: "C00129".into(),
    }
}

fn named(t: Text) -> NamedBox {
    NamedBox {
        typed: String::new(),
        customers: vec![NamedLine {
            name: LONG_NAME.into(),
            code: "C00977".into(),
            url: "customer.html".into(),
            role: t.word("party-role", "guarantor"),
            role_word: "guarantor".into(),
            remove_url: "#".into(),
        }],
        url: "#".into(),
        version: 3,
        roles: vec![Choice {
            value: "counterparty".into(),
            label: t.word("party-role", "counterparty"),
            chosen: true,
        }],
        fault: t.say("named-fault-customer"),
    }
}

fn placement(t: Text, event: &str, code: &str, until: &str) -> PlacementLine {
    PlacementLine {
        event: t.word("placement", event),
        code: code.into(),
        url: "location.html".into(),
        from: "2026-11-18 16:40".into(),
        until: until.into(),
        by: "林静".into(),
        on: "K1-03-B-05-4-12".into(),
    }
}
