//! Renders every view with sample data, in both languages, to `gallery/` under the target folder: a place to look at
//! all of them at once, and a proof that each renders and that no text is missing. Serve that folder to see them.

use askama::Template;
use std::{fs, path::PathBuf};
use web::{
    assets,
    screens::{
        account::{AccountView, TokenRow},
        audit::{AuditRow, AuditView},
        batches::{BatchRow, BatchView, BatchesView, LineRow},
        customers::{CustomerRow, CustomerView, CustomersView, DocumentRow, KindSection, PlaceOfDossier},
        document::{CustomerLink, DocumentView, ScanRow},
        doors::{ErrorView, SetupView, SignInView},
        locations::{Child, ContentRow, LocationView, Room},
        parts::{Badge, Choice, Crumb, Event, Fact, Figure, LineOfText, Link, Mark, Piece, Reason, Sheet, Thumb},
        review::{Candidate, Item, ReviewView},
        search::{Chip, Facet, FacetValue, Group, Hit, NoHits, Order, QueryPart, SearchView, Section},
        shell::{Door, Shell, UserCard, Way},
        today::TodayView,
        users::{UserForm, UserRow, UsersView},
    },
    text::{Language, Text},
};

const PAGE_W: i64 = 2480;
const PAGE_H: i64 = 3508;
const LONG_NAME: &str =
    "中国（深圳）前海深港现代服务业合作区华宸智汇信息技术与数据资源综合运营管理服务有限责任公司第二分公司";

fn folder(language: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("gallery")
        .join(language);
    fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

fn write(t: Text, name: &str, view: &impl Template) {
    let html = view.render().expect("renders");
    assert!(!html.contains("Unknown localization"), "{name}: a text is missing");
    assert!(
        !html.contains(" style=") && !html.contains("<script>"),
        "{name}: the policy forbids inline style and script"
    );
    fs::write(folder(t.lang()).join(format!("{name}.html")), html).expect("written");
}

fn shell(t: Text, here: &str) -> Shell {
    let way = |url, icon, key: &str, tally, apart| Way {
        url,
        icon,
        label: t.say(key),
        here: icon == here,
        tally,
        apart,
    };
    Shell {
        archive: "华南档案中心".into(),
        theme: "auto",
        white_scans: false,
        ways: vec![
            way("/search", "search", "way-search", 0, false),
            way("/review", "review", "way-review", 37, false),
            way("/customers", "customers", "way-customers", 0, false),
            way("/locations", "locations", "way-locations", 0, false),
            way("/batches", "batches", "way-batches", 0, false),
            way("/today", "today", "way-today", 0, false),
            way("/audit", "audit", "way-audit", 0, true),
            way("/admin/users", "admin", "way-admin", 0, false),
        ],
        query: if here == "search" {
            "服务费 类型:合同".into()
        } else {
            String::new()
        },
        focus_find: here == "search",
        user: Some(UserCard {
            name: "林静".into(),
            role: t.say("role-archivist"),
        }),
        csrf: "0".repeat(64),
        here: "/search".into(),
        lag: None,
        notice: None,
    }
}

fn door(here: &str) -> Door {
    Door {
        archive: "华南档案中心".into(),
        theme: "auto",
        csrf: String::new(),
        here: here.into(),
    }
}

fn badge(t: Text, tone: &'static str, state: &str) -> Badge {
    Badge {
        tone,
        label: t.word("state", state),
    }
}

fn mark(hit: &str, x: i64, y: i64, w: i64, h: i64) -> Mark {
    Mark {
        hit: hit.into(),
        x,
        y,
        w,
        h,
    }
}

fn hits(t: Text, count: usize, from: usize) -> Vec<Hit> {
    let pages = [
        "contract1p1",
        "contract1p2",
        "form1",
        "licence1",
        "contract2p1",
        "contract2p2",
    ];
    (from..from + count)
        .map(|n| Hit {
            url: "document.html".into(),
            title: [
                "信息系统运维服务合同",
                "客户新入网申请表",
                "营业执照（副本）",
                "设备采购合同补充协议",
            ][n % 4]
                .into(),
            kind: ["合同", "申请表", "营业执照", "合同"][n % 4].into(),
            number: ["HT-JS-202106-1597", "", "91110108TJ3Y7LLJYB", "HT-CG-201911-0032"][n % 4].into(),
            date: ["2016-10-02", "2024-05", "", "2019-11-30"][n % 4].into(),
            page: 1 + (n % 3) as u32,
            page_text: t.with("page-of", "page", 1 + n % 3),
            snippet: vec![
                Piece {
                    text: "本合同".into(),
                    marked: false,
                },
                Piece {
                    text: "服务费".into(),
                    marked: true,
                },
                Piece {
                    text: "用总额为人民币¥2,293,800.00元（大写：贰佰贰拾玖万叁仟捌佰元整），该价款包含".into(),
                    marked: false,
                },
            ],
            location_code: ["K1-03-B-05-4-12", "三楼-A柜-02", "", "K1-03-B-05-4-13"][n % 4].into(),
            location_url: "location.html".into(),
            state: [
                badge(t, "good", "in_place"),
                badge(t, "warn", "on_loan"),
                badge(t, "", "none"),
                badge(t, "bad", "missing"),
            ][n % 4]
                .clone(),
            warning: if n == 5 { t.say("low-confidence") } else { String::new() },
            thumb: Some(Thumb {
                image: format!("/samples/{}.png", pages[n % pages.len()]),
                width: PAGE_W,
                height: PAGE_H,
                marks: vec![
                    mark("0", 440, 2164, 150, 52),
                    mark("1", 440, 1669 + 80 * (n as i64 % 5), 150, 52),
                ],
            }),
        })
        .collect()
}

fn search(t: Text, sections: Vec<Section>, no_hits: Option<NoHits>, query: &str) -> SearchView {
    let value = |label: &str, count, chosen| FacetValue {
        url: "#".into(),
        label: label.into(),
        count,
        chosen,
    };
    let hits_shown = sections.iter().flat_map(|s| &s.groups).map(|g| g.hits.len()).sum();
    SearchView {
        t,
        shell: Shell {
            query: query.into(),
            ..shell(t, "search")
        },
        query: query.into(),
        chips: if query.is_empty() {
            vec![]
        } else {
            vec![
                Chip {
                    field: String::new(),
                    text: "服务费".into(),
                    without: "#".into(),
                    wrong: false,
                },
                Chip {
                    field: t.say("facet-kind"),
                    text: "合同".into(),
                    without: "#".into(),
                    wrong: false,
                },
            ]
        },
        total: t.fill(
            "search-total",
            &[("total", &1284_u64), ("pages", &1903_u64), ("ms", &3_u64)],
        ),
        orders: vec![
            Order {
                url: "#".into(),
                label: t.say("order-relevance"),
                chosen: true,
            },
            Order {
                url: "#".into(),
                label: t.say("order-newest"),
                chosen: false,
            },
            Order {
                url: "#".into(),
                label: t.say("order-oldest"),
                chosen: false,
            },
        ],
        facets: if hits_shown == 0 {
            vec![]
        } else {
            vec![
                Facet {
                    label: t.say("facet-kind"),
                    values: vec![
                        value("合同", 1204, true),
                        value("申请表", 61, false),
                        value("营业执照", 19, false),
                    ],
                },
                Facet {
                    label: t.say("facet-state"),
                    values: vec![
                        value(&t.say("state-in-place"), 1100, false),
                        value(&t.say("state-on-loan"), 4, false),
                    ],
                },
                Facet {
                    label: t.say("facet-year"),
                    values: (2015..2025)
                        .rev()
                        .map(|y| value(&y.to_string(), y as u64 % 97, false))
                        .collect(),
                },
            ]
        },
        faults: vec![],
        sections,
        hits_shown,
        next_window: (hits_shown > 0).then(|| "#".into()),
        no_hits,
    }
}

fn group(t: Text, name: &str, code: &str, count: usize, from: usize) -> Group {
    Group {
        customer_code: code.into(),
        customer_name: name.into(),
        customer_url: "customer.html".into(),
        dossier_no: "鸿借字第001号".into(),
        hits: hits(t, count, from),
    }
}

fn sheets(t: Text, marked: bool) -> Vec<Sheet> {
    ["contract1p1", "contract1p2", "form1"]
        .iter()
        .enumerate()
        .map(|(n, name)| Sheet {
            number: n as u32 + 1,
            width: PAGE_W,
            height: PAGE_H,
            image: format!("/samples/{name}.png"),
            srcset: format!("/samples/{name}.png 1240w"),
            small: format!("/samples/{name}.png"),
            text_url: "/text.html".into(),
            lines: if n == 0 {
                [
                    ("信息系统运维服务合同", 780, 327, 920, 90),
                    ("合同编号：HT-JS-202106-1597", 340, 505, 697, 50),
                    ("甲方（委托方）：深圳华宸智汇信息技术有限公司", 340, 615, 1100, 50),
                    (
                        "根据《中华人民共和国民法典》及相关法律法规的规定，甲乙双方在平等自愿、",
                        440,
                        1339,
                        1750,
                        54,
                    ),
                    (
                        "公平诚信的基础上，就甲方委托乙方提供信息系统运维服务事宜，经协商一致，订",
                        340,
                        1421,
                        1800,
                        54,
                    ),
                ]
                .map(|(text, x, y, w, h)| LineOfText {
                    text: text.into(),
                    x,
                    y,
                    w,
                    h,
                })
                .into()
            } else {
                vec![]
            },
            marks: if marked && n == 0 {
                vec![mark("0", 340, 615, 360, 50), mark("1", 780, 1421, 300, 54)]
            } else {
                vec![]
            },
            doubts: if n == 2 {
                vec![mark("d", 1500, 2600, 500, 200)]
            } else {
                vec![]
            },
            remark: if n == 2 { t.say("partly-read") } else { String::new() },
        })
        .collect()
}

fn crumbs() -> Vec<Crumb> {
    [
        ("K1", "一号库"),
        ("K1-03", "三列"),
        ("K1-03-B", "B面"),
        ("K1-03-B-05", "五层"),
    ]
    .map(|(code, name)| Crumb {
        code: code.into(),
        name: name.into(),
        url: "location.html".into(),
    })
    .into()
}

fn fact(label: &str, value: &str, code: bool) -> Fact {
    Fact {
        label: label.into(),
        value: value.into(),
        url: String::new(),
        code,
    }
}

fn batch_rows(t: Text) -> Vec<BatchRow> {
    [
        ("2024-05-engagement", "warn", "running"),
        ("合同补扫 三月", "good", "finished"),
        ("licences-2023", "good", "accepted"),
    ]
    .map(|(name, tone, state)| BatchRow {
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

#[test]
fn every_view_renders_in_both_languages() {
    for (address, bytes) in assets::all() {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join("gallery")
            .join(address.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("has a folder")).expect("writable");
        fs::write(path, bytes).expect("written");
    }
    for language in [Language::Chinese, Language::English] {
        let t = Text(language);
        finding(t);
        papers(t);
        work(t);
        accounts(t);
    }
}

fn finding(t: Text) {
    let many = vec![
        Section {
            note: None,
            groups: vec![
                group(t, "深圳华宸智汇信息技术有限公司", "C00123", 3, 0),
                group(t, LONG_NAME, "C00977", 2, 3),
                group(t, "成都瑞丰云帆信息技术有限责任公司", "C00124", 4, 5),
                group(t, "", "", 1, 9),
            ],
        },
        Section {
            note: Some(t.say("approximate-note")),
            groups: vec![group(t, "北京远大恒通商贸有限公司", "C00311", 3, 10)],
        },
    ];
    write(t, "search", &search(t, many, None, "服务费 类型:合同"));
    write(t, "search-empty", &search(t, vec![], None, ""));
    let lesson = NoHits {
        parts: vec![
            QueryPart {
                text: "服务费".into(),
                count: 812,
            },
            QueryPart {
                text: "火星".into(),
                count: 0,
            },
        ],
        loosen: vec![Link {
            url: "#".into(),
            label: t.with("loosen-drop", "text", "火星"),
        }],
    };
    write(t, "search-none", &search(t, vec![], Some(lesson), "服务费 火星"));
}

fn papers(t: Text) {
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
            hit_count: 2,
            warnings: vec![t.n("warning-unread-ink", 1_u64)],
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
            gaps: vec![],
            facts: vec![
                fact(&t.say("fact-credit-code"), "9131 **** **** 72HDH", true),
                fact(
                    &t.say("fact-address"),
                    "深圳市南山区科技园南区高新南七道509号商务广场A座28层484室",
                    false,
                ),
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

fn work(t: Text) {
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

fn accounts(t: Text) {
    let choice = |value: &str, label: String| Choice {
        value: value.into(),
        label,
        chosen: value == "viewer",
    };
    let user = |name: &str, display: &str, role: &str| UserRow {
        name: name.into(),
        display_name: display.into(),
        roles: t.word("role", role),
        clearance: t.say("security-1"),
        created: "2026-11-21 09:12".into(),
        status: Badge {
            tone: "good",
            label: t.say("user-active"),
        },
        switch_url: Some("#".into()),
        switch_label: t.say("user-disable"),
    };
    write(
        t,
        "users",
        &UsersView {
            t,
            shell: shell(t, "admin"),
            rows: vec![
                user("lin", "林静", "archivist"),
                user("wang.wei", "王伟", "viewer"),
                user("shen", "沈", "auditor"),
            ],
            form: UserForm {
                name: "lin".into(),
                display_name: String::new(),
                roles: ["viewer", "archivist", "auditor", "administrator"]
                    .map(|role| choice(role, t.word("role", role)))
                    .into(),
                clearances: ["0", "1", "2", "3"]
                    .map(|level| choice(level, t.word("security", level)))
                    .into(),
                fault: t.with("user-name-taken", "name", "lin"),
            },
            invitation: Some("http://127.0.0.1:8080/invite/3f2a…".into()),
        },
    );
    write(
        t,
        "account",
        &AccountView {
            t,
            shell: shell(t, ""),
            name: "林静".into(),
            roles: t.say("role-archivist"),
            tokens: vec![TokenRow {
                name: "夜间导出".into(),
                scopes: "read".into(),
                made: "2026-11-21".into(),
                expires: "2027-11-21".into(),
                revoke_url: "#".into(),
            }],
            scopes: vec![
                choice("read", t.say("scope-read")),
                choice("write", t.say("scope-write")),
            ],
            fresh_token: Some("dsr_8f2c".into()),
            fault: None,
        },
    );
    write(
        t,
        "audit",
        &AuditView {
            t,
            shell: shell(t, "audit"),
            head_text: t.n("audit-head", 10_482_u64),
            who: String::new(),
            object: String::new(),
            rows: (0..20)
                .map(|n| AuditRow {
                    sequence: 10_482 - n,
                    at: "2026-11-21 14:05:11".into(),
                    who: "林静".into(),
                    what: "查看文件".into(),
                    object: "HT-JS-202106-1597".into(),
                    url: "document.html".into(),
                    detail: String::new(),
                })
                .collect(),
            next_window: Some("#".into()),
        },
    );
    write(
        t,
        "sign-in",
        &SignInView {
            t,
            door: door("/sign-in"),
            next: "/".into(),
            name: String::new(),
            fault: Some(t.say("sign-in-wrong")),
            notice: None,
            no_account: true,
        },
    );
    write(
        t,
        "setup",
        &SetupView {
            t,
            door: door("/setup"),
            title: t.say("setup-title"),
            lesson: t.say("setup-lesson"),
            action: "#".into(),
            name: String::new(),
            name_fixed: false,
            fault: None,
        },
    );
    write(
        t,
        "error",
        &ErrorView {
            t,
            door: door("/"),
            status: 404,
            code: "not_found".into(),
            title: t.say("error-not-found"),
            detail: t.say("error-not-found-detail"),
            home: "/".into(),
            request_id: "0190b8c4-7f2e".into(),
        },
    );
}
