//! The trail.

use super::{AuditAddress, AuditRow, AuditView, CheckView};
use crate::{screens::sample::shell, subject::Sample, text::Text};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![Sample::of(
        "audit",
        &AuditView {
            t,
            shell: shell(t, "audit"),
            total: "10,482".into(),
            check: CheckView {
                tone: "good",
                text: t.fill("audit-checked", &[("at", &"2026-11-21 02:00"), ("n", &10_310_u64)]),
                problems: Vec::new(),
            },
            asked: AuditAddress::default(),
            actions: super::action_choices(t, ""),
            fault: String::new(),
            rows: (0..20)
                .map(|n| AuditRow {
                    sequence: 10_482 - n,
                    at: "2026-11-21 14:05:11".into(),
                    who: "林静".into(),
                    who_url: "#".into(),
                    what: "查看文件".into(),
                    kind: "文件".into(),
                    code: "HT-JS-202106-1597".into(),
                    name: "机电设备维护服务合同".into(),
                    customer: "成都天穹博远新能源科技有限公司".into(),
                    object_url: "#".into(),
                    url: "document.html".into(),
                    detail: String::new(),
                    goes_on: n % 5 == 2,
                })
                .collect(),
            next_window: Some("#".into()),
            exports: vec![("CSV", "#".into()), ("XLSX", "#".into())],
            printed: t.fill("audit-printed", &[("who", &"林静"), ("at", &"2026-11-21 14:06")]),
        },
    )]
}
