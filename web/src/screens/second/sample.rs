//! What waits for a second person: somebody else's, one's own, and nothing.

use super::{ADDRESS, SecondLine, SecondView};
use crate::{
    screens::{deciding::DecisionButtons, sample::office},
    subject::Sample,
    text::Text,
};
use vocabulary::TwoPersonAct;

pub fn samples(t: Text) -> Vec<Sample> {
    let line = |id: &str, act: TwoPersonAct, object: &str, wanted: String, is_own: bool| SecondLine {
        id: id.into(),
        act: act.name(t.0).to_owned(),
        object: object.into(),
        url: if object.len() == 36 {
            String::new()
        } else {
            "document.html".into()
        },
        wanted,
        reason: if act == TwoPersonAct::Clearance {
            String::new()
        } else {
            "案件已结，法务部来函要求恢复查阅".into()
        },
        by: "lin".into(),
        at: "2026-11-28 09:12".into(),
        until: "2026-12-05 09:12".into(),
        decision: DecisionButtons::of(id)
            .agreeing(!is_own, ADDRESS, "confirm", t.say("second-confirm"))
            .ending(true, ADDRESS, "refuse", t.say("second-refuse")),
        is_own,
    };
    let to = |level: &str| t.with("second-to-level", "level", level);
    let view = |rows, fault: Option<String>| SecondView {
        t,
        shell: office(t, "/admin/second"),
        rows,
        fault,
        invitation: None,
    };
    let rows = vec![
        line(
            "1",
            TwoPersonAct::UnsealDocument,
            "01a201c2-7679-769b-bf8c-d479e1ebd86b",
            String::new(),
            false,
        ),
        line(
            "2",
            TwoPersonAct::LowerDocument,
            "信息系统运维服务合同",
            to("内部"),
            false,
        ),
        line("3", TwoPersonAct::Clearance, "wang.wei", to("机密"), true),
    ];
    vec![
        Sample::of(
            "second",
            &view(rows, Some(t.refusal(&records::RefusedBecause::SecondIsYourself {}))),
        ),
        Sample::of("second-none", &view(vec![], None)),
    ]
}
