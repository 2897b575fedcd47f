//! Hits, nothing asked yet, nothing found.

use super::{
    Facet, FacetValue, FilterChip, HitGroup, HitView, NearHits, NoHits, Order, OwnSearches, QueryPart, SavedRow,
    SearchView,
};
use crate::{
    screens::{
        parts::{Piece, Thumb, ViewLink},
        sample::{LONG_NAME, PAGE_H, PAGE_W, badge, mark, shell},
        shell::Shell,
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let many = vec![
        group(t, "深圳华宸智汇信息技术有限公司", "C00123", 3, 0),
        group(t, LONG_NAME, "C00977", 2, 3),
        group(t, "成都瑞丰云帆信息技术有限责任公司", "C00124", 4, 5),
        group(t, &t.say("customer-unknown"), "", 1, 9),
        group(t, &t.say("of-nobody-short"), "", 1, 10),
    ];
    let mut view = search(t, many, None, "服务费 类型:合同");
    view.near = Some(NearHits {
        note: t.n("approximate-note", 3_u64),
        open: true,
        groups: vec![group(t, "北京远大恒通商贸有限公司", "C00311", 3, 10)],
    });
    view.near_more = Some("#".into());
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
        loosen: vec![ViewLink {
            url: "#".into(),
            label: t.with("loosen-drop", "text", "火星"),
        }],
    };
    vec![
        Sample::of("search", &view),
        Sample::of("search-empty", &search(t, vec![], None, "")),
        Sample::of("search-none", &search(t, vec![], Some(lesson), "服务费 火星")),
    ]
}

fn hits(t: Text, count: usize, from: usize) -> Vec<HitView> {
    let pages = [
        "contract1p1",
        "contract1p2",
        "form1",
        "licence1",
        "contract2p1",
        "contract2p2",
    ];
    (from..from + count)
        .map(|n| HitView {
            url: "document.html".into(),
            loan_url: "loan-ask.html".into(),
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

fn search(t: Text, groups: Vec<HitGroup>, no_hits: Option<NoHits>, query: &str) -> SearchView {
    let hits_shown = groups.iter().map(|group| group.hits.len()).sum();
    SearchView {
        t,
        shell: Shell {
            query: query.into(),
            ..shell(t, "search")
        },
        query: query.into(),
        chips: if query.is_empty() { vec![] } else { chips(t) },
        total: t.fill(
            "search-total",
            &[("total", &1284_u64), ("pages", &1903_u64), ("ms", &3_u64)],
        ),
        orders: orders(t),
        facets: if hits_shown == 0 { vec![] } else { facets(t) },
        sort: String::new(),
        facets_capped: false,
        faults: vec![],
        first_window: None,
        own: OwnSearches {
            saved: vec![SavedRow {
                url: "#".into(),
                name: "年审到期".into(),
                query: "类型:年审资料 日期:2025".into(),
                base: "/searches/x".into(),
                chosen: false,
            }],
            recent: ["服务费", "华宸 授权委托书", "库位:K1-03*"]
                .map(|query| ViewLink {
                    url: "#".into(),
                    label: query.into(),
                })
                .into(),
        },
        undo: None,
        exports: if hits_shown > 0 {
            vec![ViewLink {
                url: "#".into(),
                label: "CSV".into(),
            }]
        } else {
            vec![]
        },
        groups,
        count_all: None,
        near: None,
        near_more: None,
        hits_shown,
        next_window: (hits_shown > 0).then(|| "#".into()),
        no_hits,
        known: Vec::new(),
    }
}

fn chips(t: Text) -> Vec<FilterChip> {
    let chip = |field: String, text: &str| FilterChip {
        field,
        text: text.into(),
        without: "#".into(),
        wrong: false,
    };
    vec![chip(String::new(), "服务费"), chip(t.say("facet-kind"), "合同")]
}

fn orders(t: Text) -> Vec<Order> {
    ["order-relevance", "order-newest", "order-oldest"]
        .map(|key| Order {
            url: "#".into(),
            label: t.say(key),
            chosen: key == "order-relevance",
        })
        .into()
}

fn group(t: Text, name: &str, code: &str, count: usize, from: usize) -> HitGroup {
    HitGroup {
        customer_code: code.into(),
        customer_name: name.into(),
        customer_url: "customer.html".into(),
        dossier_no: "鸿借字第001号".into(),
        narrow_url: if code.is_empty() { String::new() } else { "#".into() },
        hits: hits(t, count, from),
    }
}

fn facets(t: Text) -> Vec<Facet> {
    let value = |label: &str, count: u64, chosen| FacetValue {
        url: "#".into(),
        label: label.into(),
        count: t.number(count),
        chosen,
    };
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
                value(&t.word("state", "in_place"), 1100, false),
                value(&t.word("state", "on_loan"), 4, false),
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
}
