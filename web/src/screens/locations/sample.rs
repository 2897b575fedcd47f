//! A place with what lies there, and all rooms.

use super::{Child, ContentRow, LocationView, Room};
use crate::{
    screens::lists,
    screens::sample::{LONG_NAME, badge, crumbs, shell},
    subject::Sample,
    text::Text,
};

fn room(t: Text) -> Room {
    let child = |code: &str, n: u64| Child {
        url: "location.html".into(),
        code: code.into(),
        name: "一号库".into(),
        count_text: t.n("count-documents", n),
    };
    Room {
        room: child("K1", 8),
        inside: vec![child("K1-01", 3), child("K1-02", 5)],
    }
}

pub fn samples(t: Text) -> Vec<Sample> {
    let location = |code: &str| LocationView {
        printed: String::new(),
        t,
        shell: shell(t, "locations"),
        code: code.into(),
        name: "合同".into(),
        kind: t.word("location-kind", "slot"),
        fill: t.n("capacity", 40_u64),
        keeper: "林静".into(),
        retired: String::new(),
        attributes: vec![("温湿度".into(), "恒温".into())],
        works: true,
        labels_url: "#".into(),
        put_url: "/put-away?place=K1".into(),
        exports: lists::exports(t, vocabulary::RecordList::Locations),
        edit_url: Some("entry.html".into()),
        boxed: None,
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
        rooms: match code.is_empty() {
            true => vec![room(t)],
            false => vec![],
        },
        contents_total: t.n("count-documents", 24_u64),
        rows: (1..25)
            .map(|n| ContentRow {
                url: "document.html".into(),
                place: format!("K1-03-B-05-4-{n:02}"),
                container: if n % 5 == 0 { "B017".into() } else { String::new() },
                title: "信息系统运维服务合同".into(),
                number: "HT-2024-0117".into(),
                date: "2024-05-13".into(),
                customer_code: "C00123".into(),
                customer_name: if n == 3 {
                    LONG_NAME.into()
                } else {
                    "深圳华宸智汇信息技术有限公司".into()
                },
                customer_url: "customer.html".into(),
                kind: "合同".into(),
                pages: "12 / 14".into(),
                state: badge(t, "good", "in_place"),
            })
            .collect(),
        next_window: None,
    };
    vec![
        Sample::of("location", &location("K1-03-B-05-4")),
        Sample::of("locations", &location("")),
        Sample::of("build", &super::build::sample(t, shell(t, "locations"))),
    ]
}
