//! The trail.

use super::{AuditRow, AuditView, CheckView};
use crate::{screens::sample::shell, subject::Sample, text::Text};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![Sample::of(
        "audit",
        &AuditView {
            t,
            shell: shell(t, "audit"),
            head_text: t.n("audit-head", 10_482_u64),
            check: CheckView {
                tone: "good",
                text: t.fill("audit-checked", &[("at", &"2026-11-21 02:00"), ("n", &10_310_u64)]),
                problems: Vec::new(),
            },
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
    )]
}
