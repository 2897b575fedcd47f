//! Checklists, and a form with a fault.

use super::{AskedFor, ChecklistForm, ChecklistRow, ChecklistView, ChecklistsView};
use crate::{
    screens::{parts::Choice, sample::office},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let mut out = Vec::new();
    let row = |code: &str, name: &str, customers: &str, active| ChecklistRow {
        url: "checklist.html".into(),
        code: code.into(),
        name: name.into(),
        customers: t.say(&format!("checklist-for-{customers}")),
        kinds: ["营业执照", "授权委托书", "供用电合同", "竣工图"]
            .map(|name| AskedFor {
                name: name.into(),
                retired: name == "竣工图",
            })
            .into(),
        active,
    };
    let view = |rows| ChecklistsView {
        t,
        exports: crate::screens::lists::exports(t, vocabulary::RecordList::Checklists),
        shell: office(t, "/admin/checklists"),
        rows,
    };
    let rows = vec![
        row("power_supply_organisation", "法人用电", "organisation", true),
        row("guarantee", "担保", "any", true),
        row("property_resident", "住户", "person", false),
    ];
    out.push(Sample::of("checklists", &view(rows)));
    out.push(Sample::of("checklists-none", &view(vec![])));
    out.push(Sample::of(
        "checklist",
        &ChecklistView {
            t,
            shell: office(t, "/admin/checklists"),
            is_new: false,
            form: ChecklistForm {
                code: "guarantee".into(),
                name_zh: "担保".into(),
                name_en: "Guarantee".into(),
                customers: vec![choice("", t.say("checklist-for-any"), true)],
                kinds: "合同\n没有这种".into(),
                position: "3".into(),
                active: true,
                version: 2,
                wrong: "kinds".into(),
                fault: t.fill("list-wrong-kind-unknown", &[("value", &"没有这种"), ("other", &"")]),
            },
            kinds: vec![
                choice("合同", "contract".into(), false),
                choice("照片", "photograph".into(), false),
            ],
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
