//! Kinds, and a kind that is in use.

use super::{KindForm, KindRow, KindView, KindsOfGroup, KindsView, Trial};
use crate::{
    screens::{parts::Choice, sample::office},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let mut out = Vec::new();
    let kind = |name: &str, code: &str, active| KindRow {
        url: "kind.html".into(),
        code: code.into(),
        name: name.into(),
        other_name: "Business licence".into(),
        titles: "营业执照、企业法人营业执照".into(),
        content: "统一社会信用代码+登记机关+营业期限".into(),
        documents: 1_204,
        active,
    };
    out.push(Sample::of(
        "kinds",
        &KindsView {
            t,
            exports: crate::screens::lists::exports(t, vocabulary::RecordList::Kinds),
            shell: office(t, "/admin/kinds"),
            groups: vec![KindsOfGroup {
                name: "客户证照".into(),
                rows: vec![
                    kind("营业执照", "business_licence", true),
                    kind("年审资料", "annual_review", false),
                ],
            }],
            unknown: 12,
            trial: Trial::default(),
        },
    ));
    out.push(Sample::of(
        "kind",
        &KindView {
            t,
            shell: office(t, "/admin/kinds"),
            is_new: false,
            form: KindForm {
                code: "business_licence".into(),
                name_zh: "营业执照".into(),
                name_en: "Business licence".into(),
                titles: "营业执照\n企业法人营业执照".into(),
                position: "8".into(),
                active: true,
                levels: levels(t),
                wrong: "delete".into(),
                fault: t.say("kind-in-use"),
                ..KindForm::default()
            },
            documents: 1_204,
            checklists: vec!["法人用电".into(), "物业租户".into()],
        },
    ));
    out
}

fn choice(value: &str, label: String, chosen: bool) -> Choice {
    Choice {
        value: value.into(),
        label,
        chosen,
    }
}

fn levels(t: Text) -> Vec<Choice> {
    ["0", "1", "2", "3"]
        .map(|level| choice(level, t.word("security", level), level == "1"))
        .into()
}
