//! A customer with the dossier.

use super::{AskedKind, Completeness, CustomerView, DossierLine, FactOfCustomer, KindSection, PlaceOfDossier};
use crate::{
    screens::{
        named::NamingDocument,
        parts::{Badge, Choice, ViewLink},
        sample::{LONG_NAME, badge, fact, shell},
        sealed::ProtectionPanel,
    },
    subject::Sample,
    text::Text,
};
use records::customers::PersonalNumber;

pub fn samples(t: Text) -> Vec<Sample> {
    vec![Sample::of(
        "customer",
        &CustomerView {
            printed: String::new(),
            t,
            shell: shell(t, "customers"),
            code: "C00977".into(),
            name: LONG_NAME.into(),
            status: Badge {
                tone: "good",
                label: t.word("status", "active"),
            },
            dossier_no: "鸿借字第001号".into(),
            search_url: "search.html".into(),
            edit_url: Some("entry.html".into()),
            documents: 4,
            sections: sections(t),
            places: vec![PlaceOfDossier {
                code: "K1-03-B-05-4-12".into(),
                url: "location.html".into(),
                documents: 3,
            }],
            completeness: completeness(t),
            exports: vec![ViewLink {
                url: "#".into(),
                label: "Excel".into(),
            }],
            url: "customer.html".into(),
            named_in: vec![NamingDocument {
                url: "document.html".into(),
                title: "最高额保证合同".into(),
                number: "BZ-2024-009".into(),
                date: "2024-05-13".into(),
                role: t.word("party-role", "guarantor"),
                customer: LONG_NAME.into(),
                customer_url: "customer.html".into(),
            }],
            grant_url: Some("grants.html".into()),
            protection: Some(protection(t)),
            facts: vec![
                FactOfCustomer {
                    fact: fact(&t.word("fact", "id_number"), "3301**********1234", true),
                    reveal: Some(PersonalNumber {
                        party_id: "x".into(),
                        kind: records::parties::IdentifierKind::IdNumber,
                        position: 0,
                    }),
                },
                FactOfCustomer {
                    fact: fact(
                        if t.is_chinese() { "地址" } else { "Address" },
                        "深圳市南山区科技园南区高新南七道509号商务广场A座28层484室",
                        false,
                    ),
                    reveal: None,
                },
            ],
        },
    )]
}

fn protection(t: Text) -> ProtectionPanel {
    ProtectionPanel {
        version: 3,
        url: "#".into(),
        levels: (0..4)
            .map(|level| Choice {
                value: level.to_string(),
                label: t.word("security", &level.to_string()),
                chosen: level == 1,
            })
            .collect(),
        sealed: false,
    }
}

fn sections(t: Text) -> Vec<KindSection> {
    let row = |title: &str, date: &str, code: &str, state: Badge| DossierLine {
        url: "document.html".into(),
        title: title.into(),
        number: "HT-JS-202106-1597".into(),
        date: date.into(),
        pages: 12,
        remark: if code.is_empty() {
            t.word("copy", "copy")
        } else {
            String::new()
        },
        container: "B017".into(),
        location_code: code.into(),
        location_url: "location.html".into(),
        state,
    };
    vec![
        KindSection {
            kind: "合同".into(),
            rows: vec![
                row(
                    "信息系统运维服务合同",
                    "2016-10-02",
                    "K1-03-B-05-4-12",
                    badge(t, "good", "in_place"),
                ),
                row(
                    "设备采购合同",
                    "2019-11-30",
                    "K1-03-B-05-4-13",
                    badge(t, "warn", "on_loan"),
                ),
            ],
        },
        KindSection {
            kind: "营业执照".into(),
            rows: vec![row("营业执照（副本）", "2021", "", badge(t, "", "none"))],
        },
    ]
}

fn completeness(t: Text) -> Completeness {
    Completeness {
        checklists: vec![Choice {
            value: "corporate_customer".into(),
            label: "企业客户".into(),
            chosen: true,
        }],
        unsaved: Some("corporate_customer".into()),
        save_url: "#".into(),
        asked: ["客户基础资料", "信用评估"]
            .map(|name| AskedKind {
                name: name.into(),
                missing: name.starts_with('信'),
            })
            .into(),
        missing: 1,
        summary: t.fill("checklist-missing", &[("missing", &1_u64), ("asked", &2_u64)]),
    }
}
