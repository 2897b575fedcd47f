//! Grants in their states with a form that has faults, and none.

use super::{ADDRESS, GrantForm, GrantLine, GrantsView, TypedField};
use crate::{
    screens::{
        deciding::DecisionButtons,
        parts::{Badge, Choice},
        sample::office,
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let mut samples = Vec::new();
    let line = |id: &str, phase: &str, tone: &'static str, url: &str| GrantLine {
        id: id.into(),
        user: "周敏".into(),
        user_name: "zhou".into(),
        kind: t.say("grant-document"),
        title: if url.is_empty() {
            format!("{} 01a201c2-7679-769b-bf8c-d479e1ebd86b", t.say("grant-hidden-title"))
        } else {
            "信息系统运维服务合同".into()
        },
        url: url.into(),
        purpose: "应诉讼代理人要求核对合同正本".into(),
        from: "2026-11-21".into(),
        until: "2026-12-05".into(),
        phase: Badge {
            tone,
            label: t.word("grant-phase", phase),
        },
        made: vec![
            t.with("grant-proposed-by", "who", "wei"),
            t.with("grant-confirmed-by", "who", "lin"),
        ],
        decision: deciding(t, id, phase),
    };
    let typed = |value: &str, fault: String| TypedField {
        value: value.into(),
        fault,
    };
    let view = |rows, form| GrantsView {
        t,
        exports: crate::screens::lists::exports(t, vocabulary::RecordList::Grants),
        shell: office(t, "/grants"),
        rows,
        more: false,
        sees_all: true,
        all_url: Some("#".into()),
        open_url: Some("#".into()),
        about: None,
        fault: Some(t.with("grant-fault-second", "others", "陈立")),
        form,
    };
    let form = GrantForm {
        user: typed("zhuo", t.with("grant-fault-user", "name", "zhuo")),
        kinds: vec![
            choice("document", t.say("grant-document"), true),
            choice("dossier", t.say("grant-dossier"), false),
        ],
        thing: typed("01a201c2-7679-769b-bf8c-d479e1ebd86b", String::new()),
        thing_title: "信息系统运维服务合同".into(),
        purpose: typed("诉讼", String::new()),
        from: "2026-11-21".into(),
        until: typed("", t.with("grant-fault-time", "days", 366_i64)),
        days_max: 366,
    };
    let rows = vec![
        line("1", "proposed", "warn", ""),
        line("2", "holding", "good", "document.html"),
        line("3", "revoked", "", "document.html"),
    ];
    samples.push(Sample::of("grants", &view(rows, Some(form))));
    samples.push(Sample::of("grants-none", &view(vec![], None)));
    samples
}

fn deciding(t: Text, id: &str, phase: &str) -> DecisionButtons {
    let (waits, holds) = (phase == "proposed", phase == "holding");
    DecisionButtons::of(id)
        .agreeing(waits, ADDRESS, "confirm", t.say("grant-confirm"))
        .ending(waits, ADDRESS, "refuse", t.say("grant-refuse"))
        .revoking(waits || holds, ADDRESS, "revoke", t.say("grant-revoke"))
}

fn choice(value: &str, label: String, chosen: bool) -> Choice {
    Choice {
        value: value.into(),
        label,
        chosen,
    }
}
