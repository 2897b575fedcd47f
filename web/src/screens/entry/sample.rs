//! The form of one customer, with what can be wrong in it.

use super::{EntryField, EntryView};
use crate::{
    screens::{imports::TwinShown, sample::shell},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let twin = |held: bool| TwinShown {
        line: 14,
        code: "C00981".into(),
        name: "华宸智汇".into(),
        other_code: "C00977".into(),
        other_name: "深圳华宸智汇信息技术有限公司".into(),
        other_place: t.say("double-in-register"),
        because: t.word("double", "credit_code"),
        value: "91449901MA5F0H3K9F".into(),
        held,
    };
    let field = |name: &str, label: &str, value: &str| EntryField {
        name: name.into(),
        label: label.into(),
        value: value.into(),
        ..EntryField::default()
    };
    vec![Sample::of(
        "entry",
        &EntryView {
            t,
            shell: shell(t, "customers"),
            title: t.say("customer-change"),
            url: "entry.html".into(),
            back: "customer.html".into(),
            is_new: false,
            version: 3,
            fields: vec![
                field("code", "客户代码", "C00977"),
                field("name", "户名", "深圳华宸智汇信息技术有限公司"),
                EntryField {
                    wrong: t.say("fault-credit-code"),
                    ..field("credit_code", "统一社会信用代码", "91449901MA5F0H3K9E")
                },
                EntryField {
                    kept: "138****0117".into(),
                    ..field("phones", "电话", "")
                },
            ],
            why: "申请表".into(),
            doubles: vec![twin(true)],
            review: String::new(),
            picture: None,
            fault: String::new(),
        },
    )]
}
