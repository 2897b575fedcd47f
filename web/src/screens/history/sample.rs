//! The history of one customer.

use super::{HistoryAddress, HistoryLineView, HistoryView, RecordLink};
use crate::{
    screens::{parts::Choice, sample::shell},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![Sample::of("history", &history(t))]
}

fn history(t: Text) -> HistoryView {
    let row = |field: &str, before: &str, after: &str, why: &str| HistoryLineView {
        at: "2026-11-21 14:05".into(),
        by: "lin".into(),
        object: RecordLink {
            kind: t.word("history-object", "customer"),
            name: "华宸信息技术有限公司".into(),
            code: "KH-0001".into(),
            url: "customer.html".into(),
        },
        object_history: "#".into(),
        field: t.word("history-field", field),
        before: before.into(),
        after: after.into(),
        import_url: None,
        why: why.into(),
        authority: if why.is_empty() {
            String::new()
        } else {
            "任务单 2026-17".into()
        },
        put_back_url: (field != "created").then(|| "#".into()),
    };
    HistoryView {
        t,
        shell: shell(t, "history"),
        asked: HistoryAddress {
            object: "KH-0001".into(),
            ..HistoryAddress::default()
        },
        fields: vec![Choice {
            value: String::new(),
            label: t.say("history-any-field"),
            chosen: true,
        }],
        fault: String::new(),
        total: t.n("total-rows", 1_204_u64),
        rows: vec![
            row("address", "人民路 12 号", "解放路 205 号 3 幢 1602 室", "客户迁址"),
            row("grade", "B", "A", ""),
            row("account_no", "", "0512-3307", ""),
            row("created", "", "华宸信息技术有限公司", ""),
        ],
        next_window: Some("#".into()),
        exports: vec![("CSV", "#".into()), ("XLSX", "#".into())],
        record: Some(RecordLink {
            kind: t.word("history-object", "customer"),
            name: "华宸信息技术有限公司".into(),
            code: "KH-0001".into(),
            url: "customer.html".into(),
        }),
    }
}
