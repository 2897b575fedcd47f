//! Documents, dossiers and places.

use crate::samples::{LONG_NAME, badge, crumbs, fact, sheets, shell, write};
use records::customers::PersonalNumber;
use web::{
    screens::{
        correcting::Corrections,
        customers::{CustomerRow, CustomersView},
        document::{CustomerLink, DocumentView, ScanRow},
        dossier::{AskedKind, Completeness, CustomerView, DocumentRow, FactOfCustomer, KindSection, PlaceOfDossier},
        locations::{Child, ContentRow, LocationView, Room},
        parts::{Badge, Choice, Event, Link, Reason},
        sealed::Protection,
    },
    text::Text,
};

pub fn papers(t: Text) {
    let customer = CustomerLink {
        name: "深圳华宸智汇信息技术有限公司".into(),
        code: "C00123".into(),
        url: "customer.html".into(),
    };
    let event = |at: &str, text: &str, who: &str| Event {
        at: at.into(),
        at_full: at.into(),
        text: text.into(),
        who: who.into(),
    };
    write(
        t,
        "document",
        &DocumentView {
            t,
            shell: shell(t, "search"),
            back_url: Some("search.html".into()),
            title: "信息系统运维服务合同".into(),
            kind: "合同".into(),
            number: "HT-JS-202106-1597".into(),
            date: "2016-10-02".into(),
            customer: Some(customer),
            location_code: "K1-03-B-05-4-12".into(),
            location_url: "location.html".into(),
            path: crumbs(),
            container: "B017".into(),
            state: badge(t, "good", "in_place"),
            sheets: sheets(t, true),
            start_page: 1,
            find_url: "/find".into(),
            hit_count: 2,
            warnings: vec![t.n("warning-unread-ink", 1_u64)],
            reading: web::screens::reading::ReadingBox::default(),
            facts: vec![
                fact(&t.say("fact-kind"), "合同", false),
                fact(&t.say("fact-number"), "HT-JS-202106-1597", true),
                fact(&t.say("fact-date"), "2016-10-02", false),
                fact(&t.say("fact-dossier"), "鸿借字第001号", true),
                fact(&t.say("fact-security"), &t.say("security-1"), false),
                fact(&t.say("fact-copy"), &t.say("copy-original"), false),
                fact(
                    &t.say("fact-batch"),
                    "2024-05-engagement/C00123/合同扫描件（最终盖章版）0001.pdf",
                    false,
                ),
            ],
            why_linked: vec![Reason {
                text: t.say("linked-party-identifier"),
                words: "9131011512DD272HDH".into(),
                page: 1,
            }],
            review_url: None,
            scans: vec![ScanRow {
                url: "#".into(),
                name: "合同扫描件0001.pdf".into(),
                size: "1.2 MB".into(),
                media: "PDF".into(),
                digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
            }],
            corrections: Some(Corrections {
                url: "#".into(),
                place_url: "#".into(),
                seal_url: Some("#".into()),
                version: 3,
                title: "信息系统运维服务合同".into(),
                number: "HT-JS-202106-1597".into(),
                date: "2016-10-02".into(),
                kinds: vec![Choice {
                    value: "contract".into(),
                    label: "合同".into(),
                    chosen: true,
                }],
                levels: vec![Choice {
                    value: "1".into(),
                    label: t.say("security-1"),
                    chosen: true,
                }],
                has_paper: true,
                location_code: "K1-03-B-05-4-12".into(),
            }),
            history: vec![
                event("2026-11-21", "入档", "os:lin"),
                event("2026-11-20", "上架 K1-03-B-05-4-12", "林静"),
            ],
            history_open: true,
        },
    );
    let row = |title: &str, date: &str, code: &str, state: Badge| DocumentRow {
        url: "document.html".into(),
        title: title.into(),
        number: "HT-JS-202106-1597".into(),
        date: date.into(),
        pages: 12,
        remark: if code.is_empty() {
            t.say("copy-copy")
        } else {
            String::new()
        },
        container: "B017".into(),
        location_code: code.into(),
        location_url: "location.html".into(),
        state,
    };
    write(
        t,
        "customer",
        &CustomerView {
            t,
            shell: shell(t, "customers"),
            code: "C00977".into(),
            name: LONG_NAME.into(),
            status: Badge {
                tone: "good",
                label: t.say("status-active"),
            },
            dossier_no: "鸿借字第001号".into(),
            search_url: "search.html".into(),
            documents: 4,
            sections: vec![
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
            ],
            places: vec![PlaceOfDossier {
                code: "K1-03-B-05-4-12".into(),
                url: "location.html".into(),
                documents: 3,
            }],
            completeness: Completeness {
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
            },
            exports: vec![Link {
                url: "#".into(),
                label: "Excel".into(),
            }],
            url: "customer.html".into(),
            protection: Some(Protection {
                url: "#".into(),
                levels: (0..4)
                    .map(|level| Choice {
                        value: level.to_string(),
                        label: t.say(&format!("security-{level}")),
                        chosen: level == 1,
                    })
                    .collect(),
                sealed: false,
            }),
            facts: vec![
                FactOfCustomer {
                    fact: fact(&t.say("fact-id-number"), "3301**********1234", true),
                    reveal: Some(PersonalNumber {
                        party_id: "x".into(),
                        kind: "id_number".into(),
                        position: 0,
                    }),
                },
                FactOfCustomer {
                    fact: fact(
                        &t.say("fact-address"),
                        "深圳市南山区科技园南区高新南七道509号商务广场A座28层484室",
                        false,
                    ),
                    reveal: None,
                },
            ],
        },
    );
    let customer_row = |n: usize| CustomerRow {
        url: "customer.html".into(),
        code: format!("C{n:05}"),
        name: if n == 4 {
            LONG_NAME.into()
        } else {
            "深圳华宸智汇信息技术有限公司".into()
        },
        kind: t.say("customer-kind-organisation"),
        dossier_no: format!("鸿借字第{n:03}号"),
        documents: (n * 37 % 200) as u64,
        status: Badge {
            tone: if n % 7 == 3 { "" } else { "good" },
            label: t.say(if n % 7 == 3 { "status-historic" } else { "status-active" }),
        },
    };
    let customers = |filter: &str, rows| CustomersView {
        t,
        shell: shell(t, "customers"),
        filter: filter.into(),
        total: t.n("customers-total", 133_000_u64),
        rows,
        next_window: None,
    };
    write(t, "customers", &customers("", (1..31).map(customer_row).collect()));
    write(t, "customers-none", &customers("zzq", vec![]));
    let location = |code: &str| LocationView {
        t,
        shell: shell(t, "locations"),
        code: code.into(),
        name: "合同".into(),
        kind: t.say("location-kind-slot"),
        fill: t.n("capacity", 40_u64),
        keeper: "林静".into(),
        path: crumbs(),
        up_url: Some("location.html".into()),
        fault: code.is_empty().then(|| t.with("location-not-found", "code", "K9-99")),
        choices: vec![],
        children: (1..8)
            .map(|n| Child {
                url: "location.html".into(),
                code: format!("K1-03-B-05-{n}"),
                name: String::new(),
                count_text: t.n("count-documents", n * 3_u64),
            })
            .collect(),
        rooms: if code.is_empty() {
            let child = |code: &str, n: u64| Child {
                url: "location.html".into(),
                code: code.into(),
                name: "一号库".into(),
                count_text: t.n("count-documents", n),
            };
            vec![Room {
                room: child("K1", 8),
                inside: vec![child("K1-01", 3), child("K1-02", 5)],
            }]
        } else {
            vec![]
        },
        contents_total: t.n("count-documents", 24_u64),
        rows: (1..25)
            .map(|n| ContentRow {
                url: "document.html".into(),
                place: format!("K1-03-B-05-4-{n:02}"),
                container: if n % 5 == 0 { "B017".into() } else { String::new() },
                title: "信息系统运维服务合同".into(),
                customer_code: "C00123".into(),
                customer_name: if n == 3 {
                    LONG_NAME.into()
                } else {
                    "深圳华宸智汇信息技术有限公司".into()
                },
                customer_url: "customer.html".into(),
                kind: "合同".into(),
                pages: 12,
                state: badge(t, "good", "in_place"),
            })
            .collect(),
        next_window: None,
    };
    write(t, "location", &location("K1-03-B-05-4"));
    write(t, "locations", &location(""));
}
