//! What samples of several subjects show: a shell, badges, sheets.

use super::{
    parts::{Badge, Crumb, FactView, LineOfText, PageMark, PageSheet},
    shell::{Shell, SignInFrame, UserCard, Way},
};
use crate::text::Text;

pub const PAGE_W: i64 = 2480;
pub const PAGE_H: i64 = 3508;
pub const LONG_NAME: &str =
    "中国（深圳）前海深港现代服务业合作区华宸智汇信息技术与数据资源综合运营管理服务有限责任公司第二分公司";

pub fn shell(t: Text, here: &str) -> Shell {
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
            way("/history", "history", "way-history", 0, true),
            way("/audit", "audit", "way-audit", 0, false),
            way("/admin/users", "admin", "way-admin", 0, false),
        ],
        office: Vec::new(),
        query: if here == "search" {
            "服务费 类型:合同".into()
        } else {
            String::new()
        },
        focus_find: here == "search",
        user: Some(UserCard {
            name: "林静".into(),
            account: "linjing".into(),
            role: t.word("role", "archivist"),
        }),
        csrf: "0".repeat(64),
        here: "/search".into(),
        lag: None,
        notice: None,
    }
}

/// The shell of a view of the office.
pub fn office(t: Text, url: &str) -> Shell {
    let rails = super::SUBJECTS.iter().filter_map(|subject| subject.rail);
    let ways = rails.filter(|rail| rail.office).map(|rail| Way {
        url: rail.url,
        icon: rail.icon,
        label: t.say(rail.label),
        here: rail.url == url,
        tally: if rail.url == "/grants" { 2 } else { 0 },
        apart: false,
    });
    Shell {
        office: ways.collect(),
        ..shell(t, "admin")
    }
}

pub fn door(here: &str) -> SignInFrame {
    SignInFrame {
        archive: "华南档案中心".into(),
        theme: "auto",
        csrf: String::new(),
        here: here.into(),
    }
}

pub fn badge(t: Text, tone: &'static str, state: &str) -> Badge {
    Badge {
        tone,
        label: t.word("state", state),
    }
}

pub fn mark(hit: &str, x: i64, y: i64, w: i64, h: i64) -> PageMark {
    PageMark {
        hit: hit.into(),
        x,
        y,
        w,
        h,
    }
}

pub fn sheets(t: Text, marked: bool) -> Vec<PageSheet> {
    ["contract1p1", "contract1p2", "form1"]
        .iter()
        .enumerate()
        .map(|(n, name)| PageSheet {
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

pub fn crumbs() -> Vec<Crumb> {
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

pub fn fact(label: &str, value: &str, code: bool) -> FactView {
    FactView {
        label: label.into(),
        value: value.into(),
        url: String::new(),
        code,
    }
}
