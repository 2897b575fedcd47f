//! Imports in a list, a trial, and one whole.

use super::{ColumnShown, FieldShown, ImportSummary, ImportView, ImportsView, LineShown, Remark, TrialView, TwinShown};
use crate::{
    screens::{parts::Choice, sample::office},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![
        Sample::of("imports", &listed(t)),
        Sample::of("import", &one(t)),
        Sample::of("import-try", &tried(t)),
    ]
}

fn listed(t: Text) -> ImportsView {
    ImportsView {
        t,
        exports: Vec::new(),
        shell: office(t, "/imports"),
        registers: ["customers", "locations", "kinds", "checklists"]
            .map(|word| Choice {
                value: word.into(),
                label: t.word("register", word),
                chosen: word == "customers",
            })
            .into(),
        rows: vec![summary(t, ""), summary(t, "2026-11-29 10:02 linzhiyao")],
        next_window: None,
    }
}

fn one(t: Text) -> ImportView {
    ImportView {
        t,
        shell: office(t, "/imports"),
        summary: summary(t, ""),
        records: vec![
            line(t, 2, false, ""),
            line(t, 3, true, &t.word("import-kept", "changed_since")),
        ],
        undo_url: Some("import.html".into()),
        next_window: None,
    }
}

fn tried(t: Text) -> TrialView {
    TrialView {
        t,
        shell: office(t, "/imports"),
        file_name: "营销系统导出-2026-11.csv".into(),
        register: "customers".into(),
        register_name: t.word("register", "customers"),
        table: "code,name\n".into(),
        columns: vec![ColumnShown {
            name: "column_0".into(),
            header: "客户编号".into(),
            sample: "C00981".into(),
            choices: vec![Choice {
                value: "code".into(),
                label: "客户代码".into(),
                chosen: true,
            }],
        }],
        fault: String::new(),
        counts: ["import-added", "import-changed", "import-unchanged", "import-held"]
            .map(|key| (t.say(key), 12))
            .into(),
        changes: vec![line(t, 2, false, ""), line(t, 3, true, "")],
        changes_total: 857,
        problems: vec![Remark {
            line: 9,
            code: String::new(),
            field: "身份证号".into(),
            value: "1101011990".into(),
            text: t.say("fault-id-number"),
        }],
        empty_cells: vec![Remark {
            line: 4,
            code: "C00980".into(),
            field: "地址".into(),
            value: "云岭市越秀里 77 号".into(),
            text: String::new(),
        }],
        empty_total: 31,
        doubles: vec![twin(t, true), twin(t, false)],
        held: 1,
        unknown_columns: "供电线路、台区".into(),
        keeps_own_columns: true,
        can_write: true,
        clear_empty: false,
        accept_doubles: false,
        skip_bad_lines: true,
        skipping_helps: true,
    }
}

fn summary(t: Text, undone: &str) -> ImportSummary {
    ImportSummary {
        url: "import.html".into(),
        at: "2026-11-29 09:14".into(),
        by: "wangwei".into(),
        register: t.word("register", "customers"),
        file_name: "营销系统导出-2026-11.csv".into(),
        added: 12,
        changed: 845,
        held: 3,
        problems: 1,
        undone: undone.into(),
    }
}

fn line(t: Text, n: u64, added: bool, kept: &str) -> LineShown {
    LineShown {
        line: n.to_string(),
        code: format!("C{n:05}"),
        name: "云岭市海曙区环卫服务有限公司".into(),
        url: "customer.html".into(),
        added,
        fields: vec![
            FieldShown {
                label: t.say("import-field"),
                before: if added {
                    String::new()
                } else {
                    "云岭市越秀里 77 号".into()
                },
                after: "云岭市海曙路 8 号".into(),
            },
            FieldShown {
                label: "片区".into(),
                before: "南屏".into(),
                after: String::new(),
            },
        ],
        kept: kept.into(),
    }
}

fn twin(t: Text, held: bool) -> TwinShown {
    TwinShown {
        line: 14,
        code: "C00981".into(),
        name: "华宸智汇".into(),
        other_code: "C00977".into(),
        other_name: "深圳华宸智汇信息技术有限公司".into(),
        other_place: t.say("double-in-register"),
        because: t.word("double", "credit_code"),
        value: "91449901MA5F0H3K9F".into(),
        held,
    }
}
