//! The question before withdrawing, and what was withdrawn.

use super::{WithdrawView, WithdrawnLine, WithdrawnView};
use crate::{
    screens::sample::{LONG_NAME, office},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let mut samples = Vec::new();
    samples.push(Sample::of(
        "withdraw",
        &WithdrawView {
            t,
            shell: office(t, "/withdrawn"),
            url: "#".into(),
            document_url: "document.html".into(),
            back: "",
            title: "信息系统运维服务合同".into(),
            number: "HT-JS-202106-1597".into(),
            kind: "合同".into(),
            date: "2016-10-02".into(),
            customer: format!("{LONG_NAME} C00123"),
            pages: t.n("count-pages", 12_u64),
            picture: Some("/samples/contract1p1.png".into()),
            version: 3,
            reason: String::new(),
            fault: t.say("withdraw-fault"),
            conflict: true,
        },
    ));
    let line = |title: &str, own: bool| WithdrawnLine {
        title: title.into(),
        number: "HT-JS-202106-1597".into(),
        kind: "合同".into(),
        date: "2016-10-02".into(),
        customer_code: if own { String::new() } else { "C00123".into() },
        customer_name: LONG_NAME.into(),
        customer_url: "customer.html".into(),
        pages: 12,
        reason: "扫描了两次，第二份清楚".into(),
        by: "林静".into(),
        at: "2026-11-21 09:12".into(),
        restore_url: if own { String::new() } else { "#".into() },
        others: if own {
            t.with("withdrawn-second", "others", "陈立, 魏明")
        } else {
            String::new()
        },
    };
    let view = |rows, fault| WithdrawnView {
        exports: Vec::new(),
        t,
        shell: office(t, "/withdrawn"),
        rows,
        more_url: Some("#".into()),
        fault,
    };
    let rows = vec![line("信息系统运维服务合同", false), line(LONG_NAME, true)];
    samples.push(Sample::of(
        "withdrawn",
        &view(rows, Some(t.with("withdrawn-second", "others", "none"))),
    ));
    samples.push(Sample::of("withdrawn-none", &view(vec![], None)));
    samples
}
