//! The form of a record with a fault, and with what somebody else has written meanwhile.

use super::{FieldGroup, RecordField, RecordView};
use crate::{
    screens::{
        parts::Choice,
        sample::{LONG_NAME, shell},
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    vec![Sample::of("record", &record(t))]
}

fn record(t: Text) -> RecordView {
    RecordView {
        t,
        shell: shell(t, "search"),
        url: "#".into(),
        document_url: "document.html".into(),
        back: "",
        title: "信息系统运维服务合同".into(),
        version: 3,
        why: "来函更正".into(),
        groups: groups(t),
        own_new: (String::new(), String::new()),
        own_fault: String::new(),
        picture: Some((
            "/samples/contract1p1.png".into(),
            "/samples/contract1p1.png 1240w".into(),
        )),
        conflict: true,
    }
}

fn groups(t: Text) -> Vec<FieldGroup> {
    let field = |name: &'static str, value: &str, hint: &str| RecordField {
        name: name.into(),
        label: t.word("field", name),
        value: value.into(),
        hint: if hint.is_empty() { String::new() } else { t.say(hint) },
        ..RecordField::default()
    };
    let select = |name: &'static str, choices: Vec<Choice>| RecordField {
        choices,
        ..field(name, "", "")
    };
    let group = |label: &str, fields: Vec<RecordField>| FieldGroup {
        label: t.say(label),
        fields,
    };
    vec![
        group(
            "record-group-what",
            vec![
                field("title", LONG_NAME, ""),
                select("kind", vec![choice("contract", "合同".into(), true)]),
                RecordField {
                    now: t.with("record-now", "value", "HT-2024-0118"),
                    ..field("number", "HT-2024-0117", "")
                },
                field("form_code", "qms-pm-31301", "hint-form-code"),
                RecordField {
                    fault: t.say("field-fault-date"),
                    ..field("date", "去年五月", "hint-date")
                },
                field("valid_from", "", "hint-date"),
                field("valid_until", "长期", "hint-valid-until"),
            ],
        ),
        group(
            "record-group-paper",
            vec![
                select("medium", vec![choice("paper", t.say("medium-paper"), true)]),
                select("copy_state", vec![choice("copy", t.word("copy", "copy"), true)]),
                field("verified_by", "", "hint-verified-by"),
                field("copies", "3", ""),
                field("seals", "公章; 合同专用章", "hint-seals"),
            ],
        ),
        group(
            "record-group-rights",
            vec![
                select("security_level", vec![choice("1", t.word("security", "1"), true)]),
                field("department", "信贷部", "hint-department"),
                field("site", "西湖营业厅", ""),
                field("retention_class", "30年", "hint-retention-class"),
            ],
        ),
    ]
}

fn choice(value: &str, label: String, chosen: bool) -> Choice {
    Choice {
        value: value.into(),
        label,
        chosen,
    }
}
