//! The desk before anything was scanned, and in the middle of a shelf.

use super::{PaperLine, PutAwayView};
use crate::{
    screens::{correcting::placing::ProposedLine, sample::shell},
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let paper = |title: &str, number: &str, location: &str, id: &str| PaperLine {
        url: "/documents/0190b8c4".into(),
        title: title.into(),
        number: number.into(),
        customer: "深圳华宸智汇信息技术有限公司".into(),
        location: location.into(),
        id: id.into(),
        moves: 2,
    };
    let busy = PutAwayView {
        place: "K1-03-B-05-4-12".into(),
        place_url: "/locations/K1-03-B-05-4-12".into(),
        place_name: "第四层".into(),
        done: vec![
            paper("信息系统运维服务合同", "HT-2024-0117", "K1-03-B-05-4-12", "0190b8c4"),
            paper("营业执照（副本）", "", "K1-03-B-05-4-12", ""),
        ],
        fault: t.with("put-away-unknown", "code", "K9"),
        typed: "K9".into(),
        places: "K1-03-B-05-4-12".into(),
        last: "0190b8c4.2".into(),
        ..empty(t)
    };
    let waiting = PutAwayView {
        waiting: vec![paper("关于更换联系人的函", "函〔2024〕17号", "", "")],
        proposed: vec![ProposedLine {
            code: "K1-03-B-05-4-12".into(),
            why: format!(
                "{} · {}",
                t.word("proposed", "beside_dossier"),
                t.with("proposed-free", "mm", 12_i64)
            ),
        }],
        things: "0190b8c4".into(),
        ..empty(t)
    };
    vec![
        Sample::of("put-away", &empty(t)),
        Sample::of("put-away-busy", &busy),
        Sample::of("put-away-waiting", &waiting),
    ]
}

fn empty(t: Text) -> PutAwayView {
    PutAwayView {
        t,
        shell: shell(t, "putting"),
        place: String::new(),
        place_url: String::new(),
        place_name: String::new(),
        waiting: Vec::new(),
        proposed: Vec::new(),
        done: Vec::new(),
        fault: String::new(),
        typed: String::new(),
        said: String::new(),
        places: String::new(),
        things: String::new(),
        last: String::new(),
        boxed: String::new(),
        act: String::new(),
    }
}
