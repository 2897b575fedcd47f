//! What is sealed, and nothing sealed.

use super::{SealedLine, SealedView};
use crate::{screens::sample::office, subject::Sample, text::Text};

pub fn samples(t: Text) -> Vec<Sample> {
    let sealed = |thing: &str, reason: &str| SealedLine {
        thing: t.word("sealed-thing", thing),
        id: if thing == "document" {
            "01a201c2-7679-769b-bf8c-d479e1ebd86b".into()
        } else {
            String::new()
        },
        code: "C00977".into(),
        customer_url: "/customers/C00977".into(),
        kind: if thing == "document" {
            "合同".into()
        } else {
            String::new()
        },
        date: if thing == "document" {
            "2019-11-30".into()
        } else {
            String::new()
        },
        title: if thing == "document" {
            "信息系统运维服务合同".into()
        } else {
            String::new()
        },
        number: String::new(),
        at: "2026-11-21 09:12".into(),
        who: "林静".into(),
        until: "2026-12-31".into(),
        is_due: thing == "dossier",
        shown_to: vec![t.fill("sealed-shown-until", &[("name", &"zhou"), ("until", &"2026-12-05")])],
        grant_url: Some("#".into()),
        reason: reason.into(),
        url: Some("#".into()),
    };
    let sealed_view = |rows| SealedView {
        t,
        exports: crate::screens::lists::exports(t, vocabulary::RecordList::Sealed),
        shell: office(t, "/admin/sealed"),
        rows,
        more: false,
        sees_all: true,
    };
    let long = "应诉讼代理人书面要求自立案之日起封存全部材料".repeat(4);
    vec![
        Sample::of(
            "sealed",
            &sealed_view(vec![
                sealed("dossier", "总经理批准，诉讼期间封存"),
                sealed("document", &long),
                sealed("document", ""),
            ]),
        ),
        Sample::of("sealed-none", &sealed_view(vec![])),
    ]
}
